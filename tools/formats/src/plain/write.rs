//! Writes a log's commands and marks as a plain command CSV.

use std::collections::BTreeMap;
use std::io::{self, Write};

use kernel::{
    ClientId, Command, Event, Genesis, OrderId, OrderKind, Place, Reference, SelfTrade, Step,
    TimeInForce, TimeNs,
};
use replay::{Entry, Mark, Moment};

use super::{COLUMNS, rules};
use crate::words::{SELF_TRADES, SIDES, tif_word, word_of};

/// Writes one row for each command and mark that it observes, in canonical form.
///
/// Memory grows with the number of orders placed, as for the reader.
pub struct PlainWriter<W> {
    sink: W,
    /// The clock as the rows so far have it.
    time: TimeNs,
    step: Step,
    /// A clock command that the next row may carry.
    clock: Option<(TimeNs, Step)>,
    /// The newest order of each reference, and what every order is called.
    orders: BTreeMap<(ClientId, Reference), OrderId>,
    names: BTreeMap<OrderId, (ClientId, Reference)>,
    left_out: u64,
}

/// One row's fields before they are joined.
#[derive(Default)]
struct Row {
    op: &'static str,
    client: Option<ClientId>,
    order: Option<Reference>,
    side: &'static str,
    kind: &'static str,
    tif: &'static str,
    price: Option<u32>,
    qty: Option<u32>,
    extra: Vec<String>,
}

impl<W: Write> PlainWriter<W> {
    /// Writes the header and the rows of the genesis.
    ///
    /// # Errors
    /// Of the sink.
    pub fn open(mut sink: W, genesis: &Genesis) -> io::Result<Self> {
        writeln!(sink, "{}", COLUMNS.join(","))?;
        for (client, extra) in rules::write_genesis(genesis) {
            let row = Row { op: "set_rule", client, extra: vec![extra], ..Row::default() };
            row.write(None, &mut sink)?;
        }
        for endowment in &genesis.endowments {
            let extra = vec![
                format!("position={}", endowment.position),
                format!("cash={}", endowment.cash),
            ];
            let client = Some(endowment.client);
            Row { op: "endow", client, extra, ..Row::default() }.write(None, &mut sink)?;
        }
        Ok(Self {
            sink,
            time: TimeNs(0),
            step: Step(0),
            clock: None,
            orders: BTreeMap::new(),
            names: BTreeMap::new(),
            left_out: 0,
        })
    }

    /// Writes the row of one entry.
    ///
    /// # Errors
    /// Of the sink.
    pub fn observe(&mut self, moment: &Moment<'_>) -> io::Result<()> {
        let row = match moment.entry {
            Entry::Command(Command::Clock { time, step }) => {
                self.flush_clock()?;
                self.clock = Some((*time, *step));
                return Ok(());
            }
            Entry::Command(command) => self.command_row(*command, moment),
            Entry::Mark(mark) => mark_row(mark),
            Entry::Decision(_) | Entry::Update(_) => {
                self.left_out += 1;
                return Ok(());
            }
            Entry::End => return self.flush_clock(),
        };
        self.write(row)
    }

    /// Writes what is held back, flushes, and returns how many entries have no row: decisions and
    /// updates.
    ///
    /// # Errors
    /// Of the sink.
    pub fn finish(mut self) -> io::Result<u64> {
        self.flush_clock()?;
        self.sink.flush()?;
        Ok(self.left_out)
    }

    fn write(&mut self, mut row: Row) -> io::Result<()> {
        if let Some((time, step)) = self.clock {
            let moves_on = (self.time, self.step) != (time, step);
            if moves_on && self.time <= time && self.step <= step {
                if step != self.step {
                    row.extra.push(format!("step={step}"));
                }
                (self.time, self.step, self.clock) = (time, step, None);
            } else {
                self.flush_clock()?;
            }
        }
        row.write(Some(self.time), &mut self.sink)
    }

    /// A clock command that no row carries, or that changes nothing or is refused, has a row of its
    /// own.
    fn flush_clock(&mut self) -> io::Result<()> {
        let Some((time, step)) = self.clock.take() else { return Ok(()) };
        let extra = if step == self.step { Vec::new() } else { vec![format!("step={step}")] };
        Row { op: "clock", extra, ..Row::default() }.write(Some(time), &mut self.sink)?;
        if self.time <= time && self.step <= step {
            (self.time, self.step) = (time, step);
        }
        Ok(())
    }

