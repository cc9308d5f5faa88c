//! How logs are sampled and judged: as their producer suggests and the user wants.

use std::fmt::Write as _;

use agents::stats::{FlowOptions, Sampling};
use cli::{Exit, Failure};
use replay::Genesis;

use super::clock;
use crate::args::{BandSet, Every, Log, Stats};
use crate::commands::simulate::{self, PRESET, PRODUCER};
use crate::commands::{observers, open};

/// Nanoseconds of a step of the ecology.
const STEP_NS: u64 = 1_000_000_000;

/// The producer of recorded days.
const RECORDED: &str = "import-lobster";

/// Who made a log, and from which preset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) producer: String,
    pub(super) preset: Option<String>,
    /// Whether they are of an ecology's markets.
    pub(crate) has_ecology: bool,
    /// How those logs are sampled.
    sampling: Sampling,
}

impl Kind {
    pub(super) fn of(log: &Log) -> Result<Self, Failure> {
        Ok(Self::of_genesis(&open(log)?.header().genesis))
    }

    pub(crate) fn of_genesis(genesis: &Genesis) -> Self {
        let preset = genesis.parameters.get(PRESET).filter(|_| genesis.producer == PRODUCER);
        let sampling = match genesis.producer.as_str() {
            RECORDED => Sampling::recorded_day(Sampling::SIMULATED.interval),
            _ if simulate::has_ecology(genesis) => observers::ecology(genesis),
            _ => Sampling::SIMULATED,
        };
        Self {
            producer: genesis.producer.clone(),
            preset: preset.cloned(),
            has_ecology: simulate::has_ecology(genesis),
            sampling,
        }
    }

    pub(crate) fn is_recorded(&self) -> bool {
        self.producer == RECORDED
    }

    /// Widest spread that has a mid, price units.
    pub(crate) const fn spread_cap(&self) -> Option<u32> {
        self.sampling.spread_cap
    }

    /// The bands that these logs are judged by unless the user wants others.
    fn bands(&self) -> BandSet {
        match self.preset.as_deref() {
            _ if self.is_recorded() => BandSet::None,
            Some("seed") => BandSet::Seed,
            Some(_) | None => BandSet::Realistic,
        }
    }
}

/// How logs are sampled and judged.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) kind: Kind,
    pub(crate) sampling: Sampling,
    pub(crate) options: FlowOptions,
    pub(crate) bands: BandSet,
}

impl Plan {
    /// The plan for logs of one kind, before anybody wants something else.
    pub(crate) fn of(kind: Kind) -> Self {
        let options =
            if kind.is_recorded() { FlowOptions::RECORDED_DAY } else { FlowOptions::SIMULATED };
        let (sampling, bands) = (kind.sampling, kind.bands());
        Self { kind, sampling, options, bands }
    }

    /// The plan for all these logs.
    ///
    /// # Errors
    /// Exit 2 when the logs cannot be pooled or the options contradict each other or them; whatever
    /// opening a log gives.
    pub(super) fn new(args: &Stats, logs: &[Log]) -> Result<Self, Failure> {
        let mut first: Option<(&Log, Kind)> = None;
        for log in logs {
            let kind = Kind::of(log)?;
            match &first {
                Some((other, known)) => are_alike(args, (other, known), (log, &kind))?,
                None => first = Some((log, kind)),
            }
        }
        let Some((_, kind)) = first else { unreachable!("the command line has a log") };
        let mut plan = Self::of(kind);
        plan.bands = args.bands.unwrap_or(plan.bands);
        plan.options.levels = args.shown.levels;
        let sampling = &mut plan.sampling;
        if let Some(every) = args.every {
            sampling.interval = interval(every, &plan.kind)?;
        }
        sampling.burn_in = args.burn_in.unwrap_or(sampling.burn_in);
        if let Some(cap) = args.spread_cap {
            sampling.spread_cap = (0 < cap).then(|| cap.saturating_mul(sampling.tick));
        }
        sampling.start = args.from.unwrap_or(sampling.start);
        sampling.end = args.to.or(sampling.end);
        if let Some(end) = sampling.end.filter(|end| *end <= sampling.start) {
            let (start, end) = (clock(sampling.start), clock(end));
            return Err(Failure::new(Exit::Usage, format!("nothing is from {start} to {end}")));
        }
        Ok(plan)
    }

