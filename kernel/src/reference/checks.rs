//! What refuses a command, check by check in the order of `RULES.md` §3 and §8.

use alloc::vec::Vec;

use super::orders::{Order, Resting};
use super::{ReferenceMarket, may_rest};
use crate::command::{OrderKind, Place, SelfTrade, TimeInForce};
use crate::event::RejectReason;
use crate::rules::{MarketState, RuleChange};
use crate::units::{ClientId, OrderId, POSITION_MAX, Price, Qty, Side};

impl ReferenceMarket {
    /// Checks 3.1 to 3.14; the limit of the order, which a market order has not.
    pub(super) fn check_place(&self, place: &Place) -> Result<Option<Price>, RejectReason> {
        if self.limits.clients_max <= place.client.0 {
            return Err(RejectReason::UnknownClient);
        }
        self.check_halt()?;
        if !is_supported(place)
            || self.rules.state == MarketState::Auction && !is_taken_by_auction(place)
        {
            return Err(RejectReason::Unsupported);
        }
        if let TimeInForce::Gtt(expiry) = place.tif
            && expiry <= self.time
        {
            return Err(RejectReason::Expired);
        }
        self.check_qty(place.qty)?;
        if let Some(display) = place.display {
            self.check_lot(display)?;
            if place.qty < display || is_too_deep(place.qty, display) {
                return Err(RejectReason::Display);
            }
        }
        if let OrderKind::Limit { price, .. } = place.kind {
            self.check_price(price)?;
        }
        if let Some(stop) = place.stop {
            self.check_price(stop)?;
        }
        self.check_holdings(place.client, place.side, place.qty, None)?;
        let best_opposite = self.best(place.side.opposite()).map(|resting| resting.price);
        let limit = match place.kind {
            OrderKind::Limit { price, .. } => Some(price),
            OrderKind::Market => None,
            OrderKind::MarketToLimit => Some(best_opposite.ok_or(RejectReason::NoLiquidity)?),
        };
        if let OrderKind::Limit { price, post_only: true } = place.kind {
            self.check_post_only(place.side, price)?;
        }
        if may_rest(place.tif) || place.stop.is_some() {
            self.check_orders()?;
        }
        if let Some(price) = limit
            && may_rest(place.tif)
            && place.stop.is_none()
        {
            self.check_levels(place.side, price)?;
        }
        if place.tif == TimeInForce::Fok && !self.is_fillable(place, limit) {
            return Err(RejectReason::Unfillable);
        }
        Ok(limit)
    }

    /// The checks of 8.4 after the owner's.
    pub(super) fn check_replace(
        &self,
        order: &Order,
        price: Price,
        qty: Qty,
    ) -> Result<(), RejectReason> {
        let moves = order.limit != Some(price);
        self.check_halt()?;
        if self.waiting.iter().any(|waiting| waiting.order.id == order.id) {
            return Err(RejectReason::Unsupported);
        }
        self.check_qty(qty)?;
        if order.display.is_some_and(|display| is_too_deep(qty, display)) {
            return Err(RejectReason::Display);
        }
        if moves {
            self.check_price(price)?;
        }
        if order.open < qty {
            self.check_holdings(order.client, order.side, qty, Some(order.id))?;
        }
        if moves && order.conduct.post_only {
            self.check_post_only(order.side, price)?;
        }
        if moves {
            self.check_levels(order.side, price)?;
        }
        Ok(())
    }

    /// Rule 8.1.
    pub(super) fn check_owner(
        &self,
        client: ClientId,
        order: OrderId,
    ) -> Result<Order, RejectReason> {
        let found = self.live().find(|live| live.id == order).ok_or(RejectReason::UnknownOrder)?;
        if found.client == client { Ok(found) } else { Err(RejectReason::NotOwner) }
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
            | RuleChange::Fees { .. }
            | RuleChange::Band(_) => false,
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
            MarketState::Continuous | MarketState::Auction => Ok(()),
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
            .live()
            .filter(|live| live.client == client && live.side == side)
            .filter(|live| Some(live.id) != without)
            .map(|live| i128::from(live.open.lots()))
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
        if self.rules.state != MarketState::Continuous {
            return Ok(());
        }
        match self.best(side.opposite()) {
            Some(best) if side.crosses(price, best.price) => Err(RejectReason::WouldTrade),
            Some(_) | None => Ok(()),
        }
    }

