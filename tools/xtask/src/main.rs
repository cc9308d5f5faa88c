//! `cargo xtask`: chores of the project that cargo has no command for.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::{Parser, Subcommand};

mod instructions;
mod kills;
mod mutations;
mod wasm;

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
    /// Count the instructions of an operation, and fail if they rose by more than a tenth
    ///
    /// Needs valgrind. The record is tools/streams/instructions.txt; counts of another compiler are
    /// not compared with it.
    Instructions {
        /// Write the counts down instead
        #[arg(long)]
        record: bool,
    },
    /// Kill the built `replay` while it records, or let its device fail; nothing acknowledged is lost
    ///
    /// What is left under target/kills is recovered and compared with the uninterrupted log. Exits
    /// with 1 at the first entry that is lost.
    Kills {
        /// How many times
        #[arg(long, default_value_t = 500)]
        kills: u32,

        /// Seed of the moments
        #[arg(long, default_value_t = 1)]
        seed: u64,

        /// Instead, let calls fail by strace, limit files, fill devices, cut the power of a mounted
        /// image: what of it cannot be done here is said
        #[arg(long, conflicts_with_all = ["kills", "seed"])]
        faults: bool,
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
    /// Carry out the golden runs in a WebAssembly module, and compare with golden/MANIFEST
    ///
    /// Needs Debian's apt-get, a network the first time, and node. The compiler is put together
    /// below the target folder; nothing is installed. Exits with 1 if a run differs.
    Wasm,
}

fn main() -> ExitCode {
    let done = match Args::parse().chore {
        Chore::Fuzz { seconds, targets } => fuzz(seconds, &targets),
        Chore::Instructions { record } => instructions::run(&root(), record),
        Chore::Kills { faults: true, .. } => kills::faults::run(&root()),
        Chore::Kills { kills, seed, .. } => kills::run(&root(), kills, seed),
        Chore::Mutations { bisect: Some(count), jobs, .. } => {
            mutations::bisected::run(&root(), count, jobs)
        }
        Chore::Mutations { only, jobs, .. } => mutations::run(&root(), only.as_deref(), jobs),
        Chore::Wasm => wasm::run(&root()),
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
