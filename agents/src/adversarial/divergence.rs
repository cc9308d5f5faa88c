//! How far apart two sets of orders are, from histograms of their features. All in nats.
//!
//! * [`features`]: size, kind and time of the orders in whole numbers, half a count added to each
//!   bin;
//! * [`published`]: as the published system does it, on four real features, for comparison;
//! * [`kullback_leibler`], [`total_variation`], [`jensen_shannon`], [`entropy`]: of two histograms,
//!   or of one.
//!
//! A divergence of features one at a time says nothing about their order, their sum or their side:
//! orders of every right size, all of them to buy, have a divergence of 0 and are easily detected
//! ([`super::bound`]). Judge a flow by [`super::judge`].

mod histogram;
#[cfg(test)]
mod tests;

pub use self::histogram::{EqualBins, equal_bins, tally};
use crate::number;
use crate::stats::moments::mean;
use crate::stats::reals::whole;

/// Fewest orders in each set for [`published`] and [`published_entropy`].
pub const ORDERS_MIN: usize = 10;

/// Farthest offset from the reference price that has a bin of its own, in ticks.
pub const OFFSET_MAX: i64 = 3;

/// Bins of a feature, and what is added to each, as published.
const PUBLISHED_BINS: usize = 20;
const PUBLISHED_ENTROPY_BINS: usize = 10;
const PUBLISHED_ADDED: f64 = 1e-8;

/// Why two sets of orders have no divergence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DivergenceError {
    /// Fewer orders than a histogram needs.
    #[error("{found} orders; a divergence takes at least {needed} in each set")]
    TooFew {
        /// Orders there are in the smaller set.
        found: usize,
        /// Orders there should be.
        needed: usize,
    },
    /// A feature is infinite or no number.
    #[error("feature {0} of an order is infinite or no number")]
    NotFinite(usize),
    /// The histograms have no bins, or not the same ones.
    #[error("histograms of {0} and {1} bins; they have the same bins, at least one")]
    Bins(usize, usize),
    /// An episode without steps, or orders of at most no lots.
    #[error("features are shares of the largest order and of the steps: both are above 0")]
    Scale,
}

/// What an observer sees of an order but its side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlowOrder {
    /// Size in lots.
    pub lots: u32,
    /// How much better than the reference price its limit is for the other side, in ticks. Not
    /// looked at in a market order but by [`published`].
    pub offset: i64,
    /// A limit order; otherwise a market order.
    pub is_limit: bool,
    /// The step in which it was sent, from 0.
    pub step: u32,
}

/// What the features of a flow are measured against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The largest order, in lots.
    pub lots_max: u32,
    /// Steps of an episode.
    pub steps: u32,
}

impl Scale {
    fn check(self) -> Result<(), DivergenceError> {
        (0 < self.lots_max && 0 < self.steps).then_some(()).ok_or(DivergenceError::Scale)
    }
}

/// Kullback–Leibler divergences of features, in nats.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeatureDivergence {
    /// Of the size, in tenths of the largest order.
    pub size: f64,
    /// Of the kind: market order, or limit order at an offset of −3 to +3 ticks.
    pub kind: f64,
    /// Of the time, in tenths of the episode.
    pub time: f64,
}

impl FeatureDivergence {
    /// The mean over the three features.
    pub fn mean(&self) -> f64 {
        (self.size + self.kind + self.time) / 3.0
    }
}

