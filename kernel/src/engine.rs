//! The market: validate, match, settle, rest. RULES.md is the specification; its section numbers
//! stand beside the code that carries them out.

use alloc::vec::Vec;

use crate::accounts::{Accounts, Fill};
use crate::book::{Book, Resting, Slot};
use crate::command::{Command, OrderKind, Place, SelfTrade, TimeInForce};
use crate::digest::Conduct;
use crate::event::{CancelReason, Event, RejectReason};
use crate::rules::{Genesis, GenesisError, Limits, RuleChange, Rules};
use crate::units::{ClientId, OrderId, Price, Qty, Reference, Side, Step, TimeNs};
use crate::view::OrderView;

mod checks;
mod looks;

/// One market: book, accounts, rules and logical time, changed by [`Engine::apply`] alone.
#[derive(Clone, Debug)]
pub struct Engine {
    book: Book,
    accounts: Accounts,
    rules: Rules,
    limits: Limits,
    time: TimeNs,
    step: Step,
    /// Place commands so far.
    placed: u64,
}

/// An accepted order on its way through the opposite side.
struct Arriving {
    order: OrderId,
    client: ClientId,
    reference: Reference,
    side: Side,
    /// `None` trades at any price.
    limit: Option<Price>,
    open: Option<Qty>,
    /// Whether what is left may rest.
    rests: bool,
    conduct: Conduct,
}

impl Engine {
    /// The market that a genesis describes, before its first command.
    ///
    /// # Errors
    /// [`GenesisError`] when the genesis breaks one of its bounds.
    pub fn new(genesis: &Genesis) -> Result<Self, GenesisError> {
        genesis.check()?;
        Ok(Self {
            book: Book::new(),
            accounts: Accounts::new(genesis),
            rules: genesis.rules,
            limits: genesis.limits,
            time: TimeNs(0),
            step: Step(0),
            placed: 0,
        })
    }

    /// Carries out one command and appends its events, at least one.
    ///
    /// Cost: O(1) for a command that does not trade; a taker pays for each order that it meets, a
    /// mass cancel for the orders in front of the client's last one.
    pub fn apply(&mut self, command: Command, events: &mut Vec<Event>) {
        let events_before = events.len();
        match command {
            Command::Place(place) => self.place(&place, events),
            Command::Cancel { client, order } => self.cancel(client, order, events),
            Command::Reduce { client, order, by } => self.reduce(client, order, by, events),
            Command::Replace { client, order, price, qty } => {
                self.replace(client, order, price, qty, events);
            }
            Command::MassCancel { client } => self.mass_cancel(client, events),
            Command::Clock { time, step } => self.clock(time, step, events),
            Command::SetRule(change) => self.set_rule(change, events),
        }
        assert!(events_before < events.len(), "a command yields an event");
    }

    fn place(&mut self, place: &Place, events: &mut Vec<Event>) {
        self.placed += 1;
        let order = OrderId(self.placed);
        let limit = match self.check_place(place) {
            Ok(limit) => limit,
            Err(reason) => {
                events.push(Event::Rejected { order: Some(order), reason });
                return;
            }
        };
        let &Place { client, reference, side, qty, kind, tif, self_trade } = place;
        events.push(Event::Accepted { order, client, reference });
        let post_only = matches!(kind, OrderKind::Limit { post_only: true, .. });
        let arriving = Arriving {
            order,
            client,
            reference,
            side,
            limit,
            open: Some(qty),
            rests: tif == TimeInForce::Gtc,
            conduct: Conduct { self_trade, post_only },
        };
        self.arrive(arriving, events);
    }

    /// Matches an order, then rests or cancels what is left. RULES.md §4.
    fn arrive(&mut self, mut taker: Arriving, events: &mut Vec<Event>) {
        while let Some(open) = taker.open {
            let Some((slot, price)) = self.book.front(taker.side.opposite()) else { break };
            if taker.limit.is_some_and(|limit| !taker.side.crosses(limit, price)) {
                break;
            }
            let qty = open.min(self.book.qty(slot));
            let is_own = self.book.client(slot) == taker.client;
            if is_own && taker.conduct.self_trade != SelfTrade::Allow {
                self.prevent(&mut taker, slot, open, qty, events);
            } else {
                self.trade(&taker, slot, price, qty, events);
                taker.open = open.minus(qty);
            }
        }
        let Some(open) = taker.open else { return };
        match taker.limit {
            Some(price) if taker.rests => self.rest(&taker, price, open, events),
            Some(_) | None => events.push(taker.cancelled(open, CancelReason::Remainder)),
        }
    }

