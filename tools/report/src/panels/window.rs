//! What a market did within a stretch of time.

use agents::stats::moments::{deviation, mean};

use crate::number::{big, real};
use crate::run::{Run, seconds};
use crate::track::Look;

/// A stretch of looks of a run.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    run: &'a Run,
    from: usize,
    to: usize,
}

impl<'a> Window<'a> {
    /// The looks from a time to before another, nanoseconds.
    pub(super) fn new(run: &'a Run, from: u64, to: u64) -> Self {
        Self { run, from: run.track.look_at(from), to: run.track.look_at(to) }
    }

    pub(super) const fn len(&self) -> usize {
        self.to.saturating_sub(self.from)
    }

    /// Seconds of logical time between looks.
    pub(super) fn seconds_a_look(&self) -> f64 {
        seconds(self.run.track.interval.max(1))
    }

    /// Spreads in ticks, of the looks with both sides.
    fn spreads(&self) -> Vec<f64> {
        let looks = self.run.track.looks.get(self.from..self.to).unwrap_or_default();
        let spreads = looks.iter().filter_map(Look::spread);
        spreads.map(|spread| f64::from(spread) / self.run.tick()).collect()
    }

    /// Bid plus ask of each look, by place: the last one while there is none, as in the statistics.
    fn mids(&self) -> impl Iterator<Item = (usize, i64)> {
        let looks = self.run.track.looks.iter().enumerate().take(self.to);
        let carried = looks.scan(None, |last, (place, look)| {
            *last = self.run.track.twice_mid(look).or(*last);
            Some((place, *last))
        });
        carried.skip(self.from).filter_map(|(place, mid)| Some((place, mid?)))
    }

    /// Mean spread, ticks.
    pub(super) fn spread(&self) -> Option<f64> {
        mean(&self.spreads())
    }

    /// Widest spread, ticks.
    pub(super) fn widest(&self) -> Option<f64> {
        self.spreads().into_iter().max_by(f64::total_cmp)
    }

    /// Lots traded in a look's interval, on average.
    pub(super) fn volume(&self) -> Option<f64> {
        let looks = self.run.track.looks.get(self.from..self.to).unwrap_or_default();
        let lots: Vec<f64> = looks.iter().map(|look| big(look.lots.into())).collect();
        mean(&lots)
    }

    /// Mean distance of the mid from the fair value, ticks.
    pub(super) fn tracking(&self) -> Option<f64> {
        let fair = &self.run.track.fair;
        let distances = self.mids().filter_map(|(place, twice_mid)| {
            Some((real(twice_mid) / 2.0 - real(*fair.get(place)?) / 256.0).abs() / self.run.tick())
        });
        mean(&distances.collect::<Vec<_>>())
    }

    /// Standard deviation of the changes of the mid from look to look, ticks.
    pub(super) fn volatility(&self) -> Option<f64> {
        let mids: Vec<_> = self.mids().map(|(_, twice_mid)| twice_mid).collect();
        let changes = mids.windows(2).filter_map(|pair| Some(pair.last()? - pair.first()?));
        let unit = 2.0 * self.run.tick();
        deviation(&changes.map(|change| real(change) / unit).collect::<Vec<_>>())
    }

    /// How far the mid fell below that of the look before the window, as a share of it.
    pub(super) fn drawdown(&self) -> Option<f64> {
        let before = Self { run: self.run, from: 0, to: self.from }.mids().last()?.1;
        let lowest = self.mids().map(|(_, twice_mid)| twice_mid).min()?;
        (0 < before).then(|| real(before - lowest.min(before)) / real(before))
    }

    /// Looks from the window's first until so many in a row have a spread below a bound; `None` when
    /// that does not come within the window.
    pub(super) fn recovery(&self, below: f64, in_a_row: usize) -> Option<usize> {
        let looks = self.run.track.looks.get(self.from..self.to).unwrap_or_default();
        let mut calm = 0;
        for (place, look) in looks.iter().enumerate() {
            let spread = look.spread().map(|spread| f64::from(spread) / self.run.tick());
            let is_calm = spread.is_some_and(|spread| spread < below);
            calm = if is_calm { calm + 1 } else { 0 };
            if calm == in_a_row {
                return Some(place + 1 - in_a_row);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
