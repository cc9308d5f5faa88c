//! What finished forks come to: the probability of each outcome at each point.

use super::outcome::First;
use super::question::{Question, Task, has_happened};
use super::survey::{Marked, Survey};

/// A fork that was carried on to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Finished {
    pub(super) task: Task,
    /// The first moment of each outcome.
    pub(super) firsts: Vec<Option<First>>,
}

/// The answer.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) question: Question,
    pub(super) marks: Vec<Marked>,
    /// One for each outcome.
    pub(super) curves: Vec<Curve>,
    /// Ascending by task.
    pub(super) forks: Vec<Finished>,
}

/// The probability of one outcome along the log.
#[derive(Clone, Debug)]
pub(super) struct Curve {
    /// When it was there in the log itself.
    pub(super) in_log: Option<First>,
    /// One for each point.
    pub(super) chances: Vec<Chance>,
}

/// The probability of an outcome at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Chance {
    /// It was there by then: certain, without any fork.
    pub(super) has_happened: bool,
    /// Forks that came to it, of so many.
    pub(super) hits: u32,
    pub(super) forks: u32,
    /// 0 to 1.
    pub(super) probability: f64,
    /// The ends of the 95 % interval.
    pub(super) low: f64,
    pub(super) high: f64,
    /// The lower median of the first moments, among the forks that came to it.
    pub(super) median: Option<First>,
}

/// What a curve says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The first point, by its place, from which on the lower bound stays above one half.
    pub(super) likely_from: Option<usize>,
    /// The first point with a probability of 0.95 at least.
    pub(super) nearly_certain_from: Option<usize>,
}

/// A probability of this size is nearly certainty.
pub(super) const NEARLY: f64 = 0.95;
/// The two-sided 95 % quantile of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

impl Answer {
    /// The answer that these forks give.
    pub(super) fn of(question: Question, survey: &Survey, mut forks: Vec<Finished>) -> Self {
        forks.sort_by_key(|fork| fork.task);
        let curves = survey.firsts.iter().enumerate().map(|(outcome, in_log)| {
            let chances = question.points.iter().enumerate().map(|(place, point)| {
                if has_happened(*in_log, *point) {
                    return Chance::certain(*in_log);
                }
                let up_to = |point| forks.partition_point(|fork| fork.task.point < point);
                let here = forks.get(up_to(place)..up_to(place + 1)).unwrap_or_default();
                let firsts = here.iter().map(|fork| fork.firsts.get(outcome).copied().flatten());
                Chance::of(firsts)
            });
            Curve { in_log: *in_log, chances: chances.collect() }
        });
        let (curves, marks) = (curves.collect(), survey.marks.clone());
        Self { question, marks, curves, forks }
    }
}

impl Chance {
    /// Of an outcome that has happened.
    const fn certain(first: Option<First>) -> Self {
        Self {
            has_happened: true,
            hits: 0,
            forks: 0,
            probability: 1.0,
            low: 1.0,
            high: 1.0,
            median: first,
        }
    }

    /// From the first moments in all forks of a point.
    fn of(firsts: impl Iterator<Item = Option<First>>) -> Self {
        let firsts: Vec<_> = firsts.collect();
        let mut found: Vec<First> = firsts.iter().copied().flatten().collect();
        found.sort_unstable();
        let count = |things: usize| u32::try_from(things).unwrap_or(u32::MAX);
        let (hits, forks) = (count(found.len()), count(firsts.len()));
        let (low, high) = wilson(hits, forks);
        let probability = if forks == 0 { 0.0 } else { f64::from(hits) / f64::from(forks) };
        let median = found.get(found.len().saturating_sub(1) / 2).copied();
        Self { has_happened: false, hits, forks, probability, low, high, median }
    }
}

impl Curve {
    pub(super) fn verdict(&self) -> Verdict {
        let chances = &self.chances;
        let unlikely = chances.iter().rposition(|chance| chance.low <= 0.5);
        let from = unlikely.map_or(0, |place| place + 1);
        Verdict {
            likely_from: (from < chances.len()).then_some(from),
            nearly_certain_from: chances.iter().position(|chance| NEARLY <= chance.probability),
        }
    }
}

