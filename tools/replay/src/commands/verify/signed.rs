//! Whether a signed checkpoint is one of a log that was read.

use std::path::PathBuf;

use cli::Failure;
use formats::checkpoint::Checkpoint;
use serde_json::{Value, json};

use super::Found;
use crate::args::Verify;
use crate::signing::{Signed, read_signed};

/// The signed checkpoint that the command line asks for.
///
/// # Errors
/// As [`read_signed`].
pub(super) fn read(args: &Verify) -> Result<Option<Signed>, Failure> {
    let Some(key) = &args.key else { return Ok(None) };
    read_signed(&path(args), key).map(Some)
}

fn path(args: &Verify) -> PathBuf {
    let path = args.checkpoint.clone();
    path.unwrap_or_else(|| cli::with_suffix(&args.log.path, ".checkpoint"))
}

/// How a checkpoint and a log differ; `None` where it names a border of it.
pub(super) fn difference(args: &Verify, signed: &Signed, found: &Found) -> Option<String> {
    let Checkpoint { origin, entries, seal, block, head } = signed.checkpoint;
    let (name, shown) = (signed.key.name(), path(args));
    let shown = shown.display();
    if origin != found.border.origin {
        return Some(format!(
            "{shown}: {name} signed another log: header digest {origin}, here {}",
            found.border.origin
        ));
    }
    let there = match (block, &found.sought) {
        (0, _) => {
            Checkpoint { entries: 0, seal: origin, block: 0, head: replay::Digest::ZERO, origin }
        }
        (_, Some(header)) => Checkpoint {
            origin,
            entries: header.last(),
            seal: header.seal,
            block: header.number,
            head: header.head,
        },
        (_, None) => {
            let Checkpoint { entries: sealed, block: blocks, .. } = found.border;
            return Some(format!(
                "{shown}: {name} signed {entries} entries in {block} blocks, the log has {sealed} in \
                 {blocks} sealed ones: it lost its end, or is another future of the same start"
            ));
        }
    };
    if there.seal != seal {
        return Some(format!(
            "{shown}: {name} signed seal {seal} of block {block}, the log has {} there: one of them is \
             not what was signed",
            there.seal
        ));
    }
    ((there.entries, there.head) != (entries, head)).then(|| {
        format!(
            "{shown}: {name} signed {entries} entries with head {head} up to block {block}, the log has \
             {} with head {} there",
            there.entries, there.head
        )
    })
}

/// What a good signature adds to the text.
pub(super) fn text(signed: &Signed, entries: u64) -> String {
    format!(
        ", signed by {} up to entry {} of {entries}",
        signed.key.name(),
        signed.checkpoint.entries
    )
}

/// What a good signature adds to the object.
pub(super) fn object(signed: &Signed) -> Value {
    let Checkpoint { entries, seal, block, .. } = signed.checkpoint;
    json!({
        "name": signed.key.name().as_str(),
        "key_id": signed.key.id_text(),
        "entries": entries,
        "block": block,
        "seal": seal.to_string(),
    })
}
