//! What a forger does to a log: it is cut up and put together, and where that is wished, every
//! checksum and digest is computed anew.

use kernel::{Step, TimeNs};
use replay::Digest;
use replay::block::{Chain, PAYLOAD_BYTES_MAX};
use replay::codec::decode_entry;
use replay::tail::{TAIL_HEADER_BYTES, append_frame, encode_header, frame_at};

use crate::forge::{Draft, assemble_chain, blocks, patch, take_apart};
use crate::random::Dice;

/// A log and its tail, as a forger changes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Files {
    pub(super) log: Vec<u8>,
    pub(super) tail: Vec<u8>,
}

/// What a forger may take pieces of.
pub(super) struct Others<'a> {
    /// Logs of the same or another genesis.
    pub(super) logs: &'a [Files],
}

impl Others<'_> {
    fn pick(&self, dice: &mut Dice) -> &Files {
        &self.logs[dice.below(small(self.logs.len())) as usize]
    }
}

fn small(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// A number below a length, which is not 0.
fn below(dice: &mut Dice, len: usize) -> usize {
    dice.below(small(len)) as usize
}

/// Changes files; repairs nothing.
pub(super) fn splice(files: &mut Files, others: &Others<'_>, dice: &mut Dice) {
    let other = others.pick(dice);
    let at = blocks(&files.log);
    match dice.below(10) {
        0 => swap_blocks(&mut files.log, &at, dice),
        1 => {
            let from = below(dice, files.log.len());
            files.log.truncate(from);
        }
        2 => files.log.truncate(at[below(dice, at.len())]),
        3 => {
            // A block of this log once more, or one of another in its place.
            let (from, to) = (at[below(dice, at.len())], at[below(dice, at.len())]);
            let source = if dice.one_in(2) { &other.log } else { &files.log };
            let block = source.get(from..).unwrap_or_default();
            let block = block[..block.len().min(65_536)].to_vec();
            let end = if dice.one_in(2) { to } else { (to + block.len()).min(files.log.len()) };
            files.log.splice(to..end, block);
        }
        4 => {
            // The beginning of one log and the end of another.
            let cut = at[below(dice, at.len())];
            let end = other.log.get(cut..).unwrap_or_default();
            files.log.truncate(cut);
            files.log.extend_from_slice(end);
        }
        5 => {
            let (from, to) = (below(dice, files.log.len()), below(dice, files.log.len()));
            let len = below(dice, 300).min(files.log.len() - from).min(files.log.len() - to);
            let bytes = files.log[from..from + len].to_vec();
            files.log[to..to + len].copy_from_slice(&bytes);
        }
        6 => {
            let (from, len) = (below(dice, files.log.len()), below(dice, 300));
            let end = (from + len).min(files.log.len());
            files.log.drain(from..end);
        }
        7 => files.tail.clone_from(&other.tail),
        8 => {
            // A field of a block's header, under a checksum that fits.
            let (block, at) = (at[below(dice, at.len())], below(dice, 208));
            let value = u8::try_from(dice.below(256)).unwrap_or(0);
            files.log = patch(&files.log, block, at, &[value]);
        }
        _ => {
            let file = if dice.one_in(4) { &mut files.tail } else { &mut files.log };
            if !file.is_empty() {
                let at = below(dice, file.len());
                file[at] = u8::try_from(dice.below(256)).unwrap_or(0);
            }
        }
    }
}

fn swap_blocks(log: &mut [u8], at: &[usize], dice: &mut Dice) {
    let (one, two) = (at[below(dice, at.len())], at[below(dice, at.len())]);
    let len = (log.len() - one.max(two)).min(65_536);
    for byte in 0..len {
        log.swap(one + byte, two + byte);
    }
}

/// Changes files and repairs every checksum and digest.
pub(super) fn forge(files: &mut Files, others: &Others<'_>, dice: &mut Dice) {
    let (mut start, mut drafts) = take_apart(&files.log);
    let other = others.pick(dice);
    if dice.one_in(8) {
        start = take_apart(&other.log).0;
    }
    for _ in 0..=dice.below(3) {
        let at = below(dice, drafts.len());
        match dice.below(9) {
            0 => {
                let to = below(dice, drafts.len());
                drafts.swap(at, to);
            }
            1 => drafts.insert(at, drafts[below(dice, drafts.len())].clone()),
            2 if 1 < drafts.len() => drop(drafts.remove(at)),
            3 => drafts.truncate(at + 1),
            4 => {
                let (_, mut theirs) = take_apart(&other.log);
                let from = below(dice, theirs.len());
                drafts[at] = theirs.swap_remove(from);
            }
            5 => forge_closing(&mut drafts[at], dice),
            _ => forge_entries(&mut drafts[at], dice),
        }
    }
    let (log, chain) = assemble_chain(&start, &drafts);
    files.log = log;
    if !files.tail.is_empty() {
        files.tail = forged_tail(&files.tail, &chain, dice);
    }
}

/// Says something else of a block's time, events or state.
fn forge_closing(draft: &mut Draft, dice: &mut Dice) {
    let digest = Digest([u8::try_from(dice.below(256)).unwrap_or(0); 32]);
    let closing = &mut draft.closing;
    match dice.below(6) {
        0 => closing.outcome = digest,
        1 => closing.state = Some(digest),
        2 => closing.state = None,
        3 => closing.time = TimeNs(dice.bits()),
        4 => closing.step = Step(dice.bits()),
        _ => closing.count = closing.count.wrapping_add(dice.within(1, 3)).max(1),
    }
}

/// Changes entries of a block: one is left out, doubled, exchanged with another or written over.
fn forge_entries(draft: &mut Draft, dice: &mut Dice) {
    let mut spans = Vec::new();
    let mut at = 0;
    while let Ok((_, len)) = decode_entry(draft.payload.get(at..).unwrap_or_default()) {
        spans.push(at..at + len);
        at += len;
    }
    if spans.is_empty() {
        return;
    }
    let one = spans[below(dice, spans.len())].clone();
    let two = spans[below(dice, spans.len())].clone();
    match dice.below(4) {
        0 if 1 < spans.len() => {
            draft.payload.drain(one);
            draft.closing.count -= 1;
        }
        1 => {
            let entry = draft.payload[one].to_vec();
            draft.payload.splice(two.start..two.start, entry);
            draft.closing.count += 1;
        }
        2 => {
            let entry = draft.payload[two].to_vec();
            draft.payload.splice(one, entry);
        }
        _ => {
            let at = one.start + below(dice, one.len());
            draft.payload[at] ^= 1 << dice.below(8);
        }
    }
    draft.payload.truncate(PAYLOAD_BYTES_MAX);
    draft.closing.count = draft.closing.count.max(1);
}

/// A tail of the entries that were in the old one, some of them left out, behind the log as it is.
fn forged_tail(old: &[u8], chain: &Chain, dice: &mut Dice) -> Vec<u8> {
    let mut rest = old.get(TAIL_HEADER_BYTES..).unwrap_or_default();
    let mut tail = encode_header(chain.seal).to_vec();
    let mut next = chain.entries + 1;
    while let Some(frame) = frame_at(rest, 0) {
        rest = rest.get(frame.bytes()..).unwrap_or_default();
        if dice.one_in(6) {
            continue;
        }
        let mut payload = frame.payload.to_vec();
        if dice.one_in(12) {
            let at = below(dice, payload.len());
            payload[at] ^= 1 << dice.below(8);
        }
        append_frame(next, frame.count, &payload, &mut tail);
        next += u64::from(frame.count);
    }
    tail
}
