//! Zones: what the moments of one block were like, in ranges, so that a query which can have only
//! one answer there need not be asked of each of them.
//!
//! A zone takes in the moment behind every entry of its block: ranges of the numbers that a query may
//! name, the answers of the flags, the marks, and the accounts that changed.

use std::collections::BTreeMap;

use kernel::{ClientId, Command, Engine, Event, Side};
use replay::{Entry, MarkName, Moment};
use serde::{Deserialize, Serialize};

use crate::counters::Counters;
use crate::look::{self, Look, Trade};
use crate::tree::{Flag, Term};

mod bounds;
mod file;
mod range;
mod survey;

pub use file::{ZoneReader, ZoneWriter, ZonesError};
pub(crate) use range::Range;
pub use survey::{Expectation, Survey};

/// Accounts and marks that a zone keeps; with more of them it says that there are more.
const KEPT_MAX: usize = 64;

/// Numbers of the state and the counters that a zone keeps. Their order is that of its bytes.
const STATE: [Term; 17] = [
    Term::Spread,
    Term::BestBid,
    Term::BestAsk,
    Term::Mid2,
    Term::LastTrade,
    Term::Levels(Side::Buy),
    Term::Levels(Side::Sell),
    Term::Orders,
    Term::Stops,
    Term::Taxes,
    Term::Fees,
    Term::Time,
    Term::Step,
    Term::Trades,
    Term::Volume,
    Term::Cancelled,
    Term::Rejected,
];
/// Numbers of the entry.
const ENTRY: [Term; 3] = [Term::Placed, Term::Agent, Term::Client];
/// Numbers of a trade.
const TRADE: [Term; 4] = [Term::TradeQty, Term::TradePrice, Term::TradeMaker, Term::TradeTaker];
/// Numbers of levels whose depth is kept.
const DEPTHS: [u32; 3] = [1, 5, 10];
const FLAGS: [Flag; 4] = [Flag::Continuous, Flag::Auction, Flag::Halted, Flag::ShortBan];

/// What the moments of one block were like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Zone {
    /// Its first and last entry.
    first: u64,
    last: u64,
    state: [Range; STATE.len()],
    entry: [Range; ENTRY.len()],
    trade: [Range; TRADE.len()],
    /// Of bids, then of asks.
    pub(crate) depths: [[Range; DEPTHS.len()]; 2],
    /// Whether each was true at some moment, and false at some.
    flags: [(bool, bool); FLAGS.len()],
    /// Whether a taker bought, and whether one sold.
    takers: (bool, bool),
    /// Names of its marks; `None` where there are too many.
    pub(crate) marks: Option<Vec<String>>,
    /// Accounts that changed; `None` where there are too many, or it is not certain which.
    pub(crate) holdings: Option<BTreeMap<u32, Holding>>,
    /// What was counted up to its last entry.
    counters: [u128; 5],
}

/// What became of one account within a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holding {
    /// From its first change on.
    pub(crate) ranges: [Range; 4],
    pub(crate) last: Account,
}

/// Position, cash, open buys, open sells.
pub(crate) type Account = [i128; 4];

/// Bytes that are no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no zone of a block")]
pub struct NotAZone;

impl Zone {
    const fn new(first: u64) -> Self {
        Self {
            first,
            last: first,
            state: [Range::EMPTY; STATE.len()],
            entry: [Range::EMPTY; ENTRY.len()],
            trade: [Range::EMPTY; TRADE.len()],
            depths: [[Range::EMPTY; DEPTHS.len()]; 2],
            flags: [(false, false); FLAGS.len()],
            takers: (false, false),
            marks: Some(Vec::new()),
            holdings: Some(BTreeMap::new()),
            counters: [0; 5],
        }
    }

    /// Its bytes, some hundred and twenty for each account that changed and two hundred more.
    pub fn encode(&self) -> Vec<u8> {
        // Writing to memory cannot fail.
        postcard::to_allocvec(self).unwrap_or_default()
    }

    /// Reads the bytes of a zone.
    ///
    /// # Errors
    /// [`NotAZone`] unless they are what [`Zone::encode`] gives.
    pub fn decode(bytes: &[u8]) -> Result<Self, NotAZone> {
        let zone: Self = postcard::from_bytes(bytes).map_err(|_| NotAZone)?;
        if zone.encode() == bytes { Ok(zone) } else { Err(NotAZone) }
    }

    /// First and last entry of its block.
    pub const fn entries(&self) -> (u64, u64) {
        (self.first, self.last)
    }

    fn counters(&self) -> Counters {
        let [trades, volume, placed, cancelled, rejected] = self.counters;
        let count = |number: u128| u64::try_from(number).unwrap_or(u64::MAX);
        Counters {
            trades: count(trades),
            volume,
            placed: count(placed),
            cancelled: count(cancelled),
            rejected: count(rejected),
        }
    }

    /// Whether a mark of this name is in the block, as far as is known.
    fn may_have_mark(&self, name: &MarkName) -> bool {
        let has = |marks: &Vec<String>| marks.iter().any(|mark| mark == name.as_str());
        self.marks.as_ref().is_none_or(has)
    }
}

/// Makes the zones of a log that it is shown from the first entry on.
#[derive(Debug, Default)]
pub struct Zoner {
    counters: Counters,
    zone: Option<Zone>,
}

