//! The slow, obvious market of `RULES.md`, to test the fast one against.
//!
//! It keeps one unsorted list of resting orders and computes everything else from it each time.
//! It must share no code with the fast book but the types and the record writers, and it must
//! never be made fast: its worth is that it can be read beside the rules, section by section.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::command::{Command, Place, TimeInForce};
use crate::digest::{self, AccountRecord, Conduct, OrderRecord, Section, Sink};
use crate::event::{CancelReason, Event, RejectReason};
use crate::rules::{Genesis, GenesisError, Limits, RuleChange, Rules};
use crate::units::{Cash, ClientId, OrderId, Position, Price, Qty, Side, Step, TimeNs};
use crate::view::OrderView;

mod checks;
mod matching;

use matching::Arriving;

/// A market by the letter of `RULES.md`.
///
/// Cost: every command walks all resting orders several times.
#[derive(Clone, Debug)]
pub struct ReferenceMarket {
    limits: Limits,
    rules: Rules,
    /// In no order.
    orders: Vec<OrderView>,
    accounts: BTreeMap<ClientId, Account>,
    taxes: Cash,
    fees: Cash,
    time: TimeNs,
    step: Step,
    /// `Place` commands so far: the id of the last one.
    placed: u64,
    /// Priority numbers given so far: the last one.
    rested: u64,
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
            orders: Vec::new(),
            accounts,
            taxes: 0,
            fees: 0,
            time: TimeNs(0),
            step: Step(0),
            placed: 0,
            rested: 0,
        })
    }

    /// Carries out a command and appends its events.
    pub fn apply(&mut self, command: Command, events: &mut Vec<Event>) {
        let named = match command {
            Command::Place(_) => {
                // Rule 1.2: refused or not, the command takes a number.
                self.placed = self.placed.saturating_add(1);
                Some(OrderId(self.placed))
            }
            Command::Cancel { order, .. }
            | Command::Reduce { order, .. }
            | Command::Replace { order, .. } => Some(order),
            Command::MassCancel { .. } | Command::Clock { .. } | Command::SetRule(_) => None,
        };
        let done = match command {
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
        };
        if let Err(reason) = done {
            events.push(Event::Rejected { order: named, reason });
        }
    }

    /// Writes the canonical bytes of a section, §9.
    pub fn write_section(&self, section: Section, sink: &mut impl Sink) {
        match section {
            Section::Bids => write_orders(&self.queue(Side::Buy), sink),
            Section::Asks => write_orders(&self.queue(Side::Sell), sink),
            Section::Accounts => {
                digest::write_pots(self.taxes, self.fees, sink);
                for (&client, &Account { position, cash, exempt }) in &self.accounts {
                    AccountRecord { client, position, cash, exempt }.write(sink);
                }
            }
            Section::Rules => digest::write_rules(&self.rules, sink),
            Section::Clock => {
                digest::write_clock(self.time, self.step, self.placed, self.rested, sink);
            }
        }
    }

    /// The orders of a side as §2 ranks them.
    fn queue(&self, side: Side) -> Vec<OrderView> {
        let mut queue: Vec<OrderView> =
            self.orders.iter().filter(|resting| resting.side == side).copied().collect();
        queue.sort_by_key(rank);
        queue
    }

    /// The first order of a side.
    fn best(&self, side: Side) -> Option<OrderView> {
        self.orders.iter().filter(|resting| resting.side == side).min_by_key(|it| rank(it)).copied()
    }

    fn account(&self, client: ClientId) -> Account {
        self.accounts.get(&client).copied().unwrap_or_default()
    }

    fn place(&mut self, place: Place, events: &mut Vec<Event>) -> Result<(), RejectReason> {
        let terms = self.check_place(&place)?;
        let Place { client, reference, side, qty, kind: _, tif, self_trade } = place;
        let order = OrderId(self.placed);
        events.push(Event::Accepted { order, client, reference });
        let arriving = Arriving {
            order,
            client,
            reference,
            side,
            limit: terms.limit,
            qty,
            conduct: Conduct { self_trade, post_only: terms.post_only },
            may_rest: match tif {
                TimeInForce::Gtc => true,
                TimeInForce::Ioc | TimeInForce::Fok => false,
            },
        };
        self.arrive(arriving, events);
        Ok(())
    }

    /// Sets an order's open quantity; `None` takes it out of the book.
    fn set_open(&mut self, order: OrderId, open: Option<Qty>) {
        match open {
            Some(qty) => {
                for resting in self.orders.iter_mut().filter(|resting| resting.order == order) {
                    resting.qty = qty;
                }
            }
            None => self.orders.retain(|resting| resting.order != order),
        }
    }

    fn cancel_resting(&mut self, it: &OrderView, reason: CancelReason, events: &mut Vec<Event>) {
        self.set_open(it.order, None);
        let &OrderView { order, client, reference, qty, .. } = it;
        events.push(Event::Cancelled { order, client, reference, qty, reason });
    }

    fn cancel(
        &mut self,
        client: ClientId,
        order: OrderId,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let resting = self.check_owner(client, order)?;
        self.cancel_resting(&resting, CancelReason::Requested, events);
        Ok(())
    }

    fn reduce(
        &mut self,
        client: ClientId,
        order: OrderId,
        by: Qty,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let resting = self.check_owner(client, order)?;
        match minus(resting.qty, by) {
            None => self.cancel_resting(&resting, CancelReason::Requested, events),
            Some(open) => {
                self.check_lot(by)?;
                self.set_open(order, Some(open));
                events.push(Event::Reduced { order, by, open });
            }
        }
        Ok(())
    }

    fn replace(
        &mut self,
        owner: ClientId,
        order: OrderId,
        price: Price,
        qty: Qty,
        events: &mut Vec<Event>,
    ) -> Result<(), RejectReason> {
        let resting = self.check_owner(owner, order)?;
        self.check_replace(&resting, price, qty)?;
        let kept_priority = price == resting.price && qty < resting.qty;
        events.push(Event::Replaced { order, price, qty, kept_priority });
        if kept_priority {
            self.set_open(order, Some(qty));
            return Ok(());
        }
        self.set_open(order, None);
        let OrderView { client, reference, side, conduct, .. } = resting;
        let limit = Some(price);
        let may_rest = true;
        self.arrive(
            Arriving { order, client, reference, side, limit, qty, conduct, may_rest },
            events,
        );
        Ok(())
    }

    fn mass_cancel(&mut self, client: ClientId, events: &mut Vec<Event>) {
        let mut own = self.queue(Side::Buy);
        own.extend(self.queue(Side::Sell));
        own.retain(|resting| resting.client == client);
        let orders = u32::try_from(own.len()).unwrap_or(u32::MAX);
        events.push(Event::MassCancelled { client, orders });
        for resting in own {
            self.cancel_resting(&resting, CancelReason::Mass, events);
        }
    }

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
        }
        events.push(Event::RuleChanged(change));
        Ok(())
    }
}

/// Where an order stands on its side: the lowest trades first, rules 2.1 and 2.2.
fn rank(resting: &OrderView) -> (i64, u64) {
    let ticks = i64::from(resting.price.ticks());
    match resting.side {
        Side::Buy => (-ticks, resting.priority),
        Side::Sell => (ticks, resting.priority),
    }
}

/// What is left of a quantity; `None` for nothing.
fn minus(qty: Qty, gone: Qty) -> Option<Qty> {
    Qty::new(qty.lots().saturating_sub(gone.lots())).ok()
}

fn write_orders(queue: &[OrderView], sink: &mut impl Sink) {
    for &OrderView { order, client, reference, side: _, price, qty, priority, conduct } in queue {
        OrderRecord { price, order, client, reference, qty, priority, conduct }.write(sink);
    }
}
