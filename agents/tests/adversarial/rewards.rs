//! What the players are paid, against the accounts and the definition.

use agents::adversarial::{
    ARBITRAGEUR, ArbitrageurAction, Game, MAKER, Pay, Reactions, Settings, policy,
};
use kernel::{CASH_PER_TICK_LOT, ClientId, Event, Side, Venue};

use crate::spy::{Entry, Spy, settings};

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
}

/// The next episode, and what each step paid.
fn episode(game: &mut Game, spy: &mut Spy, is_informed: bool, beliefs: &[f64]) -> Vec<Pay> {
    game.begin(spy, Some(is_informed)).unwrap();
    let mut pays = Vec::new();
    while game.step() < game.settings().steps() {
        game.arrive(spy, None).unwrap();
        let belief = beliefs.get(pays.len()).copied();
        pays.push(game.react(spy, &Reactions { belief, ..Reactions::default() }).unwrap());
    }
    pays
}

fn wealth(spy: &Spy, client: ClientId) -> (f64, i64) {
    let account = spy.engine().account(client);
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    let cash = (account.cash / (CASH_PER_TICK_LOT / 2)) as f64 / 2.0;
    (cash, account.position)
}

/// Defects 13 to 16: rewards were notional cash flow, and not what was earned. An episode's gain is the change of
/// cash, and what is held at the end at the fundamental, 6 ticks more in episodes of type z = 1.
#[test]
fn gains_are_those_of_the_accounts() {
    let settings = settings("default", &[]);
    let (mut spy, mut game) = (Spy::new(&settings), Game::new(&settings, 1));
    for number in 0..20 {
        let is_informed = number % 2 == 0;
        let before = [MAKER, ARBITRAGEUR].map(|client| wealth(&spy, client));
        let pays = episode(&mut game, &mut spy, is_informed, &[]);
        let edge = if is_informed { 6.0 } else { 0.0 };
        let worth = (2.0 * (game.fundamental() + edge) + 0.5).floor() / 2.0;
        let gained = |client, before: (f64, i64)| {
            let (cash, position) = wealth(&spy, client);
            cash - before.0 + f64::from(i32::try_from(position - before.1).unwrap()) * worth
        };
        near(pays.iter().map(|pay| pay.maker.pnl).sum(), gained(MAKER, before[0]));
        near(pays.iter().map(|pay| pay.arbitrageur.pnl).sum(), gained(ARBITRAGEUR, before[1]));
        game.close(&mut spy).unwrap();
    }
}

/// Defect 11: passive fills were missing. The shortfall is that of all fills, the lots that are missing bought at
/// the closing mid and 8 ticks more; in bps of the arrival price, a tick being one.
#[test]
fn the_shortfall_is_that_of_all_fills() {
    for policy in ["twap", "copy", "camouflage"] {
        let settings = settings("default", &[("trader.policy", policy)]);
        let (mut spy, mut game) = (Spy::new(&settings), Game::new(&settings, 2));
        let mut passive = 0;
        for _ in 0..20 {
            let from = spy.entries.len();
            let pays = episode(&mut game, &mut spy, true, &[]);
            let (mut lots, mut paid) = (0.0, 0.0);
            for entry in &spy.entries[from..] {
                let Entry::Command(_, events) = entry else { continue };
                for event in events {
                    let Event::Traded { maker_client, taker_client, price, qty, .. } = event else {
                        continue;
                    };
                    if [maker_client, taker_client].contains(&&agents::adversarial::TRADER) {
                        lots += f64::from(qty.lots());
                        paid += f64::from(qty.lots()) * f64::from(price.ticks());
                        passive += i32::from(*maker_client == agents::adversarial::TRADER);
                    }
                }
            }
            let missing = f64::from(i32::try_from(settings.lots()).unwrap()) - lots;
            paid += missing * (game.prices().mid() + 8.0);
            let arrival = 10_000.0;
            let shortfall: f64 = pays.iter().map(|pay| pay.trader.shortfall).sum();
            near(shortfall, (paid / (lots + missing) - arrival) / arrival * 10_000.0);
            game.close(&mut spy).unwrap();
            let close = spy.actions(policy::CLOSE).last().unwrap();
            near(f64::from(close[0]), missing);
        }
        assert!(policy == "twap" || 0 < passive);
    }
}

/// A belief for each step.
fn beliefs(settings: &Settings) -> Vec<f64> {
    let steps = usize::try_from(settings.steps()).unwrap();
    [0.3, 0.9, 0.5, 0.6, 0.2].into_iter().cycle().take(steps).collect()
}

/// Defect 4: the penalty reached the gradient as noise. Here each step costs the increment of ln b, and all of them
/// together ln b − ln b₀, in episodes of type z = 1 alone.
#[test]
fn leakage_is_the_increment_of_the_log_belief() {
    let settings = settings("default", &[]);
    let (mut spy, mut game) = (Spy::new(&settings), Game::new(&settings, 3));
    let beliefs = beliefs(&settings);
    let pays = episode(&mut game, &mut spy, true, &beliefs);
    near(pays[0].trader.leakage, (0.3_f64 / 0.5).ln());
    near(pays[1].trader.leakage, (0.9_f64 / 0.3).ln());
    near(pays.iter().map(|pay| pay.trader.leakage).sum(), (0.2_f64 / 0.5).ln());
    game.close(&mut spy).unwrap();
    let pays = episode(&mut game, &mut spy, false, &beliefs);
    assert!(pays.iter().all(|pay| pay.trader.leakage == 0.0));
}

