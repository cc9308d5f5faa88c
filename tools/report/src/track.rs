//! What panels over time are drawn from: the top of the book, the rules and what everybody holds.

use std::collections::BTreeMap;

use agents::stats::{Observer, Sampling};
use kernel::{CASH_PER_TICK_LOT, Command, Decision, Engine, Event, Genesis, RuleChange, Side};

use crate::number::{big, short};

mod holdings;

pub use holdings::{Holding, Holdings};

/// The market at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Best bid and best ask, in price units; `None` while one is missing.
    pub top: Option<(u32, u32)>,
    /// Lots traded since the look before.
    pub lots: u64,
}

impl Look {
    /// Best ask less best bid, price units.
    pub fn spread(&self) -> Option<u32> {
        self.top.map(|(bid, ask)| ask.saturating_sub(bid))
    }
}

/// Something that happened at a time and has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Nanoseconds of logical time.
    pub time: u64,
    /// Its name: a mark's, or what became of a rule.
    pub name: String,
}

/// Rules from a time on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RulesFrom {
    /// Nanoseconds of logical time.
    pub time: u64,
    /// Whether short sales are banned.
    pub short_ban: bool,
    /// Transaction tax, in 1/10,000 price unit for each lot and side.
    pub tax: u32,
}

/// A run at even times.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Track {
    /// Time of the first look, nanoseconds.
    pub first: u64,
    /// Nanoseconds between looks: those of the sampling, doubled as often as it takes.
    pub interval: u64,
    /// Price units of a tick.
    pub tick: u32,
    /// Widest spread that has a mid, price units; `None` for any.
    pub spread_cap: Option<u32>,
    /// The market.
    pub looks: Vec<Look>,
    /// Fair value in 1/256 price unit, as long as the looks; empty without one.
    pub fair: Vec<i64>,
    /// Named moments in their order.
    pub moments: Vec<Moment>,
    /// Rules in their order; the first ones are those of the start.
    pub rules: Vec<RulesFrom>,
    /// What everybody holds.
    pub holdings: Holdings,
}

impl Track {
    /// Time of a look, nanoseconds.
    pub fn time(&self, look: usize) -> u64 {
        self.first.saturating_add(self.interval.saturating_mul(look as u64))
    }

    /// Bid plus ask of a look; `None` while a side is missing or the spread above the cap.
    pub fn twice_mid(&self, look: &Look) -> Option<i64> {
        let (bid, ask) = look.top?;
        let has_mid = self.spread_cap.is_none_or(|cap| ask.saturating_sub(bid) <= cap);
        has_mid.then(|| i64::from(bid) + i64::from(ask))
    }

    /// The first look at or after a time.
    pub fn look_at(&self, time: u64) -> usize {
        let looks = time.saturating_sub(self.first).div_ceil(self.interval.max(1));
        usize::try_from(looks).map_or(self.looks.len(), |look| look.min(self.looks.len()))
    }
}

/// Most looks: the interval doubles there.
const LOOKS_MAX: usize = 1 << 20;
/// Most moments that are kept, and most of one name: a mark of every row is no moment.
const MOMENTS_MAX: usize = 256;
const OF_A_NAME_MAX: usize = 8;

/// An [`Observer`] that makes a [`Track`].
///
/// Looks begin with the first resting order, not before the sampling's start. What is held is looked at
/// more rarely. Nothing is left out at the start.
///
/// Cost: O(1) for a command, O(clients) for each of at most some thousand looks at what they hold;
/// 24 MiB at the most, and a little more for each of the clients.
#[derive(Clone, Debug)]
pub struct Tracker {
    sampling: Sampling,
    track: Track,
    next: u64,
    top: Option<(u32, u32)>,
    /// Whether an order has ever rested.
    has_book: bool,
    fair: Option<i64>,
    lots: u64,
    names: BTreeMap<String, usize>,
}

impl Tracker {
    /// A tracker ahead of the first entry of a market.
    pub fn new(sampling: Sampling, genesis: &Genesis) -> Self {
        let interval = sampling.interval.max(1);
        let rules = genesis.rules;
        let rules = RulesFrom { time: 0, short_ban: rules.short_ban, tax: rules.tax };
        Self {
            sampling,
            track: Track {
                interval,
                tick: sampling.tick.max(1),
                spread_cap: sampling.spread_cap,
                rules: vec![rules],
                holdings: Holdings::new(genesis),
                ..Track::default()
            },
            next: sampling.start.0.div_ceil(interval).saturating_mul(interval),
            top: None,
            has_book: false,
            fair: None,
            lots: 0,
            names: BTreeMap::new(),
        }
    }

    /// The track, behind the last entry.
    pub fn finish(mut self, engine: &Engine) -> Track {
        self.look_before(engine.time().0.saturating_add(1), engine);
        self.track.holdings.end(engine);
        if self.track.fair.len() != self.track.looks.len() {
            self.track.fair.clear();
        }
        let names = &self.names;
        let is_rare = |moment: &Moment| names.get(&moment.name).is_none_or(|n| *n <= OF_A_NAME_MAX);
        self.track.moments.retain(is_rare);
        self.track
    }

