//! Logs by plan: recorded as a producer would, then changed in a few places, with digests and
//! checksums made right again where the plan says so.
//!
//! Raw bytes die at the first checksum; what a plan changes is read by what lies behind it.

use kernel::{Reference, TimeNs, Venue};
use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES, Closing, PAYLOAD_BYTES_MAX};
use replay::entry::DecisionEntry;
use replay::tail::{TAIL_HEADER_BYTES, append_frame, encode_header};
use replay::{Digest, Entry, Genesis, Mark, ReadLimits, Recorder, SyncPolicy, Update, header};

use ::tests::forge::{Draft, assemble, assemble_chain, take_apart};

use crate::input::Input;
use crate::market;
use crate::patch::{patch, repair_checksum};

/// What a reader of the targets gives a log.
pub const LIMITS: ReadLimits = ReadLimits { orders_max: 1 << 20, ..ReadLimits::DEFAULT };
/// Most entries of a plan, apart from those of full blocks.
const ENTRIES_MAX: u8 = 64;
/// Most entries that a forged header tells of: the chain counts them without a check.
const COUNT_MAX: u32 = 1 << 20;
/// Decisions of 2,080 bytes that fill a block, and one that begins the next.
const FILLING: usize = 32;

/// A log and its tail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Log {
    /// Content of `LOG`.
    pub bytes: Vec<u8>,
    /// Content of `LOG.tail`.
    pub tail: Vec<u8>,
}

/// How a plan treats the log that it has recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// Nothing is changed.
    Whole,
    /// Bytes at the ends are cut off or overwritten with zeros, as a loss of power may.
    Torn,
    /// Bytes anywhere.
    Patched,
    /// Bytes anywhere, and checksums of block headers and frames fit.
    Checked,
    /// Blocks and headers, and everything fits: heads, roots, seals, checksums.
    Forged,
}

/// A recorded log, and the same as the plan has left it.
#[derive(Debug)]
pub struct Plan {
    /// As it was recorded.
    pub recorded: Log,
    /// As it is to be read.
    pub log: Log,
    /// What was done.
    pub treatment: Treatment,
}

/// Carries a plan out.
pub fn plan(input: &mut Input<'_>) -> Plan {
    let shape = input.u8();
    let treatment = match input.below(8) {
        0 => Treatment::Whole,
        1 | 2 => Treatment::Torn,
        3 => Treatment::Patched,
        4 | 5 => Treatment::Checked,
        _ => Treatment::Forged,
    };
    let changes = 1 + input.below(3);
    let before_end = input.clone();
    let recorded = record(input, shape);
    let mut log = recorded.clone();
    if treatment == Treatment::Torn && shape & 1 == 1 {
        // The writer died while it appended the final block: the tail was not emptied yet.
        log.tail = record(&mut { before_end }, shape & !1).tail;
    }
    match treatment {
        Treatment::Whole => {}
        Treatment::Torn => tear(input, &mut log, shape & 1 == 1),
        Treatment::Patched | Treatment::Checked => {
            for _ in 0..changes {
                change(input, &mut log, treatment == Treatment::Checked);
            }
        }
        Treatment::Forged => {
            forge(input, &mut log, changes);
            if input.flag() {
                change(input, &mut log, true);
            }
        }
    }
    Plan { recorded, log, treatment }
}

/// A log and tail, as a recorder writes them.
///
/// * `shape` - 1 an end, 2 icebergs, 4 a market of the input's; from 240 on a full block ahead of the
///   entries, from 248 on two. These cost a hundred times as much as all the rest, and are rare.
pub fn record(input: &mut Input<'_>, shape: u8) -> Log {
    let mut log = Log::default();
    let icebergs = shape & 2 != 0;
    let market = if shape & 4 == 0 { kernel::Genesis::open() } else { market::genesis(input) };
    let genesis = Genesis::new(market, "fuzz");
    let Log { bytes, tail } = &mut log;
    let mut recorder = Recorder::create(&genesis, bytes, tail, SyncPolicy::None).unwrap();
    let full_blocks = full_blocks(shape);
    for _ in 0..FILLING * full_blocks {
        recorder.take(&decision(512, true)).unwrap();
    }
    for _ in 0..input.below(ENTRIES_MAX) {
        if let Some(entry) = entry(input, recorder.engine(), icebergs) {
            recorder.take(&entry).unwrap();
        } else {
            recorder.sync().unwrap();
        }
    }
    if shape & 1 == 1 {
        recorder.finish().unwrap();
    }
    log
}

/// How many full blocks a log of this shape has ahead of its entries.
const fn full_blocks(shape: u8) -> usize {
    match shape {
        0..240 => 0,
        240..248 => 1,
        248..=255 => 2,
    }
}

