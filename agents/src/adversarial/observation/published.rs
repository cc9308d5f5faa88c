//! The published view.

use kernel::{Engine, Side};

use super::{ARBITRAGEUR, Game, MAKER, Observations, PRINTS, ratio, single};
use crate::number;

/// What an absent spread counts as, in shares of the mid.
const NO_SPREAD: f32 = 0.02;
/// The spread beyond which quotes count as old, in ticks.
const STALE: f64 = 2.0;

pub(super) fn observe(game: &Game, engine: &Engine, into: &mut Observations) {
    let episode = game.state();
    let settings = game.settings();
    let mid = episode.prices.mid();
    book(engine, mid, game.levels(), &mut into.trader);
    into.maker.extend(&into.trader);
    into.arbitrageur.extend(&into.trader);

    let lots = settings.trader_lots.to_f64();
    let wanted = single((lots - number::from_integer(episode.executed)) / lots);
    let left = single(1.0 - game.elapsed());
    let level = single(mid / settings.price.to_f64());
    let spread = episode.prices.spread();
    let width = spread.map_or(NO_SPREAD, |ticks| ratio(ticks, mid));
    let volatility = single(game.tape().volatility());
    into.trader.extend([wanted, left, 1.0 - wanted, level, width, volatility]);

    let (share, quote) = (1.0 / mid, 1.0 / settings.maker_lots.to_f64());
    let mut shown = 0;
    for print in game.tape().prints() {
        let side = if print.side == Side::Buy { 1.0 } else { -1.0 };
        let price = single((number::from_integer(print.price) - mid) * share);
        let lots = single(number::from_integer(print.lots) * quote);
        into.maker.extend([side, price, lots]);
        shown += 1;
    }
    into.maker.extend(std::iter::repeat_n(0.0, 3 * (PRINTS - shown)));
    let inventory = |client, most: f64| ratio(episode.inventory(&engine.account(client)), most);
    let held = inventory(MAKER, settings.maker_inventory_max.to_f64());
    into.maker.extend([held, level, width, single(episode.belief), left]);

    let stale = spread.map_or(0.0, |ticks| (number::from_integer(ticks) - STALE) / STALE);
    let held = inventory(ARBITRAGEUR, settings.arbitrageur_inventory_max.to_f64());
    into.arbitrageur.extend([single(stale.clamp(0.0, 5.0)), held, level, left]);

    into.state.extend(&into.trader);
    into.state.extend(&into.maker);
    into.state.extend(&into.arbitrageur);
}

/// Price and lots of the best levels of each side.
fn book(engine: &Engine, mid: f64, levels: usize, into: &mut Vec<f32>) {
    let share = 1.0 / mid;
    let mut largest = 1;
    for side in [Side::Buy, Side::Sell] {
        let end = into.len() + 2 * levels;
        for level in engine.levels(side).take(levels) {
            largest = largest.max(level.qty);
            let price = f64::from(level.price.ticks());
            let lots = i64::try_from(level.qty).unwrap_or(i64::MAX);
            into.extend([single((price - mid) * share), single(number::from_integer(lots))]);
        }
        into.resize(end, 0.0);
    }
    let largest = number::from_integer(i64::try_from(largest).unwrap_or(i64::MAX));
    let scale = single(1.0 / largest);
    for pair in into.chunks_exact_mut(2) {
        pair[1] *= scale;
    }
}
