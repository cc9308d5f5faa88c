//! What is kept of the episodes of one type: sums and rows, no entries.

use super::estimate::Pairs;
use super::sequence::{self, WIDTH};
use super::tokens::{Histograms, Places, flow_order};
use super::{HORIZONS, scale};
use crate::adversarial::divergence::{FlowOrder, Scale};
use crate::adversarial::settings::Settings;
use crate::adversarial::watch::{Child, Episode, Kind};
use crate::number;
use crate::stats::reals::count;

/// Groups of episodes for the jackknife of a divergence.
pub(super) const GROUPS: usize = 10;

/// Most orders of the trader's place, and of noise, that the published divergence is of: those of the
/// first episodes.
const PUBLISHED_MAX: usize = 1 << 19;

/// Episodes of one type.
///
/// Memory: some 1 KiB an episode and, up to a bound, 24 bytes an order.
#[derive(Clone, Debug)]
pub struct Sample {
    scale: Scale,
    pub(super) episodes: Vec<Row>,
    /// [`WIDTH`] numbers of each episode.
    pub(super) sequences: Vec<[f64; WIDTH]>,
    /// Slippage of each child order that traded, in bps.
    pub(super) slippages: Vec<f64>,
    /// Histograms of each group: of the trader's place, and of noise.
    pub(super) histograms: Vec<[Histograms; 2]>,
    /// Orders of the trader's place, and of noise, each with its group.
    pub(super) orders: [Vec<(usize, FlowOrder)>; 2],
}

/// What is kept of an episode.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) shortfall: Option<f64>,
    pub(super) executed_shortfall: Option<f64>,
    /// Lots that the trader's place traded, and those of the parent order; none where nobody is there.
    pub(super) executed: Option<(f64, f64)>,
    pub(super) volume: f64,
    pub(super) steps: f64,
    /// Sum of squared moves of the mid from step to step, in ticks².
    pub(super) moves: f64,
    /// Sum of spreads, and steps with one.
    pub(super) spread: (f64, f64),
    pub(super) spread_belief: Pairs,
    /// The belief at the end.
    pub(super) belief: Option<f64>,
    /// Sums over steps of how right the belief was, and of its squared error.
    pub(super) right: f64,
    pub(super) brier: f64,
    pub(super) maker_pnl: f64,
    pub(super) maker_inventory: f64,
    pub(super) maker_lots: f64,
    /// By horizon, in tick·lots.
    pub(super) adverse: [f64; HORIZONS.len()],
    pub(super) arbitrageur_pnl: f64,
    /// Snipes, and orders against the maker that closed.
    pub(super) snipes: (f64, f64),
    /// Sum of steps between snipes, and how many.
    pub(super) snipe_gaps: (f64, f64),
    /// Orders of the trader's place, their lots, those at the market.
    pub(super) orders: f64,
    pub(super) order_lots: f64,
    pub(super) market_orders: f64,
    /// Sums of slippage, and orders that traded.
    pub(super) slippage: (f64, f64),
    /// Steps between orders: how many gaps, their sum, the sum of their squares.
    pub(super) gaps: [f64; 3],
    /// Lots of buys less lots of sells in the flow.
    pub(super) net: f64,
}

impl Sample {
    /// No episodes yet of a market with these settings.
    pub fn new(settings: &Settings) -> Self {
        let histograms = (0..GROUPS).map(|_| [Histograms::new(), Histograms::new()]);
        Self {
            scale: scale(settings),
            episodes: Vec::new(),
            sequences: Vec::new(),
            slippages: Vec::new(),
            histograms: histograms.collect(),
            orders: [Vec::new(), Vec::new()],
        }
    }

    /// How many episodes.
    pub const fn len(&self) -> usize {
        self.episodes.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.episodes.is_empty()
    }