/// The next entry; `None` where those before it are to be made durable.
pub fn entry(input: &mut Input<'_>, engine: &kernel::Engine, icebergs: bool) -> Option<Entry> {
    Some(match input.below(8) {
        0..=3 => Entry::Command(market::command(input, engine, icebergs)),
        4 => Entry::Mark(Mark {
            name: if input.flag() { "m" } else { "row" }.parse().unwrap(),
            number: input.u8().into(),
        }),
        5 => decision(usize::from(input.below(8)), input.flag()),
        6 => Entry::Update(Update {
            learner: input.u8().into(),
            number: input.u8().into(),
            digest: [input.u8(); 32],
        }),
        _ => return None,
    })
}

fn decision(numbers: usize, observed: bool) -> Entry {
    Entry::Decision(DecisionEntry {
        agent: 1,
        policy: 1,
        action: vec![-1; numbers],
        first_reference: Reference(0),
        commands: 0,
        observation: observed.then_some([7; 8]),
    })
}

/// Where the first block of a log stands; 0 where its header cannot be read.
pub fn start(log: &[u8]) -> usize {
    let header = header::read(&mut &log[..]);
    header.map_or(0, |header| usize::try_from(header.bytes).unwrap_or(0))
}

/// What an interruption leaves: one of the files is shorter, or ends in zeros or in something else.
///
/// What a tail continues is durable, so of a log with a tail only what was written behind that can
/// be lost: a final block.
fn tear(input: &mut Input<'_>, log: &mut Log, is_ended: bool) {
    let start = start(&log.bytes);
    let Log { bytes, tail } = log;
    let is_tail = !is_ended && (!tail.is_empty() || input.flag());
    let last = (bytes.len() - start).saturating_sub(1) / BLOCK_BYTES * BLOCK_BYTES;
    let kept = if is_ended && !tail.is_empty() { start + last } else { start };
    let (file, kept) = if is_tail { (tail, 0) } else { (bytes, kept) };
    let at = (kept + input.place(file.len() - kept)).min(file.len());
    match input.below(4) {
        0 | 1 => file.truncate(at),
        2 => file[at..].fill(0),
        // Only a tail may come back as anything.
        _ if is_tail => file[at..].fill(input.u8()),
        _ => file.truncate(at),
    }
}

/// One change of bytes.
fn change(input: &mut Input<'_>, log: &mut Log, is_checked: bool) {
    let start = start(&log.bytes);
    let Log { bytes, tail } = log;
    match input.below(9) {
        0 | 1 => patch(input, bytes, tail),
        2 | 3 => patch(input, tail, bytes),
        4 => {
            // A place in a block header, which patches of long logs seldom meet.
            let at = start + input.index(3) * BLOCK_BYTES;
            let end = (at + BLOCK_HEADER_BYTES).min(bytes.len());
            if let Some(found) = bytes.get(at..end) {
                let mut header = found.to_vec();
                patch(input, &mut header, tail);
                bytes.splice(at..end, header);
            }
        }
        5 => {
            let (first, count) = (input.u8().into(), input.u8().into());
            let at = input.place(tail.len());
            let payload: Vec<u8> = tail.iter().skip(at).take(input.u8().into()).copied().collect();
            append_frame(first, count, &payload, tail);
        }
        6 => {
            let seal = Digest([input.u8(); 32]);
            tail.splice(..TAIL_HEADER_BYTES.min(tail.len()), encode_header(seal));
        }
        7 => {
            // A place near the end of a block, where only zeros may stand.
            let end = start + (1 + input.index(2)) * BLOCK_BYTES;
            if let Some(found) = bytes.get_mut(end - 1 - usize::from(input.u8())) {
                *found = input.u8();
            }
        }
        _ => tail.clear(),
    }
    if is_checked {
        repair_checksums(bytes, start);
        repair_frames(tail);
    }
}

/// Makes the checksums of all block headers fit.
pub fn repair_checksums(log: &mut [u8], start: usize) {
    for at in (start..log.len()).step_by(BLOCK_BYTES) {
        let Some(header) = log.get_mut(at..at + BLOCK_HEADER_BYTES) else { return };
        repair_checksum(header);
    }
}

/// Makes the checksums of a tail's header and of the frames fit to which their lengths lead.
fn repair_frames(tail: &mut [u8]) {
    let Some(header) = tail.get_mut(..TAIL_HEADER_BYTES) else { return };
    repair_checksum(header);
    let mut at = TAIL_HEADER_BYTES;
    while let Some(len) = tail.get(at..).and_then(<[u8]>::first_chunk) {
        let len = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX);
        let end = at.saturating_add(20).saturating_add(len);
        let Some(frame) = tail.get_mut(at..end) else { return };
        let checksum = crc32c::crc32c_append(crc32c::crc32c(&frame[..4]), &frame[8..]);
        frame[4..8].copy_from_slice(&checksum.to_le_bytes());
        at = end;
    }
}

