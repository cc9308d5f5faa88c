//! Tables that a replay fills: trades, orders, book, accounts, as CSV or as one JSON object a line.
//!
//! Every table is an observer: it is shown each moment of a replay and writes its rows as soon as
//! they are certain.

mod accounts;
mod book;
mod orders;
mod trades;

use std::io::{self, Write};

use replay::Moment;

pub use accounts::Accounts;
pub use book::{Book, BookFormat, When};
pub use orders::Orders;
pub use trades::Trades;

/// Fills itself from a replay.
pub trait Table {
    /// Takes the next moment.
    ///
    /// # Errors
    /// Of the sink.
    fn observe(&mut self, moment: &Moment<'_>) -> io::Result<()>;

    /// Writes what could not be written before the end, and flushes.
    ///
    /// # Errors
    /// Of the sink.
    fn finish(&mut self, engine: &kernel::Engine) -> io::Result<()>;
}

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFormat {
    /// A header line, then comma-separated values; no value needs quotes.
    Csv,
    /// One JSON object a line; numbers are exact integers of any size.
    Ndjson,
}

/// One value of a row.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cell {
    /// An integer.
    Number(i128),
    /// A word that needs no quotes.
    Word(&'static str),
    /// Nothing: an empty field, `null`.
    Empty,
}

impl<T: Into<i128>> From<T> for Cell {
    fn from(number: T) -> Self {
        Self::Number(number.into())
    }
}

/// Writes rows of one shape.
pub(crate) struct Rows<W> {
    sink: W,
    format: RowFormat,
    columns: &'static [&'static str],
}

impl<W: Write> Rows<W> {
    pub(crate) fn new(
        mut sink: W,
        format: RowFormat,
        columns: &'static [&'static str],
    ) -> io::Result<Self> {
        if format == RowFormat::Csv {
            writeln!(sink, "{}", columns.join(","))?;
        }
        Ok(Self { sink, format, columns })
    }

    pub(crate) fn write(&mut self, cells: &[Cell]) -> io::Result<()> {
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell for each column");
        match self.format {
            RowFormat::Csv => self.write_csv(cells),
            RowFormat::Ndjson => self.write_json(cells),
        }
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.sink.flush()
    }

    fn write_csv(&mut self, cells: &[Cell]) -> io::Result<()> {
        for (index, cell) in cells.iter().enumerate() {
            if 0 < index {
                self.sink.write_all(b",")?;
            }
            match cell {
                Cell::Number(number) => write!(self.sink, "{number}")?,
                Cell::Word(word) => self.sink.write_all(word.as_bytes())?,
                Cell::Empty => {}
            }
        }
        self.sink.write_all(b"\n")
    }

    fn write_json(&mut self, cells: &[Cell]) -> io::Result<()> {
        for (index, (column, cell)) in self.columns.iter().zip(cells).enumerate() {
            let before = if index == 0 { '{' } else { ',' };
            write!(self.sink, "{before}\"{column}\":")?;
            match cell {
                Cell::Number(number) => write!(self.sink, "{number}")?,
                Cell::Word(word) => write!(self.sink, "\"{word}\"")?,
                Cell::Empty => self.sink.write_all(b"null")?,
            }
        }
        self.sink.write_all(b"}\n")
    }
}
