//! What is left on a disk, as recovery sees it.

use replay::cut::cut;
use replay::tail::{self, Beginning, TAIL_HEADER_BYTES};
use replay::{Digest, LogError, Player, ReadLimits, Reader, Recorder, SyncPolicy, salvage};

use crate::crash::script::Script;

/// What must hold of the two files.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    /// Entries that were acknowledged.
    pub acknowledged: u64,
    /// Entries that the recorder took.
    pub taken: u64,
    /// Whether the log's header was ever durable.
    pub has_header: bool,
    /// Whether bytes of the log are other than those written: then it may be called damaged, as
    /// long as no acknowledged entry stands in the tail.
    pub has_holes: bool,
}

/// How much is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// What recovery keeps.
    Once,
    /// And that a second recovery changes nothing.
    Twice,
    /// And that a recording goes on with it to the end.
    Onward,
}

/// What recovery made of the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// The header never became durable: there is no log.
    NoLog,
    /// Nothing had to be dropped.
    Whole(Kept),
    /// The end was dropped.
    Dropped(Kept),
    /// Recovery refuses, and a cut keeps what was acknowledged.
    Refused(Kept),
}

/// What is kept: the first bytes of the log, and a tail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Bytes of the log.
    pub log_bytes: usize,
    /// The tail.
    pub tail: Vec<u8>,
    /// Entries, `End` included.
    pub entries: u64,
    /// Whether `End` is there.
    pub is_ended: bool,
}

/// Looks at two files that a recorder of this script left.
///
/// # Errors
/// What is wrong with them or with recovery, in words.
pub fn look(
    script: &Script,
    log: &[u8],
    tail: &[u8],
    expected: Expected,
    depth: Depth,
) -> Result<Left, String> {
    let reader = match Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT) {
        Ok(reader) => reader,
        Err(error) if expected.has_header => {
            return Err(format!("the header was durable: {error}"));
        }
        Err(_) if expected.acknowledged == 0 => return Ok(Left::NoLog),
        Err(error) => return Err(format!("acknowledged before the header was durable: {error}")),
    };
    let saved = match salvage(reader) {
        Ok(saved) => saved,
        Err(error) => return refused(script, log, tail, expected, &error),
    };
    let entries = saved.sealed_entries + saved.open_entries;
    let log_bytes = usize::try_from(saved.log_bytes).unwrap_or(usize::MAX);
    let is_ended = entries == script.len() + 1;
    let kept = Kept { log_bytes, tail: saved.tail, entries, is_ended };
    check(script, log, (&kept, saved.sealed_entries, saved.head), expected)?;
    match &saved.torn {
        None => {
            if log.len() != log_bytes || saved.is_tail_cut {
                return Err("recovery dropped bytes and does not say so".to_owned());
            }
            if 0 < saved.open_entries && tail_end(tail) != tail.len() {
                return Err("recovery dropped bytes of the tail and does not say so".to_owned());
            }
        }
        Some(error) => {
            let place = error.place().ok_or("recovery does not say where the log is torn")?;
            if entries < place.good {
                return Err(format!("{} good entries, {entries} kept", place.good));
            }
        }
    }
    if depth != Depth::Once {
        again(&log[..log_bytes], &kept, saved.head)?;
    }
    if depth == Depth::Onward && !is_ended {
        go_on(script, &log[..log_bytes], &kept)?;
    }
    Ok(if saved.torn.is_none() { Left::Whole(kept) } else { Left::Dropped(kept) })
}

/// What is kept is the first entries, byte for byte, and no acknowledged one is missing.
fn check(
    script: &Script,
    log: &[u8],
    (kept, sealed, head): (&Kept, u64, Digest),
    expected: Expected,
) -> Result<(), String> {
    let Kept { log_bytes, entries, .. } = *kept;
    if entries < expected.acknowledged {
        return Err(format!("{} entries acknowledged, {entries} kept", expected.acknowledged));
    }
    if expected.taken < entries {
        return Err(format!("{} entries taken, {entries} kept", expected.taken));
    }
    if log.get(..log_bytes).is_none_or(|bytes| !script.whole.starts_with(bytes)) {
        return Err("bytes of the log that were never written are kept".to_owned());
    }
    if entries == script.len() + 1 {
        let is_whole = log_bytes == script.whole.len() && kept.tail.is_empty();
        return if is_whole { Ok(()) } else { Err("an end without the whole log".to_owned()) };
    }
    if kept.tail != expected_tail(script, sealed, entries)? {
        return Err(format!("another tail than that of entries {sealed} to {entries}"));
    }
    if usize::try_from(entries).ok().and_then(|at| script.heads.get(at)) != Some(&head) {
        return Err(format!("another head than that of {entries} entries"));
    }
    Ok(())
}

