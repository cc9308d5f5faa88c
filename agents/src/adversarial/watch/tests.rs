//! What a watch sees is what the game pays for.

use kernel::{
    Decision, Engine, OrderKind, Place, Price, Qty, Reference, SelfTrade, TimeInForce, Unlogged,
    Venue as _,
};

use super::*;
use crate::adversarial::{Game, Pay};

const EPISODES: &str = "60";

/// Episodes as seen, each with the pay of its steps and the flow as the game has it.
fn play(set: &[(&str, &str)]) -> Vec<(Episode, Vec<Pay>, Vec<Token>)> {
    let mut settings = Settings::preset("default").unwrap();
    settings.set_all([("episodes", EPISODES)]).unwrap();
    settings.set_all(set.iter().copied()).unwrap();
    let engine = Engine::new(&settings.genesis()).unwrap();
    let mut venue = Watched::new(Unlogged::new(engine), Watch::new(&settings));
    let mut game = Game::new(&settings, 5);
    let (mut pays, mut episodes) = (Vec::new(), Vec::new());
    while let Some(pay) = game.advance(&mut venue).unwrap() {
        pays.push(pay);
        let found = venue.watch.take();
        assert_eq!(found.is_some(), !game.is_open(), "an episode is there once it is closed");
        if let Some(episode) = found {
            assert_eq!((episode.number, episode.is_informed), (game.episode(), game.is_informed()));
            let flow = game.flow().tokens().to_vec();
            episodes.push((episode, std::mem::take(&mut pays), flow));
        }
    }
    assert_eq!(episodes.len().to_string(), EPISODES);
    episodes
}

#[track_caller]
fn near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() < 1e-7, "{what}: {found} is not {expected}");
}

/// Shortfall, adverse selection, belief, flow and money, episode by episode, for every policy and mode.
#[test]
fn what_is_seen_is_what_is_paid() {
    let mut marks = (0, 0);
    for (mode, trader, maker, arbitrageur) in [
        ("uninformed", "twap", "belief", "prints"),
        ("uninformed", "copy", "avellaneda-stoikov", "none"),
        ("silent", "camouflage", "belief", "belief"),
        ("silent", "pov", "fixed", "prints"),
        ("noise", "vwap", "belief", "prints"),
        ("noise", "abstain", "fixed", "belief"),
    ] {
        for (episode, pays, flow) in play(&[
            ("type.mode", mode),
            ("trader.policy", trader),
            ("maker.policy", maker),
            ("arbitrageur.policy", arbitrageur),
        ]) {
            let what = format!("{mode} {trader} episode {}", episode.number);
            let sum = |of: &dyn Fn(&Pay) -> f64| pays.iter().map(of).sum::<f64>();
            let shortfall = episode.shortfall().unwrap();
            near(shortfall, sum(&|pay| pay.trader.shortfall), &what);
            near(episode.adverse_selection(5), sum(&|pay| pay.maker.adverse_selection), &what);
            let seen: Vec<_> = episode.tokens.iter().map(|seen| seen.token).collect();
            assert_eq!(seen, flow, "{what}");
            for (step, pay) in episode.steps.iter().zip(&pays) {
                let truth = if episode.is_informed { step.belief } else { 1.0 - step.belief };
                assert!((truth - pay.maker.accuracy).abs() < 1e-5, "{what}");
            }
            assert_eq!(episode.steps.len(), pays.len());
            for (player, paid) in [
                (episode.maker, sum(&|pay| pay.maker.pnl)),
                (episode.arbitrageur, sum(&|pay| pay.arbitrageur.pnl)),
            ] {
                // The fundamental's last digits are not in a log: now and then half a tick a lot.
                let away = (player.pnl - paid).abs();
                let half = 0.5 * number::from_integer(player.inventory.abs());
                assert!(away < 1e-7 || (away - half).abs() < 1e-7, "{what}: {player:?}, {paid}");
                marks = (marks.0 + 1, marks.1 + u32::from(1e-7 < away));
            }
        }
    }
    assert!(marks.1 * 50 < marks.0, "{marks:?}: the mark differs in one of 256 episodes");
}

/// A horizon is a number of steps, whatever the settings pay for.
#[test]
fn adverse_selection_has_the_horizon_that_is_asked_for() {
    for horizon in ["1", "10"] {
        for (episode, pays, _) in play(&[("maker.horizon", horizon)]) {
            let paid: f64 = pays.iter().map(|pay| pay.maker.adverse_selection).sum();
            near(episode.adverse_selection(horizon.parse().unwrap()), paid, horizon);
        }
    }
}

