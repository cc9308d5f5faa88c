//! Commands about the market itself: time and rules. RULES.md 8.7 and 8.8, §12, §14.

use alloc::vec::Vec;

use crate::engine::orders::Live;
use crate::engine::{Band, Engine};
use crate::event::{CancelReason, Event, RejectReason};
use crate::rules::{MarketState, RuleChange};
use crate::units::{OrderId, Price, Step, TimeNs};

impl Engine {
    /// 8.7 and 12.2.
    pub(super) fn clock(&mut self, time: TimeNs, step: Step, events: &mut Vec<Event>) {
        if time < self.time || step < self.step {
            events.push(Event::Rejected { order: None, reason: RejectReason::TimeBackwards });
            return;
        }
        (self.time, self.step) = (time, step);
        events.push(Event::ClockMoved { time, step });
        while let Some(order) = self.expiries.due(time) {
            let live = self.book.find(order).map_or(Live::Waiting, Live::Resting);
            self.end(order, live, CancelReason::Expired, events);
        }
    }

    /// 8.8 and 13.5.
    pub(super) fn set_rule(&mut self, change: RuleChange, events: &mut Vec<Event>) {
        let mut rules = self.rules;
        match change {
            RuleChange::Tick(tick) => rules.tick = tick,
            RuleChange::Lot(lot) => rules.lot = lot,
            RuleChange::QtyMax(qty) => rules.qty_max = qty,
            RuleChange::PriceRange { min, max } => {
                (rules.price_min, rules.price_max) = (min, max);
            }
            RuleChange::PositionMax(position) => rules.position_max = position,
            RuleChange::State(state) => rules.state = state,
            RuleChange::ShortBan(ban) => rules.short_ban = ban,
            RuleChange::Exempt { client, exempt } => {
                if self.limits.clients_max <= client.0 {
                    events.push(Event::Rejected { order: None, reason: RejectReason::BadRule });
                    return;
                }
                self.accounts.open(client).exempt = exempt;
            }
            RuleChange::Tax(tax) => rules.tax = tax,
            RuleChange::Fees { maker, taker } => {
                (rules.maker_fee, rules.taker_fee) = (maker, taker);
            }
            RuleChange::Band(band) => rules.band = band,
        }
        if !rules.are_consistent() {
            events.push(Event::Rejected { order: None, reason: RejectReason::BadRule });
            return;
        }
        self.rules = rules;
        events.push(Event::RuleChanged(change));
        if change == RuleChange::State(MarketState::Continuous) && self.book.is_crossed() {
            self.uncross(events);
        }
    }

    /// 14.1: fixes where the present command may trade on arrival.
    pub(super) fn set_band(&mut self) {
        self.band = self.last_trade.filter(|_| self.rules.band != 0).map(|reference| Band {
            low: reference.ticks().saturating_sub(self.rules.band),
            high: reference.ticks().saturating_add(self.rules.band),
            reference,
        });
    }

    /// 14.2.
    #[cold]
    #[inline(never)]
    pub(super) fn hit_band(
        &mut self,
        order: OrderId,
        price: Price,
        reference: Price,
        events: &mut Vec<Event>,
    ) {
        self.rules.state = MarketState::Halted;
        events.push(Event::BandHit { order, price, reference });
    }
}
