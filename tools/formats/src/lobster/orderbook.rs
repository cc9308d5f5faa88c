//! The orderbook file: the visible levels after each message.

use std::io::BufRead;
use std::num::NonZeroUsize;

use kernel::{Price, Qty, Side};

use super::error::{Column, File, LobsterError, Problem};
use super::mirror::rank;
use super::text;

/// An occupied level as a row of the file shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Its price, in 1/10,000 of the currency.
    pub price: Price,
    /// Open lots of all its orders.
    pub qty: Qty,
}

/// The occupied levels of one row, best first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BookRow<'a> {
    /// Offers to sell, rising.
    pub asks: &'a [Level],
    /// Offers to buy, falling.
    pub bids: &'a [Level],
}

impl<'a> BookRow<'a> {
    /// The levels of one side, best first.
    pub const fn levels(&self, side: Side) -> &'a [Level] {
        match side {
            Side::Sell => self.asks,
            Side::Buy => self.bids,
        }
    }

    /// What the row shows at a price; `None` when it shows no such level.
    pub fn qty_at(&self, side: Side, price: Price) -> Option<Qty> {
        let levels = self.levels(side);
        let place = levels.binary_search_by_key(&rank(side, price), |it| rank(side, it.price));
        place.ok().and_then(|index| levels.get(index)).map(|level| level.qty)
    }
}

/// All rows of an orderbook file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orderbook {
    depth: usize,
    /// Occupied levels of all rows, asks before bids.
    levels: Vec<Level>,
    /// Where each row's asks and bids end in `levels`.
    ends: Vec<(usize, usize)>,
}

impl Orderbook {
    /// How many levels of each side a row has, occupied or not.
    pub const fn depth(&self) -> usize {
        self.depth
    }

    /// How many rows there are, at least one.
    pub const fn rows(&self) -> usize {
        self.ends.len()
    }

    /// The book after message `row`, which counts from 0; `None` past the end.
    pub fn row(&self, row: usize) -> Option<BookRow<'_>> {
        let &(asks_end, bids_end) = self.ends.get(row)?;
        let start = match row.checked_sub(1) {
            Some(before) => self.ends.get(before)?.1,
            None => 0,
        };
        let asks = self.levels.get(start..asks_end)?;
        let bids = self.levels.get(asks_end..bids_end)?;
        Some(BookRow { asks, bids })
    }
}

/// Reads an orderbook file. Lines end in LF or CRLF, the last one too.
///
/// * `rows_max` - rows after so many are neither read nor checked.
///
/// # Errors
/// [`LobsterError::Io`] when the reader fails; [`LobsterError::Malformed`] for the first line that
/// is no row of a book, has another number of levels than the first, is unsorted or is crossed,
/// and for a file without a line.
pub fn read_orderbook(
    reader: impl BufRead,
    rows_max: Option<NonZeroUsize>,
) -> Result<Orderbook, LobsterError> {
    let mut book = Orderbook { depth: 0, levels: Vec::new(), ends: Vec::new() };
    let mut bids = Vec::new();
    text::for_each_row(File::Orderbook, reader, rows_max, |line| {
        check_columns(&mut book, line)?;
        let start = book.levels.len();
        bids.clear();
        parse(line, &mut book.levels, start, &mut bids)?;
        let asks_end = book.levels.len();
        if let (Some(ask), Some(bid)) = (book.levels.get(start), bids.first())
            && ask.price <= bid.price
        {
            return Err(Problem::Crossed { bid: bid.price, ask: ask.price });
        }
        book.levels.append(&mut bids);
        book.ends.push((asks_end, book.levels.len()));
        Ok(())
    })?;
    Ok(book)
}

const COLUMNS_PER_LEVEL: usize = 4;

fn check_columns(book: &mut Orderbook, line: &str) -> Result<(), Problem> {
    let found = line.split(',').count();
    if book.ends.is_empty() {
        if !found.is_multiple_of(COLUMNS_PER_LEVEL) {
            return Err(Problem::LevelColumns { found });
        }
        book.depth = found / COLUMNS_PER_LEVEL;
    }
    let expected = book.depth * COLUMNS_PER_LEVEL;
    if found == expected { Ok(()) } else { Err(Problem::Columns { found, expected }) }
}

/// Appends the row's asks to `asks` from index `start` on and its bids to `bids`.
fn parse(
    line: &str,
    asks: &mut Vec<Level>,
    start: usize,
    bids: &mut Vec<Level>,
) -> Result<(), Problem> {
    let mut columns = line.split(',');
    let mut level = 1;
    while let (Some(ask_price), Some(ask_qty), Some(bid_price), Some(bid_qty)) =
        (columns.next(), columns.next(), columns.next(), columns.next())
    {
        let ask = Cell { side: Side::Sell, level, price: ask_price, qty: ask_qty };
        ask.append_to(asks, start)?;
        let bid = Cell { side: Side::Buy, level, price: bid_price, qty: bid_qty };
        bid.append_to(bids, 0)?;
        level += 1;
    }
    Ok(())
}

/// Price and size of one level as text.
struct Cell<'a> {
    side: Side,
    level: usize,
    price: &'a str,
    qty: &'a str,
}

impl Cell<'_> {
    /// Appends the level, unless it is empty, below those from index `start` on.
    fn append_to(&self, levels: &mut Vec<Level>, start: usize) -> Result<(), Problem> {
        let (side, level) = (self.side, self.level);
        let Some(found) = self.parse()? else {
            return Ok(());
        };
        let above = levels.get(start..).unwrap_or_default();
        if above.len() + 1 != level {
            return Err(Problem::Gap { side, level });
        }
        if above.last().is_some_and(|above| !side.is_better(above.price, found.price)) {
            return Err(Problem::Unsorted { side, level });
        }
        levels.push(found);
        Ok(())
    }

    fn parse(&self) -> Result<Option<Level>, Problem> {
        let (side, level) = (self.side, self.level);
        let no_price = self.price
            == match side {
                Side::Sell => "9999999999",
                Side::Buy => "-9999999999",
            };
        let no_qty = self.qty == "0";
        match (no_price, no_qty) {
            (true, true) => Ok(None),
            (false, false) => {
                let price = text::price(self.price, Column::LevelPrice { side, level })?;
                let qty = text::qty(self.qty, Column::LevelSize { side, level })?;
                Ok(Some(Level { price, qty }))
            }
            (true, false) | (false, true) => {
                text::integer(self.price, Column::LevelPrice { side, level }, i64::MIN, i64::MAX)?;
                text::integer(self.qty, Column::LevelSize { side, level }, 0, i64::MAX)?;
                Err(Problem::HalfEmpty { side, level })
            }
        }
    }
}