    /// Adds an episode, which is of the sample's type.
    ///
    /// Cost: O(steps + orders).
    pub fn add(&mut self, episode: &Episode) {
        let group = self.len() % GROUPS;
        for seen in &episode.tokens {
            let set = usize::from(!seen.is_traders);
            let histograms = self.histograms.get_mut(group).and_then(|group| group.get_mut(set));
            if let Some(histograms) = histograms {
                histograms.push(Places::of(&seen.token, self.scale));
            }
            if let Some(orders) =
                self.orders.get_mut(set).filter(|orders| orders.len() < PUBLISHED_MAX)
            {
                orders.push((group, flow_order(&seen.token)));
            }
        }
        self.slippages.extend(episode.children.iter().filter_map(Child::slippage));
        self.sequences.push(sequence::row(episode, self.scale));
        self.episodes.push(Row::of(episode));
    }

    pub(super) const fn scale(&self) -> Scale {
        self.scale
    }
}

impl Row {
    fn of(episode: &Episode) -> Self {
        let mut row = Self {
            number: episode.number,
            shortfall: episode.shortfall().filter(|_| episode.has_buyer()),
            executed_shortfall: episode.executed_shortfall().filter(|_| episode.has_buyer()),
            executed: episode.has_trader().then(|| {
                (number::from_integer(episode.executed()), number::from_integer(episode.lots))
            }),
            volume: number::from_integer(episode.volume()),
            steps: count(episode.steps.len()),
            maker_pnl: episode.maker.pnl,
            maker_inventory: number::from_integer(episode.maker.inventory),
            maker_lots: episode.maker_fills.iter().map(|it| number::from_integer(it.lots)).sum(),
            adverse: HORIZONS.map(|horizon| episode.adverse_selection(horizon)),
            arbitrageur_pnl: episode.arbitrageur.pnl,
            net: number::from_integer(episode.net()),
            ..Self::default()
        };
        row.add_steps(episode);
        row.add_snipes(episode);
        row.add_children(episode);
        row
    }

    fn add_steps(&mut self, episode: &Episode) {
        let truth = if episode.is_informed { 1.0 } else { 0.0 };
        let mut before = episode.arrival;
        for step in &episode.steps {
            let moved = number::from_integer(step.after.saturating_sub(before)) * 0.5;
            before = step.after;
            self.moves += moved * moved;
            if let Some(spread) = step.spread {
                let spread = number::from_integer(spread);
                self.spread = (self.spread.0 + spread, self.spread.1 + 1.0);
                self.spread_belief.push(spread, step.belief);
            }
            let away = (step.belief - truth).abs();
            self.right += if away < 0.5 {
                1.0
            } else if 0.5 < away {
                0.0
            } else {
                0.5
            };
            self.brier += away * away;
        }
        self.belief = episode.steps.last().map(|step| step.belief);
    }

    fn add_snipes(&mut self, episode: &Episode) {
        let mut last = None;
        for snipe in &episode.snipes {
            if snipe.closes {
                self.snipes.1 += 1.0;
                continue;
            }
            self.snipes.0 += 1.0;
            if let Some(gap) = last.and_then(|last| snipe.step.checked_sub(last)) {
                self.snipe_gaps.0 += steps(gap);
                self.snipe_gaps.1 += 1.0;
            }
            last = Some(snipe.step);
        }
    }

    fn add_children(&mut self, episode: &Episode) {
        let mut last = None;
        for child in &episode.children {
            self.orders += 1.0;
            self.order_lots += number::from_integer(child.lots);
            self.market_orders += if matches!(child.kind, Kind::Limit(_)) { 0.0 } else { 1.0 };
            if let Some(slippage) = child.slippage() {
                self.slippage = (self.slippage.0 + slippage, self.slippage.1 + 1.0);
            }
            if let Some(gap) = last.and_then(|last| child.step.checked_sub(last)) {
                let gap = steps(gap);
                self.gaps = [self.gaps[0] + 1.0, self.gaps[1] + gap, self.gaps[2] + gap * gap];
            }
            last = Some(child.step);
        }
    }
}

fn steps(steps: u64) -> f64 {
    number::from_integer(i64::try_from(steps).unwrap_or(i64::MAX))
}
