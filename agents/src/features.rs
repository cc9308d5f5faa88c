//! What an agent may look at, as integers with a unit.

use kernel::{ClientId, Engine, Qty, Side};

use crate::agent::Kind;
use crate::market::{Market, MarketFeatures};
use crate::number;

/// What everybody sees at the end of a step. Shares are counted in 1/1024.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Features {
    /// Of the past.
    pub(crate) market: MarketFeatures,
    /// Best ask less best bid, in ticks; `None` while a side is empty.
    pub(crate) spread: Option<i32>,
    /// (Lots at the best bid − lots at the best ask) / their sum, in 1/1024; 0 in an empty book.
    pub(crate) imbalance: i32,
    /// The same for the five best levels of each side.
    pub(crate) imbalance_deep: i32,
}

/// Shares are counted in this.
const SHARE: i64 = 1024;
/// Levels of the deep imbalance.
const DEEP: usize = 5;

impl Features {
    /// Looks at the market. Cost: five levels of each side.
    pub(crate) fn of_market(market: &Market, engine: &Engine) -> Self {
        let bid = engine.best(Side::Buy).map(|price| i64::from(price.ticks()));
        let ask = engine.best(Side::Sell).map(|price| i64::from(price.ticks()));
        Self {
            market: *market.features(),
            spread: bid.zip(ask).map(|(bid, ask)| number::narrow(ask - bid)),
            imbalance: imbalance(engine, 1),
            imbalance_deep: imbalance(engine, DEEP),
        }
    }
}

/// `part / whole` in 1/1024, rounded towards 0; `whole` above 0.
fn share(part: i128, whole: i128) -> i32 {
    let share = part * i128::from(SHARE) / whole;
    number::narrow(i64::try_from(share).unwrap_or(if share < 0 { i64::MIN } else { i64::MAX }))
}

fn imbalance(engine: &Engine, levels: usize) -> i32 {
    let lots =
        |side| engine.levels(side).take(levels).map(|level| i128::from(level.qty)).sum::<i128>();
    let (bids, asks) = (lots(Side::Buy), lots(Side::Sell));
    share(bids - asks, (bids + asks).max(1))
}

/// What a client's fills of one step came to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fills {
    step: u64,
    pub(crate) bought: i64,
    pub(crate) sold: i64,
    /// Of both, lots that orders of the client rested for.
    pub(crate) rested: i64,
}

/// The fills of every client, each of the last step in which it had any.
#[derive(Clone, Debug)]
pub(crate) struct Holdings {
    fills: Vec<Fills>,
}

impl Holdings {
    pub(crate) fn new() -> Self {
        let clients = usize::try_from(Kind::CLIENTS_MAX).unwrap_or(0);
        Self { fills: vec![Fills::default(); clients] }
    }

    /// Counts a fill for both of its sides.
    pub(crate) fn trade(
        &mut self,
        step: u64,
        (taker, side): (ClientId, Side),
        maker: ClientId,
        qty: Qty,
    ) {
        let lots = i64::from(qty.lots());
        for (client, side, rested) in [(taker, side, 0), (maker, side.opposite(), lots)] {
            let place = usize::try_from(client.0).unwrap_or(usize::MAX);
            let Some(fills) = self.fills.get_mut(place) else { continue };
            if fills.step != step {
                *fills = Fills { step, ..Fills::default() };
            }
            fills.rested += rested;
            match side {
                Side::Buy => {
                    fills.bought += lots;
                }
                Side::Sell => {
                    fills.sold += lots;
                }
            }
        }
    }

    /// A client's fills of this step.
    pub(crate) fn of(&self, client: ClientId, step: u64) -> Fills {
        let place = usize::try_from(client.0).unwrap_or(usize::MAX);
        let fills = self.fills.get(place).copied().unwrap_or_default();
        if fills.step == step { fills } else { Fills::default() }
    }
}

#[cfg(test)]
mod tests;