    /// When samples are taken, in words.
    pub(super) fn window(&self) -> String {
        let sampling = &self.sampling;
        let mut text = format!("a sample every {} s", seconds(sampling.interval));
        if 0 < sampling.start.0 {
            let _ = write!(text, " from {}", clock(sampling.start));
        }
        if let Some(end) = sampling.end {
            let _ = write!(text, " to {}", clock(end));
        }
        if 0 < sampling.burn_in {
            let _ = write!(text, ", the first {} left out", sampling.burn_in);
        }
        if let Some(cap) = sampling.spread_cap {
            let _ = write!(text, "; no mid behind spreads over {}", cap / sampling.tick.max(1));
        }
        text
    }
}

/// Nanoseconds between samples.
fn interval(every: Every, kind: &Kind) -> Result<u64, Failure> {
    match every {
        Every::Time(nanoseconds) => Ok(nanoseconds),
        Every::Steps(steps) if kind.has_ecology => Ok(steps.saturating_mul(STEP_NS)),
        Every::Steps(_) => {
            let message = format!("a step of `{}` has no length", kind.producer.escape_debug());
            Err(Failure::new(Exit::Usage, message).with_hint("give a time: --every 10s"))
        }
    }
}

/// Only logs of one producer and one set of bands are pooled.
fn are_alike(args: &Stats, one: (&Log, &Kind), other: (&Log, &Kind)) -> Result<(), Failure> {
    let tell = |(log, kind): (&Log, &Kind)| {
        let preset = kind.preset.as_deref().map(|preset| format!(", {preset}")).unwrap_or_default();
        let (path, producer) = (log.path.display(), &kind.producer);
        format!("{path} ({})", format!("{producer}{preset}").escape_debug())
    };
    let both = || format!("{} and {}", tell(one), tell(other));
    if one.1.producer != other.1.producer {
        let message = format!("logs of different producers are not pooled: {}", both());
        let hint =
            "make one report of each, or set them side by side: replay stats LOG --against LOG";
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    if args.bands.is_none() && one.1.bands() != other.1.bands() {
        let message = format!("logs with different bands are not pooled: {}", both());
        return Err(Failure::new(Exit::Usage, message).with_hint("choose: --bands realistic"));
    }
    Ok(())
}

/// Seconds without zeros at the end.
fn seconds(nanoseconds: u64) -> String {
    let (whole, part) = (nanoseconds / 1_000_000_000, nanoseconds % 1_000_000_000);
    if part == 0 {
        whole.to_string()
    } else {
        format!("{whole}.{part:09}").trim_end_matches('0').to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(producer: &str, preset: Option<&str>) -> Kind {
        let mut genesis = Genesis::new(kernel::Genesis::open(), producer);
        let mut put =
            |key: &str, value: &str| genesis.parameters.insert(key.to_owned(), value.to_owned());
        put("market.spread_cap", "150");
        if let Some(preset) = preset {
            put(PRESET, preset);
        }
        Kind::of_genesis(&genesis)
    }

    #[test]
    fn bands_follow_the_preset() {
        assert_eq!(kind(PRODUCER, Some("seed")).bands(), BandSet::Seed);
        assert_eq!(kind(PRODUCER, Some("crash")).bands(), BandSet::Realistic);
        assert_eq!(kind("demo", None).bands(), BandSet::Realistic);
        assert_eq!(kind(RECORDED, None).bands(), BandSet::None);
    }

    #[test]
    fn only_an_ecology_tells_its_fair_value() {
        let ecology = Plan::of(kind(PRODUCER, None));
        assert!(ecology.sampling.fair_value.is_some());
        assert_eq!(
            ecology.window(),
            "a sample every 1 s, the first 200 left out; no mid behind spreads over 150"
        );
        assert_eq!(Plan::of(kind("import-csv", None)).sampling, Sampling::SIMULATED);
        let day = Plan::of(kind(RECORDED, None));
        assert_eq!((day.sampling.tick, day.options.rows), (100, true));
        assert_eq!(day.window(), "a sample every 1 s from 09:35:00 to 16:00:00");
    }

    #[test]
    fn steps_are_times_where_they_have_a_length() {
        assert!(matches!(interval(Every::Steps(3), &kind(PRODUCER, None)), Ok(3_000_000_000)));
        assert!(interval(Every::Steps(3), &kind(RECORDED, None)).is_err());
        assert_eq!(seconds(500_000_000), "0.5");
        assert_eq!(seconds(10_000_000_000), "10");
    }
}
