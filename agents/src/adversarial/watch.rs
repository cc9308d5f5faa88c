//! What a reader of a log sees of an adversarial market: a record of each episode.
//!
//! A [`Watch`] looks at decisions, commands with their events, marks and the engine behind them, in
//! their order, and at nothing that a game remembers: what it finds in a log is what it found while
//! the log was made. [`Watched`] shows a venue to a watch, so that runs without a log are measured by
//! the same code.
//!
//! Prices are looked at where the players look: before a step's orders, behind them, and behind the
//! reactions. Of one behind the reactions it is the last state before the clock moves on, or the
//! episode's close.

mod episode;
#[cfg(test)]
mod tests;
mod watched;

use std::collections::VecDeque;

use kernel::{
    ClientId, Command, Decision, Engine, Event, OrderId, Position, Reference, Side, Step, TimeNs,
};

pub use episode::{Child, Episode, Fill, Kind, Moment, Player, Seen, Snipe};
pub use watched::{Watched, play};

use super::flow::Token;
use super::prices::Prices;
use super::settings::{Mode, Settings};
use super::{
    ARBITRAGEUR, BELIEF_UNITS, EPISODE_MARK, FUNDAMENTAL_UNITS, MAKER, NOISE, TRADER, policy,
};
use crate::number;
use crate::stats::Observer;

/// An [`Observer`] that makes an [`Episode`] of each episode that is closed.
///
/// Cost: O(1) for an entry, but for the search of an order among those of the trader's episode, from
/// the last on.
#[derive(Clone, Debug)]
pub struct Watch {
    /// The settings' price, in half-ticks: the mid of an empty book.
    price: i64,
    /// The settings' edge, in ticks.
    edge: f64,
    closing: f64,
    open: Option<Open>,
    done: VecDeque<Episode>,
}

/// The episode that is under way.
#[derive(Clone, Debug)]
struct Open {
    episode: Episode,
    begin: TimeNs,
    /// The kernel's step at the beginning.
    first: Step,
    /// The kernel's time and step.
    time: TimeNs,
    step: Step,
    /// The book behind the last command.
    book: Prices,
    /// The last mid that somebody looked at.
    mid: i64,
    /// The step that is under way.
    moment: Moment,
    fundamental: i64,
    /// Of maker and arbitrageur, at the beginning and now: position and cash.
    accounts: [[(Position, i128); 2]; 2],
    /// The arbitrageur's order that traded with the maker last.
    sniper: Option<OrderId>,
}

impl Watch {
    /// A watch ahead of the first entry of a log with these settings.
    pub fn new(settings: &Settings) -> Self {
        Self {
            price: settings.price.whole().saturating_mul(2),
            edge: settings.fundamental_edge.to_f64(),
            closing: settings.trader_closing.to_f64(),
            open: None,
            done: VecDeque::new(),
        }
    }

    /// The first closed episode that was not taken yet.
    pub fn take(&mut self) -> Option<Episode> {
        self.done.pop_front()
    }

    fn close(&mut self, missing: i64, mid: i64) {
        let Some(mut open) = self.open.take() else { return };
        open.end_step();
        let edge = if open.episode.is_informed { self.edge } else { 0.0 };
        let worth = number::from_integer(open.fundamental) / f64::from(FUNDAMENTAL_UNITS) + edge;
        let worth = number::round(2.0 * worth);
        open.episode.missing = missing;
        open.episode.closing_half_ticks = mid;
        open.episode.closing_price = number::from_integer(mid) * 0.5 + self.closing;
        let [maker, arbitrageur] = open.players(worth);
        open.episode.maker = maker;
        open.episode.arbitrageur = arbitrageur;
        self.done.push_back(open.episode);
    }
}

