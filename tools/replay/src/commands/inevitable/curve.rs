//! What finished forks come to: the probability of each outcome at each point.

use agents::stats::wilson;

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
        let (low, high) = wilson(f64::from(hits), usize::try_from(forks).unwrap_or(usize::MAX));
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
