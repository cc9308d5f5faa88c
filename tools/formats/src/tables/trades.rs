//! The trade tape.

use std::io::{self, Write};

use kernel::{Engine, Event};
use replay::Moment;

use super::{Cell, RowFormat, Rows, Table};
use crate::words::{SIDES, word_of};

const COLUMNS: &[&str] = &[
    "entry",
    "time_ns",
    "maker_order",
    "taker_order",
    "maker_client",
    "taker_client",
    "price",
    "qty",
    "aggressor_side",
];

/// One row for each trade; orders by their producers' own numbers.
pub struct Trades<W> {
    rows: Rows<W>,
}

impl<W: Write> Trades<W> {
    /// An empty tape.
    ///
    /// # Errors
    /// Of the sink.
    pub fn new(sink: W, format: RowFormat) -> io::Result<Self> {
        Ok(Self { rows: Rows::new(sink, format, COLUMNS)? })
    }
}

impl<W: Write> Table for Trades<W> {
    fn observe(&mut self, moment: &Moment<'_>) -> io::Result<()> {
        for event in moment.events {
            let Event::Traded {
                maker_client,
                taker_client,
                maker_reference,
                taker_reference,
                taker_side,
                price,
                qty,
                ..
            } = *event
            else {
                continue;
            };
            self.rows.write(&[
                moment.number.into(),
                moment.engine.time().0.into(),
                maker_reference.0.into(),
                taker_reference.0.into(),
                maker_client.0.into(),
                taker_client.0.into(),
                price.ticks().into(),
                qty.lots().into(),
                Cell::Word(word_of(SIDES, taker_side)),
            ])?;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Engine) -> io::Result<()> {
        self.rows.flush()
    }
}
