//! Resampling: intervals of estimates, and surrogates without memory.
//!
//! All draws are integers of named streams, so that an interval is the same on every target.

use super::moments::{quantile, sorted};

/// From this context of BLAKE3 every resampling has its stream.
const SEED_CONTEXT: &str = "replay statistics resampling v1";

/// How a figure is resampled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resampling {
    /// Mean length of a block, in values.
    pub block: u32,
    /// How many resamples; 0 for no intervals.
    pub resamples: u32,
}

impl Resampling {
    /// Blocks of 50, 200 resamples.
    pub const USUAL: Self = Self { block: 50, resamples: 200 };
}

/// Steele, Lea and Flood's `SplitMix64`: an interval takes millions of draws.
#[derive(Clone, Debug)]
struct Draws(u64);

impl Draws {
    const fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
}

/// The stream of one figure.
fn stream(name: &str) -> Draws {
    let key = blake3::derive_key(SEED_CONTEXT, name.as_bytes());
    Draws(key.first_chunk().copied().map_or(0, u64::from_le_bytes))
}

/// The central 95 % of an estimate over the resamples of a stationary bootstrap: blocks of
/// geometric length from uniform starts, the series closed to a ring. `estimate` is given the
/// places of a resample in the series; resamples for which it has no value are left out. `None`
/// when that is more than half of them.
///
/// * `name` - names the stream of draws.
/// * `len` - length of the series, at most 2^32 − 1.
///
/// Cost: `resamples` estimates. Source: Politis and Romano, Journal of the American Statistical
/// Association 89 (1994) 1303–1313.
pub fn interval(
    name: &str,
    len: usize,
    resampling: Resampling,
    mut estimate: impl FnMut(&[usize]) -> Option<f64>,
) -> Option<(f64, f64)> {
    let [interval] = intervals(name, len, resampling, |places| [estimate(places)]);
    interval
}

/// [`interval`] for several estimates from the same resamples.
pub fn intervals<const N: usize>(
    name: &str,
    len: usize,
    resampling: Resampling,
    mut estimate: impl FnMut(&[usize]) -> [Option<f64>; N],
) -> [Option<(f64, f64)>; N] {
    let mut draws = stream(name);
    let mut places = Vec::with_capacity(len);
    let mut values: [Vec<f64>; N] = core::array::from_fn(|_| Vec::new());
    for _ in 0..resampling.resamples {
        fill(&mut places, len, resampling.block, &mut draws);
        for (values, value) in values.iter_mut().zip(estimate(&places)) {
            values.extend(value.filter(|value| value.is_finite()));
        }
    }
    values.map(|values| {
        let values = sorted(&values);
        if 2 * values.len() < resampling.resamples as usize {
            return None;
        }
        Some((quantile(&values, 0.025)?, quantile(&values, 0.975)?))
    })
}

/// [`interval`] for an estimate from one series.
pub fn interval_of(
    name: &str,
    series: &[f64],
    resampling: Resampling,
    mut estimate: impl FnMut(&[f64]) -> Option<f64>,
) -> Option<(f64, f64)> {
    let mut resample = Vec::with_capacity(series.len());
    interval(name, series.len(), resampling, |places| {
        resample.clear();
        resample.extend(places.iter().filter_map(|place| series.get(*place)));
        estimate(&resample)
    })
}

/// One resample: places of the series.
fn fill(places: &mut Vec<usize>, len: usize, block: u32, draws: &mut Draws) {
    places.clear();
    let restart = u32::MAX / block.max(1);
    let mut place = 0;
    for index in 0..len {
        let word = draws.word();
        // The low half of a draw decides about a new block, the high half where it starts.
        let [low, high] = [word & u64::from(u32::MAX), word >> 32];
        place += 1;
        if index == 0 || low <= u64::from(restart) || place == len {
            let starts = index == 0 || low <= u64::from(restart);
            place = if starts { start(high, len) } else { 0 };
        }
        places.push(place);
    }
}

/// A place below `len` from 32 random bits.
fn start(bits: u64, len: usize) -> usize {
    usize::try_from((u128::from(bits) * len as u128) >> 32).unwrap_or(0)
}

/// The series in a random order: what it says about single values stays, its memory goes.
///
/// Source: Fisher and Yates' shuffle, as by Durstenfeld.
pub fn shuffled(name: &str, series: &[f64]) -> Vec<f64> {
    let mut draws = stream(name);
    let mut result = series.to_vec();
    for last in (1..result.len()).rev() {
        result.swap(last, start(draws.word() >> 32, last + 1));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::correlation::autocorrelation;
    use crate::stats::moments::{excess_kurtosis, mean};
    use crate::stats::reals::count;

    /// A series that stays at a random value for 20 steps.
    fn steps() -> Vec<f64> {
        let mut draws = stream("test");
        let mut levels = Vec::new();
        for _ in 0..200 {
            levels.extend([f64::from(u32::try_from(draws.word() >> 54).unwrap()); 20]);
        }
        levels
    }

    #[test]
    fn blocks_have_the_mean_length_asked_for() {
        let mut places = Vec::new();
        fill(&mut places, 100_000, 50, &mut stream("blocks"));
        let breaks = places.windows(2).filter(|pair| pair[1] != pair[0] + 1).count();
        let length = 100_000.0 / count(breaks);
        assert!(47.0 < length && length < 53.0, "{length}");
        assert!(places.iter().all(|place| *place < 100_000));
        let firsts = places.iter().filter(|place| **place < 50_000).count();
        assert!(44_000 < firsts && firsts < 56_000, "starts are spread evenly: {firsts}");
    }

    #[test]
    fn a_resample_goes_round_the_end() {
        let mut places = Vec::new();
        fill(&mut places, 3, u32::MAX, &mut stream("ring"));
        assert!(places.windows(2).all(|pair| pair[1] == (pair[0] + 1) % 3), "{places:?}");
    }

    #[test]
    fn blocks_see_dependence_that_single_draws_miss() {
        let series = steps();
        let width = |block| {
            let how = Resampling { block, resamples: 200 };
            let (low, high) = interval_of("width", &series, how, mean).unwrap();
            assert!(low < mean(&series).unwrap() && mean(&series).unwrap() < high);
            high - low
        };
        assert!(2.0 * width(1) < width(100));
    }

    #[test]
    fn intervals_are_the_same_every_time_and_named() {
        let series = steps();
        let interval = |name| interval_of(name, &series, Resampling::USUAL, mean);
        assert_eq!(interval("a"), interval("a"));
        assert_ne!(interval("a"), interval("b"));
    }

    #[test]
    fn estimates_without_value_leave_no_interval() {
        assert_eq!(interval_of("none", &steps(), Resampling::USUAL, |_| None), None);
        assert_eq!(interval_of("empty", &[], Resampling::USUAL, mean), None);
    }

    #[test]
    fn shuffling_takes_memory_and_leaves_values() {
        let series = steps();
        let shuffled = shuffled("shuffle", &series);
        assert!(0.9 < autocorrelation(&series, 1).unwrap());
        assert!(autocorrelation(&shuffled, 1).unwrap().abs() < 0.05);
        let (one, other) = (excess_kurtosis(&series), excess_kurtosis(&shuffled));
        assert!((one.unwrap() - other.unwrap()).abs() < 1e-12);
        assert_eq!(sorted(&series), sorted(&shuffled));
    }
}
