//! What refuses a command, check by check in the order of `RULES.md` §3 and §8.

use alloc::vec::Vec;

use super::ReferenceMarket;
use crate::command::{OrderKind, Place, SelfTrade, TimeInForce};
use crate::event::RejectReason;
use crate::rules::{MarketState, RuleChange};
use crate::units::{ClientId, OrderId, POSITION_MAX, Price, Qty, Side};
use crate::view::OrderView;

/// What a `Place` comes to once it is checked.
pub(super) struct Terms {
    /// Worst price; `None` for a market order.
    pub(super) limit: Option<Price>,
    /// Whether it may never trade on arrival.
    pub(super) post_only: bool,
}

impl ReferenceMarket {
    /// Checks 3.1 to 3.14.
    pub(super) fn check_place(&self, place: &Place) -> Result<Terms, RejectReason> {
        if self.limits.clients_max <= place.client.0 {
            return Err(RejectReason::UnknownClient);
        }
        self.check_halt()?;
        let gtc = place.tif == TimeInForce::Gtc;
        let (stated, post_only, supported) = match place.kind {
            OrderKind::Limit { price, post_only } => (Some(price), post_only, gtc || !post_only),
            OrderKind::Market => (None, false, !gtc),
            OrderKind::MarketToLimit => (None, false, true),
        };
        if !supported {
            return Err(RejectReason::Unsupported);
        }
        self.check_qty(place.qty)?;
        if let Some(price) = stated {
            self.check_price(price)?;
        }
        self.check_holdings(place.client, place.side, place.qty, None)?;
        let best_opposite = self.best(place.side.opposite()).map(|resting| resting.price);
        let limit = match place.kind {
            OrderKind::Limit { price, .. } => Some(price),
            OrderKind::Market => None,
            OrderKind::MarketToLimit => Some(best_opposite.ok_or(RejectReason::NoLiquidity)?),
        };
        if let Some(price) = limit {
            if post_only {
                self.check_post_only(place.side, price)?;
            }
            if gtc {
                self.check_orders()?;
                self.check_levels(place.side, price)?;
            }
        }
        if place.tif == TimeInForce::Fok && !self.is_fillable(place, limit) {
            return Err(RejectReason::Unfillable);
        }
        Ok(Terms { limit, post_only })
    }

    /// The checks of 8.4 after the owner's.
    pub(super) fn check_replace(
        &self,
        resting: &OrderView,
        price: Price,
        qty: Qty,
    ) -> Result<(), RejectReason> {
        let moves = price != resting.price;
        self.check_halt()?;
        self.check_qty(qty)?;
        if moves {
            self.check_price(price)?;
        }
        if resting.qty < qty {
            self.check_holdings(resting.client, resting.side, qty, Some(resting.order))?;
        }
        if moves && resting.conduct.post_only {
            self.check_post_only(resting.side, price)?;
        }
        if moves {
            self.check_levels(resting.side, price)?;
        }
        Ok(())
    }

    /// Rule 8.1.
    pub(super) fn check_owner(
        &self,
        client: ClientId,
        order: OrderId,
    ) -> Result<OrderView, RejectReason> {
        let live = self.orders.iter().find(|resting| resting.order == order);
        let resting = live.ok_or(RejectReason::UnknownOrder)?;
        if resting.client == client { Ok(*resting) } else { Err(RejectReason::NotOwner) }
    }

    /// Rule 8.8.
    pub(super) fn check_rule(&self, change: RuleChange) -> Result<(), RejectReason> {
        let contradicts = match change {
            RuleChange::PriceRange { min, max } => max < min,
            RuleChange::PositionMax(max) => !(0..=POSITION_MAX).contains(&max),
            RuleChange::Exempt { client, .. } => self.limits.clients_max <= client.0,
            RuleChange::Tick(_)
            | RuleChange::Lot(_)
            | RuleChange::QtyMax(_)
            | RuleChange::State(_)
            | RuleChange::ShortBan(_)
            | RuleChange::Tax(_)
            | RuleChange::Fees { .. } => false,
        };
        if contradicts { Err(RejectReason::BadRule) } else { Ok(()) }
    }

