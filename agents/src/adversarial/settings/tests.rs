//! Settings: text in, the same text out, and what is refused.

use super::{Mode, PRESETS, SETTINGS, Settings, SettingsError};

#[test]
fn parameters_are_read_as_they_were_written() {
    for name in PRESETS {
        let settings = Settings::preset(name).unwrap();
        let parameters = settings.parameters();
        assert_eq!(parameters.len(), SETTINGS.len());
        assert_eq!(Settings::from_parameters(&parameters).unwrap(), settings, "{name}");
    }
}

#[test]
fn every_preset_holds_values_that_may_be_set() {
    for name in PRESETS {
        let settings = Settings::preset(name).unwrap();
        for (setting, value) in settings.values() {
            let mut again = settings.clone();
            assert_eq!(again.set(setting.key, &value), Ok(()), "{name}: {}", setting.key);
            assert_eq!(again, settings);
        }
    }
}

#[test]
fn several_settings_are_set_together_or_not_at_all() {
    let mut settings = Settings::preset("default").unwrap();
    // Each alone would contradict the other.
    let together = [("maker.half_spread", "20"), ("maker.half_spread_max", "30")];
    settings.set_all(together).unwrap();
    let before = settings.clone();
    let half = settings.set_all([("trader.lots", "7"), ("maker.half_spread", "31")]);
    assert!(matches!(half, Err(SettingsError::Contradiction { low: "maker.half_spread", .. })));
    assert_eq!(settings, before);
}

#[test]
fn settings_stand_in_one_line() {
    let mut settings = Settings::preset("default").unwrap();
    settings.set_text("  type.mode=silent trader.lots=7 ").unwrap();
    assert_eq!((settings.mode(), settings.lots()), (Mode::Silent, 7));
    let before = settings.clone();
    let refused = settings.set_text("trader.lots=9 trader.horizon");
    assert_eq!(refused.unwrap_err().to_string(), "`trader.horizon` is not of the form KEY=VALUE");
    assert_eq!(settings, before);
}

#[test]
fn what_is_refused_says_what_would_be_taken() {
    let mut settings = Settings::preset("default").unwrap();
    let said =
        |settings: &mut Settings, key, value| settings.set(key, value).unwrap_err().to_string();
    assert_eq!(
        said(&mut settings, "type.mode", "loud"),
        "`loud` is no value of `type.mode`: one of uninformed, silent, noise"
    );
    assert_eq!(
        said(&mut settings, "trader.lots", "2.5"),
        "`2.5` is no value of `trader.lots`: a whole number from 1 to 1000000 lots"
    );
    assert!(said(&mut settings, "trader.lot", "2").contains("near it: trader.lots"));
    let slow = settings.set("latency.maker_ms", "59900");
    assert_eq!(slow, Err(SettingsError::Latency), "100 ms and 59,900 ms are a whole step");
    settings.set("latency.maker_ms", "59899.999").unwrap();
}

#[test]
fn the_rate_of_the_release_shrinks_with_the_episode() {
    let mut settings = Settings::preset("published").unwrap();
    assert!((settings.noise_orders() - 10.0).abs() < 1e-12);
    settings.set("noise.rate_rule", "release").unwrap();
    assert!((settings.noise_orders() - 0.256_410).abs() < 1e-6);
    assert_eq!(settings.mode(), Mode::Uninformed);
}
