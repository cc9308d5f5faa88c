//! The canonical bytes of events, and the chained digest over them. FORMAT.md §5.

use blake3::Hasher;
use kernel::{CancelReason, Event, RejectReason, Side};

use crate::chain::{Digest, Role, finish};
use crate::codec::append_rule;
use crate::short::{self, SHORT_BYTES};

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
    let fields = match *event {
        Event::Accepted { order, client, reference } => {
            Fields::of(1).u64(order.0).u32(client.0).u64(reference.0)
        }
        Event::Rejected { order, reason } => {
            Fields::of(2).u64(order.map_or(0, |order| order.0)).u8(reject_tag(reason))
        }
        Event::Traded {
            maker,
            taker,
            maker_client,
            taker_client,
            maker_reference,
            taker_reference,
            taker_side,
            price,
            qty,
        } => Fields::of(3)
            .u64(maker.0)
            .u64(taker.0)
            .u32(maker_client.0)
            .u32(taker_client.0)
            .u64(maker_reference.0)
            .u64(taker_reference.0)
            .u8(side_tag(taker_side))
            .u32(price.ticks())
            .u32(qty.lots()),
        Event::Decremented { maker, taker, qty } => {
            Fields::of(4).u64(maker.0).u64(taker.0).u32(qty.lots())
        }
        Event::Rested { order, side, price, qty, displayed } => Fields::of(5)
            .u64(order.0)
            .u8(side_tag(side))
            .u32(price.ticks())
            .u32(qty.lots())
            .u32(displayed.lots()),
        Event::Cancelled { order, client, reference, qty, reason } => Fields::of(6)
            .u64(order.0)
            .u32(client.0)
            .u64(reference.0)
            .u32(qty.lots())
            .u8(cancel_tag(reason)),
        Event::Reduced { order, by, open } => {
            Fields::of(7).u64(order.0).u32(by.lots()).u32(open.lots())
        }
        Event::Replaced { order, price, qty, kept_priority } => Fields::of(8)
            .u64(order.0)
            .u32(price.ticks())
            .u32(qty.lots())
            .u8(u8::from(kept_priority)),
        Event::MassCancelled { client, orders } => Fields::of(9).u32(client.0).u32(orders),
        Event::ClockMoved { time, step } => Fields::of(10).u64(time.0).u64(step.0),
        Event::RuleChanged(change) => {
            bytes.push(11);
            return append_rule(change, bytes);
        }
        Event::Refilled { order, displayed, open } => {
            Fields::of(12).u64(order.0).u32(displayed.lots()).u32(open.lots())
        }
        Event::Triggered { order } => Fields::of(13).u64(order.0),
        Event::Uncrossed { price, qty } => {
            Fields::of(14).u32(price.map_or(0, kernel::Price::ticks)).u64(qty)
        }
        Event::BandHit { order, price, reference } => {
            Fields::of(15).u64(order.0).u32(price.ticks()).u32(reference.ticks())
        }
    };
    short::append(bytes, &fields.bytes, fields.len);
}

/// The bytes of one event, gathered so that they are appended at once: events are many.
struct Fields {
    bytes: [u8; SHORT_BYTES],
    len: usize,
}

impl Fields {
    const fn of(tag: u8) -> Self {
        let mut bytes = [0; SHORT_BYTES];
        bytes[0] = tag;
        Self { bytes, len: 1 }
    }

    fn put<const N: usize>(mut self, field: [u8; N]) -> Self {
        let end = self.len + N;
        self.bytes[self.len..end].copy_from_slice(&field);
        self.len = end;
        self
    }

    fn u8(self, field: u8) -> Self {
        self.put([field])
    }

    fn u32(self, field: u32) -> Self {
        self.put(field.to_le_bytes())
    }

    fn u64(self, field: u64) -> Self {
        self.put(field.to_le_bytes())
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
