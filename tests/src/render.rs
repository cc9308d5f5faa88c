//! Writes commands, events and state as lines of a script.

use kernel::{
    ClientId, Command, Engine, Event, Genesis, MarketState, OrderId, OrderKind, OrderView, Place,
    Qty, Reference, RuleChange, Rules, SelfTrade, Side, StopView, TimeInForce,
};

use crate::parse::Question;

/// A command as it stands in a script.
pub fn command(command: &Command) -> String {
    match *command {
        Command::Place(place) => format!("{} {}", place.client, place_words(&place)),
        Command::Cancel { client, order } => format!("{client} cancel #{order}"),
        Command::Reduce { client, order, by } => format!("{client} reduce #{order} by {by}"),
        Command::Replace { client, order, price, qty } => {
            format!("{client} replace #{order} {qty} @{price}")
        }
        Command::MassCancel { client } => format!("{client} mass-cancel"),
        Command::Clock { time, step } => format!("clock {time} step {step}"),
        Command::SetRule(change) => format!("rule {}", rule(change)),
        Command::Uncross => "uncross".to_owned(),
    }
}

/// The first lines of a script that starts from a genesis.
pub fn genesis(genesis: &Genesis) -> Vec<String> {
    let Genesis { limits, rules, exempt, endowments } = genesis;
    let changes = [
        (rules.tick != Rules::OPEN.tick, RuleChange::Tick(rules.tick)),
        (rules.lot != Rules::OPEN.lot, RuleChange::Lot(rules.lot)),
        (rules.qty_max != Rules::OPEN.qty_max, RuleChange::QtyMax(rules.qty_max)),
        (
            (rules.price_min, rules.price_max) != (Rules::OPEN.price_min, Rules::OPEN.price_max),
            RuleChange::PriceRange { min: rules.price_min, max: rules.price_max },
        ),
        (
            rules.position_max != Rules::OPEN.position_max,
            RuleChange::PositionMax(rules.position_max),
        ),
        (rules.state != Rules::OPEN.state, RuleChange::State(rules.state)),
        (rules.short_ban, RuleChange::ShortBan(true)),
        (rules.tax != 0, RuleChange::Tax(rules.tax)),
        (
            (rules.maker_fee, rules.taker_fee) != (Rules::OPEN.maker_fee, Rules::OPEN.taker_fee),
            RuleChange::Fees { maker: rules.maker_fee, taker: rules.taker_fee },
        ),
        (rules.band != 0, RuleChange::Band(rules.band)),
    ];
    let mut lines = vec![
        format!("genesis orders_max {}", limits.orders_max),
        format!("genesis clients_max {}", limits.clients_max),
        format!("genesis levels_max {}", limits.levels_max),
    ];
    let differing = changes.iter().filter(|(differs, _)| *differs);
    lines.extend(differing.map(|(_, change)| format!("genesis rule {}", rule(*change))));
    lines.extend(exempt.iter().map(|client| format!("exempt {client}")));
    lines.extend(endowments.iter().map(|endowment| {
        format!("endow {} {} {}", endowment.client, endowment.position, endowment.cash)
    }));
    lines
}

/// An event as it stands in a script, without the indentation.
pub fn event(event: &Event) -> String {
    match *event {
        Event::Accepted { order, client, reference } => {
            format!("accepted {}", owned(order, client, reference))
        }
        Event::Rejected { order: Some(order), reason } => format!("rejected #{order}: {reason}"),
        Event::Rejected { order: None, reason } => format!("rejected: {reason}"),
        Event::Traded {
            maker,
            taker,
            maker_client,
            taker_client,
            maker_reference,
            taker_reference,
            taker_side,
            price,
            qty,
        } => {
            let taker = owned(taker, taker_client, taker_reference);
            let maker = owned(maker, maker_client, maker_reference);
            match taker_side {
                Side::Buy => format!("{taker} buys {qty} @{price} from {maker}"),
                Side::Sell => format!("{taker} sells {qty} @{price} to {maker}"),
            }
        }
        Event::Decremented { maker, taker, qty } => {
            format!("decremented #{taker} and #{maker} by {qty}")
        }
        Event::Rested { order, side, price, qty, displayed } => {
            format!("rested #{order} {side} {qty} @{price}{}", shows(qty, displayed))
        }
        Event::Refilled { order, displayed, open } => {
            format!("refilled #{order}, shows {displayed} of {open}")
        }
        Event::Triggered { order } => format!("triggered #{order}"),
        Event::Cancelled { order, client, reference, qty, reason } => {
            format!("cancelled {}: {qty}, {reason}", owned(order, client, reference))
        }
        Event::Reduced { order, by, open } => format!("reduced #{order} by {by} to {open}"),
        Event::Replaced { order, price, qty, kept_priority } => {
            let place = if kept_priority { "kept" } else { "lost" };
            format!("replaced #{order} {qty} @{price}, place {place}")
        }
        Event::MassCancelled { client, orders } => {
            format!("mass-cancelled {client}: {orders} orders")
        }
        Event::ClockMoved { time, step } => format!("clock {time} step {step}"),
        Event::RuleChanged(change) => format!("changed {}", rule(change)),
        Event::Uncrossed { price: Some(price), qty } => format!("uncrossed {qty} @{price}"),
        Event::Uncrossed { price: None, qty } => format!("uncrossed {qty}"),
        Event::BandHit { order, price, reference } => {
            format!("band hit by #{order} @{price}, reference {reference}")
        }
    }
}

