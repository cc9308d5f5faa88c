//! A folder to work in, and the binary started in it.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use cli::Exit;
use tempfile::TempDir;

/// The binary under test.
pub(crate) const REPLAY: &str = env!("CARGO_BIN_EXE_replay");

/// What must not reach the binary from whoever runs the tests.
const AMBIENT: [&str; 6] = ["CI", "CLICOLOR", "CLICOLOR_FORCE", "NO_COLOR", "COLUMNS", "LINES"];

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

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.path(name), bytes).expect("a file written");
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).expect("a file read")
    }

    /// Names of everything in a folder, in order, joined by spaces.
    pub(crate) fn names(&self, folder: &str) -> String {
        let entries = fs::read_dir(self.path(folder)).expect("a folder");
        let name = |entry: std::io::Result<fs::DirEntry>| {
            entry.expect("an entry").file_name().into_string().expect("a name")
        };
        let mut names: Vec<_> = entries.map(name).collect();
        names.sort();
        names.join(" ")
    }

    /// The binary with the arguments of this line, which are separated by spaces.
    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(REPLAY);
        command.args(line.split_whitespace());
        self.prepare(&mut command);
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, line: &str) -> Ran {
        finish(format!("replay {line}").trim_end().to_owned(), self.command(line))
    }

    /// Runs the binary to its end with further arguments, which may hold spaces.
    pub(crate) fn run_with(&self, line: &str, more: &[&str]) -> Ran {
        let mut command = self.command(line);
        command.args(more);
        finish(format!("replay {line} {}", more.join(" ")), command)
    }

    /// Runs the binary to its end with these bytes on standard input.
    pub(crate) fn run_with_input(&self, line: &str, file: &str) -> Ran {
        let mut command = self.command(line);
        command.stdin(fs::File::open(self.path(file)).expect("the input"));
        finish(format!("replay {line} < {file}"), command)
    }

    /// Runs the binary to its end behind these commands of a shell, which are shown nowhere.
    pub(crate) fn run_behind(&self, script: &str, line: &str) -> Ran {
        Ran {
            line: format!("replay {line}"),
            ..self.shell(&format!("{script}; exec replay {line}"))
        }
    }

    /// Runs a script in which `replay` is the binary.
    pub(crate) fn shell(&self, script: &str) -> Ran {
        let mut command = Command::new("sh");
        let folder = Path::new(REPLAY).parent().expect("a folder");
        let path = std::env::var("PATH").unwrap_or_default();
        command.args(["-c", script]).env("PATH", format!("{}:{path}", folder.display()));
        self.prepare(&mut command);
        finish(script.to_owned(), command)
    }

    fn prepare(&self, command: &mut Command) {
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        for name in AMBIENT {
            command.env_remove(name);
        }
    }
}

fn finish(line: String, mut command: Command) -> Ran {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the binary starts");
    let pid = child.id();
    Ran::new(line, pid, &child.wait_with_output().expect("the binary ends"))
}

impl Ran {
    /// What a process left; its id, which names temporary files, is written as `PID`.
    fn new(line: String, pid: u32, output: &Output) -> Self {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
            text.replace(&format!("partial-{pid}"), "partial-PID")
        };
        // A process that a signal ended has no code.
        let exit = output.status.code().unwrap_or(-1);
        Self { line, exit, stdout: text(&output.stdout), stderr: text(&output.stderr) }
    }

    /// Insists on an exit code.
    #[track_caller]
    pub(crate) fn expect(self, exit: Exit) -> Self {
        let Self { line, stdout, stderr, .. } = &self;
        assert_eq!(self.exit, i32::from(exit.code()), "{line}\n{stdout}{stderr}");
        self
    }

    /// Insists on success without a word on standard error; returns standard output.
    #[track_caller]
    pub(crate) fn data(self) -> String {
        let ran = self.expect(Exit::Ok);
        assert_eq!(ran.stderr, "", "{}", ran.line);
        ran.stdout
    }

    /// All of it, as a reader of a snapshot wants to see it.
    pub(crate) fn transcript(&self) -> String {
        let Self { line, exit, stdout, stderr } = self;
        let mut text = format!("$ {line}\n");
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
