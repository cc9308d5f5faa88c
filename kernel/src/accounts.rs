//! Who holds what: integer lots and cash for every client, and the pots of taxes and fees.
//!
//! [`Accounts::check`] looks at invariants 14 to 16 of [`Invariant`]. A fill keeps the sums because
//! what one side of it gets the other side or a pot pays.

#![expect(clippy::disallowed_types, reason = "client numbers index a slice")]

use alloc::vec::Vec;

use crate::digest::{AccountRecord, Sink, write_pots};
use crate::invariant::{Invariant, holds};
use crate::rules::{Genesis, Rules};
use crate::units::{
    CASH_PER_TICK_LOT, Cash, ClientId, POSITION_MAX, Position, Ppm, Price, Qty, Side,
};
use crate::view::AccountView;

/// One client's holdings and how much of its interest rests in the book.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Account {
    cash: Cash,
    pub(crate) position: Position,
    /// Open lots of its buys and of its sells.
    open: [Position; 2],
    pub(crate) orders: u32,
    pub(crate) exempt: bool,
}

/// All accounts, dense by client number, grown when a client is first named.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    list: Vec<Account>,
    taxes: Cash,
    fees: Cash,
    endowed_position: i128,
    endowed_cash: Cash,
}

/// One fill, as settlement sees it.
#[derive(Clone, Copy)]
pub(crate) struct Fill {
    pub(crate) maker: ClientId,
    pub(crate) taker: ClientId,
    pub(crate) taker_side: Side,
    pub(crate) price: Price,
    pub(crate) qty: Qty,
}

impl Accounts {
    /// The accounts of a checked genesis.
    pub(crate) fn new(genesis: &Genesis) -> Self {
        let mut accounts =
            Self { list: Vec::new(), taxes: 0, fees: 0, endowed_position: 0, endowed_cash: 0 };
        for endowment in &genesis.endowments {
            let account = accounts.open(endowment.client);
            account.position = endowment.position;
            account.cash = endowment.cash;
            accounts.endowed_position += i128::from(endowment.position);
            accounts.endowed_cash += endowment.cash;
        }
        for client in &genesis.exempt {
            accounts.open(*client).exempt = true;
        }
        accounts
    }

    /// The accounts of a checked genesis with nothing in them, to be filled with what they hold later.
    pub(crate) fn emptied(genesis: &Genesis) -> Self {
        let mut accounts = Self::new(genesis);
        accounts.list.fill(Account::EMPTY);
        accounts
    }

    /// Gives the pots what they held when they were written.
    pub(crate) const fn set_pots(&mut self, taxes: Cash, fees: Cash) {
        (self.taxes, self.fees) = (taxes, fees);
    }

    /// Gives a client below `clients_max` what the account held when it was written.
    pub(crate) fn set(&mut self, record: &AccountRecord) {
        let &AccountRecord { client, position, cash, exempt } = record;
        let account = self.open(client);
        (account.position, account.cash, account.exempt) = (position, cash, exempt);
    }

    /// A client whose open orders could carry the position past ±[`POSITION_MAX`]: there is none
    /// where every order was checked. RULES.md 3.9.
    pub(crate) fn find_overexposed(&self) -> Option<ClientId> {
        self.clients().find(|client| {
            let account = self.get(*client);
            POSITION_MAX < account.position + account.open(Side::Buy)
                || account.position - account.open(Side::Sell) < -POSITION_MAX
        })
    }

    /// The account of a client below `clients_max`, opened if it is new.
    pub(crate) fn open(&mut self, client: ClientId) -> &mut Account {
        if self.list.len() <= client.0 as usize {
            self.grow(client);
        }
        self.opened(client)
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self, client: ClientId) {
        self.list.resize(client.0 as usize + 1, Account::EMPTY);
    }

    /// The account of a client who has placed an order or holds something.
    fn opened(&mut self, client: ClientId) -> &mut Account {
        &mut self.list[client.0 as usize]
    }

    /// The account of a client; an empty one if it was never opened.
    pub(crate) fn get(&self, client: ClientId) -> &Account {
        self.list.get(client.0 as usize).unwrap_or(&Account::EMPTY)
    }

    /// Books interest that came to rest.
    pub(crate) fn rest(&mut self, client: ClientId, side: Side, qty: Qty) {
        let account = self.opened(client);
        account.orders += 1;
        account.open[side.index()] += Position::from(qty.lots());
    }

    /// Books interest that left the book; `gone` when its order did too.
    pub(crate) fn leave(&mut self, client: ClientId, side: Side, qty: Qty, gone: bool) {
        let account = self.opened(client);
        account.orders -= u32::from(gone);
        account.open[side.index()] -= Position::from(qty.lots());
        debug_assert!(0 <= account.open(side), "open interest is not negative");
    }

