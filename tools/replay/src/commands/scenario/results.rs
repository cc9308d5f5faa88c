//! What all seeds came to: effects with their doubt, recoveries, verdicts.

use cli::NewLog;
use replay::Digest;

use super::arm::Run;
use super::effect::{self, Effect};
use super::measure::{Measure, Scale};
use super::path::Path;
use super::plan::{Claim, Holds, Plan, Section};

/// What one seed came to.
pub(super) struct Trial {
    pub(super) seed: u64,
    /// Of each arm: entries and head of its log.
    pub(super) logs: Vec<(u64, Digest)>,
    /// The logs, where they are kept.
    pub(super) kept: Vec<NewLog>,
    /// Of each section and case, each measure without and with.
    pub(super) pairs: Vec<Vec<Vec<Pair>>>,
    /// Of each section; `None` where nobody returns.
    pub(super) recoveries: Vec<Option<Recovered>>,
}

/// When a market found itself again.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Recovered {
    /// So many steps after the return.
    After(f64),
    Never,
}

/// A measure without and with the change; `None` where it could not be measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) without: Option<f64>,
    pub(super) with: Option<f64>,
}

/// A measure of a case over all seeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) measure: Measure,
    /// Means over the seeds that have one.
    pub(super) without: Option<f64>,
    pub(super) with: Option<f64>,
    /// On the measure's scale; `None` for fewer than two pairs.
    pub(super) effect: Option<Effect>,
}

/// How long recoveries took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Recoveries {
    pub(super) seeds: usize,
    pub(super) never: usize,
    /// Quartiles over all seeds; `None` where a market that never recovered stands there.
    pub(super) quartiles: [Option<f64>; 3],
}

/// What became of a claim in one case.
#[derive(Clone, Copy, Debug)]
pub(super) struct Verdict {
    pub(super) claim: &'static Claim,
    pub(super) case: usize,
    pub(super) row: Row,
    pub(super) is_supported: bool,
}

/// Spreads below so many times the twin's are a recovery.
const CALM: f64 = 1.5;
/// Below this a p is small.
const SMALL_P: f64 = 0.05;

impl Trial {
    /// Measures the runs of a seed, in the order of the plan's arms.
    pub(super) fn of(seed: u64, plan: &Plan, runs: Vec<Run>) -> Self {
        let paths: Vec<&Path> = runs.iter().map(|run| &run.path).collect();
        let pairs = plan.sections.iter().map(|section| pairs(section, &paths)).collect();
        let recoveries = plan.sections.iter().map(|section| recovery(section, &paths)).collect();
        let logs = runs.iter().map(|run| (run.entries, run.head)).collect();
        let kept = runs.into_iter().filter_map(|run| run.log).collect();
        Self { seed, logs, kept, pairs, recoveries }
    }
}

fn pairs(section: &Section, paths: &[&Path]) -> Vec<Vec<Pair>> {
    let of_case = |case: &super::plan::Case| {
        let pair = |measure: &Measure| Pair {
            without: measure.of(paths[case.without], section.window),
            with: measure.of(paths[case.with], section.window),
        };
        section.measures.iter().map(pair).collect()
    };
    section.cases.iter().map(of_case).collect()
}

fn recovery(section: &Section, paths: &[&Path]) -> Option<Recovered> {
    let (recovery, case) = (section.recovery?, section.cases.first()?);
    let calm = paths[case.without].spread(section.window)?;
    let steps = paths[recovery.arm].recovery(recovery.from, CALM * calm);
    Some(steps.map_or(Recovered::Never, Recovered::After))
}

/// The rows of a case.
pub(super) fn rows(section: &Section, place: (usize, usize), seeds: &[Trial]) -> Vec<Row> {
    let row = |(at, measure): (usize, &Measure)| {
        let pairs: Vec<Pair> = seeds.iter().map(|seed| seed.pairs[place.0][place.1][at]).collect();
        row(*measure, &pairs)
    };
    section.measures.iter().enumerate().map(row).collect()
}

fn row(measure: Measure, pairs: &[Pair]) -> Row {
    let some = |of: fn(&Pair) -> Option<f64>| {
        effect::mean(&pairs.iter().filter_map(of).collect::<Vec<f64>>())
    };
    let effects: Vec<f64> =
        pairs.iter().filter_map(|pair| measure.scale().effect(pair.without?, pair.with?)).collect();
    Row {
        measure,
        without: some(|pair| pair.without),
        with: some(|pair| pair.with),
        effect: effect::effect(&effects),
    }
}

/// The recoveries of a section; `None` where nobody returns.
pub(super) fn recoveries(section: usize, seeds: &[Trial]) -> Option<Recoveries> {
    let all: Vec<Recovered> = seeds.iter().filter_map(|seed| seed.recoveries[section]).collect();
    if all.is_empty() {
        return None;
    }
    // Whoever never recovers does so after all others.
    let steps = |recovered: &Recovered| match recovered {
        Recovered::After(steps) => *steps,
        Recovered::Never => f64::INFINITY,
    };
    let mut sorted: Vec<f64> = all.iter().map(steps).collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len() - 1;
    let quartile = |quarters: usize| {
        let (place, rest) = (quarters * last / 4, quarters * last % 4);
        let (low, high) = (sorted[place], sorted[(place + 1).min(last)]);
        let part = effect::real(rest) / 4.0;
        let value = if rest == 0 { low } else { low + part * (high - low) };
        Some(value).filter(|value| value.is_finite())
    };
    Some(Recoveries {
        seeds: all.len(),
        never: all.iter().filter(|it| **it == Recovered::Never).count(),
        quartiles: [quartile(1), quartile(2), quartile(3)],
    })
}

