//! Reads state bytes back, record by record: the inverse of the writers in
//! [`digest`](crate::digest). RULES.md §9.
//!
//! Only forms that a writer has are read, so writing a record again gives the bytes that were read.
//! Whether a record fits its market is for the engine to say.

#![expect(clippy::disallowed_types, reason = "lengths of byte slices")]

use crate::command::SelfTrade;
use crate::digest::{
    AccountRecord, ClockRecord, Conduct, Iceberg, OrderRecord, Section, StopRecord,
};
use crate::flaw::{Flaw, RestoreError};
use crate::rules::{MarketState, Rules};
use crate::units::{
    Cash, ClientId, OrderId, Position, Ppm, Price, Qty, Reference, Side, Step, TimeNs,
};

/// What is left to read of a section.
pub(crate) struct Reader<'a> {
    section: Section,
    bytes: &'a [u8],
    rest: &'a [u8],
    /// Where the present record begins.
    record: usize,
}

impl<'a> Reader<'a> {
    pub(crate) const fn new(section: Section, bytes: &'a [u8]) -> Self {
        Self { section, bytes, rest: bytes, record: 0 }
    }

    /// Begins the next record; false when there is none.
    pub(crate) const fn begin(&mut self) -> bool {
        self.record = self.bytes.len() - self.rest.len();
        !self.rest.is_empty()
    }

    /// The error of a flaw in the present record.
    pub(crate) const fn error(&self, flaw: Flaw) -> RestoreError {
        RestoreError::Record { section: self.section, offset: self.record as u64, flaw }
    }

    fn take<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Flaw> {
        let (first, rest) = self.rest.split_first_chunk().ok_or(Flaw::Cut)?;
        self.rest = rest;
        Ok(*first)
    }

    fn byte(&mut self) -> Result<u8, Flaw> {
        self.take().map(|[byte]| byte)
    }

    fn short(&mut self) -> Result<u32, Flaw> {
        self.take().map(u32::from_le_bytes)
    }

    fn long(&mut self) -> Result<u64, Flaw> {
        self.take().map(u64::from_le_bytes)
    }

    fn cash(&mut self) -> Result<Cash, Flaw> {
        self.take().map(Cash::from_le_bytes)
    }

    fn position(&mut self) -> Result<Position, Flaw> {
        self.take().map(Position::from_le_bytes)
    }

    fn price(&mut self) -> Result<Price, Flaw> {
        Price::new(self.short()?).map_err(Flaw::Number)
    }

    fn qty(&mut self) -> Result<Qty, Flaw> {
        Qty::new(self.short()?).map_err(Flaw::Number)
    }

    fn fee(&mut self) -> Result<Ppm, Flaw> {
        Ppm::new(i32::from_le_bytes(self.take()?)).map_err(Flaw::Number)
    }

    fn self_trade(&mut self) -> Result<SelfTrade, Flaw> {
        match self.byte()? {
            0 => Ok(SelfTrade::Allow),
            1 => Ok(SelfTrade::CancelNewest),
            2 => Ok(SelfTrade::CancelOldest),
            3 => Ok(SelfTrade::CancelBoth),
            4 => Ok(SelfTrade::Decrement),
            value => Err(Flaw::Byte { field: "self-trade choice", value }),
        }
    }

    /// A byte of flags below `end`.
    fn flags(&mut self, end: u8) -> Result<u8, Flaw> {
        let value = self.byte()?;
        if value < end { Ok(value) } else { Err(Flaw::Byte { field: "set of flags", value }) }
    }

    fn expiry(&mut self, flags: u8) -> Result<Option<TimeNs>, Flaw> {
        if flags & 4 == 0 { Ok(None) } else { self.long().map(|time| Some(TimeNs(time))) }
    }
}

impl OrderRecord {
    /// Fewest bytes of a record.
    pub(crate) const BYTES_MIN: usize = 38;

    /// Reads one record.
    #[inline]
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Flaw> {
        let price = reader.price()?;
        let order = OrderId(reader.long()?);
        let client = ClientId(reader.short()?);
        let reference = Reference(reader.long()?);
        let displayed = reader.qty()?;
        let priority = reader.long()?;
        let self_trade = reader.self_trade()?;
        let flags = reader.flags(8)?;
        let conduct = Conduct { self_trade, post_only: flags & 1 != 0 };
        let iceberg = if flags & 2 == 0 {
            None
        } else {
            Some(Iceberg { display: reader.qty()?, reserve: reader.short()? })
        };
        let expiry = reader.expiry(flags)?;
        Ok(Self { price, order, client, reference, displayed, priority, conduct, iceberg, expiry })
    }
}

