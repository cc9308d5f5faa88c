//! Whether a signed checkpoint is one of a log that was read.

use std::path::PathBuf;

use cli::{Exit, Failure};
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
    let path = path(args);
    if args.checkpoint.is_none() {
        cli::refuse_no_file(&path)?;
    }
    let absent = |failure: Failure| {
        let is_default =
            args.checkpoint.is_none() && failure.exit == Exit::NoInput && !path.exists();
        let hint = "its owner makes it: replay sign; --checkpoint FILE if it stands elsewhere";
        if is_default { failure.with_hint(hint) } else { failure }
    };
    read_signed(&path, key).map(Some).map_err(absent)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Args, Command};
    use crate::signing::PrivateKey;
    use clap::Parser;
    use replay::{BlockHeader, Digest};

    const ORIGIN: Digest = Digest([1; 32]);

    fn header() -> BlockHeader {
        BlockHeader {
            flags: 0,
            number: 2,
            first: 11,
            count: 5,
            payload_bytes: 100,
            time: kernel::TimeNs(0),
            step: kernel::Step(0),
            head: Digest([2; 32]),
            outcome: Digest([3; 32]),
            state: Digest::ZERO,
            root: Digest([4; 32]),
            seal: Digest([5; 32]),
        }
    }

    const BORDER: Checkpoint = Checkpoint {
        origin: ORIGIN,
        entries: 15,
        seal: Digest([5; 32]),
        block: 2,
        head: Digest([2; 32]),
    };

    /// How a checkpoint that a key has signed differs from a log of three blocks.
    fn differs(checkpoint: Checkpoint, sought: Option<BlockHeader>) -> Option<String> {
        let args = Args::try_parse_from(["replay", "verify", "a.log"]).expect("a line");
        let Command::Verify(args) = args.command else { panic!("verify") };
        let key = PrivateKey::generate("a".parse().expect("a name")).expect("a key").public();
        let found = Found {
            entries: 21,
            head: Digest([7; 32]),
            is_ended: false,
            parent: None,
            diverged: Vec::new(),
            border: Checkpoint { entries: 20, block: 3, ..BORDER },
            sought,
        };
        difference(&args, &Signed { checkpoint, key }, &found)
    }

    /// Whoever signs may lie about each line; the seal alone does not make the others true.
    #[test]
    fn every_line_of_a_checkpoint_counts() {
        assert_eq!(differs(BORDER, Some(header())), None);
        let other = Digest([9; 32]);
        for lie in [
            Checkpoint { origin: other, ..BORDER },
            Checkpoint { entries: 16, ..BORDER },
            Checkpoint { seal: other, ..BORDER },
            Checkpoint { head: other, ..BORDER },
        ] {
            assert!(differs(lie, Some(header())).is_some(), "{lie}");
        }
        assert!(differs(Checkpoint { block: 4, ..BORDER }, None).is_some());
    }

    #[test]
    fn before_the_first_block_the_origin_is_sealed() {
        let start =
            Checkpoint { entries: 0, seal: ORIGIN, block: 0, head: Digest::ZERO, origin: ORIGIN };
        assert_eq!(differs(start, None), None);
        for lie in [
            Checkpoint { entries: 1, ..start },
            Checkpoint { seal: Digest::ZERO, ..start },
            Checkpoint { head: ORIGIN, ..start },
        ] {
            assert!(differs(lie, None).is_some(), "{lie}");
        }
    }
}
