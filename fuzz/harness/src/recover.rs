//! Torn and damaged logs through salvage: it keeps a prefix, all of it, and nothing else; a reader
//! takes what it keeps, and a second salvage finds nothing to do.

use replay::tail::{self, Beginning, FRAME_HEADER_BYTES, TAIL_HEADER_BYTES};
use replay::{Digest, LogError, Reader, Salvage, salvage};

use crate::input::Input;
use crate::plan::{LIMITS, Log, Plan, Treatment, plan};
use crate::reader::raw;

/// Salvages raw bytes, raw bytes made to fit, or the log of a plan.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(8) {
        0 => {
            let _ = check(&raw(&mut input, false));
        }
        1 => {
            let _ = check(&raw(&mut input, true));
        }
        _ => {
            let plan = plan(&mut input);
            let kept = check(&plan.log);
            if matches!(plan.treatment, Treatment::Whole | Treatment::Torn) {
                check_torn(&plan, kept);
            }
        }
    }
}

/// The sealed blocks that a reader takes.
struct Sealed {
    /// Offset behind them.
    len: usize,
    /// Seal of the last.
    seal: Digest,
    /// Their entries.
    entries: u64,
    /// Whether the last is a final one.
    is_ended: bool,
}

fn sealed(log: &[u8]) -> Option<Sealed> {
    let mut reader = Reader::open(log, Vec::new(), LIMITS).ok()?;
    while let Ok(Some(_)) = reader.next_block() {}
    let chain = reader.chain();
    Some(Sealed {
        len: usize::try_from(reader.offset()).ok()?,
        seal: chain.seal,
        entries: chain.entries,
        is_ended: reader.is_ended(),
    })
}

/// Entries in the good frames of a tail that continues this seal, and how many they are.
fn framed(tail: &[u8], seal: Digest, sealed_entries: u64) -> (Vec<u8>, u64) {
    let (mut payload, mut entries) = (Vec::new(), 0);
    if tail::beginning(tail) != Beginning::Continues(seal) {
        return (payload, entries);
    }
    let mut at = TAIL_HEADER_BYTES;
    while let Some(frame) = tail::frame_at(tail, at) {
        if frame.first != sealed_entries + entries + 1 {
            break;
        }
        payload.extend_from_slice(frame.payload);
        entries += u64::from(frame.count);
        at += frame.bytes();
    }
    (payload, entries)
}

fn check(log: &Log) -> Result<Salvage, LogError> {
    let kept = salvage(Reader::open(&log.bytes[..], log.tail.clone(), LIMITS)?)?;
    let Sealed { len, seal, entries: sealed_entries, is_ended } = sealed(&log.bytes).unwrap();
    assert_eq!(kept.log_bytes, len as u64, "every block that a reader takes, and no other");
    assert_eq!(kept.sealed_entries, sealed_entries);
    // Nothing may follow a final block: then a tail is passed over.
    if !is_ended {
        let (payload, entries) = framed(&log.tail, seal, sealed_entries);
        let found = kept.tail.get(TAIL_HEADER_BYTES + FRAME_HEADER_BYTES..).unwrap_or_default();
        assert_eq!((found, kept.open_entries), (&payload[..], entries), "every good frame");
    }
    let prefix = &log.bytes[..len];
    let again = salvage(Reader::open(prefix, kept.tail.clone(), LIMITS).unwrap()).unwrap();
    assert!(again.torn.is_none() && !again.is_tail_cut, "what is kept is whole");
    assert_eq!(
        (again.head, again.log_bytes, &again.tail, again.open_entries),
        (kept.head, kept.log_bytes, &kept.tail, kept.open_entries),
        "a second salvage changes nothing"
    );
    Ok(kept)
}

/// A loss of power is never taken for damage, but where zeros happen to tell a story of their own;
/// what is kept is the beginning of what was recorded.
fn check_torn(plan: &Plan, kept: Result<Salvage, LogError>) {
    let Plan { recorded, log, treatment } = plan;
    let kept = match (kept, treatment) {
        (Ok(kept), _) => kept,
        // FORMAT.md 10: zeros over more than one block, or too few of them, are reported as damage;
        // and a log that has lost its end has a foreign tail no more, but may have lost its header.
        (Err(_), Treatment::Torn) if log.bytes.len() == recorded.bytes.len() => return,
        (Err(error), _) => panic!("a cut is no damage: {error}"),
    };
    let len = usize::try_from(kept.log_bytes).unwrap();
    assert!(log.bytes[..len] == recorded.bytes[..len], "a prefix of what was recorded");
    if *treatment == Treatment::Whole {
        assert!(kept.torn.is_none() && len == recorded.bytes.len());
    }
}
