//! What is asked of a command before anything changes, in the order of RULES.md §3 and §8.

use crate::book::Slot;
use crate::command::{OrderKind, Place, SelfTrade, TimeInForce};
use crate::engine::Engine;
use crate::engine::orders::Live;
use crate::event::RejectReason;
use crate::rules::{MarketState, shows_enough};
use crate::units::{ClientId, OrderId, POSITION_MAX, Position, Price, Qty, Side};

impl Engine {
    /// RULES.md §3. Returns the limit that the order will have; `None` for a market order.
    #[inline(always)]
    pub(super) fn check_place(&self, place: &Place) -> Result<Option<Price>, RejectReason> {
        if self.limits.clients_max <= place.client.0 {
            return Err(RejectReason::UnknownClient);
        }
        self.check_not_halted()?;
        self.check_kind(place)?;
        if let TimeInForce::Gtt(expiry) = place.tif
            && expiry <= self.time
        {
            return Err(RejectReason::Expired);
        }
        self.check_qty(place.qty)?;
        if let Some(display) = place.display {
            self.check_display(display, place.qty)?;
        }
        if let OrderKind::Limit { price, .. } = place.kind {
            self.check_price(price)?;
        }
        if let Some(stop) = place.stop {
            self.check_price(stop)?;
        }
        self.check_exposure(place.client, place.side, place.qty, 0)?;
        let limit = self.find_limit(place)?;
        let rests = matches!(place.tif, TimeInForce::Gtc | TimeInForce::Gtt(_));
        if (rests || place.stop.is_some())
            && self.limits.orders_max <= self.book.live() + self.stops.len()
        {
            return Err(RejectReason::OrderLimit);
        }
        if let (Some(limit), true, None) = (limit, rests, place.stop) {
            self.check_level(place.side, limit)?;
        }
        if matches!(place.tif, TimeInForce::Fok) && !self.is_fillable(place, limit) {
            return Err(RejectReason::Unfillable);
        }
        Ok(limit)
    }

    /// RULES.md 8.1.
    pub(super) fn owned(&self, client: ClientId, order: OrderId) -> Result<Live, RejectReason> {
        let (live, owner) = if let Some(slot) = self.book.find(order) {
            (Live::Resting(slot), self.book.get(slot).client)
        } else {
            let stop = self.stops.get(order).ok_or(RejectReason::UnknownOrder)?;
            (Live::Waiting, stop.client)
        };
        if owner == client { Ok(live) } else { Err(RejectReason::NotOwner) }
    }

    /// RULES.md 8.3.
    pub(super) fn check_reduce(&self, by: Qty, open: Qty) -> Result<(), RejectReason> {
        if by < open && !self.is_lots(by) {
            return Err(RejectReason::LotSize);
        }
        Ok(())
    }

