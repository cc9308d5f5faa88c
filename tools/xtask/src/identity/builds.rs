//! The builds that are compared, how each is made and how its program is started.

use std::cell::OnceCell;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::toolchain::{AARCH64, Debian, HOST, I686, S390X, Target, WASM32, finish, output};
use crate::say;

/// One way to build the probe.
#[derive(Debug)]
pub(super) struct Build {
    /// Its name in the table and for `--only`.
    pub(super) name: &'static str,
    /// Whether a Rust toolchain is all it needs.
    pub(super) is_quick: bool,
    way: Way,
}

#[derive(Debug)]
enum Way {
    /// This machine's cargo: toolchain, profile, flags of the compiler.
    Cargo(&'static str, &'static str, &'static str),
    /// The first build's program in another environment: variables, and a program that starts it.
    Again(&'static [(&'static str, &'static str)], &'static [&'static str]),
    /// Debian's compiler.
    Debian(&'static Target),
}

/// In the order of the table; the others are compared with the first.
pub(super) const BUILDS: &[Build] = &[
    Build { name: "release", is_quick: true, way: Way::Cargo("", "release", "") },
    Build {
        name: "locale",
        is_quick: true,
        way: Way::Again(
            &[("TZ", "Pacific/Chatham"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")],
            &[],
        ),
    },
    Build { name: "no-aslr", is_quick: true, way: Way::Again(&[], &["setarch", "-R"]) },
    Build { name: "debug", is_quick: false, way: Way::Cargo("", "dev", "") },
    Build { name: "lto", is_quick: false, way: Way::Cargo("", "lto", "") },
    Build {
        name: "native",
        is_quick: true,
        way: Way::Cargo("", "release", "-C target-cpu=native"),
    },
    Build { name: "nightly", is_quick: false, way: Way::Cargo("+nightly", "release", "") },
    Build {
        name: "layout",
        is_quick: true,
        way: Way::Cargo("+nightly", "release", "-Z randomize-layout -Z layout-seed=7"),
    },
    Build { name: "debian", is_quick: false, way: Way::Debian(&HOST) },
    Build { name: "i686", is_quick: false, way: Way::Debian(&I686) },
    Build { name: "wasm32", is_quick: false, way: Way::Debian(&WASM32) },
    Build { name: "aarch64", is_quick: false, way: Way::Debian(&AARCH64) },
    Build { name: "s390x", is_quick: false, way: Way::Debian(&S390X) },
];

/// What became of a build.
#[derive(Debug)]
pub(super) enum Made {
    /// A program that can be asked.
    Program(Program),
    /// This machine lacks what the build needs; the reason.
    Absent(String),
}

/// Makes builds, each in its own folder.
#[derive(Debug)]
pub(super) struct Maker {
    package: PathBuf,
    folder: PathBuf,
    debian: OnceCell<Result<Debian, String>>,
}

impl Maker {
    pub(super) fn new(root: &Path, folder: PathBuf) -> Self {
        Self { package: root.join("tools/probe"), folder, debian: OnceCell::new() }
    }

    /// Makes a build.
    ///
    /// # Errors
    /// The probe does not compile.
    pub(super) fn make(&self, build: &Build) -> Result<Made, String> {
        match build.way {
            Way::Cargo(toolchain, profile, flags) => {
                let version = output(cargo(toolchain).arg("--version"));
                if version.is_err() {
                    return Ok(Made::Absent(format!("there is no `cargo {toolchain}`")));
                }
                say(&format!("{}: {}", build.name, describe(toolchain, profile, flags)));
                self.build(build.name, toolchain, profile, flags).map(Made::Program)
            }
            Way::Again(variables, starter) => {
                if let [name, ..] = starter
                    && output(Command::new(name).arg("--version")).is_err()
                {
                    return Ok(Made::Absent(format!("{name} does not start")));
                }
                let first = self.build("release", "", "release", "")?;
                let words = starter.iter().map(OsString::from).chain(first.words).collect();
                Ok(Made::Program(Program { words, variables }))
            }
            Way::Debian(target) => self.cross_build(build.name, target),
        }
    }

    fn build(
        &self,
        name: &str,
        toolchain: &str,
        profile: &str,
        flags: &str,
    ) -> Result<Program, String> {
        let folder = self.folder.join(name);
        let mut cargo = cargo(toolchain);
        cargo
            .args(["build", "--quiet", "--locked", "--bin", PROBE, "--profile", profile])
            .arg("--target-dir")
            .arg(&folder)
            .current_dir(&self.package)
            .env("RUSTFLAGS", flags)
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        finish("the probe does not build", &mut cargo)?;
        let built = if profile == "dev" { "debug" } else { profile };
        let program = folder.join(built).join(PROBE);
        Ok(Program { words: vec![program.into()], variables: &[] })
    }

    fn cross_build(&self, name: &str, target: &'static Target) -> Result<Made, String> {
        // What the machine lacks is told before anything is downloaded.
        let starter = match target.starter() {
            Ok(starter) => starter,
            Err(reason) => return Ok(Made::Absent(reason)),
        };
        let prepare = || Debian::prepare(&self.folder.join("debian"));
        let ready = self.debian.get_or_init(prepare).as_ref();
        let debian = match ready {
            Ok(debian) => debian,
            Err(reason) => return Ok(Made::Absent(reason.clone())),
        };
        if let Err(reason) = debian.prepare_library(target) {
            return Ok(Made::Absent(reason));
        }
        say(&format!("{name}: Rust {} of Debian, {}", debian.release(), target.triple));
        let mut words: Vec<OsString> = starter.into_iter().map(OsString::from).collect();
        if target.is_module {
            words.push(self.package.join("run.js").into());
        }
        words.push(debian.build(&self.package, target)?.into());
        Ok(Made::Program(Program { words, variables: &[] }))
    }
}

/// Name of the probe's program.
pub(super) const PROBE: &str = "run-probe";

fn cargo(toolchain: &str) -> Command {
    let mut cargo = Command::new("cargo");
    if !toolchain.is_empty() {
        cargo.arg(toolchain);
    }
    cargo
}

fn describe(toolchain: &str, profile: &str, flags: &str) -> String {
    let words = ["cargo", toolchain, "build --profile", profile, flags];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A program that answers requests.
#[derive(Debug)]
pub(super) struct Program {
    words: Vec<OsString>,
    variables: &'static [(&'static str, &'static str)],
}

impl Program {
    /// Its answer to a request.
    ///
    /// # Errors
    /// It does not start, or does not end well.
    pub(super) fn run(&self, request: &str) -> Result<String, String> {
        let Some((first, rest)) = self.words.split_first() else {
            return Err("there is no program".to_owned());
        };
        let name = first.to_string_lossy();
        let mut child = Command::new(first)
            .args(rest)
            .envs(self.variables.iter().copied())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{name} does not start: {error}"))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that died says more than its broken pipe.
            let _ = stdin.write_all(request.as_bytes());
        }
        let output = child.wait_with_output().map_err(|error| format!("{name}: {error}"))?;
        if !output.status.success() {
            return Err(format!("{name}: {}", output.status));
        }
        String::from_utf8(output.stdout).map_err(|_| format!("{name}: the answer is not UTF-8"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(words: &[&str]) -> Program {
        Program { words: words.iter().map(OsString::from).collect(), variables: &[("TZ", "x")] }
    }

    #[test]
    fn a_program_answers_or_fails() {
        assert_eq!(program(&["cat"]).run("a\n"), Ok("a\n".to_owned()));
        assert_eq!(program(&["sh", "-c", "echo $TZ"]).run(""), Ok("x\n".to_owned()));
        for words in [&["false"][..], &["no such program"], &[], &["printf", r"\377"]] {
            assert!(program(words).run("a").is_err(), "{words:?}");
        }
    }

    #[test]
    fn names_are_used_once_and_the_first_build_is_a_plain_one() {
        for (index, build) in BUILDS.iter().enumerate() {
            assert!(BUILDS.iter().skip(index + 1).all(|other| other.name != build.name));
        }
        assert!(matches!(BUILDS[0].way, Way::Cargo("", "release", "")));
    }
}
