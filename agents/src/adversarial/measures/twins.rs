//! Two samples whose episodes of the same number share their draws.

use super::HORIZONS;
use super::estimate::{Estimate, Pairs};
use super::sample::{Row, Sample};

/// What twin episodes of type z = 1 and z = 0 say together. Errors are over pairs of twins, whatever
/// they have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Twins {
    /// Implementation shortfall in type z = 1 less that in type z = 0, in bps.
    pub shortfall: Option<Estimate>,
    /// The same of executed lots alone.
    pub executed_shortfall: Option<Estimate>,
    /// What the maker gained in an episode of either type.
    pub maker_pnl: Option<Estimate>,
    /// What the mid did against it, by [`HORIZONS`].
    pub adverse_selection: [Option<Estimate>; HORIZONS.len()],
    /// What the arbitrageur gained.
    pub arbitrageur_pnl: Option<Estimate>,
    /// Spread behind the reactions, in ticks.
    pub spread: Option<Estimate>,
    /// Correlation of spread and belief over all steps of both types.
    pub spread_belief: Option<Estimate>,
    /// Its mean within episodes.
    pub spread_belief_within: Option<Estimate>,
}

impl Twins {
    /// Pairs episodes by their numbers, which rise in both samples; those without a twin do not count.
    ///
    /// Cost: O(episodes).
    pub fn of(one: &Sample, zero: &Sample) -> Self {
        let pairs = pairs(&one.episodes, &zero.episodes);
        let less = |of: fn(&Row) -> Option<f64>| {
            Estimate::mean(pairs.iter().map(|(one, zero)| Some(of(one)? - of(zero)?)))
        };
        let middle = |of: &dyn Fn(&Row) -> f64| {
            Estimate::mean(pairs.iter().map(|(one, zero)| Some(0.5 * (of(one) + of(zero)))))
        };
        let spreads = pairs
            .iter()
            .map(|(one, zero)| (one.spread.0 + zero.spread.0, one.spread.1 + zero.spread.1));
        let of_both = pairs.iter().map(|(one, zero)| one.spread_belief.with(zero.spread_belief));
        let within = pairs.iter().flat_map(|(one, zero)| [one, zero]);
        let horizons: [usize; HORIZONS.len()] = std::array::from_fn(|place| place);
        Self {
            shortfall: less(|row| row.shortfall),
            executed_shortfall: less(|row| row.executed_shortfall),
            maker_pnl: middle(&|row| row.maker_pnl),
            adverse_selection: horizons
                .map(|at| middle(&|row| row.adverse.get(at).copied().unwrap_or_default())),
            arbitrageur_pnl: middle(&|row| row.arbitrageur_pnl),
            spread: Estimate::ratio(spreads),
            spread_belief: Pairs::pooled(&of_both.collect::<Vec<_>>()),
            spread_belief_within: Estimate::mean(within.map(|row| row.spread_belief.correlation())),
        }
    }
}

fn pairs<'a>(ones: &'a [Row], zeros: &'a [Row]) -> Vec<(&'a Row, &'a Row)> {
    let mut zeros = zeros.iter().peekable();
    let pair = |one: &'a Row| {
        while zeros.next_if(|zero| zero.number < one.number).is_some() {}
        zeros.next_if(|zero| zero.number == one.number).map(|zero| (one, zero))
    };
    ones.iter().filter_map(pair).collect()
}
