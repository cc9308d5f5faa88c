//! A market out of its canonical state bytes: the inverse of
//! [`write_section`](Engine::write_section). RULES.md §9.
//!
//! The bytes may be anybody's. What no market of this genesis can hold between two commands is
//! refused where it would break an invariant or where other bytes stand for the same state, so what
//! comes out keeps every invariant and writes the bytes that went in.

#![expect(clippy::disallowed_types, reason = "lengths of byte slices")]

use alloc::vec::Vec;

use crate::accounts::Accounts;
use crate::book::Book;
use crate::digest::read::{Reader, read_clock, read_pots, read_rules};
use crate::digest::{AccountRecord, OrderRecord, Section, StopRecord};
use crate::engine::Engine;
use crate::expiries::Expiries;
use crate::flaw::{Flaw, RestoreError};
use crate::rules::{Genesis, MarketState, shows_enough};
use crate::stops::Stops;
use crate::units::{Cash, ClientId, OrderId, POSITION_MAX, Price, Qty, Side, TimeNs};

/// No market places so many orders or gives so many priorities; counting on from here cannot
/// overflow either.
const COUNT_MAX: u64 = 1 << 62;

/// Most cash that all accounts and pots together hold and owe, each counted as positive. The
/// endowments are below 2^120 together and a fill adds less than 2^78, so no market comes here within
/// 2^47 fills, and it takes as many again to leave the type's range.
const CASH_SUM_MAX: u128 = 1 << 126;

impl Engine {
    /// The market that wrote these state bytes: it answers every command as that one does.
    ///
    /// * `genesis` - the one that market began from: limits and endowed sums are in no section.
    /// * `sections` - bytes of [`write_section`](Self::write_section), in the order of
    ///   [`Section::ALL`].
    ///
    /// Where the orders stand in memory is new; accounts that were opened and hold nothing, rest
    /// nothing and wait for nothing may be missing from [`accounts`](Self::accounts).
    ///
    /// Cost: O(orders · log orders + accounts); memory follows the bytes and the clients' numbers,
    /// which the genesis bounds.
    ///
    /// # Errors
    /// [`RestoreError`] for bytes that no market of this genesis writes. Any other bytes give a market
    /// whose [`check`](Self::check) finds nothing and that writes exactly these bytes.
    pub fn restore(genesis: &Genesis, sections: [&[u8]; 6]) -> Result<Self, RestoreError> {
        let [bids, asks, stops, accounts, rules, clock] = sections;
        genesis.check().map_err(RestoreError::Genesis)?;
        let clock = read_clock(clock)?;
        for count in [clock.placed, clock.rested] {
            if COUNT_MAX < count {
                let flaw = Flaw::Count(count);
                return Err(RestoreError::Whole { section: Section::Clock, flaw });
            }
        }
        let orders = (bids.len() + asks.len()) / OrderRecord::BYTES_MIN;
        let orders_max = usize::try_from(genesis.limits.orders_max).unwrap_or(usize::MAX);
        let market = Self {
            book: Book::with_room(orders.min(orders_max)),
            stops: Stops::default(),
            expiries: Expiries::default(),
            accounts: Accounts::emptied(genesis),
            rules: read_rules(rules)?,
            limits: genesis.limits,
            time: clock.time,
            step: clock.step,
            placed: clock.placed,
            last_trade: clock.last_trade,
            unseen_trades: None,
            band: None,
            #[cfg(debug_assertions)]
            unaudited: 0,
        };
        let mut restoring = Restoring { market, rested: clock.rested, expiries: Vec::new() };
        restoring.accounts(accounts)?;
        restoring.side(Side::Buy, bids)?;
        restoring.side(Side::Sell, asks)?;
        restoring.index()?;
        restoring.stops(stops)?;
        restoring.finish()
    }
}

/// A market of which some sections are read.
struct Restoring {
    market: Engine,
    /// Priority numbers given so far.
    rested: u64,
    /// Of all orders that were read.
    expiries: Vec<(TimeNs, OrderId)>,
}

