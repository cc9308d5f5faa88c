//! The fast kernel and the reference side by side: every command goes through both, and any
//! difference is an error in words.

use kernel::digest::{self, AccountRecord, Section};
use kernel::reference::ReferenceMarket;
use kernel::view::{AccountView, OrderView, StopView};
use kernel::{Cash, ClientId, Command, Engine, Event, Genesis, MarketState, OrderId, Side};

use crate::{records, render};

/// State bytes of every section, in the order of [`Section::ALL`].
pub type StateBytes = [Vec<u8>; 6];

/// Where the clock section counts Place commands.
const PLACED: std::ops::Range<usize> = 16..24;

/// Two kernels that must agree.
#[derive(Debug)]
pub struct Twin {
    engine: Engine,
    reference: ReferenceMarket,
    clients_max: u32,
    endowed_lots: i128,
    endowed_cash: Cash,
}

impl Twin {
    /// Both kernels from one genesis.
    ///
    /// # Errors
    /// When they differ, or the genesis is refused.
    pub fn new(genesis: &Genesis) -> Result<Self, String> {
        match (Engine::new(genesis), ReferenceMarket::new(genesis)) {
            (Ok(engine), Ok(reference)) => {
                let lots = genesis.endowments.iter().map(|it| i128::from(it.position));
                let twin = Self {
                    engine,
                    reference,
                    clients_max: genesis.limits.clients_max,
                    endowed_lots: lots.sum(),
                    endowed_cash: genesis.endowments.iter().map(|it| it.cash).sum(),
                };
                twin.compare_states()?;
                twin.check_engine()?;
                Ok(twin)
            }
            (Err(error), Err(same)) if error == same => Err(error.to_string()),
            (fast, slow) => Err(format!("genesis: {:?} and {:?}", fast.err(), slow.err())),
        }
    }

    /// The fast kernel, to look at.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Carries out a command in both and compares everything.
    ///
    /// # Errors
    /// The first difference or broken invariant.
    pub fn apply(&mut self, command: Command) -> Result<Vec<Event>, String> {
        let before = self.state_bytes();
        let events = self.apply_unchecked(command)?;
        let after = self.compare_states()?;
        self.check_engine().map_err(|error| format!("{}: {error}", render::command(&command)))?;
        check_refusal(command, &events, before, after)
            .map_err(|error| format!("{}: {error}", render::command(&command)))?;
        Ok(events)
    }

    /// Carries out a command in both and compares the events only.
    ///
    /// # Errors
    /// When the events differ.
    pub fn apply_unchecked(&mut self, command: Command) -> Result<Vec<Event>, String> {
        // The buffer is the caller's: what stands in it already must stay.
        let earlier = Event::MassCancelled { client: ClientId(u32::MAX), orders: u32::MAX };
        let (mut fast, mut slow) = (vec![earlier], vec![earlier]);
        self.engine.apply(&command, &mut fast);
        self.reference.apply(&command, &mut slow);
        if fast == slow && fast[0] == earlier && 1 < fast.len() {
            return Ok(fast.split_off(1));
        }
        let text = |events: &[Event]| {
            let lines = events.iter().map(|event| format!("\n  {}", render::event(event)));
            lines.collect::<Vec<_>>().concat()
        };
        let (command, fast, slow) = (render::command(&command), text(&fast[1..]), text(&slow[1..]));
        Err(format!("{command}\nthe engine:{fast}\nthe reference:{slow}"))
    }

    /// The fast kernel's state.
    pub fn state_bytes(&self) -> StateBytes {
        Section::ALL.map(|section| {
            let mut bytes = Vec::new();
            self.engine.write_section(section, &mut bytes);
            bytes
        })
    }

    /// Compares the state bytes of both and returns them.
    ///
    /// # Errors
    /// The first section that differs.
    pub fn compare_states(&self) -> Result<StateBytes, String> {
        let fast = self.state_bytes();
        for (section, fast) in Section::ALL.iter().zip(&fast) {
            let mut slow = Vec::new();
            self.reference.write_section(*section, &mut slow);
            if *fast != slow {
                let name = section.name();
                return Err(format!("section {name}: engine {fast:?}, reference {slow:?}"));
            }
        }
        Ok(fast)
    }

    /// Checks the engine's own invariants, its views against its bytes, and conservation.
    ///
    /// # Errors
    /// The first that is broken.
    pub fn check_engine(&self) -> Result<(), String> {
        self.engine.check().map_err(|broken| format!("invariant: {broken}"))?;
        self.check_books()?;
        self.check_stops()?;
        self.check_accounts()
    }

