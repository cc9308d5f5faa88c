//! Slices of a parent order.

use super::*;
use crate::streams::Stream;

/// Lots asked for in each step while everything that is asked for trades at once.
fn slices(policy: TraderPolicy, set: &[(&str, &str)], volume: i64) -> Vec<i64> {
    let mut settings = Settings::preset("default").unwrap();
    settings.set_all(set.iter().copied()).unwrap();
    let (trader, law) = (Trader::new(&settings), Law::new(&settings));
    let mut stream = Stream::new(5, "test");
    let mut free = settings.lots();
    let steps = (0..settings.steps()).map(|step| {
        let [act] = stream.words();
        let draws = Draws { act, order: stream.words() };
        let volume = volume * i64::try_from(step).unwrap();
        let progress = Progress { step, free, volume };
        let order = trader.decide(Seat::Informed(policy), &progress, &law, &draws);
        let lots = order.map_or(0, |order| order.lots);
        free -= lots;
        lots
    });
    steps.collect()
}

#[test]
fn twap_slices_are_equal_and_end_with_the_horizon() {
    let lots = slices(TraderPolicy::Twap, &[("trader.lots", "100")], 0);
    assert_eq!(lots, vec![2; 50]);
    let lots = slices(TraderPolicy::Twap, &[("trader.lots", "20")], 0);
    assert_eq!(lots.iter().sum::<i64>(), 20);
    assert_eq!(lots[..10], [0, 0, 1, 0, 1, 0, 0, 1, 0, 1]);
    assert_eq!(lots[49], 1);
}

#[test]
fn vwap_follows_a_profile_in_the_shape_of_a_u() {
    let lots = slices(TraderPolicy::Vwap, &[("trader.lots", "500")], 0);
    assert_eq!(lots.iter().sum::<i64>(), 500);
    let (start, middle, end) = (lots[0], lots[25], lots[49]);
    assert!(10 * middle < start && 10 * middle < end, "{start} {middle} {end}");
}

#[test]
fn pov_takes_its_share_of_what_others_trade() {
    let set = [("trader.lots", "50"), ("trader.participation", "0.2")];
    let lots = slices(TraderPolicy::Pov, &set, 5);
    assert_eq!(lots[0], 0);
    assert_eq!(lots[1..], vec![1; 49]);
}

#[test]
fn camouflage_draws_as_many_slices_as_it_should() {
    let every = slices(TraderPolicy::Camouflage, &[("trader.camouflage", "1")], 0);
    assert!(every.iter().filter(|lots| 0 < **lots).all(|lots| (1..=4).contains(lots)));
    let never = slices(TraderPolicy::Camouflage, &[("trader.camouflage", "0")], 0);
    assert_eq!(never, slices(TraderPolicy::Twap, &[], 0));
}

#[test]
fn the_copy_is_what_the_uninformed_buyer_does() {
    let settings = Settings::preset("default").unwrap();
    let (trader, law) = (Trader::new(&settings), Law::new(&settings));
    let mut stream = Stream::new(6, "test");
    for step in 0..1_000 {
        let [act] = stream.words();
        let draws = Draws { act, order: stream.words() };
        let progress = Progress { step: step % 50, free: 7, volume: 0 };
        let copy = trader.decide(Seat::Informed(TraderPolicy::Copy), &progress, &law, &draws);
        assert_eq!(copy, trader.decide(Seat::Buyer, &progress, &law, &draws));
        assert!(copy.is_none_or(|order| order.lots <= 7 && order.side == Side::Buy));
    }
}

#[test]
fn nothing_is_asked_for_beyond_what_is_free() {
    let settings = Settings::preset("default").unwrap();
    let (trader, law) = (Trader::new(&settings), Law::new(&settings));
    let draws = Draws { act: 0, order: [1 << 63; WORDS] };
    for policy in TraderPolicy::ALL {
        for free in [0, 1, 3] {
            let progress = Progress { step: 49, free, volume: 1_000 };
            let order = trader.decide(Seat::Informed(*policy), &progress, &law, &draws);
            assert!(order.map_or(0, |order| order.lots) <= free, "{policy:?}");
        }
    }
    let progress = Progress { step: 0, free: 20, volume: 0 };
    assert_eq!(trader.decide(Seat::Empty, &progress, &law, &draws), None);
    let abstains = TraderAction { lots: 0, style: Style::Market, observation: None };
    assert_eq!(trader.order(&abstains, &progress, &law, &draws), None);
}
