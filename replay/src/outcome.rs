//! The canonical bytes of events, and the chained digest over them. FORMAT.md §5.

use blake3::Hasher;
use kernel::{CancelReason, Event, RejectReason, Side};

use crate::chain::{Digest, Role, finish};
use crate::codec::append_rule;

/// Hashes the events of a block as they come.
#[derive(Clone, Debug)]
pub struct Outcome {
    hasher: Hasher,
    /// Bytes not hashed yet: BLAKE3 runs at full speed on long inputs only.
    buffer: Vec<u8>,
}

const BUFFER_BYTES: usize = 1 << 15;

impl Outcome {
    /// Starts a block after one with this outcome; zeros for the first block.
    pub fn after(previous: Digest) -> Self {
        let mut outcome = Self { hasher: Role::Outcome.hasher(), buffer: Vec::new() };
        outcome.hasher.update(&previous.0);
        outcome
    }

    /// Starts the next block, keeping the buffer's memory.
    pub fn restart(&mut self, previous: Digest) {
        self.buffer.clear();
        self.hasher = Role::Outcome.hasher();
        self.hasher.update(&previous.0);
    }

    /// Takes the events of the next entry.
    pub fn take(&mut self, events: &[Event]) {
        for event in events {
            write_event(event, &mut self.buffer);
        }
        if BUFFER_BYTES <= self.buffer.len() {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    /// The outcome up to here.
    pub fn digest(&self) -> Digest {
        let mut hasher = self.hasher.clone();
        hasher.update(&self.buffer);
        finish(&hasher)
    }
}

/// Appends the canonical bytes of an event: a tag, then its fields in the order of their
/// declaration, little-endian.
pub fn write_event(event: &Event, bytes: &mut Vec<u8>) {
    match *event {
        Event::Accepted { order, client, reference } => {
            put(
                bytes,
                1,
                &[&order.0.to_le_bytes(), &client.0.to_le_bytes(), &reference.0.to_le_bytes()],
            );
        }
        Event::Rejected { order, reason } => {
            let order = order.map_or(0, |order| order.0);
            put(bytes, 2, &[&order.to_le_bytes(), &[reject_tag(reason)]]);
        }
        Event::Traded { .. } => write_trade(event, bytes),
        Event::Decremented { maker, taker, qty } => {
            let fields =
                [&maker.0.to_le_bytes()[..], &taker.0.to_le_bytes(), &qty.lots().to_le_bytes()];
            put(bytes, 4, &fields);
        }
        Event::Rested { order, side, price, qty, displayed } => {
            let (price, qty) = (price.ticks().to_le_bytes(), qty.lots().to_le_bytes());
            let (order, displayed) = (order.0.to_le_bytes(), displayed.lots().to_le_bytes());
            put(bytes, 5, &[&order, &[side_tag(side)], &price, &qty, &displayed]);
        }
        Event::Cancelled { order, client, reference, qty, reason } => {
            let (order, client) = (order.0.to_le_bytes(), client.0.to_le_bytes());
            let (reference, qty) = (reference.0.to_le_bytes(), qty.lots().to_le_bytes());
            put(bytes, 6, &[&order, &client, &reference, &qty, &[cancel_tag(reason)]]);
        }
        Event::Reduced { order, by, open } => {
            let fields =
                [&order.0.to_le_bytes()[..], &by.lots().to_le_bytes(), &open.lots().to_le_bytes()];
            put(bytes, 7, &fields);
        }
        Event::Replaced { order, price, qty, kept_priority } => {
            let (price, qty) = (price.ticks().to_le_bytes(), qty.lots().to_le_bytes());
            put(bytes, 8, &[&order.0.to_le_bytes(), &price, &qty, &[u8::from(kept_priority)]]);
        }
        Event::MassCancelled { client, orders } => {
            put(bytes, 9, &[&client.0.to_le_bytes(), &orders.to_le_bytes()]);
        }
        Event::ClockMoved { time, step } => {
            put(bytes, 10, &[&time.0.to_le_bytes(), &step.0.to_le_bytes()]);
        }
        Event::RuleChanged(change) => {
            bytes.push(11);
            append_rule(change, bytes);
        }
        Event::Refilled { order, displayed, open } => {
            let (displayed, open) = (displayed.lots().to_le_bytes(), open.lots().to_le_bytes());
            put(bytes, 12, &[&order.0.to_le_bytes(), &displayed, &open]);
        }
        Event::Triggered { order } => put(bytes, 13, &[&order.0.to_le_bytes()]),
        Event::Uncrossed { price, qty } => {
            let price = price.map_or(0, kernel::Price::ticks);
            put(bytes, 14, &[&price.to_le_bytes(), &qty.to_le_bytes()]);
        }
        Event::BandHit { order, price, reference } => {
            let (price, reference) = (price.ticks().to_le_bytes(), reference.ticks().to_le_bytes());
            put(bytes, 15, &[&order.0.to_le_bytes(), &price, &reference]);
        }
    }
}

fn write_trade(event: &Event, bytes: &mut Vec<u8>) {
    let &Event::Traded {
        maker,
        taker,
        maker_client,
        taker_client,
        maker_reference,
        taker_reference,
        taker_side,
        price,
        qty,
    } = event
    else {
        return;
    };
    let fields = [
        &maker.0.to_le_bytes()[..],
        &taker.0.to_le_bytes(),
        &maker_client.0.to_le_bytes(),
        &taker_client.0.to_le_bytes(),
        &maker_reference.0.to_le_bytes(),
        &taker_reference.0.to_le_bytes(),
        &[side_tag(taker_side)],
        &price.ticks().to_le_bytes(),
        &qty.lots().to_le_bytes(),
    ];
    put(bytes, 3, &fields);
}

fn put(bytes: &mut Vec<u8>, tag: u8, fields: &[&[u8]]) {
    bytes.push(tag);
    for field in fields {
        bytes.extend_from_slice(field);
    }
}

const fn side_tag(side: Side) -> u8 {
    match side {
        Side::Buy => 0,
        Side::Sell => 1,
    }
}

const fn cancel_tag(reason: CancelReason) -> u8 {
    match reason {
        CancelReason::Requested => 1,
        CancelReason::Mass => 2,
        CancelReason::Remainder => 3,
        CancelReason::SelfTrade => 4,
        CancelReason::Expired => 5,
        CancelReason::Band => 6,
        CancelReason::NoRoom => 7,
    }
}

const fn reject_tag(reason: RejectReason) -> u8 {
    match reason {
        RejectReason::UnknownClient => 1,
        RejectReason::UnknownOrder => 2,
        RejectReason::NotOwner => 3,
        RejectReason::Halted => 4,
        RejectReason::Unsupported => 5,
        RejectReason::QtyLimit => 6,
        RejectReason::LotSize => 7,
        RejectReason::PriceRange => 8,
        RejectReason::TickSize => 9,
        RejectReason::ShortSale => 10,
        RejectReason::PositionLimit => 11,
        RejectReason::NoLiquidity => 12,
        RejectReason::WouldTrade => 13,
        RejectReason::OrderLimit => 14,
        RejectReason::LevelLimit => 15,
        RejectReason::Unfillable => 16,
        RejectReason::TimeBackwards => 17,
        RejectReason::BadRule => 18,
        RejectReason::Expired => 19,
        RejectReason::Display => 20,
        RejectReason::WrongState => 21,
    }
}