impl Restoring {
    fn accounts(&mut self, bytes: &[u8]) -> Result<(), RestoreError> {
        let mut reader = Reader::new(Section::Accounts, bytes);
        let (taxes, fees) = read_pots(&mut reader)?;
        if taxes < 0 {
            return Err(reader.error(Flaw::Taxes));
        }
        let accounts = &mut self.market.accounts;
        accounts.set_pots(taxes, fees);
        let mut cash_sum = 0;
        add_cash(&mut cash_sum, taxes)
            .and_then(|()| add_cash(&mut cash_sum, fees))
            .map_err(|flaw| reader.error(flaw))?;
        let mut last = None;
        while reader.begin() {
            let record = AccountRecord::read(&mut reader).map_err(|flaw| reader.error(flaw))?;
            check_account(&record, last, self.market.limits.clients_max)
                .and_then(|()| add_cash(&mut cash_sum, record.cash))
                .map_err(|flaw| reader.error(flaw))?;
            last = Some(record.client);
            accounts.set(&record);
        }
        let flaw = match (accounts.conserve_lots(), accounts.conserve_cash()) {
            (true, true) => return Ok(()),
            (true, false) => Flaw::CashSum,
            (false, _) => Flaw::LotsSum,
        };
        Err(RestoreError::Whole { section: Section::Accounts, flaw })
    }

    fn side(&mut self, side: Side, bytes: &[u8]) -> Result<(), RestoreError> {
        let mut reader = Reader::new(section_of(side), bytes);
        let mut last = None;
        while reader.begin() {
            let record = OrderRecord::read(&mut reader).map_err(|flaw| reader.error(flaw))?;
            let qty = self.check_order(&record).and_then(|qty| {
                self.check_place(side, &record, last)?;
                Ok(qty)
            });
            let qty = qty.map_err(|flaw| reader.error(flaw))?;
            last = Some((record.price, record.priority));
            self.market.book.put_back(side, &record);
            self.book_interest(record.order, record.client, side, qty, record.expiry);
        }
        Ok(())
    }

    /// What holds for an order wherever it stands. Returns its open quantity.
    fn check_order(&self, record: &OrderRecord) -> Result<Qty, Flaw> {
        let &OrderRecord { order, client, displayed, priority, iceberg, expiry, .. } = record;
        self.check_live(order, client, expiry)?;
        if priority == 0 || self.rested < priority {
            return Err(Flaw::Priority(order));
        }
        let Some(iceberg) = iceberg else { return Ok(displayed) };
        let open = displayed.lots().checked_add(iceberg.reserve).map(Qty::new);
        match open {
            Some(Ok(open))
                if displayed <= iceberg.display && shows_enough(open, iceberg.display) =>
            {
                Ok(open)
            }
            Some(_) | None => Err(Flaw::Iceberg(order)),
        }
    }

    /// What holds for an order behind `last`, the price and priority of the one before it.
    fn check_place(
        &self,
        side: Side,
        record: &OrderRecord,
        last: Option<(Price, u64)>,
    ) -> Result<(), Flaw> {
        if self.market.limits.orders_max <= self.market.book.live() {
            return Err(Flaw::OrderLimit);
        }
        match last {
            Some((price, priority)) if price == record.price => {
                return if priority < record.priority {
                    Ok(())
                } else {
                    Err(Flaw::PriorityOrder(record.order))
                };
            }
            Some((price, _)) if side.is_better(record.price, price) => {
                return Err(Flaw::PriceOrder(record.order));
            }
            Some(_) | None => {}
        }
        if self.market.limits.levels_max <= self.market.book.levels_live() {
            return Err(Flaw::LevelLimit);
        }
        Ok(())
    }

    /// What holds for every live order.
    fn check_live(
        &self,
        order: OrderId,
        client: ClientId,
        expiry: Option<TimeNs>,
    ) -> Result<(), Flaw> {
        if order.0 == 0 || self.market.placed < order.0 {
            Err(Flaw::Id(order))
        } else if self.market.limits.clients_max <= client.0 {
            Err(Flaw::Client(client))
        } else if expiry.is_some_and(|expiry| expiry <= self.market.time) {
            Err(Flaw::Expired(order))
        } else {
            Ok(())
        }
    }

    /// Enters a live order where expiries and the client's open lots are kept.
    fn book_interest(
        &mut self,
        order: OrderId,
        client: ClientId,
        side: Side,
        qty: Qty,
        expiry: Option<TimeNs>,
    ) {
        self.market.accounts.open(client);
        self.market.accounts.rest(client, side, qty);
        self.expiries.extend(expiry.map(|expiry| (expiry, order)));
    }