/// Children hold what filled them, passive fills too; lots that are missing are the others.
#[test]
fn child_orders_add_up_to_the_parent() {
    let mut passive = 0;
    for (episode, ..) in play(&[("type.mode", "uninformed"), ("trader.policy", "copy")]) {
        let of = |of: fn(&Child) -> i64| episode.children.iter().map(of).sum::<i64>();
        assert_eq!(of(|child| child.executed), episode.executed());
        let paid: i64 = episode.fills.iter().map(|fill| fill.lots * fill.price).sum();
        assert_eq!(of(|child| child.paid), paid);
        assert_eq!(episode.executed() + episode.missing, episode.lots);
        passive += episode.fills.iter().filter(|fill| fill.is_passive).count();
        let traders = episode.tokens.iter().filter(|seen| seen.is_traders).count();
        assert_eq!(traders, episode.children.len());
        for child in &episode.children {
            let Kind::Limit(ticks) = child.kind else { continue };
            // A limit is never filled beyond its price.
            let limit = child.mid_half_ticks.div_euclid(2) + ticks;
            assert!(child.paid <= child.executed * limit, "{child:?}");
        }
    }
    assert!(0 < passive);
}

#[test]
fn slippage_counts_against_the_order() {
    let child = Child {
        step: 1,
        reference: 1,
        side: Side::Buy,
        lots: 5,
        kind: Kind::Market,
        mid_half_ticks: 20_000,
        executed: 4,
        paid: 40_008,
    };
    assert_eq!(child.slippage(), Some(2.0));
    assert_eq!(Child { side: Side::Sell, ..child }.slippage(), Some(-2.0));
    assert_eq!(Child { executed: 0, paid: 0, ..child }.slippage(), None);
}

/// The arbitrageur buys two lots of the maker in two trades, sells one, and sells two more.
#[test]
fn snipes_are_told_from_closings() {
    let settings = Settings::preset("default").unwrap();
    let engine = Engine::new(&settings.genesis()).unwrap();
    let mut venue = Watched::new(Unlogged::new(engine), Watch::new(&settings));
    venue.mark(EPISODE_MARK, 1).unwrap();
    let mut reference = 0;
    let mut place = |venue: &mut Watched<Unlogged>, step, client, side, lots, price| {
        reference += 1;
        let time = TimeNs(1_000 * reference);
        venue.submit(Command::Clock { time, step: Step(step) }).unwrap();
        let place = Place {
            client,
            reference: Reference(reference),
            side,
            qty: Qty::new(lots).unwrap(),
            kind: OrderKind::Limit { price: Price::new(price).unwrap(), post_only: false },
            tif: TimeInForce::Gtc,
            display: None,
            stop: None,
            self_trade: SelfTrade::CancelOldest,
        };
        venue.submit(Command::Place(place)).unwrap();
    };
    place(&mut venue, 1, MAKER, Side::Sell, 1, 101);
    place(&mut venue, 1, MAKER, Side::Sell, 1, 102);
    place(&mut venue, 1, ARBITRAGEUR, Side::Buy, 2, 102);
    place(&mut venue, 2, MAKER, Side::Buy, 3, 100);
    place(&mut venue, 2, ARBITRAGEUR, Side::Sell, 1, 100);
    place(&mut venue, 3, ARBITRAGEUR, Side::Sell, 2, 100);
    place(&mut venue, 4, NOISE, Side::Sell, 1, 110);
    place(&mut venue, 4, ARBITRAGEUR, Side::Buy, 1, 110);
    venue.watch.close(0, 200);
    let episode = venue.watch.take().unwrap();
    let snipe = |step, side, lots, closes| Snipe { step, side, lots, closes };
    let expected = [
        snipe(1, Side::Buy, 2, false),
        snipe(2, Side::Sell, 1, true),
        snipe(3, Side::Sell, 2, true),
    ];
    assert_eq!(episode.snipes, expected, "the trade with noise is none");
    assert_eq!(episode.maker.inventory, 1);
    assert_eq!(episode.arbitrageur.inventory, 0);
    // Worth 0 in the end: cash alone, 300 − 203 − 110.
    assert_eq!(episode.maker_fills.iter().map(|fill| fill.lots).sum::<i64>(), 5);
    assert!((episode.arbitrageur.pnl + 13.0).abs() < 1e-9, "{:?}", episode.arbitrageur);
    assert_eq!(episode.volume(), 6);
}

#[test]
fn an_episode_that_is_not_closed_is_none() {
    let settings = Settings::preset("default").unwrap();
    let mut watch = Watch::new(&settings);
    let engine = Engine::new(&settings.genesis()).unwrap();
    let decision = |policy, action| Decision {
        agent: 0,
        policy,
        action,
        first_reference: Reference(0),
        commands: 0,
        observation: None,
    };
    watch.decision(&decision(policy::CLOSE, &[0, 5]));
    watch.mark(EPISODE_MARK, 1, &engine);
    watch.mark("other", 9, &engine);
    watch.decision(&decision(policy::TYPE, &[1, 99, 7]));
    watch.decision(&decision(policy::TYPE, &[0]));
    assert_eq!(watch.take(), None);
    watch.decision(&decision(policy::CLOSE, &[i32::MIN, i32::MAX]));
    let episode = watch.take().unwrap();
    assert_eq!((episode.number, episode.mode, episode.lots), (1, None, 7));
    assert!(episode.is_informed && episode.steps.is_empty());
    assert_eq!(watch.take(), None);
}