/// What a question answers, line by line.
pub fn answer(question: Question, engine: &Engine) -> Vec<String> {
    match question {
        Question::Book => {
            let queues = engine.queue(Side::Buy).chain(engine.queue(Side::Sell));
            queues.map(|order| order_line(&order)).collect()
        }
        Question::Levels => {
            let levels = |side| engine.levels(side).map(move |level| (side, level));
            let both = levels(Side::Buy).chain(levels(Side::Sell));
            both.map(|(side, level)| format!("{side} {} @{}", level.qty, level.price)).collect()
        }
        Question::Stops => engine.stops().map(|stop| stop_line(&stop)).collect(),
        Question::Last => {
            vec![engine.last_trade().map_or_else(|| "none".to_owned(), |price| format!("@{price}"))]
        }
        Question::Account(client) => {
            let account = engine.account(client);
            let exempt = if account.exempt { ", exempt" } else { "" };
            vec![format!(
                "position {}, cash {}, open buys {}, open sells {}{exempt}",
                account.position, account.cash, account.open_buy, account.open_sell
            )]
        }
        Question::Pots => vec![format!("taxes {}, fees {}", engine.taxes(), engine.fees())],
        Question::Now => {
            let (time, step, placed) = (engine.time(), engine.step(), engine.placed());
            vec![format!("time {time}, step {step}, placed {placed}")]
        }
    }
}

fn order_line(order: &OrderView) -> String {
    let owned = owned(order.order, order.client, order.reference);
    let post = if order.conduct.post_only { " post" } else { "" };
    let self_trade = self_trade(order.conduct.self_trade);
    let (side, qty, price, priority) = (order.side, order.qty, order.price, order.priority);
    let shows = shows(qty, order.displayed);
    format!("{side} {qty} @{price} {owned}, priority {priority}{post}{self_trade}{shows}")
}

fn stop_line(stop: &StopView) -> String {
    let &StopView { order, client, reference, side, qty, stop, limit, is_triggered } = stop;
    let owned = owned(order, client, reference);
    let limit = limit.map_or_else(|| "market".to_owned(), |price| format!("@{price}"));
    let triggered = if is_triggered { ", triggered" } else { "" };
    format!("{side} {qty} {limit} stop {stop} {owned}{triggered}")
}

/// The lots that an order shows, unless it shows all.
fn shows(open: Qty, displayed: Qty) -> String {
    if displayed == open { String::new() } else { format!(", shows {displayed}") }
}

fn place_words(place: &Place) -> String {
    let kind = match place.kind {
        OrderKind::Limit { price, post_only: false } => format!("@{price}"),
        OrderKind::Limit { price, post_only: true } => format!("@{price} post"),
        OrderKind::Market => "market".to_owned(),
        OrderKind::MarketToLimit => "to-limit".to_owned(),
    };
    let tif = match place.tif {
        TimeInForce::Gtc => String::new(),
        TimeInForce::Gtt(expiry) => format!(" gtt {expiry}"),
        TimeInForce::Ioc => " ioc".to_owned(),
        TimeInForce::Fok => " fok".to_owned(),
    };
    let display = place.display.map_or_else(String::new, |display| format!(" display {display}"));
    let stop = place.stop.map_or_else(String::new, |stop| format!(" stop {stop}"));
    let self_trade = self_trade(place.self_trade);
    let reference = reference(place.reference);
    let (side, qty) = (place.side, place.qty);
    format!("{side} {qty} {kind}{tif}{display}{stop}{self_trade}{reference}")
}

fn self_trade(choice: SelfTrade) -> &'static str {
    match choice {
        SelfTrade::Allow => "",
        SelfTrade::CancelNewest => " newest",
        SelfTrade::CancelOldest => " oldest",
        SelfTrade::CancelBoth => " both",
        SelfTrade::Decrement => " decrement",
    }
}

fn owned(order: OrderId, client: ClientId, number: Reference) -> String {
    format!("#{order} of {client}{}", reference(number))
}

fn reference(reference: Reference) -> String {
    if reference == Reference(0) { String::new() } else { format!(" ref {reference}") }
}

fn rule(change: RuleChange) -> String {
    let on = |on: bool| if on { "on" } else { "off" };
    match change {
        RuleChange::Tick(tick) => format!("tick {tick}"),
        RuleChange::Lot(lot) => format!("lot {lot}"),
        RuleChange::QtyMax(qty_max) => format!("qty_max {qty_max}"),
        RuleChange::PriceRange { min, max } => format!("prices {min}..{max}"),
        RuleChange::PositionMax(position_max) => format!("position_max {position_max}"),
        RuleChange::State(MarketState::Halted) => "halted".to_owned(),
        RuleChange::State(MarketState::Continuous) => "continuous".to_owned(),
        RuleChange::State(MarketState::Auction) => "auction".to_owned(),
        RuleChange::ShortBan(ban) => format!("ban {}", on(ban)),
        RuleChange::Exempt { client, exempt } => format!("exempt {client} {}", on(exempt)),
        RuleChange::Tax(tax) => format!("tax {tax}"),
        RuleChange::Fees { maker, taker } => format!("fees {maker} {taker}"),
        RuleChange::Band(band) => format!("band {band}"),
    }
}
