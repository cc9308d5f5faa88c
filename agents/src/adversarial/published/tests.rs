//! Tests of the table of published keys.

use std::collections::BTreeSet;

use super::*;
use crate::adversarial::layers::{Layers, Resolved};
use crate::adversarial::{SETTINGS, Settings};

fn resolved(preset: &str, overrides: &[&str]) -> Resolved {
    let layers = Layers::new(preset).unwrap();
    let layers = overrides.iter().try_fold(layers, |layers, it| layers.set(it)).unwrap();
    layers.resolve().unwrap()
}

/// The keys with values of one of the published files, as a layer over another preset.
fn given(preset: &str, changes: &[(&str, &str)]) -> Settings {
    let value = |it: &Published| {
        let found = changes.iter().find(|(key, _)| *key == it.key);
        found.map_or(it.default, |(_, text)| text).to_owned()
    };
    let pairs = PUBLISHED.iter().map(|it| (it.key.to_owned(), value(it), 1));
    let pairs = pairs.filter(|(_, text, _)| !text.is_empty());
    Layers::new(preset).unwrap().file("given", pairs).resolve().unwrap().settings
}

#[test]
fn keys_are_well_formed_and_become_settings_that_exist() {
    let (mut keys, mut natives) = (BTreeSet::new(), BTreeSet::new());
    for published in PUBLISHED {
        assert!(keys.insert(published.key), "{} stands twice", published.key);
        assert!(SETTINGS.iter().all(|it| it.key != published.key), "{}", published.key);
        if !published.default.is_empty() {
            let canonical = published.kind.canonical(published.default);
            assert_eq!(canonical.as_deref(), Some(published.default), "{}", published.key);
        }
        assert!(!published.kind.accepted().is_empty());
        let Does::Sets(sets) = published.does else { continue };
        for (native, becomes) in sets {
            assert!(SETTINGS.iter().any(|it| it.key == *native), "{native}");
            assert!(natives.insert(*native), "{native} has two published keys");
            assert!(becomes.scales().iter().all(|key| Published::find(key).is_some()));
        }
    }
    assert_eq!(keys.len(), 92);
    for (key, text) in DEBUG {
        let published = Published::find(key).unwrap();
        assert_eq!(published.kind.canonical(text).as_deref(), Some(*text), "{key}");
    }
}

/// The native presets hold what the published files come to, so that naming a preset and giving its
/// file is the same.
#[test]
fn the_presets_are_what_the_published_files_become() {
    assert_eq!(given("published", &[]), Settings::preset("published").unwrap());
    assert_eq!(given("debug", DEBUG), Settings::preset("debug").unwrap());
    assert_eq!(given("published", DEBUG), Settings::preset("debug").unwrap());
    assert_eq!(given("debug", &[]), Settings::preset("published").unwrap());
}

/// Defect 30 of the published system: of its keys a third are read by nothing.
#[test]
fn no_key_is_dropped_in_silence() {
    let base = resolved("published", &[]);
    for published in PUBLISHED {
        let (text, after) = another(published);
        let changes = after.settings != base.settings || after.seed().is_some();
        let warning = after.warning().unwrap_or_default();
        let table = published.key.split_once('.').map(|(table, _)| format!("{table}.*"));
        let is_named =
            warning.contains(published.key) || table.is_some_and(|table| warning.contains(&table));
        assert!(changes != is_named, "{} = {text}: {changes} {warning}", published.key);
        let is_native = matches!(published.does, Does::Sets(_) | Does::Scales | Does::Seeds);
        assert_eq!(changes, is_native, "{}", published.key);
        assert_eq!(after.published(published.key), Some(&*text), "{}", published.key);
    }
}

/// A value of a key that is not its default, where there is one, and what comes of it.
fn another(published: &Published) -> (String, Resolved) {
    let texts = [
        "2", "0.5", "64", "5000", "50", "true", "false", "limit", "relu", "tanh", "cosine", "adam",
        "[5, 7]", "1",
    ];
    let found = texts.iter().find_map(|text| {
        let text = published.kind.canonical(text)?;
        let is_only = matches!(published.kind, Kind::Word(["adam"]) | Kind::Whole { max: 1, .. });
        let layers = Layers::new("published").unwrap().set(&format!("{}={text}", published.key));
        let resolved = layers.unwrap().resolve().ok()?;
        (is_only || text != published.default).then_some((text, resolved))
    });
    found.unwrap_or_else(|| panic!("{} has another value", published.key))
}

