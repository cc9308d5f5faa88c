//! The command line of `replay stats`.

use std::path::PathBuf;

use super::Limits;
use agents::stats::Bands;
use clap::ValueEnum;
use kernel::TimeNs;

const NANOSECONDS: u64 = 1_000_000_000;
/// Resamples for an interval unless others are asked for.
const RESAMPLES: u32 = 200;

/// Time between samples, as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Every {
    /// So many nanoseconds.
    Time(u64),
    /// So many steps of the log's producer.
    Steps(u64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BandSet {
    /// What liquid markets show
    Realistic,
    /// What is published of the system that the preset `seed` follows
    Seed,
    /// Nothing is judged
    None,
}

impl BandSet {
    pub(crate) const fn bands(self) -> Bands {
        match self {
            Self::Realistic => Bands::Realistic,
            Self::Seed => Bands::MarlMarket,
            Self::None => Bands::None,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Realistic => "realistic",
            Self::Seed => "seed",
            Self::None => "none",
        }
    }
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  replay stats day.log\n  replay stats 1.log 2.log 3.log --each\n  \
replay stats goog.log --every 10s --orders --levels\n  \
replay stats day.log --against goog.log --json | jq .facts\n  \
replay simulate --system adversarial --episodes 200 --mode silent -o x.log\n  replay stats x.log\n\n\
Every log is replayed and checked as by `replay run`. Several logs are pooled: means and standard\n\
errors of their figures. A figure outside its band is a finding, not an error: exit code 0.\n\n\
What is sampled follows from who wrote the log. ecology: each second, which is a step, with the fair\n\
value. import-lobster: 09:35 to 16:00, ticks of a cent, nothing judged. Others: each second, without\n\
fair value.\n\n\
Of adversarial markets (simulate --system adversarial, and the logs that scenario execution keeps)\n\
nothing is sampled: each type's episodes are measured, and how well the types are told apart. Logs\n\
of one market are pooled episode by episode, also where each holds one type: log the other type with\n\
--set type.informed=0 or 1. Options of sampling, bands and intervals are refused."
)]
pub(crate) struct Stats {
    /// The logs
    #[arg(value_name = "LOG", required = true)]
    pub(crate) logs: Vec<PathBuf>,

    /// Logical time between samples: 10s, 500ms, or 10steps where a step has a length; 1s by default
    #[arg(long, value_name = "TIME", value_parser = every)]
    pub(crate) every: Option<Every>,

    /// Widest spread, in ticks, behind which there is a mid, else the last is kept; 0 for any. The
    /// ecology's own `market.spread_cap` for its logs, any for others
    #[arg(long, value_name = "TICKS")]
    pub(crate) spread_cap: Option<u32>,

    /// Samples to leave out at the start; 200 by default, 0 for recorded days
    #[arg(long, value_name = "N")]
    pub(crate) burn_in: Option<u64>,

    /// First sample, as time of day or since the start of the simulation
    #[arg(long, value_name = "HH:MM[:SS]", value_parser = time_of_day)]
    pub(crate) from: Option<TimeNs>,

    /// Last sample
    #[arg(long, value_name = "HH:MM[:SS]", value_parser = time_of_day)]
    pub(crate) to: Option<TimeNs>,

    /// Which values pass; by default those of the log's preset, else realistic, none for recorded days
    #[arg(long, value_enum)]
    pub(crate) bands: Option<BandSet>,

    #[command(flatten)]
    pub(crate) shown: Shown,

    /// Set the figures of this log beside, sampled as often
    #[arg(long, value_name = "LOG")]
    pub(crate) against: Option<PathBuf>,

    /// Resamples for each 95 % interval, 200 by default; 0 for no intervals
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(..=100_000))]
    pub(crate) resamples: Option<u32>,

    #[command(flatten)]
    pub(crate) limits: Limits,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}

impl Stats {
    /// Resamples for each interval.
    pub(crate) fn resamples(&self) -> u32 {
        self.resamples.unwrap_or(RESAMPLES)
    }
}

/// What is shown beside the facts.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Shown {
    /// Show what the orders tell too
    #[arg(long)]
    pub(crate) orders: bool,

    /// Follow sizes and distances of ten levels over time, and show the orders; where books are deep
    /// and sparse this costs more than the replay itself
    #[arg(long)]
    pub(crate) levels: bool,

    /// Show the value of each log under that of all
    #[arg(long)]
    pub(crate) each: bool,
}

impl Shown {
    /// Whether the orders' figures are shown.
    pub(crate) const fn wants_orders(self) -> bool {
        self.orders || self.levels
    }
}

/// Reads `10s`, `500ms`, `10 steps`.
fn every(text: &str) -> Result<Every, String> {
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number = number.parse::<u64>().ok().filter(|number| 0 < *number);
    let every = number.and_then(|number| match unit.trim_start() {
        "ns" => Some(Every::Time(number)),
        "us" => number.checked_mul(1_000).map(Every::Time),
        "ms" => number.checked_mul(1_000_000).map(Every::Time),
        "s" => number.checked_mul(NANOSECONDS).map(Every::Time),
        "min" => number.checked_mul(60 * NANOSECONDS).map(Every::Time),
        "step" | "steps" => Some(Every::Steps(number)),
        _ => None,
    });
    every.ok_or_else(|| "not like 10s, 500ms, 1min or 10steps".to_owned())
}

/// Reads `09:35` and `09:35:30`; hours go on after 24.
fn time_of_day(text: &str) -> Result<TimeNs, String> {
    let parts: Option<Vec<u64>> = text.split(':').map(|part| part.parse().ok()).collect();
    let seconds = match parts.as_deref() {
        Some([hours, minutes @ 0..60]) => Some((*hours, *minutes, 0)),
        Some([hours, minutes @ 0..60, seconds @ 0..60]) => Some((*hours, *minutes, *seconds)),
        Some(_) | None => None,
    };
    let nanoseconds = seconds.and_then(|(hours, minutes, seconds)| {
        hours.checked_mul(3600)?.checked_add(60 * minutes + seconds)?.checked_mul(NANOSECONDS)
    });
    nanoseconds.map(TimeNs).ok_or_else(|| "not like 09:35 or 09:35:30".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_between_samples_have_units() {
        assert_eq!(every("500ms"), Ok(Every::Time(500_000_000)));
        assert_eq!(every("10 s"), Ok(Every::Time(10_000_000_000)));
        assert_eq!(every("2min"), Ok(Every::Time(120_000_000_000)));
        assert_eq!((every("1step"), every("7 steps")), (Ok(Every::Steps(1)), Ok(Every::Steps(7))));
        for text in ["", "10", "s", "0s", "-1s", "1.5s", "1h", "99999999999999999999s", "1e3s"] {
            assert!(every(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_of_day_are_nanoseconds_after_midnight() {
        assert_eq!(time_of_day("09:35"), Ok(TimeNs(34_500_000_000_000)));
        assert_eq!(time_of_day("30:00:01"), Ok(TimeNs(108_001_000_000_000)));
        for text in ["", "9", "09:60", "09:35:60", "a:b", "1:2:3:4", "9999999999999999:00"] {
            assert!(time_of_day(text).is_err(), "{text}");
        }
    }
}