/// The divergence of `orders` from `others`, feature by feature, side excluded: exact histograms of
/// size (10 bins), kind (8) and time (10) with half a count added to each bin. What lies beyond a
/// range counts in its nearest bin.
///
/// Cost: O(orders).
///
/// # Errors
/// [`DivergenceError::TooFew`] for an empty set, [`DivergenceError::Scale`].
pub fn features(
    orders: &[FlowOrder],
    others: &[FlowOrder],
    scale: Scale,
) -> Result<FeatureDivergence, DivergenceError> {
    scale.check()?;
    enough(orders.len().min(others.len()), 1)?;
    let tenth = |part: i64, of: u32| part.saturating_mul(10) / i64::from(of);
    let size = |order: &FlowOrder| tenth(i64::from(order.lots) - 1, scale.lots_max);
    let time = |order: &FlowOrder| tenth(i64::from(order.step), scale.steps);
    let kind = |order: &FlowOrder| {
        if order.is_limit {
            OFFSET_MAX + 1 + order.offset.clamp(-OFFSET_MAX, OFFSET_MAX)
        } else {
            0
        }
    };
    let of = |feature: &dyn Fn(&FlowOrder) -> i64, bins: usize| {
        let tally = |set: &[FlowOrder]| tally(set.iter().map(feature), 0, bins);
        kullback_leibler(&tally(orders), &tally(others), 0.5)
    };
    Ok(FeatureDivergence { size: of(&size, 10)?, kind: of(&kind, 8)?, time: of(&time, 10)? })
}

/// The four features of the published system: size over the largest order, offset in ticks (of
/// market orders too), 1 for a limit order, share of the episode that is over.
///
/// # Errors
/// [`DivergenceError::Scale`].
pub fn published_features(order: &FlowOrder, scale: Scale) -> Result<[f64; 4], DivergenceError> {
    scale.check()?;
    Ok([
        f64::from(order.lots) / f64::from(scale.lots_max),
        number::from_integer(order.offset),
        f64::from(u8::from(order.is_limit)),
        f64::from(order.step) / f64::from(scale.steps),
    ])
}

/// The divergence as published: of each feature, histograms of 20 equal bins over the joint range,
/// as densities to each of which 10^−8 is added, and the mean over features. A feature that has one
/// value in both sets counts as 0 and is counted.
///
/// Sets that share no value are 15 to 20 nats apart, whatever they are: ln(1/10^−8) and a little. It
/// depends on the bins' width too, since it is densities that are added to.
///
/// Cost: O(orders · features).
///
/// # Errors
/// [`DivergenceError::TooFew`] for fewer than [`ORDERS_MIN`] orders in a set, where the published
/// system has no number; [`DivergenceError::NotFinite`].
pub fn published<const N: usize>(
    orders: &[[f64; N]],
    others: &[[f64; N]],
) -> Result<f64, DivergenceError> {
    enough(orders.len().min(others.len()), ORDERS_MIN)?;
    let mut divergences = [0.0; N];
    for (feature, divergence) in divergences.iter_mut().enumerate() {
        let values = |set: &[[f64; N]]| -> Vec<f64> {
            set.iter().filter_map(|order| order.get(feature).copied()).collect()
        };
        let sets = [values(orders), values(others)];
        if sets.iter().flatten().any(|value| !value.is_finite()) {
            return Err(DivergenceError::NotFinite(feature));
        }
        if let Some(bins) = equal_bins([&sets[0], &sets[1]], PUBLISHED_BINS) {
            let densities = bins.counts.map(|counts| {
                let per_count = 1.0 / (total(&counts) * bins.width);
                counts.into_iter().map(|it| whole(it.into()) * per_count).collect::<Vec<_>>()
            });
            *divergence = relative(
                &shares(&densities[0], PUBLISHED_ADDED),
                &shares(&densities[1], PUBLISHED_ADDED),
            );
        }
    }
    Ok(mean(&divergences).unwrap_or(0.0))
}

/// The entropy of a flow as published: of each feature, counts in 10 equal bins over its range with
/// 10^−8 added to each, and the mean over features. A feature with one value has next to none.
///
/// # Errors
/// [`DivergenceError::TooFew`] for fewer than [`ORDERS_MIN`] orders, where the published system has
/// 0; [`DivergenceError::NotFinite`].
pub fn published_entropy<const N: usize>(orders: &[[f64; N]]) -> Result<f64, DivergenceError> {
    enough(orders.len(), ORDERS_MIN)?;
    let mut entropies = [0.0; N];
    for (feature, result) in entropies.iter_mut().enumerate() {
        let values: Vec<f64> = orders.iter().filter_map(|it| it.get(feature).copied()).collect();
        if values.iter().any(|value| !value.is_finite()) {
            return Err(DivergenceError::NotFinite(feature));
        }
        let counts = match equal_bins([&values, &[]], PUBLISHED_ENTROPY_BINS) {
            Some(bins) => bins.counts[0].clone(),
            None => tally(values.iter().map(|_| 0), 0, PUBLISHED_ENTROPY_BINS),
        };
        *result = entropy(&counts, PUBLISHED_ADDED)?;
    }
    Ok(mean(&entropies).unwrap_or(0.0))
}

