//! The record of an episode, and the sums that follow from it alone.

use kernel::Side;

use crate::adversarial::flow::Token;
use crate::adversarial::settings::Mode;
use crate::number;

/// Basis points in 1.
const BPS: f64 = 10_000.0;

/// What a log tells of one episode.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// Its number, from 1.
    pub number: u64,
    /// Type z = 1.
    pub is_informed: bool,
    /// What type z = 0 is; `None` for a number that no mode has.
    pub mode: Option<Mode>,
    /// The parent order, in lots.
    pub lots: i64,
    /// Twice the mid before the first step: the arrival price, in half-ticks.
    pub arrival: i64,
    /// Every step that ended.
    pub steps: Vec<Moment>,
    /// The public flow, and whose each order was.
    pub tokens: Vec<Seen>,
    /// The orders of the trader's place.
    pub children: Vec<Child>,
    /// Its fills.
    pub fills: Vec<Fill>,
    /// The maker's fills.
    pub maker_fills: Vec<Fill>,
    /// The arbitrageur's orders that traded with the maker.
    pub snipes: Vec<Snipe>,
    /// Lots of a buyer's parent order that did not trade.
    pub missing: i64,
    /// Twice the mid at the close, in half-ticks.
    pub closing_half_ticks: i64,
    /// What each missing lot counts as, in ticks.
    pub closing_price: f64,
    /// What the maker came to.
    pub maker: Player,
    /// What the arbitrageur came to.
    pub arbitrageur: Player,
}

/// One step as everybody sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// Twice the mid before the step's orders, in half-ticks.
    pub before: i64,
    /// Twice the mid behind the reactions, in half-ticks.
    pub after: i64,
    /// Spread behind the reactions, in ticks; `None` while a side is empty.
    pub spread: Option<i64>,
    /// The belief that the reactions follow.
    pub belief: f64,
    /// Lots of all trades.
    pub volume: i64,
    /// Lots that the maker bought less those that it sold.
    pub made: i64,
    /// Lots that the maker holds, behind the reactions.
    pub inventory: i64,
}

/// An order of the public flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// What everybody sees.
    pub token: Token,
    /// What nobody sees: whether the trader's place sent it, or noise.
    pub is_traders: bool,
}

/// How an order is priced, as its decision tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// At any price.
    Market,
    /// At once, up to so many ticks beyond the reference price.
    Collared(i64),
    /// A limit so many ticks beyond the reference price.
    Limit(i64),
}

/// A child order of the trader's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Child {
    /// Its step, from 1.
    pub step: u64,
    /// The trader's number of it.
    pub reference: u64,
    /// Buy or sell.
    pub side: Side,
    /// Lots asked for.
    pub lots: i64,
    /// Its price.
    pub kind: Kind,
    /// Twice the mid when it was decided, in half-ticks.
    pub mid_half_ticks: i64,
    /// Lots that traded, sooner or later.
    pub executed: i64,
    /// Their prices, in tick·lots.
    pub paid: i64,
}

impl Child {
    /// What its executed lots cost beyond the mid when it was decided, in bps of that mid; negative
    /// for a gain. `None` if nothing traded.
    pub fn slippage(&self) -> Option<f64> {
        let mid = number::from_integer(self.mid_half_ticks) * 0.5;
        if self.executed <= 0 || mid <= 0.0 {
            return None;
        }
        let price = number::from_integer(self.paid) / number::from_integer(self.executed);
        let beyond = if self.side == Side::Buy { price - mid } else { mid - price };
        Some(beyond / mid * BPS)
    }
}

/// A trade of one player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Its step, from 1.
    pub step: u64,
    /// What the player did.
    pub side: Side,
    /// In ticks.
    pub price: i64,
    /// How much.
    pub lots: i64,
    /// Whether its order rested.
    pub is_passive: bool,
}

/// An order of the arbitrageur that traded with the maker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snipe {
    /// Its step, from 1.
    pub step: u64,
    /// What the arbitrageur did.
    pub side: Side,
    /// Lots that it traded with the maker.
    pub lots: i64,
    /// Whether it had a position against that side, so that it closed rather than sniped.
    pub closes: bool,
}

