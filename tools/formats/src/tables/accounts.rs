//! What everybody holds at the end.

use std::io::{self, Write};

use kernel::{Engine, Side};
use replay::Moment;

use super::{RowFormat, Rows, Table};

const COLUMNS: &[&str] =
    &["client", "position", "cash", "open_buy", "open_sell", "exempt", "mid_x2", "equity_x2"];

/// One row for each client that ever held or rested anything, ascending.
///
/// `cash` is in 1/10,000 tick·lot; `mid_x2` is the sum of best bid and ask; `equity_x2` is twice the
/// cash plus 10,000 times the position at `mid_x2`; both are empty while a side of the book is.
pub struct Accounts<W> {
    rows: Rows<W>,
}

impl<W: Write> Accounts<W> {
    /// An empty table.
    ///
    /// # Errors
    /// Of the sink.
    pub fn new(sink: W, format: RowFormat) -> io::Result<Self> {
        Ok(Self { rows: Rows::new(sink, format, COLUMNS)? })
    }
}

impl<W: Write> Table for Accounts<W> {
    fn observe(&mut self, _: &Moment<'_>) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, engine: &Engine) -> io::Result<()> {
        let mid = engine.best(Side::Buy).zip(engine.best(Side::Sell));
        let mid = mid.map(|(bid, ask)| i128::from(bid.ticks()) + i128::from(ask.ticks()));
        for account in engine.accounts() {
            let is_empty = account.position == 0
                && account.cash == 0
                && account.open_buy == 0
                && account.open_sell == 0
                && !account.exempt;
            if is_empty {
                continue;
            }
            let worth = |mid: i128| {
                2 * account.cash + i128::from(account.position) * mid * kernel::CASH_PER_TICK_LOT
            };
            self.rows.write(&[
                account.client.0.into(),
                account.position.into(),
                account.cash.into(),
                account.open_buy.into(),
                account.open_sell.into(),
                u8::from(account.exempt).into(),
                mid.map_or(super::Cell::Empty, super::Cell::Number),
                mid.map_or(super::Cell::Empty, |mid| worth(mid).into()),
            ])?;
        }
        self.rows.flush()
    }
}