    /// RULES.md 8.4.
    pub(super) fn check_replace(
        &self,
        client: ClientId,
        order: OrderId,
        price: Price,
        qty: Qty,
    ) -> Result<Slot, RejectReason> {
        let live = self.owned(client, order)?;
        self.check_not_halted()?;
        let slot = match live {
            Live::Resting(slot) => slot,
            Live::Waiting => return Err(RejectReason::Unsupported),
        };
        self.check_qty(qty)?;
        if self.book.get(slot).display.is_some_and(|display| !shows_enough(qty, display)) {
            return Err(RejectReason::Display);
        }
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

    fn check_not_halted(&self) -> Result<(), RejectReason> {
        match self.rules.state {
            MarketState::Continuous | MarketState::Auction => Ok(()),
            MarketState::Halted => Err(RejectReason::Halted),
        }
    }

    /// RULES.md 5.1.
    #[inline(always)]
    fn check_kind(&self, place: &Place) -> Result<(), RejectReason> {
        let Place { kind, tif, display, stop, .. } = place;
        let rests = matches!(tif, TimeInForce::Gtc | TimeInForce::Gtt(_));
        let goes = match (kind, stop) {
            (OrderKind::Limit { post_only: false, .. }, Some(_)) => {
                display.is_none() && !matches!(tif, TimeInForce::Fok)
            }
            (OrderKind::Market, Some(_)) => display.is_none() && matches!(tif, TimeInForce::Ioc),
            (OrderKind::Limit { post_only: true, .. } | OrderKind::MarketToLimit, Some(_)) => false,
            (OrderKind::Limit { post_only, .. }, None) => {
                rests || (!post_only && display.is_none())
            }
            (OrderKind::Market, None) => !rests && display.is_none(),
            (OrderKind::MarketToLimit, None) => display.is_none(),
        };
        let is_limit = matches!(kind, OrderKind::Limit { .. });
        let fits = match self.rules.state {
            MarketState::Auction => stop.is_some() || (is_limit && rests),
            MarketState::Continuous | MarketState::Halted => true,
        };
        if goes && fits { Ok(()) } else { Err(RejectReason::Unsupported) }
    }

    fn check_display(&self, display: Qty, qty: Qty) -> Result<(), RejectReason> {
        if !self.is_lots(display) {
            Err(RejectReason::LotSize)
        } else if qty < display || !shows_enough(qty, display) {
            Err(RejectReason::Display)
        } else {
            Ok(())
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

    /// Most markets have lots of 1, and a division costs more than all other checks together.
    const fn is_lots(&self, qty: Qty) -> bool {
        let lot = self.rules.lot.lots();
        lot == 1 || qty.lots().is_multiple_of(lot)
    }

    fn check_price(&self, price: Price) -> Result<(), RejectReason> {
        let tick = self.rules.tick.ticks();
        if price < self.rules.price_min || self.rules.price_max < price {
            Err(RejectReason::PriceRange)
        } else if tick == 1 || price.ticks().is_multiple_of(tick) {
            Ok(())
        } else {
            Err(RejectReason::TickSize)
        }
    }

    /// Short-sale ban and position limit, were `qty` more lots of the client open on `side` and
    /// `released` fewer. No sum overflows: positions stay within 2^62, and open lots below 2^59 (2^28
    /// orders of less than 2^31).
    #[inline(always)]
    fn check_exposure(
        &self,
        client: ClientId,
        side: Side,
        qty: Qty,
        released: Position,
    ) -> Result<(), RejectReason> {
        let account = self.accounts.get(client);
        let open = account.open(side) + Position::from(qty.lots()) - released;
        let is_short = account.position < open;
        if self.rules.short_ban && side == Side::Sell && !account.exempt && is_short {
            return Err(RejectReason::ShortSale);
        }
        let limit = if account.exempt { POSITION_MAX } else { self.rules.position_max };
        let held = account.position * side.sign();
        if limit < held + open { Err(RejectReason::PositionLimit) } else { Ok(()) }
    }

    /// 3.10 and 3.11: the limit that an order of this kind has on arrival.
    #[inline(always)]
    fn find_limit(&self, place: &Place) -> Result<Option<Price>, RejectReason> {
        match place.kind {
            OrderKind::Limit { price, post_only } => {
                if post_only && self.would_trade(place.side, price) {
                    Err(RejectReason::WouldTrade)
                } else {
                    Ok(Some(price))
                }
            }
            OrderKind::Market => Ok(None),
            OrderKind::MarketToLimit => {
                self.book.best(place.side.opposite()).map(Some).ok_or(RejectReason::NoLiquidity)
            }
        }
    }

    /// Whether a post-only order would trade on arrival. In an auction nothing does.
    fn would_trade(&self, side: Side, price: Price) -> bool {
        self.rules.state == MarketState::Continuous
            && self.book.best(side.opposite()).is_some_and(|best| side.crosses(price, best))
    }

    #[inline(always)]
    pub(super) fn check_level(&self, side: Side, price: Price) -> Result<(), RejectReason> {
        if self.limits.levels_max <= self.book.levels_live() && !self.book.is_occupied(side, price)
        {
            return Err(RejectReason::LevelLimit);
        }
        Ok(())
    }

    /// RULES.md 5.4. Levels are added whole unless they may hold own orders or reserves.
    #[cold]
    #[inline(never)]
    fn is_fillable(&self, place: &Place, limit: Option<Price>) -> bool {
        let opposite = place.side.opposite();
        let crosses = |price| limit.is_none_or(|limit| place.side.crosses(limit, price));
        let wanted = u64::from(place.qty.lots());
        let account = self.accounts.get(place.client);
        let mut found = 0;
        let meets_no_own = place.self_trade == SelfTrade::Allow || account.open(opposite) == 0;
        if meets_no_own && !self.book.has_icebergs() {
            for level in self.book.levels(opposite).take_while(|level| crosses(level.price)) {
                found += level.qty;
                if wanted <= found {
                    return true;
                }
            }
            return false;
        }
        for level in self.book.levels(opposite).take_while(|level| crosses(level.price)) {
            let (lots, is_last) = self.fillable_at(opposite, level.price, place);
            found += lots;
            if wanted <= found {
                return true;
            }
            if is_last {
                return false;
            }
        }
        false
    }

    /// Lots of one level that a fill-or-kill order could trade, and whether an own order ends the
    /// walk there: then reserves, which come back behind it, do not count.
    fn fillable_at(&self, side: Side, price: Price, place: &Place) -> (u64, bool) {
        let (mut displayed, mut open) = (0, 0);
        for slot in self.book.slots_at(side, price) {
            let node = self.book.get(slot);
            if node.client == place.client {
                match place.self_trade {
                    SelfTrade::Allow => {}
                    SelfTrade::CancelOldest => continue,
                    SelfTrade::CancelNewest | SelfTrade::CancelBoth | SelfTrade::Decrement => {
                        return (displayed, true);
                    }
                }
            }
            displayed += u64::from(node.displayed.lots());
            open += u64::from(node.open().lots());
        }
        (open, false)
    }
}