impl Observer for Watch {
    fn decision(&mut self, decision: &Decision<'_>) {
        let Some(open) = &mut self.open else { return };
        let action = decision.action;
        match (decision.agent, decision.policy, action) {
            (0, policy::TYPE, &[z, mode, lots]) => {
                open.episode.is_informed = z != 0;
                open.episode.mode = mode_of(mode);
                open.episode.lots = lots.into();
            }
            (0, policy::FUNDAMENTAL, &[fundamental]) => {
                open.fundamental = fundamental.into();
                open.look();
                open.moment.before = open.mid;
            }
            (0, policy::BELIEF, &[belief]) => {
                open.look();
                open.moment.belief = f64::from(belief) / f64::from(BELIEF_UNITS);
            }
            (0, policy::CLOSE, &[missing, mid]) => self.close(missing.into(), mid.into()),
            (_, policy::MAKER, _) if open.step == open.first => open.look(),
            (agent, policy::CUSTOMER, &[lots, kind, ticks, _]) => {
                let sender = ClientId(agent);
                open.send(sender, decision.first_reference, (lots.into(), kind, ticks.into()));
            }
            _ => {}
        }
    }

    fn applied(&mut self, _: &Command, events: &[Event], engine: &Engine) {
        let Some(open) = &mut self.open else { return };
        if engine.step() != open.step {
            open.end_step();
        }
        (open.time, open.step) = (engine.time(), engine.step());
        let mut has_traded = false;
        for event in events {
            has_traded |= open.trade(event);
        }
        if has_traded {
            for (account, client) in open.accounts.iter_mut().zip([MAKER, ARBITRAGEUR]) {
                let view = engine.account(client);
                account[1] = (view.position, view.cash);
            }
        }
        open.book.look(engine);
    }

    fn mark(&mut self, name: &str, number: u64, engine: &Engine) {
        if name == EPISODE_MARK {
            self.open = Some(Open::new(number, self.price, engine));
        }
    }
}

fn mode_of(number: i32) -> Option<Mode> {
    Mode::ALL.iter().copied().find(|mode| *mode as i32 == number)
}

impl Open {
    fn new(number: u64, price: i64, engine: &Engine) -> Self {
        let account = |client| {
            let view = engine.account(client);
            [(view.position, view.cash); 2]
        };
        let mut book = Prices { bid: None, ask: None, mid_half_ticks: price };
        book.look(engine);
        Self {
            episode: Episode::new(number),
            begin: engine.time(),
            first: engine.step(),
            time: engine.time(),
            step: engine.step(),
            book,
            mid: price,
            moment: Moment::default(),
            fundamental: 0,
            accounts: [account(MAKER), account(ARBITRAGEUR)],
            sniper: None,
        }
    }

    /// The step within the episode, from 1; 0 before the first.
    const fn now(&self) -> u64 {
        self.step.0.saturating_sub(self.first.0)
    }

    /// Somebody looks at the book: a mid is there, or the last one stays.
    fn look(&mut self) {
        if self.book.spread().is_some() {
            self.mid = self.book.mid_half_ticks;
        }
    }

    /// What everybody sees before the clock moves on.
    fn end_step(&mut self) {
        self.look();
        if self.step == self.first {
            self.episode.arrival = self.mid;
            self.moment = Moment::default();
            for account in &mut self.accounts {
                account[0] = account[1];
            }
            return;
        }
        let inventory = self.inventory(0);
        self.episode.steps.push(Moment {
            after: self.mid,
            spread: self.book.spread(),
            inventory,
            ..self.moment
        });
        self.moment = Moment { before: self.mid, belief: self.moment.belief, ..Moment::default() };
    }

