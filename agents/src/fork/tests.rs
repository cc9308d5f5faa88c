//! Forks as text, and what they may change.

use kernel::ClientId;

use super::plan::plan;
use super::{Change, Fork, ForkError};
use crate::config::Config;

const FORKS: [&str; 12] = [
    "entry 0 step 0",
    "entry 12345 step 760: seed 7; set tax 1; set maker.size=4; schedule none; without 301",
    "entry 500 step 31: population makers 3; population noise 0",
    "entry 1 step 1: schedule.0001=step 500: fair value times 0.9 plus -20",
    "entry 1 step 1: schedule none; schedule.0001=step 2: mark a.b; schedule.0002=step 2: uncross",
    "entry 1 step 1: set exempt makers on; set exempt 205 off; set fees 100 -50",
    "entry 1 step 1: set price-range 9000 11000; set state halted; set short-ban on",
    "entry 1 step 1: set band 40; set tick 5; set lot 10; set qty-max 500; set position-max 9",
    "entry 1 step 1: set steps=40000; set fair.drift=-0.5",
    "entry 18446744073709551615 step 18446744073709551615: seed 18446744073709551615",
    "entry 1 step 1: set noise.life=2.5; set noise.life=3",
    "entry 1 step 1: schedule.9999=step 1000000000: 3 noise join",
];

#[test]
fn forks_go_round_exactly() {
    for text in FORKS {
        let fork: Fork = text.parse().unwrap();
        assert_eq!(fork.to_string(), text);
        assert_eq!(fork.to_string().parse(), Ok(fork));
    }
    let untidy: Fork =
        " entry 7  step 1 :seed  7;set market.tax=1.50 ; set noise=6".parse().unwrap();
    assert_eq!(untidy.to_string(), "entry 7 step 1: seed 7; set tax 1.5; population noise 6");
}

#[test]
fn settings_become_changes() {
    for (key, value, text) in [
        ("tax", "1.50", "set tax 1.5"),
        ("market.tax", "2", "set tax 2"),
        ("market.short_ban", "1", "set short-ban on"),
        ("market.short_ban", "0", "set short-ban off"),
        ("fees", "-20 30", "set fees -20 30"),
        ("exempt", "noise on", "set exempt noise on"),
        ("market_makers", "3", "population makers 3"),
        ("momentum", "0", "population momentum 0"),
        ("value", "99", "population value 99"),
        ("noise", "6", "population noise 6"),
        ("steps", "100", "set steps=100"),
        ("schedule", "none", "schedule none"),
        ("schedule.0002", "step 5: makers leave", "schedule.0002=step 5: makers leave"),
        ("maker.skew", "0.050", "set maker.skew=0.05"),
    ] {
        assert_eq!(Change::set(key, value).unwrap().to_string(), text);
    }
}

#[test]
fn what_is_no_fork_is_refused_with_what_would_be() {
    for (text, message) in [
        ("", "`` is no fork: `entry N step N`, then"),
        ("entry 5", "`entry 5` is no fork"),
        ("entry 5 step -1", "`entry 5 step -1` is no fork"),
        ("entry +5 step 1: seed 1", "`entry +5 step 1: seed 1` is no fork"),
        ("entry 5 step 1:", "`` is no change of a fork; these are: seed 7,"),
        ("entry 5 step 1: seed 1;", "`` is no change of a fork"),
        ("entry 5 step 1: seed x", "`seed x` is no change"),
        ("entry 5 step 1: sched.0001=step 5: uncross", "`sched.0001=step 5: uncross` is no change"),
        (
            "entry 5 step 1: set maker.siz=4",
            "neither a rule nor a parameter is called `maker.siz`; near it: maker.size",
        ),
        (
            "entry 5 step 1: set qty_max=4",
            "neither a rule nor a parameter is called `qty_max`; near it: qty-max",
        ),
        (
            "entry 5 step 1: set maker.size=big",
            "`big` is no value of `maker.size`: a decimal number",
        ),
        (
            "entry 5 step 1: set noise=100",
            "`100` is no value of `noise`: a whole number from 0 to 99",
        ),
        ("entry 5 step 1: set tax -1", "`-1` is no value of `tax`"),
        ("entry 5 step 1: set taxes 1", "no rule `taxes`; there are:"),
        ("entry 5 step 1: set market.price=5000", "`market.price` only shapes what stands before"),
        ("entry 5 step 1: set market.endowment=5", "`market.endowment` only shapes"),
        ("entry 5 step 1: set schedule=all", "`all` is no value of `schedule`: none;"),
        (
            "entry 5 step 1: schedule.1=step 9: uncross",
            "neither a rule nor a parameter is called `schedule.1`",
        ),
        (
            "entry 5 step 1: schedule.0000=step 9: uncross",
            "neither a rule nor a parameter is called",
        ),
        ("entry 5 step 1: schedule.0001=uncross", "`uncross` is no entry of a schedule"),
        ("entry 5 step 1: without maker", "`maker` is no value of `without`: the client number"),
        ("entry 5 step 1: population maker 3", "`maker=3` is no value of `population`: makers,"),
        (
            "entry 5 step 1: population makers 100",
            "`makers=100` is no value of `population`: a number of",
        ),
    ] {
        let error = text.parse::<Fork>().unwrap_err().to_string();
        assert!(error.starts_with(message), "{text}: {error}");
    }
}