    fn command_row(&mut self, command: Command, moment: &Moment<'_>) -> Row {
        match command {
            Command::Place(place) => self.place_row(&place, moment),
            Command::Cancel { client, order } => self.order_row("cancel", client, order),
            Command::Reduce { client, order, by } => {
                Row { qty: Some(by.lots()), ..self.order_row("reduce", client, order) }
            }
            Command::Replace { client, order, price, qty } => Row {
                price: Some(price.ticks()),
                qty: Some(qty.lots()),
                ..self.order_row("replace", client, order)
            },
            Command::MassCancel { client } => {
                Row { op: "mass_cancel", client: Some(client), ..Row::default() }
            }
            Command::Clock { .. } => unreachable!("clock commands are held back"),
            Command::Uncross => Row { op: "uncross", ..Row::default() },
            Command::SetRule(change) => {
                let (client, extra) = rules::write(change);
                Row { op: "set_rule", client, extra: vec![extra], ..Row::default() }
            }
        }
    }

    fn place_row(&mut self, place: &Place, moment: &Moment<'_>) -> Row {
        let mut extra = Vec::new();
        let (kind, price) = match place.kind {
            OrderKind::Limit { price, post_only } => {
                if post_only {
                    extra.push("post_only=1".to_owned());
                }
                ("limit", Some(price.ticks()))
            }
            OrderKind::Market => ("market", None),
            OrderKind::MarketToLimit => ("market_to_limit", None),
        };
        if let TimeInForce::Gtt(expiry) = place.tif {
            extra.push(format!("expire={expiry}"));
        }
        extra.extend(place.display.map(|display| format!("display={display}")));
        extra.extend(place.stop.map(|stop| format!("stop={stop}")));
        if place.self_trade != SelfTrade::Allow {
            extra.push(format!("stp={}", word_of(SELF_TRADES, place.self_trade)));
        }
        let key = (place.client, place.reference);
        let order = OrderId(moment.engine.placed());
        let before = self.orders.insert(key, order);
        self.names.insert(order, key);
        if before.is_some_and(|before| was_live(before, moment)) {
            extra.push("again=1".to_owned());
        }
        Row {
            op: "place",
            client: Some(place.client),
            order: Some(place.reference),
            side: word_of(SIDES, place.side),
            kind,
            tif: tif_word(place.tif),
            price,
            qty: Some(place.qty.lots()),
            extra,
        }
    }

    /// A row about an order: by its reference if that still leads to it, else by the kernel's id.
    fn order_row(&self, op: &'static str, client: ClientId, order: OrderId) -> Row {
        let name = self.names.get(&order).filter(|(owner, reference)| {
            *owner == client && self.orders.get(&(client, *reference)) == Some(&order)
        });
        let extra = if name.is_none() { vec![format!("id={order}")] } else { Vec::new() };
        let order = name.map(|(_, reference)| *reference);
        Row { op, client: Some(client), order, extra, ..Row::default() }
    }
}

impl Row {
    fn write(&self, time: Option<TimeNs>, sink: &mut impl Write) -> io::Result<()> {
        let optional = |number: Option<u64>| number.map_or_else(String::new, |n| n.to_string());
        writeln!(
            sink,
            "{},{},{},{},{},{},{},{},{},{}",
            optional(time.map(|time| time.0)),
            self.op,
            optional(self.client.map(|client| client.0.into())),
            optional(self.order.map(|order| order.0)),
            self.side,
            self.kind,
            self.tif,
            optional(self.price.map(u64::from)),
            optional(self.qty.map(u64::from)),
            self.extra.join(" "),
        )
    }
}

fn mark_row(mark: &Mark) -> Row {
    let mut extra = vec![format!("name={}", mark.name)];
    if mark.number != 0 {
        extra.push(format!("number={}", mark.number));
    }
    Row { op: "mark", extra, ..Row::default() }
}

/// Whether an order lived before the entry of this moment: it still does, or the entry ended it.
fn was_live(order: OrderId, moment: &Moment<'_>) -> bool {
    moment.engine.is_live(order)
        || moment.events.iter().any(|event| match event {
            Event::Traded { maker, .. } | Event::Decremented { maker, .. } => *maker == order,
            // An order that waited may trade away as a taker.
            Event::Cancelled { order: ended, .. } | Event::Triggered { order: ended } => {
                *ended == order
            }
            Event::Accepted { .. }
            | Event::Rejected { .. }
            | Event::Rested { .. }
            | Event::Reduced { .. }
            | Event::Replaced { .. }
            | Event::MassCancelled { .. }
            | Event::ClockMoved { .. }
            | Event::RuleChanged(_)
            | Event::Refilled { .. }
            | Event::Uncrossed { .. }
            | Event::BandHit { .. } => false,
        })
}
