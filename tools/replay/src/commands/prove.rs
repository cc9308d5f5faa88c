//! `replay prove`: that an entry stands at its place, for those who have a seal and not the log.

use std::io::Write;
use std::path::Path;

use cli::{Exit, Failure, Interrupt, NewFile, Progress};
use formats::checkpoint::Checkpoint;
use replay::block::PAYLOAD_BYTES_MAX;
use replay::{Proof, ProveError};
use serde_json::json;

use super::seeking::{self, LogArchive};
use super::{is_same_file, print, print_json, refuse_in_place};
use crate::args::Prove;
use crate::signing::read_checkpoint;

pub(crate) fn run(args: &Prove) -> Result<Exit, Failure> {
    Interrupt::at_once("replay");
    let path = &args.log.path;
    let archive = seeking::archive(&args.log)?;
    let entry = seeking::resolve(path, &archive, &args.entry)?;
    let checkpoint = args.checkpoint.as_deref().map(read_checkpoint).transpose()?;
    let against = match &checkpoint {
        Some(checkpoint) => Some(border_of(args, &archive, checkpoint)?),
        None => args.block,
    };
    let output = args.output.clone();
    let output = output.unwrap_or_else(|| cli::with_suffix(path, &format!(".{entry}.proof")));
    refuse_in_place(path, &output)?;
    if let Some(checkpoint) = args.checkpoint.as_ref().filter(|it| is_same_file(it, &output)) {
        let message =
            format!("{}: is the checkpoint and cannot be the output too", checkpoint.display());
        return Err(Failure::new(Exit::Usage, message));
    }
    let mut file = NewFile::create(&output, args.force)?;
    let blocks = against.unwrap_or_else(|| archive.blocks());
    let mut progress = Progress::new("proving", blocks.saturating_mul(1 << 16));
    let mut watch = |seen: u64| progress.at(seen.saturating_mul(1 << 16));
    let proof = replay::prove(&archive, entry, against, &mut watch);
    drop(progress);
    let proof = proof.map_err(|error| failure(args, &error))?;
    let bytes = proof.encode();
    file.write_all(&bytes).map_err(|error| Failure::io(&output, &error))?;
    file.commit()?;
    tell(args, &proof, bytes.len(), &output)
}

fn tell(args: &Prove, proof: &Proof, bytes: usize, output: &Path) -> Result<Exit, Failure> {
    // It was made a moment ago, of headers that it was compared with.
    let proven = proof.check(proof.claimed_seal());
    let proven = proven.map_err(|other| Failure::new(Exit::Damaged, other.to_string()))?;
    let (entry, sealing) = (proven.entry, proven.sealing);
    if args.json {
        print_json(&json!({
            "schema": "replay.prove/1",
            "proof": output.display().to_string(),
            "bytes": bytes,
            "entry": entry,
            "block": proven.block,
            "sealing_block": sealing.number,
            "sealed_entries": sealing.last(),
            "seal": sealing.seal.to_string(),
        }))?;
        return Ok(Exit::Ok);
    }
    print(&format!(
        "entry {entry} is in block {}: {bytes} bytes in {} prove it against the seal {} of block {}, \
         which is over the first {} entries\n",
        proven.block,
        output.display(),
        sealing.seal,
        sealing.number,
        sealing.last()
    ))?;
    Ok(Exit::Ok)
}

/// The block of a checkpoint, if it is of this log.
fn border_of(args: &Prove, archive: &LogArchive, checkpoint: &Checkpoint) -> Result<u64, Failure> {
    let Checkpoint { block, seal, origin, .. } = *checkpoint;
    let shown = args.checkpoint.as_deref().map(|it| it.display().to_string()).unwrap_or_default();
    let path = args.log.path.display();
    let other = |what: String| Err(Failure::new(Exit::Differs, format!("{shown}: {what}")));
    if origin != archive.header().seal {
        return other(format!("is a checkpoint of another log than {path}"));
    }
    if block == 0 {
        let what = format!("{shown}: is of a log without a sealed block, and shows no entry");
        return Err(Failure::new(Exit::Usage, what));
    }
    if archive.blocks() < block {
        let what =
            format!("block {block} is behind the {} sealed blocks of {path}", archive.blocks());
        return other(what);
    }
    let own = archive.seal(block).map_err(|error| Failure::log(&args.log.path, &error))?;
    if own != seal {
        return other(format!("block {block} has the seal {seal} here and {own} in {path}"));
    }
    Ok(block)
}

fn failure(args: &Prove, error: &ProveError) -> Failure {
    let path = &args.log.path;
    let failure = Failure::new(Exit::Usage, format!("{}: {error}", path.display()));
    match error {
        ProveError::Log(error) => Failure::log(path, error),
        ProveError::Open { sealed, .. } => {
            let until = match sealed {
                0 => String::new(),
                sealed => format!("; --entry {sealed} and those before it can be proven now"),
            };
            failure.with_hint(format!(
                "it can be proven once its block is sealed, which is when {PAYLOAD_BYTES_MAX} bytes of \
                 entries are full or the log ends{until}"
            ))
        }
        ProveError::Later { .. } if args.checkpoint.is_some() => {
            failure.with_hint("a checkpoint that was signed later is over it: replay sign")
        }
        ProveError::Later { holder, .. } => {
            failure.with_hint(format!("--block {holder}, or a later one, seals it"))
        }
        ProveError::NoEntry { .. } | ProveError::NoBlock { .. } | _ => failure,
    }
}