    /// An order of a customer is on its way.
    fn send(&mut self, sender: ClientId, reference: Reference, order: (i64, i32, i64)) {
        let (lots, kind, ticks) = order;
        let kind = match kind {
            0 => Kind::Market,
            1 => Kind::Collared(ticks),
            2 => Kind::Limit(ticks),
            _ => return,
        };
        let is_trader = sender == TRADER;
        if !is_trader && sender != NOISE {
            return;
        }
        let side = if lots < 0 { Side::Sell } else { Side::Buy };
        let token = Token {
            step: self.now(),
            time_ns: self.time.0.saturating_sub(self.begin.0),
            side,
            offset: if let Kind::Limit(ticks) = kind { ticks } else { 0 },
            lots: lots.abs(),
            is_limit: matches!(kind, Kind::Limit(_)),
        };
        self.episode.tokens.push(Seen { token, is_traders: is_trader });
        if is_trader {
            self.episode.children.push(Child {
                step: self.now(),
                reference: reference.0,
                side,
                lots: lots.abs(),
                kind,
                mid_half_ticks: self.moment.before,
                executed: 0,
                paid: 0,
            });
        }
    }

    /// Counts a trade; false for another event.
    fn trade(&mut self, event: &Event) -> bool {
        let &Event::Traded {
            taker,
            maker_client,
            taker_client,
            maker_reference,
            taker_reference,
            taker_side,
            price,
            qty,
            ..
        } = event
        else {
            return false;
        };
        if self.step == self.first {
            return true;
        }
        let (lots, price) = (i64::from(qty.lots()), i64::from(price.ticks()));
        let fill = |side, is_passive| Fill { step: self.now(), side, price, lots, is_passive };
        let taken = (taker_client, taker_reference, fill(taker_side, false));
        let made = (maker_client, maker_reference, fill(taker_side.opposite(), true));
        self.moment.volume = self.moment.volume.saturating_add(lots);
        for (client, reference, fill) in [taken, made] {
            if client == TRADER {
                self.execute(reference, &fill);
            } else if client == MAKER {
                let net = if fill.side == Side::Buy { lots } else { -lots };
                self.moment.made = self.moment.made.saturating_add(net);
                self.episode.maker_fills.push(fill);
            }
        }
        if taker_client == ARBITRAGEUR && maker_client == MAKER {
            self.snipe(taker, &taken.2);
        }
        true
    }

    fn execute(&mut self, reference: Reference, fill: &Fill) {
        self.episode.fills.push(*fill);
        // Of this episode alone: no order of the trader outlives one.
        let mut children = self.episode.children.iter_mut().rev();
        if let Some(child) = children.find(|child| child.reference == reference.0) {
            child.executed = child.executed.saturating_add(fill.lots);
            child.paid = child.paid.saturating_add(fill.lots.saturating_mul(fill.price));
        }
    }

    /// The arbitrageur trades with the maker: one snipe for each of its orders.
    fn snipe(&mut self, order: OrderId, fill: &Fill) {
        if self.sniper == Some(order)
            && let Some(snipe) = self.episode.snipes.last_mut()
        {
            snipe.lots = snipe.lots.saturating_add(fill.lots);
            return;
        }
        self.sniper = Some(order);
        let held = self.inventory(1);
        let closes = if fill.side == Side::Buy { held < 0 } else { 0 < held };
        self.episode.snipes.push(Snipe {
            step: fill.step,
            side: fill.side,
            lots: fill.lots,
            closes,
        });
    }

    /// Lots that maker or arbitrageur bought more than it sold in the episode.
    fn inventory(&self, who: usize) -> i64 {
        let [begin, now] = self.accounts[who];
        now.0.saturating_sub(begin.0)
    }

    /// What maker and arbitrageur came to, their lots at twice this price.
    fn players(&self, worth: i64) -> [Player; 2] {
        [0, 1].map(|who| {
            let [begin, now] = self.accounts[who];
            let inventory = self.inventory(who);
            let held = i128::from(inventory) * i128::from(worth) * kernel::CASH_PER_TICK_LOT;
            let gained = now.1.saturating_sub(begin.1).saturating_mul(2).saturating_add(held);
            let gained = crate::stats::reals::rounded(gained);
            Player { inventory, pnl: gained / crate::stats::reals::rounded(CASH_TWICE) }
        })
    }
}

/// Twice the cash of a tick·lot.
const CASH_TWICE: i128 = 2 * kernel::CASH_PER_TICK_LOT;
