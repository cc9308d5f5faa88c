//! Parameters as text: read exactly, refused clearly.

use std::collections::BTreeMap;

use super::{Config, ConfigError, Decimal, PARAMETERS, PRESETS};
use crate::agent::Kind;

#[test]
fn parameters_go_round_exactly() {
    for name in PRESETS {
        let mut config = Config::preset(name).unwrap();
        config.set("maker.skew", "0.000001").unwrap();
        config.set("fair.drift", "-12.5").unwrap();
        config.set("schedule.0001", "step 50: fair value times 1 plus -12.5").unwrap();
        config.set("schedule.0002", "step 60: makers leave").unwrap();
        let text = config.parameters();
        assert_eq!(text.len(), PARAMETERS.len() + 2);
        assert_eq!(text["fair.drift"], "-12.5");
        assert_eq!(text["schedule.0002"], "step 60: makers leave");
        let back = Config::from_parameters(&text).unwrap();
        assert_eq!(back, config);
        assert_eq!(back.parameters(), text);
    }
}

#[test]
fn the_table_accepts_its_own_presets() {
    for name in PRESETS {
        for (parameter, value) in Config::preset(name).unwrap().values() {
            assert!(parameter.accepts(value), "{} of {name}", parameter.key);
            assert!(parameter.accepts(parameter.min) && parameter.accepts(parameter.max));
            assert!(parameter.about.ends_with('.'), "{}", parameter.key);
        }
    }
    let mut keys: Vec<_> = PARAMETERS.iter().map(|parameter| parameter.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), PARAMETERS.len(), "every name stands once");
}

#[test]
fn an_unknown_parameter_is_refused_with_its_neighbours() {
    let mut config = Config::preset("seed").unwrap();
    for (key, message) in [
        ("maker.jiter", "no parameter `maker.jiter`; near it: maker.jitter"),
        ("steps_", "no parameter `steps_`; near it: steps"),
        ("spread_cap", "no parameter `spread_cap`; near it: market.spread_cap"),
        ("xylophone", "no parameter `xylophone`"),
    ] {
        let before = config.clone();
        let error = config.set(key, "1").unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
        assert_eq!(config, before);
    }
    let error = Config::preset("calm").unwrap_err().to_string();
    assert_eq!(error, "no preset `calm`; there are: seed, realistic, crash");
}

#[test]
fn a_value_out_of_range_is_refused_with_the_range() {
    let mut config = Config::preset("seed").unwrap();
    for (key, value, message) in [
        ("steps", "0", "`0` is no value of `steps`: a whole number from 1 to 1000000000 steps"),
        ("momentum", "2.5", "`2.5` is no value of `momentum`: a whole number from 0 to 99 agents"),
        ("noise.act", "1.1", "`1.1` is no value of `noise.act`: a decimal number from 0 to 1"),
        (
            "market.tax",
            "0.00005",
            "`0.00005` is no value of `market.tax`: a decimal number from 0 to 100 ticks a lot and side, a \
             multiple of 0.0001",
        ),
        ("noise.act", "often", "`often` is no value of `noise.act`: a decimal number from 0 to 1"),
    ] {
        let before = config.clone();
        assert_eq!(config.set(key, value).unwrap_err().to_string(), message);
        assert_eq!(config, before);
    }
    let before = config.clone();
    let error = config.set("fair.floor", "10001").unwrap_err();
    assert_eq!(error.to_string(), "`fair.floor` may not exceed `market.price`");
    assert_eq!(config, before);
}

#[test]
fn a_list_of_parameters_is_whole_and_holds_no_other() {
    let config = Config::preset("seed").unwrap();
    let mut text = config.parameters();
    text.remove("noise.life");
    let error = Config::from_parameters(&text).unwrap_err();
    assert_eq!(error, ConfigError::Missing { key: "noise.life" });
    assert_eq!(error.to_string(), "the parameter `noise.life` is missing");
    let mut text = config.parameters();
    text.insert("noise.live".to_owned(), "3".to_owned());
    assert!(matches!(Config::from_parameters(&text), Err(ConfigError::UnknownKey { .. })));
    assert!(matches!(
        Config::from_parameters(&BTreeMap::new()),
        Err(ConfigError::Missing { key: "steps" })
    ));
}

#[test]
fn the_genesis_holds_rules_and_endowments() {
    let mut config = Config::preset("seed").unwrap();
    assert_eq!(config.genesis().endowments, []);
    for (key, value) in [
        ("market.tax", "1.5"),
        ("market.short_ban", "1"),
        ("market.endowment", "20"),
        ("market_makers", "1"),
        ("noise", "0"),
    ] {
        config.set(key, value).unwrap();
    }
    let genesis = config.genesis();
    assert_eq!((genesis.rules.tax, genesis.rules.short_ban), (15_000, true));
    let holders: Vec<_> =
        genesis.endowments.iter().map(|held| (held.client.0, held.position)).collect();
    let expected = [1, 101, 102, 103, 104, 201, 202, 203].map(|client| (client, 20));
    assert_eq!(holders, expected);
    kernel::Engine::new(&genesis).unwrap();
    assert_eq!(config.count(Kind::Value), 3);
    assert_eq!(config.values().next().map(|(_, steps)| steps), Some(Decimal::from_whole(20_000)));
}

#[test]
fn several_settings_are_one_change() {
    let mut config = Config::preset("seed").unwrap();
    let text = "market.tax=2 schedule.0001=step 5: makers leave noise=3";
    config.set_all(text).unwrap();
    let parameters = config.parameters();
    assert_eq!((&*parameters["market.tax"], &*parameters["noise"]), ("2", "3"));
    assert_eq!(parameters["schedule.0001"], "step 5: makers leave");
    let before = config.clone();
    assert!(matches!(config.set_all("tax 2"), Err(ConfigError::NoSetting { .. })));
    assert!(config.set_all("noise=4 market.tax=dear").is_err());
    assert_eq!(config, before);
    config.set_all("").unwrap();
    assert_eq!(config, before);
}
