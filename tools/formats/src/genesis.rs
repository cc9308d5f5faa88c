//! What a log starts from, as rows of name and value, and how two of them differ.

use std::collections::BTreeMap;

use replay::Genesis;

use crate::state::{cash_text, rules_text};

/// A row of one genesis that the other has otherwise, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenesisChange {
    /// What it is about.
    pub name: String,
    /// In the first; `None` where it has no such row.
    pub a: Option<String>,
    /// In the second.
    pub b: Option<String>,
}

/// Everything of a genesis, in the order in which it is told. Texts of a foreign log are escaped.
pub fn rows(genesis: &Genesis) -> Vec<(String, String)> {
    let market = &genesis.market;
    let limits = &market.limits;
    let mut rows = vec![
        ("producer".to_owned(), genesis.producer.escape_debug().to_string()),
        ("seed".to_owned(), genesis.seed.to_string()),
        ("orders_max".to_owned(), limits.orders_max.to_string()),
        ("levels_max".to_owned(), limits.levels_max.to_string()),
        ("clients_max".to_owned(), limits.clients_max.to_string()),
        ("rules".to_owned(), rules_text(&market.rules)),
    ];
    for client in &market.exempt {
        rows.push((format!("client {client}"), "exempt".to_owned()));
    }
    for endowment in &market.endowments {
        let holds = format!("{} lots, cash {}", endowment.position, cash_text(endowment.cash));
        rows.push((format!("endowment of client {}", endowment.client), holds));
    }
    for (key, value) in &genesis.parameters {
        rows.push((format!("parameter {}", key.escape_debug()), value.escape_debug().to_string()));
    }
    if let Some(parent) = genesis.parent {
        let words =
            format!("entry {} with head {}, seal {}", parent.entry, parent.head, parent.seal);
        rows.push(("parent".to_owned(), words));
    }
    rows
}

/// How two geneses differ, in the order of the first; then what only the second has.
pub fn changes(a: &Genesis, b: &Genesis) -> Vec<GenesisChange> {
    let mut of_b: BTreeMap<_, _> = rows(b).into_iter().collect();
    let mut changes = Vec::new();
    for (name, a) in rows(a) {
        let b = of_b.remove(&name);
        if b.as_ref() != Some(&a) {
            changes.push(GenesisChange { name, a: Some(a), b });
        }
    }
    changes.extend(of_b.into_iter().map(|(name, b)| GenesisChange { name, a: None, b: Some(b) }));
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_once() {
        let a = Genesis { seed: 1, ..Genesis::new(kernel::Genesis::open(), "one") };
        let mut b = Genesis { seed: 2, ..Genesis::new(kernel::Genesis::open(), "one") };
        assert_eq!(changes(&a, &a), []);
        b.parameters.insert("k\n".to_owned(), "v".to_owned());
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            changes(&a, &b),
            [
                GenesisChange { name: "seed".to_owned(), a: text("1"), b: text("2") },
                GenesisChange { name: "parameter k\\n".to_owned(), a: None, b: text("v") },
            ]
        );
    }
}
