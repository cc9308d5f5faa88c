//! YAML.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::budget::BudgetBreach;
use serde_saphyr::{
    DuplicateKeyPolicy, Error, Location, MergeKeyPolicy, MessageFormatter, Options, Spanned,
    UserMessageFormatter,
};

use super::{DEPTH_MAX, FILE_BYTES_MAX, Fault, NODES_MAX, Pair, Pairs, SettingsError, Spot};

/// A value, read but not looked at.
#[derive(Debug)]
enum Node {
    Scalar(String),
    List(Vec<Node>),
    Table(Vec<(Spanned<String>, Node)>),
}

pub(super) fn read(text: &str) -> Result<Vec<Pair>, SettingsError> {
    if is_empty(text) {
        return Ok(Vec::new());
    }
    let node: Spanned<Node> =
        serde_saphyr::from_str_with_options(text, options()).map_err(|error| refused(&error))?;
    let mut pairs = Pairs::default();
    match &node.value {
        Node::Table(table) => walk(table, "", &mut pairs)?,
        Node::Scalar(_) | Node::List(_) => {
            return Err(SettingsError { spot: spot(node.referenced), what: Fault::NoTable });
        }
    }
    Ok(pairs.pairs)
}

/// Whether a file sets nothing: it has comments at the most.
fn is_empty(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'))
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_reader_input_bytes: Some(FILE_BYTES_MAX),
            max_events: 3 * NODES_MAX,
            max_nodes: NODES_MAX,
            max_depth: DEPTH_MAX,
            flow_nesting_limit: DEPTH_MAX + 1,
            max_aliases: 0,
            max_anchors: 0,
            max_merge_keys: 0,
            max_documents: 1,
            max_total_scalar_bytes: FILE_BYTES_MAX,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        // As the published system's reader has it.
        legacy_octal_numbers: true,
        null_as_string: true,
        reject_unsupported_tags: true,
        with_snippet: false,
    }
}

fn walk(
    table: &[(Spanned<String>, Node)],
    path: &str,
    pairs: &mut Pairs,
) -> Result<(), SettingsError> {
    for (name, node) in table {
        let (key, spot) = (super::join(path, &name.value), spot(name.referenced));
        match node {
            Node::Scalar(text) => pairs.add(key, text.clone(), spot)?,
            Node::Table(inner) if inner.is_empty() => pairs.add(key, "{}".to_owned(), spot)?,
            Node::Table(inner) => walk(inner, &key, pairs)?,
            Node::List(items) => {
                let scalar = |item: &Node| match item {
                    Node::Scalar(text) => Some(text.clone()),
                    Node::List(_) | Node::Table(_) => None,
                };
                let items: Option<Vec<_>> = items.iter().map(scalar).collect();
                let nested = || SettingsError { spot, what: Fault::Nested(key.clone()) };
                let text = super::list(&items.ok_or_else(nested)?);
                pairs.add(key, text, spot)?;
            }
        }
    }
    Ok(())
}

fn refused(error: &Error) -> SettingsError {
    let error = error.without_snippet();
    let spot = error.location().map_or(Spot { line: 1, column: 1 }, spot);
    SettingsError { spot, what: fault(error) }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a foreign enum that grows")]
fn fault(error: &Error) -> Fault {
    match error {
        Error::DuplicateMappingKey { key, .. } => Fault::Twice(key.clone().unwrap_or_default()),
        Error::MergeKeyNotAllowed { .. }
        | Error::UnknownAnchor { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => Fault::Anchor,
        Error::MultipleDocuments { .. } => Fault::Documents,
        Error::AliasError { error, .. } => fault(error),
        Error::Budget { breach, .. } => match breach {
            BudgetBreach::Depth { .. } => Fault::TooDeep,
            BudgetBreach::Documents { .. } => Fault::Documents,
            BudgetBreach::Aliases { .. }
            | BudgetBreach::Anchors { .. }
            | BudgetBreach::MergeKeys { .. }
            | BudgetBreach::AliasAnchorRatio { .. }
            | BudgetBreach::RecordedAnchorEvents { .. }
            | BudgetBreach::RecordedAnchorBytes { .. } => Fault::Anchor,
            _ => Fault::TooMany,
        },
        other => Fault::Yaml(UserMessageFormatter.format_message(other).into_owned()),
    }
}

/// Positions beyond what a file can have do not occur.
fn spot(location: Location) -> Spot {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).max(1);
    Spot { line: number(location.line()), column: number(location.column()) }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a scalar, a list or a table")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        // A zero has one text.
        Ok(Node::Scalar((value + 0.0).to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar("null".to_owned()))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar("null".to_owned()))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut table = Vec::new();
        while let Some(key) = entries.next_key()? {
            table.push((key, entries.next_value()?));
        }
        Ok(Node::Table(table))
    }
}
