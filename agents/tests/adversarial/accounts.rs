//! Orders, fills and accounts.

use std::collections::BTreeMap;

use agents::adversarial::{CLIENTS_MAX, MAKER, NOISE, TRADER, policy};
use kernel::{
    CASH_PER_TICK_LOT, CancelReason, ClientId, Command, Event, OrderId, OrderKind, Side, Venue,
};

use crate::spy::{Spy, play, settings};

/// Every policy of the trader against every maker and arbitrageur, in every mode.
fn each(mut see: impl FnMut(&Spy, i64)) {
    for mode in ["uninformed", "silent", "noise"] {
        for (trader, maker, arbitrageur) in [
            ("twap", "fixed", "prints"),
            ("vwap", "belief", "belief"),
            ("camouflage", "avellaneda-stoikov", "prints"),
            ("pov", "belief", "none"),
            ("copy", "fixed", "belief"),
        ] {
            let settings = settings(
                "default",
                &[
                    ("episodes", "20"),
                    ("type.mode", mode),
                    ("trader.policy", trader),
                    ("maker.policy", maker),
                    ("arbitrageur.policy", arbitrageur),
                ],
            );
            let (spy, _, _) = play(&settings, 11);
            see(&spy, settings.lots());
        }
    }
    let published = settings("published", &[("episodes", "3"), ("noise.rate_rule", "release")]);
    see(&play(&published, 11).0, published.lots());
}

/// Defects 11, 13, 14, 26: passive fills were not booked, and aggressive ones with the wrong sign.
#[test]
fn the_ledger_of_everybody_is_the_fill_log() {
    each(|spy, _| {
        let mut ledger = BTreeMap::<u32, (i64, i128)>::new();
        let (mut passive, mut aggressive) = (0, 0);
        for (_, events) in spy.commands() {
            for event in events {
                let Event::Traded { maker_client, taker_client, taker_side, price, qty, .. } =
                    event
                else {
                    continue;
                };
                let (lots, price) = (i64::from(qty.lots()), i128::from(price.ticks()));
                let cash = i128::from(lots) * price * CASH_PER_TICK_LOT;
                let sign = if *taker_side == Side::Buy { 1 } else { -1 };
                for (client, sign) in [(taker_client, sign), (maker_client, -sign)] {
                    let account = ledger.entry(client.0).or_default();
                    account.0 += sign * lots;
                    account.1 -= i128::from(sign) * cash;
                }
                passive += i64::from(*maker_client == MAKER);
                aggressive += i64::from(*taker_client == MAKER);
            }
        }
        assert!(0 < passive && aggressive == 0, "a maker that only posts is never a taker");
        for client in 0..CLIENTS_MAX {
            let account = spy.engine().account(ClientId(client));
            let (position, cash) = ledger.get(&client).copied().unwrap_or_default();
            assert_eq!((account.position, account.cash), (position, cash), "client {client}");
        }
    });
}

/// Defects 20, 21, 22, 24: prices off the tick rested and printed, limits were violated, books locked, and
/// sizes below 1 were taken.
#[test]
fn nothing_prints_outside_a_limit() {
    each(|spy, _| {
        let mut limits = BTreeMap::<OrderId, (Side, Option<u32>)>::new();
        let mut trades = 0;
        for (command, events) in spy.commands() {
            for event in events {
                match (command, event) {
                    (Command::Place(place), Event::Accepted { order, .. }) => {
                        let limit = match place.kind {
                            OrderKind::Limit { price, .. } => Some(price.ticks()),
                            OrderKind::Market | OrderKind::MarketToLimit => None,
                        };
                        limits.insert(*order, (place.side, limit));
                    }
                    (_, Event::Traded { maker, taker, price, .. }) => {
                        trades += 1;
                        for order in [maker, taker] {
                            let (side, limit) = limits[order];
                            let Some(limit) = limit else { continue };
                            match side {
                                Side::Buy => assert!(price.ticks() <= limit),
                                Side::Sell => assert!(limit <= price.ticks()),
                            }
                        }
                    }
                    _ => {}
                }
            }
        }
        assert!(0 < trades);
    });
}

/// Defects 12, 23, 25: the maker never cancelled, cancelled orders left depth, and everything grew. What each
/// level shows are the orders that rest there, and nothing rests behind an episode.
#[test]
fn no_depth_outlives_its_orders() {
    for preset in ["default", "debug"] {
        let settings = settings(preset, &[("episodes", "4"), ("type.mode", "noise")]);
        let mut spy = Spy::new(&settings);
        let mut game = agents::adversarial::Game::new(&settings, 11);
        let mut cancelled = 0;
        while game.advance(&mut spy).unwrap().is_some() {
            for side in [Side::Buy, Side::Sell] {
                let mut resting = BTreeMap::<u32, u64>::new();
                for order in spy.engine().queue(side) {
                    *resting.entry(order.price.ticks()).or_default() +=
                        u64::from(order.displayed.lots());
                }
                let shown = spy.engine().levels(side).map(|level| (level.price.ticks(), level.qty));
                assert_eq!(shown.collect::<BTreeMap<_, _>>(), resting);
            }
            if !game.is_open() {
                assert_eq!((spy.engine().orders_live(), spy.engine().levels_live()), (0, 0));
            }
        }
        for (_, events) in spy.commands() {
            cancelled += events.iter().filter(|it| matches!(it, Event::Cancelled { .. })).count();
        }
        assert!(500 < cancelled);
    }
}