    fn index(&mut self) -> Result<(), RestoreError> {
        let placed = self.market.placed;
        self.market
            .book
            .index_restored(placed, self.rested)
            .map_err(|(side, flaw)| RestoreError::Whole { section: section_of(side), flaw })
    }

    fn stops(&mut self, bytes: &[u8]) -> Result<(), RestoreError> {
        let mut reader = Reader::new(Section::Stops, bytes);
        let mut stops: Vec<StopRecord> = Vec::new();
        let mut room = self.market.limits.orders_max - self.market.book.live();
        while reader.begin() {
            let stop = StopRecord::read(&mut reader).map_err(|flaw| reader.error(flaw))?;
            let last = stops.last().map(|stop| stop.order);
            self.check_stop(&stop, last).map_err(|flaw| reader.error(flaw))?;
            room = room.checked_sub(1).ok_or_else(|| reader.error(Flaw::OrderLimit))?;
            self.book_interest(stop.order, stop.client, stop.side, stop.qty, stop.expiry);
            stops.push(stop);
        }
        self.market.stops = Stops::restore(stops);
        Ok(())
    }

    fn check_stop(&self, stop: &StopRecord, last: Option<OrderId>) -> Result<(), Flaw> {
        let &StopRecord { order, client, limit, rests, expiry, is_triggered, .. } = stop;
        self.check_live(order, client, expiry)?;
        if last.is_some_and(|last| order <= last) {
            return Err(Flaw::IdOrder(order));
        }
        if self.market.book.find(order).is_some() {
            return Err(Flaw::IdTwice(order));
        }
        // RULES.md 5.1: limit orders GTC, GTT or IOC, and market orders IOC.
        let goes = match (limit, rests, expiry) {
            (Some(_), true, _) | (_, false, None) => true,
            (None, true, _) | (_, false, Some(_)) => false,
        };
        if !goes {
            return Err(Flaw::StopKind(order));
        }
        let last_trade = self.market.last_trade;
        let is_reached =
            last_trade.is_some_and(|trade| Stops::is_triggered_by(stop.side, stop.stop, trade));
        // 11.3, 11.4 and 11.6: every command ends with no triggered order left, but in a halt.
        let may_be_triggered =
            self.market.rules.state == MarketState::Halted && last_trade.is_some();
        match is_triggered {
            true if !may_be_triggered => Err(Flaw::Triggered(order)),
            false if is_reached => Err(Flaw::Untriggered(order)),
            true | false => Ok(()),
        }
    }

    /// What holds for all sections together.
    fn finish(self) -> Result<Engine, RestoreError> {
        let Self { mut market, expiries, .. } = self;
        market.expiries = Expiries::restore(expiries);
        if market.rules.state == MarketState::Continuous && market.book.is_crossed() {
            return Err(RestoreError::Whole { section: Section::Asks, flaw: Flaw::Crossed });
        }
        if let Some(client) = market.accounts.find_overexposed() {
            let flaw = Flaw::Position(client);
            return Err(RestoreError::Whole { section: Section::Accounts, flaw });
        }
        debug_assert_eq!(market.check(), Ok(()), "a restored market is whole");
        Ok(market)
    }
}

const fn section_of(side: Side) -> Section {
    match side {
        Side::Buy => Section::Bids,
        Side::Sell => Section::Asks,
    }
}

fn check_account(
    record: &AccountRecord,
    last: Option<ClientId>,
    clients_max: u32,
) -> Result<(), Flaw> {
    let &AccountRecord { client, position, cash, exempt } = record;
    if clients_max <= client.0 {
        Err(Flaw::Client(client))
    } else if last.is_some_and(|last| client <= last) {
        Err(Flaw::AccountOrder(client))
    } else if position == 0 && cash == 0 && !exempt {
        Err(Flaw::EmptyAccount(client))
    } else if POSITION_MAX.unsigned_abs() < position.unsigned_abs() {
        Err(Flaw::Position(client))
    } else {
        Ok(())
    }
}

/// Counts cash that is held or owed, so that no later sum of it overflows.
fn add_cash(sum: &mut u128, cash: Cash) -> Result<(), Flaw> {
    *sum = sum.saturating_add(cash.unsigned_abs());
    if *sum <= CASH_SUM_MAX { Ok(()) } else { Err(Flaw::Cash) }
}
