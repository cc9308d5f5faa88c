//! Samples a market at even times while it is replayed.

use kernel::{Command, Decision, Engine, Event, Side, TimeNs};

use super::Observer;
use super::series::{Series, Taker};

/// Whose decisions hold the fair value: the first number of the action in 1/256 price unit or, of
/// an action of two, the low and the high half of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FairValueSource {
    /// The policy's number.
    pub policy: u32,
    /// The agent's number.
    pub agent: u32,
}

impl FairValueSource {
    /// The fair value, in 1/256 tick, if this decision tells it: one integer, or the low and the
    /// high half of one.
    pub fn told_by(self, decision: &Decision<'_>) -> Option<i64> {
        if (decision.policy, decision.agent) != (self.policy, self.agent) {
            return None;
        }
        match *decision.action {
            [value] => Some(i64::from(value)),
            [low, high] => Some(i64::from(high) << 32 | i64::from(low.cast_unsigned())),
            [..] => None,
        }
    }
}

/// When and what to sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// Nanoseconds of logical time between samples, at multiples of which they are taken; 0 counts
    /// as 1.
    pub interval: u64,
    /// No samples before this time.
    pub start: TimeNs,
    /// No samples after this time; where the log ends earlier, its last state is sampled up to it.
    /// `None` ends with the log.
    pub end: Option<TimeNs>,
    /// Samples to drop at the start.
    pub burn_in: u64,
    /// Kernel prices of one tick; 0 counts as 1.
    pub tick: u32,
    /// Widest spread, in kernel prices, whose middle is a mid: behind a wider one the last mid is
    /// carried, as behind an empty side. `None` takes any.
    pub spread_cap: Option<u32>,
    /// Where the fair value is.
    pub fair_value: Option<FairValueSource>,
}

impl Sampling {
    /// One second, which is a step of the simulated ecology; the first 200 samples dropped.
    pub const SIMULATED: Self = Self {
        interval: 1_000_000_000,
        start: TimeNs(0),
        end: None,
        burn_in: 200,
        tick: 1,
        spread_cap: None,
        fair_value: None,
    };

    /// A day on NASDAQ, prices in 1/10,000 of the currency: 09:35:00 to 16:00:00 in steps of
    /// `interval` nanoseconds, ticks of a cent.
    pub const fn recorded_day(interval: u64) -> Self {
        Self {
            interval,
            start: TimeNs(34_500_000_000_000),
            end: Some(TimeNs(57_600_000_000_000)),
            burn_in: 0,
            tick: 100,
            spread_cap: None,
            fair_value: None,
        }
    }
}

/// Samples that any log may have, some 60 MiB and as much again while they are looked at: twelve days
/// of seconds. Beyond, there are no more than commands: memory follows the log, and a clock that leaps
/// further is not followed.
const SAMPLES_FREE: u64 = 1 << 20;

/// A look at the depth is taken at each tenth sample.
const DEPTH_EVERY: u64 = 10;

/// Distances of the depth profile, in ticks, 0 included.
const DEPTH_TICKS: usize = 51;

/// Best price and displayed lots of a side.
type Best = Option<(u32, u64)>;

/// An [`Observer`] that makes a [`Series`].
///
/// A sample at time g shows the market after the last command of a time up to g. Samples begin with
/// the first two-sided book; while a side is empty the last mid is carried on, and such samples
/// have no spread. The depth, at each tenth sample, is what the clock's move past the sample leaves
/// of it: without the orders that expire then.
///
/// Cost: O(1) for a command and a sample, no allocation but the lists' growth.
#[derive(Clone, Debug)]
pub struct Sampler {
    sampling: Sampling,
    series: Series,
    /// Time of the next sample; `None` behind the last.
    next: Option<u64>,
    /// Samples seen, dropped ones included.
    seen: u64,
    /// Commands so far.
    commands: u64,
    bid: Best,
    ask: Best,
    /// Bid plus ask, of the last two-sided book.
    mid: Option<i64>,
    fair: Option<i64>,
    volume: u64,
    flow: i64,
    trades: u32,
}

impl Sampler {
    /// A sampler ahead of the first entry.
    pub fn new(sampling: Sampling) -> Self {
        let interval = sampling.interval.max(1);
        let sampling = Sampling { interval, tick: sampling.tick.max(1), ..sampling };
        Self {
            sampling,
            series: Series {
                interval,
                tick: sampling.tick,
                depth: vec![0; DEPTH_TICKS],
                ..Series::default()
            },
            next: sampling.start.0.div_ceil(interval).checked_mul(interval),
            seen: 0,
            commands: 0,
            bid: None,
            ask: None,
            mid: None,
            fair: None,
            volume: 0,
            flow: 0,
            trades: 0,
        }
    }

    /// The series, behind the last entry.
    pub fn finish(mut self, engine: &Engine) -> Series {
        let end = self.sampling.end.map_or(engine.time().0, |end| end.0);
        self.sample_before(end.saturating_add(1), engine);
        if self.series.fair.len() != self.series.mids.len() {
            self.series.fair.clear();
        }
        self.series
    }