/// The 95 % score interval of a share; all of 0 to 1 of nothing.
///
/// Source: Wilson 1927, without correction for continuity.
fn wilson(hits: u32, trials: u32) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let (hits, trials, square) = (f64::from(hits), f64::from(trials), Z * Z);
    let share = hits / trials;
    let spread = share * (1.0 - share) / trials + square / (4.0 * trials * trials);
    let scale = 1.0 + square / trials;
    let middle = (share + square / (2.0 * trials)) / scale;
    let half = Z * libm::sqrt(spread) / scale;
    // At the ends the sums are 0 and 1 but for rounding.
    let low = if hits <= 0.0 { 0.0 } else { (middle - half).max(0.0) };
    let high = if trials <= hits { 1.0 } else { (middle + half).min(1.0) };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn first(entry: u64) -> First {
        First { entry, step: entry / 10 }
    }

    fn curve(hits: &[(u32, u32)]) -> Curve {
        let of = |(hits, forks): &(u32, u32)| {
            Chance::of((0..*forks).map(|fork| (fork < *hits).then_some(first(7))))
        };
        Curve { in_log: None, chances: hits.iter().map(of).collect() }
    }

    /// Published values (Newcombe 1998, table I, method 3), to their four digits.
    #[test]
    fn intervals_are_those_of_wilson() {
        for (hits, trials, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let found = wilson(hits, trials);
            assert!((found.0 - low).abs() < 5e-5 && (found.1 - high).abs() < 5e-5, "{found:?}");
        }
        assert_eq!(wilson(0, 0), (0.0, 1.0));
        assert_eq!((wilson(0, 9).0, wilson(9, 9).1), (0.0, 1.0));
    }

    #[test]
    fn an_interval_holds_its_share_and_mirrors() {
        fn property(hits: u16, trials: u16) -> bool {
            let (hits, trials) = (u32::from(hits.min(trials)), u32::from(trials).max(1));
            let share = f64::from(hits) / f64::from(trials);
            let (low, high) = wilson(hits, trials);
            let (mirror_low, mirror_high) = wilson(trials - hits, trials);
            let is_mirror = (low - (1.0 - mirror_high)).abs() < 1e-12
                && (high - (1.0 - mirror_low)).abs() < 1e-12;
            (0.0..=share).contains(&low) && (share..=1.0).contains(&high) && is_mirror
        }
        quickcheck::quickcheck(property as fn(u16, u16) -> bool);
    }

    #[test]
    fn medians_are_the_lower_ones_of_those_that_had_it() {
        let median = |entries: &[u64]| {
            let firsts = entries.iter().map(|entry| (0 < *entry).then_some(first(*entry)));
            Chance::of(firsts).median.map(|first| first.entry)
        };
        assert_eq!(median(&[30, 0, 10, 20]), Some(20));
        assert_eq!(median(&[30, 40, 10, 20]), Some(20));
        assert_eq!(median(&[5]), Some(5));
        assert_eq!(median(&[0, 0]), None);
    }

    #[test]
    fn a_verdict_is_about_all_later_points() {
        let verdict = |hits: &[(u32, u32)]| curve(hits).verdict();
        let found = verdict(&[(1, 30), (29, 30), (10, 30), (25, 30), (30, 30)]);
        assert_eq!(found, Verdict { likely_from: Some(3), nearly_certain_from: Some(1) });
        assert_eq!(verdict(&[(30, 30), (15, 30)]).likely_from, None, "it does not stay so");
        assert_eq!(verdict(&[(19, 30)]).likely_from, None, "63 % of 30 may be half");
        assert_eq!(verdict(&[(28, 30)]).nearly_certain_from, None);
        let mut over = curve(&[(0, 30)]);
        over.chances.push(Chance::certain(Some(first(9))));
        let certain = Verdict { likely_from: Some(1), nearly_certain_from: Some(1) };
        assert_eq!(over.verdict(), certain);
    }
}
