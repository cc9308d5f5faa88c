//! Crashes of the recorder: every call fails once in every way, every byte is the last one, every
//! subset of few sectors is kept. And some random cases of the long run, `--bin crash`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::cell::RefCell;

use replay::SyncPolicy;
use tests::crash::case::Bench;
use tests::crash::count::Counts;
use tests::crash::device::{Disk, Fault, Plan};
use tests::crash::disk::{Cut, Fill, Image};
use tests::crash::left::{Depth, Expected, Left, look};
use tests::crash::life::{Course, Life, live};
use tests::crash::script::Script;
use tests::random::Dice;

const POLICIES: [SyncPolicy; 3] = [SyncPolicy::None, SyncPolicy::Block, SyncPolicy::Entry];
/// So many sectors at the most are kept in every subset; of more, some subsets are drawn.
const SECTORS_MAX: usize = 4;

/// So many lengths of a file are looked at, one byte apart where there are no more.
const LENGTHS: usize = 12;
/// So many ways to leave both files at the most; of more, each of the log's meets some of the tail's.
const PAIRS_MAX: usize = 60;

/// One file after one loss of power: the cut, and a bit for each sector that is kept.
type Option = (Cut, u128);

/// Every way in which a file may be left, as long as there are few.
fn options(image: &Image, dice: &mut Dice) -> Vec<Option> {
    let mut options = Vec::new();
    for back in 0..image.contents() {
        let (min, max) = (image.len_min(back), image.len(back));
        // Every byte of a few; some of many.
        let every = ((max - min) / LENGTHS).max(1);
        for len in (min..max).step_by(every).chain([max]) {
            let fills: &[Fill] =
                if len == max || dice.one_in(8) { &[Fill::Zeros, Fill::Garbage(9)] } else { &[] };
            options.push((Cut { back, len, sector: 512, fill: Fill::Zeros }, u128::MAX));
            for (fill, sector) in fills.iter().flat_map(|fill| [(*fill, 512), (*fill, 4096)]) {
                let cut = Cut { back, len, sector, fill };
                let sectors = image.sectors(cut);
                if sectors <= SECTORS_MAX {
                    options.extend((0..1 << sectors).map(|kept| (cut, kept)));
                } else {
                    let at = dice.below(u32::try_from(sectors).unwrap());
                    let any = u128::from(dice.bits()) << 64 | u128::from(dice.bits());
                    let patterns = [0, (1 << (at % 128)) - 1, 1, !1, !(1 << (at % 128)), any];
                    options.extend(patterns.map(|kept| (cut, kept)));
                }
            }
        }
    }
    options
}

/// What happened before, and what is looked at.
struct Check<'a> {
    script: &'a Script,
    disk: &'a RefCell<Disk>,
    life: Life,
    has_header: bool,
    told: String,
}

impl Check<'_> {
    #[track_caller]
    fn one(&self, log: &[u8], tail: &[u8], has_holes: bool, how: &str, counts: &mut Counts) {
        let Life { acknowledged, taken } = self.life;
        let has_header = self.has_header;
        let expected = Expected { acknowledged, taken, has_header, has_holes };
        // What is cheap each time; all of it now and then.
        let depth = match counts.cases % 100 {
            0 => Depth::Onward,
            10 | 30 | 50 | 70 | 90 => Depth::Twice,
            _ => Depth::Once,
        };
        counts.cases += 1;
        match look(self.script, log, tail, expected, depth) {
            Ok(left) => counts.take(&left),
            Err(error) => panic!("{error}\n{}{how}", self.told),
        }
    }

    /// The files as they were, and after every loss of power.
    #[track_caller]
    fn all(&self, dice: &mut Dice, counts: &mut Counts) {
        let disk = self.disk.borrow();
        self.one(disk.log.present(), disk.tail.present(), false, "as they were", counts);
        let (mut log, mut tail) = (Vec::new(), Vec::new());
        let (logs, tails) = (options(&disk.log, dice), options(&disk.tail, dice));
        // Seldom are both files in doubt: then each of the ways of one meets some of the other.
        for (at, (cut, kept)) in logs.iter().enumerate() {
            let keeps = |sector: usize| 0 < kept >> (sector % 128) & 1;
            let lost = disk.log.after(*cut, keeps, &mut log);
            let some = if logs.len() * tails.len() <= PAIRS_MAX { 1 } else { tails.len() };
            for (cut_tail, kept_tail) in tails.iter().skip(at % some).step_by(some) {
                let keeps = |sector: usize| 0 < kept_tail >> (sector % 128) & 1;
                disk.tail.after(*cut_tail, keeps, &mut tail);
                let how = format!("log {cut:?} {kept:b}\ntail {cut_tail:?} {kept_tail:b}");
                self.one(&log, &tail, lost.holes, &how, counts);
            }
        }
    }
}

/// Lives with every fault at every call, after a first life that ended well with these files.
#[track_caller]
fn check_every_call(script: &Script, course: &Course, before: &[Vec<u8>; 2], from: u64) -> Counts {
    let disk = RefCell::new(Disk::new());
    let (mut counts, mut dice) = (Counts::default(), Dice::new(3));
    for fault in Fault::ALL {
        for part in [0, (1 << 15) + 1, u16::MAX] {
            let mut at = 1;
            loop {
                let plan = Plan { fault, at, part };
                disk.borrow_mut().begin(&before[0], &before[1], plan);
                let told = format!("{course:?} {plan:?}\n");
                let life =
                    live(script, course, &disk).unwrap_or_else(|error| panic!("{error}\n{told}"));
                let met = disk.borrow().met;
                counts.fault(fault, met);
                let life =
                    Life { acknowledged: life.acknowledged.max(from), taken: life.taken.max(from) };
                let is_header_safe = {
                    let disk = disk.borrow();
                    script.header_bytes <= disk.log.len_min(0)
                };
                let has_header = !before[0].is_empty() || is_header_safe;
                Check { script, disk: &disk, life, has_header, told }.all(&mut dice, &mut counts);
                if met.is_none() {
                    break;
                }
                at += 1;
            }
        }
    }
    counts
}

