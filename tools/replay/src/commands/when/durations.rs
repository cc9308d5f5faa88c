//! How long spans last.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

/// Most different lengths that are told apart; with more there are no quartiles.
const DIFFERENT_MAX: usize = 1 << 20;

const UNITS: [&str; 3] = ["entries", "steps", "time_ns"];

/// The lengths of spans in entries, steps and nanoseconds.
#[derive(Debug, Default)]
pub(super) struct Durations([Lengths; 3]);

#[derive(Debug, Default)]
struct Lengths {
    count: u64,
    sum: u128,
    least: Option<u64>,
    most: u64,
    /// How many there are of each length.
    counts: BTreeMap<u64, u64>,
    has_too_many: bool,
}

impl Durations {
    pub(super) fn take(&mut self, lengths: [u64; 3]) {
        for (all, length) in self.0.iter_mut().zip(lengths) {
            all.take(length);
        }
    }

    /// One line for each unit.
    pub(super) fn text(&self) -> String {
        let mut text = String::from(
            "unit              least         1/4      median         3/4        most  total\n",
        );
        for (unit, lengths) in UNITS.iter().zip(&self.0) {
            let shown = |number: Option<u64>| {
                number.map_or_else(|| "-".to_owned(), |number| number.to_string())
            };
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "{unit:8} {:>14} {:>11} {:>11} {:>11} {:>11}  {}",
                shown(lengths.least),
                shown(lengths.quantile(1)),
                shown(lengths.quantile(2)),
                shown(lengths.quantile(3)),
                lengths.most,
                lengths.sum,
            );
        }
        text
    }

    pub(super) fn json(&self) -> Value {
        UNITS
            .iter()
            .zip(&self.0)
            .map(|(unit, lengths)| {
                let quartiles = [1, 2, 3].map(|quarter| lengths.quantile(quarter));
                let lengths = json!({
                    "least": lengths.least,
                    "quartiles": quartiles,
                    "most": lengths.least.map(|_| lengths.most),
                    "total": u64::try_from(lengths.sum).ok(),
                });
                ((*unit).to_owned(), lengths)
            })
            .collect::<serde_json::Map<_, _>>()
            .into()
    }
}

impl Lengths {
    fn take(&mut self, length: u64) {
        self.count += 1;
        self.sum += u128::from(length);
        self.least = Some(self.least.map_or(length, |least| least.min(length)));
        self.most = self.most.max(length);
        if self.counts.len() < DIFFERENT_MAX || self.counts.contains_key(&length) {
            *self.counts.entry(length).or_default() += 1;
        } else {
            self.has_too_many = true;
        }
    }

    /// The smallest length that so many quarters of the spans do not exceed.
    fn quantile(&self, quarters: u64) -> Option<u64> {
        if self.has_too_many {
            return None;
        }
        let wanted = (u128::from(self.count) * u128::from(quarters)).div_ceil(4);
        let mut below = 0_u128;
        self.counts.iter().find_map(|(length, count)| {
            below += u128::from(*count);
            (wanted <= below).then_some(*length)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_lengths_that_occur() {
        let mut durations = Durations::default();
        assert_eq!(durations.0[0].quantile(2), None);
        for length in [5, 1, 9, 7, 3] {
            durations.take([length, 10 * length, 0]);
        }
        let quartiles = |unit: usize| [1, 2, 3].map(|part| durations.0[unit].quantile(part));
        assert_eq!(quartiles(0), [Some(3), Some(5), Some(7)]);
        assert_eq!(quartiles(1), [Some(30), Some(50), Some(70)]);
        assert_eq!(quartiles(2), [Some(0); 3]);
        let [entries, ..] = &durations.0;
        assert_eq!((entries.least, entries.most, entries.sum), (Some(1), 9, 25));
    }
}
