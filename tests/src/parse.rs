//! Reads one line of a script; [`script`](crate::script) describes the language.

use std::str::FromStr;

use kernel::{
    Cash, ClientId, Command, Endowment, Genesis, MarketState, OrderId, OrderKind, Place, Ppm,
    Price, Qty, Reference, RuleChange, SelfTrade, Side, Step, TimeInForce, TimeNs,
};

/// A line of a script.
#[derive(Clone, Copy, Debug)]
pub enum Line {
    /// Empty or a comment.
    Free,
    /// Part of the genesis.
    Genesis(GenesisChange),
    /// A command for both kernels.
    Command(Command),
    /// A question about the state.
    Question(Question),
}

/// What a line says about the genesis.
#[derive(Clone, Copy, Debug)]
pub enum GenesisChange {
    /// `genesis orders_max 2`
    OrdersMax(u32),
    /// `genesis clients_max 2`
    ClientsMax(u32),
    /// `genesis levels_max 2`
    LevelsMax(u32),
    /// `genesis rule tick 5`
    Rule(RuleChange),
    /// `exempt 3`
    Exempt(ClientId),
    /// `endow 1 100 -5000`
    Endow(Endowment),
}

/// What a script can ask of the state.
#[derive(Clone, Copy, Debug)]
pub enum Question {
    /// Every resting order.
    Book,
    /// Every level, with the lots that it shows.
    Levels,
    /// Every order that waits for its stop.
    Stops,
    /// Price of the last trade.
    Last,
    /// One account.
    Account(ClientId),
    /// Taxes and fees.
    Pots,
    /// Time, step and Place commands so far.
    Now,
}

impl GenesisChange {
    /// Makes the change.
    pub fn apply(self, genesis: &mut Genesis) {
        let rules = &mut genesis.rules;
        match self {
            Self::OrdersMax(orders_max) => genesis.limits.orders_max = orders_max,
            Self::ClientsMax(clients_max) => genesis.limits.clients_max = clients_max,
            Self::LevelsMax(levels_max) => genesis.limits.levels_max = levels_max,
            Self::Exempt(client) => genesis.exempt.push(client),
            Self::Endow(endowment) => genesis.endowments.push(endowment),
            Self::Rule(change) => match change {
                RuleChange::Tick(tick) => rules.tick = tick,
                RuleChange::Lot(lot) => rules.lot = lot,
                RuleChange::QtyMax(qty_max) => rules.qty_max = qty_max,
                RuleChange::PriceRange { min, max } => {
                    (rules.price_min, rules.price_max) = (min, max);
                }
                RuleChange::PositionMax(position_max) => rules.position_max = position_max,
                RuleChange::State(state) => rules.state = state,
                RuleChange::ShortBan(short_ban) => rules.short_ban = short_ban,
                RuleChange::Exempt { client, .. } => genesis.exempt.push(client),
                RuleChange::Tax(tax) => rules.tax = tax,
                RuleChange::Fees { maker, taker } => {
                    (rules.maker_fee, rules.taker_fee) = (maker, taker);
                }
                RuleChange::Band(band) => rules.band = band,
            },
        }
    }
}

type Parsed<T> = Result<T, String>;

/// Reads a line that stands at column 0.
///
/// # Errors
/// What is wrong with it, in words.
pub fn line(line: &str) -> Parsed<Line> {
    let words: Vec<&str> = line.split_whitespace().collect();
    Ok(match words[..] {
        [] => Line::Free,
        [first, ..] if first.starts_with("//") => Line::Free,
        ["genesis", "orders_max", n] => Line::Genesis(GenesisChange::OrdersMax(number(n)?)),
        ["genesis", "clients_max", n] => Line::Genesis(GenesisChange::ClientsMax(number(n)?)),
        ["genesis", "levels_max", n] => Line::Genesis(GenesisChange::LevelsMax(number(n)?)),
        ["genesis", "rule", ref change @ ..] => Line::Genesis(GenesisChange::Rule(rule(change)?)),
        ["exempt", client] => Line::Genesis(GenesisChange::Exempt(ClientId(number(client)?))),
        ["endow", client, position, cash] => Line::Genesis(GenesisChange::Endow(Endowment {
            client: ClientId(number(client)?),
            position: number(position)?,
            cash: number::<Cash>(cash)?,
        })),
        ["book"] => Line::Question(Question::Book),
        ["levels"] => Line::Question(Question::Levels),
        ["stops"] => Line::Question(Question::Stops),
        ["last"] => Line::Question(Question::Last),
        ["account", client] => Line::Question(Question::Account(ClientId(number(client)?))),
        ["pots"] => Line::Question(Question::Pots),
        ["now"] => Line::Question(Question::Now),
        ["clock", time, "step", step] => {
            Line::Command(Command::Clock { time: TimeNs(number(time)?), step: Step(number(step)?) })
        }
        ["rule", ref change @ ..] => Line::Command(Command::SetRule(rule(change)?)),
        ["uncross"] => Line::Command(Command::Uncross),
        [client, ref command @ ..] => {
            Line::Command(clients_command(ClientId(number(client)?), command)?)
        }
    })
}