    /// Check 3.12.
    fn check_orders(&self) -> Result<(), RejectReason> {
        let live = u32::try_from(self.live().count()).unwrap_or(u32::MAX);
        if live < self.limits.orders_max { Ok(()) } else { Err(RejectReason::OrderLimit) }
    }

    /// Check 3.13.
    pub(super) fn check_levels(&self, side: Side, price: Price) -> Result<(), RejectReason> {
        let resting = u32::try_from(self.resting.len()).unwrap_or(u32::MAX);
        // There are no more levels than orders.
        if resting < self.limits.levels_max {
            return Ok(());
        }
        let mut levels: Vec<(Side, Price)> =
            self.resting.iter().map(|resting| (resting.order.side, resting.price)).collect();
        levels.sort_unstable();
        levels.dedup();
        let occupied = u32::try_from(levels.len()).unwrap_or(u32::MAX);
        if levels.contains(&(side, price)) || occupied < self.limits.levels_max {
            Ok(())
        } else {
            Err(RejectReason::LevelLimit)
        }
    }

    /// Rule 5.4.
    fn is_fillable(&self, place: &Place, limit: Option<Price>) -> bool {
        let crosses = |it: &Resting| limit.is_none_or(|limit| place.side.crosses(limit, it.price));
        let is_own = |it: &Resting| it.order.client == place.client;
        let mut met = self.queue(place.side.opposite());
        met.retain(crosses);
        let end = match place.self_trade {
            SelfTrade::Allow => None,
            SelfTrade::CancelOldest => {
                met.retain(|it| !is_own(it));
                None
            }
            SelfTrade::CancelNewest | SelfTrade::CancelBoth | SelfTrade::Decrement => {
                met.iter().position(is_own)
            }
        };
        // Reserves of the level at which the walk ends come back behind the order that ends it.
        let last_level = end.map(|end| met[end].price);
        met.truncate(end.unwrap_or(met.len()));
        let counted = |it: &Resting| {
            let in_last_level = Some(it.price) == last_level;
            u64::from(if in_last_level { it.displayed } else { it.order.open }.lots())
        };
        u64::from(place.qty.lots()) <= met.iter().map(counted).sum::<u64>()
    }
}

/// Rule 5.1, whatever the market's state.
fn is_supported(place: &Place) -> bool {
    let (rests, is_ioc) = (may_rest(place.tif), place.tif == TimeInForce::Ioc);
    let kind_and_time = match place.kind {
        OrderKind::Limit { post_only: false, .. } | OrderKind::MarketToLimit => true,
        OrderKind::Limit { post_only: true, .. } => rests,
        OrderKind::Market => !rests,
    };
    let display = match place.kind {
        OrderKind::Limit { .. } => rests && place.stop.is_none(),
        OrderKind::Market | OrderKind::MarketToLimit => false,
    };
    let stop = match place.kind {
        OrderKind::Limit { post_only: false, .. } => rests || is_ioc,
        OrderKind::Market => is_ioc,
        OrderKind::Limit { post_only: true, .. } | OrderKind::MarketToLimit => false,
    };
    kind_and_time && (display || place.display.is_none()) && (stop || place.stop.is_none())
}

/// The end of rule 5.1: what an auction takes of these.
fn is_taken_by_auction(place: &Place) -> bool {
    match place.kind {
        OrderKind::Limit { .. } => may_rest(place.tif) || place.stop.is_some(),
        OrderKind::Market | OrderKind::MarketToLimit => place.stop.is_some(),
    }
}

/// Rule 3.5a: more than 20 displays in all.
fn is_too_deep(qty: Qty, display: Qty) -> bool {
    u64::from(display.lots()) * 20 < u64::from(qty.lots())
}
