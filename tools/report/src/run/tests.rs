//! Which logs are twins, and what is done to them; runs for other tests.

use agents::stats::FlowOptions;

use super::*;
use crate::track::{Look, Moment, RulesFrom};

const SECOND: u64 = 1_000_000_000;

/// A run of a look a second from 1 s on, with these tops of the book and one lot traded in each.
pub(crate) fn run(name: &str, tops: &[Option<(u32, u32)>]) -> Run {
    let track = Track {
        first: SECOND,
        interval: SECOND,
        tick: 1,
        looks: tops.iter().map(|top| Look { top: *top, lots: 1 }).collect(),
        rules: vec![RulesFrom { time: 0, short_ban: false, tax: 0 }],
        ..Track::default()
    };
    let mids = tops.iter().flatten().map(|(bid, ask)| i64::from(*bid) + i64::from(*ask));
    let spreads = tops.iter().flatten().map(|(bid, ask)| ask - bid);
    let series = Series {
        interval: SECOND,
        tick: 1,
        mids: mids.collect(),
        spreads: spreads.collect(),
        ..Series::default()
    };
    Run {
        name: name.to_owned(),
        producer: "ecology".to_owned(),
        seed: 42,
        parameters: BTreeMap::from([("preset".to_owned(), "crash".to_owned())]),
        entries: 7,
        head: "00ff".to_owned(),
        command: None,
        is_ecology: true,
        is_recorded: false,
        bands: Bands::Realistic,
        track,
        series,
        flow: Flow::new(FlowOptions::SIMULATED).finish(),
        curves: Vec::new(),
    }
}

/// The run with a moment, in seconds.
pub(crate) fn with_moment(mut run: Run, seconds: u64, name: &str) -> Run {
    let moment = Moment { time: seconds * SECOND, name: name.to_owned() };
    run.track.moments.push(moment);
    run
}

fn set(mut run: Run, key: &str, value: &str) -> Run {
    run.parameters.insert(key.to_owned(), value.to_owned());
    run
}

#[test]
fn makers_are_away_from_leaving_to_return() {
    let run = with_moment(run("a", &[]), 20, MAKERS_LEAVE);
    let away = |to| Period { cause: Cause::Leave, from: 20 * SECOND, to };
    assert_eq!(run.periods(), [away(u64::MAX)]);
    assert_eq!(with_moment(run, 30, MAKERS_RETURN).periods(), [away(30 * SECOND)]);
}

#[test]
fn rules_hold_until_the_next_change() {
    let mut run = run("a", &[]);
    run.track.rules.push(RulesFrom { time: 10, short_ban: true, tax: 0 });
    run.track.rules.push(RulesFrom { time: 20, short_ban: false, tax: 5 });
    let expected = [
        Period { cause: Cause::Ban, from: 10, to: 20 },
        Period { cause: Cause::Tax(5), from: 20, to: u64::MAX },
    ];
    assert_eq!(run.periods(), expected);
}

#[test]
fn a_twin_has_the_same_market_and_draws_and_nothing_done_to_it() {
    let taxed = set(run("taxed", &[]), "market.tax", "1.5");
    let plain = set(run("plain", &[]), "market.tax", "0");
    let name = |runs: &[Run]| taxed.twin(runs).map(|twin| twin.name.clone());
    assert_eq!(name(std::slice::from_ref(&plain)).as_deref(), Some("plain"));
    let other_seed = Run { seed: 7, ..plain.clone() };
    let other_market = set(plain.clone(), "noise.life", "3");
    let other_producer = Run { producer: "else".to_owned(), ..plain.clone() };
    let done_to = with_moment(plain.clone(), 3, MAKERS_LEAVE);
    assert_eq!(name(&[other_seed, other_market, other_producer, done_to]), None);
}
