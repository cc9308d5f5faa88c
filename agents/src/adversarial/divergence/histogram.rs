//! Histograms: over whole numbers, and over equal bins of a range.

use crate::stats::reals::count;

/// How many of each whole number from `first` on, in as many bins. What lies beyond either end
/// counts in the bin there.
pub fn tally(values: impl IntoIterator<Item = i64>, first: i64, bins: usize) -> Vec<u64> {
    let mut counts = vec![0; bins];
    let Some(last) = bins.checked_sub(1) else { return counts };
    for value in values {
        let place = usize::try_from(value.saturating_sub(first).max(0)).unwrap_or(last);
        if let Some(count) = counts.get_mut(place.min(last)) {
            *count += 1;
        }
    }
    counts
}

/// Two samples in the same bins.
#[derive(Clone, Debug, PartialEq)]
pub struct EqualBins {
    /// Width of a bin.
    pub width: f64,
    /// How many values of each sample are in each bin.
    pub counts: [Vec<u64>; 2],
}

/// Two samples in equal bins from the least to the largest value of both. A bin holds its lower
/// edge, the last one its upper edge too. `None` for samples without two different values, for a
/// range wider than a float, or narrower than its bins can be told apart in; the values are finite.
pub fn equal_bins(samples: [&[f64]; 2], bins: usize) -> Option<EqualBins> {
    let values = || samples.iter().flat_map(|sample| sample.iter().copied());
    let (low, high) = (values().reduce(f64::min)?, values().reduce(f64::max)?);
    let width = (high - low) / count(bins);
    if !(0.0 < width && width.is_finite()) {
        return None;
    }
    let edges: Vec<f64> = (1..bins).map(|place| count(place) * width + low).collect();
    let counts = samples.map(|sample| {
        let place = |value: &f64| edges.partition_point(|edge| edge <= value);
        let places = sample.iter().map(|value| i64::try_from(place(value)).unwrap_or(i64::MAX));
        tally(places, 0, bins)
    });
    Some(EqualBins { width, counts })
}
