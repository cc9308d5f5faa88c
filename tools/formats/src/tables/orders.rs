//! The life of every order.

use std::collections::BTreeMap;
use std::io::{self, Write};

use kernel::{CancelReason, Command, Engine, Event, OrderId, OrderKind, Place, TimeNs};
use replay::{Entry, Moment};

use super::{Cell, RowFormat, Rows, Table};
use crate::words::{SIDES, tif_word, word_of};

const COLUMNS: &[&str] = &[
    "entry",
    "time_ns",
    "id",
    "order",
    "client",
    "side",
    "type",
    "tif",
    "price",
    "qty",
    "traded",
    "status",
    "end_entry",
    "end_time_ns",
];

/// One row for each order, written when it ends; those that still rest come last, by id.
///
/// `price` and `qty` are those of the `Place`. `status` is `rejected`, `traded` (nothing is left),
/// `cancelled`, `mass_cancelled`, `remainder` (what could not rest), `self_trade`, `expired`, `band`,
/// `no_room`, or `open` (it rests or waits for its stop).
/// Memory follows live orders.
pub struct Orders<W> {
    rows: Rows<W>,
    live: BTreeMap<OrderId, Life>,
}

/// What is known of an order while it lives.
struct Life {
    entry: u64,
    time: TimeNs,
    place: Place,
    traded: u64,
}

impl<W: Write> Orders<W> {
    /// An empty table.
    ///
    /// # Errors
    /// Of the sink.
    pub fn new(sink: W, format: RowFormat) -> io::Result<Self> {
        Ok(Self { rows: Rows::new(sink, format, COLUMNS)?, live: BTreeMap::new() })
    }

    fn trade(&mut self, order: OrderId, qty: kernel::Qty) {
        if let Some(life) = self.live.get_mut(&order) {
            life.traded += u64::from(qty.lots());
        }
    }

    fn write(
        &mut self,
        order: OrderId,
        life: &Life,
        status: &'static str,
        end: Option<(u64, TimeNs)>,
    ) -> io::Result<()> {
        let Life { entry, time, place, traded } = life;
        let (kind, price) = match place.kind {
            OrderKind::Limit { price, post_only: false } => ("limit", price.ticks().into()),
            OrderKind::Limit { price, post_only: true } => ("post_only", price.ticks().into()),
            OrderKind::Market => ("market", Cell::Empty),
            OrderKind::MarketToLimit => ("market_to_limit", Cell::Empty),
        };
        self.rows.write(&[
            (*entry).into(),
            time.0.into(),
            order.0.into(),
            place.reference.0.into(),
            place.client.0.into(),
            Cell::Word(word_of(SIDES, place.side)),
            Cell::Word(kind),
            Cell::Word(tif_word(place.tif)),
            price,
            place.qty.lots().into(),
            (*traded).into(),
            Cell::Word(status),
            end.map_or(Cell::Empty, |(entry, _)| entry.into()),
            end.map_or(Cell::Empty, |(_, time)| time.0.into()),
        ])
    }
}

impl<W: Write> Table for Orders<W> {
    fn observe(&mut self, moment: &Moment<'_>) -> io::Result<()> {
        if let Entry::Command(Command::Place(place)) = moment.entry {
            let life =
                Life { entry: moment.number, time: moment.engine.time(), place: *place, traded: 0 };
            self.live.insert(OrderId(moment.engine.placed()), life);
        }
        for event in moment.events {
            if let Event::Traded { maker, taker, qty, .. } = *event {
                self.trade(maker, qty);
                self.trade(taker, qty);
            }
        }
        let end = Some((moment.number, moment.engine.time()));
        for (order, life, status) in self.take_ended(moment).into_iter().rev() {
            self.write(order, &life, status, end)?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Engine) -> io::Result<()> {
        for (order, life) in std::mem::take(&mut self.live) {
            self.write(order, &life, "open", None)?;
        }
        self.rows.flush()
    }
}

impl<W: Write> Orders<W> {
    /// Takes the orders that an entry ended, the last one first. An order that has nothing left ends
    /// without an event of its own: its last meeting tells how.
    fn take_ended(&mut self, moment: &Moment<'_>) -> Vec<(OrderId, Life, &'static str)> {
        let is_place = matches!(moment.entry, Entry::Command(Command::Place(_)));
        let mut ended = Vec::new();
        let mut take = |order: OrderId, status| {
            if !moment.engine.is_live(order)
                && let Some(life) = self.live.remove(&order)
            {
                ended.push((order, life, status));
            }
        };
        for event in moment.events.iter().rev() {
            match *event {
                Event::Traded { maker, taker, .. } => {
                    take(taker, "traded");
                    take(maker, "traded");
                }
                Event::Decremented { maker, taker, .. } => {
                    take(taker, "self_trade");
                    take(maker, "self_trade");
                }
                Event::Cancelled { order, reason, .. } => take(order, cancel_word(reason)),
                // A refused cancel names an order too, which lives on or is dead already.
                Event::Rejected { order: Some(order), .. } if is_place => take(order, "rejected"),
                Event::Accepted { .. }
                | Event::Rejected { .. }
                | Event::Rested { .. }
                | Event::Reduced { .. }
                | Event::Replaced { .. }
                | Event::MassCancelled { .. }
                | Event::ClockMoved { .. }
                | Event::RuleChanged(_)
                | Event::Refilled { .. }
                | Event::Triggered { .. }
                | Event::Uncrossed { .. }
                | Event::BandHit { .. } => {}
            }
        }
        ended
    }
}

const fn cancel_word(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::Requested => "cancelled",
        CancelReason::Mass => "mass_cancelled",
        CancelReason::Remainder => "remainder",
        CancelReason::SelfTrade => "self_trade",
        CancelReason::Expired => "expired",
        CancelReason::Band => "band",
        CancelReason::NoRoom => "no_room",
    }
}
