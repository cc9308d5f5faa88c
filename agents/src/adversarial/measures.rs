//! Measures of an adversarial market, from what a [`watch`](super::watch) saw of its log.
//!
//! A [`Sample`] takes the episodes of one type and forgets all but sums; [`Measures`] are what one
//! sample says, and [`Detection`] what two samples say of each other: how well those who see the flow
//! alone tell the types apart.
//!
//! * Implementation shortfall and slippage are in bps of the arrival price and of the mid when a child
//!   order was decided; all other money is in tick·lots, all prices are in ticks.
//! * An error is a standard error over episodes: what happens within one is not independent.
//! * What cannot be had is `None`; nothing is ever no number.
//!
//! Judges are fitted on the first half of each sample and tested on the other, as many episodes of
//! both types; they see [`sequence`]s. Where both samples share their draws episode by episode, as twins
//! do, a judge's interval is wider than need be; take samples that share none.

mod detection;
mod estimate;
mod flow;
mod named;
mod sample;
pub mod sequence;
#[cfg(test)]
mod tests;
mod tokens;
mod twins;

pub use detection::{BeliefScore, Bounds, Detection, Guess, JudgeScore};
pub use estimate::Estimate;
pub use flow::FlowMeasures;
pub use named::{NamedMeasure, Subject};
pub use sample::Sample;
pub use tokens::Places;
pub use twins::Twins;

use estimate::Pairs;
use sample::Row;

use super::divergence::Scale;
use super::settings::Settings;
use crate::stats::moments::{quantile, sorted};

/// Steps after which the maker's adverse selection is measured.
pub const HORIZONS: [usize; 3] = [1, 5, 10];

/// What the features of orders are measured against: tenths of the largest order of noise, and of the
/// episode.
pub fn scale(settings: &Settings) -> Scale {
    let whole = |number: crate::config::Decimal| u32::try_from(number.whole()).unwrap_or(u32::MAX);
    Scale { lots_max: whole(settings.noise_size_max), steps: whole(settings.steps) }
}

/// What the episodes of one type came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// How many.
    pub episodes: usize,
    /// How the parent order was carried out.
    pub execution: Execution,
    /// How it was split.
    pub splitting: Splitting,
    /// What the flow of the trader's place looks like beside that of noise.
    pub flow: FlowMeasures,
    /// The market.
    pub market: Market,
    /// The maker.
    pub maker: Maker,
    /// The arbitrageur.
    pub arbitrageur: Arbitrageur,
}

/// How a parent order was carried out.
#[derive(Clone, Debug, PartialEq)]
pub struct Execution {
    /// Implementation shortfall of the whole order, closing included, in bps.
    pub shortfall: Option<Estimate>,
    /// Of executed lots alone, in bps.
    pub executed_shortfall: Option<Estimate>,
    /// Share of the order that traded.
    pub completion: Option<Estimate>,
    /// Its lots, over those of all trades.
    pub participation: Option<Estimate>,
    /// Slippage of a child order, in bps: the mean.
    pub slippage: Option<Estimate>,
    /// Its quartiles.
    pub slippage_quartiles: Option<[f64; 3]>,
}

/// How a parent order was split.
#[derive(Clone, Debug, PartialEq)]
pub struct Splitting {
    /// Orders of an episode.
    pub orders: Option<Estimate>,
    /// Lots of an order.
    pub lots: Option<Estimate>,
    /// Share of the orders that may not rest.
    pub market_orders: Option<Estimate>,
    /// Steps between two orders.
    pub gap: Option<Estimate>,
    /// Their standard deviation over their mean: 0 for a clock, near 1 for orders at random.
    pub gap_variation: Option<f64>,
}

/// The market.
#[derive(Clone, Debug, PartialEq)]
pub struct Market {
    /// Root mean square of the mid's move in a step, in ticks.
    pub volatility: Option<Estimate>,
    /// Lots of all trades of an episode.
    pub volume: Option<Estimate>,
    /// Spread behind the reactions, in ticks.
    pub spread: Option<Estimate>,
    /// Correlation of spread and belief over all steps of all episodes.
    pub spread_belief: Option<Estimate>,
    /// Its mean within episodes.
    pub spread_belief_within: Option<Estimate>,
}

/// The maker.
#[derive(Clone, Debug, PartialEq)]
pub struct Maker {
    /// What it gained in an episode.
    pub pnl: Option<Estimate>,
    /// Lots that it holds at the end.
    pub inventory: Option<Estimate>,
    /// Lots that it traded in an episode.
    pub lots: Option<Estimate>,
    /// What the mid did against it in an episode, by [`HORIZONS`].
    pub adverse_selection: [Option<Estimate>; HORIZONS.len()],
    /// The same for each lot that it traded, in ticks.
    pub adverse_selection_per_lot: [Option<Estimate>; HORIZONS.len()],
}

