// Runs the module in node: the request from standard input, the answer to standard output.
//
//   node run.js MODULE < REQUEST

const fs = require("fs");

const module_ = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
const { put, run, get } = new WebAssembly.Instance(module_, {}).exports;
for (const byte of fs.readFileSync(0)) {
  put(byte);
}
const answer = Buffer.alloc(run());
for (let index = 0; index < answer.length; index += 1) {
  answer[index] = get(index);
}
process.stdout.write(answer);
