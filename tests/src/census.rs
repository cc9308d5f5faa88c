//! Counts which variants of commands and events a run has reached.

use std::collections::BTreeMap;

use kernel::{
    CancelReason, Command, Event, MarketState, OrderKind, Place, RejectReason, RuleChange,
    SelfTrade, TimeInForce,
};

/// How often each variant was met; those that never were stand at 0.
#[derive(Clone, Debug)]
pub struct Census {
    counts: BTreeMap<&'static str, u64>,
}

/// A function that names a variant, and the list of all names. A new variant does not compile
/// until it stands here.
macro_rules! names {
    ($function:ident, $list:ident, $type:ident: $($variant:ident)+) => {
        const $list: &[&str] =
            &[$(concat!(stringify!($type), "::", stringify!($variant))),+];

        fn $function(value: &$type) -> &'static str {
            match value {
                $($type::$variant { .. } => {
                    concat!(stringify!($type), "::", stringify!($variant))
                })+
            }
        }
    };
}

names!(command_name, COMMANDS, Command:
    Place Cancel Reduce Replace MassCancel Clock SetRule Uncross);
names!(kind_name, KINDS, OrderKind: Limit Market MarketToLimit);
names!(tif_name, TIFS, TimeInForce: Gtc Gtt Ioc Fok);
names!(self_trade_name, SELF_TRADES, SelfTrade:
    Allow CancelNewest CancelOldest CancelBoth Decrement);
names!(rule_name, RULES, RuleChange:
    Tick Lot QtyMax PriceRange PositionMax State ShortBan Exempt Tax Fees Band);
names!(state_name, STATES, MarketState: Continuous Halted Auction);
names!(event_name, EVENTS, Event:
    Accepted Rejected Traded Decremented Rested Refilled Triggered Cancelled Reduced Replaced
    MassCancelled ClockMoved RuleChanged Uncrossed BandHit);
names!(cancel_name, CANCELS, CancelReason: Requested Mass Remainder SelfTrade Expired Band NoRoom);
names!(reject_name, REJECTS, RejectReason:
    UnknownClient UnknownOrder NotOwner Halted Unsupported QtyLimit LotSize PriceRange TickSize
    ShortSale PositionLimit NoLiquidity WouldTrade OrderLimit LevelLimit Unfillable TimeBackwards
    BadRule Expired Display WrongState);

/// What is no variant of its own: turns that a run must have taken as well.
const TURNS: &[&str] = &[
    "accepted with display",
    "accepted with stop",
    "uncrossed at a price",
    "uncrossed at no price",
    "uncrossed by a rule",
    "two stops in one cascade",
    "stop triggered on arrival",
    "stop halted by the band",
    "stop rested in an auction",
    "iceberg refilled by a decrement",
    "iceberg replaced",
];

impl Census {
    /// Nothing met yet.
    pub fn new() -> Self {
        let lists =
            [COMMANDS, KINDS, TIFS, SELF_TRADES, RULES, STATES, EVENTS, CANCELS, REJECTS, TURNS];
        Self { counts: lists.concat().into_iter().map(|name| (name, 0)).collect() }
    }

    /// Takes in a command, the market's state before it, and its events.
    pub fn count(&mut self, command: &Command, state: MarketState, events: &[Event]) {
        let mut met = vec![command_name(command), state_name(&state)];
        met.extend(turns(command, state, events));
        match command {
            Command::Place(place) => met.extend([
                kind_name(&place.kind),
                tif_name(&place.tif),
                self_trade_name(&place.self_trade),
            ]),
            Command::SetRule(change) => met.push(rule_name(change)),
            Command::Cancel { .. }
            | Command::Reduce { .. }
            | Command::Replace { .. }
            | Command::MassCancel { .. }
            | Command::Clock { .. }
            | Command::Uncross => {}
        }
        for event in events {
            met.push(event_name(event));
            match event {
                Event::Rejected { reason, .. } => met.push(reject_name(reason)),
                Event::Cancelled { reason, .. } => met.push(cancel_name(reason)),
                Event::Accepted { .. }
                | Event::Traded { .. }
                | Event::Decremented { .. }
                | Event::Rested { .. }
                | Event::Refilled { .. }
                | Event::Triggered { .. }
                | Event::Reduced { .. }
                | Event::Replaced { .. }
                | Event::MassCancelled { .. }
                | Event::ClockMoved { .. }
                | Event::RuleChanged(_)
                | Event::Uncrossed { .. }
                | Event::BandHit { .. } => {}
            }
        }
        for name in met {
            *self.counts.entry(name).or_default() += 1;
        }
    }

    /// Takes in what another run met.
    pub fn add(&mut self, other: &Self) {
        for (name, count) in &other.counts {
            *self.counts.entry(name).or_default() += count;
        }
    }

    /// The names met fewer than `times` times.
    pub fn rarer_than(&self, times: u64) -> Vec<&'static str> {
        self.counts.iter().filter(|(_, count)| **count < times).map(|(name, _)| *name).collect()
    }

    /// A line for each name.
    pub fn table(&self) -> String {
        let lines = self.counts.iter().map(|(name, count)| format!("{count:>9}  {name}"));
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The turns that a command took.
fn turns(command: &Command, state: MarketState, events: &[Event]) -> Vec<&'static str> {
    let mut turns = Vec::new();
    let mut when = |taken: bool, turn| turns.extend(taken.then_some(turn));
    let any = |is: fn(&Event) -> bool| events.iter().any(is);
    let after = |first: fn(&Event) -> bool, then: fn(&Event) -> bool| {
        events.windows(2).any(|pair| first(&pair[0]) && then(&pair[1]))
    };
    let is_triggered = |event: &Event| matches!(event, Event::Triggered { .. });
    let is_accepted = any(|event| matches!(event, Event::Accepted { .. }));
    if let Command::Place(Place { display, stop, .. }) = command {
        when(is_accepted && display.is_some(), TURNS[0]);
        when(is_accepted && stop.is_some(), TURNS[1]);
        when(stop.is_some() && any(is_triggered), TURNS[6]);
    }
    let is_priced = any(|event| matches!(event, Event::Uncrossed { price: Some(_), .. }));
    when(is_priced, TURNS[2]);
    when(any(|event| matches!(event, Event::Uncrossed { price: None, .. })), TURNS[3]);
    when(is_priced && matches!(command, Command::SetRule(_)), TURNS[4]);
    when(1 < events.iter().filter(|event| is_triggered(event)).count(), TURNS[5]);
    when(after(is_triggered, |event| matches!(event, Event::BandHit { .. })), TURNS[7]);
    let rested = after(is_triggered, |event| matches!(event, Event::Rested { .. }));
    when(rested && state == MarketState::Auction, TURNS[8]);
    let is_decremented = |event: &Event| matches!(event, Event::Decremented { .. });
    when(after(is_decremented, |event| matches!(event, Event::Refilled { .. })), TURNS[9]);
    let is_replaced = any(|event| matches!(event, Event::Replaced { .. }));
    let shows_less =
        any(|event| matches!(event, Event::Rested { qty, displayed, .. } if displayed < qty));
    when(is_replaced && shows_less, TURNS[10]);
    turns
}

impl Default for Census {
    fn default() -> Self {
        Self::new()
    }
}