    /// Takes the looks that are due before a time.
    #[cold]
    fn look_before(&mut self, time: u64, engine: &Engine) {
        let end = self.sampling.end.map_or(u64::MAX, |end| end.0.saturating_add(1));
        while self.next < time.min(end) {
            if self.track.looks.is_empty() {
                if !self.has_book {
                    let interval = self.track.interval;
                    let next = time.div_ceil(interval).saturating_mul(interval);
                    self.next = self.next.max(next);
                    return;
                }
                self.track.first = self.next;
            }
            let look = Look { top: self.top, lots: self.lots };
            self.track.looks.push(look);
            self.track.fair.extend(self.fair);
            self.lots = 0;
            let mid = self.track.twice_mid(&look);
            self.track.holdings.look(self.next, mid, engine);
            if LOOKS_MAX <= self.track.looks.len() {
                self.halve();
            }
            let Some(next) = self.next.checked_add(self.track.interval) else {
                self.next = u64::MAX;
                return;
            };
            self.next = next;
        }
    }

    /// Drops every other look, the last one of an even number too.
    fn halve(&mut self) {
        let track = &mut self.track;
        let merged = track.looks.chunks(2).map(|pair| match *pair {
            [one, other] => (one, other.lots),
            [one, ..] => (one, 0),
            [] => (Look::default(), 0),
        });
        let mut carried = 0;
        let looks = merged.map(|(look, after)| {
            let look = Look { lots: look.lots + carried, ..look };
            carried = after;
            look
        });
        track.looks = looks.collect();
        self.lots += carried;
        track.fair = track.fair.iter().copied().step_by(2).collect();
        track.interval = track.interval.saturating_mul(2);
        self.next = track.time(track.looks.len() - 1);
    }

    fn name(&mut self, time: u64, name: String) {
        *self.names.entry(name.clone()).or_default() += 1;
        if self.track.moments.len() < MOMENTS_MAX {
            self.track.moments.push(Moment { time, name });
        }
    }

    fn change(&mut self, change: RuleChange, engine: &Engine) {
        let (time, rules) = (engine.time().0, engine.rules());
        let now = RulesFrom { time, short_ban: rules.short_ban, tax: rules.tax };
        let is_news = self
            .track
            .rules
            .last()
            .is_none_or(|last| (last.short_ban, last.tax) != (now.short_ban, now.tax));
        if !is_news || MOMENTS_MAX <= self.track.rules.len() {
            return;
        }
        self.track.rules.push(now);
        let (mark, name) = match change {
            RuleChange::ShortBan(true) => ("short-ban", "short-ban".to_owned()),
            RuleChange::ShortBan(false) => ("short-ban", "short-ban ends".to_owned()),
            RuleChange::Tax(0) => ("tobin-tax", "tobin-tax ends".to_owned()),
            RuleChange::Tax(tax) => {
                let ticks = f64::from(tax) / big(CASH_PER_TICK_LOT) / f64::from(self.track.tick);
                ("tobin-tax", format!("tobin-tax {}", short(ticks)))
            }
            RuleChange::Tick(_)
            | RuleChange::Lot(_)
            | RuleChange::QtyMax(_)
            | RuleChange::PriceRange { .. }
            | RuleChange::PositionMax(_)
            | RuleChange::State(_)
            | RuleChange::Exempt { .. }
            | RuleChange::Fees { .. }
            | RuleChange::Band(_) => return,
        };
        // A mark ahead of the change says less.
        let marked = self.track.moments.last_mut();
        match marked.filter(|moment| moment.time == time && moment.name == mark) {
            Some(moment) => moment.name = name,
            None => self.name(time, name),
        }
    }
}

impl Observer for Tracker {
    fn decision(&mut self, decision: &Decision<'_>) {
        let told = self.sampling.fair_value.and_then(|source| source.told_by(decision));
        self.fair = told.or(self.fair);
    }

    fn applied(&mut self, command: &Command, events: &[Event], engine: &Engine) {
        if let Command::Clock { time, .. } = command
            && self.next < time.0
            && engine.time() == *time
        {
            self.look_before(time.0, engine);
        }
        for event in events {
            if let Event::Traded { qty, .. } = event {
                self.lots += u64::from(qty.lots());
            } else if let Event::RuleChanged(change) = event {
                self.change(*change, engine);
            }
        }
        let best = |side| engine.best(side).map(kernel::Price::ticks);
        let (bid, ask) = (best(Side::Buy), best(Side::Sell));
        self.has_book |= bid.is_some() || ask.is_some();
        self.top = bid.zip(ask);
    }

    fn mark(&mut self, name: &str, _number: u64, engine: &Engine) {
        if self.names.get(name).is_none_or(|seen| *seen <= OF_A_NAME_MAX) {
            self.name(engine.time().0, name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests;
