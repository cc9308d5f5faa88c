//! Recordings: final names from the start, one writer, an interruption that loses nothing.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test")]

use std::fs;
use std::path::Path;

use cli::{Exit, Failure, Recording, tail_path};
use kernel::{
    ClientId, Command, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side, TimeInForce, Venue,
};
use replay::packed::{LEVEL, pack};
use replay::{Genesis, ReadLimits, Reader, SyncPolicy};

fn genesis() -> Genesis {
    Genesis::new(kernel::Genesis::open(), "test")
}

fn create(path: &Path) -> Result<Recording, Failure> {
    Recording::create(path, &genesis(), SyncPolicy::Block)
}

fn resume(path: &Path) -> Result<Recording, Failure> {
    Recording::resume(path, SyncPolicy::Block)
}

/// The exit code and message of a recording that must not start.
#[track_caller]
fn refused(result: Result<Recording, Failure>) -> (Exit, String) {
    let failure = result.err().expect("a refusal");
    (failure.exit, failure.message)
}

/// A stream of orders that trade and rest, from one number to another.
fn submit(recording: &mut Recording, numbers: std::ops::RangeInclusive<u32>) {
    for number in numbers {
        let side = if number % 3 == 0 { Side::Buy } else { Side::Sell };
        let kind =
            OrderKind::Limit { price: Price::new(100 + number % 17).unwrap(), post_only: false };
        let place = Place {
            client: ClientId(number % 5),
            reference: Reference(number.into()),
            side,
            kind,
            tif: TimeInForce::Gtc,
            qty: Qty::new(1 + number % 9).unwrap(),
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        };
        recording.recorder().submit(Command::Place(place)).unwrap();
    }
}

/// Enough for several blocks.
const ENTRIES: u32 = 7_000;

/// The log of an uninterrupted recording.
fn uninterrupted(folder: &Path) -> Vec<u8> {
    let path = folder.join("whole.log");
    let mut recording = create(&path).unwrap();
    submit(&mut recording, 1..=ENTRIES);
    recording.finish().unwrap();
    assert!(!tail_path(&path).exists(), "a finished log has no tail");
    fs::read(path).unwrap()
}

/// How many entries the first block of a log has.
fn first_block(log: &[u8]) -> u32 {
    let mut reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let count = reader.next_block().unwrap().unwrap().count;
    assert!(1 < count && count < ENTRIES / 2);
    count
}

#[test]
fn an_interrupted_recording_goes_on_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let whole = uninterrupted(folder.path());
    let border = first_block(&whole);
    // In the first block, at its border, in the last block, and several times.
    for stops in [
        vec![1],
        vec![100],
        vec![border - 1, border, border + 1],
        vec![10, ENTRIES - 10],
        vec![ENTRIES],
    ] {
        let path = folder.path().join(format!("{stops:?}.log"));
        let mut at = 0;
        let mut recording = create(&path).unwrap();
        for stop in &stops {
            submit(&mut recording, at + 1..=*stop);
            recording.recorder().sync().unwrap();
            drop(recording);
            at = *stop;
            recording = resume(&path).unwrap();
            assert_eq!(recording.recorder().entries(), u64::from(at));
            assert_eq!(recording.recorder().acknowledged(), u64::from(at));
        }
        submit(&mut recording, at + 1..=ENTRIES);
        recording.finish().unwrap();
        assert!(fs::read(&path).unwrap() == whole, "stopped after {stops:?}");
        assert!(!tail_path(&path).exists());
    }
}

#[test]
fn a_recording_that_is_not_synced_resumes_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let whole = uninterrupted(folder.path());
    let path = folder.path().join("lost.log");
    let mut recording = create(&path).unwrap();
    submit(&mut recording, 1..=5_000);
    let acknowledged = recording.recorder().acknowledged();
    assert!(0 < acknowledged && acknowledged < 5_000, "sealed blocks only");
    drop(recording);
    let mut recording = resume(&path).unwrap();
    let entries = u32::try_from(recording.recorder().entries()).unwrap();
    assert_eq!(u64::from(entries), acknowledged);
    submit(&mut recording, entries + 1..=ENTRIES);
    recording.finish().unwrap();
    assert!(fs::read(&path).unwrap() == whole);
}

