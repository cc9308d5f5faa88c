//! Orders of a flow in bins: size, kind and time, as [`divergence::features`](super::divergence::features)
//! has them.

use crate::adversarial::divergence::{
    DivergenceError, FlowOrder, OFFSET_MAX, Scale, jensen_shannon, kullback_leibler,
    total_variation,
};
use crate::adversarial::flow::Token;

/// Bins of size, kind and time.
const BINS: [usize; 3] = [10, 8, 10];

/// What is added to each bin for a Kullback–Leibler divergence.
const ADDED: f64 = 0.5;

/// How far one histogram is from another.
type Distance = fn(&[u64], &[u64]) -> Result<f64, DivergenceError>;

/// The bins of an order in which divergences count it. What lies beyond a range is in its nearest bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Places {
    /// Tenth of the largest order, from 0 to 9.
    pub size: usize,
    /// 0 for a market order, 1 to 7 for limits at −3 to +3 ticks from the reference price.
    pub kind: usize,
    /// Tenth of the episode, from 0 to 9.
    pub time: usize,
}

impl Places {
    /// How many bins size, kind and time have.
    pub const BINS: [usize; 3] = BINS;

    /// The bins of an order of the public flow.
    pub fn of(token: &Token, scale: Scale) -> Self {
        let tenth = |part: i64, of: u32| {
            let tenth = part.max(0).saturating_mul(10) / i64::from(of.max(1));
            usize::try_from(tenth).unwrap_or(9).min(9)
        };
        let step = i64::try_from(token.step).unwrap_or(i64::MAX);
        let kind = OFFSET_MAX + 1 + token.offset.clamp(-OFFSET_MAX, OFFSET_MAX);
        Self {
            size: tenth(token.lots - 1, scale.lots_max),
            kind: if token.is_limit { usize::try_from(kind).unwrap_or(0) } else { 0 },
            time: tenth(step - 1, scale.steps),
        }
    }
}

/// An order without its side.
pub(super) fn flow_order(token: &Token) -> FlowOrder {
    FlowOrder {
        lots: u32::try_from(token.lots).unwrap_or(u32::MAX),
        offset: token.offset,
        is_limit: token.is_limit,
        step: u32::try_from(token.step.saturating_sub(1)).unwrap_or(u32::MAX),
    }
}

/// Histograms of a set of orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Histograms([Vec<u64>; 3]);

impl Histograms {
    pub(super) fn new() -> Self {
        Self(BINS.map(|bins| vec![0; bins]))
    }

    pub(super) fn push(&mut self, places: Places) {
        let places = [places.size, places.kind, places.time];
        for (counts, place) in self.0.iter_mut().zip(places) {
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
    }

    pub(super) fn add(&mut self, other: &Self) {
        for (counts, others) in self.0.iter_mut().zip(&other.0) {
            for (count, more) in counts.iter_mut().zip(others) {
                *count += more;
            }
        }
    }

    /// Three divergences of these from others: means over size, kind and time. `None` for an empty
    /// set.
    pub(super) fn divergences(&self, others: &Self) -> Option<[f64; 3]> {
        let mean = |of: Distance| {
            let each = self.0.iter().zip(&others.0).map(|(one, other)| of(one, other));
            let sum: Result<f64, _> = each.sum();
            sum.ok().map(|sum| sum / 3.0)
        };
        Some([
            mean(|one, other| kullback_leibler(one, other, ADDED))
                .filter(|_| self.has_any() && others.has_any())?,
            mean(total_variation)?,
            mean(jensen_shannon)?,
        ])
    }

    fn has_any(&self) -> bool {
        self.0.iter().flatten().any(|count| 0 < *count)
    }
}

#[cfg(test)]
mod tests {
    use kernel::Side;

    use super::*;
    use crate::adversarial::divergence::{FeatureDivergence, features};

    /// The bins are those of `divergence::features`, beyond their ranges too.
    #[test]
    fn bins_are_those_of_the_divergence() {
        let scale = Scale { lots_max: 20, steps: 50 };
        let token = |place: i64| Token {
            step: u64::try_from(1 + place % 53).unwrap(),
            time_ns: 0,
            side: Side::Buy,
            offset: place % 11 - 5,
            lots: 1 + place % 23,
            is_limit: place % 3 != 0,
        };
        let tokens: Vec<_> = (0..400).map(|place| token(place * place % 1009)).collect();
        let (some, others) = tokens.split_at(150);
        let histograms = |set: &[Token]| {
            let mut histograms = Histograms::new();
            for token in set {
                histograms.push(Places::of(token, scale));
            }
            histograms
        };
        let orders = |set: &[Token]| set.iter().map(flow_order).collect::<Vec<_>>();
        let expected = features(&orders(some), &orders(others), scale).unwrap();
        let [found, variation, shannon] =
            histograms(some).divergences(&histograms(others)).unwrap();
        assert!((found - FeatureDivergence::mean(&expected)).abs() < 1e-12, "{found}");
        assert!(0.0 < shannon && shannon < variation && variation < 1.0);
        assert_eq!(Histograms::new().divergences(&histograms(others)), None);
    }
}
