//! What is kept of the episodes of an adversarial market for its page.

use std::collections::BTreeMap;

use agents::adversarial::Settings;
use agents::adversarial::divergence::Scale;
use agents::adversarial::measures::{Places, Sample, scale};
use agents::adversarial::watch::Episode;

use crate::number::{count, place, real};

/// Longest horizon of adverse selection that is drawn, in steps.
pub(super) const HORIZON_MAX: usize = 20;
/// Bins of the belief: tenths.
pub(super) const TENTHS: usize = 10;

/// Closed episodes of one market.
///
/// Memory: 8 bytes a step, and some 2 KiB an episode.
#[derive(Clone, Debug)]
pub struct Gathering {
    /// Of type z = 0 and of type z = 1.
    pub(super) samples: [Sample; 2],
    pub(super) scale: Scale,
    steps: usize,
    /// The first episode of each type, with the place of its log.
    pub(super) examples: [Option<(usize, Episode)>; 2],
    /// Of each type, of each step: the beliefs in the order of the episodes.
    pub(super) beliefs: [Vec<Vec<f64>>; 2],
    /// Orders of the trader's place by type, and of noise in the same episodes.
    pub(super) flows: [[Orders; 2]; 2],
    /// Of each type: spreads by tenths of the belief.
    pub(super) spreads: [[Spreads; TENTHS]; 2],
    /// Of each type: implementation shortfalls, in bps.
    pub(super) shortfalls: [Vec<f64>; 2],
    /// Of each type, of each horizon from 1 on: adverse selection of each episode, in tick·lots.
    pub(super) adverse: [Vec<Vec<f64>>; 2],
}

/// How many orders have which size, kind and time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Orders {
    pub(super) sizes: [u64; Places::BINS[0]],
    pub(super) kinds: [u64; Places::BINS[1]],
    pub(super) times: [u64; Places::BINS[2]],
    /// By time, then by size.
    pub(super) grid: [[u64; Places::BINS[0]]; Places::BINS[2]],
}

/// Spreads at steps of like belief.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spreads {
    /// Sum of the beliefs.
    pub(super) beliefs: f64,
    /// How often each spread was there, in ticks.
    pub(super) counts: BTreeMap<i64, u64>,
}

impl Gathering {
    /// No episodes yet of a market with these settings.
    pub fn new(settings: &Settings) -> Self {
        let sample = || Sample::new(settings);
        Self {
            samples: [sample(), sample()],
            scale: scale(settings),
            steps: usize::try_from(settings.steps()).unwrap_or(usize::MAX),
            examples: [None, None],
            beliefs: [Vec::new(), Vec::new()],
            flows: Default::default(),
            spreads: Default::default(),
            shortfalls: [Vec::new(), Vec::new()],
            adverse: [Vec::new(), Vec::new()],
        }
    }

    /// Adds a closed episode of the log in this place.
    ///
    /// Cost: O(steps + orders). Steps beyond those of the settings are not drawn.
    pub fn add(&mut self, log: usize, episode: &Episode) {
        let z = usize::from(episode.is_informed);
        let [zero, one] = &mut self.samples;
        if episode.is_informed { one } else { zero }.add(episode);
        for (place, example) in self.examples.iter_mut().enumerate() {
            if place == z && example.is_none() {
                *example = Some((log, episode.clone()));
            }
        }
        self.add_steps(z, episode);
        if let Some([trader, noise]) = self.flows.get_mut(z) {
            for seen in &episode.tokens {
                let orders = if seen.is_traders { &mut *trader } else { &mut *noise };
                orders.push(Places::of(&seen.token, self.scale));
            }
        }
        if let Some(shortfalls) = self.shortfalls.get_mut(z).filter(|_| episode.has_buyer()) {
            shortfalls.extend(episode.shortfall());
        }
        if let Some(adverse) = self.adverse.get_mut(z) {
            let horizons = 1..=HORIZON_MAX.min(self.steps);
            adverse.resize(horizons.clone().count(), Vec::new());
            for (all, horizon) in adverse.iter_mut().zip(horizons) {
                all.push(episode.adverse_selection(horizon));
            }
        }
    }

    fn add_steps(&mut self, z: usize, episode: &Episode) {
        let (Some(beliefs), Some(spreads)) = (self.beliefs.get_mut(z), self.spreads.get_mut(z))
        else {
            return;
        };
        for (at, step) in episode.steps.iter().take(self.steps).enumerate() {
            if at == beliefs.len() {
                beliefs.push(Vec::new());
            }
            if let Some(beliefs) = beliefs.get_mut(at) {
                beliefs.push(step.belief);
            }
            let tenth = place(count(TENTHS) * step.belief).min(TENTHS - 1);
            if let Some((spread, tenth)) = step.spread.zip(spreads.get_mut(tenth)) {
                tenth.beliefs += step.belief;
                *tenth.counts.entry(spread).or_default() += 1;
            }
        }
    }
}

impl Orders {
    fn push(&mut self, places: Places) {
        let Places { size, kind, time } = places;
        let row = self.grid.get_mut(time).and_then(|row| row.get_mut(size));
        let bins =
            [self.sizes.get_mut(size), self.kinds.get_mut(kind), self.times.get_mut(time), row];
        for bin in bins.into_iter().flatten() {
            *bin += 1;
        }
    }

    pub(super) fn len(&self) -> u64 {
        self.kinds.iter().sum()
    }
}

impl Spreads {
    pub(super) fn len(&self) -> u64 {
        self.counts.values().sum()
    }

    /// Mean belief and mean spread; `None` without any.
    pub(super) fn means(&self) -> Option<(f64, f64)> {
        let n = share_of(self.len());
        let sum: f64 = self.counts.iter().map(|(spread, n)| real(*spread) * share_of(*n)).sum();
        (0.0 < n).then(|| (self.beliefs / n, sum / n))
    }

    /// The spread that this share of them is at most.
    pub(super) fn quantile(&self, share: f64) -> Option<f64> {
        let wanted = share * share_of(self.len());
        let mut below = 0;
        let mut counts = self.counts.iter();
        let found = counts.find(|(_, n)| {
            below += **n;
            wanted <= share_of(below)
        });
        found.map(|(spread, _)| real(*spread))
    }
}

/// A number of things.
pub(super) fn share_of(things: u64) -> f64 {
    crate::number::big(things.into())
}
