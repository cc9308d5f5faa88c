//! The command lines of evidence that others can check: `replay prove`, `replay check-proof`,
//! `replay sign`, `replay key`.

use std::path::PathBuf;

use formats::note::KeyName;
use replay::{Digest, POSITIONS_HELP, Position};

use super::Log;

#[derive(Debug, clap::Args)]
#[command(after_help = format!("Examples:\n  replay prove day.log --entry 120000\n  \
replay prove day.log --entry @crash-start -o crash.proof\n  \
replay prove day.log --entry 120000 --checkpoint day.log.checkpoint\n\nPositions: {POSITIONS_HELP}\n\n\
Whoever has the proof and a seal needs no log: replay check-proof. A proof shows the whole block of\n\
64 KiB that holds the entry. It is against the seal of the last sealed block unless told otherwise;\n\
entries of the open block cannot be proven yet. The log is not verified: what is proven is that this\n\
seal is over this entry. Cost: a look at each block header before the seal."))]
pub(crate) struct Prove {
    #[command(flatten)]
    pub(crate) log: Log,

    /// The entry: the last one at this position
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    pub(crate) entry: Position,

    /// Prove against the seal of this block
    #[arg(long, value_name = "N", conflicts_with = "checkpoint")]
    pub(crate) block: Option<u64>,

    /// Prove against the seal of this checkpoint of the log
    #[arg(long, value_name = "FILE")]
    pub(crate) checkpoint: Option<PathBuf>,

    /// The proof; by default LOG.ENTRY.proof
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Replace the proof if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  replay check-proof crash.proof --expect-seal 87711b23…\n  \
replay check-proof crash.proof --checkpoint day.log.checkpoint --key market.pub\n\n\
A proof is worth what the seal is worth: one that you got from somebody you trust, or one in a\n\
checkpoint that a key has signed which you know. Exit code 1 says that the proof does not fit the\n\
seal, 65 that the file is no whole proof.")]
pub(crate) struct CheckProof {
    /// The proof; - for standard input
    #[arg(value_name = "PROOF")]
    pub(crate) proof: PathBuf,

    /// The seal that the proof must be against
    #[arg(long, value_name = "DIGEST", conflicts_with_all = ["checkpoint", "key"])]
    pub(crate) expect_seal: Option<Digest>,

    /// A signed checkpoint whose seal the proof must be against
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) checkpoint: Option<PathBuf>,

    /// The public key that must have signed the checkpoint
    #[arg(long, value_name = "PUB", requires = "checkpoint")]
    pub(crate) key: Option<PathBuf>,

    /// The entry that the proof must be about
    #[arg(long, value_name = "N")]
    pub(crate) entry: Option<u64>,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  replay key market.key --name market-a\n  \
replay sign day.log --key market.key\n  replay verify day.log --key market.key.pub\n\n\
The checkpoint says: this log had so many entries and this seal. The log is verified first, and\n\
nothing is signed that fails. Entries of the open block are not covered. An older checkpoint of a log\n\
that has grown stays valid.")]
pub(crate) struct Sign {
    #[command(flatten)]
    pub(crate) log: Log,

    /// The private key
    #[arg(long, value_name = "FILE")]
    pub(crate) key: PathBuf,

    /// The checkpoint; by default LOG.checkpoint
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// Replace the checkpoint if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// Check the chain without replaying
    #[arg(long)]
    pub(crate) chain_only: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  replay key market.key --name market-a\n\n\
FILE is the private key: only its owner may read it, it is not encrypted, and whoever has it can sign\n\
in its name. FILE.pub is the public key, for those who verify. Neither replaces a file.")]
pub(crate) struct Key {
    /// The private key to make; FILE.pub is made beside it
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,

    /// Whose key it is: one word, which stands in every signature
    #[arg(long, value_name = "NAME")]
    pub(crate) name: KeyName,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
