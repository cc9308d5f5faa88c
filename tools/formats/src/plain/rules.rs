//! Rules by name: how `set_rule` rows say them.

use kernel::{ClientId, Genesis, Limits, Ppm, RuleChange, Rules};

use super::error::Wrong;
use super::fields::{Fields, find, parse, parse_flag, parse_price, parse_qty, value};
use crate::words::{MARKET_STATES, word_of};

/// Reads the rule of a `set_rule` row.
pub(super) fn read(rule: &str, fields: &mut Fields<'_>) -> Result<RuleChange, Wrong> {
    if rule == "price_range" {
        let (min, max) = (text(fields, "min")?, text(fields, "max")?);
        return Ok(RuleChange::PriceRange {
            min: parse_price("min", min)?,
            max: parse_price("max", max)?,
        });
    }
    if rule == "fees" {
        let (maker, taker) = (text(fields, "maker")?, text(fields, "taker")?);
        return Ok(RuleChange::Fees {
            maker: parse_ppm("maker", maker)?,
            taker: parse_ppm("taker", taker)?,
        });
    }
    let found = text(fields, "value")?;
    Ok(match rule {
        "tick" => RuleChange::Tick(parse_price("value", found)?),
        "lot" => RuleChange::Lot(parse_qty("value", found)?),
        "qty_max" => RuleChange::QtyMax(parse_qty("value", found)?),
        "position_max" => RuleChange::PositionMax(parse("value", found)?),
        "state" => {
            RuleChange::State(find("value", found, MARKET_STATES, "continuous, halted or auction")?)
        }
        "short_ban" => RuleChange::ShortBan(parse_flag("value", found)?),
        "exempt" => RuleChange::Exempt {
            client: ClientId(fields.need("client")?),
            exempt: parse_flag("value", found)?,
        },
        "tax" => RuleChange::Tax(parse("value", found)?),
        "band" => RuleChange::Band(parse("value", found)?),
        _ => return Err(Wrong::UnknownRule(rule.to_owned())),
    })
}

/// The client column and the `extra` of a row that makes this change.
pub(super) fn write(change: RuleChange) -> (Option<ClientId>, String) {
    let extra = match change {
        RuleChange::Tick(tick) => format!("rule=tick value={tick}"),
        RuleChange::Lot(lot) => format!("rule=lot value={lot}"),
        RuleChange::QtyMax(qty) => format!("rule=qty_max value={qty}"),
        RuleChange::PriceRange { min, max } => format!("rule=price_range min={min} max={max}"),
        RuleChange::PositionMax(position) => format!("rule=position_max value={position}"),
        RuleChange::State(state) => {
            format!("rule=state value={}", word_of(MARKET_STATES, state))
        }
        RuleChange::ShortBan(ban) => format!("rule=short_ban value={}", u8::from(ban)),
        RuleChange::Exempt { client, exempt } => {
            return (Some(client), format!("rule=exempt value={}", u8::from(exempt)));
        }
        RuleChange::Tax(tax) => format!("rule=tax value={tax}"),
        RuleChange::Fees { maker, taker } => format!("rule=fees maker={maker} taker={taker}"),
        RuleChange::Band(band) => format!("rule=band value={band}"),
    };
    (None, extra)
}

/// The rows that make a genesis out of the default one, endowments left out.
pub(super) fn write_genesis(genesis: &Genesis) -> Vec<(Option<ClientId>, String)> {
    let (limits, standard) = (&genesis.limits, &Limits::DEFAULT);
    let mut rows = Vec::new();
    for (name, found, default) in [
        ("orders_max", limits.orders_max, standard.orders_max),
        ("clients_max", limits.clients_max, standard.clients_max),
        ("levels_max", limits.levels_max, standard.levels_max),
    ] {
        if found != default {
            rows.push((None, format!("rule={name} value={found}")));
        }
    }
    rows.extend(changes(&genesis.rules).into_iter().map(write));
    let exempt = genesis.exempt.iter();
    rows.extend(exempt.map(|client| write(RuleChange::Exempt { client: *client, exempt: true })));
    rows
}

/// The changes that make these rules out of the open ones.
fn changes(rules: &Rules) -> Vec<RuleChange> {
    let open = &Rules::OPEN;
    let price_range = RuleChange::PriceRange { min: rules.price_min, max: rules.price_max };
    let fees = RuleChange::Fees { maker: rules.maker_fee, taker: rules.taker_fee };
    let all = [
        (rules.tick != open.tick, RuleChange::Tick(rules.tick)),
        (rules.lot != open.lot, RuleChange::Lot(rules.lot)),
        (rules.qty_max != open.qty_max, RuleChange::QtyMax(rules.qty_max)),
        ((rules.price_min, rules.price_max) != (open.price_min, open.price_max), price_range),
        (rules.position_max != open.position_max, RuleChange::PositionMax(rules.position_max)),
        (rules.state != open.state, RuleChange::State(rules.state)),
        (rules.short_ban != open.short_ban, RuleChange::ShortBan(rules.short_ban)),
        (rules.tax != open.tax, RuleChange::Tax(rules.tax)),
        ((rules.maker_fee, rules.taker_fee) != (open.maker_fee, open.taker_fee), fees),
        (rules.band != open.band, RuleChange::Band(rules.band)),
    ];
    all.into_iter().filter(|(differs, _)| *differs).map(|(_, change)| change).collect()
}

fn text<'a>(fields: &mut Fields<'a>, key: &'static str) -> Result<&'a str, Wrong> {
    fields.key(key).ok_or(Wrong::Missing(key))
}

fn parse_ppm(field: &'static str, text: &str) -> Result<Ppm, Wrong> {
    let ppm = text.parse().ok().and_then(|parts| Ppm::new(parts).ok());
    ppm.ok_or_else(|| value(field, text, "a fee in ppm, -1000000 to 1000000"))
}
