//! Seeds of what training runs read and write.

use std::collections::BTreeMap;

use replay::Digest;
use runs::config::Config;
use runs::folder::{LogEnd, Manifest, MarketId, MarketLog, Reason, State};
use runs::metrics::Row;
use runs::tensorboard::{Event, Histogram, append, start};

use super::Seeds;
use crate::checkpoint;

/// Files of configurations: whole settings, and one of each class that is refused.
const CONFIGS: [(&str, &str); 10] = [
    ("settings", "seed = 7\nlearners = [\"value\", \"maker\"]\n[ppo]\ngamma = 0.9\nclip = 1e-1\n"),
    ("market", "[market]\npreset = \"crash\"\n[market.parameters]\nnoise.act = 0.5\n"),
    ("schedule", "[market.parameters]\n\"schedule.0001\" = \"step 5: uncross\"\n"),
    ("lists", "network.hidden = [64, 0x20]\nevaluate.seeds = [101, 2]\n"),
    ("no-toml", "seed = \n"),
    ("unknown-key", "[ppo]\nclipp = 0.1\n"),
    ("unknown-table", "[pppo]\n"),
    ("type", "seed = \"7\"\n"),
    ("range", "[ppo]\ngamma = 1.5\n"),
    ("contradiction", "[train]\nlife = 10\n"),
];

/// Overrides, and lines of a genesis.
const OVERRIDES: &str = "ppo.gamma=0.99\nmarket.preset=seed\nmarket.parameters.noise.act=0.25\n\
                         learners=maker value\nnetwork.hidden=[8]\n";

/// Bytes of the target `train_log`: an ended log of the updates 1 and 2, an interrupted one, and one
/// of each class that is refused.
const TRAIN_LOGS: [(&str, &[u8]); 8] = [
    ("two", &[1, 2, 1, 0, 0x11, 0x15, 0x80, 3, 0x84, 0, 0x11, 0x15, 0x84]),
    ("before-the-first", &[1, 2, 0, 5, 6, 0x84, 0, 1, 5, 0x84]),
    ("interrupted", &[0, 2, 1, 0, 1, 5, 0x84, 0, 1]),
    ("other-producer", &[1, 0, 1, 0, 0x84]),
    ("other-parameter", &[1, 1, 20, 48, 0, 0, 0, 1, 0, 0x84]),
    ("gap", &[1, 2, 1, 0, 0x84, 0xD0, 9, 0, 0x84]),
    ("twice", &[1, 2, 1, 0, 0, 0x84]),
    ("command", &[1, 2, 1, 0xE0]),
];

/// All of them.
pub(super) fn all(seeds: &mut Seeds) {
    checkpoints(seeds);
    for (name, text) in CONFIGS {
        seeds.add("config", name, &[&[0, 0], text.as_bytes()]);
    }
    seeds.add("config", "overrides", &[&[1, 1], OVERRIDES.as_bytes()]);
    let (_, market) = CONFIGS[1];
    seeds.add("config", "layers", &[&[2, 0], market.as_bytes(), b"\0", OVERRIDES.as_bytes()]);
    seeds.add("config", "genesis", &[&[3, 1], OVERRIDES.as_bytes()]);
    for (name, bytes) in TRAIN_LOGS {
        seeds.add("train_log", name, &[bytes]);
    }
    run_files(seeds);
}

fn checkpoints(seeds: &mut Seeds) {
    let bytes = checkpoint::example().encode().unwrap();
    let len = usize::try_from(u64::from_le_bytes(*bytes.first_chunk().unwrap())).unwrap();
    let (header, data) = bytes[8..].split_at(len);
    let len = u16::try_from(len).unwrap().to_le_bytes();
    seeds.add("checkpoint", "whole", &[&[0], &bytes]);
    seeds.add("checkpoint", "cut", &[&[0], &bytes[..bytes.len() - 3]]);
    seeds.add("checkpoint", "to-fit", &[&[1], &len, header, data]);
    let of = |header: &str, data: &[u8]| {
        let len = u16::try_from(header.len()).unwrap().to_le_bytes();
        [&[1], &len[..], header.as_bytes(), data].concat()
    };
    let arrays = of("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", &[0; 4]);
    seeds.add("checkpoint", "arrays", &[&arrays]);
    let other = of("{\"w\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", &[0; 2]);
    seeds.add("checkpoint", "other-type", &[&other]);
    // The second is changed in one byte, in one bit, and cut.
    for (name, patches) in [
        ("unchanged", &[2, 0][..]),
        ("byte", &[2, 1, 0, 40, 0, 65]),
        ("bit", &[2, 1, 1, 200, 2, 3]),
        ("shorter", &[2, 1, 7, 0, 0, 9]),
    ] {
        seeds.add("checkpoint", name, &[patches]);
    }
}

fn run_files(seeds: &mut Seeds) {
    let mut manifest = Manifest::new(Config::preset("smoke").unwrap().digest());
    let end = LogEnd { entries: 9, head: Digest([2; 32]), seal: None };
    let log = MarketLog { seed: 7, genesis: Digest([4; 32]), end, is_kept: true };
    manifest.markets.insert(MarketId { environment: 3, life: 2 }, log);
    manifest.checkpoints.insert(10, Digest([5; 32]));
    manifest.state = State::Failed(Reason::new("why"));
    let text = manifest.to_string();
    let (lines, _) = text.rsplit_once("digest ").unwrap();
    seeds.add("run_files", "manifest", &[&[0], text.as_bytes()]);
    seeds.add("run_files", "manifest-to-fit", &[&[1], lines.as_bytes()]);
    let figures = BTreeMap::from([("a/b".to_owned(), 0.1), ("n".to_owned(), f64::NAN)]);
    let row = |update| Row { update, figures: figures.clone() }.line().unwrap();
    let rows = row(1) + &row(3);
    seeds.add("run_files", "metrics", &[&[2], rows.as_bytes()]);
    seeds.add("run_files", "metrics-torn", &[&[2], &rows.as_bytes()[..rows.len() - 4]]);
    let histograms = Histogram::of(&[1.0, 2.0], 2).map(|it| ("h".to_owned(), it));
    let histograms = histograms.into_iter().collect();
    let event = append(&Event { step: 3, scalars: vec![("a".to_owned(), 0.5)], histograms });
    seeds.add("run_files", "events", &[&[3], &start(), &event]);
    seeds.add("run_files", "events-cut", &[&[3], &start(), &event[..event.len() - 2]]);
    let content = &event[12..event.len() - 4];
    let len = u8::try_from(content.len()).unwrap();
    seeds.add("run_files", "events-to-fit", &[&[4, 1, len], content]);
}