/// The control that must not teach anything: the same number in every step, whatever the trader does in it.
#[test]
fn leakage_of_an_episode_is_one_number_for_all_steps() {
    let settings = settings("default", &[("trader.leakage", "episode")]);
    let (mut spy, mut game) = (Spy::new(&settings), Game::new(&settings, 3));
    let beliefs = beliefs(&settings);
    let first = episode(&mut game, &mut spy, true, &beliefs);
    assert!(first.iter().all(|pay| pay.trader.leakage == 0.0), "nothing is known yet");
    game.close(&mut spy).unwrap();
    let second = episode(&mut game, &mut spy, true, &beliefs[..25]);
    for pay in &second {
        near(pay.trader.leakage, (0.2_f64 / 0.5).ln() / 50.0);
    }
}

/// Defect 15: entropy and accuracy were absent, adverse selection was always 0.
#[test]
fn the_maker_is_paid_for_what_it_believes() {
    let settings = settings("default", &[("episodes", "1")]);
    let (mut spy, mut game) = (Spy::new(&settings), Game::new(&settings, 4));
    let pays = episode(&mut game, &mut spy, true, &[0.9, 0.5]);
    near(pays[0].maker.entropy, -(0.9 * 0.9_f64.ln() + 0.1 * 0.1_f64.ln()));
    near(pays[0].maker.accuracy, 0.9);
    near(pays[1].maker.entropy, 2.0_f64.ln());
    game.close(&mut spy).unwrap();
    let pays = episode(&mut game, &mut spy, false, &[0.9]);
    near(pays[0].maker.accuracy, 0.1);
    let adverse: f64 = pays.iter().map(|pay| pay.maker.adverse_selection).sum();
    assert!(adverse != 0.0);
}

/// What a maker traded in a step costs what the mid moved against it five steps later.
#[test]
fn adverse_selection_is_measured_at_its_horizon() {
    // Without cancels nothing happens between the end of a step and the orders of the next.
    let settings = settings(
        "default",
        &[
            ("noise.cancel", "0"),
            ("noise.rate", "4"),
            ("market.book_levels", "0"),
            ("maker.half_spread", "1"),
        ],
    );
    let (mut spy, mut game) = (Spy::new(&settings), Game::new(&settings, 5));
    game.begin(&mut spy, Some(true)).unwrap();
    let (mut traded, mut before, mut after, mut told) = (vec![], vec![], vec![], vec![]);
    while game.step() < 50 {
        let held = spy.engine().account(MAKER).position;
        let mid = game.prices().mid();
        game.arrive(&mut spy, None).unwrap();
        let pay = game.react(&mut spy, &Reactions::default()).unwrap();
        traded.push(f64::from(i32::try_from(spy.engine().account(MAKER).position - held).unwrap()));
        before.push(mid);
        after.push(game.prices().mid());
        told.push(pay.maker.adverse_selection);
    }
    let mut some = 0;
    for step in 0..49 {
        let expected =
            if step < 5 { 0.0 } else { -traded[step - 5] * (after[step] - before[step - 5]) };
        near(told[step], expected);
        some += i32::from(expected != 0.0);
    }
    assert!(5 < some);
    let open: f64 = (44..50).map(|step| -traded[step] * (after[49] - before[step])).sum();
    near(told[49], open);
}

/// Belief lag pays for lots on the side to which the belief moved since the maker quoted, and costs on the other.
#[test]
fn belief_lag_pays_for_the_right_side() {
    let settings = settings("default", &[]);
    let (mut spy, mut game) = (Spy::new(&settings), Game::new(&settings, 6));
    game.begin(&mut spy, Some(true)).unwrap();
    let mut quoted = 0.5;
    for (belief, side) in
        [(0.8, Side::Buy), (0.9, Side::Sell), (0.4, Side::Sell), (0.3, Side::Buy), (0.3, Side::Buy)]
    {
        game.arrive(&mut spy, None).unwrap();
        let held = spy.engine().account(ARBITRAGEUR).position;
        let arbitrageur = ArbitrageurAction { side: Some(side), lots: 3, observation: None };
        let given = Reactions {
            belief: Some(belief),
            arbitrageur: Some(arbitrageur),
            ..Reactions::default()
        };
        let pay = game.react(&mut spy, &given).unwrap();
        let bought = spy.engine().account(ARBITRAGEUR).position - held;
        assert_ne!(bought, 0);
        let bought = f64::from(i32::try_from(bought).unwrap());
        near(pay.arbitrageur.belief_lag, bought * (belief - quoted));
        quoted = belief;
    }
}

/// A belief of 0 or 1 would cost infinitely much: it stays within a logit of 6.
#[test]
fn a_certain_belief_is_none() {
    let settings = settings("default", &[]);
    let (mut spy, mut game) = (Spy::new(&settings), Game::new(&settings, 5));
    let pays = episode(&mut game, &mut spy, true, &[0.0, 1.0, f64::NAN, 0.5]);
    assert!(pays.iter().all(|pay| pay.trader.leakage.is_finite()));
    near(pays[0].trader.leakage, (1.0 / (1.0 + 6.0_f64.exp()) / 0.5).ln());
}
