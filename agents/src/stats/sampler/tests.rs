//! The sampler on sequences made by hand.

use kernel::{Decision, MarketState, Reference, RuleChange, TimeInForce};

use super::*;
use crate::stats::script::{SECOND, Script};

fn sampling() -> Sampling {
    Sampling { burn_in: 0, ..Sampling::SIMULATED }
}

fn script(sampling: Sampling) -> Script<Sampler> {
    Script::new(Sampler::new(sampling))
}

fn finish(script: Script<Sampler>) -> Series {
    script.observer.finish(&script.engine)
}

#[test]
fn a_sample_shows_the_state_after_the_last_command_of_its_time() {
    let mut it = script(sampling());
    it.at(1);
    it.buy(5, 98);
    it.sell(3, 102);
    it.at(2);
    it.buy(7, 99);
    it.at(3);
    let series = finish(it);
    assert_eq!(series.mids, [200, 201, 201], "at 1 s, 2 s and, as the log ends there, 3 s");
    assert_eq!(series.spreads, [4, 3, 3]);
    assert_eq!((series.bid_lots, series.ask_lots), (vec![5, 7, 7], vec![3, 3, 3]));
}

#[test]
fn no_samples_before_the_first_book_of_two_sides() {
    let mut it = script(sampling());
    it.at(5);
    it.buy(1, 98);
    it.at(7);
    it.sell(1, 100);
    it.at(8);
    assert_eq!(finish(it).mids, [198, 198]);
}

#[test]
fn a_spread_wider_than_the_cap_carries_the_last_mid() {
    let mut it = script(Sampling { spread_cap: Some(10), ..sampling() });
    it.at(1);
    it.buy(1, 90);
    let ask = it.sell(1, 100);
    it.at(2);
    it.cancel(ask);
    it.sell(1, 101);
    it.at(3);
    let series = finish(it);
    assert_eq!(series.mids, [190, 190, 190], "10 is no wider, 11 is");
    assert_eq!((series.spreads, series.one_sided), (vec![10, 11, 11], 0));
}

#[test]
fn a_one_sided_book_carries_the_last_mid_and_counts() {
    let mut it = script(sampling());
    it.at(1);
    it.buy(1, 98);
    let ask = it.sell(1, 100);
    it.at(2);
    it.cancel(ask);
    it.at(3);
    it.sell(4, 104);
    it.at(4);
    let series = finish(it);
    assert_eq!(series.mids, [198, 198, 202, 202]);
    assert_eq!((series.spreads, series.one_sided), (vec![2, 6, 6], 1));
    assert_eq!(series.ask_lots, [1, 0, 4, 4]);
}

#[test]
fn either_side_may_be_empty() {
    let mut it = script(sampling());
    it.at(1);
    let bid = it.buy(7, 98);
    it.sell(1, 100);
    it.at(2);
    it.cancel(bid);
    it.sell(1, 99);
    it.at(3);
    let series = finish(it);
    assert_eq!((series.mids, series.one_sided), (vec![198; 3], 2));
    assert_eq!((series.bid_lots, series.spreads), (vec![7, 0, 0], vec![2]));
}

#[test]
fn a_gap_of_many_intervals_repeats_the_state_and_trades_nothing() {
    let mut it = script(sampling());
    it.at(1);
    it.buy(9, 98);
    it.sell(9, 100);
    it.place(Side::Buy, 2, 100, TimeInForce::Ioc);
    it.at(6);
    it.place(Side::Sell, 4, 98, TimeInForce::Ioc);
    let series = finish(it);
    assert_eq!(series.mids, [198; 6]);
    assert_eq!(series.volumes, [2, 0, 0, 0, 0, 4]);
    assert_eq!(series.flows, [2, 0, 0, 0, 0, -4]);
    assert_eq!(series.trades, [1, 0, 0, 0, 0, 1]);
}

#[test]
fn trades_within_a_step_add_up_and_fills_of_one_taker_are_one() {
    let mut it = script(sampling());
    it.at(1);
    it.buy(5, 98);
    it.sell(2, 100);
    it.sell(2, 101);
    it.at(2);
    it.place(Side::Buy, 3, 101, TimeInForce::Ioc);
    it.place(Side::Sell, 1, 98, TimeInForce::Ioc);
    it.at(3);
    let series = finish(it);
    assert_eq!((series.volumes[1], series.flows[1], series.trades[1]), (4, 2, 3));
    let takers = [Taker { sign: 1, lots: 3, mid: 198 }, Taker { sign: -1, lots: 1, mid: 199 }];
    assert_eq!(series.takers, takers, "mids are those before each of them");
}

#[test]
fn burn_in_drops_samples_and_takers() {
    let mut it = script(Sampling { burn_in: 2, ..sampling() });
    it.at(1);
    it.buy(50, 98);
    it.sell(50, 100);
    for second in 2..6 {
        it.at(second);
        it.place(Side::Buy, u32::try_from(second).unwrap(), 100, TimeInForce::Ioc);
    }
    let series = finish(it);
    assert_eq!(series.volumes, [3, 4, 5], "at 3, 4 and 5 s");
    let lots: Vec<u64> = series.takers.iter().map(|taker| taker.lots).collect();
    assert_eq!(lots, [4, 5], "after the first sample that is kept");
}