    fn trade(
        &mut self,
        taker: &Arriving,
        slot: Slot,
        price: Price,
        qty: Qty,
        events: &mut Vec<Event>,
    ) {
        let maker = self.book.view(slot);
        let left = self.book.take(slot, qty);
        self.accounts.leave(maker.client, maker.side, qty, left.is_none());
        let fill =
            Fill { maker: maker.client, taker: taker.client, taker_side: taker.side, price, qty };
        self.accounts.settle(fill, &self.rules);
        events.push(Event::Traded {
            maker: maker.order,
            taker: taker.order,
            maker_client: maker.client,
            taker_client: taker.client,
            maker_reference: maker.reference,
            taker_reference: taker.reference,
            taker_side: taker.side,
            price,
            qty,
        });
    }

    /// Two orders of one client met. RULES.md §6.
    #[cold]
    fn prevent(
        &mut self,
        taker: &mut Arriving,
        slot: Slot,
        open: Qty,
        smaller: Qty,
        events: &mut Vec<Event>,
    ) {
        match taker.conduct.self_trade {
            SelfTrade::Allow => unreachable!("allowed self trades are trades"),
            SelfTrade::CancelNewest => {
                events.push(taker.cancelled(open, CancelReason::SelfTrade));
                taker.open = None;
            }
            SelfTrade::CancelOldest => self.take_out(slot, CancelReason::SelfTrade, events),
            SelfTrade::CancelBoth => {
                self.take_out(slot, CancelReason::SelfTrade, events);
                events.push(taker.cancelled(open, CancelReason::SelfTrade));
                taker.open = None;
            }
            SelfTrade::Decrement => {
                let maker = self.book.view(slot);
                let left = self.book.take(slot, smaller);
                self.accounts.leave(maker.client, maker.side, smaller, left.is_none());
                taker.open = open.minus(smaller);
                events.push(Event::Decremented {
                    maker: maker.order,
                    taker: taker.order,
                    qty: smaller,
                });
            }
        }
    }

    fn rest(&mut self, taker: &Arriving, price: Price, qty: Qty, events: &mut Vec<Event>) {
        let &Arriving { order, client, reference, side, conduct, .. } = taker;
        self.book.rest(Resting { order, client, reference, side, price, qty, conduct });
        self.accounts.rest(client, side, qty);
        events.push(Event::Rested { order, side, price, qty });
    }

    /// Takes a resting order out of book and accounts and says why.
    fn take_out(&mut self, slot: Slot, reason: CancelReason, events: &mut Vec<Event>) {
        let view = self.remove(slot);
        let OrderView { order, client, reference, qty, .. } = view;
        events.push(Event::Cancelled { order, client, reference, qty, reason });
    }

    fn remove(&mut self, slot: Slot) -> OrderView {
        let view = self.book.view(slot);
        self.book.take(slot, view.qty);
        self.accounts.leave(view.client, view.side, view.qty, true);
        view
    }

    /// RULES.md 8.1.
    fn cancel(&mut self, client: ClientId, order: OrderId, events: &mut Vec<Event>) {
        match self.owned(client, order) {
            Ok(slot) => self.take_out(slot, CancelReason::Requested, events),
            Err(reason) => events.push(Event::Rejected { order: Some(order), reason }),
        }
    }

    /// RULES.md 8.3.
    fn reduce(&mut self, client: ClientId, order: OrderId, by: Qty, events: &mut Vec<Event>) {
        match self.check_reduce(client, order, by) {
            Ok(slot) if self.book.qty(slot) <= by => {
                self.take_out(slot, CancelReason::Requested, events);
            }
            Ok(slot) => {
                let side = self.book.view(slot).side;
                let Some(open) = self.book.take(slot, by) else {
                    unreachable!("less than the open quantity was taken")
                };
                self.accounts.leave(client, side, by, false);
                events.push(Event::Reduced { order, by, open });
            }
            Err(reason) => events.push(Event::Rejected { order: Some(order), reason }),
        }
    }

