//! Every kind of difference is found and told.

use kernel::{Command, Step, TimeNs, Venue};
use replay::block::{BLOCK_HEADER_BYTES, BlockHeader, Chain, Closing};
use replay::slot::Slot;
use replay::{Digest, Mark, Recorder, SyncPolicy, header};

use super::*;

fn start() -> Genesis {
    let mut genesis = Genesis::new(kernel::Genesis::open(), "test");
    genesis.parameters.insert("pace".to_owned(), "3".to_owned());
    genesis
}

/// A log with so many steps and a mark after each.
fn log(genesis: &Genesis, marks: &[u64]) -> Vec<u8> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for (step, number) in (1..).zip(marks) {
        recorder.submit(Command::Clock { time: TimeNs(step), step: Step(step) }).unwrap();
        recorder.mark(&Mark { name: "row".parse().unwrap(), number: *number }).unwrap();
    }
    recorder.finish().unwrap();
    log
}

#[test]
fn equal_logs_have_no_difference() {
    assert_eq!(first(&log(&start(), &[1, 2]), &log(&start(), &[1, 2])), None);
}

#[test]
fn the_first_different_entry_is_decoded() {
    let golden = log(&start(), &[1, 2, 3]);
    let found = first(&golden, &log(&start(), &[1, 7, 3]));
    assert_eq!(found.as_deref(), Some("entry 4: mark row 2 -> mark row 7"));
    let found = first(&golden, &log(&start(), &[1, 2]));
    let expected = "entry 5: clock 3 ns, step 3 -> end";
    assert_eq!(found.as_deref(), Some(expected));
}

#[test]
fn entries_beyond_a_block_are_found_too() {
    let mut marks: Vec<_> = (0..20_000).collect();
    let golden = log(&start(), &marks);
    marks[12_345] = 0;
    let found = first(&golden, &log(&start(), &marks));
    assert_eq!(found.as_deref(), Some("entry 24692: mark row 12345 -> mark row 0"));
}

#[test]
fn another_genesis_is_told_before_any_entry() {
    let (golden, mut other) = (log(&start(), &[1]), start());
    other.parameters.insert("pace".to_owned(), "4".to_owned());
    let found = first(&golden, &log(&other, &[2]));
    assert_eq!(found.as_deref(), Some("genesis: parameter pace: 3 -> 4"));
    other.seed = 9;
    let found = first(&golden, &log(&other, &[2]));
    assert_eq!(found.as_deref(), Some("genesis: test with seed 0 -> test with seed 9"));
    let mut other = start();
    other.market.rules.tax = 1;
    let found = first(&golden, &log(&other, &[1]));
    assert_eq!(found.as_deref(), Some("genesis: rules, limits or endowments differ"));
}

#[test]
fn a_changed_byte_is_told_wherever_it_is() {
    let run = log(&start(), &[1, 2, 3]);
    for at in 0..run.len() {
        let mut golden = run.clone();
        golden[at] ^= 1;
        let found = first(&golden, &run).unwrap();
        assert!(found.starts_with(&format!("byte {at} differs")), "{at}: {found}");
    }
    let entries = header::encode(&start()).unwrap().len() + BLOCK_HEADER_BYTES;
    let mut golden = run.clone();
    golden[entries + 20] ^= 1;
    let found = first(&golden, &run).unwrap();
    let place = format!("byte {} differs, in entry 2 (mark row 1): ", entries + 20);
    assert!(found.starts_with(&place), "{found}");
}

#[test]
fn what_is_cut_off_or_added_is_told() {
    let run = log(&start(), &[1, 2, 3]);
    for golden in [&run[..0], &run[..10], &run[..run.len() - 1], &[&run[..], &[0]].concat()] {
        let at = golden.len().min(run.len());
        let found = first(golden, &run).unwrap();
        assert!(found.starts_with(&format!("byte {at} differs")), "{found}");
    }
}

#[test]
fn another_behaviour_behind_equal_entries_is_told() {
    let run = log(&start(), &[1]);
    let head = header::encode(&start()).unwrap();
    let payload = &run[head.len() + BLOCK_HEADER_BYTES..];
    let bytes: &[u8; BLOCK_HEADER_BYTES] = run[head.len()..].first_chunk().unwrap();
    let true_header = BlockHeader::decode(bytes).unwrap();
    let forge = |outcome, state| {
        let mut seal = Digest::ZERO;
        seal.0.copy_from_slice(&head[head.len() - 32..]);
        let closing = Closing {
            is_final: true,
            count: true_header.count,
            time: true_header.time,
            step: true_header.step,
            outcome,
            state: Some(state),
        };
        let forged = Chain::new(seal).close(&closing, &mut Slot::from(payload));
        first(&[&head[..], &forged.encode(), payload].concat(), &run).unwrap_or_default()
    };
    let (other, zeros) = (Digest([7; 32]), "07".repeat(32));
    let place = "block 1 (entries 1 to 3): entries are equal";
    let BlockHeader { outcome, state, .. } = true_header;
    assert_eq!(forge(outcome, state), "");
    assert_eq!(forge(other, state), format!("{place}, outcome {zeros} -> {outcome}"));
    assert_eq!(forge(outcome, other), format!("{place}, state {zeros} -> {state}"));
}
