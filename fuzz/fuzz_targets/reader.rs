//! Foreign bytes through reader, player and recovery: nothing panics, nothing accepted is written
//! another way, and recovery keeps what a reader then accepts.
//!
//! Raw bytes die at the first checksum, so most inputs are plans instead: a valid log is made,
//! changed in a few places, its checksums and digests repaired as the plan says, and read.
#![no_main]

use arbitrary::{Arbitrary, Unstructured};
use kernel::{
    ClientId, Command, MarketState, OrderKind, Place, Price, Qty, Reference, RuleChange, SelfTrade,
    Side, Step, TimeInForce, TimeNs,
};
use libfuzzer_sys::fuzz_target;
use replay::block::{BLOCK_HEADER_BYTES, Chain, Closing, PAYLOAD_BYTES_MAX};
use replay::codec::{ENTRY_BYTES_MAX, decode_entry, encode_entry, encode_genesis};
use replay::entry::DecisionEntry;
use replay::slot::Slot;
use replay::tail::{append_frame, encode_header};
use replay::{
    Digest, Entry, Genesis, Mark, Player, ReadLimits, Reader, Recorder, SyncPolicy, header, salvage,
};

/// What a reader of the fuzz target gives a log.
const LIMITS: ReadLimits = ReadLimits { orders_max: 1 << 20, ..ReadLimits::DEFAULT };

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    /// The first bytes are a log, the others a tail.
    Raw {
        log_bytes: u16,
        bytes: &'a [u8],
    },
    Plan(Plan),
    /// Bytes of one entry.
    Entry(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
struct Plan {
    entries: Vec<Small>,
    /// Full blocks of long decisions ahead of them.
    full_blocks: u8,
    /// Entries behind which the open block is framed.
    frames: [u8; 4],
    is_finished: bool,
    /// Changes that come before digests are computed anew, if they are.
    drafts: Vec<Forgery>,
    /// Changes behind them, by bytes.
    patches: Vec<Patch>,
    repair: Repair,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Small {
    Place {
        client: u8,
        sell: bool,
        lots: u8,
        ticks: u8,
        ioc: bool,
        extra: Extra,
    },
    Cancel {
        client: u8,
        order: u8,
    },
    Clock {
        time: u64,
        step: u64,
    },
    Rule(bool, u32),
    /// Band, market state.
    Session(Option<u8>, bool),
    Uncross,
    Mark(u64),
    Decision {
        numbers: u8,
        observed: bool,
    },
}

#[derive(Arbitrary, Clone, Copy, Debug)]
struct Extra {
    display: Option<u8>,
    stop: Option<u8>,
    expiry: Option<u64>,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Forgery {
    Count { block: u8, count: u32 },
    Time { block: u8, time: u64 },
    Outcome { block: u8 },
    State { block: u8, some: bool },
    Final { block: u8, is_final: bool },
    Byte { block: u8, at: u16, byte: u8 },
    Cut { block: u8, len: u16 },
    Insert { block: u8, byte: u8 },
    Swap { one: u8, other: u8 },
    Double { block: u8 },
    Drop { block: u8 },
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Patch {
    Log { at: u32, byte: u8 },
    Header { block: u8, at: u8, bytes: [u8; 4] },
    Tail { at: u16, byte: u8 },
    Frame { at: u8, first: u64, count: u32, len: u8 },
    CutLog { by: u16 },
    CutTail { by: u16 },
    TailSeal { block: u8 },
    AppendLog { byte: u8, len: u8 },
}

#[derive(Arbitrary, Clone, Copy, Debug, PartialEq, Eq)]
enum Repair {
    Nothing,
    /// Checksums of block headers.
    Checksums,
    /// Every digest from the first change on.
    Digests,
}

impl Small {
    fn entry(self, number: u64) -> Entry {
        Entry::Command(match self {
            Self::Place { client, sell, lots, ticks, ioc, extra } => Command::Place(Place {
                client: ClientId(u32::from(client % 8)),
                reference: Reference(number),
                side: if sell { Side::Sell } else { Side::Buy },
                qty: Qty::new(u32::from(lots) + 1).unwrap(),
                kind: OrderKind::Limit {
                    price: Price::new(u32::from(ticks % 16) + 1).unwrap(),
                    post_only: false,
                },
                tif: match extra.expiry {
                    _ if ioc => TimeInForce::Ioc,
                    Some(expiry) => TimeInForce::Gtt(TimeNs(expiry)),
                    None => TimeInForce::Gtc,
                },
                display: extra.display.map(|lots| Qty::new(u32::from(lots) + 1).unwrap()),
                stop: extra.stop.map(|ticks| Price::new(u32::from(ticks % 16) + 1).unwrap()),
                self_trade: SelfTrade::Allow,
            }),
            Self::Cancel { client, order } => Command::Cancel {
                client: ClientId(u32::from(client % 8)),
                order: kernel::OrderId(order.into()),
            },
            Self::Clock { time, step } => Command::Clock { time: TimeNs(time), step: Step(step) },
            Self::Rule(true, number) => Command::SetRule(RuleChange::Tax(number)),
            Self::Rule(false, number) => Command::SetRule(RuleChange::PositionMax(number.into())),
            Self::Session(Some(band), _) => Command::SetRule(RuleChange::Band(band.into())),
            Self::Session(None, is_auction) => Command::SetRule(RuleChange::State(if is_auction {
                MarketState::Auction
            } else {
                MarketState::Continuous
            })),
            Self::Uncross => Command::Uncross,
            Self::Mark(number) => {
                return Entry::Mark(Mark { name: "m".parse().unwrap(), number });
            }
            Self::Decision { numbers, observed } => {
                return decision(numbers.into(), observed);
            }
        })
    }
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

/// A valid log and tail, as a recorder writes them.
fn record(plan: &Plan) -> (Vec<u8>, Vec<u8>) {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(kernel::Genesis::open(), "fuzz");
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for _ in 0..32 * usize::from(plan.full_blocks % 3) {
        recorder.take(&decision(512, true)).unwrap();
    }
    for (number, small) in plan.entries.iter().enumerate() {
        recorder.take(&small.entry(number as u64 + 1)).unwrap();
        if plan.frames.iter().any(|frame| usize::from(*frame) == number) {
            recorder.sync().unwrap();
        }
    }
    if plan.is_finished {
        recorder.finish().unwrap();
    } else {
        drop(recorder);
    }
    (log, tail)
}

type Draft = (Closing, Vec<u8>);

fn take_apart(log: &[u8]) -> (Vec<u8>, Vec<Draft>) {
    let mut reader = Reader::open(log, Vec::new(), LIMITS).unwrap();
    let start = usize::try_from(reader.header().bytes).unwrap();
    let mut drafts = Vec::new();
    while let Ok(Some(block)) = reader.next_block() {
        let Some(header) = block.header else { break };
        let closing = Closing {
            is_final: header.is_final(),
            count: header.count,
            time: header.time,
            step: header.step,
            outcome: header.outcome,
            state: header.has_state().then_some(header.state),
        };
        drafts.push((closing, block.payload().to_vec()));
    }
    (log[..start].to_vec(), drafts)
}

fn forge(drafts: &mut Vec<Draft>, forgery: Forgery) {
    let blocks = drafts.len();
    let index = |block: u8| usize::from(block) % blocks;
    match forgery {
        Forgery::Count { block, count } => drafts[index(block)].0.count = count,
        Forgery::Time { block, time } => drafts[index(block)].0.time = TimeNs(time),
        Forgery::Outcome { block } => drafts[index(block)].0.outcome.0[0] ^= 1,
        Forgery::State { block, some } => {
            drafts[index(block)].0.state = some.then_some(Digest([1; 32]));
        }
        Forgery::Final { block, is_final } => drafts[index(block)].0.is_final = is_final,
        Forgery::Byte { block, at, byte } => {
            let payload = &mut drafts[index(block)].1;
            let at = usize::from(at) % payload.len().max(1);
            if let Some(found) = payload.get_mut(at) {
                *found = byte;
            }
        }
        Forgery::Cut { block, len } => drafts[index(block)].1.truncate(len.into()),
        Forgery::Insert { block, byte } => drafts[index(block)].1.push(byte),
        Forgery::Swap { one, other } => drafts.swap(index(one), index(other)),
        Forgery::Double { block } => drafts.push(drafts[index(block)].clone()),
        Forgery::Drop { block } if 1 < blocks => {
            drafts.remove(index(block));
        }
        Forgery::Drop { .. } => {}
    }
}

/// The log of these blocks, every digest right; stops where a header cannot say what it should.
fn assemble(header_bytes: &[u8], drafts: &[Draft]) -> (Vec<u8>, Vec<Digest>) {
    let mut log = header_bytes.to_vec();
    let seal = header::read(&mut &header_bytes[..]).unwrap().seal;
    let (mut chain, mut seals) = (Chain::new(seal), vec![seal]);
    for (closing, payload) in drafts {
        let header = chain.close(closing, &mut Slot::from(&payload[..]));
        log.extend_from_slice(&header.encode());
        log.extend_from_slice(payload);
        if !closing.is_final {
            log.resize(log.len() + PAYLOAD_BYTES_MAX.saturating_sub(payload.len()), 0);
        }
        chain.advance(&header);
        seals.push(header.seal);
    }
    (log, seals)
}

fn change(log: &mut Vec<u8>, tail: &mut Vec<u8>, patch: Patch, start: usize, seals: &[Digest]) {
    let block_at = |block: u8, len: usize| {
        let blocks = (len - start.min(len)).div_ceil(1 << 16).max(1);
        start + usize::from(block) % blocks * (1 << 16)
    };
    match patch {
        Patch::Log { at, byte } => {
            let at = usize::try_from(at).unwrap() % log.len().max(1);
            if let Some(found) = log.get_mut(at) {
                *found = byte;
            }
        }
        Patch::Header { block, at, bytes } => {
            let at = block_at(block, log.len()) + usize::from(at) % (BLOCK_HEADER_BYTES - 8);
            if let Some(found) = log.get_mut(at..at + 4) {
                found.copy_from_slice(&bytes);
            }
        }
        Patch::Tail { at, byte } => {
            let at = usize::from(at) % tail.len().max(1);
            if let Some(found) = tail.get_mut(at) {
                *found = byte;
            }
        }
        Patch::Frame { at, first, count, len } => {
            let payload: Vec<u8> =
                tail.iter().skip(at.into()).take(usize::from(len)).copied().collect();
            append_frame(first, count, &payload, tail);
        }
        Patch::CutLog { by } => log.truncate(log.len().saturating_sub(by.into())),
        Patch::CutTail { by } => tail.truncate(tail.len().saturating_sub(by.into())),
        Patch::TailSeal { block } => {
            let header = encode_header(seals[usize::from(block) % seals.len()]);
            tail.splice(..header.len().min(tail.len()), header);
        }
        Patch::AppendLog { byte, len } => log.resize(log.len() + usize::from(len), byte),
    }
}

fn repair_checksums(log: &mut [u8], start: usize) {
    for at in (start..log.len()).step_by(1 << 16) {
        let Some(header) = log.get_mut(at..at + BLOCK_HEADER_BYTES) else { return };
        let (checked, checksum) = header.split_at_mut(BLOCK_HEADER_BYTES - 4);
        checksum.copy_from_slice(&crc32c::crc32c(checked).to_le_bytes());
    }
}

/// Reads, recovers and plays.
fn check(log: &[u8], tail: &[u8]) {
    let Ok(mut reader) = Reader::open(log, tail.to_vec(), LIMITS) else { return };
    let genesis = encode_genesis(&reader.header().genesis).unwrap();
    assert_eq!(log[16..16 + genesis.len()], genesis);
    let mut entries = 0;
    let result = loop {
        match reader.next_block() {
            Ok(Some(block)) => {
                assert_eq!(block.first, entries + 1, "blocks follow one another");
                entries += u64::from(block.count);
                check_entries(block.payload());
            }
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    let kept = salvage(Reader::open(log, tail.to_vec(), LIMITS).unwrap());
    match (&result, kept) {
        (Ok(()), kept) => {
            let kept = kept.unwrap();
            assert!(kept.torn.is_none());
            assert_eq!(kept.sealed_entries + kept.open_entries, entries);
        }
        (Err(error), Ok(kept)) => {
            assert!(error.is_torn() && kept.torn.is_some());
            let len = usize::try_from(kept.log_bytes).unwrap();
            let again = Reader::open(&log[..len], kept.tail, LIMITS).unwrap();
            let again = salvage(again).unwrap();
            assert!(again.torn.is_none() && !again.is_tail_cut, "what is kept is whole");
            assert_eq!(again.head, kept.head);
        }
        (Err(_), Err(_)) => {}
    }
    let reader = Reader::open(log, tail.to_vec(), LIMITS).unwrap();
    let mut player = Player::new(reader).unwrap().collecting();
    let mut number = 0;
    while let Ok(Some(moment)) = player.advance() {
        number += 1;
        assert_eq!(moment.number, number);
    }
    let summary = player.summary();
    if player.is_at_end() {
        assert!(result.is_ok());
        assert_eq!((summary.entries, number), (entries, entries));
    }
}

/// What can be read of these bytes is written the same way.
fn check_entries(mut bytes: &[u8]) {
    let mut buffer = [0; ENTRY_BYTES_MAX];
    while let Ok((entry, used)) = decode_entry(bytes) {
        let len = encode_entry(&entry, &mut buffer).unwrap();
        assert_eq!(buffer[..len], bytes[..used]);
        bytes = &bytes[used..];
    }
}

fn run_plan(plan: &Plan) {
    let (mut log, mut tail) = record(plan);
    let start = usize::try_from(header::read(&mut &log[..]).unwrap().bytes).unwrap();
    let (header, mut drafts) = take_apart(&log);
    let (same, mut seals) = assemble(&header, &drafts);
    assert!(same == log, "an assembled log is the recorded one");
    if plan.repair == Repair::Digests && !drafts.is_empty() {
        for forgery in plan.drafts.iter().take(4) {
            forge(&mut drafts, *forgery);
        }
        (log, seals) = assemble(&header, &drafts);
    }
    for patch in plan.patches.iter().take(4) {
        change(&mut log, &mut tail, *patch, start, &seals);
    }
    if plan.repair == Repair::Checksums {
        repair_checksums(&mut log, start);
    }
    check(&log, &tail);
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(bytes)) else { return };
    match input {
        Input::Raw { log_bytes, bytes } => {
            let (log, tail) = bytes.split_at(bytes.len().min(log_bytes.into()));
            check(log, tail);
        }
        Input::Plan(plan) => run_plan(&plan),
        Input::Entry(bytes) => check_entries(bytes),
    }
});
