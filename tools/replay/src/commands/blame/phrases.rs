//! Sentences about orders, decisions, levels and trades.

use formats::render::{entry_text, event_text, order_text};
use kernel::{CancelReason, ClientId, Command, Event, OrderId, Price, Side};
use replay::Entry;
use replay::entry::DecisionEntry;

use super::super::names::{Names, client_of, mean_price};
use super::graph::{Clock, Level, Sight, Told, Trade};
use super::life::{End, Life};

/// Integers of an action that are shown.
const ACTION_SHOWN: usize = 16;
const NS_PER_S: u64 = 1_000_000_000;

/// When: the step, or the time in a log that counts no steps.
pub(super) fn clock_text((time, step): Clock) -> String {
    if step == 0 { format!("{} s", seconds(time)) } else { format!("step {step}") }
}

/// Nanoseconds in seconds, exactly.
pub(super) fn seconds(time_ns: u64) -> String {
    let (whole, part) = (time_ns / NS_PER_S, time_ns % NS_PER_S);
    let text = format!("{whole}.{part:09}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `entry 12, step 1, maker/1 (client 1)`.
pub(super) fn entry_head(told: &Told, names: Names) -> String {
    let by = match &told.entry {
        Entry::Command(Command::Clock { .. }) => ", the clock".to_owned(),
        Entry::Command(command) => client_of(command)
            .map_or_else(String::new, |client| format!(", by {}", names.client(client))),
        Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => String::new(),
    };
    format!("entry {}, {}{by}", told.number, clock_text(told.clock))
}

/// `#17 of maker/1 (client 1)`.
pub(super) fn order_name(order: OrderId, client: ClientId, names: Names) -> String {
    format!("#{order} of {}", names.client(client))
}

/// `1 lot`, `2 lots`.
pub(super) fn count(number: u64, what: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {what}{s}")
}

fn lots(number: impl Into<u64>) -> String {
    count(number.into(), "lot")
}

/// What an order is.
pub(super) fn order_head(life: &Life, names: Names) -> String {
    let (client, reference) = (life.place.client, life.place.reference);
    let name = format!("#{} ({client}:{reference}) of {}", life.order, names.client(client));
    format!("order {name}: {}", order_text(&life.place))
}

/// What became of an order, and how much of it traded.
pub(super) fn fate(life: &Life) -> String {
    let mut parts = vec![end_text(life)];
    if 0 < life.traded {
        let average = mean_price(life.notional, life.traded);
        let asked = u64::from(life.place.qty.lots()) + life.raised;
        parts.push(format!("traded {} of {} @ {average} on average", life.traded, lots(asked)));
    } else if !matches!(life.end, Some((.., End::Refused(_)))) {
        parts.push("nothing traded".to_owned());
    }
    if let Some((entry, (time, _))) = life.rested {
        let (until, (end, _)) = life.end.map_or(life.until, |(entry, clock, _)| (entry, clock));
        let (entries, time) = (until.saturating_sub(entry), end.saturating_sub(time));
        let verb = if life.is_ended() { "stood" } else { "has stood" };
        let entries = if entries == 1 { "1 entry" } else { &format!("{entries} entries") };
        parts.push(format!("{verb} in the book for {entries}, {} s", seconds(time)));
    }
    parts.join("; ")
}

fn end_text(life: &Life) -> String {
    let Some((entry, clock, end)) = life.end else {
        let (entry, _) = life.until;
        return match life.place.stop {
            Some(stop) if life.is_waiting => {
                format!(
                    "waits for its stop at {stop} behind entry {entry} with {}",
                    lots(life.open)
                )
            }
            Some(_) | None => format!("open with {} behind entry {entry}", lots(life.open)),
        };
    };
    let place = format!("in entry {entry}, {}", clock_text(clock));
    match end {
        End::Refused(reason) => format!("refused {place}: {reason}"),
        End::Filled => format!("filled {place}"),
        End::Decremented => format!("lost its last lots to its own client {place}"),
        End::Cancelled { lots: open, reason } => {
            format!("cancelled {place} with {} open: {reason}", lots(open))
        }
    }
}

/// What an event did to an order.
pub(super) fn done(event: &Event, life: &Life, names: Names) -> String {
    let is_buy = life.place.side == Side::Buy;
    match *event {
        Event::Accepted { .. } => "placed and accepted".to_owned(),
        Event::Rejected { reason, .. } => format!("refused: {reason}"),
        Event::Traded { maker, taker, maker_client, taker_client, price, qty, .. } => {
            let verb = if is_buy { "bought" } else { "sold" };
            let from = if is_buy { "from" } else { "to" };
            let other = if maker == life.order {
                format!("the taker {}", order_name(taker, taker_client, names))
            } else {
                format!("the maker {}", order_name(maker, maker_client, names))
            };
            format!("{verb} {qty} @ {price} {from} {other}")
        }
        Event::Decremented { maker, taker, qty } => {
            let other = if maker == life.order { taker } else { maker };
            format!(
                "lost {}, as did #{other} of its own client: self-trade prevention",
                lots(qty.lots())
            )
        }
        Event::Rested { price, qty, displayed, .. } if displayed == qty => {
            format!("rests with {qty} @ {price}, last of its level")
        }
        Event::Rested { price, qty, displayed, .. } => {
            format!("rests with {qty} @ {price}, showing {displayed}, last of its level")
        }
        Event::Refilled { displayed, open, .. } => {
            format!("shows {displayed} of {open} again, last of its level")
        }
        Event::Triggered { .. } => "its stop is triggered, and it arrives".to_owned(),
        Event::Cancelled { qty, reason, .. } => cancelled(qty.lots(), reason),
        Event::Reduced { by, open, .. } => format!("reduced by {by} to {open}, keeps its place"),
        Event::Replaced { price, qty, kept_priority, .. } => {
            let place = if kept_priority { "keeps its place" } else { "loses its place" };
            format!("replaced with {qty} @ {price}, {place}")
        }
        Event::BandHit { price, reference, .. } => {
            format!("would trade @ {price}, outside the band around {reference}: the market halts")
        }
        Event::MassCancelled { .. }
        | Event::ClockMoved { .. }
        | Event::RuleChanged(_)
        | Event::Uncrossed { .. } => event_text(event),
    }
}

fn cancelled(lots: u32, reason: CancelReason) -> String {
    match reason {
        CancelReason::Requested => format!("cancelled by its owner with {lots} open"),
        CancelReason::Mass => format!("cancelled with {lots} open, as all orders of its owner"),
        CancelReason::Remainder => format!("its rest of {lots} may not rest and is cancelled"),
        CancelReason::SelfTrade => {
            format!("cancelled with {lots} open, as it met its own client: self-trade prevention")
        }
        CancelReason::Expired => format!("expired with {lots} open"),
        CancelReason::Band => format!("its rest of {lots} is cancelled: price band"),
        CancelReason::NoRoom => format!("cancelled with {lots} open: the book has no level left"),
    }
}

/// Who decided what, and what there was to see.
pub(super) fn decision_text(told: &Told, decision: &DecisionEntry, names: Names) -> String {
    let DecisionEntry { agent, policy, action, commands, .. } = decision;
    let shown: Vec<_> = action.iter().take(ACTION_SHOWN).map(ToString::to_string).collect();
    let more = match action.len().saturating_sub(ACTION_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let commands = count(u64::from(*commands), "command");
    let sight = told.sight.as_ref().map_or_else(String::new, |sight| {
        let (market, position) = sight_text(sight);
        format!("; it saw {market} and held {position}")
    });
    let learned = names.chosen(decision).map_or_else(String::new, |words| format!(" ({words})"));
    format!(
        "decided by {} in entry {}: policy {policy}, action [{}]{more}{learned}, {commands}{sight}",
        names.decider(*agent),
        told.number,
        shown.join(" "),
    )
}

/// What a refused command found.
pub(super) fn found_text(sight: &Sight) -> String {
    let (market, position) = sight_text(sight);
    format!("the market then: {market}; its client held {position}")
}

/// The market and the position.
fn sight_text(sight: &Sight) -> (String, String) {
    let Sight { bid, ask, position } = *sight;
    let market = match (bid, ask) {
        (Some(bid), Some(ask)) => {
            let (low, high) = (i64::from(bid.ticks()), i64::from(ask.ticks()));
            let half = if (low + high) % 2 == 0 { "" } else { ".5" };
            let mid = i64::midpoint(low, high);
            format!("bid {bid}, ask {ask} (spread {}, mid {mid}{half})", high - low)
        }
        (Some(bid), None) => format!("bid {bid} and no ask"),
        (None, Some(ask)) => format!("ask {ask} and no bid"),
        (None, None) => "an empty book".to_owned(),
    };
    let s = if position == 1 { "" } else { "s" };
    (market, format!("{position} lot{s}"))
}

/// A level and how it stands.
pub(super) fn level_head(level: &Level) -> String {
    let Level { side, price, at, orders, better, best, .. } = *level;
    let name = side_name(side);
    let Some(price) = price else { return format!("no {name} behind entry {at}") };
    if orders == 0 {
        let best = best_text(best, name);
        return format!("no {name} @ {price} behind entry {at}; {best}");
    }
    let (shown, who) = (lots(level.lots), count(orders, "order"));
    let rank = match better {
        0 => format!("the best {name}"),
        1 => "1 level trades before it".to_owned(),
        _ => format!("{better} levels trade before it"),
    };
    format!("{name} {price} behind entry {at}: {shown} shown by {who}, {rank}")
}

/// The best price of a side.
pub(super) fn best_text(best: Option<Price>, name: &str) -> String {
    best.map_or_else(|| format!("there is no {name}"), |best| format!("the best {name} is {best}"))
}

pub(super) const fn side_name(side: Side) -> &'static str {
    match side {
        Side::Buy => "bid",
        Side::Sell => "ask",
    }
}

/// A trade: who, how much, at what price.
pub(super) fn trade_head(trade: &Trade, names: Names) -> String {
    let number = trade.number.map_or_else(|| "trade".to_owned(), |it| format!("trade {it}"));
    let Event::Traded { maker_client, taker_client, taker_side, price, qty, .. } = trade.event
    else {
        return number;
    };
    let (verb, from) = match taker_side {
        Side::Buy => ("bought", "from"),
        Side::Sell => ("sold", "to"),
    };
    format!(
        "{number} in entry {}, {}: {} {verb} {qty} @ {price} {from} {}",
        trade.entry,
        clock_text(trade.clock),
        names.client(taker_client),
        names.client(maker_client),
    )
}

/// Why a trade happened at its price, where no entry before it tells.
pub(super) fn price_text(trade: &Trade) -> String {
    let Event::Traded { taker_side, price, .. } = trade.event else { return String::new() };
    let name = side_name(taker_side.opposite());
    match (trade.cleared, trade.before) {
        (Some(cleared), _) => {
            format!("price: {cleared} clears the auction, the most lots that can trade")
        }
        (None, Some(before)) if before == price => {
            format!("price: the maker's, the best {name}")
        }
        (None, Some(before)) => format!(
            "price: the maker's; before the entry the best {name} was {before}, and what traded \
             before it in this entry took that away"
        ),
        (None, None) => "price: the maker's, which came to rest in this entry".to_owned(),
    }
}

/// An entry that changed a level.
pub(super) fn change_text(told: &Told, event: &Event, names: Names) -> String {
    format!("{}: {}", entry_head(told, names), event_text(event))
}

/// A mark, a rule or anything else that only stands beside.
pub(super) fn note_text(told: &Told) -> String {
    format!("entry {}, {}: {}", told.number, clock_text(told.clock), entry_text(&told.entry))
}

/// What a command asks for, once its client has been told.
pub(super) fn asked_text(told: &Told) -> String {
    if let Entry::Command(Command::Place(place)) = &told.entry {
        order_text(place)
    } else {
        entry_text(&told.entry)
    }
}
