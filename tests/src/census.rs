//! Counts which variants of commands and events a run has reached.

use std::collections::BTreeMap;

use kernel::{
    CancelReason, Command, Event, OrderKind, RejectReason, RuleChange, SelfTrade, TimeInForce,
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
    Place Cancel Reduce Replace MassCancel Clock SetRule);
names!(kind_name, KINDS, OrderKind: Limit Market MarketToLimit);
names!(tif_name, TIFS, TimeInForce: Gtc Ioc Fok);
names!(self_trade_name, SELF_TRADES, SelfTrade:
    Allow CancelNewest CancelOldest CancelBoth Decrement);
names!(rule_name, RULES, RuleChange:
    Tick Lot QtyMax PriceRange PositionMax State ShortBan Exempt Tax Fees);
names!(event_name, EVENTS, Event:
    Accepted Rejected Traded Decremented Rested Cancelled Reduced Replaced MassCancelled
    ClockMoved RuleChanged);
names!(cancel_name, CANCELS, CancelReason: Requested Mass Remainder SelfTrade);
names!(reject_name, REJECTS, RejectReason:
    UnknownClient UnknownOrder NotOwner Halted Unsupported QtyLimit LotSize PriceRange TickSize
    ShortSale PositionLimit NoLiquidity WouldTrade OrderLimit LevelLimit Unfillable TimeBackwards
    BadRule);

impl Census {
    /// Nothing met yet.
    pub fn new() -> Self {
        let lists = [COMMANDS, KINDS, TIFS, SELF_TRADES, RULES, EVENTS, CANCELS, REJECTS];
        Self { counts: lists.concat().into_iter().map(|name| (name, 0)).collect() }
    }

    /// Takes in a command and its events.
    pub fn count(&mut self, command: &Command, events: &[Event]) {
        let mut met = vec![command_name(command)];
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
            | Command::Clock { .. } => {}
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
                | Event::Reduced { .. }
                | Event::Replaced { .. }
                | Event::MassCancelled { .. }
                | Event::ClockMoved { .. }
                | Event::RuleChanged(_) => {}
            }
        }
        for name in met {
            *self.counts.entry(name).or_default() += 1;
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

impl Default for Census {
    fn default() -> Self {
        Self::new()
    }
}
