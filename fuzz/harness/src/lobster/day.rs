//! The two files of a day that a market could have had.

use std::fmt::Write;

use crate::input::Input;

/// Prices of each side; with as many levels everything is in sight.
pub(super) const PRICES: usize = 6;
/// Most rows.
const ROWS_MAX: u8 = 24;

/// An order that rests.
#[derive(Clone, Copy)]
struct Resting {
    id: u32,
    is_buy: bool,
    /// From the middle, 0 the best.
    away: u32,
    size: u32,
}

impl Resting {
    /// In 1/10,000 of the currency; bids below 1,000,000 and asks from there on.
    fn price(&self) -> u32 {
        if self.is_buy { 999_900 - 100 * self.away } else { 1_000_000 + 100 * self.away }
    }
}

/// Message and orderbook file of a day with so many levels of each side.
pub(super) fn write(input: &mut Input<'_>, depth: usize) -> (Vec<u8>, Vec<u8>) {
    let (mut messages, mut orderbook) = (String::new(), String::new());
    let mut book: Vec<Resting> = Vec::new();
    let mut time = 34_200_000_000_000_u64;
    let mut next_id = 1;
    for _ in 0..=input.below(ROWS_MAX) {
        time += 1 + u64::from(input.u8());
        let (kind, order) = step(input, &mut book, &mut next_id);
        let (seconds, nanos) = (time / 1_000_000_000, time % 1_000_000_000);
        let direction = if order.is_buy { 1 } else { -1 };
        let Resting { id, size, .. } = order;
        let price = order.price();
        writeln!(messages, "{seconds}.{nanos:09},{kind},{id},{size},{price},{direction}").unwrap();
        write_book(&book, depth, &mut orderbook);
    }
    (messages.into_bytes(), orderbook.into_bytes())
}

/// One event of the market: its type, and the order with the size that the row tells.
fn step(input: &mut Input<'_>, book: &mut Vec<Resting>, next_id: &mut u32) -> (u8, Resting) {
    let kind = input.below(8);
    if kind < 4 || book.is_empty() {
        let byte = input.u8();
        let away = u32::from(byte >> 1) % u32::try_from(PRICES).unwrap_or(1);
        let size = 1 + u32::from(input.u8() % 9);
        let order = Resting { id: *next_id, is_buy: byte & 1 == 0, away, size };
        *next_id += 1 + u32::from(byte >> 6);
        book.push(order);
        return (1, order);
    }
    let index = input.index(book.len());
    let order = book[index];
    if kind == 4 && 1 < order.size {
        let by = 1 + u32::from(input.u8()) % (order.size - 1);
        book[index].size -= by;
        return (2, Resting { size: by, ..order });
    }
    if kind <= 5 {
        book.remove(index);
        return (3, order);
    }
    if kind == 6 && input.below(4) == 0 {
        return (5, Resting { id: 0, ..order });
    }
    // A taker meets the front of the best level: the first of the orders that came so near.
    let best = book.iter().filter(|other| other.is_buy == order.is_buy).map(|other| other.away);
    let best = best.min().unwrap_or(0);
    let is_front = |other: &Resting| other.is_buy == order.is_buy && other.away == best;
    let index = book.iter().position(is_front).unwrap_or(0);
    let front = book[index];
    let size = 1 + u32::from(input.u8()) % front.size;
    if size == front.size {
        book.remove(index);
    } else {
        book[index].size -= size;
    }
    (4, Resting { size, ..front })
}

fn write_book(book: &[Resting], depth: usize, text: &mut String) {
    let level = |is_buy: bool, index: usize| {
        let mut sizes = [0; PRICES];
        for order in book.iter().filter(|order| order.is_buy == is_buy) {
            sizes[usize::try_from(order.away).unwrap_or(0)] += order.size;
        }
        let mut levels = (0..).zip(sizes).filter(|(_, size)| *size != 0);
        let (away, size) = levels.nth(index)?;
        Some((Resting { id: 0, is_buy, away, size }.price(), size))
    };
    for index in 0..depth {
        let comma = if index == 0 { "" } else { "," };
        match level(false, index) {
            Some((price, size)) => write!(text, "{comma}{price},{size}").unwrap(),
            None => write!(text, "{comma}9999999999,0").unwrap(),
        }
        match level(true, index) {
            Some((price, size)) => write!(text, ",{price},{size}").unwrap(),
            None => text.push_str(",-9999999999,0"),
        }
    }
    text.push('\n');
}
