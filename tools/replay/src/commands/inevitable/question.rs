//! What is asked: of which log, about which outcomes, at which points, by how many forks.

use replay::Digest;
use serde_json::{Value, json};

use super::outcome::{First, Outcome};
use super::survey::Survey;

/// Separates seeds of forks from every other use of BLAKE3.
const CONTEXT: &str = "replay 2026-11 inevitable fork seed";
/// Bits of a fork's seed: as many as every reader of JSON keeps.
const SEED_BITS: u32 = 53;

/// Where forks leave the log: behind the last entry of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) entry: u64,
    pub(super) step: u64,
}

/// All that an answer depends on.
#[derive(Clone, Debug)]
pub(super) struct Question {
    /// Head over all entries of the log.
    pub(super) head: Digest,
    pub(super) entries: u64,
    pub(super) outcomes: Vec<Outcome>,
    /// Ascending.
    pub(super) points: Vec<Point>,
    /// Forks at each point.
    pub(super) seeds: u32,
    pub(super) seed: u64,
}

/// One fork: a point by its place, and a number from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Task {
    pub(super) point: usize,
    pub(super) number: u32,
}

impl Question {
    /// The master seed of a fork.
    pub(super) fn fork_seed(&self, entry: u64, number: u32) -> u64 {
        let mut key = blake3::Hasher::new_derive_key(CONTEXT);
        for part in [self.seed, entry, number.into()] {
            key.update(&part.to_le_bytes());
        }
        let mut bytes = [0; 8];
        key.finalize_xof().fill(&mut bytes);
        u64::from_le_bytes(bytes) >> (u64::BITS - SEED_BITS)
    }

    /// The forks that tell anything: where an outcome has happened, none is needed for it.
    pub(super) fn tasks(&self, survey: &Survey) -> Vec<Task> {
        let is_open = |point: &Point| survey.firsts.iter().any(|it| !has_happened(*it, *point));
        let open = self.points.iter().enumerate().filter(|(_, point)| is_open(point));
        open.flat_map(|(point, _)| (1..=self.seeds).map(move |number| Task { point, number }))
            .collect()
    }

    /// The question as a file of finished forks begins with it.
    pub(super) fn header(&self) -> Value {
        let when = self
            .outcomes
            .iter()
            .map(|outcome| json!({ "name": outcome.name, "predicate": outcome.query.to_string() }));
        let points = self.points.iter();
        let points = points.map(|point| json!({ "entry": point.entry, "step": point.step }));
        json!({
            "schema": "replay.inevitable-forks/1",
            "head": self.head.to_string(),
            "entries": self.entries,
            "when": when.collect::<Vec<_>>(),
            "points": points.collect::<Vec<_>>(),
            "seeds": self.seeds,
            "seed": self.seed,
        })
    }
}

/// Whether an outcome was there by a point.
pub(super) fn has_happened(first: Option<First>, point: Point) -> bool {
    first.is_some_and(|first| first.entry <= point.entry)
}

/// So many steps evenly spaced from one to another, both included; each of them where there are no
/// more; the first where it is one. Ascending, none twice.
pub(super) fn spaced(first: u64, last: u64, points: u32) -> Vec<u64> {
    let distance = u128::from(last.saturating_sub(first));
    let gaps = u128::from(points.max(1) - 1).min(distance);
    let at = |gap: u128| {
        // No gap is nothing on the way.
        let steps = (gap * distance).checked_div(gaps).unwrap_or(0);
        first.saturating_add(u64::try_from(steps).unwrap_or(u64::MAX))
    };
    (0..=gaps).map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_evenly_spaced() {
        assert_eq!(spaced(10, 20, 3), [10, 15, 20]);
        assert_eq!(spaced(10, 20, 4), [10, 13, 16, 20]);
        assert_eq!(spaced(10, 13, 9), [10, 11, 12, 13]);
        assert_eq!(spaced(10, 20, 1), [10]);
        assert_eq!(spaced(7, 7, 5), [7]);
        assert_eq!(spaced(0, u64::MAX, 2), [0, u64::MAX]);
    }

    #[test]
    fn spaced_points_ascend_and_keep_both_ends() {
        fn property(first: u64, distance: u16, points: u16) -> bool {
            let first = first >> 1;
            let last = first + u64::from(distance);
            let found = spaced(first, last, points.into());
            let widths: Vec<_> = found.windows(2).map(|pair| pair[1] - pair[0]).collect();
            let (narrowest, widest) = (widths.iter().min(), widths.iter().max());
            found.len() == usize::from(points.max(1)).min(usize::from(distance) + 1)
                && found[0] == first
                && (points < 2 || found.last() == Some(&last))
                && narrowest.zip(widest).is_none_or(|(one, other)| 0 < *one && other - one <= 1)
        }
        quickcheck::quickcheck(property as fn(u64, u16, u16) -> bool);
    }

    #[test]
    fn seeds_are_frozen_and_each_is_its_own() {
        let question = |seed| Question {
            head: Digest::ZERO,
            entries: 9,
            outcomes: Vec::new(),
            points: Vec::new(),
            seeds: 3,
            seed,
        };
        let seeds = [(42, 500, 1), (42, 500, 2), (42, 501, 1), (43, 500, 1)];
        let seeds = seeds.map(|(seed, entry, number)| question(seed).fork_seed(entry, number));
        let frozen = [
            5_590_921_375_605_420,
            6_359_140_351_954_497,
            6_966_743_610_128_959,
            7_532_217_795_833_857,
        ];
        assert_eq!(seeds, frozen);
    }
}
