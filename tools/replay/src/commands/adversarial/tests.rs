//! Which logs are of one market.

use super::*;

fn genesis(settings: &[(&str, &str)], seed: u64) -> Genesis {
    let mut found = Settings::preset("default").unwrap();
    found.set_all(settings.iter().copied()).unwrap();
    adversarial::genesis(&found, "default", seed)
}

#[test]
fn length_preset_and_types_make_no_other_market() {
    let one = genesis(&[("episodes", "3")], 1);
    let mut other = genesis(&[("episodes", "9"), (INFORMED, "1")], 2);
    other.parameters.insert(PRESET.to_owned(), "mine".to_owned());
    assert_eq!(first_difference(&one, &other), None);
    let other = genesis(&[("noise.rate", "2")], 1);
    assert_eq!(first_difference(&one, &other).as_deref(), Some("noise.rate"));
    let mut other = genesis(&[], 1);
    other.parameters.insert("fork".to_owned(), "x".to_owned());
    assert_eq!(first_difference(&one, &other).as_deref(), Some("fork"));
}

#[test]
fn the_traders_policy_decides_nothing_where_nobody_is_informed() {
    let one = genesis(&[("trader.policy", "pov"), (INFORMED, "1")], 1);
    assert_eq!(first_difference(&one, &genesis(&[(INFORMED, "0")], 1)), None);
    assert!(first_difference(&one, &genesis(&[(INFORMED, "1")], 1)).is_some());
    assert!(first_difference(&one, &genesis(&[], 1)).is_some());
}

#[test]
fn settings_that_there_are_not_are_named() {
    let mut wrong = genesis(&[], 1);
    wrong.parameters.insert("noise.rate".to_owned(), "many".to_owned());
    assert_eq!(settings("x.log", &wrong).unwrap_err().exit, Exit::Damaged);
    let mut missing = genesis(&[], 1);
    missing.parameters.remove("noise.rate");
    assert!(settings("x.log", &missing).is_err());
    assert!(settings("x.log", &genesis(&[], 1)).is_ok());
}

#[test]
fn logs_of_one_seed_share_their_draws_unless_their_types_differ() {
    let of = |share: &str| genesis(&[(INFORMED, share)], 1);
    let shares = |one, other| shares_draws(&of(one), &of(other));
    assert!(shares("0.5", "0.5") && shares("1", "1") && shares("0.5", "0") && shares("1", "0.5"));
    assert!(!shares("0", "1") && !shares("1", "0"));
    assert!(!shares_draws(&of("0.5"), &genesis(&[], 2)));
}
