//! What an agent may look at, as integers with a unit: the inputs of rules and, later, of learned
//! policies.

use kernel::{ClientId, Engine, Position, Price, Qty, Side};

use crate::agent::Kind;
use crate::market::{Market, MarketFeatures};
use crate::number;

/// What one agent sees at the end of a step. Shares are counted in 1/1024.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// What everybody sees of the past.
    pub market: MarketFeatures,
    /// Best ask less best bid, in ticks; `None` while a side is empty.
    pub spread: Option<i32>,
    /// (Lots at the best bid − lots at the best ask) / their sum, in 1/1024; 0 in an empty book.
    pub imbalance: i32,
    /// The same for the five best levels of each side.
    pub imbalance_deep: i32,
    /// Lots held, beyond the endowment.
    pub inventory: i64,
    /// Of its limit, in 1/1024; 0 for agents without one.
    pub inventory_share: i32,
    /// Cash that the step's fills brought, in tick·lots, taxes and fees left out.
    pub cash_change: i64,
    /// Lots that the agent bought in the step.
    pub bought: i32,
    /// Lots that it sold.
    pub sold: i32,
    /// Steps left of all steps, in 1/1024.
    pub time_left: i32,
    /// Value agents only: what they believe the fair value to be less the mid, in 1/256 tick.
    pub estimate_gap: Option<i32>,
}

/// Shares are counted in this.
const SHARE: i64 = 1024;
/// Levels of the deep imbalance.
const DEEP: usize = 5;

impl Features {
    /// The part that does not depend on the agent. Cost: five levels of each side.
    pub(crate) fn of_market(market: &Market, engine: &Engine) -> Self {
        let bid = engine.best(Side::Buy).map(|price| i64::from(price.ticks()));
        let ask = engine.best(Side::Sell).map(|price| i64::from(price.ticks()));
        Self {
            market: *market.features(),
            spread: bid.zip(ask).map(|(bid, ask)| number::narrow(ask - bid)),
            imbalance: imbalance(engine, 1),
            imbalance_deep: imbalance(engine, DEEP),
            ..Self::default()
        }
    }

    pub(crate) fn see_self(
        &mut self,
        inventory: Position,
        inventory_max: Option<i64>,
        fills: Fills,
    ) {
        self.inventory = inventory;
        self.inventory_share =
            inventory_max.map_or(0, |max| share(inventory.into(), max.max(1).into()));
        self.cash_change = fills.cash;
        (self.bought, self.sold) = (number::narrow(fills.bought), number::narrow(fills.sold));
    }

    pub(crate) fn see_time(&mut self, left: u64, all: u64) {
        self.time_left = share(left.into(), all.max(1).into());
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
    pub(crate) cash: i64,
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
        (price, qty): (Price, Qty),
    ) {
        let lots = i64::from(qty.lots());
        let cash = i64::from(price.ticks()) * lots;
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
                    fills.cash = fills.cash.saturating_sub(cash);
                }
                Side::Sell => {
                    fills.sold += lots;
                    fills.cash = fills.cash.saturating_add(cash);
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