    fn check_books(&self) -> Result<(), String> {
        let engine = &self.engine;
        let (mut orders_live, mut levels_live) = (0, 0);
        for (side, section) in [(Side::Buy, Section::Bids), (Side::Sell, Section::Asks)] {
            let queue: Vec<OrderView> = engine.queue(side).collect();
            let mut levels: Vec<(u32, u64)> = Vec::new();
            let mut bytes = Vec::new();
            for order in &queue {
                if order.side != side || engine.order(order.order) != Some(*order) {
                    return Err(format!("order {} looks different from its queue", order.order));
                }
                match levels.last_mut() {
                    Some((ticks, lots)) if *ticks == order.price.ticks() => {
                        *lots += u64::from(order.displayed.lots());
                    }
                    Some(_) | None => {
                        levels.push((order.price.ticks(), u64::from(order.displayed.lots())));
                    }
                }
            }
            engine.write_section(section, &mut bytes);
            records::compare_queue(&bytes, &queue, engine.time())
                .map_err(|error| format!("{}: {error}", section.name()))?;
            let seen: Vec<(u32, u64)> =
                engine.levels(side).map(|level| (level.price.ticks(), level.qty)).collect();
            if seen != levels {
                return Err(format!("{side} levels {seen:?} do not sum up {levels:?}"));
            }
            let best = queue.first().map(|order| order.price);
            if engine.best(side) != best {
                return Err(format!("best {side} {:?}, not {best:?}", engine.best(side)));
            }
            orders_live += queue.len();
            levels_live += levels.len();
        }
        if Ok(engine.orders_live()) != u32::try_from(orders_live)
            || Ok(engine.levels_live()) != u32::try_from(levels_live)
        {
            return Err(format!("{orders_live} orders, {levels_live} levels counted wrong"));
        }
        Ok(())
    }

    fn check_stops(&self) -> Result<(), String> {
        let engine = &self.engine;
        let (stops, mut bytes): (Vec<StopView>, _) = (engine.stops().collect(), Vec::new());
        engine.write_section(Section::Stops, &mut bytes);
        let state = engine.rules().state;
        let is_halted = state == MarketState::Halted;
        let (now, last) = (engine.time(), engine.last_trade());
        records::compare_stops(&bytes, &stops, now, last, is_halted)
            .map_err(|error| format!("stops: {error}"))?;
        let is_live = |order: OrderId| engine.is_live(order);
        let resting = engine.queue(Side::Buy).chain(engine.queue(Side::Sell));
        if !resting.map(|it| it.order).chain(stops.iter().map(|it| it.order)).all(is_live)
            || stops.iter().any(|stop| engine.order(stop.order).is_some())
        {
            return Err("a live order looks dead, or a stop looks as if it rested".to_owned());
        }
        // A book may be crossed in an auction, or in a halt that came after one.
        match (engine.best(Side::Buy), engine.best(Side::Sell)) {
            (Some(bid), Some(ask)) if state == MarketState::Continuous && ask <= bid => {
                Err(format!("the book is crossed: bid {bid}, ask {ask}"))
            }
            (_, _) => Ok(()),
        }
    }

    fn check_accounts(&self) -> Result<(), String> {
        let engine = &self.engine;
        let (mut lots, mut cash) = (0, engine.taxes() + engine.fees());
        let (mut from_views, mut bytes) = (Vec::new(), Vec::new());
        digest::write_pots(engine.taxes(), engine.fees(), &mut from_views);
        for account in engine.accounts() {
            let AccountView { client, position, cash: held, open_buy, open_sell, exempt } = account;
            lots += i128::from(position);
            cash += held;
            AccountRecord { client, position, cash: held, exempt }.write(&mut from_views);
            if engine.account(client) != account {
                return Err(format!("account {client} looks different in the list"));
            }
            if (open_buy, open_sell)
                != (self.open(client, Side::Buy), self.open(client, Side::Sell))
            {
                return Err(format!("open lots of client {client} are not its orders'"));
            }
        }
        engine.write_section(Section::Accounts, &mut bytes);
        if from_views != bytes {
            return Err("the accounts are not the section".to_owned());
        }
        if lots != self.endowed_lots || cash != self.endowed_cash {
            return Err(format!("rule 7.5: {lots} lots and {cash} cash are not the endowed"));
        }
        // Strangers, also those that can never trade, have nothing.
        let stranger = engine.account(ClientId(self.clients_max));
        if (stranger.position, stranger.cash, stranger.open_buy, stranger.open_sell) != (0, 0, 0, 0)
        {
            return Err("a client beyond the limit holds something".to_owned());
        }
        Ok(())
    }

    fn open(&self, client: ClientId, side: Side) -> i64 {
        let resting = self.engine.queue(side).filter(|order| order.client == client);
        let waiting = self.engine.stops().filter(|it| it.client == client && it.side == side);
        let lots = resting.map(|order| order.qty).chain(waiting.map(|stop| stop.qty));
        lots.map(|qty| i64::from(qty.lots())).sum()
    }
}

/// Rule 1.1: a refusal comes alone and changes nothing but the counter of Place commands.
fn check_refusal(
    command: Command,
    events: &[Event],
    mut before: StateBytes,
    mut after: StateBytes,
) -> Result<(), String> {
    let refusals = events.iter().filter(|event| matches!(event, Event::Rejected { .. })).count();
    if refusals == 0 {
        return Ok(());
    }
    if events.len() != 1 {
        return Err("a refusal does not come alone".to_owned());
    }
    if matches!(command, Command::Place(_)) {
        before[5].drain(PLACED);
        after[5].drain(PLACED);
    }
    if before == after { Ok(()) } else { Err("a refusal changed the state".to_owned()) }
}
