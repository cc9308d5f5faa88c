//! Runs every book in turn and keeps the least time of each.

use streams::{Expected, Operation, Stream};

use crate::books::{Made, Maker};
use crate::cpu;

/// Operations between two looks at the clock.
const TOGETHER: usize = 64;

/// A bound of CPU time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seconds(pub(crate) u64);

/// What one book needed and made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    /// Timed operations that it did, of all.
    pub(crate) done: usize,
    /// Nanoseconds for them: the least of all runs.
    pub(crate) time: u64,
    pub(crate) made: Made,
    /// What the plain book made of the same operations.
    pub(crate) expected: Expected,
    /// Whether a run met the cap; it is then the only one.
    pub(crate) is_stopped: bool,
}

/// Runs all books so many times on a stream. A book that meets the cap is not run again.
pub(crate) fn measure(stream: &Stream, makers: &[Maker], runs: u32, cap: Seconds) -> Vec<Row> {
    let mut rows: Vec<Option<Row>> = makers.iter().map(|_| None).collect();
    for _ in 0..runs {
        for (maker, row) in makers.iter().zip(&mut rows) {
            if row.as_ref().is_some_and(|row| row.is_stopped) {
                continue;
            }
            let new = run(stream, maker, cap);
            let time = least(new.time, row.as_ref());
            *row = Some(Row { time, ..new });
        }
    }
    let mut rows: Vec<Row> = rows.into_iter().flatten().collect();
    for row in rows.iter_mut().filter(|row| row.is_stopped) {
        if let Some(ours) = makers.first() {
            row.expected = prefix(stream, ours, row.done);
        }
    }
    rows
}

/// The lesser of a time and of those before.
fn least(time: u64, before: Option<&Row>) -> u64 {
    before.map_or(time, |before| before.time.min(time))
}

/// One book on one stream: the untimed operations, then the timed ones.
fn run(stream: &Stream, maker: &Maker, cap: Seconds) -> Row {
    let mut book = (maker.open)(stream.recipe.live);
    let (untimed, timed) = stream.operations.split_at(stream.untimed);
    let end = cpu::nanoseconds().saturating_add(cap.0.saturating_mul(1_000_000_000));
    let mut apply = |operations: &[Operation]| {
        let (mut made, mut done) = (Made::default(), 0);
        let start = cpu::nanoseconds();
        let mut now = start;
        for operations in operations.chunks(TOGETHER) {
            book.run(operations, &mut made);
            done += operations.len();
            // A look at this clock costs as much as some operations, so there are few.
            if done.is_multiple_of(TOGETHER * 64) {
                now = cpu::nanoseconds();
                if end <= now {
                    break;
                }
            }
        }
        let is_whole = done == operations.len();
        ((if is_whole { cpu::nanoseconds() } else { now }) - start, made, done)
    };
    let (_, _, filled) = apply(untimed);
    let (time, made, done) =
        if filled == untimed.len() { apply(timed) } else { (0, Made::default(), 0) };
    let is_stopped = done < timed.len();
    Row { name: maker.name, done, time, made, expected: stream.expected, is_stopped }
}

/// What our kernel makes of the first timed operations; of all, it makes what the plain book does,
/// which the table shows.
fn prefix(stream: &Stream, ours: &Maker, done: usize) -> Expected {
    let mut book = (ours.open)(stream.recipe.live);
    let (untimed, timed) = stream.operations.split_at(stream.untimed);
    let mut made = Made::default();
    book.run(untimed, &mut made);
    made = Made::default();
    book.run(&timed[..done], &mut made);
    made.traded
}

#[cfg(test)]
mod tests {
    use streams::{Recipe, S4K};

    use super::*;
    use crate::books;

    const SHORT: Recipe = Recipe { live: 256, operations: 20_000, ..S4K };

    #[test]
    fn right_books_make_the_trades_of_the_plain_book_and_wrong_ones_do_not() {
        let stream = streams::generate(SHORT);
        let rows = measure(&stream, &books::all(), 1, Seconds(60));
        let right = rows.iter().filter(|row| row.made.traded == row.expected);
        let names: Vec<_> = right.map(|row| row.name.split([' ', ',']).next()).collect();
        let expected = ["kernel", "kernel", "lobster", "rust_ob", "orderbook-rs"].map(Some);
        assert_eq!(names, expected);
    }

    #[test]
    fn the_least_time_counts() {
        let row = Row {
            name: "it",
            done: 1,
            time: 3,
            made: Made::default(),
            expected: Expected::default(),
            is_stopped: false,
        };
        assert_eq!(least(3, None), 3);
        assert_eq!(least(2, Some(&row)), 2);
        assert_eq!(least(4, Some(&row)), 3);
    }

    #[test]
    fn a_stopped_book_is_compared_over_what_it_did() {
        let stream = streams::generate(SHORT);
        let rows = measure(&stream, &books::all()[..1], 3, Seconds(0));
        let [row] = rows.as_slice() else { panic!("one book") };
        assert!(row.is_stopped);
        assert_eq!(row.done, TOGETHER * 64);
        assert_eq!(row.made.traded, row.expected);
        assert_ne!(row.expected, stream.expected);
    }
}
