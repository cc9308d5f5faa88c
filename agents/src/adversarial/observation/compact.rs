//! The compact view.

use kernel::{Engine, Side};

use super::{ARBITRAGEUR, Game, MAKER, Observations, TRADER, ratio, single};
use crate::number;

pub(super) fn observe(game: &Game, engine: &Engine, into: &mut Observations) {
    let shared = shared(game);
    let episode = game.state();
    let settings = game.settings();
    let trader = engine.account(TRADER);
    let lots = settings.trader_lots.to_f64();
    let left = 1.0 - game.elapsed();
    let steps_left = (left * settings.steps.to_f64()).max(1.0);
    let free = number::from_integer(episode.free(settings, engine));
    let ask = engine.levels(Side::Sell).next().map_or(0, |level| level.qty);
    let ask = number::from_integer(i64::try_from(ask).unwrap_or(i64::MAX));
    let b = episode.belief;
    into.trader.extend(shared);
    into.trader.extend([
        single((lots - number::from_integer(episode.executed)) / lots),
        ratio(trader.open_buy + trader.open_sell, lots),
        single(free / steps_left / game.mean_lots()),
        single(ask / 10.0),
        single(0.5 * libm::log(b / (1.0 - b))),
        single(left * left),
    ]);

    let beliefs = [single(b), single(b - episode.quoted)];
    let inventory = |client| episode.inventory(&engine.account(client));
    into.maker.extend(shared);
    into.maker.extend(beliefs);
    into.maker.push(ratio(inventory(MAKER), settings.maker_inventory_max.to_f64()));

    let held = (episode.step - episode.sniped).min(10);
    into.arbitrageur.extend(shared);
    into.arbitrageur.extend(beliefs);
    into.arbitrageur.extend([
        ratio(inventory(ARBITRAGEUR), settings.arbitrageur_inventory_max.to_f64()),
        ratio(game.prints(), 5.0),
        ratio(i64::try_from(held).unwrap_or(0), 10.0),
    ]);

    into.state.extend(&into.trader);
    into.state.extend(into.maker.iter().skip(8));
    into.state.extend(into.arbitrageur.iter().skip(10));
    into.state.extend([
        single((episode.fundamental - episode.prices.mid()) / 5.0),
        f32::from(u8::from(episode.is_informed)),
        single(libm::sqrt(episode.variance)),
        ratio(episode.executed, lots),
    ]);
}

/// What everybody sees.
fn shared(game: &Game) -> [f32; 8] {
    let episode = game.state();
    let prices = &episode.prices;
    let (scale, rate) = game.flow_scale();
    let orders = libm::sqrt(rate.max(f64::MIN_POSITIVE));
    let flow = &episode.flow;
    let count = number::from_integer(i64::try_from(flow.tokens().len()).unwrap_or(i64::MAX));
    let fresh = |side: Side| {
        let lots = flow.fresh().iter().filter(|token| token.side == side).map(|token| token.lots);
        ratio(lots.sum(), 5.0)
    };
    [
        ratio(prices.mid_half_ticks - episode.arrival, 10.0),
        ratio(prices.spread().unwrap_or(0), 4.0),
        ratio(prices.mid_half_ticks - episode.mid_before, 4.0),
        single(1.0 - game.elapsed()),
        ratio(flow.net(), scale),
        single((count - rate * game.elapsed()) / orders),
        fresh(Side::Buy),
        fresh(Side::Sell),
    ]
}