impl Zoner {
    /// Goes on behind a block, where there are zones up to it already.
    pub fn behind(zone: &Zone) -> Self {
        Self { counters: zone.counters(), zone: None }
    }

    /// Takes a moment in. With the last entry of a sealed block, the block's zone.
    ///
    /// Cost: some tens of nanoseconds for a command, less for other entries.
    pub fn see(&mut self, moment: &Moment<'_>) -> Option<Zone> {
        self.counters.count(moment);
        let is_first = self.zone.is_none();
        let zone = self.zone.get_or_insert_with(|| Zone::new(moment.number));
        zone.last = moment.number;
        let mut look = Look {
            engine: moment.engine,
            number: moment.number,
            entry: Some(moment.entry),
            trade: None,
            counters: &self.counters,
            seen: &[],
            captured: &[],
        };
        // Without events the state is the one that was looked at last.
        if is_first || !moment.events.is_empty() {
            include(&mut zone.state, &STATE, &look);
            zone.include_depths(moment.engine);
            for (flag, (truth, falsehood)) in FLAGS.iter().zip(&mut zone.flags) {
                *(if flag.holds(moment.engine) { truth } else { falsehood }) = true;
            }
        }
        include(&mut zone.entry, &ENTRY, &look);
        for trade in moment.events.iter().filter_map(Trade::of) {
            look.trade = Some(trade);
            include(&mut zone.trade, &TRADE, &look);
            match trade.side {
                Side::Buy => zone.takers.0 = true,
                Side::Sell => zone.takers.1 = true,
            }
        }
        if let Entry::Mark(mark) = moment.entry {
            zone.include_mark(&mark.name);
        }
        zone.include_accounts(moment);
        if moment.closes.is_some() { self.close() } else { None }
    }

    /// The zone of the entries since the last one; `None` where there are none. [`Zoner::see`] ends
    /// zones where blocks end.
    pub fn close(&mut self) -> Option<Zone> {
        let mut zone = self.zone.take()?;
        let Counters { trades, volume, placed, cancelled, rejected } = self.counters;
        zone.counters = [trades.into(), volume, placed.into(), cancelled.into(), rejected.into()];
        Some(zone)
    }
}

fn include(ranges: &mut [Range], terms: &[Term], look: &Look<'_>) {
    for (range, term) in ranges.iter_mut().zip(terms) {
        range.include(term.value(look));
    }
}

impl Zone {
    fn include_depths(&mut self, engine: &Engine) {
        for (side, ranges) in [Side::Buy, Side::Sell].into_iter().zip(&mut self.depths) {
            let (mut levels, mut before, mut sum) = (engine.levels(side), 0, 0_i128);
            for (depth, range) in DEPTHS.iter().zip(ranges) {
                let count = look::index(depth - before);
                sum += levels.by_ref().take(count).map(|level| i128::from(level.qty)).sum::<i128>();
                before = *depth;
                range.include(Some(sum));
            }
        }
    }

    fn include_mark(&mut self, name: &MarkName) {
        let Some(marks) = &mut self.marks else { return };
        if marks.iter().any(|mark| mark == name.as_str()) {
            return;
        }
        if marks.len() == KEPT_MAX {
            self.marks = None;
        } else {
            marks.push(name.as_str().to_owned());
        }
    }

    /// Takes in the accounts that an entry may have changed.
    fn include_accounts(&mut self, moment: &Moment<'_>) {
        let Entry::Command(command) = moment.entry else { return };
        if let Some(client) = look::client(moment.entry) {
            self.include_account(client, moment.engine);
        }
        let mut is_triggered = matches!(command, Command::Uncross);
        for event in moment.events {
            match *event {
                Event::Traded { maker_client, taker_client, .. } => {
                    self.include_account(maker_client, moment.engine);
                    self.include_account(taker_client, moment.engine);
                }
                Event::Cancelled { client, .. } => self.include_account(client, moment.engine),
                Event::Triggered { .. } => is_triggered = true,
                // It names no client, who may be another one than the command's.
                Event::Decremented { .. } if is_triggered => self.holdings = None,
                Event::Accepted { .. }
                | Event::Rejected { .. }
                | Event::Decremented { .. }
                | Event::Rested { .. }
                | Event::Refilled { .. }
                | Event::Reduced { .. }
                | Event::Replaced { .. }
                | Event::MassCancelled { .. }
                | Event::ClockMoved { .. }
                | Event::RuleChanged(_)
                | Event::Uncrossed { .. }
                | Event::BandHit { .. } => {}
            }
        }
    }

    fn include_account(&mut self, client: ClientId, engine: &Engine) {
        let Some(holdings) = &mut self.holdings else { return };
        if holdings.len() == KEPT_MAX && !holdings.contains_key(&client.0) {
            self.holdings = None;
            return;
        }
        let new = Holding { ranges: [Range::EMPTY; 4], last: Account::default() };
        let holding = holdings.entry(client.0).or_insert(new);
        holding.last = account(engine, client);
        for (range, value) in holding.ranges.iter_mut().zip(holding.last) {
            range.include(Some(value));
        }
    }
}

pub(crate) fn account(engine: &Engine, client: ClientId) -> Account {
    let account = engine.account(client);
    [account.position.into(), account.cash, account.open_buy.into(), account.open_sell.into()]
}
