//! One log, as a page needs it; and which logs are twins.

use std::collections::BTreeMap;

use agents::stats::{Bands, Flow, Series};

use crate::curve::Curve;
use crate::number::{big, real};
use crate::thin::Point;
use crate::track::{Look, Track};

/// What was seen of a log.
#[derive(Clone, Debug)]
pub struct Run {
    /// What the page calls it: its path.
    pub name: String,
    /// The program that decided: the genesis names it.
    pub producer: String,
    /// Seed of every draw.
    pub seed: u64,
    /// The producer's parameters.
    pub parameters: BTreeMap<String, String>,
    /// How many entries.
    pub entries: u64,
    /// Head over all entries, as hexadecimal digits.
    pub head: String,
    /// The command that records the log again; `None` where none does.
    pub command: Option<String>,
    /// Whether client numbers are those of an ecology's agents.
    pub is_ecology: bool,
    /// Whether times are times of day, and prices those of a recorded market.
    pub is_recorded: bool,
    /// Which values of a statistic pass.
    pub bands: Bands,
    /// What panels over time are drawn from.
    pub track: Track,
    /// Samples for the statistics.
    pub series: Series,
    /// What the orders tell, for the statistics.
    pub flow: Flow,
    /// How likely outcomes already were, as forks of it tell.
    pub curves: Vec<Curve>,
}

/// Mark at which market makers leave.
pub const MAKERS_LEAVE: &str = "makers-leave";
/// Mark at which they come back.
pub const MAKERS_RETURN: &str = "makers-return";

/// What is done to a market for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Market makers are away.
    Leave,
    /// Short sales are banned.
    Ban,
    /// Trades are taxed: 1/10,000 price unit for each lot and side.
    Tax(u32),
}

/// While something is done to a market: from a time to before another, nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Period {
    pub(crate) cause: Cause,
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Run {
    /// A parameter that is a whole number.
    pub(crate) fn number(&self, key: &str) -> Option<u32> {
        self.parameters.get(key)?.parse().ok()
    }

    /// What is done to the market, and when.
    pub(crate) fn periods(&self) -> Vec<Period> {
        let moments = &self.track.moments;
        let mut periods = Vec::new();
        for (place, moment) in moments.iter().enumerate().filter(|it| it.1.name == MAKERS_LEAVE) {
            let back = moments.iter().skip(place).find(|moment| moment.name == MAKERS_RETURN);
            let to = back.map_or(u64::MAX, |moment| moment.time);
            periods.push(Period { cause: Cause::Leave, from: moment.time, to });
        }
        let mut rules = self.track.rules.iter().peekable();
        while let Some(now) = rules.next() {
            let to = rules.peek().map_or(u64::MAX, |next| next.time);
            let causes =
                [now.short_ban.then_some(Cause::Ban), (0 < now.tax).then_some(Cause::Tax(now.tax))];
            let causes = causes.into_iter().flatten();
            periods.extend(causes.map(|cause| Period { cause, from: now.time, to }));
        }
        periods
    }

    /// The log of the same market and the same draws to which nothing was done.
    pub(crate) fn twin<'a>(&self, runs: &'a [Self]) -> Option<&'a Self> {
        let is_same = |run: &&Self| {
            run.producer == self.producer
                && run.seed == self.seed
                && run.base_parameters().eq(self.base_parameters())
        };
        runs.iter().filter(is_same).find(|run| run.periods().is_empty())
    }

    /// The parameters of the market itself, without what is done to it.
    pub(crate) fn base_parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        let of_market = |key: &str| {
            !key.starts_with("schedule.") && !matches!(key, "market.tax" | "market.short_ban")
        };
        let pairs = self.parameters.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        pairs.filter(move |(key, _)| of_market(key))
    }

    /// Title of the axis of time.
    pub(crate) const fn time_title(&self) -> &'static str {
        if self.is_recorded { "time of day" } else { "logical time, s" }
    }

    /// Price units of a tick.
    pub(crate) fn tick(&self) -> f64 {
        f64::from(self.track.tick.max(1))
    }

    /// The mid over time, ticks.
    pub(crate) fn mids(&self) -> Vec<Point> {
        let unit = 2.0 * self.tick();
        self.over_time(|look| Some(real(self.track.twice_mid(look)?) / unit))
    }

    /// The spread over time, ticks.
    pub(crate) fn spreads(&self) -> Vec<Point> {
        self.over_time(|look| Some(f64::from(look.spread()?) / self.tick()))
    }

    /// The fair value over time, ticks; empty where the log tells none.
    pub(crate) fn fair(&self) -> Vec<Point> {
        let unit = 256.0 * self.tick();
        let times = (0..).map(|look| seconds(self.track.time(look)));
        times.zip(&self.track.fair).map(|(time, fair)| (time, Some(real(*fair) / unit))).collect()
    }

    fn over_time(&self, value: impl Fn(&Look) -> Option<f64>) -> Vec<Point> {
        let times = (0..).map(|look| seconds(self.track.time(look)));
        times.zip(&self.track.looks).map(|(time, look)| (time, value(look))).collect()
    }
}

/// A time on the axis: nanoseconds as seconds.
pub(crate) fn seconds(time: u64) -> f64 {
    big(time.into()) / 1e9
}

#[cfg(test)]
pub(crate) mod tests;
