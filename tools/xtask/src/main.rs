//! `cargo xtask`: chores of the project that cargo has no command for.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod fuzz;
mod identity;
mod instructions;
mod kills;
mod mutations;
mod setup;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Chores of the project that cargo has no command for")]
struct Args {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Debug, Subcommand)]
enum Chore {
    /// Run every fuzz target, or those named, from the seeds, and tell what became of each
    ///
    /// Needs a nightly toolchain and cargo-fuzz (`cargo install cargo-fuzz`). What is found lies
    /// below fuzz/artifacts. Exits with 1 if anything is found.
    Fuzz(fuzz::Fuzz),
    /// Write the seeds of the fuzz targets, out of the golden files, to fuzz/seeds
    Seeds,
    /// Build the probe in every way there is, and see that all come to the same digests
    ///
    /// Each build records and replays every golden run, makes and checks every golden proof, reads
    /// and writes the files of the golden training run, and goes through a long stream of random
    /// commands, of the ecology, and of one whose seats all learn. Debug, release, link-time
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
    /// Fetch libtorch, which `learn` is built on; nothing else needs it
    ///
    /// Needs python3 with pip and a network: 540 MB come from the Python registry, by the hashes of
    /// tools/libtorch.lock, and 490 MB stay below .libtorch. Does nothing if they are there. Where
    /// LIBTORCH is set, it is checked and used instead.
    Setup {
        /// Fetch it again
        #[arg(long)]
        force: bool,
    },
}

fn main() -> ExitCode {
    let done = match Args::parse().chore {
        Chore::Fuzz(args) => fuzz::run(&root(), &args),
        Chore::Seeds => fuzz::seeds(&root()),
        Chore::Identity { only, entries, quick, verbose } => {
            identity::run(&root(), &identity::Wanted { only, entries, quick, verbose })
        }
        Chore::Instructions { record } => instructions::run(&root(), record),
        Chore::Kills { faults: true, .. } => kills::faults::run(&root()),
        Chore::Kills { kills, seed, .. } => kills::run(&root(), kills, seed),
        Chore::Mutations { bisect: Some(count), jobs, .. } => {
            mutations::bisected::run(&root(), count, jobs)
        }
        Chore::Setup { force } => setup::run(&root(), force),
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

/// The checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What a chore has found, whole lines.
fn print(text: &str) {
    // Who closed the pipe has read enough.
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end_matches('\n'));
}

fn say(text: &str) {
    // Where nothing can be said there is nobody to hear it.
    let _ = writeln!(std::io::stderr(), "{text}");
}
