//! The canonical bytes of events, and the chained digest over them. FORMAT.md §5.

use blake3::Hasher;
use kernel::{CancelReason, Event, RejectReason, Side};

use crate::chain::{Digest, Role, finish};
use crate::codec::encode_rule;

/// Hashes the events of a block as they come.
#[derive(Clone, Debug)]
pub struct Outcome {
    hasher: Hasher,
    /// Bytes not hashed yet, and room for one event more.
    buffer: Box<[u8]>,
    len: usize,
}

/// Bytes that are hashed together: BLAKE3 runs at full speed on long inputs of whole chunks only.
const BUFFER_BYTES: usize = 1 << 15;
/// Room for the longest event.
pub const EVENT_BYTES_MAX: usize = 64;

impl Outcome {
    /// Starts a block after one with this outcome; zeros for the first block.
    pub fn after(previous: Digest) -> Self {
        let buffer = vec![0; BUFFER_BYTES + EVENT_BYTES_MAX].into_boxed_slice();
        let mut outcome = Self { hasher: Role::Outcome.hasher(), buffer, len: 0 };
        outcome.restart(previous);
        outcome
    }

    /// Starts the next block, keeping the buffer's memory.
    pub fn restart(&mut self, previous: Digest) {
        self.hasher = Role::Outcome.hasher();
        self.len = previous.0.len();
        self.buffer[..self.len].copy_from_slice(&previous.0);
    }

    /// Takes the events of the next entry.
    pub fn take(&mut self, events: &[Event]) {
        for event in events {
            let Some(room) = self.buffer[self.len..].first_chunk_mut() else {
                unreachable!("there is room for an event behind a buffer that is not full")
            };
            self.len += write_event(event, room);
            if BUFFER_BYTES <= self.len {
                self.flush();
            }
        }
    }

    #[cold]
    fn flush(&mut self) {
        self.hasher.update(&self.buffer[..BUFFER_BYTES]);
        self.buffer.copy_within(BUFFER_BYTES..self.len, 0);
        self.len -= BUFFER_BYTES;
    }

    /// The outcome up to here.
    pub fn digest(&self) -> Digest {
        let mut hasher = self.hasher.clone();
        hasher.update(&self.buffer[..self.len]);
        finish(&hasher)
    }
}

/// Writes the canonical bytes of an event and returns how many they are: a tag, then its fields in
/// the order of their declaration, little-endian.
pub fn write_event(event: &Event, bytes: &mut [u8; EVENT_BYTES_MAX]) -> usize {
    let fields = match *event {
        Event::Accepted { order, client, reference } => {
            Fields::behind(1, bytes).u64(order.0).u32(client.0).u64(reference.0)
        }
        Event::Rejected { order, reason } => {
            Fields::behind(2, bytes).u64(order.map_or(0, |order| order.0)).u8(reject_tag(reason))
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
        } => Fields::behind(3, bytes)
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
            Fields::behind(4, bytes).u64(maker.0).u64(taker.0).u32(qty.lots())
        }
        Event::Rested { order, side, price, qty, displayed } => Fields::behind(5, bytes)
            .u64(order.0)
            .u8(side_tag(side))
            .u32(price.ticks())
            .u32(qty.lots())
            .u32(displayed.lots()),
        Event::Cancelled { order, client, reference, qty, reason } => Fields::behind(6, bytes)
            .u64(order.0)
            .u32(client.0)
            .u64(reference.0)
            .u32(qty.lots())
            .u8(cancel_tag(reason)),
        Event::Reduced { order, by, open } => {
            Fields::behind(7, bytes).u64(order.0).u32(by.lots()).u32(open.lots())
        }
        Event::Replaced { order, price, qty, kept_priority } => Fields::behind(8, bytes)
            .u64(order.0)
            .u32(price.ticks())
            .u32(qty.lots())
            .u8(u8::from(kept_priority)),
        Event::MassCancelled { client, orders } => {
            Fields::behind(9, bytes).u32(client.0).u32(orders)
        }
        Event::ClockMoved { time, step } => Fields::behind(10, bytes).u64(time.0).u64(step.0),
        Event::RuleChanged(change) => {
            bytes[0] = 11;
            return 1 + encode_rule(change, &mut bytes[1..]);
        }
        Event::Refilled { order, displayed, open } => {
            Fields::behind(12, bytes).u64(order.0).u32(displayed.lots()).u32(open.lots())
        }
        Event::Triggered { order } => Fields::behind(13, bytes).u64(order.0),
        Event::Uncrossed { price, qty } => {
            Fields::behind(14, bytes).u32(price.map_or(0, kernel::Price::ticks)).u64(qty)
        }
        Event::BandHit { order, price, reference } => {
            Fields::behind(15, bytes).u64(order.0).u32(price.ticks()).u32(reference.ticks())
        }
    };
    fields.len
}

/// The bytes of one event, written where they stay: events are many.
struct Fields<'a> {
    bytes: &'a mut [u8; EVENT_BYTES_MAX],
    len: usize,
}

impl<'a> Fields<'a> {
    const fn behind(tag: u8, bytes: &'a mut [u8; EVENT_BYTES_MAX]) -> Self {
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