#[test]
fn a_log_has_one_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("day.log");
    let mut first = create(&path).unwrap();
    submit(&mut first, 1..=10);
    first.recorder().sync().unwrap();
    let (exit, message) = refused(resume(&path));
    assert_eq!(exit, Exit::TryAgain);
    assert_eq!(message, format!("{}: another process is writing it", path.display()));
    assert_eq!(refused(create(&path)).0, Exit::CannotCreate);
    // Refusals took nothing from the first.
    submit(&mut first, 11..=20);
    first.recorder().sync().unwrap();
    drop(first);
    let mut second = resume(&path).unwrap();
    assert_eq!(second.recorder().entries(), 20);
}

#[test]
fn a_recording_replaces_neither_log_nor_tail() {
    let folder = tempfile::tempdir().unwrap();
    let (log, tail) = (folder.path().join("a.log"), folder.path().join("b.log.tail"));
    fs::write(&log, "mine").unwrap();
    fs::write(&tail, "mine").unwrap();
    assert_eq!(refused(create(&log)).0, Exit::CannotCreate);
    assert_eq!(refused(create(&folder.path().join("b.log"))).0, Exit::CannotCreate);
    assert_eq!(refused(create(folder.path())).0, Exit::CannotCreate);
    assert_eq!(refused(create(&folder.path().join("no/c.log"))).0, Exit::CannotCreate);
    assert_eq!((fs::read(log).unwrap(), fs::read(tail).unwrap()), (b"mine".into(), b"mine".into()));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "nothing else was left");
}

#[test]
fn a_genesis_that_no_market_accepts_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("day.log");
    let mut genesis = genesis();
    genesis.market.rules.price_min = genesis.market.rules.price_max;
    genesis.market.rules.price_max = Price::MIN;
    let refusal = Recording::create(&path, &genesis, SyncPolicy::Block);
    assert_eq!(refused(refusal).0, Exit::Damaged);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn only_an_open_whole_log_is_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent.log");
    assert_eq!(refused(resume(&absent)).0, Exit::NoInput);
    assert!(!absent.exists() && !tail_path(&absent).exists());

    let ended = folder.path().join("ended.log");
    create(&ended).unwrap().finish().unwrap();
    assert_eq!(refused(resume(&ended)).0, Exit::Damaged);

    let torn = folder.path().join("torn.log");
    let mut recording = create(&torn).unwrap();
    submit(&mut recording, 1..=10);
    recording.recorder().sync().unwrap();
    drop(recording);
    let tail = fs::read(tail_path(&torn)).unwrap();
    fs::write(tail_path(&torn), &tail[..tail.len() - 1]).unwrap();
    assert_eq!(refused(resume(&torn)).0, Exit::Damaged);
    assert_eq!(fs::read(tail_path(&torn)).unwrap(), &tail[..tail.len() - 1], "left as it was");
}

#[test]
fn a_compacted_log_is_expanded_before_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let (path, packed) = (folder.path().join("open.log"), folder.path().join("open.packed"));
    let mut recording = create(&path).unwrap();
    submit(&mut recording, 1..=5_000);
    recording.recorder().sync().unwrap();
    drop(recording);
    let log = fs::File::open(&path).unwrap();
    let tail = fs::read(tail_path(&path)).unwrap();
    let reader = Reader::open(log, tail, ReadLimits::DEFAULT).unwrap();
    pack(reader, fs::File::create(&packed).unwrap(), LEVEL).unwrap();
    fs::copy(tail_path(&path), tail_path(&packed)).unwrap();
    let (before, tail) = (fs::read(&packed).unwrap(), fs::read(tail_path(&packed)).unwrap());
    let failure = resume(&packed).err().expect("a refusal");
    assert_eq!(failure.exit, Exit::Usage);
    let packed_path = packed.display();
    assert_eq!(failure.message, format!("{packed_path}: is compacted and cannot be continued"));
    let hint = format!("expand it first: replay compact {packed_path} --expand -o NEW");
    assert_eq!(failure.hint, Some(hint));
    assert!(fs::read(&packed).unwrap() == before && fs::read(tail_path(&packed)).unwrap() == tail);
    assert_eq!(resume(&path).unwrap().recorder().entries(), 5_000);
}