/// Σ p·ln(p/q) of two histograms, `added` to each count of both. Infinite where the first can be
/// what the second cannot, which nothing is with `added` above 0.
///
/// # Errors
/// [`DivergenceError::Bins`]; [`DivergenceError::TooFew`] for a histogram without counts.
pub fn kullback_leibler(p: &[u64], q: &[u64], added: f64) -> Result<f64, DivergenceError> {
    let [p, q] = pair(p, q, added)?;
    Ok(relative(&p, &q))
}

/// Σ |p − q| / 2 of two histograms: 0 to 1.
///
/// # Errors
/// As [`kullback_leibler`].
pub fn total_variation(p: &[u64], q: &[u64]) -> Result<f64, DivergenceError> {
    let [p, q] = pair(p, q, 0.0)?;
    Ok(0.5 * p.iter().zip(&q).map(|(p, q)| (p - q).abs()).sum::<f64>())
}

/// The Jensen–Shannon divergence of two histograms: the mean of their divergences from their mean, 0
/// to ln 2. With equal chances of both it is the mutual information of the choice and an order.
///
/// # Errors
/// As [`kullback_leibler`].
pub fn jensen_shannon(p: &[u64], q: &[u64]) -> Result<f64, DivergenceError> {
    let [p, q] = pair(p, q, 0.0)?;
    let middle: Vec<f64> = p.iter().zip(&q).map(|(p, q)| 0.5 * (p + q)).collect();
    Ok(0.5 * (relative(&p, &middle) + relative(&q, &middle)))
}

/// Shannon's entropy −Σ p·ln p of a histogram, `added` to each count: 0 to ln(bins).
///
/// # Errors
/// As [`kullback_leibler`].
pub fn entropy(counts: &[u64], added: f64) -> Result<f64, DivergenceError> {
    let [p, _] = pair(counts, counts, added)?;
    Ok(p.into_iter().filter(|p| 0.0 < *p).fold(0.0, |sum, p| sum - p * libm::log(p)))
}

fn enough(found: usize, needed: usize) -> Result<(), DivergenceError> {
    (needed <= found).then_some(()).ok_or(DivergenceError::TooFew { found, needed })
}

fn total(counts: &[u64]) -> f64 {
    whole(counts.iter().map(|count| u128::from(*count)).sum())
}

/// Two histograms with counts, as shares.
fn pair(p: &[u64], q: &[u64], added: f64) -> Result<[Vec<f64>; 2], DivergenceError> {
    if p.is_empty() || p.len() != q.len() {
        return Err(DivergenceError::Bins(p.len(), q.len()));
    }
    if total(p) <= 0.0 || total(q) <= 0.0 {
        return Err(DivergenceError::TooFew { found: 0, needed: 1 });
    }
    let floats = |counts: &[u64]| -> Vec<f64> {
        counts.iter().map(|count| whole(u128::from(*count))).collect()
    };
    Ok([shares(&floats(p), added), shares(&floats(q), added)])
}

/// `added` to each, over the sum of all.
fn shares(weights: &[f64], added: f64) -> Vec<f64> {
    let sum: f64 = weights.iter().map(|weight| weight + added).sum();
    weights.iter().map(|weight| (weight + added) / sum).collect()
}

/// Σ p·ln(p/q); bins that the first never is in count 0. Never below 0, which rounding could make
/// it.
fn relative(p: &[f64], q: &[f64]) -> f64 {
    let terms = p.iter().zip(q).filter(|(p, _)| 0.0 < **p);
    terms.map(|(p, q)| p * libm::log(p / q)).sum::<f64>().max(0.0)
}
