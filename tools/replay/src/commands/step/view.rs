//! All that is drawn of one moment, taken out of the market when it is reached: what the seeker does
//! later, on the way of a search, does not disturb the screen.

use std::collections::{BTreeMap, BTreeSet};

use formats::state::{is_used, spread_text};
use kernel::{
    AccountView, CASH_PER_TICK_LOT, Cash, ClientId, Command, Engine, Event, LevelView, Price,
    Rules, Side, Step, TimeNs,
};
use replay::Entry;

use super::follow::{Followed, FollowedView};
use super::session::TapeTrade;
use crate::commands::names::client_of;

/// Levels of each side that are taken: more than any screen has rows.
const LEVELS: usize = 500;
/// Accounts that are taken from where the list is scrolled to.
const ACCOUNTS: usize = 500;

/// An occupied level, and what the present entry did to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Level {
    pub(super) price: Price,
    pub(super) qty: u64,
    /// Lots more than before the entry.
    pub(super) change: i128,
}

/// The displayed lots of the best levels.
#[derive(Clone, Debug, Default)]
pub(super) struct Ladder {
    bids: BTreeMap<Price, u64>,
    asks: BTreeMap<Price, u64>,
}

impl Ladder {
    pub(super) fn of(engine: &Engine) -> Self {
        let side = |side| {
            let levels = engine.levels(side).take(LEVELS * 2);
            levels.map(|level| (level.price, level.qty)).collect()
        };
        Self { bids: side(Side::Buy), asks: side(Side::Sell) }
    }

    fn changed(&self, engine: &Engine, side: Side) -> Vec<Level> {
        let before = if side == Side::Buy { &self.bids } else { &self.asks };
        let level = |level: LevelView| {
            let old = before.get(&level.price).copied().unwrap_or(0);
            let change = i128::from(level.qty) - i128::from(old);
            Level { price: level.price, qty: level.qty, change }
        };
        engine.levels(side).take(LEVELS).map(level).collect()
    }
}

/// A client's account as it is listed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    pub(super) view: AccountView,
    pub(super) equity: Option<Cash>,
    /// Whether the present entry is about this client.
    pub(super) is_concerned: bool,
}

/// One moment.
pub(super) struct View {
    pub(super) number: u64,
    /// `None` before the first.
    pub(super) entry: Option<Entry>,
    pub(super) events: Vec<Event>,
    pub(super) block: u64,
    pub(super) time: TimeNs,
    pub(super) step: Step,
    pub(super) rules: Rules,
    pub(super) spread: String,
    pub(super) last_trade: Option<Price>,
    /// The id that orders have come to.
    pub(super) placed: u64,
    pub(super) resting: (u32, u32, u32),
    pub(super) bids: Vec<Level>,
    pub(super) asks: Vec<Level>,
    /// The latest last.
    pub(super) tape: Vec<TapeTrade>,
    /// Of whom the followed one is first, then those concerned, then the others by number.
    pub(super) accounts: Vec<Account>,
    pub(super) accounts_used: usize,
    pub(super) followed: Option<FollowedView>,
}

/// Where a view stands in the log, and what of it is wanted.
pub(super) struct Wanted<'a> {
    pub(super) number: u64,
    pub(super) block: u64,
    pub(super) applied: Option<(Entry, Vec<Event>)>,
    pub(super) before: &'a Ladder,
    pub(super) tape: Vec<TapeTrade>,
    pub(super) followed: Option<Followed>,
    pub(super) scroll: usize,
}

impl View {
    pub(super) fn of(engine: &Engine, wanted: Wanted<'_>) -> Self {
        let Wanted { number, block, applied, before, tape, followed, scroll } = wanted;
        let (entry, events) =
            applied.map_or((None, Vec::new()), |(entry, events)| (Some(entry), events));
        let concerned = entry.as_ref().map_or_else(BTreeSet::new, |it| concerned(it, &events));
        let client = match followed {
            Some(Followed::Client(client)) => Some(client),
            Some(Followed::Order(_)) | None => None,
        };
        let (accounts, accounts_used) = accounts(engine, client, &concerned, scroll);
        Self {
            number,
            entry,
            events,
            block,
            time: engine.time(),
            step: engine.step(),
            rules: *engine.rules(),
            spread: spread_text(engine),
            last_trade: engine.last_trade(),
            placed: engine.placed(),
            resting: (engine.orders_live(), engine.levels_live(), engine.orders_waiting()),
            bids: before.changed(engine, Side::Buy),
            asks: before.changed(engine, Side::Sell),
            tape,
            accounts,
            accounts_used,
            followed: followed.map(|it| FollowedView::of(it, engine)),
        }
    }
}

/// Clients that an entry is about.
pub(super) fn concerned(entry: &Entry, events: &[Event]) -> BTreeSet<ClientId> {
    let mut clients = BTreeSet::new();
    match entry {
        Entry::Command(command) => clients.extend(client_of(command)),
        Entry::Decision(decision) => {
            clients.insert(ClientId(decision.agent));
        }
        Entry::Mark(_) | Entry::Update(_) | Entry::End => {}
    }
    if let Entry::Command(Command::SetRule(kernel::RuleChange::Exempt { client, .. })) = entry {
        clients.insert(*client);
    }
    for event in events {
        match event {
            Event::Accepted { client, .. }
            | Event::Cancelled { client, .. }
            | Event::MassCancelled { client, .. } => {
                clients.insert(*client);
            }
            Event::Traded { maker_client, taker_client, .. } => {
                clients.extend([*maker_client, *taker_client]);
            }
            Event::Rejected { .. }
            | Event::Decremented { .. }
            | Event::Rested { .. }
            | Event::Refilled { .. }
            | Event::Triggered { .. }
            | Event::Reduced { .. }
            | Event::Replaced { .. }
            | Event::ClockMoved { .. }
            | Event::RuleChanged(_)
            | Event::Uncrossed { .. }
            | Event::BandHit { .. } => {}
        }
    }
    clients
}

/// Accounts in the order in which they are listed, and how many there are.
fn accounts(
    engine: &Engine,
    followed: Option<ClientId>,
    concerned: &BTreeSet<ClientId>,
    scroll: usize,
) -> (Vec<Account>, usize) {
    let used: Vec<_> = engine.accounts().filter(is_used).collect();
    let account = |view: AccountView| Account {
        view,
        equity: equity(engine, &view),
        is_concerned: concerned.contains(&view.client),
    };
    let is_first = |client: ClientId| followed == Some(client) || concerned.contains(&client);
    let first = concerned.iter().copied().filter(|client| followed != Some(*client));
    let first = followed.into_iter().chain(first).map(|client| engine.account(client));
    let first = first.filter(|view| is_used(view) || followed == Some(view.client));
    let others = used.iter().copied().filter(|view| !is_first(view.client));
    let len = used.len();
    (first.chain(others).skip(scroll).take(ACCOUNTS).map(account).collect(), len)
}

/// What a client would own if it sold all at the price of the last trade.
pub(super) fn equity(engine: &Engine, account: &AccountView) -> Option<Cash> {
    let price = Cash::from(engine.last_trade()?.ticks());
    let held = Cash::from(account.position).checked_mul(price)?.checked_mul(CASH_PER_TICK_LOT)?;
    account.cash.checked_add(held)
}
