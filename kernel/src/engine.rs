//! The market: validate, match, settle, rest. RULES.md is the specification; its section numbers
//! stand beside the code that carries them out.

#![expect(
    clippy::inline_always,
    reason = "an arriving order stays in registers: written to memory and read back it waits for \
              every store before it, which in a deep book are misses"
)]

use alloc::vec::Vec;

use crate::accounts::{Accounts, Fill};
use crate::book::{Book, Filled, Node, Resting, Slot};
use crate::command::{Command, OrderKind, Place, SelfTrade, TimeInForce};
use crate::digest::Conduct;
use crate::event::{CancelReason, Event};
use crate::expiries::Expiries;
use crate::rules::{Genesis, GenesisError, Limits, MarketState, Rules};
use crate::stops::Stops;
use crate::units::{ClientId, OrderId, Price, Qty, Reference, Side, Step, TimeNs};

mod auction;
mod audit;
mod checks;
mod looks;
mod market;
mod orders;
mod restore;
mod triggers;

/// One market: book, accounts, rules and logical time, changed by [`Engine::apply`] alone.
#[derive(Clone, Debug)]
pub struct Engine {
    book: Book,
    stops: Stops,
    expiries: Expiries,
    accounts: Accounts,
    rules: Rules,
    limits: Limits,
    time: TimeNs,
    step: Step,
    /// Place commands so far.
    placed: u64,
    /// Price of the last trade.
    last_trade: Option<Price>,
    /// Lowest and highest trade that no stop has seen.
    unseen_trades: Option<(Price, Price)>,
    /// Where the present command may trade on arrival; `None` for anywhere.
    band: Option<Band>,
    /// Commands since a debug build last looked at the invariants.
    #[cfg(debug_assertions)]
    unaudited: u32,
}

/// The price band of one command. RULES.md §14.
#[derive(Clone, Copy, Debug)]
struct Band {
    low: u32,
    high: u32,
    reference: Price,
}

/// An accepted order on its way through the opposite side.
#[derive(Clone, Copy)]
struct Arriving {
    order: OrderId,
    client: ClientId,
    reference: Reference,
    side: Side,
    /// `None` trades at any price.
    limit: Option<Price>,
    /// Whether what is left may rest.
    rests: bool,
    display: Option<Qty>,
    expiry: Option<TimeNs>,
    conduct: Conduct,
}