/// What a player came to in an episode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Player {
    /// Lots bought less lots sold.
    pub inventory: i64,
    /// Cash, and what it holds at the fundamental, in type z = 1 with the edge; in tick·lots. The
    /// fundamental is known to 1/256 tick and rounded to half-ticks.
    pub pnl: f64,
}

impl Episode {
    pub(super) const fn new(number: u64) -> Self {
        Self {
            number,
            is_informed: false,
            mode: None,
            lots: 0,
            arrival: 0,
            steps: Vec::new(),
            tokens: Vec::new(),
            children: Vec::new(),
            fills: Vec::new(),
            maker_fills: Vec::new(),
            snipes: Vec::new(),
            missing: 0,
            closing_half_ticks: 0,
            closing_price: 0.0,
            maker: Player { inventory: 0, pnl: 0.0 },
            arbitrageur: Player { inventory: 0, pnl: 0.0 },
        }
    }

    /// Whether somebody has a parent order to buy.
    pub const fn has_buyer(&self) -> bool {
        self.is_informed || matches!(self.mode, Some(Mode::Uninformed))
    }

    /// Whether somebody stands in the trader's place.
    pub const fn has_trader(&self) -> bool {
        self.is_informed || !matches!(self.mode, Some(Mode::Silent))
    }

    /// Lots that the trader's place traded.
    pub fn executed(&self) -> i64 {
        self.fills.iter().fold(0, |sum, fill| sum.saturating_add(fill.lots))
    }

    /// Lots of all trades.
    pub fn volume(&self) -> i64 {
        self.steps.iter().fold(0, |sum, step| sum.saturating_add(step.volume))
    }

    /// Lots of buys less lots of sells in the public flow.
    pub fn net(&self) -> i64 {
        self.tokens.iter().fold(0, |sum, seen| sum.saturating_add(seen.token.signed_lots()))
    }

    /// Implementation shortfall in bps of the arrival price over the whole parent order: executed lots,
    /// and lots that are missing at the closing price. `None` without a parent order.
    pub fn shortfall(&self) -> Option<f64> {
        let arrival = self.arrival_ticks()?;
        let whole = arrival * number::from_integer(self.lots);
        let missing = number::from_integer(self.missing) * (self.closing_price - arrival);
        (0.0 < whole).then(|| (self.beyond(arrival) + missing) / whole * BPS)
    }

    /// What an executed lot cost beyond the arrival price, in bps of it; `None` if nothing traded.
    pub fn executed_shortfall(&self) -> Option<f64> {
        let arrival = self.arrival_ticks()?;
        let whole = arrival * number::from_integer(self.executed());
        (0.0 < whole).then(|| self.beyond(arrival) / whole * BPS)
    }

    /// What the mid did against the maker's trades: Σ −Δq·(m − m₀), Δq of each step, m₀ before its orders
    /// and m so many steps later, or at the end; in tick·lots.
    pub fn adverse_selection(&self, horizon: usize) -> f64 {
        let last = self.steps.len().saturating_sub(1);
        let half_ticks = self.steps.iter().enumerate().map(|(place, step)| {
            let later = self.steps.get(place.saturating_add(horizon).min(last));
            let moved = later.map_or(0, |later| later.after.saturating_sub(step.before));
            step.made.saturating_mul(moved).saturating_neg()
        });
        number::from_integer(half_ticks.fold(0, i64::saturating_add)) * 0.5
    }

    fn arrival_ticks(&self) -> Option<f64> {
        (0 < self.arrival).then(|| number::from_integer(self.arrival) * 0.5)
    }

    /// Prices paid less the arrival price, over all fills, in tick·lots.
    fn beyond(&self, arrival: f64) -> f64 {
        let (mut paid, mut net) = (0_i64, 0_i64);
        for fill in &self.fills {
            let sign = if fill.side == Side::Buy { 1 } else { -1 };
            paid = paid.saturating_add(fill.lots.saturating_mul(fill.price).saturating_mul(sign));
            net = net.saturating_add(fill.lots.saturating_mul(sign));
        }
        number::from_integer(paid) - arrival * number::from_integer(net)
    }
}
