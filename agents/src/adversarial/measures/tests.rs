//! Measures of episodes made by hand, and of none.

use kernel::{Side, Unlogged};

use super::*;
use crate::adversarial::Game;
use crate::adversarial::flow::Token;
use crate::adversarial::settings::Mode;
use crate::adversarial::watch::{
    Child, Episode, Fill, Kind, Moment, Player, Seen, Snipe, Watch, Watched, play,
};
use crate::number;

fn settings() -> Settings {
    let mut settings = Settings::preset("default").unwrap();
    settings.set_all([("episode.steps", "4"), ("trader.lots", "10")]).unwrap();
    settings
}

/// An episode of four steps: mids of 100, 101, 101, 99, 100 ticks; beliefs rise with spreads.
fn episode(number: u64, is_informed: bool) -> Episode {
    let mids = [200, 202, 202, 198, 200];
    let steps = (1..5).map(|step| Moment {
        before: mids[step - 1],
        after: mids[step],
        spread: (step != 2).then(|| i64::try_from(step).unwrap()),
        belief: 0.2 * number::from_integer(i64::try_from(step).unwrap()),
        volume: 5,
        made: [-3, 0, 2, 0][step - 1],
        inventory: 0,
    });
    let token = |step, lots, is_limit, offset| Token {
        step,
        time_ns: 0,
        side: Side::Buy,
        offset,
        lots,
        is_limit,
    };
    let child = |step, lots, kind, executed, paid| Child {
        step,
        reference: step,
        side: Side::Buy,
        lots,
        kind,
        mid_half_ticks: 200,
        executed,
        paid,
    };
    let fill = |step, lots, price| Fill { step, side: Side::Buy, price, lots, is_passive: false };
    let snipe = |step, closes| Snipe { step, side: Side::Buy, lots: 2, closes };
    Episode {
        number,
        is_informed,
        mode: Some(Mode::Silent),
        lots: 10,
        arrival: 200,
        steps: steps.collect(),
        tokens: vec![
            Seen { token: token(1, 4, false, 0), is_traders: true },
            Seen { token: token(1, 7, true, -2), is_traders: false },
            Seen { token: token(3, 4, true, 1), is_traders: true },
        ],
        children: vec![child(1, 4, Kind::Market, 4, 408), child(3, 4, Kind::Limit(1), 2, 198)],
        fills: vec![fill(1, 4, 102), fill(4, 2, 99)],
        maker_fills: vec![fill(1, 3, 102)],
        snipes: vec![snipe(1, false), snipe(2, true), snipe(4, false)],
        missing: 4,
        closing_half_ticks: 200,
        closing_price: 108.0,
        maker: Player { inventory: -1, pnl: 7.0 },
        arbitrageur: Player { inventory: 0, pnl: -2.0 },
    }
}

fn sample(episodes: &[Episode]) -> Sample {
    let mut sample = Sample::new(&settings());
    for episode in episodes {
        sample.add(episode);
    }
    sample
}

