//! What a market did, sampled at even times.

use super::reals::{real, whole};

/// A taker: one order that traded on arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taker {
    /// 1 for a buy, −1 for a sell.
    pub sign: i8,
    /// Lots that it traded.
    pub lots: u64,
    /// Bid plus ask just before it arrived: the mid in half ticks.
    pub mid: i64,
}

impl Taker {
    /// A move seen from the taker: positive when it went its way.
    pub const fn signed(&self, moved: i64) -> i64 {
        if self.sign < 0 { -moved } else { moved }
    }
}

/// Samples at even times, all lists equally long but for [`Series::spreads`], [`Series::takers`]
/// and [`Series::fair`].
///
/// Prices are in units of the kernel's price; [`Series::tick`] tells how many of them the market
/// calls a tick.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// Nanoseconds of logical time between samples.
    pub interval: u64,
    /// Kernel prices of one tick.
    pub tick: u32,
    /// Bid plus ask, which is the mid in half price units; the last one while a side is empty.
    pub mids: Vec<i64>,
    /// Spread of each sample with both sides, in price units.
    pub spreads: Vec<u32>,
    /// Samples at which a side was empty.
    pub one_sided: u64,
    /// Displayed lots at the best bid, 0 for none.
    pub bid_lots: Vec<u64>,
    /// Displayed lots at the best ask, 0 for none.
    pub ask_lots: Vec<u64>,
    /// Lots traded since the sample before, kept or not; the first sample's, since the start.
    pub volumes: Vec<u64>,
    /// Of these, lots bought by takers less lots sold by them. Auctions have no takers.
    pub flows: Vec<i64>,
    /// Fills since the sample before.
    pub trades: Vec<u32>,
    /// Fair value in 1/256 price unit; empty without a source, otherwise as long as the others.
    pub fair: Vec<i64>,
    /// Takers after the first sample.
    pub takers: Vec<Taker>,
    /// Displayed lots at each distance from the best price of their side, in ticks from 0: both
    /// sides and all looks added up.
    pub depth: Vec<u128>,
    /// How many looks at the depth.
    pub depth_looks: u64,
    /// Whether samples were left out because there were too many.
    pub is_cut: bool,
}

impl Series {
    /// Differences of neighbouring mids, half price units.
    pub fn moves(&self) -> Vec<i64> {
        self.mids.windows(2).filter_map(|pair| Some(pair.last()? - pair.first()?)).collect()
    }

    /// Returns over `steps` samples that do not overlap: `ln(m_t/m_{t−steps})`, exactly 0 for equal
    /// mids. The first starts at the first sample.
    pub fn returns(&self, steps: usize) -> Vec<f64> {
        let mids: Vec<i64> = self.mids.iter().copied().step_by(steps.max(1)).collect();
        mids.windows(2)
            .filter_map(|pair| Some(libm::log(real(*pair.last()?) / real(*pair.first()?))))
            .collect()
    }

    /// Largest fall of the mid below an earlier one, as a part of that; `None` without samples.
    pub fn largest_drawdown(&self) -> Option<f64> {
        let (mut peak, mut largest) = (*self.mids.first()?, 0.0_f64);
        for mid in &self.mids {
            peak = peak.max(*mid);
            largest = largest.max(1.0 - real(*mid) / real(peak));
        }
        Some(largest)
    }

    /// Mids in ticks.
    pub fn mids_in_ticks(&self) -> Vec<f64> {
        let unit = 2.0 * self.tick_size();
        self.mids.iter().map(|mid| real(*mid) / unit).collect()
    }

    /// Fair values in ticks.
    pub fn fair_in_ticks(&self) -> Vec<f64> {
        let unit = 256.0 * self.tick_size();
        self.fair.iter().map(|fair| real(*fair) / unit).collect()
    }

    /// Spreads in ticks.
    pub fn spreads_in_ticks(&self) -> Vec<f64> {
        self.spreads.iter().map(|spread| f64::from(*spread) / self.tick_size()).collect()
    }

    /// Mean displayed lots at each distance from the best price, in ticks from 0.
    pub fn depth_profile(&self) -> Vec<f64> {
        let looks = whole(u128::from(self.depth_looks.max(1)) * 2);
        self.depth.iter().map(|lots| whole(*lots) / looks).collect()
    }

    /// Price units of a tick.
    pub fn tick_size(&self) -> f64 {
        f64::from(self.tick.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_over_steps_do_not_overlap() {
        let series = Series { mids: vec![10, 20, 20, 40, 10, 50], tick: 5, ..Series::default() };
        assert_eq!(series.moves(), [10, 0, 20, -30, 40]);
        assert_eq!(series.returns(2), [libm::log(2.0), libm::log(0.5)]);
        assert_eq!(series.returns(1)[1..2], [0.0]);
        assert_eq!(series.mids_in_ticks()[..2], [1.0, 2.0]);
        assert_eq!(Series::default().returns(0), []);
    }

    #[test]
    fn a_drawdown_is_from_the_highest_mid_before() {
        let drawdown =
            |mids: &[i64]| Series { mids: mids.to_vec(), ..Series::default() }.largest_drawdown();
        assert_eq!(drawdown(&[80, 100, 90, 75, 200, 160]), Some(0.25));
        assert_eq!(drawdown(&[1, 2, 3]), Some(0.0));
        assert_eq!(drawdown(&[]), None);
    }

    #[test]
    fn depth_is_the_mean_of_both_sides() {
        let series = Series { depth: vec![40, 12], depth_looks: 2, ..Series::default() };
        assert_eq!(series.depth_profile(), [10.0, 3.0]);
    }
}