/// Changes blocks and the header, and computes every digest anew.
fn forge(input: &mut Input<'_>, log: &mut Log, changes: u8) {
    let (mut header, mut drafts) = take_apart(&log.bytes);
    for _ in 0..changes {
        if input.below(8) == 7 || drafts.is_empty() {
            patch(input, &mut header, &log.tail);
            repair_header(&mut header);
        } else {
            forge_block(input, &mut drafts);
        }
    }
    let (bytes, chain) = assemble_chain(&header, &drafts);
    log.bytes = bytes;
    if TAIL_HEADER_BYTES <= log.tail.len() {
        log.tail.splice(..TAIL_HEADER_BYTES, encode_header(chain.seal));
    }
}

fn forge_block(input: &mut Input<'_>, drafts: &mut Vec<Draft>) {
    let index = input.index(drafts.len());
    let other = input.index(drafts.len());
    let last = drafts.len() - 1;
    let Draft { closing, payload } = &mut drafts[index];
    match input.below(16) {
        0 => closing.count = input.u32().min(COUNT_MAX),
        1 => closing.count += 1,
        2 => closing.time = TimeNs(input.u64()),
        3 => closing.outcome.0[0] ^= 1,
        4 => closing.state = input.flag().then_some(Digest([1; 32])),
        5 => closing.is_final = input.flag(),
        6 => drafts.swap(index, other),
        7 => {
            let again = drafts[index].clone();
            drafts.push(again);
        }
        8 if 0 < last => {
            drafts.remove(index);
        }
        _ => patch(input, payload, &[]),
    }
    for Draft { payload, .. } in drafts {
        payload.truncate(PAYLOAD_BYTES_MAX);
    }
}

/// Makes length and digest of a log's header fit its bytes.
pub fn repair_header(header: &mut [u8]) {
    let len = header.len();
    if len < 16 + 32 {
        return;
    }
    let genesis = u32::try_from(len - 16 - 32).unwrap_or(u32::MAX);
    header[12..16].copy_from_slice(&genesis.to_le_bytes());
    let digest = replay::chain::digest(replay::chain::Role::Header, &[&header[..len - 32]]);
    header[len - 32..].copy_from_slice(&digest.0);
}

/// Makes a log of one final block fit: digest of its header, then head, root, seal and checksum of
/// the block. Its length tells how many bytes of entries there are.
pub fn repair_small(log: &mut Vec<u8>) {
    let Some(len) = log.get(12..16).and_then(<[u8]>::first_chunk) else { return };
    let end = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX).saturating_add(48);
    let Some(header) = log.get_mut(..end) else { return };
    repair_header(header);
    let Some((block, payload)) = log[end..].split_at_checked(BLOCK_HEADER_BYTES) else { return };
    let number = |at: usize| u32::from_le_bytes(std::array::from_fn(|byte| block[at + byte]));
    let wide = |at: usize| u64::from_le_bytes(std::array::from_fn(|byte| block[at + byte]));
    let digest = |at: usize| Digest(std::array::from_fn(|byte| block[at + byte]));
    let closing = Closing {
        is_final: number(4) & 1 != 0,
        count: number(24).min(COUNT_MAX),
        time: TimeNs(wide(32)),
        step: kernel::Step(wide(40)),
        outcome: digest(80),
        state: (number(4) & 2 != 0).then(|| digest(112)),
    };
    let payload = payload[..payload.len().min(PAYLOAD_BYTES_MAX)].to_vec();
    *log = assemble(&log[..end], &[Draft { closing, payload }]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plan with full blocks, commands, notes and frames.
    fn bytes(shape: u8) -> Vec<u8> {
        let mut bytes = vec![shape, 0, 0, 40];
        bytes.extend((0..600_u32).map(|byte| u8::try_from(byte * 37 % 251).unwrap()));
        bytes
    }

    #[test]
    fn an_assembled_log_is_the_recorded_one() {
        for shape in [1, 0xF1, 0xF9, 0xF8] {
            let bytes = bytes(shape);
            let made = plan(&mut Input::new(&bytes));
            assert_eq!(made.treatment, Treatment::Whole);
            let log = made.recorded.bytes;
            let (header, drafts) = take_apart(&log);
            assert!(assemble(&header, &drafts) == log, "shape {shape}");
            let full = full_blocks(shape);
            assert_eq!(drafts.len(), full + usize::from(shape & 1), "shape {shape}");
        }
    }

    #[test]
    fn a_repaired_log_is_the_recorded_one() {
        let bytes = bytes(1);
        let log = plan(&mut Input::new(&bytes)).recorded.bytes;
        let mut repaired = log.clone();
        let end = start(&log);
        repaired[end - 1] ^= 1;
        repaired[end + 50] ^= 1;
        repair_small(&mut repaired);
        assert!(repaired == log);
    }
}