#[test]
fn start_and_end_bound_the_samples() {
    let mut it = script(Sampling {
        start: TimeNs(3 * SECOND - 1),
        end: Some(TimeNs(7 * SECOND)),
        ..sampling()
    });
    it.at(1);
    let ask = it.sell(1, 100);
    it.buy(1, 98);
    it.at(4);
    it.cancel(ask);
    it.sell(1, 102);
    let series = finish(it);
    assert_eq!(series.mids, [198, 200, 200, 200, 200], "3 s to 7 s, though the log ends at 4 s");
    let mut it = script(Sampling { end: Some(TimeNs(2 * SECOND)), ..sampling() });
    it.at(1);
    it.buy(1, 98);
    it.sell(1, 100);
    it.at(9);
    assert_eq!(finish(it).mids.len(), 2);
}

#[test]
fn fair_values_of_the_source_are_carried_and_others_ignored() {
    let source = FairValueSource { policy: 9, agent: 3 };
    let mut it = script(Sampling { fair_value: Some(source), ..sampling() });
    let note = |it: &mut Script<Sampler>, policy, agent, action: &[i32]| {
        it.observer.decision(&Decision {
            agent,
            policy,
            action,
            first_reference: Reference(0),
            commands: 0,
            observation: None,
        });
    };
    it.at(1);
    note(&mut it, 9, 3, &[256_000]);
    it.buy(1, 999);
    it.sell(1, 1001);
    it.at(2);
    note(&mut it, 9, 4, &[1]);
    note(&mut it, 8, 3, &[1]);
    it.at(3);
    note(&mut it, 9, 3, &[-2, 1]);
    let series = finish(it);
    assert_eq!(series.fair, [256_000, 256_000, (1 << 32) + 0xffff_fffe]);
    assert_eq!(series.fair_in_ticks()[..1], series.mids_in_ticks()[..1]);
}

#[test]
fn a_series_without_a_fair_value_for_each_sample_has_none() {
    let source = FairValueSource { policy: 9, agent: 3 };
    let mut it = script(Sampling { fair_value: Some(source), ..sampling() });
    it.at(1);
    it.buy(1, 999);
    it.sell(1, 1001);
    it.at(2);
    assert_eq!(finish(it).fair, []);
}

#[test]
fn depth_is_looked_at_each_tenth_sample() {
    let mut it = script(Sampling { tick: 10, ..sampling() });
    it.at(1);
    it.buy(5, 980);
    it.buy(6, 970);
    it.sell(7, 1000);
    it.sell(8, 1009);
    it.sell(9, 1500);
    it.sell(1, 1510);
    it.at(30);
    let series = finish(it);
    assert_eq!((series.depth_looks, series.depth.len()), (3, 51));
    assert_eq!(series.depth[0], 3 * (5 + 7 + 8), "1009 is less than a tick from 1000");
    assert_eq!((series.depth[1], series.depth[50]), (3 * 6, 3 * 9));
    assert_eq!(series.depth.iter().sum::<u128>(), 3 * (5 + 6 + 7 + 8 + 9));
}

#[test]
fn orders_that_expire_stand_until_their_time() {
    let mut it = script(sampling());
    it.at(1);
    it.buy(1, 98);
    it.sell(1, 104);
    it.place(Side::Sell, 1, 100, TimeInForce::Gtt(TimeNs(3 * SECOND)));
    it.at(3);
    it.at(4);
    assert_eq!(finish(it).mids, [198, 198, 202, 202]);
}

#[test]
fn auctions_have_volume_and_no_takers() {
    let mut it = script(sampling());
    it.at(1);
    it.buy(9, 98);
    it.sell(9, 101);
    it.command(Command::SetRule(RuleChange::State(MarketState::Auction)));
    it.buy(4, 101);
    it.at(2);
    it.command(Command::Uncross);
    let series = finish(it);
    assert_eq!((series.volumes, series.flows), (vec![0, 4], vec![0, 0]));
    assert_eq!((series.trades, series.takers), (vec![0, 1], Vec::new()));
}

#[test]
fn a_leap_of_the_clock_is_cut() {
    let mut it = script(Sampling { interval: 1, ..sampling() });
    it.buy(1, 98);
    it.sell(1, 100);
    it.at(SECOND);
    let series = finish(it);
    assert!(series.is_cut);
    assert_eq!(series.mids.len() as u64, SAMPLES_FREE);
}

/// What has a command for each sample is long, not a leap.
#[test]
fn a_long_log_is_not_cut() {
    let mut it = script(sampling());
    it.buy(1, 98);
    it.sell(1, 100);
    for time in 1..=SAMPLES_FREE + 5 {
        it.at(time);
    }
    let series = finish(it);
    assert!(!series.is_cut && SAMPLES_FREE < series.mids.len() as u64);
}
