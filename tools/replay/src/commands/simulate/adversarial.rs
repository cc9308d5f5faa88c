//! `replay simulate --system adversarial`: record episodes of an adversarial market.

use std::collections::BTreeMap;

use agents::adversarial::layers::Resolved;
use agents::adversarial::{Game, Settings, SettingsError};
use cli::{Exit, Failure};
use replay::Genesis;

use super::{PRESET, SEED, carry_out, refuse};
use crate::args::{Layered, Simulate};
use crate::commands::producer::Producer;
use crate::commands::{config, layered};

/// The producer of adversarial markets, as their genesis names it.
pub(crate) const PRODUCER: &str = "adversarial";

pub(super) fn run(args: &Simulate) -> Result<Exit, Failure> {
    refuse(
        args.system,
        &[
            ("--market-makers", args.market_makers.is_some()),
            ("--momentum", args.momentum.is_some()),
            ("--value", args.value.is_some()),
            ("--noise", args.noise.is_some()),
            ("--steps", args.steps.is_some()),
            ("--fair-value-csv", args.fair_value_csv.is_some()),
        ],
    )?;
    let resolved = settle(args)?;
    layered::warn(&resolved);
    if args.list {
        return config::list(&resolved, args.json);
    }
    let seed = args.seed.or(resolved.seed()).unwrap_or(SEED);
    let genesis = genesis(&resolved.settings, resolved.preset(), seed);
    let game = Producer::Adversarial(Box::new(Game::new(&resolved.settings, seed)));
    carry_out(args, &genesis, resolved.preset(), game)
}

/// Preset, files and overrides; then the options that have a name of their own.
fn settle(args: &Simulate) -> Result<Resolved, Failure> {
    let mut overrides = args.layered.overrides.clone();
    overrides.extend(args.set.iter().cloned());
    overrides.extend(args.episodes.map(|episodes| format!("episodes={episodes}")));
    overrides.extend(args.mode.as_ref().map(|mode| format!("type.mode={mode}")));
    let layered = Layered { configs: args.layered.configs.clone(), overrides };
    layered::settle(args.preset.as_deref(), &layered)
}

/// What an adversarial market's log starts from.
pub(crate) fn genesis(settings: &Settings, preset: &str, seed: u64) -> Genesis {
    let mut parameters = settings.parameters();
    parameters.insert(PRESET.to_owned(), preset.to_owned());
    Genesis { seed, parameters, ..Genesis::new(settings.genesis(), PRODUCER) }
}

/// Whether a log is of an adversarial market.
pub(crate) fn is_adversarial(genesis: &Genesis) -> bool {
    genesis.producer == PRODUCER
}

/// The settings in a log's genesis; `None` when another producer wrote the log.
pub(crate) fn settings(genesis: &Genesis) -> Option<Result<Settings, SettingsError>> {
    if !is_adversarial(genesis) {
        return None;
    }
    let mut parameters: BTreeMap<_, _> = genesis.parameters.clone();
    parameters.remove(PRESET);
    Some(Settings::from_parameters(&parameters))
}
