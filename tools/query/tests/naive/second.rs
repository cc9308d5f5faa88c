//! The second evaluator: slow, without memory, straight from what the help says.

use std::collections::BTreeMap;

use kernel::{Command, Engine, Event, MarketState, Side};
use replay::Entry;

use crate::history::{History, Trade};
use crate::language::{Number, Question, Truth};

/// Whether the question is true at the end of this history.
pub(crate) fn ask(question: &Question, history: &History, engine: &Engine) -> bool {
    if !question.is_about_trades() {
        return truth(&question.tree, history, None, engine);
    }
    let trades: Vec<Trade> = history.trades_of_last().collect();
    trades.into_iter().any(|trade| truth(&question.tree, history, Some(trade), engine))
}

fn truth(tree: &Truth, history: &History, trade: Option<Trade>, engine: &Engine) -> bool {
    let ask = |tree: &Truth| truth(tree, history, trade, engine);
    let value = |tree: &Number| number(tree, history, trade, engine);
    match tree {
        Truth::Word(text) => word(text, history, trade, engine),
        Truth::Exists(of) => value(of).is_some(),
        Truth::Not(of) => !ask(of),
        Truth::Both(left, right) => ask(left) & ask(right),
        Truth::Either(left, right) => ask(left) | ask(right),
        Truth::Compare(left, how, right) => {
            let (Some(left), Some(right)) = (value(left), value(right)) else { return false };
            match *how {
                "<" => left < right,
                "<=" => left <= right,
                ">" => left > right,
                ">=" => left >= right,
                "==" => left == right,
                "!=" => left != right,
                other => panic!("{other}"),
            }
        }
    }
}

fn word(text: &str, history: &History, trade: Option<Trade>, engine: &Engine) -> bool {
    let is_mark = |entry: &Entry, name: &str| matches!(entry, Entry::Mark(mark) if mark.name.as_str() == name);
    let state = engine.rules().state;
    match text {
        "true" => true,
        "false" => false,
        "halted" => state == MarketState::Halted,
        "auction" => state == MarketState::Auction,
        "continuous" => state == MarketState::Continuous,
        "short_ban" => engine.rules().short_ban,
        "trade.side == buy" => trade.unwrap().side == Side::Buy,
        "sell == trade.side" | "trade.side != buy" => trade.unwrap().side == Side::Sell,
        _ => {
            let (word, name) = text.strip_suffix(')').unwrap().split_once('(').unwrap();
            match word {
                "mark" => history.last().is_some_and(|entry| is_mark(entry, name)),
                "after" => history.entries().any(|entry| is_mark(entry, name)),
                other => panic!("{other}"),
            }
        }
    }
}

fn number(tree: &Number, history: &History, trade: Option<Trade>, engine: &Engine) -> Option<i128> {
    let value = |tree: &Number| number(tree, history, trade, engine);
    match tree {
        Number::Literal(literal) => Some(*literal),
        Number::Word(name) => term(name, history, trade, engine),
        Number::At(name, of) => {
            let (history, engine) = history.at_first(name)?;
            number(of, &history, None, engine)
        }
        Number::Minus(of) => 0_i128.checked_sub(value(of)?),
        Number::Two(left, how, right) => {
            let (left, right) = (value(left)?, value(right)?);
            match *how {
                "+" => left.checked_add(right),
                "-" => left.checked_sub(right),
                "*" => left.checked_mul(right),
                // Euclid's quotient by a positive number is the one rounded down.
                "/" if 0 < right => Some(left.div_euclid(right)),
                "/" if right < 0 => left.checked_neg()?.checked_div_euclid(right.checked_neg()?),
                "/" => None,
                other => panic!("{other}"),
            }
        }
    }
}

/// Displayed lots of a side by price, from its orders.
fn levels(engine: &Engine, side: &str) -> BTreeMap<u32, i128> {
    let side = if side == "bid" { Side::Buy } else { Side::Sell };
    let mut levels = BTreeMap::new();
    for order in engine.queue(side) {
        *levels.entry(order.price.ticks()).or_default() += i128::from(order.displayed.lots());
    }
    levels
}