/// Defect 12: a maker's quotes are those of its last decision and no others.
#[test]
fn the_maker_replaces_its_quotes() {
    let settings = settings("default", &[("episodes", "10")]);
    let mut spy = Spy::new(&settings);
    let mut game = agents::adversarial::Game::new(&settings, 3);
    while game.advance(&mut spy).unwrap().is_some() {
        for side in [Side::Buy, Side::Sell] {
            let quotes = spy.engine().queue(side).filter(|order| order.client == MAKER).count();
            assert!(quotes <= 4, "{quotes}");
        }
    }
}

/// Defect 25. Noise is many strangers.
#[test]
fn no_player_trades_with_itself() {
    each(|spy, _| {
        for (_, events) in spy.commands() {
            for event in events {
                if let Event::Traded { maker_client, taker_client, .. } = event {
                    assert!(maker_client != taker_client || *maker_client == NOISE);
                }
            }
        }
    });
}

/// Alone with the maker, orders of both sides from the trader's place would meet each other.
#[test]
fn orders_of_one_player_that_meet_are_cancelled() {
    let settings = settings(
        "default",
        &[
            ("episodes", "50"),
            ("type.mode", "noise"),
            ("type.informed", "0"),
            ("trader.lots", "1000"),
            ("noise.rate", "0"),
            ("market.book_levels", "0"),
            ("maker.half_spread", "5"),
        ],
    );
    let (spy, ..) = play(&settings, 2);
    let mut met = 0;
    for (_, events) in spy.commands() {
        for event in events {
            match event {
                Event::Traded { maker_client, taker_client, .. } => {
                    assert!(maker_client != taker_client);
                }
                Event::Cancelled { client, reason: CancelReason::SelfTrade, .. } => {
                    met += i32::from(*client == TRADER);
                }
                _ => {}
            }
        }
    }
    assert!(20 < met, "{met}");
}

/// Defects 10, 11: the trader had to trade each step, and bought more than its parent order.
#[test]
fn a_parent_order_is_never_exceeded() {
    each(|spy, lots| {
        let (mut bought, mut episodes) = (0, 0);
        let mut informed = false;
        let mut types = spy.actions(policy::TYPE);
        for entry in &spy.entries {
            match entry {
                crate::spy::Entry::Mark(..) => {
                    informed = types.next().unwrap()[0] == 1;
                    (bought, episodes) = (0, episodes + 1);
                }
                crate::spy::Entry::Command(_, events) => {
                    for event in events {
                        if let Event::Traded { maker_client, taker_client, qty, .. } = event
                            && [*maker_client, *taker_client].contains(&TRADER)
                        {
                            bought += i64::from(qty.lots());
                        }
                    }
                    assert!(bought <= lots, "{bought} of {lots}, informed: {informed}");
                }
                crate::spy::Entry::Decision { .. } => {}
            }
        }
        assert!(3 <= episodes);
    });
}

/// Defect 10.
#[test]
fn who_abstains_trades_nothing() {
    let settings = settings(
        "default",
        &[("episodes", "20"), ("trader.policy", "abstain"), ("type.informed", "1")],
    );
    let (spy, _, pays) = play(&settings, 1);
    assert_eq!(spy.engine().account(TRADER).position, 0);
    assert_eq!(spy.engine().account(TRADER).cash, 0);
    let sent = spy.entries.iter().filter(
        |entry| matches!(entry, crate::spy::Entry::Decision { agent, .. } if *agent == TRADER.0),
    );
    assert_eq!(sent.count(), 0);
    assert!(spy.actions(policy::CLOSE).all(|action| action[0] == 20));
    let closing: f64 = pays.iter().map(|pay| pay.trader.closing).sum();
    let shortfall: f64 = pays.iter().map(|pay| pay.trader.shortfall).sum();
    assert!((closing - shortfall).abs() < 1e-9 && 0.0 < closing);
    assert_ne!(spy.engine().account(NOISE).position, 0, "the others trade on");
}

/// Defect 39: an episode ended for everybody when the trader was done.
#[test]
fn every_episode_has_all_its_steps() {
    let settings =
        settings("default", &[("episodes", "10"), ("trader.lots", "1"), ("type.informed", "1")]);
    let (_, _, pays) = play(&settings, 1);
    assert_eq!(pays.len(), 10 * 50);
}
