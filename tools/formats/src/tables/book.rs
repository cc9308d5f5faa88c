//! The book's levels, at the end or at every mark of a row.

use std::fmt::Write as _;
use std::io::{self, Write};

use kernel::{Engine, LevelView, Side};
use replay::{Entry, Moment};

use super::{Cell, RowFormat, Rows, Table};
use crate::words::{SIDES, word_of};

const COLUMNS: &[&str] = &["entry", "time_ns", "row", "side", "level", "price", "qty"];

/// LOBSTER's price of a level that does not exist; negative for a bid.
const NO_LEVEL: i64 = 9_999_999_999;

/// How the book is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BookFormat {
    /// One row for each level.
    Rows(RowFormat),
    /// One row for each book, without a header: `ask price,ask size,bid price,bid size` for every
    /// level, best first, 9999999999 or -9999999999 and 0 where there is none.
    Lobster,
}

/// When the book is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Once, after the last entry.
    End,
    /// At every mark named `row`, led by the mark's number.
    Rows,
}

/// The best levels of both sides.
pub struct Book<W> {
    sink: Sink<W>,
    when: When,
    levels: usize,
    /// Number of the last entry that was shown.
    entry: u64,
}

enum Sink<W> {
    Rows(Rows<W>),
    Lobster(W),
}

impl<W: Write> Book<W> {
    /// An empty table.
    ///
    /// * `levels` - how many of each side at the most.
    ///
    /// # Errors
    /// Of the sink.
    pub fn new(sink: W, format: BookFormat, when: When, levels: usize) -> io::Result<Self> {
        let sink = match format {
            BookFormat::Rows(format) => Sink::Rows(Rows::new(sink, format, COLUMNS)?),
            BookFormat::Lobster => Sink::Lobster(sink),
        };
        Ok(Self { sink, when, levels, entry: 0 })
    }

    fn write(&mut self, row: Option<u64>, engine: &Engine) -> io::Result<()> {
        let (levels, entry) = (self.levels, self.entry);
        match &mut self.sink {
            Sink::Rows(rows) => {
                for side in [Side::Sell, Side::Buy] {
                    for (level, view) in engine.levels(side).take(levels).enumerate() {
                        rows.write(&[
                            entry.into(),
                            engine.time().0.into(),
                            row.map_or(Cell::Empty, Into::into),
                            Cell::Word(word_of(SIDES, side)),
                            Cell::Number(i128::try_from(level + 1).unwrap_or(i128::MAX)),
                            view.price.ticks().into(),
                            view.qty.into(),
                        ])?;
                    }
                }
                Ok(())
            }
            Sink::Lobster(sink) => write_lobster(sink, row, levels, engine),
        }
    }
}

fn write_lobster(
    sink: &mut impl Write,
    row: Option<u64>,
    levels: usize,
    engine: &Engine,
) -> io::Result<()> {
    let mut line = row.map_or_else(String::new, |row| format!("{row},"));
    let (mut asks, mut bids) = (engine.levels(Side::Sell), engine.levels(Side::Buy));
    for level in 0..levels {
        let cell = |view: Option<LevelView>, none| {
            view.map_or((none, 0), |view| (i64::from(view.price.ticks()), view.qty))
        };
        let (ask, ask_qty) = cell(asks.next(), NO_LEVEL);
        let (bid, bid_qty) = cell(bids.next(), -NO_LEVEL);
        let before = if level == 0 { "" } else { "," };
        // Writing to a string cannot fail.
        let _ = write!(line, "{before}{ask},{ask_qty},{bid},{bid_qty}");
    }
    line.push('\n');
    sink.write_all(line.as_bytes())
}

impl<W: Write> Table for Book<W> {
    fn observe(&mut self, moment: &Moment<'_>) -> io::Result<()> {
        self.entry = moment.number;
        match (self.when, moment.entry) {
            (When::Rows, Entry::Mark(mark)) if mark.name.as_str() == "row" => {
                self.write(Some(mark.number), moment.engine)
            }
            _ => Ok(()),
        }
    }

    fn finish(&mut self, engine: &Engine) -> io::Result<()> {
        if self.when == When::End {
            self.write(None, engine)?;
        }
        match &mut self.sink {
            Sink::Rows(rows) => rows.flush(),
            Sink::Lobster(sink) => sink.flush(),
        }
    }
}
