//! `replay check-proof`: does a proof hold against a seal? The log is not needed.

use std::io::Read;

use cli::{Exit, Failure};
use formats::render::{entry_json, entry_text};
use replay::proof::PROOF_BYTES_MAX;
use replay::{Digest, Proof, Proven};
use serde_json::json;

use super::{print, print_json, say, table};
use crate::args::CheckProof;
use crate::signing::{Signed, read_signed};

/// What the proof is compared with.
enum Anchor {
    /// A seal that the user knows.
    Seal(Digest),
    /// A seal that a key has signed.
    Signed(Box<Signed>),
}

pub(crate) fn run(args: &CheckProof) -> Result<Exit, Failure> {
    let shown = args.proof.display();
    let anchor = match anchor(args) {
        Err(failure) if failure.exit == Exit::Differs => return differs(args, &failure),
        anchor => anchor?,
    };
    let bytes = read(args)?;
    let proof = Proof::decode(&bytes)
        .map_err(|error| Failure::new(Exit::Damaged, format!("{shown}: {error}")))?;
    let seal = match &anchor {
        Anchor::Seal(seal) => *seal,
        Anchor::Signed(signed) => signed.checkpoint.seal,
    };
    let proven = match proof.check(seal) {
        Ok(proven) => proven,
        Err(other) => {
            let hint = "the proof is of another log, against another block, or was forged; \
                        replay prove --block or --checkpoint makes one against the seal that you know";
            let failure = Failure::new(Exit::Differs, format!("{shown}: {other}"));
            return differs(args, &failure.with_hint(hint));
        }
    };
    if let Some(entry) = args.entry.filter(|entry| *entry != proven.entry) {
        let message = format!("{shown}: is about entry {}, expected {entry}", proven.entry);
        return differs(args, &Failure::new(Exit::Differs, message));
    }
    tell(args, &proven, &anchor)
}

fn anchor(args: &CheckProof) -> Result<Anchor, Failure> {
    match (args.expect_seal, &args.checkpoint, &args.key) {
        (Some(seal), _, _) => Ok(Anchor::Seal(seal)),
        (None, Some(checkpoint), Some(key)) => {
            Ok(Anchor::Signed(Box::new(read_signed(checkpoint, key)?)))
        }
        (None, _, _) => {
            let message = format!(
                "{}: there is nothing to check it against: anyone can make a proof that fits itself",
                args.proof.display()
            );
            Err(Failure::new(Exit::Usage, message).with_hint(
                "--expect-seal with a seal that you know from elsewhere, or --checkpoint and --key",
            ))
        }
    }
}

fn read(args: &CheckProof) -> Result<Vec<u8>, Failure> {
    if args.proof.as_os_str() != "-" {
        return cli::read_small(&args.proof, PROOF_BYTES_MAX);
    }
    let mut bytes = Vec::new();
    let limit = u64::try_from(PROOF_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let read = std::io::stdin().take(limit).read_to_end(&mut bytes);
    read.map_err(|error| Failure::io(&args.proof, &error))?;
    Ok(bytes)
}

/// Says what does not fit; as data too, where that was asked for.
fn differs(args: &CheckProof, failure: &Failure) -> Result<Exit, Failure> {
    say(&format!("replay: {failure}"));
    if args.json {
        print_json(&json!({
            "schema": "replay.check-proof/1",
            "ok": false,
            "differences": [&failure.message],
        }))?;
    }
    Ok(Exit::Differs)
}

fn tell(args: &CheckProof, proven: &Proven<'_>, anchor: &Anchor) -> Result<Exit, Failure> {
    let Proven { entry, what, block, entries, sealing } = proven;
    if args.json {
        let by = match anchor {
            Anchor::Seal(_) => json!({ "seal": "expected" }),
            Anchor::Signed(signed) => json!({
                "seal": "signed",
                "name": signed.key.name().as_str(),
                "key_id": signed.key.id_text(),
                "origin": signed.checkpoint.origin.to_string(),
            }),
        };
        print_json(&json!({
            "schema": "replay.check-proof/1",
            "ok": true,
            "entry": entry,
            "what": entry_json(what),
            "block": block,
            "first": entries.0,
            "last": entries.1,
            "sealing_block": sealing.number,
            "sealed_entries": sealing.last(),
            "seal": sealing.seal.to_string(),
            "authenticated_by": by,
        }))?;
        return Ok(Exit::Ok);
    }
    let by = match anchor {
        Anchor::Seal(_) => "the seal that was expected".to_owned(),
        Anchor::Signed(signed) => format!(
            "the seal that {} signed (key {}) for log {}",
            signed.key.name(),
            signed.key.id_text(),
            signed.checkpoint.origin
        ),
    };
    print(&table(&[
        ("proven", format!("entry {entry}: {}", entry_text(what))),
        ("block", format!("{block}, entries {} to {}", entries.0, entries.1)),
        (
            "seal",
            format!(
                "{} of block {}, over {} entries",
                sealing.seal,
                sealing.number,
                sealing.last()
            ),
        ),
        ("by", by),
    ]))?;
    Ok(Exit::Ok)
}
