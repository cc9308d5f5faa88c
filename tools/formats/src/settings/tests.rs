//! Tests of reading settings.

use super::*;

fn told(format: Format, text: &str) -> String {
    match read(format, text.as_bytes()) {
        Ok(pairs) => {
            let line = |it: &Pair| format!("{} {} = {}", it.spot.line, it.key, it.text);
            pairs.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Err(error) => error.to_string(),
    }
}

#[test]
fn play() {
    for text in [
        "a: 1\nb:\n  c: 3_000_000\n  d: 3.0e-4 # x\n  e: null\n  f: {}\n  g: [market, \"limit\"]\nh: \"runs/\"\ni:\nj: true\nk: [0.0, 0.1, 1.0]\nl: 010\nm: -0.0\nn: 1e-3\no: [\"a b\", 'x,y']",
        "a: 1\na: 2",
        "a: {b: 1}\na.b: 2",
        "a: &x 1\nb: *x",
        "b: *x",
        "a: [[1]]",
        "a: [{b: 1}]",
        "- a",
        "5",
        "",
        "# x\n",
        "---\na: 1\n---\nb: 2\n",
        "a: [1, 2",
        "a: 1\n b: 2",
        "\ta: 1",
        "a: .nan",
        "a: .inf",
        "a: {b: {c: {d: {e: {f: {g: {h: {i: {j: {k: {l: {m: {n: {o: {p: {q: {r: 1}}}}}}}}}}}}}}}}}",
        "<<: {a: 1}\nb: 1",
        "? [a, b]\n: 1",
        "a: !!python/object 5",
        "a: |\n  x\n  y\n",
        "1: x\nnull: y\ntrue: z",
        "a: 99999999999999999999999999999999999999999999999",
        "a: 0x10",
        "a: 1:30",
        "a: yes",
        "a: 2020-01-01",
        "a: 'x",
        "{}",
        "null",
        "a: \"\\x07\"",
        "%YAML 1.1\n---\na: 1\n...\n",
        "\u{feff}a: 1",
    ] {
        println!("{text:?}\n{}\n", told(Format::Yaml, text));
    }
}
