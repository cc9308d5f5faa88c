//! Reads a plain command CSV into a genesis and entries.

use std::collections::BTreeMap;
use std::io::BufRead;

use kernel::{ClientId, Command, Engine, Genesis, OrderId, Place, Reference, Step, TimeNs};
use replay::{Entry, Mark};

use super::COLUMNS;
use super::error::{PlainError, Wrong};
use super::fields::{Fields, value};
use super::genesis::GenesisRows;
use super::lines::{Line, Lines};
use super::rules;

/// A plain command CSV being read, its genesis behind it.
///
/// Memory grows with the number of orders placed: whether a reference was used before can only be
/// told from all of them.
pub struct PlainReader<R> {
    lines: Lines<R>,
    /// A line that was read and not taken yet.
    ahead: Option<Line>,
    /// What the present row makes after moving the clock.
    pending: Option<Pending>,
    /// The newest order of each reference.
    orders: BTreeMap<(ClientId, Reference), OrderId>,
}

/// A row's own entry.
struct Pending {
    line: u64,
    entry: Entry,
    /// Whether the row says that its reference is in use.
    again: bool,
}

impl<R: BufRead> PlainReader<R> {
    /// Reads the header and the rows of the genesis.
    ///
    /// # Errors
    /// [`PlainError`] with the line.
    pub fn open(source: R) -> Result<(Genesis, Self), PlainError> {
        let lines = Lines::new(source);
        let mut reader = Self { lines, ahead: None, pending: None, orders: BTreeMap::new() };
        match reader.next_line()? {
            Some(header) if header.text.split(',').eq(COLUMNS) => {}
            Some(_) | None => return Err(PlainError { line: 1, what: Wrong::Header }),
        }
        let mut genesis = GenesisRows::new();
        let mut line = 1;
        while let Some(row) = reader.next_line()? {
            if !row.text.starts_with(',') {
                reader.ahead = Some(row);
                break;
            }
            line = row.number;
            genesis.read(&row.text).map_err(|what| PlainError { line, what })?;
        }
        let genesis = genesis.finish();
        let checked = genesis.check();
        checked.map_err(|error| PlainError { line, what: Wrong::Genesis(error) })?;
        Ok((genesis, reader))
    }

    /// The next entry for a market that has taken all before; `None` behind the last row.
    ///
    /// # Errors
    /// [`PlainError`] with the line.
    pub fn next_entry(&mut self, engine: &Engine) -> Result<Option<Entry>, PlainError> {
        let (line, entry) = match self.pending.take() {
            Some(pending) => (pending.line, self.give(pending, engine)),
            None => match self.next_line()? {
                Some(row) => (row.number, self.read_row(&row, engine)),
                None => return Ok(None),
            },
        };
        entry.map(Some).map_err(|what| PlainError { line, what })
    }

    fn next_line(&mut self) -> Result<Option<Line>, PlainError> {
        match self.ahead.take() {
            Some(line) => Ok(Some(line)),
            None => self.lines.next(),
        }
    }

    /// The first entry of a row: the clock's, when the row moves it, else its own.
    fn read_row(&mut self, row: &Line, engine: &Engine) -> Result<Entry, Wrong> {
        let mut fields = Fields::new(&row.text)?;
        let op = fields.text("op").ok_or(Wrong::Missing("op"))?;
        let Some(time) = fields.number("time_ns")?.map(TimeNs) else {
            let is_genesis = matches!(op, "set_rule" | "endow");
            return Err(if is_genesis { Wrong::LateGenesis } else { Wrong::Missing("time_ns") });
        };
        let step = fields.key_number("step")?.map_or(engine.step(), Step);
        let clock = Entry::Command(Command::Clock { time, step });
        let mut again = false;
        let entry = match op {
            "clock" => {
                fields.end()?;
                return Ok(clock);
            }
            "place" => {
                let place = read_place(&mut fields)?;
                again = fields.flag("again")?;
                Entry::Command(Command::Place(place))
            }
            "mark" => Entry::Mark(read_mark(&mut fields)?),
            "endow" => return Err(Wrong::Unexpected("time_ns")),
            _ => Entry::Command(self.read_command(op, &mut fields)?),
        };
        fields.end()?;
        if time < engine.time() || step < engine.step() {
            return Err(Wrong::TimeBackwards);
        }
        let pending = Pending { line: row.number, entry, again };
        if (time, step) == (engine.time(), engine.step()) {
            return self.give(pending, engine);
        }
        self.pending = Some(pending);
        Ok(clock)
    }

    /// A row's own entry, for a market whose clock the row has moved: orders may have expired.
    fn give(&mut self, pending: Pending, engine: &Engine) -> Result<Entry, Wrong> {
        if let Entry::Command(Command::Place(place)) = &pending.entry {
            let key = (place.client, place.reference);
            let is_live = self.orders.get(&key).is_some_and(|order| engine.is_live(*order));
            if pending.again != is_live {
                let (client, reference) = (place.client.0, place.reference.0);
                return Err(if is_live {
                    Wrong::LiveReference { client, reference }
                } else {
                    value("again", "1", "0: the reference is free")
                });
            }
            self.orders.insert(key, OrderId(engine.placed() + 1));
        }
        Ok(pending.entry)
    }

    fn read_command(&self, op: &str, fields: &mut Fields<'_>) -> Result<Command, Wrong> {
        if op == "set_rule" {
            let rule = fields.key("rule").ok_or(Wrong::Missing("rule"))?;
            return rules::read(rule, fields).map(Command::SetRule);
        }
        if op == "uncross" {
            return Ok(Command::Uncross);
        }
        if !matches!(op, "cancel" | "reduce" | "replace" | "mass_cancel") {
            return Err(Wrong::UnknownOp(op.to_owned()));
        }
        let client = ClientId(fields.need("client")?);
        if op == "mass_cancel" {
            return Ok(Command::MassCancel { client });
        }
        let order = self.read_order(client, fields)?;
        Ok(match op {
            "cancel" => Command::Cancel { client, order },
            "reduce" => Command::Reduce { client, order, by: fields.qty()? },
            _ => Command::Replace { client, order, price: fields.price()?, qty: fields.qty()? },
        })
    }

    /// The order that a row names: by its client's reference, or by the kernel's id in `extra`.
    fn read_order(&self, client: ClientId, fields: &mut Fields<'_>) -> Result<OrderId, Wrong> {
        let Some(reference) = fields.number("order")?.map(Reference) else {
            return fields.key_number("id")?.map(OrderId).ok_or(Wrong::Missing("order"));
        };
        self.orders
            .get(&(client, reference))
            .copied()
            .ok_or(Wrong::UnknownReference { client: client.0, reference: reference.0 })
    }
}

fn read_place(fields: &mut Fields<'_>) -> Result<Place, Wrong> {
    Ok(Place {
        client: ClientId(fields.need("client")?),
        reference: Reference(fields.need("order")?),
        side: fields.side()?,
        kind: fields.kind()?,
        tif: fields.tif()?,
        qty: fields.qty()?,
        display: fields.display()?,
        stop: fields.stop()?,
        self_trade: fields.self_trade()?,
    })
}

fn read_mark(fields: &mut Fields<'_>) -> Result<Mark, Wrong> {
    let name = fields.key("name").ok_or(Wrong::Missing("name"))?;
    let wanted = "1 to 64 characters of A-Z a-z 0-9 - _ .";
    let name = name.parse().map_err(|_| value("name", name, wanted))?;
    Ok(Mark { name, number: fields.key_number("number")?.unwrap_or(0) })
}
