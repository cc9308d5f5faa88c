//! What a run did, step by step, out of its log, and what is measured of it.

use agents::stats::discovery::tracking;
use agents::{FAIR_VALUE_POLICY, NATURE};
use kernel::{Command, Engine, Event, Side};
use replay::{Entry, Moment};

use super::effect::{mean, real};

/// The steps of a run, from 1, as they end.
///
/// The mid is half of best bid plus best ask; while a side is empty it stays where it was, at the
/// start where `market.price` put it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Path {
    /// Mids, in ticks.
    pub(super) mids: Vec<f64>,
    /// Spreads, in ticks; `None` while a side is empty.
    pub(super) spreads: Vec<Option<f64>>,
    /// Lots traded in the step.
    pub(super) volumes: Vec<f64>,
    /// Fair values, in ticks.
    pub(super) fair: Vec<f64>,
}

/// The steps that are measured, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) first: u64,
    pub(super) last: u64,
}

/// Follows a replay.
pub(super) struct Watch {
    path: Path,
    mid: f64,
    spread: Option<f64>,
    volume: f64,
    fair: f64,
    has_begun: bool,
}

/// Fair values are counted in this part of a tick.
const FAIR_PER_TICK: f64 = 256.0;

impl Watch {
    /// A watch ahead of the first entry of a market that starts at this price.
    pub(super) const fn new(price: f64) -> Self {
        let path =
            Path { mids: Vec::new(), spreads: Vec::new(), volumes: Vec::new(), fair: Vec::new() };
        Self { path, mid: price, spread: None, volume: 0.0, fair: price, has_begun: false }
    }

    /// Looks at the market right after an entry.
    pub(super) fn observe(&mut self, moment: &Moment<'_>) {
        match moment.entry {
            Entry::Command(command) => {
                if matches!(command, Command::Clock { .. }) {
                    self.close();
                    self.has_begun = true;
                }
                for event in moment.events {
                    if let Event::Traded { qty, .. } = event {
                        self.volume += f64::from(qty.lots());
                    }
                }
                self.look(moment.engine);
            }
            Entry::Decision(decision) => {
                if let (NATURE, FAIR_VALUE_POLICY, [value]) =
                    (decision.agent, decision.policy, &decision.action[..])
                {
                    self.fair = f64::from(*value) / FAIR_PER_TICK;
                }
            }
            Entry::Mark(_) | Entry::Update(_) | Entry::End => {}
        }
    }

    /// The path, behind the last entry.
    pub(super) fn finish(mut self) -> Path {
        self.close();
        self.path
    }

    /// Ends a step.
    fn close(&mut self) {
        if self.has_begun {
            self.path.mids.push(self.mid);
            self.path.spreads.push(self.spread);
            self.path.volumes.push(self.volume);
            self.path.fair.push(self.fair);
            self.volume = 0.0;
        }
    }

    fn look(&mut self, engine: &Engine) {
        let best = |side| engine.best(side).map(|price| f64::from(price.ticks()));
        self.spread = best(Side::Buy).zip(best(Side::Sell)).map(|(bid, ask)| {
            self.mid = 0.5 * (bid + ask);
            ask - bid
        });
    }
}

/// The steps of a list that a window shows.
fn within<T>(list: &[T], window: Window) -> &[T] {
    let place = |step: u64| usize::try_from(step).unwrap_or(usize::MAX).min(list.len());
    &list[place(window.first.saturating_sub(1)).min(place(window.last))..place(window.last)]
}

impl Path {
    /// Lots traded a step.
    pub(super) fn volume(&self, window: Window) -> Option<f64> {
        mean(within(&self.volumes, window))
    }

    /// Mean distance of the mid from the fair value, in ticks.
    pub(super) fn tracking_error(&self, window: Window) -> Option<f64> {
        let found = tracking(within(&self.mids, window), within(&self.fair, window));
        found.map(|found| found.error)
    }

    /// Mean spread over the steps that have one, in ticks.
    pub(super) fn spread(&self, window: Window) -> Option<f64> {
        let spreads: Vec<f64> = within(&self.spreads, window).iter().copied().flatten().collect();
        mean(&spreads)
    }

    /// Standard deviation of the changes of the mid from step to step, in ticks.
    pub(super) fn volatility(&self, window: Window) -> Option<f64> {
        let mids = within(&self.mids, window);
        let moves: Vec<f64> = mids.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let centre = mean(&moves)?;
        let squares: Vec<f64> = moves.iter().map(|it| (it - centre) * (it - centre)).collect();
        mean(&squares).map(libm::sqrt)
    }

    /// How far the mid falls at most below that of the step before the window, in % of it.
    pub(super) fn drawdown(&self, window: Window) -> Option<f64> {
        let step = window.first.checked_sub(1)?;
        let before = within(&self.mids, Window { first: step, last: step }).first()?;
        let lowest = within(&self.mids, window).iter().copied().reduce(f64::min)?;
        Some(100.0 * (before - lowest) / before)
    }

    /// Steps from `from` to the first of ten in a row whose spread is below `limit`; `None` when that
    /// never happens.
    pub(super) fn recovery(&self, from: u64, limit: f64) -> Option<f64> {
        let spreads = within(&self.spreads, Window { first: from, last: u64::MAX });
        let is_tight = |spread: &Option<f64>| spread.is_some_and(|spread| spread < limit);
        let found = spreads.windows(CALM_STEPS).position(|steps| steps.iter().all(is_tight));
        found.map(real)
    }
}

/// Steps of a small spread in a row that are a recovery.
const CALM_STEPS: usize = 10;

#[cfg(test)]
mod tests {
    use super::{Path, Window};

    fn path() -> Path {
        Path {
            mids: vec![100.0, 100.0, 98.0, 99.0, 101.0, 100.0],
            spreads: vec![Some(2.0), Some(4.0), None, Some(6.0), Some(1.0), Some(1.0)],
            volumes: vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
            fair: vec![100.0, 101.0, 100.0, 100.0, 100.0, 100.0],
        }
    }

    #[test]
    fn a_window_has_both_its_ends() {
        let (path, window) = (path(), Window { first: 3, last: 5 });
        assert_eq!(path.volume(window), Some(4.0));
        assert_eq!(path.spread(window), Some(3.5), "of the steps that have one");
        assert_eq!(path.tracking_error(window), Some(4.0 / 3.0));
        assert_eq!(path.volatility(window), Some(0.5), "of moves 1 and 2");
        assert_eq!(path.drawdown(window), Some(2.0), "98 after 100");
        let nothing = Window { first: 7, last: 9 };
        assert_eq!((path.volume(nothing), path.spread(nothing)), (None, None));
        assert_eq!(path.drawdown(Window { first: 1, last: 3 }), None, "nothing before it");
    }

    #[test]
    fn a_recovery_is_ten_calm_steps_in_a_row() {
        let mut spreads = vec![Some(9.0); 3];
        spreads.extend([Some(2.0); 9]);
        spreads.push(None);
        spreads.extend([Some(2.0); 10]);
        let path = Path { spreads, ..path() };
        assert_eq!(path.recovery(2, 3.0), Some(12.0));
        assert_eq!(path.recovery(14, 3.0), Some(0.0));
        assert_eq!(path.recovery(15, 3.0), None, "nine are left");
        assert_eq!(path.recovery(1, 2.0), None);
    }
}
