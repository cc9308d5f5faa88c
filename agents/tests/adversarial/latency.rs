//! Who is first.

use agents::adversarial::{ARBITRAGEUR, Game, MAKER, NOISE, TRADER};
use kernel::{Command, Event, TimeNs};

use crate::spy::{Entry, Spy, play, settings};

/// The commands of a game with the time at which each arrived.
fn timed(spy: &Spy) -> Vec<(u64, Command, Vec<Event>)> {
    let mut now = 0;
    let mut timed = Vec::new();
    for (command, events) in spy.commands() {
        if let Command::Clock { time: TimeNs(time), .. } = command {
            now = *time;
        }
        timed.push((now, *command, events.to_vec()));
    }
    timed
}

const MS: u64 = 1_000_000;

/// Defect 17: latencies were stored and never used.
#[test]
fn everybody_arrives_after_its_latency() {
    let settings = settings("default", &[("episodes", "20")]);
    let (spy, _, _) = play(&settings, 5);
    let (mut customers, mut snipes, mut quotes) = (0, 0, 0);
    for (time, command, _) in timed(&spy) {
        let Command::Place(place) = command else { continue };
        let in_step = time % (60_000 * MS);
        match place.client {
            TRADER => {
                customers += 1;
                assert!(99 * MS < in_step && in_step <= 100 * MS, "{in_step}");
            }
            // Noise also filled the book when the episode began.
            NOISE => assert!(in_step == 0 || (99 * MS < in_step && in_step <= 100 * MS)),
            MAKER if in_step == 0 => {}
            MAKER => {
                quotes += 1;
                assert_eq!(in_step, 110 * MS);
            }
            ARBITRAGEUR => {
                snipes += 1;
                assert_eq!(in_step, 101 * MS);
            }
            client => panic!("client {client}"),
        }
    }
    assert!(100 < customers && 100 < snipes && 1_000 < quotes);
}

/// Lots that the arbitrageur took from the maker, and what it asked for, with these latencies.
fn sniped(maker_ms: &str, arbitrageur_ms: &str) -> (i64, i64, f64) {
    let settings = settings(
        "default",
        &[
            ("episodes", "200"),
            ("arbitrageur.policy", "belief"),
            ("arbitrageur.threshold", "0.01"),
            ("type.mode", "silent"),
            ("maker.half_spread", "2"),
            ("latency.maker_ms", maker_ms),
            ("latency.arbitrageur_ms", arbitrageur_ms),
        ],
    );
    let (spy, _, pays) = play(&settings, 9);
    let (mut asked, mut got) = (0, 0);
    for (command, events) in spy.commands() {
        let Command::Place(place) = command else { continue };
        if place.client != ARBITRAGEUR {
            continue;
        }
        asked += i64::from(place.qty.lots());
        for event in events {
            if let Event::Traded { maker_client: MAKER, qty, .. } = event {
                got += i64::from(qty.lots());
            }
        }
    }
    (asked, got, pays.iter().map(|pay| pay.arbitrageur.belief_lag).sum())
}

/// The belief moves with a print; the maker quotes wider or narrower on it. Who is faster trades at the old quotes.
#[test]
fn the_arbitrageur_is_before_the_maker_and_loses_that_edge_when_latencies_are_swapped() {
    let (asked, got, lag) = sniped("10", "1");
    let (asked_late, got_late, lag_late) = sniped("1", "10");
    // The others of its lots it takes from noise, or finds nobody any more.
    assert!(18 * got_late * asked < 10 * got * asked_late, "{got} {asked} {got_late} {asked_late}");
    assert!(1.2 * lag_late < lag, "{lag_late} {lag}");
}

/// A print of the step, the arbitrageur's order and the maker's new quotes come in this order.
#[test]
fn a_print_is_acted_on_before_the_maker_quotes_again() {
    let settings = settings("default", &[("episodes", "50")]);
    let (spy, _, _) = play(&settings, 6);
    let mut acted = 0;
    let mut last = NOISE;
    for (command, events) in spy.commands() {
        match command {
            Command::Place(place) if place.client == ARBITRAGEUR => {
                assert!([TRADER, NOISE].contains(&last), "{last}");
                acted +=
                    i64::from(events.iter().any(|event| matches!(event, Event::Traded { .. })));
                last = ARBITRAGEUR;
            }
            Command::Place(place) => last = place.client,
            Command::MassCancel { client } if *client == MAKER => last = MAKER,
            _ => {}
        }
        if let Command::Clock { time, .. } = command
            && time.0 % (60_000 * MS) == 0
        {
            last = NOISE;
        }
    }
    assert!(100 < acted, "{acted}");
}

/// At the same nanosecond the lower client comes first: the maker.
#[test]
fn equal_latencies_are_ordered_by_client() {
    let settings = settings("default", &[("episodes", "5"), ("latency.arbitrageur_ms", "10")]);
    let (spy, _, _) = play(&settings, 6);
    let mut snipes = 0;
    let mut last = 0;
    for (time, command, _) in timed(&spy) {
        let Command::Place(place) = command else { continue };
        if place.client == ARBITRAGEUR {
            snipes += 1;
            assert_eq!((last, time % (60_000 * MS)), (MAKER.0, 110 * MS));
        }
        last = place.client.0;
    }
    assert!(0 < snipes);
}

/// The trader's order has a place of its own among the step's: nothing tells it by its place.
#[test]
fn the_order_of_arrival_is_drawn() {
    let settings =
        settings("default", &[("episodes", "400"), ("noise.rate", "1"), ("type.informed", "1")]);
    let mut spy = Spy::new(&settings);
    let mut game = Game::new(&settings, 8);
    while game.advance(&mut spy).unwrap().is_some() {}
    let (mut first, mut both) = (0, 0);
    let mut step: Vec<u32> = Vec::new();
    for entry in &spy.entries {
        match entry {
            Entry::Decision { agent, policy: agents::adversarial::policy::CUSTOMER, .. } => {
                step.push(*agent);
            }
            Entry::Decision { policy: agents::adversarial::policy::BELIEF, .. } => {
                if step.len() == 2 && step.contains(&TRADER.0) {
                    both += 1;
                    first += i32::from(step[0] == TRADER.0);
                }
                step.clear();
            }
            Entry::Decision { .. } | Entry::Command(..) | Entry::Mark(..) => {}
        }
    }
    assert!(1_000 < both);
    let share = f64::from(first) / f64::from(both);
    assert!((share - 0.5).abs() < 0.05, "{share}");
}
