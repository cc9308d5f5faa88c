//! Flipped bits and forged logs: some of those that `tamper` tries, and that its counts are not
//! those of a program that tries nothing.

use std::num::NonZeroUsize;

use tests::tamper::flips::{Subject, Target};
use tests::tamper::splices::Workshop;

fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

#[test]
fn flipped_bits_are_refused_in_their_block() {
    let subject = Subject::of_bytes(1 << 17);
    assert!(2 <= subject.blocks());
    for (target, every) in [(Target::Log, 331), (Target::Tail, 29), (Target::Packed, 131)] {
        let flips = subject.flip(target, every, threads()).unwrap();
        let bits = subject.bytes(target).len() as u64 * 8;
        assert_eq!(flips, bits.div_ceil(every), "{}", target.name());
        assert!(1_000 < flips, "{}: {flips}", target.name());
        subject.flip_one(target, bits - 1).unwrap();
    }
}

#[test]
fn nothing_but_the_original_has_the_pins() {
    let tally = Workshop::new(1).try_all(2_000, threads()).unwrap();
    assert_eq!(tally.cases, 2_000);
    assert_eq!(tally.refused + tally.whole + tally.same, tally.cases);
    // Of every kind there are some, or nothing would have been tried.
    for count in [tally.refused, tally.whole, tally.diverged, tally.same_head, tally.same] {
        assert!(20 <= count, "{tally:?}");
    }
}

#[test]
fn a_case_is_the_same_on_every_thread() {
    let one = Workshop::new(2).try_all(200, NonZeroUsize::MIN).unwrap();
    let more = Workshop::new(2).try_all(200, NonZeroUsize::new(3).unwrap()).unwrap();
    assert_eq!(one, more);
}