/// Defect 19: a rate of ten orders a minute came to 0.256 orders a step, fewer in longer episodes.
#[test]
fn the_rate_of_noise_is_orders_a_step_whatever_the_length() {
    let rate = |overrides: &[&str]| resolved("published", overrides).settings.noise_orders();
    let close = |one: f64, other: f64| (one - other).abs() < 1e-6;
    assert!(close(rate(&[]), 10.0));
    assert!(close(rate(&["environment.max_steps_per_episode=39"]), 10.0));
    assert!(close(rate(&["environment.noise_trader_arrival_rate=2.5"]), 2.5));
    let release = "noise.rate_rule=release";
    assert!(close(rate(&[release]), 10.0 / 390.0 * 10.0));
    assert!(close(rate(&[release, "environment.max_steps_per_episode=39"]), 10.0 / 39.0 * 10.0));
}

#[test]
fn units_are_converted() {
    let value = |key: &str, overrides: &[&str]| {
        resolved("published", overrides).settings.parameters()[key].clone()
    };
    let tick = "environment.tick_size=0.05";
    assert_eq!(value("market.price", &[tick]), "2000");
    assert_eq!(value("trader.closing", &[tick]), "2000");
    assert_eq!(
        value("trader.closing", &["agents.execution.terminal_inventory_penalty=0.25"]),
        "25"
    );
    assert_eq!(value("trader.lambda", &["agents.execution.lambda_leakage=0.75"]), "6");
    assert_eq!(value("trader.mu", &["agents.execution.mu_predictability=0"]), "0");
    let steps = "environment.max_steps_per_episode=100";
    assert_eq!(value("fundamental.volatility", &[steps]), "0.2", "0.02 / 0.01 / 10");
    assert_eq!(value("fundamental.volatility", &[steps, tick]), "0.04");
    assert_eq!(value("fundamental.reversion", &[steps]), "0.001");
    assert_eq!(value("latency.maker_ms", &["environment.latency_ms.market_maker=0.5"]), "0.5");
    assert_eq!(value("view.levels", &["environment.n_price_levels=5"]), "5");
}

#[test]
fn every_value_has_one_text() {
    let text = |kind: Kind, text| kind.canonical(text);
    let whole = Kind::Whole { min: 1, max: 1 << 40 };
    for (given, canonical) in [
        ("10_000_000", Some("10000000")),
        ("7", Some("7")),
        ("0", None),
        ("1.0", None),
        ("_", None),
    ] {
        assert_eq!(text(whole, given).as_deref(), canonical, "{given}");
    }
    let number = Kind::Number { min: 0.0, max: 1.0 };
    for (given, canonical) in [
        ("3.0e-4", Some("0.0003")),
        ("-0", Some("0")),
        ("1.0", Some("1")),
        ("nan", None),
        ("inf", None),
        ("1.5", None),
        ("", None),
        ("null", None),
    ] {
        assert_eq!(text(number, given).as_deref(), canonical, "{given}");
    }
    assert_eq!(text(Kind::NumberOrNull { min: 0.0, max: 1.0 }, "null").as_deref(), Some("null"));
    let words = Kind::Words(&["market", "limit"]);
    for given in ["[market, limit]", "market limit", "market,limit", "[\"market\", \"limit\"]"] {
        assert_eq!(text(words, given).as_deref(), Some("[market, limit]"), "{given}");
    }
    for given in ["[market, market]", "[]", "", "[stop]", "[market", "market]", "\"market"] {
        assert_eq!(text(words, given), None, "{given}");
    }
    let numbers = Kind::Numbers { min: 0.0, max: 2.0 };
    assert_eq!(text(numbers, "[0.0, 0.10, 2]").as_deref(), Some("[0, 0.1, 2]"));
    assert_eq!(text(Kind::Text, "a\u{7}"), None);
    assert_eq!(text(Kind::Flag, "True"), None);
}

#[test]
fn near_names_are_looked_for_within_reason() {
    assert_eq!(Published::near("environment.tick_sise").first(), Some(&"environment.tick_size"));
    assert_eq!(Published::near("trader.lot").first(), Some(&"trader.lots"));
    assert!(Published::near(&"x".repeat(1 << 20)).is_empty());
    assert!(Published::is_table("environment.latency_ms") && Published::is_table("trader"));
    assert!(!Published::is_table("environ") && !Published::is_table("environment.tick_size"));
    assert!(!Published::is_table(""));
}
