//! The slow, obvious market of `RULES.md`, to test the fast one against.
//!
//! It keeps unsorted lists of resting and waiting orders and computes everything else from them
//! each time. It must share no code with the fast book but the types and the record writers, and
//! it must never be made fast: its worth is that it can be read beside the rules, section by
//! section.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::command::{Command, OrderKind, Place, TimeInForce};
use crate::digest::{self, AccountRecord, ClockRecord, Conduct, Section, Sink};
use crate::event::{CancelReason, Event, RejectReason};
use crate::rules::{Genesis, GenesisError, Limits, MarketState, RuleChange, Rules};
use crate::units::{Cash, ClientId, OrderId, Position, Price, Qty, Side, Step, TimeNs};

mod auction;
mod checks;
mod matching;
mod orders;
mod stops;

use orders::{Order, Resting, Waiting};

/// A market by the letter of `RULES.md`.
///
/// Cost: every command walks all live orders several times.
#[derive(Clone, Debug)]
pub struct ReferenceMarket {
    limits: Limits,
    rules: Rules,
    /// Orders of the book, in no order.
    resting: Vec<Resting>,
    /// Orders that wait for their stop, in no order.
    waiting: Vec<Waiting>,
    accounts: BTreeMap<ClientId, Account>,
    taxes: Cash,
    fees: Cash,
    time: TimeNs,
    step: Step,
    /// `Place` commands so far: the id of the last one.
    placed: u64,
    /// Priority numbers given so far: the last one.
    priorities: u64,
    /// Price of the last trade.
    last_trade: Option<Price>,
    /// Price of the last trade before the present command, rule 14.3.
    band_reference: Option<Price>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Account {
    position: Position,
    cash: Cash,
    exempt: bool,
}

impl ReferenceMarket {
    /// A market before its first command.
    ///
    /// # Errors
    /// What [`Genesis::check`] finds.
    pub fn new(genesis: &Genesis) -> Result<Self, GenesisError> {
        genesis.check()?;
        let mut accounts = BTreeMap::<ClientId, Account>::new();
        for endowment in &genesis.endowments {
            let account = accounts.entry(endowment.client).or_default();
            account.position = endowment.position;
            account.cash = endowment.cash;
        }
        for client in &genesis.exempt {
            accounts.entry(*client).or_default().exempt = true;
        }
        Ok(Self {
            limits: genesis.limits,
            rules: genesis.rules,
            resting: Vec::new(),
            waiting: Vec::new(),
            accounts,
            taxes: 0,
            fees: 0,
            time: TimeNs(0),
            step: Step(0),
            placed: 0,
            priorities: 0,
            last_trade: None,
            band_reference: None,
        })
    }

    /// Carries out a command and appends its events.
    pub fn apply(&mut self, command: &Command, events: &mut Vec<Event>) {
        self.band_reference = self.last_trade;
        let named = match *command {
            Command::Place(_) => {
                // Rule 1.2: refused or not, the command takes a number.
                self.placed = self.placed.saturating_add(1);
                Some(OrderId(self.placed))
            }
            Command::Cancel { order, .. }
            | Command::Reduce { order, .. }
            | Command::Replace { order, .. } => Some(order),
            Command::MassCancel { .. }
            | Command::Clock { .. }
            | Command::SetRule(_)
            | Command::Uncross => None,
        };
        let done = match *command {
            Command::Place(place) => self.place(place, events),
            Command::Cancel { client, order } => self.cancel(client, order, events),
            Command::Reduce { client, order, by } => self.reduce(client, order, by, events),
            Command::Replace { client, order, price, qty } => {
                self.replace(client, order, price, qty, events)
            }
            Command::MassCancel { client } => {
                self.mass_cancel(client, events);
                Ok(())
            }
            Command::Clock { time, step } => self.clock(time, step, events),
            Command::SetRule(change) => self.set_rule(change, events),
            Command::Uncross => self.uncross_command(events),
        };
        match done {
            Ok(()) => self.activate_stops(events),
            Err(reason) => events.push(Event::Rejected { order: named, reason }),
        }
    }

    /// Writes the canonical bytes of a section, §9.
    pub fn write_section(&self, section: Section, sink: &mut impl Sink) {
        match section {
            Section::Bids => self.write_queue(Side::Buy, sink),
            Section::Asks => self.write_queue(Side::Sell, sink),
            Section::Stops => {
                for waiting in self.waiting_by_id() {
                    waiting.record().write(sink);
                }
            }
            Section::Accounts => {
                digest::write_pots(self.taxes, self.fees, sink);
                for (&client, &Account { position, cash, exempt }) in &self.accounts {
                    AccountRecord { client, position, cash, exempt }.write(sink);
                }
            }
            Section::Rules => digest::write_rules(&self.rules, sink),
            Section::Clock => {
                let &Self { time, step, placed, priorities: rested, last_trade, .. } = self;
                let clock = ClockRecord { time, step, placed, rested, last_trade };
                digest::write_clock(&clock, sink);
            }
        }
    }

    fn write_queue(&self, side: Side, sink: &mut impl Sink) {
        for resting in self.queue(side) {
            resting.record().write(sink);
        }
    }

    fn account(&self, client: ClientId) -> Account {
        self.accounts.get(&client).copied().unwrap_or_default()
    }