/// The tail of the entries behind a block border, as one frame.
fn expected_tail(script: &Script, sealed: u64, entries: u64) -> Result<Vec<u8>, String> {
    let Some((_, seal)) = script.seals.iter().find(|(before, _)| *before == sealed) else {
        return Err(format!("no block ends with entry {sealed}"));
    };
    let mut tail = Vec::new();
    if sealed < entries {
        let at = |number: u64| script.ends[usize::try_from(number).unwrap_or(0)];
        let payload = &script.encoded[at(sealed)..at(entries)];
        let count = u32::try_from(entries - sealed).unwrap_or(0);
        tail.extend_from_slice(&tail::encode_header(*seal));
        tail::append_frame(sealed + 1, count, payload, &mut tail);
    }
    Ok(tail)
}

/// Where the good frames of a tail end.
fn tail_end(tail: &[u8]) -> usize {
    let mut at = TAIL_HEADER_BYTES;
    while let Some(frame) = tail::frame_at(tail, at) {
        at += frame.bytes();
    }
    at
}

/// A second recovery finds nothing to do.
fn again(log: &[u8], kept: &Kept, head: Digest) -> Result<(), String> {
    let reader = Reader::open(log, kept.tail.clone(), ReadLimits::DEFAULT);
    let again = reader
        .and_then(salvage)
        .map_err(|error| format!("a second recovery refuses what the first one kept: {error}"))?;
    let is_same = again.torn.is_none()
        && !again.is_tail_cut
        && again.log_bytes == log.len() as u64
        && again.sealed_entries + again.open_entries == kept.entries
        && again.tail == kept.tail
        && again.head == head;
    if is_same {
        Ok(())
    } else {
        Err("a second recovery changes what the first one kept".to_owned())
    }
}

/// A recording that goes on gives the log that the uninterrupted one gave.
fn go_on(script: &Script, log: &[u8], kept: &Kept) -> Result<(), String> {
    let wrong = |error: &dyn std::fmt::Display| format!("what was kept does not go on: {error}");
    let reader =
        Reader::open(log, kept.tail.clone(), ReadLimits::DEFAULT).map_err(|error| wrong(&error))?;
    let mut player = Player::new(reader).map_err(|error| wrong(&error))?;
    player.run().map_err(|error| wrong(&error))?;
    let (mut log, mut tail) = (log.to_vec(), kept.tail.clone());
    let mut recorder = Recorder::resume(player, &mut log, &mut tail, SyncPolicy::Block)
        .map_err(|error| wrong(&error))?;
    for at in usize::try_from(kept.entries).unwrap_or(0)..script.entries.len() {
        script.feed(at, &mut recorder).map_err(|error| wrong(&error))?;
    }
    recorder.finish().map_err(|error| wrong(&error))?;
    if log == script.whole && tail.is_empty() {
        Ok(())
    } else {
        Err("a recording that goes on gives another log".to_owned())
    }
}

/// Recovery may refuse a log whose last bytes were never written as they are. What was acknowledged
/// is there all the same, and none of it in a tail that recovery would have given up.
fn refused(
    script: &Script,
    log: &[u8],
    tail: &[u8],
    expected: Expected,
    error: &LogError,
) -> Result<Left, String> {
    if !expected.has_holes {
        return Err(format!("recovery refuses a log that is only torn: {error}"));
    }
    let cut = Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT)
        .and_then(|reader| cut(reader, u64::MAX))
        .map_err(|error| format!("what is good cannot be cut off: {error}"))?;
    let log_bytes = usize::try_from(cut.log_bytes).unwrap_or(usize::MAX);
    let kept = Kept { log_bytes, tail: cut.tail, entries: cut.entries, is_ended: cut.is_ended };
    check(script, log, (&kept, cut.sealed_entries, cut.head), expected)?;
    if cut.sealed_entries < expected.acknowledged || !kept.tail.is_empty() {
        return Err(format!("acknowledged entries stand in the tail, recovery refuses: {error}"));
    }
    Ok(Left::Refused(kept))
}

/// Whether a tail belongs to a log that ends with this seal.
pub fn continues(tail: &[u8], seal: Digest) -> bool {
    tail::beginning(tail) == Beginning::Continues(seal)
}