#[track_caller]
fn near(found: Option<Estimate>, expected: f64) {
    let found = found.unwrap().value;
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

/// By hand: IS = (4·2 − 2·1 + 4·8)/(10·100); moves 1, 0, −2, 1; −3 lots made before +1 and 2 before −2.
#[test]
fn measures_of_an_episode_made_by_hand() {
    let Measures { execution, splitting, market, maker, arbitrageur, .. } =
        Measures::of(&sample(&[episode(1, true), episode(2, true)]));
    near(execution.shortfall, 380.0);
    near(execution.executed_shortfall, 100.0);
    near(execution.completion, 0.6);
    near(execution.participation, 0.3);
    near(execution.slippage, 50.0);
    assert_eq!(execution.slippage_quartiles, Some([-100.0, 50.0, 200.0]));
    near(splitting.orders, 2.0);
    near(splitting.lots, 4.0);
    near(splitting.market_orders, 0.5);
    near(splitting.gap, 2.0);
    assert_eq!(splitting.gap_variation, Some(0.0));
    near(market.volatility, libm::sqrt(1.5));
    near(market.volume, 20.0);
    near(market.spread, 8.0 / 3.0);
    near(market.spread_belief, 1.0);
    near(market.spread_belief_within, 1.0);
    near(maker.pnl, 7.0);
    // After one step: 3·(101 − 100) − 2·(100 − 101); after five, at the end: 3·0 − 2·(100 − 101).
    near(maker.adverse_selection[0], 5.0);
    near(maker.adverse_selection[1], 2.0);
    near(maker.adverse_selection_per_lot[0], 5.0 / 3.0);
    near(arbitrageur.pnl, -2.0);
    near(arbitrageur.snipes, 2.0);
    near(arbitrageur.closings, 1.0);
    near(arbitrageur.cycle, 3.0);
}

#[test]
fn the_row_of_a_judge_counts_what_is_public() {
    let row = sequence::row(&episode(1, true), scale(&settings()));
    let expected = [
        (3, 2.0),  // two buys of 4 lots
        (6, 1.0),  // one of 7
        (20, 1.0), // at the market
        (22, 1.0), // a limit at -2
        (25, 1.0), // a limit at +1
        (36, 2.0), // in the first tenth
        (41, 1.0), // in the sixth: two of four steps are over
        (66, 4.0), // lots at the market
        (68, 2.0), // steps with a buy
        (69, 2.0), // the mid after two steps
    ];
    for (place, value) in row.into_iter().enumerate() {
        let wanted = expected.iter().find(|(at, _)| *at == place).map_or(0.0, |it| it.1);
        let wanted = match place {
            56..=60 => 11.0,
            61..=65 => 15.0,
            _ => wanted,
        };
        assert!((value - wanted).abs() < 1e-12, "{place}: {value}");
    }
}

#[test]
fn twins_are_paired_by_their_numbers() {
    let mut dear = episode(2, true);
    dear.fills[0].price += 5;
    dear.maker.pnl = 9.0;
    let ones = sample(&[episode(1, true), dear, episode(4, true)]);
    let zeros =
        [2, 3, 5].map(|number| Episode { mode: Some(Mode::Uninformed), ..episode(number, false) });
    let twins = Twins::of(&ones, &sample(&zeros));
    // 5 ticks on 4 of 10 lots, in the only pair.
    near(twins.shortfall, 200.0);
    assert_eq!(twins.shortfall.unwrap().episodes, 1);
    near(twins.maker_pnl, 8.0);
    near(twins.spread_belief, 1.0);
}

/// Nothing is no number, whatever is missing.
#[test]
fn what_is_not_there_is_none() {
    let empty = sample(&[]);
    let measures = Measures::of(&empty);
    assert_eq!(measures.execution.shortfall, None);
    assert_eq!(measures.flow.published, None);
    let detection = Detection::of(&empty, &empty, 10);
    assert_eq!((detection.ridge, detection.net_half, detection.net_best), (None, None, None));
    let mut bare = episode(1, false);
    bare.steps.clear();
    bare.children.clear();
    bare.fills.clear();
    bare.tokens.clear();
    bare.snipes.clear();
    bare.arrival = 0;
    bare.lots = 0;
    let bare = sample(&[bare]);
    let text = format!("{:?} {:?}", Measures::of(&bare), Detection::of(&bare, &bare, 0));
    let single = sample(&[episode(1, true)]);
    let text = format!("{text} {:?} {:?}", Measures::of(&single), Twins::of(&single, &bare));
    assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    assert_eq!(Measures::of(&single).execution.shortfall.unwrap().error, None);
}

/// Two halves that differ are told apart, and the belief is scored against the truth.
#[test]
fn judges_tell_apart_what_differs() {
    let informed: Vec<_> = (1..40).map(|number| episode(number, true)).collect();
    let silent: Vec<_> = (1..41)
        .map(|number| {
            let mut episode = episode(number, false);
            episode.tokens.remove(0);
            episode.tokens[0].token.lots += i64::try_from(number % 3).unwrap();
            episode
        })
        .collect();
    let found = Detection::of(&sample(&silent), &sample(&informed), 20);
    assert_eq!(found.trained, 19);
    assert!(1.0 <= found.ridge.unwrap().accuracy);
    assert_eq!(found.ridge.unwrap().episodes, 40, "twenty of each type");
    assert!(0.6 < found.logistic.unwrap().information);
    assert_eq!(found.net_half.unwrap().episodes, 78);
    assert!(1.0 <= found.net_best.unwrap().accuracy);
    assert_eq!(found.belief, None, "it ends at 0.8 in every episode");
}

/// What is measured is the same whether episodes are looked at one by one or together.
#[test]
fn episodes_of_a_game_are_measured_without_holes() {
    let mut settings = Settings::preset("default").unwrap();
    settings.set_all([("type.mode", "silent"), ("trader.policy", "camouflage")]).unwrap();
    let mut samples = [false, true].map(|is_informed| {
        let engine = kernel::Engine::new(&settings.genesis()).unwrap();
        let mut venue = Watched::new(Unlogged::new(engine), Watch::new(&settings));
        let mut game = Game::new(&settings, 3);
        let mut sample = Sample::new(&settings);
        for _ in 0..40 {
            play(&mut game, &mut venue, is_informed).unwrap();
            sample.add(&venue.watch.take().unwrap());
        }
        sample
    });
    let [zero, one] = &mut samples;
    let (silent, found) = (Measures::of(zero), Measures::of(one));
    assert_eq!(silent.execution, Execution::of(&sample(&[])), "nobody is there");
    assert!(silent.flow.divergence.is_none() && silent.splitting.orders.is_none());
    let flow = &found.flow;
    let (divergence, published) = (flow.divergence.unwrap(), flow.published.unwrap());
    assert!(0.3 < divergence.value && divergence.error.unwrap() < 0.1, "{divergence:?}");
    assert!(0.3 < published.value && published.error.unwrap() < 0.5, "{published:?}");
    assert!(flow.shannon.unwrap().value < flow.variation.unwrap().value);
    assert!(0.5 < flow.entropy.unwrap());
    let belief = Detection::of(zero, one, 20).belief.unwrap();
    assert!(0.5 < belief.last.accuracy && belief.forecasts.brier < 0.25, "{belief:?}");
    assert!(0.25 < belief.accuracy_over_time && belief.brier_over_time < 0.3, "{belief:?}");
}