/// What forks of a standard market come to.
fn planned(schedule: &[&str], forks: &[&str]) -> Result<Vec<[u32; 4]>, ForkError> {
    let mut config = Config::preset("realistic").unwrap();
    for (number, text) in (1..).zip(schedule) {
        config.set(&format!("schedule.{number:04}"), text).unwrap();
    }
    let forks: Vec<Fork> = forks.iter().map(|text| text.parse().unwrap()).collect();
    Ok(plan(&config, &forks)?.into_iter().map(|amendment| amendment.known).collect())
}

#[test]
fn the_numbers_of_agents_are_known_ahead() {
    let joins = ["step 10: 3 noise join", "step 20: 1 makers join"];
    assert_eq!(planned(&[], &["entry 9 step 1"]), Ok(vec![[2, 4, 3, 4]]));
    assert_eq!(planned(&joins, &["entry 9 step 1"]), Ok(vec![[3, 4, 3, 7]]));
    let grown = "entry 99 step 15: population noise 9";
    assert_eq!(planned(&joins, &[grown]), Ok(vec![[3, 4, 3, 9]]), "seven are there already");
    let early = "entry 99 step 5: population noise 9";
    assert_eq!(planned(&joins, &[early]), Ok(vec![[3, 4, 3, 12]]), "three are yet to join");
    let left =
        ["entry 9 step 1: without 301; population noise 4", "entry 99 step 2: population noise 5"];
    assert_eq!(
        planned(&[], &left),
        Ok(vec![[2, 4, 3, 5], [2, 4, 3, 6]]),
        "no number is given twice"
    );
    let fewer = "entry 9 step 1: population value 1; population value 2";
    assert_eq!(planned(&[], &[fewer]), Ok(vec![[2, 4, 4, 4]]));
    let none = "entry 99 step 15: schedule none; population makers 3";
    assert_eq!(planned(&joins, &[none]), Ok(vec![[3, 4, 3, 7]]));
    let later = ["entry 99 step 5: population noise 5", "entry 9 step 1: population noise 7"];
    assert_eq!(
        planned(&[], &later),
        Ok(vec![[2, 4, 3, 7], [2, 4, 3, 7]]),
        "in the order of entries"
    );
}

#[test]
fn changes_that_cannot_be_had_are_refused() {
    let joins = ["step 10: 3 noise join", "step 20: makers leave"];
    for (forks, message) in [
        (&["entry 9 step 1: without 305"][..], "no agent 305 is there; there are: 1, 2, 101,"),
        (&["entry 9 step 1: without 400"], "no agent 400 is there"),
        (&["entry 9 step 1: without 0"], "no agent 0 is there"),
        (&["entry 9 step 1: without 1; without 1"], "no agent 1 is there; there are: 2, 101,"),
        (&["entry 9 step 1: population makers 99"], ""),
        (&["entry 9 step 1: without 1; population makers 99"], "makers: numbers run out, of which"),
        (&["entry 9 step 1: population noise 97"], "noise: numbers run out"),
        (&["entry 99 step 15: population noise 97"], ""),
        (
            &["entry 99 step 15: schedule.0002=step 15: uncross"],
            "`step 15` has begun: the fork leaves in step 15, and schedules from 16 on",
        ),
        (
            &["entry 99 step 15: schedule.0004=step 16: uncross"],
            "no parameter `schedule.0004`: the next",
        ),
        (&["entry 99 step 15: schedule.0001=step 16: uncross"], ""),
        (&["entry 99 step 15: schedule.0001=step 21: uncross"], "step 20 stands behind step 21"),
        (
            &["entry 99 step 15: set steps=14"],
            "`steps=14` is less than the 15 steps that have begun",
        ),
        (&["entry 99 step 15: set steps=15"], ""),
        (&["entry 99 step 15: set fair.floor=20000"], "`fair.floor` may not exceed `market.price`"),
    ] {
        let error = planned(&joins, forks).err().map(|error| error.to_string());
        assert!(error.as_deref().unwrap_or("").starts_with(message), "{forks:?}: {error:?}");
        assert_eq!(error.is_some(), !message.is_empty(), "{forks:?}: {error:?}");
    }
    assert!(planned(&joins, &["entry 99 step 10: without 305"]).is_ok(), "it has joined");
    assert_eq!(Change::without("301"), Ok(Change::Without(ClientId(301))));
}

#[test]
fn forks_are_numbered_among_parameters() {
    let mut parameters = Config::preset("seed").unwrap().parameters();
    assert_eq!(Fork::all(&parameters), Ok(Vec::new()));
    for (number, text) in (1..).zip(FORKS) {
        parameters.insert(Fork::key(number), text.to_owned());
    }
    let texts: Vec<_> = Fork::all(&parameters).unwrap().iter().map(Fork::to_string).collect();
    assert_eq!(texts, FORKS);
    parameters.remove("fork.0003");
    assert_eq!(Fork::all(&parameters), Err(ForkError::Number { key: "fork.0004".to_owned() }));
    parameters.insert("fork.3".to_owned(), FORKS[0].to_owned());
    assert!(matches!(Fork::all(&parameters), Err(ForkError::Number { .. })));
}
