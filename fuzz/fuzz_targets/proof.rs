//! Foreign bytes through the checker of proofs: nothing panics, and what is accepted against a seal
//! is the true proof of an entry, byte for byte.
//!
//! Raw bytes die at the magic, so most inputs are plans: a true proof of a log that is made once,
//! changed in a few places, its checksum repaired where the plan says so.
#![no_main]

use std::cell::OnceCell;

use arbitrary::{Arbitrary, Unstructured};
use kernel::Reference;
use libfuzzer_sys::fuzz_target;
use replay::entry::DecisionEntry;
use replay::{
    Archive, Digest, Entry, Genesis, Mark, Proof, ReadLimits, Recorder, SyncPolicy, prove,
};

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    Raw(&'a [u8]),
    Plan(Plan),
}

#[derive(Arbitrary, Debug)]
struct Plan {
    entry: u16,
    against: u8,
    /// Of which parts are spliced in.
    other_entry: u16,
    other_against: u8,
    changes: Vec<Change>,
    is_repaired: bool,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Change {
    Byte { at: u32, byte: u8 },
    Number { at: u8, value: u64 },
    Near { at: u8, by: i8 },
    Swap { one: u32, other: u32 },
    Splice { at: u32, len: u8 },
    Cut { by: u16 },
    Extend { byte: u8, len: u8 },
    Insert { at: u32, byte: u8 },
}

type Log = Archive<std::rc::Rc<Vec<u8>>>;

/// A log of a few blocks, made once.
fn with_log(run: impl FnOnce(&Log)) {
    thread_local! {
        static LOG: OnceCell<Log> = const { OnceCell::new() };
    }
    LOG.with(|log| run(log.get_or_init(record)));
}

fn record() -> Log {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(kernel::Genesis::open(), "fuzz");
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for number in 0..180 {
        recorder
            .take(&Entry::Decision(DecisionEntry {
                agent: number,
                policy: 1,
                action: vec![-1; 512],
                first_reference: Reference(0),
                commands: 0,
                observation: Some([7; 8]),
            }))
            .unwrap();
    }
    for number in 0..5 {
        recorder.take(&Entry::Mark(Mark { name: "m".parse().unwrap(), number })).unwrap();
    }
    recorder.finish().unwrap();
    Archive::open(std::rc::Rc::new(log), Vec::new(), ReadLimits::DEFAULT).unwrap()
}

/// A true proof: of any entry, against any block that seals it.
fn proof(log: &Log, entry: u16, against: u8) -> (Vec<u8>, u64) {
    let entry = u64::from(entry) % log.entries() + 1;
    let holder = log.find(entry).unwrap().unwrap();
    let against = holder + u64::from(against) % (log.blocks() - holder + 1);
    (prove(log, entry, Some(against), &mut |_| ()).unwrap().encode(), against)
}

fn apply(bytes: &mut Vec<u8>, other: &[u8], change: Change) {
    let len = bytes.len().max(1);
    let place = |at: u32| usize::try_from(at).unwrap() % len;
    match change {
        Change::Byte { at, byte } => {
            if let Some(found) = bytes.get_mut(place(at)) {
                *found = byte;
            }
        }
        Change::Number { at, value } => {
            if let Some(found) = bytes.get_mut(at.into()..usize::from(at) + 8) {
                found.copy_from_slice(&value.to_le_bytes());
            }
        }
        Change::Near { at, by } => {
            if let Some(found) = bytes.get_mut(at.into()..usize::from(at) + 8) {
                let value = u64::from_le_bytes(found.try_into().unwrap());
                found.copy_from_slice(&value.wrapping_add_signed(by.into()).to_le_bytes());
            }
        }
        Change::Swap { one, other } => {
            let (one, other) = (place(one), place(other));
            if one.abs_diff(other) < 32 || len < one.max(other) + 32 {
                return;
            }
            for byte in 0..32 {
                bytes.swap(one + byte, other + byte);
            }
        }
        Change::Splice { at, len } => {
            let (at, len) = (place(at), usize::from(len));
            if let (Some(found), Some(from)) = (bytes.get_mut(at..at + len), other.get(at..at + len))
            {
                found.copy_from_slice(from);
            }
        }
        Change::Cut { by } => bytes.truncate(bytes.len().saturating_sub(by.into())),
        Change::Extend { byte, len } => bytes.resize(bytes.len() + usize::from(len), byte),
        Change::Insert { at, byte } => bytes.insert(place(at).min(bytes.len()), byte),
    }
}

fn repair(bytes: &mut [u8]) {
    if let Some((checked, checksum)) = bytes.split_last_chunk_mut::<4>() {
        *checksum = crc32c::crc32c(checked).to_le_bytes();
    }
}

/// What is read is written the same way; what is accepted is true.
fn check(log: &Log, bytes: &[u8]) {
    let Ok(read) = Proof::decode(bytes) else { return };
    assert_eq!(read.encode(), bytes);
    assert!(read.check(Digest::ZERO).is_err());
    for block in 1..=log.blocks() {
        let Ok(proven) = read.check(log.seal(block).unwrap()) else { continue };
        let truth = prove(log, proven.entry, Some(block), &mut |_| ()).unwrap();
        assert!(truth.encode() == bytes, "a proof of entry {} that nobody made", proven.entry);
        assert_eq!(log.entry(proven.entry).unwrap().as_ref(), Some(proven.what));
    }
}

fn run_plan(log: &Log, plan: &Plan) {
    let (mut bytes, against) = proof(log, plan.entry, plan.against);
    let seal = log.seal(against).unwrap();
    assert!(Proof::decode(&bytes).unwrap().check(seal).is_ok(), "a true proof is accepted");
    let (other, _) = proof(log, plan.other_entry, plan.other_against);
    for change in plan.changes.iter().take(4) {
        apply(&mut bytes, &other, *change);
    }
    if plan.is_repaired {
        repair(&mut bytes);
    }
    check(log, &bytes);
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(bytes)) else { return };
    with_log(|log| match input {
        Input::Raw(bytes) => check(log, bytes),
        Input::Plan(plan) => run_plan(log, &plan),
    });
});