fn course(policy: SyncPolicy, syncs: u64, script: &Script, finishes: bool) -> Course {
    Course { policy, syncs, stop: script.len(), finishes }
}

#[test]
fn a_log_without_a_full_block_survives_every_call_that_fails() {
    let script = Script::random(&mut Dice::new(5), 5, 0).unwrap();
    let none = [Vec::new(), Vec::new()];
    let mut sum = Counts::default();
    for policy in POLICIES {
        for (syncs, finishes) in [(0b10_1000, false), (u64::MAX, false), (0b100, true), (0, true)] {
            let course = course(policy, syncs, &script, finishes);
            sum.add(check_every_call(&script, &course, &none, 0));
        }
    }
    assert!(3_000 < sum.cases && 0 < sum.dropped && 0 < sum.no_log && 0 < sum.ended, "{sum}");
}

#[test]
fn a_log_across_block_borders_survives_every_call_that_fails() {
    // 31 long entries fill a block.
    let script = Script::random(&mut Dice::new(6), 4, 64).unwrap();
    assert_eq!(script.seals.len(), 3);
    let none = [Vec::new(), Vec::new()];
    let mut sum = Counts::default();
    for policy in [SyncPolicy::None, SyncPolicy::Block] {
        for (syncs, finishes) in [(1 << 3 | 1 << 36, false), (1 << 20, true)] {
            let course = course(policy, syncs, &script, finishes);
            sum.add(check_every_call(&script, &course, &none, 0));
        }
    }
    assert!(3_000 < sum.cases && 0 < sum.dropped && 0 < sum.refused, "{sum}");
}

/// The block of an open tail is sealed while the power goes: any sectors of it may be there, and
/// what was acknowledged stands in the tail.
#[test]
fn entries_of_a_block_that_was_not_durable_are_taken_from_the_tail() {
    let script = Script::random(&mut Dice::new(8), 0, 33).unwrap();
    let disk = RefCell::new(Disk::new());
    // The header, its sync, a frame, its sync: the fifth call appends the block.
    let plan = Plan { fault: Fault::Power, at: 5, part: u16::MAX };
    disk.borrow_mut().begin(&[], &[], plan);
    let course = course(SyncPolicy::Block, 1 << 30, &script, false);
    let life = live(&script, &course, &disk).unwrap();
    assert_eq!((life.acknowledged, disk.borrow().calls), (30, 5));
    let disk = disk.borrow();
    let mut dice = Dice::new(2);
    let (mut log, mut bad) = (Vec::new(), 0);
    for case in 0..600 {
        let fill = if dice.one_in(2) { Fill::Zeros } else { Fill::Garbage(3) };
        let len = disk.log.len(0);
        let cut = Cut { back: 0, len, sector: dice.pick(&[512, 4096]), fill };
        let (lost, few) = (dice.below(100), dice.one_in(2));
        let mut keep = dice.clone();
        dice.bits();
        let keeps = |sector| if few { sector != lost as usize } else { keep.below(100) < lost };
        let lost = disk.log.after(cut, keeps, &mut log);
        let expected =
            Expected { acknowledged: 30, taken: 33, has_header: true, has_holes: lost.holes };
        let left = look(&script, &log, disk.tail.present(), expected, Depth::Twice);
        match left.unwrap_or_else(|error| panic!("case {case}: {error}")) {
            Left::Dropped(kept) => {
                assert_eq!(kept.entries, 30);
                bad += 1;
            }
            Left::Whole(kept) => assert_eq!((kept.entries, lost.holes), (31, false)),
            other @ (Left::NoLog | Left::Refused(_)) => panic!("case {case}: {other:?}"),
        }
    }
    assert!(400 < bad, "{bad} torn blocks");
}

#[test]
fn a_resumed_log_survives_every_call_that_fails() {
    let small = Script::random(&mut Dice::new(11), 6, 0).unwrap();
    let long = Script::random(&mut Dice::new(12), 2, 40).unwrap();
    let mut sum = Counts::default();
    for (script, stop) in [(&small, 3), (&long, 33)] {
        let disk = RefCell::new(Disk::new());
        let policy = SyncPolicy::Block;
        let first = Course { policy, syncs: 1 << stop, stop, finishes: false };
        assert_eq!(live(script, &first, &disk).unwrap().acknowledged, stop);
        let files = {
            let disk = disk.borrow();
            [disk.log.present().to_vec(), disk.tail.present().to_vec()]
        };
        assert!(!files[1].is_empty(), "the open block is in the tail");
        for (policy, finishes) in [(SyncPolicy::Block, true), (SyncPolicy::Entry, false)] {
            let course = course(policy, 0b1001_0000, script, finishes);
            sum.add(check_every_call(script, &course, &files, stop));
        }
    }
    assert!(2_000 < sum.cases && 0 < sum.dropped && sum.no_log == 0, "{sum}");
}

/// The long run is `cargo run --release -p tests --bin crash`.
#[test]
fn random_crashes_lose_nothing() {
    let mut bench = Bench::new(1).unwrap();
    for recording in 0..1_250 {
        if let Err(failed) = bench.run(recording, None) {
            panic!("case {}: {}\n{}", failed.case, failed.what, failed.how);
        }
    }
    let counts = bench.counts();
    assert_eq!(counts.cases, 20_000);
    assert_eq!(counts.unmet(), [""; 0], "{counts}");
}
