//! What is asked of a command before anything changes, in the order of RULES.md §3 and §8.

use crate::book::Slot;
use crate::command::{OrderKind, Place, SelfTrade, TimeInForce};
use crate::engine::Engine;
use crate::event::RejectReason;
use crate::rules::MarketState;
use crate::units::{ClientId, OrderId, POSITION_MAX, Position, Price, Qty, Side};

impl Engine {
    /// RULES.md §3. Returns the limit that the order will have; `None` for a market order.
    pub(super) fn check_place(&self, place: &Place) -> Result<Option<Price>, RejectReason> {
        let &Place { client, side, qty, kind, tif, .. } = place;
        if self.limits.clients_max <= client.0 {
            return Err(RejectReason::UnknownClient);
        }
        self.check_open()?;
        check_kind(kind, tif)?;
        self.check_qty(qty)?;
        if let OrderKind::Limit { price, .. } = kind {
            self.check_price(price)?;
        }
        self.check_exposure(client, side, qty, 0)?;
        let limit = self.find_limit(side, kind)?;
        if let (TimeInForce::Gtc, Some(limit)) = (tif, limit) {
            self.check_room(side, limit)?;
        }
        if tif == TimeInForce::Fok && !self.is_fillable(place, limit) {
            return Err(RejectReason::Unfillable);
        }
        Ok(limit)
    }

    /// RULES.md 8.1.
    pub(super) fn owned(&self, client: ClientId, order: OrderId) -> Result<Slot, RejectReason> {
        let slot = self.book.find(order).ok_or(RejectReason::UnknownOrder)?;
        if self.book.client(slot) == client { Ok(slot) } else { Err(RejectReason::NotOwner) }
    }

    /// RULES.md 8.3.
    pub(super) fn check_reduce(
        &self,
        client: ClientId,
        order: OrderId,
        by: Qty,
    ) -> Result<Slot, RejectReason> {
        let slot = self.owned(client, order)?;
        if by < self.book.qty(slot) && !self.is_lots(by) {
            return Err(RejectReason::LotSize);
        }
        Ok(slot)
    }

    /// RULES.md 8.4.
    pub(super) fn check_replace(
        &self,
        client: ClientId,
        order: OrderId,
        price: Price,
        qty: Qty,
    ) -> Result<Slot, RejectReason> {
        let slot = self.owned(client, order)?;
        self.check_open()?;
        self.check_qty(qty)?;
        let before = self.book.view(slot);
        let moves = price != before.price;
        if moves {
            self.check_price(price)?;
        }
        if before.qty < qty {
            self.check_exposure(client, before.side, qty, Position::from(before.qty.lots()))?;
        }
        if moves {
            if before.conduct.post_only && self.would_trade(before.side, price) {
                return Err(RejectReason::WouldTrade);
            }
            self.check_level(before.side, price)?;
        }
        Ok(slot)
    }

    fn check_open(&self) -> Result<(), RejectReason> {
        match self.rules.state {
            MarketState::Continuous => Ok(()),
            MarketState::Halted => Err(RejectReason::Halted),
        }
    }

    fn check_qty(&self, qty: Qty) -> Result<(), RejectReason> {
        if self.rules.qty_max < qty {
            Err(RejectReason::QtyLimit)
        } else if self.is_lots(qty) {
            Ok(())
        } else {
            Err(RejectReason::LotSize)
        }
    }

    const fn is_lots(&self, qty: Qty) -> bool {
        qty.lots().is_multiple_of(self.rules.lot.lots())
    }

    fn check_price(&self, price: Price) -> Result<(), RejectReason> {
        if price < self.rules.price_min || self.rules.price_max < price {
            Err(RejectReason::PriceRange)
        } else if price.ticks().is_multiple_of(self.rules.tick.ticks()) {
            Ok(())
        } else {
            Err(RejectReason::TickSize)
        }
    }