    /// Moves lots and cash of one fill and takes tax and fees. RULES.md §7.
    pub(crate) fn settle(&mut self, fill: Fill, rules: &Rules) {
        let lots = Position::from(fill.qty.lots());
        let notional = Cash::from(u64::from(fill.price.ticks()) * u64::from(fill.qty.lots()))
            * CASH_PER_TICK_LOT;
        let (buyer, seller) = match fill.taker_side {
            Side::Buy => (fill.taker, fill.maker),
            Side::Sell => (fill.maker, fill.taker),
        };
        let buyer = self.opened(buyer);
        buyer.position += lots;
        buyer.cash -= notional;
        let seller = self.opened(seller);
        seller.position -= lots;
        seller.cash += notional;
        if rules.tax != 0 || rules.maker_fee != Ppm::ZERO || rules.taker_fee != Ppm::ZERO {
            self.charge(fill, notional, rules);
        }
    }

    /// Takes tax and fees of one fill into the pots.
    #[cold]
    #[inline(never)]
    fn charge(&mut self, fill: Fill, notional: Cash, rules: &Rules) {
        let tax = Cash::from(u64::from(rules.tax) * u64::from(fill.qty.lots()));
        let maker_fee = fee(notional, rules.maker_fee);
        let taker_fee = fee(notional, rules.taker_fee);
        self.opened(fill.maker).cash -= tax + maker_fee;
        self.opened(fill.taker).cash -= tax + taker_fee;
        self.taxes += 2 * tax;
        self.fees += maker_fee + taker_fee;
    }

    pub(crate) const fn taxes(&self) -> Cash {
        self.taxes
    }

    pub(crate) const fn fees(&self) -> Cash {
        self.fees
    }

    pub(crate) fn view(&self, client: ClientId) -> AccountView {
        let account = self.get(client);
        AccountView {
            client,
            position: account.position,
            cash: account.cash,
            open_buy: account.open(Side::Buy),
            open_sell: account.open(Side::Sell),
            exempt: account.exempt,
        }
    }

    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.list.len()).unwrap_or(u32::MAX)
    }

    /// Every client number that was ever opened or lies below one that was, ascending.
    pub(crate) fn clients(&self) -> impl Iterator<Item = ClientId> + use<> {
        (0..self.len()).map(ClientId)
    }

    pub(crate) fn write(&self, sink: &mut impl Sink) {
        write_pots(self.taxes, self.fees, sink);
        for client in self.clients() {
            let &Account { position, cash, exempt, .. } = self.get(client);
            AccountRecord { client, position, cash, exempt }.write(sink);
        }
    }

    /// Checks invariants 14 to 16.
    pub(crate) fn check(&self) -> Result<(), Invariant> {
        holds(self.find_overexposed().is_none(), Invariant::Exposure)?;
        holds(self.conserve_lots(), Invariant::LotsConserved)?;
        holds(self.conserve_cash(), Invariant::CashConserved)
    }

    /// Invariant 15.
    pub(crate) fn conserve_lots(&self) -> bool {
        let positions: i128 = self.list.iter().map(|account| i128::from(account.position)).sum();
        positions == self.endowed_position
    }

    /// Invariant 16.
    pub(crate) fn conserve_cash(&self) -> bool {
        let cash: Cash = self.list.iter().map(|account| account.cash).sum();
        cash + self.taxes + self.fees == self.endowed_cash
    }
}

impl Account {
    const EMPTY: Self = Self { cash: 0, position: 0, open: [0; 2], orders: 0, exempt: false };

    /// Open lots of a side.
    pub(crate) const fn open(&self, side: Side) -> Position {
        self.open[side.index()]
    }
}

/// ceil(notional · ppm / 1,000,000): a charge rounds up, a rebate down.
fn fee(notional: Cash, ppm: Ppm) -> Cash {
    if ppm == Ppm::ZERO {
        return 0;
    }
    let product = notional * Cash::from(ppm.parts());
    -((-product).div_euclid(Cash::from(Ppm::MAX.parts())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_round_toward_plus_infinity() {
        let ppm = |parts| Ppm::new(parts).unwrap();
        assert_eq!(fee(1_000_000, ppm(3)), 3);
        assert_eq!(fee(1_000_001, ppm(3)), 4);
        assert_eq!(fee(999_999, ppm(1)), 1);
        assert_eq!(fee(1_000_001, ppm(-3)), -3);
        assert_eq!(fee(999_999, ppm(-1)), 0);
        assert_eq!(fee(7, Ppm::ZERO), 0);
    }
}
