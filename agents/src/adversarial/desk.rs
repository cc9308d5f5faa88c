//! How the players' orders reach the venue: clocks, references, decisions.

use kernel::{
    ClientId, Command, Decision, Event, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side,
    Step, TimeInForce, TimeNs, Venue,
};

use super::tape::{Print, Tape};
use super::{CLIENTS_MAX, NOISE};
use crate::number;

/// An order of a player on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket {
    pub(super) client: ClientId,
    pub(super) reference: u64,
    pub(super) side: Side,
    pub(super) lots: i64,
    /// Worst price, in ticks; `None` for any.
    pub(super) price: Option<i64>,
    pub(super) tif: TimeInForce,
    pub(super) post_only: bool,
}

/// Lots that a client traded in a step, and for how much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fills {
    pub(super) bought: i64,
    pub(super) sold: i64,
    /// Prices paid less prices received, in tick·lots.
    pub(super) paid: i64,
}

impl Fills {
    pub(super) const fn net(&self) -> i64 {
        self.bought - self.sold
    }

    pub(super) const fn lots(&self) -> i64 {
        self.bought + self.sold
    }

    pub(super) const fn add(&mut self, side: Side, lots: i64, price: i64) {
        match side {
            Side::Buy => {
                self.bought += lots;
                self.paid += lots * price;
            }
            Side::Sell => {
                self.sold += lots;
                self.paid -= lots * price;
            }
        }
    }
}

/// Clients' references, and what they traded in the step.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    references: [u64; CLIENTS_MAX as usize],
    fills: [Fills; CLIENTS_MAX as usize],
    /// Lots of all trades of the step.
    pub(super) volume: i64,
    /// Lots bought less lots sold by takers in the step.
    pub(super) prints: i64,
    /// What was printed in the episode.
    pub(super) tape: Tape,
    time: TimeNs,
    action: Vec<i32>,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self {
            references: [0; CLIENTS_MAX as usize],
            fills: [Fills::default(); CLIENTS_MAX as usize],
            volume: 0,
            prints: 0,
            tape: Tape::default(),
            time: TimeNs(0),
            action: Vec::new(),
        }
    }

    /// Forgets what was traded: a step begins.
    pub(super) fn begin_step(&mut self) {
        self.fills = [Fills::default(); CLIENTS_MAX as usize];
        (self.volume, self.prints) = (0, 0);
    }

    /// The reference that a client's next order will have.
    pub(super) fn next_reference(&self, client: ClientId) -> u64 {
        self.references[slot(client)] + 1
    }

    /// Uses up the next reference of a client.
    pub(super) fn reference(&mut self, client: ClientId) -> u64 {
        let reference = &mut self.references[slot(client)];
        *reference += 1;
        *reference
    }

    /// What a client traded in the step.
    pub(super) fn traded(&self, client: ClientId) -> Fills {
        self.fills[slot(client)]
    }

    /// Moves logical time, unless it is there already.
    pub(super) fn clock<V: Venue>(
        &mut self,
        venue: &mut V,
        time: u64,
        step: u64,
    ) -> Result<(), V::Error> {
        let (time, step) = (TimeNs(time), Step(step));
        if time != self.time || step != venue.engine().step() {
            self.time = time;
            self.submit(venue, Command::Clock { time, step })?;
        }
        Ok(())
    }

    /// Carries out a command and counts what it traded.
    pub(super) fn submit<V: Venue>(
        &mut self,
        venue: &mut V,
        command: Command,
    ) -> Result<(), V::Error> {
        for event in venue.submit(command)? {
            let Event::Traded { maker_client, taker_client, taker_side, price, qty, .. } = event
            else {
                continue;
            };
            let (lots, price) = (i64::from(qty.lots()), i64::from(price.ticks()));
            self.fills[slot(*taker_client)].add(*taker_side, lots, price);
            self.fills[slot(*maker_client)].add(taker_side.opposite(), lots, price);
            self.tape.print(Print { side: *taker_side, price, lots });
            self.volume += lots;
            self.prints += if *taker_side == Side::Buy { lots } else { -lots };
        }
        Ok(())
    }

    /// Notes a decision that causes so many commands, the first order under this reference.
    pub(super) fn note<V: Venue>(
        &mut self,
        venue: &mut V,
        (agent, policy): (u32, u32),
        action: &[i64],
        (first_reference, commands): (u64, u32),
        observation: Option<[u8; 8]>,
    ) -> Result<(), V::Error> {
        self.action.clear();
        self.action.extend(action.iter().map(|integer| number::narrow(*integer)));
        venue.note(Decision {
            agent,
            policy,
            action: &self.action,
            first_reference: Reference(first_reference),
            commands,
            observation,
        })
    }

    /// Places an order.
    pub(super) fn place<V: Venue>(
        &mut self,
        venue: &mut V,
        ticket: &Ticket,
    ) -> Result<(), V::Error> {
        let kind = match ticket.price {
            None => OrderKind::Market,
            Some(ticks) => OrderKind::Limit { price: price(ticks), post_only: ticket.post_only },
        };
        let place = Place {
            client: ticket.client,
            reference: Reference(ticket.reference),
            side: ticket.side,
            qty: qty(ticket.lots),
            kind,
            tif: ticket.tif,
            display: None,
            stop: None,
            // Noise is many strangers, who trade with each other.
            self_trade: if ticket.client == NOISE {
                SelfTrade::Allow
            } else {
                SelfTrade::CancelOldest
            },
        };
        self.submit(venue, Command::Place(place))
    }
}

fn slot(client: ClientId) -> usize {
    usize::try_from(client.0).unwrap_or(0).min(CLIENTS_MAX as usize - 1)
}

fn price(ticks: i64) -> Price {
    let ticks = u32::try_from(ticks.max(1)).unwrap_or(u32::MAX);
    Price::new(ticks).unwrap_or(Price::MAX)
}

fn qty(lots: i64) -> Qty {
    let lots = u32::try_from(lots.max(1)).unwrap_or(u32::MAX);
    Qty::new(lots).unwrap_or(Qty::MAX)
}