impl StopRecord {
    /// Reads one record.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Flaw> {
        let order = OrderId(reader.long()?);
        let client = ClientId(reader.short()?);
        let reference = Reference(reader.long()?);
        let qty = reader.qty()?;
        let side = match reader.byte()? {
            0 => Side::Buy,
            1 => Side::Sell,
            value => return Err(Flaw::Byte { field: "side", value }),
        };
        let stop = reader.price()?;
        let self_trade = reader.self_trade()?;
        let flags = reader.flags(16)?;
        let limit = if flags & 1 == 0 { None } else { Some(reader.price()?) };
        let expiry = reader.expiry(flags)?;
        let rests = flags & 2 != 0;
        let is_triggered = flags & 8 != 0;
        Ok(Self {
            order,
            client,
            reference,
            qty,
            side,
            stop,
            self_trade,
            limit,
            rests,
            expiry,
            is_triggered,
        })
    }
}

impl AccountRecord {
    /// Reads one record.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Flaw> {
        let client = ClientId(reader.short()?);
        let position = reader.position()?;
        let cash = reader.cash()?;
        let exempt = match reader.byte()? {
            0 => false,
            1 => true,
            value => return Err(Flaw::Byte { field: "exemption", value }),
        };
        Ok(Self { client, position, cash, exempt })
    }
}

/// Reads taxes and fees, the head of the accounts section.
pub(crate) fn read_pots(reader: &mut Reader<'_>) -> Result<(Cash, Cash), RestoreError> {
    let taxes = reader.cash().map_err(|flaw| reader.error(flaw))?;
    let fees = reader.cash().map_err(|flaw| reader.error(flaw))?;
    Ok((taxes, fees))
}

/// Reads the rules section: what no tag names is open.
pub(crate) fn read_rules(bytes: &[u8]) -> Result<Rules, RestoreError> {
    let mut reader = Reader::new(Section::Rules, bytes);
    let mut rules = Rules::OPEN;
    let mut tag = 0;
    while reader.begin() {
        let before = (tag, rules);
        tag = read_rule(&mut rules, &mut reader).map_err(|flaw| reader.error(flaw))?;
        if tag <= before.0 {
            return Err(reader.error(Flaw::RuleOrder(tag)));
        }
        // Tags rise, so this rule was open before its own tag.
        if rules == before.1 {
            return Err(reader.error(Flaw::OpenRule(tag)));
        }
    }
    if rules.are_consistent() {
        Ok(rules)
    } else {
        Err(RestoreError::Whole { section: Section::Rules, flaw: Flaw::Rules })
    }
}

/// Reads one rule; returns its tag.
fn read_rule(rules: &mut Rules, reader: &mut Reader<'_>) -> Result<u8, Flaw> {
    let tag = reader.byte()?;
    match tag {
        1 => rules.tick = reader.price()?,
        2 => rules.lot = reader.qty()?,
        3 => rules.qty_max = reader.qty()?,
        4 => rules.price_min = reader.price()?,
        5 => rules.price_max = reader.price()?,
        6 => rules.position_max = reader.position()?,
        7 => rules.state = MarketState::Halted,
        8 => rules.short_ban = true,
        9 => rules.tax = reader.short()?,
        10 => rules.maker_fee = reader.fee()?,
        11 => rules.taker_fee = reader.fee()?,
        12 if rules.state == MarketState::Halted => return Err(Flaw::TwoStates),
        12 => rules.state = MarketState::Auction,
        13 => rules.band = reader.short()?,
        value => return Err(Flaw::Byte { field: "tag of a rule", value }),
    }
    Ok(tag)
}

/// Reads the clock section.
pub(crate) fn read_clock(bytes: &[u8]) -> Result<ClockRecord, RestoreError> {
    let mut reader = Reader::new(Section::Clock, bytes);
    let clock = ClockRecord::read(&mut reader).map_err(|flaw| reader.error(flaw))?;
    if reader.begin() { Err(reader.error(Flaw::Leftover)) } else { Ok(clock) }
}

impl ClockRecord {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Flaw> {
        let time = TimeNs(reader.long()?);
        let step = Step(reader.long()?);
        let placed = reader.long()?;
        let rested = reader.long()?;
        let last_trade = if reader.rest.is_empty() { None } else { Some(reader.price()?) };
        Ok(Self { time, step, placed, rested, last_trade })
    }
}
