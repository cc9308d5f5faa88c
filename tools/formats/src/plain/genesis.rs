//! The rows of a genesis, in any order of clients.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{ClientId, Endowment, Genesis, RuleChange, Rules};

use super::error::Wrong;
use super::fields::Fields;
use super::rules;

/// A genesis whose rows are being read. Clients are kept in order here: a genesis has them in a list,
/// where each of many rows would move all behind it.
pub(super) struct GenesisRows {
    genesis: Genesis,
    exempt: BTreeSet<ClientId>,
    endowments: BTreeMap<ClientId, Endowment>,
}

impl GenesisRows {
    /// An open market, ahead of the first row.
    pub(super) const fn new() -> Self {
        Self { genesis: Genesis::open(), exempt: BTreeSet::new(), endowments: BTreeMap::new() }
    }

    /// Takes a row.
    pub(super) fn read(&mut self, row: &str) -> Result<(), Wrong> {
        let mut fields = Fields::new(row)?;
        match fields.text("op").ok_or(Wrong::Missing("op"))? {
            "set_rule" => self.read_rule(&mut fields)?,
            "endow" => {
                let client = ClientId(fields.need("client")?);
                let endowment = Endowment {
                    client,
                    position: fields.key_number("position")?.unwrap_or(0),
                    cash: fields.key_number("cash")?.unwrap_or(0),
                };
                if self.endowments.insert(client, endowment).is_some() {
                    return Err(Wrong::EndowedTwice);
                }
            }
            _ => return Err(Wrong::Missing("time_ns")),
        }
        fields.end()
    }

    /// A `set_rule` row, where limits can be set too.
    fn read_rule(&mut self, fields: &mut Fields<'_>) -> Result<(), Wrong> {
        let rule = fields.key("rule").ok_or(Wrong::Missing("rule"))?;
        let limits = &mut self.genesis.limits;
        let limit = match rule {
            "orders_max" => &mut limits.orders_max,
            "clients_max" => &mut limits.clients_max,
            "levels_max" => &mut limits.levels_max,
            _ => {
                let change = rules::read(rule, fields)?;
                if let RuleChange::Exempt { client, exempt } = change {
                    self.exempt.remove(&client);
                    self.exempt.extend(exempt.then_some(client));
                }
                apply(change, &mut self.genesis.rules);
                return Ok(());
            }
        };
        *limit = fields.need_key("value")?;
        Ok(())
    }

    /// The genesis of all rows, not checked yet.
    pub(super) fn finish(self) -> Genesis {
        let exempt = self.exempt.into_iter().collect();
        let endowments = self.endowments.into_values().collect();
        Genesis { exempt, endowments, ..self.genesis }
    }
}

const fn apply(change: RuleChange, rules: &mut Rules) {
    match change {
        RuleChange::Tick(tick) => rules.tick = tick,
        RuleChange::Lot(lot) => rules.lot = lot,
        RuleChange::QtyMax(qty) => rules.qty_max = qty,
        RuleChange::PriceRange { min, max } => (rules.price_min, rules.price_max) = (min, max),
        RuleChange::PositionMax(position) => rules.position_max = position,
        RuleChange::State(state) => rules.state = state,
        RuleChange::ShortBan(ban) => rules.short_ban = ban,
        RuleChange::Tax(tax) => rules.tax = tax,
        RuleChange::Fees { maker, taker } => (rules.maker_fee, rules.taker_fee) = (maker, taker),
        RuleChange::Band(band) => rules.band = band,
        // No rule of all, but one of a client, which is kept apart.
        RuleChange::Exempt { .. } => {}
    }
}