    fn place(&mut self, place: Place, events: &mut Vec<Event>) -> Result<(), RejectReason> {
        let limit = self.check_place(&place)?;
        let Place { client, reference, side, qty, kind, tif, display, stop, self_trade } = place;
        let id = OrderId(self.placed);
        events.push(Event::Accepted { order: id, client, reference });
        let order = Order {
            id,
            client,
            reference,
            side,
            open: qty,
            limit,
            may_rest: may_rest(tif),
            display,
            expiry: match tif {
                TimeInForce::Gtt(expiry) => Some(expiry),
                TimeInForce::Gtc | TimeInForce::Ioc | TimeInForce::Fok => None,
            },
            conduct: Conduct {
                self_trade,
                post_only: matches!(kind, OrderKind::Limit { post_only: true, .. }),
            },
        };
        match stop {
            Some(stop) => self.wait(order, stop),
            None => self.arrive(order, events),
        }
        Ok(())
    }

    fn cancel(
        &mut self,
        client: ClientId,
        order: OrderId,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let order = self.check_owner(client, order)?;
        self.cancel_order(&order, CancelReason::Requested, events);
        Ok(())
    }

    fn reduce(
        &mut self,
        client: ClientId,
        order: OrderId,
        by: Qty,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let found = self.check_owner(client, order)?;
        match minus(found.open, by) {
            None => self.cancel_order(&found, CancelReason::Requested, events),
            Some(open) => {
                self.check_lot(by)?;
                self.shrink(order, open);
                events.push(Event::Reduced { order, by, open });
            }
        }
        Ok(())
    }

    fn replace(
        &mut self,
        client: ClientId,
        order: OrderId,
        price: Price,
        qty: Qty,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let found = self.check_owner(client, order)?;
        self.check_replace(&found, price, qty)?;
        let kept_priority = Some(price) == found.limit && qty < found.open;
        events.push(Event::Replaced { order, price, qty, kept_priority });
        if kept_priority {
            self.shrink(order, qty);
        } else {
            self.take_out(order);
            self.arrive(Order { limit: Some(price), open: qty, ..found }, events);
        }
        Ok(())
    }

    /// Rule 8.6.
    fn mass_cancel(&mut self, client: ClientId, events: &mut Vec<Event>) {
        let bids = self.queue(Side::Buy).into_iter().map(|resting| resting.order);
        let asks = self.queue(Side::Sell).into_iter().map(|resting| resting.order);
        let stops = self.waiting_by_id().into_iter().map(|waiting| waiting.order);
        let all = bids.chain(asks).chain(stops);
        let own: Vec<Order> = all.filter(|order| order.client == client).collect();
        let orders = u32::try_from(own.len()).unwrap_or(u32::MAX);
        events.push(Event::MassCancelled { client, orders });
        for order in own {
            self.cancel_order(&order, CancelReason::Mass, events);
        }
    }

    /// Rules 8.7 and 12.2.
    fn clock(
        &mut self,
        time: TimeNs,
        step: Step,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        if time < self.time || step < self.step {
            return Err(RejectReason::TimeBackwards);
        }
        self.time = time;
        self.step = step;
        events.push(Event::ClockMoved { time, step });
        let mut expired: Vec<Order> = self.live().collect();
        expired.retain(|order| order.expiry.is_some_and(|expiry| expiry <= time));
        expired.sort_by_key(|order| (order.expiry, order.id));
        for order in expired {
            self.cancel_order(&order, CancelReason::Expired, events);
        }
        Ok(())
    }

    fn set_rule(
        &mut self,
        change: RuleChange,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        self.check_rule(change)?;
        let rules = &mut self.rules;
        match change {
            RuleChange::Tick(tick) => rules.tick = tick,
            RuleChange::Lot(lot) => rules.lot = lot,
            RuleChange::QtyMax(qty_max) => rules.qty_max = qty_max,
            RuleChange::PriceRange { min, max } => {
                rules.price_min = min;
                rules.price_max = max;
            }
            RuleChange::PositionMax(position_max) => rules.position_max = position_max,
            RuleChange::State(state) => rules.state = state,
            RuleChange::ShortBan(short_ban) => rules.short_ban = short_ban,
            RuleChange::Exempt { client, exempt } => {
                self.accounts.entry(client).or_default().exempt = exempt;
            }
            RuleChange::Tax(tax) => rules.tax = tax,
            RuleChange::Fees { maker, taker } => {
                rules.maker_fee = maker;
                rules.taker_fee = taker;
            }
            RuleChange::Band(band) => rules.band = band,
        }
        events.push(Event::RuleChanged(change));
        // Rule 13.5.
        if change == RuleChange::State(MarketState::Continuous) && self.is_crossed() {
            self.uncross(events);
        }
        Ok(())
    }
}

/// Whether what is left of an order goes to the book.
fn may_rest(tif: TimeInForce) -> bool {
    match tif {
        TimeInForce::Gtc | TimeInForce::Gtt(_) => true,
        TimeInForce::Ioc | TimeInForce::Fok => false,
    }
}

/// What is left of a quantity; `None` for nothing.
fn minus(qty: Qty, gone: Qty) -> Option<Qty> {
    Qty::new(qty.lots().saturating_sub(gone.lots())).ok()
}
