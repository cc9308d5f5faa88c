//! `cargo xtask`: chores of the project that cargo has no command for.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

mod identity;
mod instructions;
mod mutations;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Chores of the project that cargo has no command for")]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Run every fuzz target, or those named, for some seconds each
    ///
    /// Needs a nightly toolchain and cargo-fuzz (`cargo install cargo-fuzz`).
    Fuzz {
        /// Seconds for each target
        #[arg(long, default_value_t = 60)]
        seconds: u32,

        /// Targets; all by default
        targets: Vec<String>,
    },
    /// Build the probe in every way there is, and see that all come to the same digests
    ///
    /// Each build records and replays every golden run, makes and checks every golden proof, and
    /// goes through a long stream of the ecology and of random commands. Debug, release, link-time
    /// optimisation, this processor's own instructions, nightly and randomised layouts need a Rust
    /// toolchain. i686, wasm32, aarch64 and s390x need Debian's apt-get and a network the first time
    /// (a compiler is put together below the target folder, nothing is installed), and gcc, node
    /// or qemu, whose packages are named where they are missing. Exits with 1 if a build differs, or
    /// if one that --only names cannot be made here.
    Identity {
        /// Only this build, compared with the first: release, locale, no-aslr, debug, lto, native,
        /// nightly, layout, debian, i686, wasm32, aarch64 or s390x
        #[arg(long, value_name = "NAME")]
        only: Option<String>,

        /// Least entries of the stream, beside the goldens: 1000000 or 1e6
        #[arg(long, default_value = "1e6", value_parser = identity::parse_entries)]
        entries: u64,

        /// Only builds for this machine that a Rust toolchain alone makes
        #[arg(long, conflicts_with = "only")]
        quick: bool,

        /// A line for each golden and for the stream
        #[arg(long)]
        verbose: bool,
    },
    /// Count the instructions of an operation, and fail if they rose by more than a tenth
    ///
    /// Needs valgrind. The record is tools/streams/instructions.txt; counts of another compiler are
    /// not compared with it.
    Instructions {
        /// Write the counts down instead
        #[arg(long)]
        record: bool,
    },
    /// Break one rule of the kernel after the other; the rule's own test must notice
    ///
    /// The list is tests/mutations.txt. The checkout stays as it is: what is broken is a copy of
    /// it under target/mutations. Exits with 1 if a mutation is not caught.
    Mutations {
        /// Only mutations whose names hold this: a rule's number or a word
        #[arg(long, value_name = "NAME")]
        only: Option<String>,

        /// Jobs of cargo; as many as there are processors by default
        #[arg(long)]
        jobs: Option<u32>,

        /// Instead, record ten logs with so many of the broken kernels, and see whether `replay
        /// bisect` names the first outcome that differs
        #[arg(long, value_name = "COUNT", conflicts_with = "only")]
        bisect: Option<usize>,
    },
}

fn main() -> ExitCode {
    let done = match Args::parse().chore {
        Chore::Fuzz { seconds, targets } => fuzz(seconds, &targets),
        Chore::Identity { only, entries, quick, verbose } => {
            identity::run(&root(), &identity::Wanted { only, entries, quick, verbose })
        }
        Chore::Instructions { record } => instructions::run(&root(), record),
        Chore::Mutations { bisect: Some(count), jobs, .. } => {
            mutations::bisected::run(&root(), count, jobs)
        }
        Chore::Mutations { only, jobs, .. } => mutations::run(&root(), only.as_deref(), jobs),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            say(&message);
            ExitCode::FAILURE
        }
    }
}

fn fuzz(seconds: u32, wanted: &[String]) -> Result<(), String> {
    let folder = root().join("fuzz");
    let all = list_targets(&folder)?;
    if let Some(unknown) = wanted.iter().find(|name| !all.contains(name)) {
        return Err(format!("no fuzz target `{unknown}`: one of {}", all.join(", ")));
    }
    for target in all.iter().filter(|name| wanted.is_empty() || wanted.contains(name)) {
        say(&format!("fuzzing {target} for {seconds} s"));
        let (corpus, seeds) = (format!("corpus/{target}"), format!("seeds/{target}"));
        std::fs::create_dir_all(folder.join(&corpus))
            .map_err(|error| format!("fuzz/{corpus}: {error}"))?;
        // Seeds are kept with the sources; what fuzzing finds goes to the corpus, which is not.
        let seeds = folder.join(&seeds).is_dir().then_some(seeds);
        let status = Command::new("cargo")
            .args(["+nightly", "fuzz", "run", target.as_str(), corpus.as_str()])
            .args(seeds)
            .arg("--")
            .arg(format!("-max_total_time={seconds}"))
            .arg("-rss_limit_mb=4096")
            .current_dir(&folder)
            .status()
            .map_err(|error| format!("cargo does not start: {error}"))?;
        if !status.success() {
            return Err(format!(
                "{target} failed: {status}. If cargo knows no `fuzz`, install it: \
                 cargo install cargo-fuzz; it also needs a nightly toolchain. \
                 A crash is kept under fuzz/artifacts/{target}/"
            ));
        }
    }
    Ok(())
}

/// Every file under `fuzz_targets` is a target.
fn list_targets(folder: &Path) -> Result<Vec<String>, String> {
    let folder = folder.join("fuzz_targets");
    let entries =
        std::fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<_> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| {
            let path = entry.path();
            let is_source = path.extension().is_some_and(|extension| extension == "rs");
            let name = path.file_stem()?.to_str()?.to_owned();
            is_source.then_some(name)
        })
        .collect();
    names.sort();
    Ok(names)
}

/// The checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn say(text: &str) {
    // Where nothing can be said there is nobody to hear it.
    let _ = writeln!(std::io::stderr(), "{text}");
}
