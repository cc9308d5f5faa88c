//! The report transport: a ring of 32-byte slots between one writer and one reader, in safe code.
//!
//! Every slot is four atomic words that are written and read without order among themselves; one
//! counter on each side carries the order. Both sides keep a copy of the other's counter and look
//! again only when it says full or empty; the writer publishes a batch at a time, so that the two
//! threads seldom touch the same cache line. A trade, which names two orders, takes two slots.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use kernel::Side;

use crate::abi::prefetch;
use crate::report::{Kind, Report, side_number};

type Slot = [AtomicU64; 4];

/// Slots written before the reader is told, unless [`Writer::publish`] tells it earlier.
const BATCH: u64 = 1024;

/// How many slots ahead of the writer cache lines are asked for.
const AHEAD: u64 = 48;

/// A counter on cache lines of its own; two, because processors fetch pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Counter(AtomicU64);

#[derive(Debug)]
struct Shared {
    slots: Box<[Slot]>,
    /// Slots published by the writer.
    written: Counter,
    /// Slots given back by the reader.
    read: Counter,
}

/// The writing end. Both ends stand on cache lines of their own, whoever keeps them side by side.
#[derive(Debug)]
#[repr(align(128))]
pub struct Writer {
    shared: Arc<Shared>,
    next: u64,
    /// Where the writer must publish or look at the reader's counter again.
    stop: u64,
    /// Slots that the reader is known to have left free, as a counter.
    limit: u64,
}

/// The reading end.
#[derive(Debug)]
#[repr(align(128))]
pub struct Reader {
    shared: Arc<Shared>,
    next: u64,
    /// Slots known to be published.
    limit: u64,
}

/// A ring with room for this many reports, whatever their kinds.
pub fn ring(reports: u32) -> (Writer, Reader) {
    let slots = (reports.max(1 << 12) as usize * 2).next_power_of_two();
    // Not zero: every page is touched here and not when it is first used.
    let slots = (0..slots).map(|_| [const { AtomicU64::new(u64::MAX) }; 4]).collect();
    let shared = Arc::new(Shared { slots, written: Counter::default(), read: Counter::default() });
    let limit = shared.slots.len() as u64;
    let writer = Writer { shared: Arc::clone(&shared), next: 0, stop: BATCH, limit };
    (writer, Reader { shared, next: 0, limit: 0 })
}

impl Shared {
    #[expect(clippy::cast_possible_truncation, reason = "masked to the slots")]
    fn slot(&self, number: u64) -> &Slot {
        &self.slots[number as usize & (self.slots.len() - 1)]
    }
}

impl Writer {
    /// Writes a report; false when there is no room for one.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "a report must not pass through memory")]
    pub fn push(&mut self, report: Report) -> bool {
        if self.stop <= self.next && !self.go_on() {
            return false;
        }
        let Report { kind, side, qty, sequence, order, price, taker } = report;
        let head = u64::from(kind as u8) | u64::from(side_number(side)) << 8 | u64::from(qty) << 32;
        self.write([head, sequence, order, price.cast_unsigned()]);
        if kind == Kind::Trade {
            self.write([taker, 0, 0, 0]);
        }
        true
    }

    /// Shows the reader everything written so far.
    pub fn publish(&mut self) {
        self.shared.written.0.store(self.next, Ordering::Release);
        self.stop = (self.next + BATCH).min(self.limit - 1);
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "as for push")]
    fn write(&mut self, words: [u64; 4]) {
        prefetch(self.shared.slot(self.next + AHEAD));
        let slot = self.shared.slot(self.next);
        for (place, word) in slot.iter().zip(words) {
            place.store(word, Ordering::Relaxed);
        }
        self.next += 1;
    }

    /// Publishes a full batch; whether there is room for another report.
    #[cold]
    #[inline(never)]
    fn go_on(&mut self) -> bool {
        if self.limit < self.next + BATCH {
            self.limit =
                self.shared.read.0.load(Ordering::Acquire) + self.shared.slots.len() as u64;
        }
        self.publish();
        self.next < self.stop
    }
}

impl Reader {
    /// The next report, if one is published.
    pub fn pop(&mut self) -> Option<Report> {
        if self.next == self.limit {
            self.limit = self.shared.written.0.load(Ordering::Acquire);
            if self.next == self.limit {
                return None;
            }
        }
        let [head, sequence, order, price] = self.read();
        let [number, side, ..] = head.to_le_bytes();
        let kind = Kind::from_number(number)?;
        let taker = if kind == Kind::Trade { self.read()[0] } else { 0 };
        let side = if side == 0 { Side::Buy } else { Side::Sell };
        let (qty, price) = ((head >> 32) as u32, price.cast_signed());
        Some(Report { kind, side, qty, sequence, order, price, taker })
    }

    /// Gives the slots of everything read so far back to the writer.
    pub fn release(&mut self) {
        self.shared.read.0.store(self.next, Ordering::Release);
    }

    fn read(&mut self) -> [u64; 4] {
        let slot = self.shared.slot(self.next);
        self.next += 1;
        slot.each_ref().map(|word| word.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every kind in turn, with numbers that use all of their bits.
    #[expect(clippy::cast_possible_truncation, reason = "small numbers")]
    fn report(number: u64) -> Report {
        let kind = Kind::from_number((number % 6) as u8).unwrap();
        let side = if number.is_multiple_of(2) { Side::Buy } else { Side::Sell };
        let (order, price) = (!number, i64::MIN.wrapping_add_unsigned(number));
        let taker = if kind == Kind::Trade { u64::MAX - number } else { 0 };
        Report { kind, side, qty: u32::MAX - number as u32, sequence: number, order, price, taker }
    }

    #[test]
    fn reports_cross_threads_whole_and_in_order() {
        let (mut writer, mut reader) = ring(0);
        let count = 300_000;
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0..count {
                    while !writer.push(report(number)) {
                        std::thread::yield_now();
                    }
                }
                writer.publish();
            });
            let mut number = 0;
            while number < count {
                match reader.pop() {
                    Some(read) => {
                        assert_eq!(read, report(number));
                        number += 1;
                    }
                    None => std::thread::yield_now(),
                }
                if number.is_multiple_of(100) {
                    reader.release();
                }
            }
            assert_eq!(reader.pop(), None);
        });
    }

    #[test]
    fn a_ring_holds_as_many_trades_as_were_asked_for() {
        let (mut writer, mut reader) = ring(5_000);
        let (ack, trade) = (report(0), report(1));
        assert!(writer.push(ack));
        let pushed = (0..100_000).take_while(|_| writer.push(trade)).count();
        // 2^14 slots: one for the acknowledgement, two for each trade, and the last one is too few.
        assert_eq!(pushed, 8_191);
        // A full ring shows what it holds, so that the reader can make room.
        assert_eq!(reader.pop(), Some(ack));
        assert_eq!(reader.pop(), Some(trade));
        assert!(!writer.push(trade), "nothing was given back yet");
        reader.release();
        assert!(writer.push(trade));
    }

    #[test]
    fn nothing_is_seen_before_it_is_published() {
        let (mut writer, mut reader) = ring(0);
        assert!(writer.push(report(0)));
        assert_eq!(reader.pop(), None);
        writer.publish();
        assert_eq!(reader.pop(), Some(report(0)));
    }
}