/// What matching left of an arriving order.
struct Left {
    open: Qty,
    /// Why it may neither trade on nor rest.
    stopped: Option<CancelReason>,
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
            stops: Stops::default(),
            expiries: Expiries::default(),
            accounts: Accounts::new(genesis),
            rules: genesis.rules,
            limits: genesis.limits,
            time: TimeNs(0),
            step: Step(0),
            placed: 0,
            last_trade: None,
            unseen_trades: None,
            band: None,
            #[cfg(debug_assertions)]
            unaudited: 0,
        })
    }

    /// Carries out one command and appends its events, at least one.
    ///
    /// Cost: O(1) for a command that does not trade; a taker pays for each order that it meets, a
    /// mass cancel for the orders in front of the client's last one, an uncross for the levels that
    /// cross and the orders that trade; O(log n) more for stops and expiries. The command is not
    /// copied on the way: a copy would be read in other widths than it was written in, and wait.
    /// Inlined, so that a caller that knows the kind of its command pays for no other.
    #[inline(always)]
    pub fn apply(&mut self, command: &Command, events: &mut Vec<Event>) {
        let events_before = events.len();
        if self.rules.band != 0 {
            self.set_band();
        }
        match command {
            Command::Place(place) => self.place(place, events),
            &Command::Cancel { client, order } => self.cancel(client, order, events),
            &Command::Reduce { client, order, by } => self.reduce(client, order, by, events),
            &Command::Replace { client, order, price, qty } => {
                self.replace(client, order, price, qty, events);
            }
            &Command::MassCancel { client } => self.mass_cancel(client, events),
            &Command::Clock { time, step } => self.clock(time, step, events),
            &Command::SetRule(change) => self.set_rule(change, events),
            Command::Uncross => self.uncross_on_command(events),
        }
        if !self.stops.is_empty() {
            self.run_stops(events);
        }
        self.unseen_trades = None;
        self.band = None;
        assert!(events_before < events.len(), "a command yields an event");
        #[cfg(debug_assertions)]
        self.audit();
    }

    fn place(&mut self, place: &Place, events: &mut Vec<Event>) {
        if let Place {
            kind: OrderKind::Limit { post_only: false, .. },
            tif: TimeInForce::Gtc,
            display: None,
            stop: None,
            ..
        } = place
        {
            self.place_checked(place, events);
        } else {
            self.place_special(place, events);
        }
    }

    /// An order that has what few orders have.
    #[cold]
    #[inline(never)]
    fn place_special(&mut self, place: &Place, events: &mut Vec<Event>) {
        self.place_checked(place, events);
    }

    /// Inlined where the order is known to be plain, all but a few of the checks and branches go.
    #[inline(always)]
    fn place_checked(&mut self, place: &Place, events: &mut Vec<Event>) {
        self.placed += 1;
        let order = OrderId(self.placed);
        let limit = match self.check_place(place) {
            Ok(limit) => limit,
            Err(reason) => {
                events.push(Event::Rejected { order: Some(order), reason });
                return;
            }
        };
        let (client, reference) = (place.client, place.reference);
        self.accounts.open(client);
        events.push(Event::Accepted { order, client, reference });
        let (rests, expiry) = match place.tif {
            TimeInForce::Gtc => (true, None),
            TimeInForce::Gtt(expiry) => (true, Some(expiry)),
            TimeInForce::Ioc | TimeInForce::Fok => (false, None),
        };
        let post_only = matches!(place.kind, OrderKind::Limit { post_only: true, .. });
        let arriving = Arriving {
            order,
            client,
            reference,
            side: place.side,
            limit,
            rests,
            display: place.display,
            expiry,
            conduct: Conduct { self_trade: place.self_trade, post_only },
        };
        match place.stop {
            None => self.arrive(&arriving, place.qty, events),
            Some(stop) => self.wait_for(stop, arriving, place.qty),
        }
    }

    /// Matches an order, then rests or cancels what is left. RULES.md §4.
    #[inline(always)]
    fn arrive(&mut self, taker: &Arriving, qty: Qty, events: &mut Vec<Event>) {
        let left = match self.rules.state {
            MarketState::Continuous => self.meet(taker, qty, events),
            MarketState::Auction | MarketState::Halted => Some(Left { open: qty, stopped: None }),
        };
        let Some(Left { open, stopped }) = left else { return };
        match (taker.limit, stopped) {
            (Some(price), None) if taker.rests => self.rest(taker, price, open, events),
            (Some(_) | None, stopped) => {
                let reason = stopped.unwrap_or(CancelReason::Remainder);
                events.push(taker.cancelled(open, reason));
            }
        }
    }

    /// Meets the best opposite orders, one after the other.
    #[inline(always)]
    fn meet(&mut self, taker: &Arriving, qty: Qty, events: &mut Vec<Event>) -> Option<Left> {
        let side = taker.side.opposite();
        let mut open = qty;
        while let Some(price) = self.book.best_within(side, taker.limit) {
            if let Some(band) = self.band
                && !(band.low..=band.high).contains(&price.ticks())
            {
                self.hit_band(taker.order, price, band.reference, events);
                return Some(Left { open, stopped: Some(CancelReason::Band) });
            }
            let slot = self.book.head(side, price);
            let maker = self.book.get(slot);
            let qty = open.min(maker.displayed);
            let choice = taker.conduct.self_trade;
            open = if maker.client == taker.client && choice != SelfTrade::Allow {
                match self.prevent(choice, taker.order, slot, open, events) {
                    Ok(left) => left?,
                    Err(reason) => return Some(Left { open, stopped: Some(reason) }),
                }
            } else {
                self.trade(taker, slot, price, qty, events);
                open.minus(qty)?
            };
        }
        Some(Left { open, stopped: None })
    }

    #[inline(always)]
    fn trade(
        &mut self,
        taker: &Arriving,
        slot: Slot,
        price: Price,
        qty: Qty,
        events: &mut Vec<Event>,
    ) {
        let maker = self.book.get(slot);
        let fill =
            Fill { maker: maker.client, taker: taker.client, taker_side: taker.side, price, qty };
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
        self.accounts.settle(fill, &self.rules);
        self.fill(slot, taker.side.opposite(), qty, events);
        self.see_trade(price);
    }

    /// Takes displayed lots off a resting order that was met.
    fn fill(&mut self, slot: Slot, side: Side, qty: Qty, events: &mut Vec<Event>) {
        let node = self.book.get(slot);
        let (order, client, expiry) = (node.order, node.client, node.expiry());
        let filled = self.book.fill(slot, side, qty);
        self.accounts.leave(client, side, qty, filled == Filled::Gone);
        match filled {
            Filled::Partly => {}
            Filled::Refilled { displayed, open } => {
                events.push(Event::Refilled { order, displayed, open });
            }
            Filled::Gone => self.forget_expiry(order, expiry),
        }
    }

    /// Forgets the expiry of an order that is gone, if it has one.
    fn forget_expiry(&mut self, order: OrderId, expiry: Option<TimeNs>) {
        if let Some(expiry) = expiry {
            self.expiries.remove(order, expiry);
        }
    }

    /// Remembers a trade for stops, bands and auctions.
    fn see_trade(&mut self, price: Price) {
        self.last_trade = Some(price);
        if !self.stops.is_empty() {
            let (low, high) = self.unseen_trades.unwrap_or((price, price));
            self.unseen_trades = Some((low.min(price), high.max(price)));
        }
    }

    /// Two orders of one client met. RULES.md §6. Returns what is left of the arriving one, or why
    /// it ends here.
    #[cold]
    #[inline(never)]
    fn prevent(
        &mut self,
        choice: SelfTrade,
        taker: OrderId,
        slot: Slot,
        open: Qty,
        events: &mut Vec<Event>,
    ) -> Result<Option<Qty>, CancelReason> {
        match choice {
            SelfTrade::Allow => unreachable!("allowed self trades are trades"),
            SelfTrade::CancelNewest => Err(CancelReason::SelfTrade),
            SelfTrade::CancelOldest => {
                self.take_out(slot, CancelReason::SelfTrade, events);
                Ok(Some(open))
            }
            SelfTrade::CancelBoth => {
                self.take_out(slot, CancelReason::SelfTrade, events);
                Err(CancelReason::SelfTrade)
            }
            SelfTrade::Decrement => {
                let &Node { order: maker, side, displayed, .. } = self.book.get(slot);
                let qty = open.min(displayed);
                events.push(Event::Decremented { maker, taker, qty });
                self.fill(slot, side, qty, events);
                Ok(open.minus(qty))
            }
        }
    }

    #[inline(always)]
    fn rest(&mut self, taker: &Arriving, price: Price, qty: Qty, events: &mut Vec<Event>) {
        let &Arriving { order, client, reference, side, display, expiry, conduct, .. } = taker;
        let displayed = self.book.rest(&Resting {
            order,
            client,
            reference,
            side,
            price,
            qty,
            display,
            expiry,
            conduct,
        });
        if let Some(expiry) = expiry {
            self.expiries.insert(order, expiry);
        }
        self.accounts.rest(client, side, qty);
        events.push(Event::Rested { order, side, price, qty, displayed });
    }
}

impl Arriving {
    const fn cancelled(&self, qty: Qty, reason: CancelReason) -> Event {
        let &Self { order, client, reference, .. } = self;
        Event::Cancelled { order, client, reference, qty, reason }
    }
}