/// What becomes of a section's claims, one for each case.
pub(super) fn verdicts(section: &Section, cases: &[Vec<Row>]) -> Vec<Verdict> {
    let mut verdicts = Vec::new();
    for claim in section.claims {
        for (case, rows) in cases.iter().enumerate() {
            let Some(row) = rows.iter().find(|row| row.measure == claim.measure) else { continue };
            verdicts.push(Verdict { claim, case, row: *row, is_supported: claim.holds.of(row) });
        }
    }
    verdicts
}

impl Holds {
    fn of(self, row: &Row) -> bool {
        let Some(effect) = row.effect else { return false };
        match self {
            Self::Falls => effect.high < 0.0 && effect.p_ranks < SMALL_P,
            Self::Rises => 0.0 < effect.low && effect.p_ranks < SMALL_P,
            Self::Above(factor) => match row.measure.scale() {
                Scale::Factor => factor < libm::exp(effect.low),
                Scale::Difference | Scale::Percent => factor < effect.low,
            },
            Self::Reaches(low, high) => row.with.is_some_and(|it| (low..=high).contains(&it)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Holds, Measure, Pair, recoveries, row};

    fn pairs(pairs: &[(f64, f64)]) -> Vec<Pair> {
        let pair =
            |(without, with): &(f64, f64)| Pair { without: Some(*without), with: Some(*with) };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn effects_are_on_the_scale_of_their_measure() {
        let twins = pairs(&[(10.0, 5.0), (20.0, 15.0)]);
        let mean = |measure| row(measure, &twins).effect.map(|effect| effect.mean);
        assert_eq!(mean(Measure::Volume), Some(-37.5));
        assert_eq!(mean(Measure::TrackingError), Some(-5.0));
        let factor = mean(Measure::SpreadFactor).map(libm::exp);
        assert!(factor.is_some_and(|factor| (factor * factor - 0.375).abs() < 1e-12));
        let found = row(Measure::Spread, &twins);
        assert_eq!((found.without, found.with), (Some(15.0), Some(10.0)));
    }

    #[test]
    fn what_cannot_be_measured_makes_no_pair() {
        let mut twins = pairs(&[(10.0, 5.0), (20.0, 15.0), (4.0, 1.0)]);
        twins[2].with = None;
        let found = row(Measure::Spread, &twins);
        assert_eq!(found.effect.map(|effect| effect.pairs), Some(2));
        assert_eq!(found.with, Some(10.0));
        let silent = row(Measure::Volume, &pairs(&[(0.0, 1.0), (0.0, 2.0), (1.0, 1.0)]));
        assert_eq!(silent.effect, None, "no % of nothing");
    }

    #[test]
    fn a_claim_wants_its_direction_and_little_doubt() {
        let falling = row(Measure::TrackingError, &pairs(&[(9.0, 5.0), (9.0, 4.0), (9.0, 4.5)]));
        assert!(!Holds::Falls.of(&falling), "three pairs cannot have small ranks");
        let many: Vec<_> = (0..8).map(|it| (9.0, 4.0 + 0.1 * f64::from(it))).collect();
        let falling = row(Measure::TrackingError, &pairs(&many));
        assert!(Holds::Falls.of(&falling) && !Holds::Rises.of(&falling));
        assert!(Holds::Reaches(4.0, 5.0).of(&falling) && !Holds::Reaches(8.0, 9.0).of(&falling));
        let unsure = row(Measure::TrackingError, &pairs(&[(9.0, 5.0), (9.0, 14.0), (9.0, 4.5)]));
        assert!(!Holds::Falls.of(&unsure) && !Holds::Rises.of(&unsure));
        let many: Vec<_> = (0..8).map(|it| (1.0, 6.0 + f64::from(it))).collect();
        let grown = row(Measure::SpreadFactor, &pairs(&many));
        assert!(Holds::Above(5.0).of(&grown) && !Holds::Above(9.0).of(&grown));
    }

    #[test]
    fn quartiles_count_whoever_never_recovers() {
        let seed = |steps: Option<f64>| super::Trial {
            seed: 1,
            logs: Vec::new(),
            kept: Vec::new(),
            pairs: Vec::new(),
            recoveries: vec![Some(steps.map_or(super::Recovered::Never, super::Recovered::After))],
        };
        let seeds: Vec<_> = [Some(4.0), None, Some(1.0), Some(2.0), Some(0.0)].map(seed).into();
        let found = recoveries(0, &seeds).unwrap();
        assert_eq!((found.seeds, found.never), (5, 1));
        assert_eq!(found.quartiles, [Some(1.0), Some(2.0), Some(4.0)]);
        let seeds: Vec<_> = [None, None, Some(1.0)].map(seed).into();
        assert_eq!(recoveries(0, &seeds).unwrap().quartiles, [None, None, None]);
    }
}