    /// Whether a quantity is made of whole lots.
    pub(super) fn check_lot(&self, qty: Qty) -> Result<(), RejectReason> {
        let whole = qty.lots().is_multiple_of(self.rules.lot.lots());
        if whole { Ok(()) } else { Err(RejectReason::LotSize) }
    }

    fn check_halt(&self) -> Result<(), RejectReason> {
        match self.rules.state {
            MarketState::Continuous => Ok(()),
            MarketState::Halted => Err(RejectReason::Halted),
        }
    }

    fn check_qty(&self, qty: Qty) -> Result<(), RejectReason> {
        if self.rules.qty_max < qty {
            return Err(RejectReason::QtyLimit);
        }
        self.check_lot(qty)
    }

    fn check_price(&self, price: Price) -> Result<(), RejectReason> {
        if price < self.rules.price_min || self.rules.price_max < price {
            return Err(RejectReason::PriceRange);
        }
        let whole = price.ticks().is_multiple_of(self.rules.tick.ticks());
        if whole { Ok(()) } else { Err(RejectReason::TickSize) }
    }

    /// Checks 3.8 and 3.9; `without` is an order whose open quantity does not count.
    fn check_holdings(
        &self,
        client: ClientId,
        side: Side,
        qty: Qty,
        without: Option<OrderId>,
    ) -> Result<(), RejectReason> {
        let account = self.account(client);
        let position = i128::from(account.position);
        let wanted: i128 = self
            .orders
            .iter()
            .filter(|resting| resting.client == client && resting.side == side)
            .filter(|resting| Some(resting.order) != without)
            .map(|resting| i128::from(resting.qty.lots()))
            .chain([i128::from(qty.lots())])
            .sum();
        let banned = self.rules.short_ban && !account.exempt;
        if side == Side::Sell && banned && position < wanted {
            return Err(RejectReason::ShortSale);
        }
        let limit = i128::from(if account.exempt { POSITION_MAX } else { self.rules.position_max });
        let within = match side {
            Side::Buy => position + wanted <= limit,
            Side::Sell => -limit <= position - wanted,
        };
        if within { Ok(()) } else { Err(RejectReason::PositionLimit) }
    }

    /// Check 3.11.
    fn check_post_only(&self, side: Side, price: Price) -> Result<(), RejectReason> {
        match self.best(side.opposite()) {
            Some(best) if side.crosses(price, best.price) => Err(RejectReason::WouldTrade),
            Some(_) | None => Ok(()),
        }
    }

    /// Check 3.12.
    fn check_orders(&self) -> Result<(), RejectReason> {
        let resting = u32::try_from(self.orders.len()).unwrap_or(u32::MAX);
        if resting < self.limits.orders_max { Ok(()) } else { Err(RejectReason::OrderLimit) }
    }

    /// Check 3.13.
    fn check_levels(&self, side: Side, price: Price) -> Result<(), RejectReason> {
        let resting = u32::try_from(self.orders.len()).unwrap_or(u32::MAX);
        // There are no more levels than orders.
        if resting < self.limits.levels_max
            || self.orders.iter().any(|resting| resting.side == side && resting.price == price)
        {
            return Ok(());
        }
        let mut levels: Vec<(Side, Price)> =
            self.orders.iter().map(|resting| (resting.side, resting.price)).collect();
        levels.sort_unstable();
        levels.dedup();
        let occupied = u32::try_from(levels.len()).unwrap_or(u32::MAX);
        if occupied < self.limits.levels_max { Ok(()) } else { Err(RejectReason::LevelLimit) }
    }

    /// Rule 5.4.
    fn is_fillable(&self, place: &Place, limit: Option<Price>) -> bool {
        let mut sum: u64 = 0;
        for resting in self.queue(place.side.opposite()) {
            if limit.is_some_and(|limit| !place.side.crosses(limit, resting.price)) {
                break;
            }
            if resting.client == place.client {
                match place.self_trade {
                    SelfTrade::Allow => {}
                    SelfTrade::CancelOldest => continue,
                    SelfTrade::CancelNewest | SelfTrade::CancelBoth | SelfTrade::Decrement => break,
                }
            }
            sum = sum.saturating_add(u64::from(resting.qty.lots()));
        }
        u64::from(place.qty.lots()) <= sum
    }
}