    /// Short-sale ban and position limit, were `qty` more lots of the client open on `side` and
    /// `released` fewer. No sum overflows: positions stay within 2^62, and open lots below 2^59 (2^28
    /// orders of less than 2^31).
    fn check_exposure(
        &self,
        client: ClientId,
        side: Side,
        qty: Qty,
        released: Position,
    ) -> Result<(), RejectReason> {
        let account = self.accounts.get(client);
        let more = Position::from(qty.lots()) - released;
        let sells = account.open_sell + more;
        if side == Side::Sell && self.rules.short_ban && !account.exempt && account.position < sells
        {
            return Err(RejectReason::ShortSale);
        }
        let limit = if account.exempt { POSITION_MAX } else { self.rules.position_max };
        let is_past = match side {
            Side::Buy => limit < account.position + account.open_buy + more,
            Side::Sell => account.position - sells < -limit,
        };
        if is_past { Err(RejectReason::PositionLimit) } else { Ok(()) }
    }

    /// 3.10 and 3.11: the limit that an order of this kind has on arrival.
    fn find_limit(&self, side: Side, kind: OrderKind) -> Result<Option<Price>, RejectReason> {
        match kind {
            OrderKind::Limit { price, post_only } => {
                if post_only && self.would_trade(side, price) {
                    Err(RejectReason::WouldTrade)
                } else {
                    Ok(Some(price))
                }
            }
            OrderKind::Market => Ok(None),
            OrderKind::MarketToLimit => {
                self.book.best(side.opposite()).map(Some).ok_or(RejectReason::NoLiquidity)
            }
        }
    }

    fn would_trade(&self, side: Side, price: Price) -> bool {
        self.book.best(side.opposite()).is_some_and(|best| side.crosses(price, best))
    }

    fn check_room(&self, side: Side, limit: Price) -> Result<(), RejectReason> {
        if self.limits.orders_max <= self.book.live() {
            return Err(RejectReason::OrderLimit);
        }
        self.check_level(side, limit)
    }

    fn check_level(&self, side: Side, price: Price) -> Result<(), RejectReason> {
        if self.limits.levels_max <= self.book.levels_live() && !self.book.is_occupied(side, price)
        {
            return Err(RejectReason::LevelLimit);
        }
        Ok(())
    }

    /// RULES.md 5.4. Levels are added whole unless an own order may stand in them.
    fn is_fillable(&self, place: &Place, limit: Option<Price>) -> bool {
        let opposite = place.side.opposite();
        let crosses = |price| limit.is_none_or(|limit| place.side.crosses(limit, price));
        let wanted = u64::from(place.qty.lots());
        let account = self.accounts.get(place.client);
        let own_open = match opposite {
            Side::Buy => account.open_buy,
            Side::Sell => account.open_sell,
        };
        let mut found = 0;
        if place.self_trade == SelfTrade::Allow || own_open == 0 {
            for level in self.levels(opposite).take_while(|level| crosses(level.price)) {
                found += level.qty;
                if wanted <= found {
                    return true;
                }
            }
            return false;
        }
        for order in self.queue(opposite).take_while(|order| crosses(order.price)) {
            if order.client == place.client {
                match place.self_trade {
                    SelfTrade::Allow | SelfTrade::CancelOldest => continue,
                    SelfTrade::CancelNewest | SelfTrade::CancelBoth | SelfTrade::Decrement => break,
                }
            }
            found += u64::from(order.qty.lots());
            if wanted <= found {
                return true;
            }
        }
        false
    }
}

/// RULES.md 3.3.
fn check_kind(kind: OrderKind, tif: TimeInForce) -> Result<(), RejectReason> {
    let is_gtc = tif == TimeInForce::Gtc;
    let goes = match kind {
        OrderKind::Limit { post_only, .. } => is_gtc || !post_only,
        OrderKind::Market => !is_gtc,
        OrderKind::MarketToLimit => true,
    };
    if goes { Ok(()) } else { Err(RejectReason::Unsupported) }
}