    /// RULES.md 8.4 and 8.5.
    fn replace(
        &mut self,
        client: ClientId,
        order: OrderId,
        price: Price,
        qty: Qty,
        events: &mut Vec<Event>,
    ) {
        let slot = match self.check_replace(client, order, price, qty) {
            Ok(slot) => slot,
            Err(reason) => {
                events.push(Event::Rejected { order: Some(order), reason });
                return;
            }
        };
        let before = self.book.view(slot);
        let kept_priority = price == before.price && qty < before.qty;
        events.push(Event::Replaced { order, price, qty, kept_priority });
        if kept_priority {
            let Some(by) = before.qty.minus(qty) else { unreachable!("the quantity falls") };
            self.book.take(slot, by);
            self.accounts.leave(client, before.side, by, false);
            return;
        }
        self.remove(slot);
        let arriving = Arriving {
            order,
            client,
            reference: before.reference,
            side: before.side,
            limit: Some(price),
            open: Some(qty),
            rests: true,
            conduct: before.conduct,
        };
        self.arrive(arriving, events);
    }

    /// RULES.md 8.6.
    fn mass_cancel(&mut self, client: ClientId, events: &mut Vec<Event>) {
        let orders = self.accounts.get(client).orders;
        events.push(Event::MassCancelled { client, orders });
        let mut slots = Vec::new();
        for side in [Side::Buy, Side::Sell] {
            let wanted = if side == Side::Buy {
                self.accounts.get(client).open_buy
            } else {
                self.accounts.get(client).open_sell
            };
            let mut found = 0;
            for slot in self.book.slots(side) {
                if found == wanted {
                    break;
                }
                if self.book.client(slot) == client {
                    found += i64::from(self.book.qty(slot).lots());
                    slots.push(slot);
                }
            }
        }
        for slot in slots {
            self.take_out(slot, CancelReason::Mass, events);
        }
    }

    /// RULES.md 8.7.
    fn clock(&mut self, time: TimeNs, step: Step, events: &mut Vec<Event>) {
        if time < self.time || step < self.step {
            events.push(Event::Rejected { order: None, reason: RejectReason::TimeBackwards });
            return;
        }
        (self.time, self.step) = (time, step);
        events.push(Event::ClockMoved { time, step });
    }

    /// RULES.md 8.8.
    fn set_rule(&mut self, change: RuleChange, events: &mut Vec<Event>) {
        let mut rules = self.rules;
        match change {
            RuleChange::Tick(tick) => rules.tick = tick,
            RuleChange::Lot(lot) => rules.lot = lot,
            RuleChange::QtyMax(qty) => rules.qty_max = qty,
            RuleChange::PriceRange { min, max } => {
                (rules.price_min, rules.price_max) = (min, max);
            }
            RuleChange::PositionMax(position) => rules.position_max = position,
            RuleChange::State(state) => rules.state = state,
            RuleChange::ShortBan(ban) => rules.short_ban = ban,
            RuleChange::Exempt { client, exempt } => {
                if self.limits.clients_max <= client.0 {
                    events.push(Event::Rejected { order: None, reason: RejectReason::BadRule });
                    return;
                }
                self.accounts.open(client).exempt = exempt;
            }
            RuleChange::Tax(tax) => rules.tax = tax,
            RuleChange::Fees { maker, taker } => {
                (rules.maker_fee, rules.taker_fee) = (maker, taker);
            }
        }
        if rules.are_consistent() {
            self.rules = rules;
            events.push(Event::RuleChanged(change));
        } else {
            events.push(Event::Rejected { order: None, reason: RejectReason::BadRule });
        }
    }
}

impl Arriving {
    const fn cancelled(&self, qty: Qty, reason: CancelReason) -> Event {
        let &Self { order, client, reference, .. } = self;
        Event::Cancelled { order, client, reference, qty, reason }
    }
}
