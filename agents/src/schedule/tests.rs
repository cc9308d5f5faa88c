//! Schedules as text: read exactly, written canonically, refused clearly.

use kernel::RuleChange;

use super::{Happening, RULES, Schedule, ScheduleError, Scheduled};
use crate::agent::Kind;
use crate::config::{Config, ConfigError};

/// One entry of each kind, in canonical text.
const ENTRIES: [&str; 24] = [
    "step 1: makers leave",
    "step 1: momentum leave",
    "step 2: value return",
    "step 3: noise return",
    "step 4: 3 noise join",
    "step 4: 1 makers join",
    "step 5: fair value times 0.9 plus -20",
    "step 6: set short-ban on",
    "step 6: set short-ban off",
    "step 7: set tax 1.5",
    "step 8: set fees 100 -50",
    "step 9: set band 40",
    "step 10: set state halted",
    "step 10: set state auction",
    "step 11: uncross",
    "step 12: set state continuous",
    "step 13: set exempt makers on",
    "step 14: set exempt 205 off",
    "step 15: set tick 5",
    "step 16: set lot 10",
    "step 17: set qty-max 500",
    "step 18: set price-range 9000 11000",
    "step 19: set position-max 4611686018427387904",
    "step 1000000000: mark Lunch_1.5",
];

#[test]
fn entries_go_round_exactly() {
    for text in ENTRIES {
        let entry: Scheduled = text.parse().unwrap();
        assert_eq!(entry.to_string(), text);
        assert_eq!(entry.to_string().parse(), Ok(entry));
    }
    let untidy: Scheduled = " step  7 :set   tax 1.50 ".parse().unwrap();
    assert_eq!(untidy.to_string(), "step 7: set tax 1.5");
    assert_eq!(untidy.what, Happening::Rule(RuleChange::Tax(15_000)));
}

#[test]
fn a_configuration_carries_its_schedule() {
    let mut config = Config::preset("crash").unwrap();
    let entries: Vec<Scheduled> = ENTRIES.iter().map(|text| text.parse().unwrap()).collect();
    let schedule = Schedule::new(entries).unwrap();
    config.set_schedule(schedule.clone()).unwrap();
    let text = config.parameters();
    assert_eq!((&*text["schedule.0001"], &*text["schedule.0024"]), (ENTRIES[0], ENTRIES[23]));
    let back = Config::from_parameters(&text).unwrap();
    assert_eq!((back.schedule(), &back), (&schedule, &config));
    assert_eq!((schedule.joiners(Kind::Noise), schedule.joiners(Kind::Value)), (3, 0));
}

#[test]
fn marks_are_named_after_what_happens() {
    let name = |text: &str| text.parse::<Scheduled>().unwrap().what.mark().to_owned();
    for (text, mark) in [
        ("step 1: makers leave", "makers-leave"),
        ("step 1: makers return", "makers-return"),
        ("step 1: 2 value join", "agents-join"),
        ("step 1: fair value times 1 plus 5", "fair-value-shock"),
        ("step 1: set short-ban on", "short-ban"),
        ("step 1: set tax 1", "tobin-tax"),
        ("step 1: mark lunch", "lunch"),
    ] {
        assert_eq!(name(text), mark);
    }
    for text in ENTRIES {
        assert!(Happening::named(&name(text)).is_ok(), "{text}");
    }
}

#[test]
fn what_is_no_entry_is_refused_with_what_would_be() {
    for (text, message) in [
        (
            "makers leave",
            "`makers leave` is no entry of a schedule: `step N: WHAT`, N from 1 to 1000000000",
        ),
        ("step 0: makers leave", "`step 0: makers leave` is no entry"),
        ("step +5: makers leave", "`step +5: makers leave` is no entry"),
        ("step 1000000001: makers leave", "`step 1000000001: makers leave` is no entry"),
        ("step 5: maker leave", "`maker leave` cannot happen; this can: makers leave,"),
        ("step 5:", "`` cannot happen; this can: makers leave,"),
        ("step 5: makers leave now", "`makers leave now` cannot happen"),
        (
            "step 5: 100 noise join",
            "`100` is no value of `join`: a number of agents, a whole number from 1 to 99",
        ),
        ("step 5: 0 noise join", "`0` is no value of `join`"),
        (
            "step 5: fair value times -1 plus 0",
            "`-1` is no value of `fair value times`: a decimal number from 0 to 100",
        ),
        (
            "step 5: fair value times 1 plus x",
            "`x` is no value of `plus`: ticks, a decimal number from -1000000",
        ),
        (
            "step 5: set taxes 1",
            "no rule `taxes`; there are: short-ban, tax, fees, band, state, exempt, tick,",
        ),
        ("step 5: set tax", "`` is no value of `tax`: ticks a lot and side,"),
        ("step 5: set tax 0.00005", "`0.00005` is no value of `tax`"),
        ("step 5: set tax -1", "`-1` is no value of `tax`"),
        ("step 5: set tax 1 2", "`1 2` is no value of `tax`"),
        ("step 5: set short-ban 1", "`1` is no value of `short-ban`: on or off"),
        ("step 5: set fees 1", "`1` is no value of `fees`: the maker's and the taker's,"),
        ("step 5: set state open", "`open` is no value of `state`: continuous, halted or auction"),
        (
            "step 5: set exempt 400 on",
            "`400 on` is no value of `exempt`: makers, momentum, value, noise or",
        ),
        ("step 5: set tick 0", "`0` is no value of `tick`: a whole number from 1 to 2147483647"),
        ("step 5: set price-range 2 1", "`2 1` is no value of `price-range`"),
        ("step 5: set position-max -1", "`-1` is no value of `position-max`"),
        ("step 5: mark a;b", "`a;b` is no value of `mark`: a name of 1 to 64 characters"),
    ] {
        let error = text.parse::<Scheduled>().unwrap_err().to_string();
        assert!(error.starts_with(message), "{text}: {error}");
    }
    assert_eq!(RULES.len(), 11, "a new rule wants a line in the tests above");
}

#[test]
fn a_schedule_is_in_order_and_its_parameters_are_too() {
    let mut config = Config::preset("seed").unwrap();
    config.set("schedule.0001", "step 10: makers leave").unwrap();
    let before = config.clone();
    for (key, text, message) in [
        (
            "schedule.0003",
            "step 20: uncross",
            "no parameter `schedule.0003`: the next entry of the schedule is `schedule.0002`",
        ),
        ("schedule.2", "step 20: uncross", "no parameter `schedule.2`: the next entry"),
        ("schedule.0000", "step 20: uncross", "no parameter `schedule.0000`: the next entry"),
        (
            "schedule.0002",
            "step 9: uncross",
            "step 9 stands behind step 10: a schedule is in the order of time",
        ),
        ("schedule.0002", "uncross", "`uncross` is no entry of a schedule"),
        (
            "schedule.0002",
            "step 20: 98 makers join",
            "`market_makers` and those that join are more than 99 agents",
        ),
    ] {
        let error = config.set(key, text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
        assert_eq!(config, before);
    }
    config.set("schedule.0002", "step 10: makers return").unwrap();
    config.set("schedule.0001", "step 8: makers leave").unwrap();
    let steps: Vec<_> = config.schedule().entries().iter().map(|entry| entry.step).collect();
    assert_eq!(steps, [8, 10]);
    let mut text = config.parameters();
    text.remove("schedule.0001");
    let gap = Config::from_parameters(&text);
    assert!(matches!(gap, Err(ConfigError::Schedule(ScheduleError::Key { .. }))), "{gap:?}");
}
