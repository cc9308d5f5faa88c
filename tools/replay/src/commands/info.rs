//! `replay info`: what a log holds.

use agents::Kind;
use agents::learned::Space;
use cli::{Exit, Failure, Interrupt, LogFile, Progress};
use formats::state::{rules_json, rules_text};
use replay::{Genesis, Source};
use serde_json::{Value, json};

use super::simulate::is_learned;
use super::{bytes_of, open, print, print_json, table};
use crate::args::Info;

pub(crate) fn run(args: &Info) -> Result<Exit, Failure> {
    let mut reader = open(&args.log)?;
    let interrupt = Interrupt::listen();
    let mut progress = Progress::new("reading", bytes_of(&reader));
    let mut clock = (0, 0);
    loop {
        match reader.next_block() {
            Ok(Some(block)) => {
                if let Some(header) = block.header {
                    clock = (header.time.0, header.step.0);
                }
                interrupt.check()?;
                progress.at(reader.offset());
            }
            Ok(None) => break,
            Err(error) => return Err(Failure::log(&args.log.path, &error)),
        }
    }
    drop(progress);
    let chain = reader.chain();
    let open_entries = reader.entries() - chain.entries;
    let bytes = Bytes::of(reader.source()).map_err(|error| Failure::io(&args.log.path, &error))?;
    let genesis = &reader.header().genesis;
    if args.json {
        print_json(&json!({
            "schema": "replay.info/1",
            "format": replay::header::FORMAT_VERSION,
            "kernel": kernel::SEMANTICS_VERSION,
            "bytes": bytes.file,
            "compacted": bytes.plain.is_some(),
            "plain_bytes": bytes.plain.unwrap_or(bytes.file),
            "blocks": chain.blocks,
            "entries": chain.entries + open_entries,
            "open_entries": open_entries,
            "ended": reader.is_ended(),
            "head": reader.head().to_string(),
            "seal": chain.seal.to_string(),
            "time_ns": clock.0,
            "step": clock.1,
            "genesis_seal": reader.header().seal.to_string(),
            "genesis": genesis_json(genesis),
            "learned": learned_json(genesis),
        }))?;
        return Ok(Exit::Ok);
    }
    let mut rows = vec![
        (
            "format",
            format!(
                "version {}, kernel semantics {}",
                replay::header::FORMAT_VERSION,
                kernel::SEMANTICS_VERSION
            ),
        ),
        ("bytes", bytes.text()),
        (
            "entries",
            format!(
                "{} in {} sealed blocks, {open_entries} in the open one ({})",
                chain.entries,
                chain.blocks,
                if reader.is_ended() { "ended" } else { "open" }
            ),
        ),
        ("head", reader.head().to_string()),
        ("seal", format!("{} (of the first {} entries)", chain.seal, chain.entries)),
        ("clock", format!("{} ns, step {} after the last sealed block", clock.0, clock.1)),
    ];
    rows.extend(genesis_rows(genesis));
    print(&table(&rows))?;
    Ok(Exit::Ok)
}

/// How long a log is.
struct Bytes {
    /// Its file.
    file: u64,
    /// The plain log in a compacted one.
    plain: Option<u64>,
}

impl Bytes {
    fn of(log: &LogFile) -> std::io::Result<Self> {
        let plain = log.is_packed().then(|| log.size()).transpose()?;
        Ok(Self { file: log.file_bytes()?, plain })
    }

    fn text(&self) -> String {
        match self.plain {
            Some(plain) => format!("{} compacted, {plain} as a plain log", self.file),
            None => self.file.to_string(),
        }
    }
}

fn genesis_rows(genesis: &Genesis) -> Vec<(&'static str, String)> {
    let market = &genesis.market;
    let limits = &market.limits;
    // Texts of a foreign log are shown, never obeyed: control characters are escaped.
    let mut rows = vec![
        ("producer", genesis.producer.escape_debug().to_string()),
        ("seed", genesis.seed.to_string()),
        (
            "limits",
            format!(
                "{} orders, {} levels, {} clients",
                limits.orders_max, limits.levels_max, limits.clients_max
            ),
        ),
        ("rules", rules_text(&market.rules)),
        ("clients", format!("{} endowed, {} exempt", market.endowments.len(), market.exempt.len())),
    ];
    for (key, value) in &genesis.parameters {
        rows.push(("parameter", format!("{} = {}", key.escape_debug(), value.escape_debug())));
    }
    rows.extend(learned(genesis).into_iter().map(|(kind, space)| {
        let heads = space.words().into_iter().map(|head| {
            let unit = if head.unit.is_empty() { String::new() } else { format!(" {}", head.unit) };
            format!("{} {}{unit}", head.name, head.values.join(" | "))
        });
        let heads: Vec<_> = heads.collect();
        let (kind, name, policy) = (kind.name(), space.name(), space.policy());
        ("learned", format!("{kind} {name} (policy {policy}): {}", heads.join(", ")))
    }));
    if let Some(parent) = genesis.parent {
        rows.push(("parent", format!("entry {} with head {}", parent.entry, parent.head)));
    }
    rows
}

/// The types whose policies decide in a market, and what they choose from.
fn learned(genesis: &Genesis) -> Vec<(Kind, Space)> {
    if !is_learned(genesis) {
        return Vec::new();
    }
    let space = |kind: Kind| {
        let name = genesis.parameters.get(&format!("learned.{}", kind.name()))?;
        Some((kind, Space::named(kind, name)?))
    };
    Kind::ALL.into_iter().filter_map(space).collect()
}

fn learned_json(genesis: &Genesis) -> Value {
    let seats = learned(genesis).into_iter().map(|(kind, space)| {
        let heads = space.words().into_iter();
        let heads: Vec<_> = heads
            .map(|head| json!({ "name": head.name, "unit": head.unit, "values": head.values }))
            .collect();
        json!({ "type": kind.name(), "space": space.name(), "policy": space.policy(), "heads": heads })
    });
    seats.collect()
}

pub(super) fn genesis_json(genesis: &Genesis) -> Value {
    let market = &genesis.market;
    json!({
        "producer": genesis.producer,
        "seed": genesis.seed,
        "parameters": genesis.parameters,
        "limits": {
            "orders_max": market.limits.orders_max,
            "clients_max": market.limits.clients_max,
            "levels_max": market.limits.levels_max,
        },
        "rules": rules_json(&market.rules),
        "exempt": market.exempt.iter().map(|client| client.0).collect::<Vec<_>>(),
        "endowments": market.endowments.iter().map(|endowment| json!({
            "client": endowment.client.0,
            "position": endowment.position,
            // As text: cash can exceed what JSON readers keep exactly.
            "cash": endowment.cash.to_string(),
        })).collect::<Vec<_>>(),
        "parent": genesis.parent.map(|parent| json!({
            "seal": parent.seal.to_string(),
            "entry": parent.entry,
            "head": parent.head.to_string(),
        })),
    })
}