    /// Takes the samples that are due before this time.
    #[cold]
    fn sample_before(&mut self, time: u64, engine: &Engine) {
        let mut looks = 0;
        while let Some(due) = self.next.filter(|due| *due < time) {
            let is_late = self.sampling.end.is_some_and(|end| end.0 < due);
            if is_late || SAMPLES_FREE.max(self.commands) <= self.series.mids.len() as u64 {
                self.series.is_cut |= !is_late;
                self.next = None;
                break;
            }
            self.next = due.checked_add(self.sampling.interval);
            if let Some(mid) = self.mid {
                looks += u64::from(self.take(mid));
            } else {
                self.forget();
                self.next = self.skip_to(time);
            }
        }
        self.look_at_depth(looks, engine);
    }

    /// The first sample at or after this time, when there is nothing to sample before it; `None` where
    /// time ends before it.
    fn skip_to(&self, time: u64) -> Option<u64> {
        let interval = self.sampling.interval;
        let next = time.div_ceil(interval).checked_mul(interval)?;
        self.next.map(|due| due.max(next))
    }

    /// Takes a sample; says whether the depth is due.
    fn take(&mut self, mid: i64) -> bool {
        self.seen += 1;
        let is_dropped = self.seen <= self.sampling.burn_in;
        if !is_dropped {
            let series = &mut self.series;
            series.mids.push(mid);
            match (self.bid, self.ask) {
                (Some((bid, _)), Some((ask, _))) => series.spreads.push(ask.saturating_sub(bid)),
                (None, _) | (_, None) => series.one_sided += 1,
            }
            series.bid_lots.push(self.bid.map_or(0, |(_, lots)| lots));
            series.ask_lots.push(self.ask.map_or(0, |(_, lots)| lots));
            series.volumes.push(self.volume);
            series.flows.push(self.flow);
            series.trades.push(self.trades);
            series.fair.extend(self.fair);
        }
        self.forget();
        !is_dropped && self.seen.is_multiple_of(DEPTH_EVERY)
    }

    /// Starts a new interval.
    const fn forget(&mut self) {
        self.volume = 0;
        self.flow = 0;
        self.trades = 0;
    }

    fn look_at_depth(&mut self, looks: u64, engine: &Engine) {
        if looks == 0 {
            return;
        }
        self.series.depth_looks += looks;
        for side in [Side::Buy, Side::Sell] {
            let Some(best) = engine.best(side) else { continue };
            for level in engine.levels(side) {
                let distance = level.price.ticks().abs_diff(best.ticks()) / self.sampling.tick;
                let Some(sum) = self.series.depth.get_mut(distance as usize) else { break };
                *sum += u128::from(level.qty) * u128::from(looks);
            }
        }
    }

    /// Counts the fills of a command.
    fn trade(&mut self, events: &[Event], is_auction: bool) {
        let mut last = None;
        for event in events {
            let &Event::Traded { taker, taker_side, qty, .. } = event else { continue };
            let lots = u64::from(qty.lots());
            self.volume += lots;
            self.trades = self.trades.saturating_add(1);
            if is_auction {
                continue;
            }
            let sign = if taker_side == Side::Buy { 1 } else { -1 };
            self.flow += i64::from(sign) * i64::from(qty.lots());
            let Some(mid) = self.mid.filter(|_| self.sampling.burn_in < self.seen) else {
                continue;
            };
            match self.series.takers.last_mut().filter(|_| last == Some(taker)) {
                Some(open) => open.lots += lots,
                None => self.series.takers.push(Taker { sign, lots, mid }),
            }
            last = Some(taker);
        }
    }

    fn look(&mut self, engine: &Engine) {
        self.bid = best(engine, Side::Buy);
        self.ask = best(engine, Side::Sell);
        if let (Some((bid, _)), Some((ask, _))) = (self.bid, self.ask)
            && self.sampling.spread_cap.is_none_or(|cap| ask.saturating_sub(bid) <= cap)
        {
            self.mid = Some(i64::from(bid) + i64::from(ask));
        }
    }
}

/// The best level of a side.
fn best(engine: &Engine, side: Side) -> Best {
    engine.levels(side).next().map(|level| (level.price.ticks(), level.qty))
}

impl Observer for Sampler {
    fn decision(&mut self, decision: &Decision<'_>) {
        let told = self.sampling.fair_value.and_then(|source| source.told_by(decision));
        self.fair = told.or(self.fair);
    }

    fn applied(&mut self, command: &Command, events: &[Event], engine: &Engine) {
        self.commands += 1;
        if let Command::Clock { time, .. } = command {
            if self.next.is_some_and(|due| due < time.0) && engine.time() == *time {
                self.sample_before(time.0, engine);
            }
            if events.len() <= 1 {
                return;
            }
        } else if let [_, _, ..] = events {
            self.trade(events, matches!(command, Command::Uncross));
        } else if let [Event::Rejected { .. }] = events {
            return;
        }
        self.look(engine);
    }
}

#[cfg(test)]
mod tests;