/// The arbitrageur.
#[derive(Clone, Debug, PartialEq)]
pub struct Arbitrageur {
    /// What it gained in an episode.
    pub pnl: Option<Estimate>,
    /// Orders of an episode that traded with the maker, without those that close a position.
    pub snipes: Option<Estimate>,
    /// Orders of an episode that closed a position with the maker.
    pub closings: Option<Estimate>,
    /// Steps from one snipe to the next.
    pub cycle: Option<Estimate>,
}

impl Measures {
    /// What a sample says.
    ///
    /// Cost: O(episodes + orders).
    pub fn of(sample: &Sample) -> Self {
        let rows = &sample.episodes;
        Self {
            episodes: rows.len(),
            execution: Execution::of(sample),
            splitting: Splitting::of(rows),
            flow: FlowMeasures::of(sample),
            market: Market::of(rows),
            maker: Maker::of(rows),
            arbitrageur: Arbitrageur {
                pnl: each(rows, |row| Some(row.arbitrageur_pnl)),
                snipes: each(rows, |row| Some(row.snipes.0)),
                closings: each(rows, |row| Some(row.snipes.1)),
                cycle: Estimate::ratio(rows.iter().map(|row| row.snipe_gaps)),
            },
        }
    }
}

fn each(rows: &[Row], of: impl Fn(&Row) -> Option<f64>) -> Option<Estimate> {
    Estimate::mean(rows.iter().map(of))
}

impl Execution {
    fn of(sample: &Sample) -> Self {
        let rows = &sample.episodes;
        let there = || rows.iter().filter_map(|row| Some((row, row.executed?)));
        let ascending = sorted(&sample.slippages);
        let quartile = |share| quantile(&ascending, share);
        let quartiles = quartile(0.25).zip(quartile(0.5)).zip(quartile(0.75));
        Self {
            shortfall: each(rows, |row| row.shortfall),
            executed_shortfall: each(rows, |row| row.executed_shortfall),
            completion: Estimate::ratio(there().map(|(_, executed)| executed)),
            participation: Estimate::ratio(
                there().map(|(row, (executed, _))| (executed, row.volume)),
            ),
            slippage: Estimate::ratio(rows.iter().map(|row| row.slippage)),
            slippage_quartiles: quartiles.map(|((low, middle), high)| [low, middle, high]),
        }
    }
}

impl Splitting {
    fn of(rows: &[Row]) -> Self {
        let per_order = |of: &dyn Fn(&Row) -> f64| {
            Estimate::ratio(rows.iter().map(|row| (of(row), row.orders)))
        };
        let mut gaps = [0.0; 3];
        for row in rows {
            for (sum, more) in gaps.iter_mut().zip(row.gaps) {
                *sum += more;
            }
        }
        let [n, sum, squares] = gaps;
        let variance = (n * squares - sum * sum).max(0.0);
        Self {
            orders: each(rows, |row| row.executed.map(|_| row.orders)),
            lots: per_order(&|row| row.order_lots),
            market_orders: per_order(&|row| row.market_orders),
            gap: Estimate::ratio(rows.iter().map(|row| (row.gaps[1], row.gaps[0]))),
            gap_variation: (0.0 < sum).then(|| libm::sqrt(variance) / sum),
        }
    }
}

impl Market {
    fn of(rows: &[Row]) -> Self {
        let pairs: Vec<Pairs> = rows.iter().map(|row| row.spread_belief).collect();
        Self {
            volatility: Estimate::ratio(rows.iter().map(|row| (row.moves, row.steps)))
                .map(Estimate::root),
            volume: each(rows, |row| Some(row.volume)),
            spread: Estimate::ratio(rows.iter().map(|row| row.spread)),
            spread_belief: Pairs::pooled(&pairs),
            spread_belief_within: Estimate::mean(pairs.iter().map(|it| it.correlation())),
        }
    }
}

impl Maker {
    fn of(rows: &[Row]) -> Self {
        let horizons: [usize; HORIZONS.len()] = std::array::from_fn(|place| place);
        Self {
            pnl: each(rows, |row| Some(row.maker_pnl)),
            inventory: each(rows, |row| Some(row.maker_inventory)),
            lots: each(rows, |row| Some(row.maker_lots)),
            adverse_selection: horizons.map(|at| each(rows, |row| row.adverse.get(at).copied())),
            adverse_selection_per_lot: horizons.map(|at| {
                let sums =
                    rows.iter().filter_map(|row| Some((*row.adverse.get(at)?, row.maker_lots)));
                Estimate::ratio(sums)
            }),
        }
    }
}