fn clients_command(client: ClientId, words: &[&str]) -> Parsed<Command> {
    Ok(match *words {
        ["buy", ref order @ ..] => place(client, Side::Buy, order)?,
        ["sell", ref order @ ..] => place(client, Side::Sell, order)?,
        ["cancel", order] => Command::Cancel { client, order: order_id(order)? },
        ["reduce", order, "by", by] => {
            Command::Reduce { client, order: order_id(order)?, by: quantity(by)? }
        }
        ["replace", order, qty, at] => Command::Replace {
            client,
            order: order_id(order)?,
            price: price(after('@', at)?)?,
            qty: quantity(qty)?,
        },
        ["mass-cancel"] => Command::MassCancel { client },
        _ => return Err("no such command".to_owned()),
    })
}

fn place(client: ClientId, side: Side, words: &[&str]) -> Parsed<Command> {
    let [qty, kind, options @ ..] = words else {
        return Err("an order has a quantity and a kind".to_owned());
    };
    let post_only = options.contains(&"post");
    let mut place = Place {
        client,
        reference: Reference(0),
        side,
        qty: quantity(qty)?,
        kind: match *kind {
            "market" => OrderKind::Market,
            "to-limit" => OrderKind::MarketToLimit,
            at => OrderKind::Limit { price: price(after('@', at)?)?, post_only },
        },
        tif: TimeInForce::Gtc,
        display: None,
        stop: None,
        self_trade: SelfTrade::Allow,
    };
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match *option {
            "post" => {}
            "ioc" => place.tif = TimeInForce::Ioc,
            "fok" => place.tif = TimeInForce::Fok,
            "newest" => place.self_trade = SelfTrade::CancelNewest,
            "oldest" => place.self_trade = SelfTrade::CancelOldest,
            "both" => place.self_trade = SelfTrade::CancelBoth,
            "decrement" => place.self_trade = SelfTrade::Decrement,
            "gtt" => place.tif = TimeInForce::Gtt(TimeNs(number(following(&mut options)?)?)),
            "display" => place.display = Some(quantity(following(&mut options)?)?),
            "stop" => place.stop = Some(price(following(&mut options)?)?),
            "ref" => place.reference = Reference(number(following(&mut options)?)?),
            other => return Err(format!("no such option: {other}")),
        }
    }
    Ok(Command::Place(place))
}

fn following<'a>(options: &mut std::slice::Iter<'_, &'a str>) -> Parsed<&'a str> {
    options.next().copied().ok_or_else(|| "a number follows the last word".to_owned())
}

fn rule(words: &[&str]) -> Parsed<RuleChange> {
    let is_on = |word: &str| match word {
        "on" => Ok(true),
        "off" => Ok(false),
        other => Err(format!("neither on nor off: {other}")),
    };
    let fee = |word: &str| Ppm::new(number(word)?).map_err(|error| error.to_string());
    Ok(match *words {
        ["tick", tick] => RuleChange::Tick(price(tick)?),
        ["lot", lot] => RuleChange::Lot(quantity(lot)?),
        ["qty_max", qty_max] => RuleChange::QtyMax(quantity(qty_max)?),
        ["prices", range] => {
            let (min, max) = range.split_once("..").ok_or("a price range has two dots")?;
            RuleChange::PriceRange { min: price(min)?, max: price(max)? }
        }
        ["position_max", position_max] => RuleChange::PositionMax(number(position_max)?),
        ["halted"] => RuleChange::State(MarketState::Halted),
        ["continuous"] => RuleChange::State(MarketState::Continuous),
        ["auction"] => RuleChange::State(MarketState::Auction),
        ["ban", on] => RuleChange::ShortBan(is_on(on)?),
        ["exempt", client, on] => {
            RuleChange::Exempt { client: ClientId(number(client)?), exempt: is_on(on)? }
        }
        ["tax", tax] => RuleChange::Tax(number(tax)?),
        ["fees", maker, taker] => RuleChange::Fees { maker: fee(maker)?, taker: fee(taker)? },
        ["band", band] => RuleChange::Band(number(band)?),
        _ => return Err("no such rule".to_owned()),
    })
}

fn after(mark: char, word: &str) -> Parsed<&str> {
    word.strip_prefix(mark).ok_or_else(|| format!("{word} does not start with {mark}"))
}

fn number<T: FromStr>(word: &str) -> Parsed<T> {
    word.replace('_', "").parse().map_err(|_| format!("not a number of its kind: {word}"))
}

fn order_id(word: &str) -> Parsed<OrderId> {
    Ok(OrderId(number(after('#', word)?)?))
}

fn price(word: &str) -> Parsed<Price> {
    Price::new(number(word)?).map_err(|error| error.to_string())
}

fn quantity(word: &str) -> Parsed<Qty> {
    Qty::new(number(word)?).map_err(|error| error.to_string())
}
