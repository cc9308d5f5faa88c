//! Which logs are of one market.

use super::*;

fn genesis(settings: &[(&str, &str)], more: &[(&str, &str)]) -> Genesis {
    let mut found = Settings::preset("default").unwrap();
    found.set_all(settings.iter().copied()).unwrap();
    let mut genesis = Genesis::new(found.genesis(), PRODUCER);
    genesis.parameters = found.parameters();
    for (key, value) in more {
        genesis.parameters.insert((*key).to_owned(), (*value).to_owned());
    }
    genesis
}

#[test]
fn length_preset_and_type_make_no_other_market() {
    let one = genesis(&[("episodes", "3")], &[(PRESET, "default")]);
    let other = genesis(&[("episodes", "9")], &[(PRESET, "mine"), (TYPE, "1")]);
    assert_eq!(first_difference(&one, &other), None);
    let other = genesis(&[("noise.rate", "2")], &[]);
    assert_eq!(first_difference(&one, &other).as_deref(), Some("noise.rate"));
    assert_eq!(first_difference(&one, &genesis(&[], &[("fork", "x")])).as_deref(), Some("fork"));
}

#[test]
fn the_traders_policy_decides_nothing_where_nobody_is_informed() {
    let one = genesis(&[("trader.policy", "pov")], &[(TYPE, "1")]);
    assert_eq!(first_difference(&one, &genesis(&[], &[(TYPE, "0")])), None);
    assert!(first_difference(&one, &genesis(&[], &[(TYPE, "1")])).is_some());
    assert!(first_difference(&one, &genesis(&[], &[])).is_some());
}

#[test]
fn settings_that_there_are_not_are_named() {
    let wrong = genesis(&[], &[("noise.rate", "many")]);
    let failure = settings("x.log", &wrong).unwrap_err();
    assert_eq!(failure.exit, Exit::Damaged);
    let mut missing = genesis(&[], &[]);
    missing.parameters.remove("noise.rate");
    assert!(settings("x.log", &missing).is_err());
    assert!(settings("x.log", &genesis(&[], &[(PRESET, "?"), (TYPE, "1")])).is_ok());
}

#[test]
fn logs_of_one_seed_share_their_draws_unless_their_types_differ() {
    let of = |z: Option<&str>| match z {
        Some(z) => genesis(&[], &[(TYPE, z)]),
        None => genesis(&[], &[]),
    };
    let shares = |one, other| shares_draws(&of(one), &of(other));
    assert!(shares(None, None) && shares(Some("1"), Some("1")) && shares(None, Some("0")));
    assert!(!shares(Some("0"), Some("1")));
    let other = Genesis { seed: 8, ..of(None) };
    assert!(!shares_draws(&of(None), &other));
}
