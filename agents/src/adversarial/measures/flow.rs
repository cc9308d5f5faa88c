//! The flow of the trader's place beside that of noise.

use super::estimate::Estimate;
use super::sample::{GROUPS, Sample};
use super::tokens::Histograms;
use crate::adversarial::divergence::{published, published_entropy, published_features};

/// Divergences of the orders of the trader's place from the noise of the same episodes, side
/// excluded: means over size, kind and time, in nats. Errors are by leaving out a tenth of the
/// episodes at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowMeasures {
    /// Kullback–Leibler divergence, as [`features`](crate::adversarial::divergence::features).
    pub divergence: Option<Estimate>,
    /// Kullback–Leibler divergence as published, of at most some 500,000 orders of each.
    pub published: Option<Estimate>,
    /// Total variation.
    pub variation: Option<Estimate>,
    /// Jensen–Shannon divergence.
    pub shannon: Option<Estimate>,
    /// Entropy of the orders of the trader's place, as published.
    pub entropy: Option<f64>,
}

impl FlowMeasures {
    pub(super) fn of(sample: &Sample) -> Self {
        let of = |left_out: Option<usize>| {
            let mut sets = [Histograms::new(), Histograms::new()];
            for (_, group) in groups(sample, left_out) {
                for (set, more) in sets.iter_mut().zip(group) {
                    set.add(more);
                }
            }
            let [orders, noise] = sets;
            orders.divergences(&noise)
        };
        let all = of(None);
        let without: Vec<_> = (0..GROUPS).map(|group| of(Some(group))).collect();
        let estimate = |place: usize| {
            let value = *all?.get(place)?;
            let of = |found: &Option<[f64; 3]>| found.and_then(|it| it.get(place).copied());
            let without: Vec<_> = without.iter().map(of).collect();
            Some(Estimate::jackknife(value, &without, sample.len()))
        };
        Self {
            divergence: estimate(0),
            published: as_published(sample),
            variation: estimate(1),
            shannon: estimate(2),
            entropy: published_entropy(&published_rows(sample, 0, None)).ok(),
        }
    }
}

/// Histograms of every group but one.
fn groups(
    sample: &Sample,
    left_out: Option<usize>,
) -> impl Iterator<Item = (usize, &[Histograms; 2])> {
    let groups = sample.histograms.iter().enumerate();
    groups.filter(move |(group, _)| Some(*group) != left_out)
}

fn published_rows(sample: &Sample, set: usize, left_out: Option<usize>) -> Vec<[f64; 4]> {
    let orders = sample.orders.get(set).into_iter().flatten();
    let orders = orders.filter(|(group, _)| Some(*group) != left_out);
    orders.filter_map(|(_, order)| published_features(order, sample.scale()).ok()).collect()
}

fn as_published(sample: &Sample) -> Option<Estimate> {
    let of = |left_out| {
        let [orders, noise] = [0, 1].map(|set| published_rows(sample, set, left_out));
        published(&orders, &noise).ok()
    };
    let without: Vec<_> = (0..GROUPS).map(|group| of(Some(group))).collect();
    Some(Estimate::jackknife(of(None)?, &without, sample.len()))
}
