//! The two files of a day, checked to belong together.

use std::io::BufRead;
use std::num::NonZeroUsize;

use super::error::{File, LobsterError};
use super::message::{Message, read_messages};
use super::orderbook::{BookRow, Orderbook, read_orderbook};

/// A message file and an orderbook file with equally many rows, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    messages: Vec<Message>,
    orderbook: Orderbook,
}

impl Day {
    /// Reads both files.
    ///
    /// * `rows_max` - rows after so many are neither read nor checked, in both files.
    ///
    /// # Errors
    /// The first [`LobsterError`] of the message file, else of the orderbook file, else
    /// [`LobsterError::RowsDiffer`].
    pub fn read(
        messages: impl BufRead,
        orderbook: impl BufRead,
        rows_max: Option<NonZeroUsize>,
    ) -> Result<Self, LobsterError> {
        let messages = read_messages(messages, rows_max)?;
        let orderbook = read_orderbook(orderbook, rows_max)?;
        Self::new(messages, orderbook)
    }

    /// Puts two files together.
    ///
    /// # Errors
    /// [`LobsterError::RowsDiffer`] when one has fewer rows.
    pub fn new(messages: Vec<Message>, orderbook: Orderbook) -> Result<Self, LobsterError> {
        let rows = (messages.len(), orderbook.rows());
        let shorter = if rows.0 < rows.1 { File::Message } else { File::Orderbook };
        if rows.0 == rows.1 {
            Ok(Self { messages, orderbook })
        } else {
            Err(LobsterError::RowsDiffer { shorter, line: rows.0.min(rows.1) as u64 + 1 })
        }
    }

    /// How many rows each file has.
    pub const fn rows(&self) -> usize {
        self.messages.len()
    }

    /// All messages.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// All rows of the book.
    pub const fn orderbook(&self) -> &Orderbook {
        &self.orderbook
    }

    /// The message of a row, which counts from 0; `None` past the end.
    pub fn message(&self, row: usize) -> Option<Message> {
        self.messages.get(row).copied()
    }

    /// The book after the message of a row; without levels past the end.
    pub fn book(&self, row: usize) -> BookRow<'_> {
        self.orderbook.row(row).unwrap_or_default()
    }

    /// The book before the message of a row; without levels for row 0.
    pub fn book_before(&self, row: usize) -> BookRow<'_> {
        row.checked_sub(1).map(|before| self.book(before)).unwrap_or_default()
    }
}
