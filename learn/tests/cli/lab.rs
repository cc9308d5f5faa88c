//! A folder to work in, and the binary started in it.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use cli::Exit;
use tempfile::TempDir;

/// The binary under test.
const LEARN: &str = env!("CARGO_BIN_EXE_learn");

/// What must not reach the binary from whoever runs the tests.
const AMBIENT: [&str; 6] = ["CI", "CLICOLOR", "CLICOLOR_FORCE", "NO_COLOR", "COLUMNS", "LINES"];

/// A run of a second: two markets with lives of which some end, updates that take no time.
pub(crate) const SMALL: &str = "--preset smoke --override train.environments=2 \
    --override train.steps=16 --override train.life=48 --override ppo.minibatch=32 \
    --override network.hidden=4";

/// A folder of its own for one test.
pub(crate) struct Lab {
    folder: TempDir,
}

/// How a command ended and what it wrote.
pub(crate) struct Ran {
    line: String,
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Lab {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().expect("a temporary folder") }
    }

    /// With a small run called `run`.
    pub(crate) fn with_run() -> Self {
        let lab = Self::new();
        lab.train("run", "");
        lab
    }

    /// Trains a small run under these settings.
    #[track_caller]
    pub(crate) fn train(&self, name: &str, more: &str) {
        self.run(&format!("train {SMALL} {more} -o {name}")).expect(Exit::Ok);
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("a file written");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a file read")
    }

    /// Every file below a folder, in order.
    pub(crate) fn files(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        for entry in fs::read_dir(self.path(folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let name = entry.file_name().into_string().expect("a name");
            let name = format!("{folder}/{name}");
            if entry.path().is_dir() {
                files.extend(self.files(&name));
            } else {
                files.push(name);
            }
        }
        files.sort();
        files
    }

    /// Copies a run.
    pub(crate) fn copy(&self, from: &str, to: &str) {
        for file in self.files(from) {
            let name = file.replacen(from, to, 1);
            let folder = self.path(&name);
            fs::create_dir_all(folder.parent().expect("a folder")).expect("a folder made");
            fs::copy(self.path(&file), folder).expect("a file copied");
        }
    }

    /// Heads and seals of a run: all that two equal runs have in common in MANIFEST.
    pub(crate) fn heads(&self, run: &str) -> Vec<String> {
        let manifest = String::from_utf8(self.read(&format!("{run}/MANIFEST"))).expect("UTF-8");
        let is_log = |line: &&str| line.starts_with("train ") || line.starts_with("market ");
        manifest.lines().filter(is_log).map(str::to_owned).collect()
    }

    /// The binary with the arguments of this line, which are separated by spaces.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(LEARN);
        command.args(line.split_whitespace());
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in AMBIENT {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn start(&self, line: &str) -> Child {
        self.command(line).spawn().expect("the binary starts")
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, line: &str) -> Ran {
        finish(&format!("learn {line}"), self.start(line))
    }
}

/// Waits for a process.
pub(crate) fn finish(line: &str, child: Child) -> Ran {
    let output = child.wait_with_output().expect("the binary ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    // A process that a signal ended has no code.
    let exit = output.status.code().unwrap_or(-1);
    let line = line.trim_end().to_owned();
    Ran { line, exit, stdout: text(output.stdout), stderr: text(output.stderr) }
}

impl Ran {
    /// Insists on an exit code.
    #[track_caller]
    pub(crate) fn expect(self, exit: Exit) -> Self {
        let Self { line, stdout, stderr, .. } = &self;
        assert_eq!(self.exit, i32::from(exit.code()), "{line}\n{stdout}{stderr}");
        self
    }

    /// The JSON object on standard output.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).expect("a JSON object")
    }

    /// All of it, as a reader of a snapshot wants to see it.
    pub(crate) fn transcript(&self) -> String {
        let Self { line, exit, stdout, stderr } = self;
        let mut text = format!("$ {}\n", line.replace(SMALL, "SMALL"));
        for (name, stream) in [("stdout", stdout), ("stderr", stderr)] {
            if !stream.is_empty() {
                let end = if stream.ends_with('\n') { "" } else { "<no line end>\n" };
                let _ = write!(text, "--- {name}\n{stream}{end}");
            }
        }
        let _ = write!(text, "--- exit {exit}");
        text
    }
}

/// Runs each line, insists on its exit code, and returns all transcripts.
#[track_caller]
pub(crate) fn table(lab: &Lab, rows: &[(&str, Exit)]) -> String {
    let run = |(line, exit): &(&str, Exit)| lab.run(line).expect(*exit).transcript();
    rows.iter().map(run).collect::<Vec<_>>().join("\n\n")
}

/// A text without what depends on the machine: digests, bits and fractions are `#`, and columns as
/// wide as two spaces.
pub(crate) fn shape(text: &str) -> String {
    let is_hex = |word: &str| {
        let is_long = word.len() == 8 || word.len() == 64;
        is_long && word.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    let is_number =
        |word: &str| word.contains(['.', 'e']) && word.parse::<f64>().is_ok_and(f64::is_finite);
    let mut lines = Vec::new();
    for line in text.lines() {
        let mut words = Vec::new();
        for word in line.split(' ') {
            let core = word.trim_matches(['(', ')', ',', ';', ':']);
            if is_hex(core) || is_number(core) {
                words.push(word.replacen(core, "#", 1));
            } else if !word.is_empty() || words.last().is_some_and(|last: &String| !last.is_empty())
            {
                words.push(word.to_owned());
            }
        }
        if let Some(at) =
            words.iter().position(|word| word.trim_end_matches([',', ';']) == "entries")
            && let Some(count) = at.checked_sub(1).and_then(|at| words.get_mut(at))
        {
            // How much is done in a market depends on what is drawn.
            "#".clone_into(count);
        }
        lines.push(words.join(" "));
    }
    lines.join("\n")
}