/// The value of a number by its name.
pub(crate) fn term(
    name: &str,
    history: &History,
    trade: Option<Trade>,
    engine: &Engine,
) -> Option<i128> {
    if let Some((word, arguments)) = name.split_once('(') {
        let arguments = arguments.strip_suffix(')')?;
        return if let Some(client) = arguments.strip_prefix("client ") {
            of_client(word, client.parse().unwrap(), history, engine)
        } else {
            of_side(word, arguments, engine)
        };
    }
    let best_bid = || Some(i128::from(*levels(engine, "bid").last_key_value()?.0));
    let best_ask = || Some(i128::from(*levels(engine, "ask").first_key_value()?.0));
    let count = |is_wanted: fn(&Event) -> bool| {
        let events = history.events().filter(|event| is_wanted(event));
        i128::try_from(events.count()).ok()
    };
    match name {
        "spread" => Some(best_ask()? - best_bid()?),
        "best_bid" => best_bid(),
        "best_ask" => best_ask(),
        "mid2" => Some(best_bid()? + best_ask()?),
        "last_trade" => last_trade(history),
        "orders" => {
            let orders = engine.queue(Side::Buy).chain(engine.queue(Side::Sell));
            i128::try_from(orders.count()).ok()
        }
        "stops" => i128::try_from(engine.stops().count()).ok(),
        "taxes" => Some(engine.taxes()),
        "fees" => Some(engine.fees()),
        "time" | "step" => Some(clock(name, history)),
        "entry" => i128::try_from(history.len()).ok(),
        "placed" => {
            let is_place = |entry: &&Entry| matches!(entry, Entry::Command(Command::Place(_)));
            i128::try_from(history.entries().filter(is_place).count()).ok()
        }
        "trades" => count(|event| matches!(event, Event::Traded { .. })),
        "volume" => Some(history.trades().map(|trade| i128::from(trade.qty.lots())).sum()),
        "cancelled" => count(|event| matches!(event, Event::Cancelled { .. })),
        "rejected" => count(|event| matches!(event, Event::Rejected { .. })),
        "agent" | "client" => of_entry(name, history.last()?),
        "trade.qty" => Some(trade?.qty.lots().into()),
        "trade.price" => Some(trade?.price.ticks().into()),
        "trade.maker" => Some(trade?.maker.0.into()),
        "trade.taker" => Some(trade?.taker.0.into()),
        other => panic!("{other}"),
    }
}

fn last_trade(history: &History) -> Option<i128> {
    history.trades().last().map(|trade| trade.price.ticks().into())
}

fn clock(name: &str, history: &History) -> i128 {
    let moved = history.events().filter_map(|event| match *event {
        Event::ClockMoved { time, step } => Some(if name == "time" { time.0 } else { step.0 }),
        Event::Accepted { .. }
        | Event::Rejected { .. }
        | Event::Traded { .. }
        | Event::Decremented { .. }
        | Event::Rested { .. }
        | Event::Refilled { .. }
        | Event::Triggered { .. }
        | Event::Cancelled { .. }
        | Event::Reduced { .. }
        | Event::Replaced { .. }
        | Event::MassCancelled { .. }
        | Event::RuleChanged(_)
        | Event::Uncrossed { .. }
        | Event::BandHit { .. } => None,
    });
    moved.last().unwrap_or_default().into()
}

fn of_entry(name: &str, entry: &Entry) -> Option<i128> {
    let (agent, client) = match entry {
        Entry::Decision(decision) => (Some(decision.agent), None),
        Entry::Command(Command::Place(place)) => (None, Some(place.client.0)),
        Entry::Command(
            Command::Cancel { client, .. }
            | Command::Reduce { client, .. }
            | Command::Replace { client, .. }
            | Command::MassCancel { client },
        ) => (None, Some(client.0)),
        Entry::Command(Command::Clock { .. } | Command::SetRule(_) | Command::Uncross)
        | Entry::Mark(_)
        | Entry::Update(_)
        | Entry::End => (None, None),
    };
    (if name == "agent" { agent } else { client }).map(i128::from)
}

fn of_client(word: &str, client: u32, history: &History, engine: &Engine) -> Option<i128> {
    let account = engine.accounts().find(|account| account.client.0 == client);
    let position = account.map_or(0, |account| i128::from(account.position));
    let cash = account.map_or(0, |account| account.cash);
    // From the orders themselves, those that wait included.
    let open = |side: Side| {
        let resting = engine.queue(side).filter(|order| order.client.0 == client);
        let waiting = engine.stops().filter(|stop| stop.client.0 == client && stop.side == side);
        let lots = resting.map(|order| order.qty).chain(waiting.map(|stop| stop.qty));
        lots.map(|qty| i128::from(qty.lots())).sum::<i128>()
    };
    Some(match word {
        "position" => position,
        "cash" => cash,
        "equity" => cash + position * last_trade(history)? * 10_000,
        "open_buy" => open(Side::Buy),
        "open_sell" => open(Side::Sell),
        other => panic!("{other}"),
    })
}

fn of_side(word: &str, arguments: &str, engine: &Engine) -> Option<i128> {
    let (side, argument) = arguments.split_once(", ").unwrap_or((arguments, "0"));
    let levels = levels(engine, side);
    let argument: u32 = argument.parse().unwrap();
    match word {
        "levels" => i128::try_from(levels.len()).ok(),
        "qty" => Some(levels.get(&argument).copied().unwrap_or(0)),
        "depth" => {
            let lots: Vec<i128> = levels.values().copied().collect();
            let levels = argument as usize;
            Some(match side {
                "bid" => lots.iter().rev().take(levels).sum(),
                _ => lots.iter().take(levels).sum(),
            })
        }
        other => panic!("{other}"),
    }
}
