//! What the type of an episode reaches, and what it does not.

use agents::adversarial::{Game, NOISE, TRADER, policy};
use kernel::{Command, Venue};

use crate::spy::{Entry, Spy, play, settings};

/// Numbers of one episode, and its type.
type Sample = (bool, Vec<f64>);

/// Best accuracy of a threshold on any of the numbers, chosen on the even episodes and told on the odd
/// ones: what a classifier of single features can tell.
fn accuracy(samples: &[Sample]) -> f64 {
    let (train, test): (Vec<_>, Vec<_>) =
        samples.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    let of = |samples: &[(usize, &Sample)], feature: usize, bound: f64, above: bool| {
        let (mut right, mut of_type) = ([0.0; 2], [0.0; 2]);
        for (_, (z, numbers)) in samples {
            of_type[usize::from(*z)] += 1.0;
            if ((bound < numbers[feature]) == above) == *z {
                right[usize::from(*z)] += 1.0;
            }
        }
        0.5 * (right[0] / of_type[0] + right[1] / of_type[1])
    };
    let mut best = (0.0, 0, 0.0, true);
    for feature in 0..samples[0].1.len() {
        for (_, (_, numbers)) in train.iter().step_by(10) {
            for above in [true, false] {
                let found = of(&train, feature, numbers[feature], above);
                if best.0 < found {
                    best = (found, feature, numbers[feature], above);
                }
            }
        }
    }
    of(&test, best.1, best.2, best.3)
}

/// Defect 18 and the first trap: the fundamental and the noise are the same in both types. A classifier on
/// the fundamental's path and on arrivals and sizes of noise stays at chance over 2,000 episodes.
#[test]
fn the_type_is_in_neither_fundamental_nor_noise() {
    let settings = settings("default", &[("episodes", "2000"), ("trader.lots", "100")]);
    let (spy, _, _) = play(&settings, 2026);
    let mut samples: Vec<Sample> = Vec::new();
    let mut types = spy.actions(policy::TYPE);
    let (mut path, mut steps, mut orders) = (Vec::new(), 0.0, Vec::new());
    for entry in &spy.entries {
        match entry {
            Entry::Decision { policy: policy::FUNDAMENTAL, action, .. } => {
                path.push(f64::from(action[0]) / 256.0);
                steps += 1.0;
            }
            Entry::Decision { agent, policy: policy::CUSTOMER, action, .. }
                if *agent == NOISE.0 =>
            {
                orders.push((steps, f64::from(action[0].abs()), f64::from(action[3])));
            }
            Entry::Decision { policy: policy::CLOSE, .. } => {
                let z = types.next().unwrap()[0] == 1;
                let count = orders.len() as f64;
                let mean = |of: &dyn Fn(&(f64, f64, f64)) -> f64| {
                    orders.iter().map(of).sum::<f64>() / count.max(1.0)
                };
                let last = path[path.len() - 1];
                let average = path.iter().sum::<f64>() / path.len() as f64;
                let highest = path.iter().copied().fold(f64::MIN, f64::max);
                let moved: f64 = path.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
                samples.push((
                    z,
                    vec![
                        last,
                        average,
                        highest,
                        moved,
                        count,
                        mean(&|order| order.0),
                        mean(&|order| order.1),
                        mean(&|order| order.1 * order.1),
                        mean(&|order| order.2),
                    ],
                ));
                path.clear();
                orders.clear();
                steps = 0.0;
            }
            Entry::Decision { .. } | Entry::Command(..) | Entry::Mark(..) => {}
        }
    }
    assert_eq!(samples.len(), 2_000);
    let found = accuracy(&samples);
    assert!((found - 0.5).abs() < 0.03, "{found}");
}

/// Defect 3, 6: the type was the constant 1. Here it is drawn for each episode.
#[test]
fn the_type_is_drawn() {
    let settings = settings("default", &[("episodes", "2000"), ("type.informed", "0.5")]);
    let (spy, _, _) = play(&settings, 3);
    let informed: i32 = spy.actions(policy::TYPE).map(|action| action[0]).sum();
    assert!((900..=1100).contains(&informed), "{informed}");
}

/// The two episodes of one number differ by the trader's orders, and by nothing else that was drawn.
#[test]
fn twins_share_their_draws() {
    let settings = settings("default", &[("type.mode", "silent"), ("noise.elasticity", "0")]);
    let noise = |is_informed| {
        let mut spy = Spy::new(&settings);
        let mut game = Game::new(&settings, 17);
        game.begin(&mut spy, Some(is_informed)).unwrap();
        while game.step() < 50 {
            game.arrive(&mut spy, None).unwrap();
            game.react(&mut spy, &agents::adversarial::Reactions::default()).unwrap();
        }
        game.close(&mut spy).unwrap();
        let traders = spy.commands().filter(
            |(command, _)| matches!(command, Command::Place(place) if place.client == TRADER),
        );
        let traders = traders.count();
        let drawn: Vec<_> = spy
            .entries
            .iter()
            .filter_map(|entry| match entry {
                Entry::Decision { agent, policy: policy::CUSTOMER, action, .. }
                    if *agent == NOISE.0 =>
                {
                    Some(action.clone())
                }
                Entry::Decision { policy: policy::FUNDAMENTAL, action, .. } => Some(action.clone()),
                _ => None,
            })
            .collect();
        (drawn, traders)
    };
    let ((with, informed), (without, uninformed)) = (noise(true), noise(false));
    assert_eq!(with, without);
    assert!(0 < informed && uninformed == 0);
}

/// Defect 18: the fundamental ran away from where it began, and episodes went on where the last one had ended.
#[test]
fn the_fundamental_reverts_and_begins_anew() {
    let settings = settings(
        "default",
        &[("episodes", "400"), ("fundamental.reversion", "0.2"), ("fundamental.volatility", "1")],
    );
    let (spy, _, _) = play(&settings, 4);
    let path: Vec<f64> = spy
        .actions(policy::FUNDAMENTAL)
        .map(|action| f64::from(action[0]) / 256.0 - 10_000.0)
        .collect();
    let (mut product, mut square, mut firsts) = (0.0, 0.0, 0.0);
    for episode in path.chunks(50) {
        firsts += episode[0] * episode[0];
        for pair in episode.windows(2) {
            product += pair[0] * pair[1];
            square += pair[0] * pair[0];
        }
    }
    // An AR(1) of coefficient 0.8 and variance 1 / (1 − 0.64).
    assert!((product / square - 0.8).abs() < 0.02, "{}", product / square);
    assert!((square / (400.0 * 49.0) - 2.78).abs() < 0.2, "{}", square / (400.0 * 49.0));
    // The first step of each episode is one move away from the start.
    assert!((firsts / 400.0 - 1.0).abs() < 0.2, "{}", firsts / 400.0);
}

/// Noise reads the fundamental: where it is above the mid there are more buys.
#[test]
fn noise_leans_towards_the_fundamental() {
    let buys = |elasticity| {
        let settings = settings(
            "default",
            &[
                ("episodes", "200"),
                ("noise.elasticity", elasticity),
                ("trader.policy", "abstain"),
                ("type.informed", "1"),
                ("fundamental.volatility", "3"),
            ],
        );
        let (spy, _, _) = play(&settings, 5);
        let (mut above, mut lean) = (0.0_f64, 0.0);
        let (mut fundamental, mut count) = (0.0, 0.0);
        for entry in &spy.entries {
            match entry {
                Entry::Decision { policy: policy::FUNDAMENTAL, action, .. } => {
                    fundamental = f64::from(action[0]) / 256.0 - 10_000.0;
                }
                Entry::Decision { policy: policy::CUSTOMER, action, .. } => {
                    above += fundamental.signum() * f64::from(action[0].signum());
                    count += 1.0;
                    lean = above / count;
                }
                _ => {}
            }
        }
        lean
    };
    assert!(0.1 < buys("0.03"), "{}", buys("0.03"));
    assert!(buys("0").abs() < 0.03, "{}", buys("0"));
}

/// Defect 38: the flow was the trader's own. Here it holds every order of a customer as it arrives, in that order,
/// and nothing tells whose it is: the same numbers stand in it for the trader and for noise.
#[test]
fn the_flow_is_that_of_all_customers() {
    let settings = settings("default", &[("trader.policy", "copy"), ("type.informed", "1")]);
    let mut spy = Spy::new(&settings);
    let mut game = Game::new(&settings, 12);
    let mut of_the_trader = 0;
    for _ in 0..20 {
        let from = spy.entries.len();
        game.begin(&mut spy, Some(true)).unwrap();
        while game.step() < 50 {
            game.arrive(&mut spy, None).unwrap();
            game.react(&mut spy, &agents::adversarial::Reactions::default()).unwrap();
        }
        let mut sent = Vec::new();
        for entry in &spy.entries[from..] {
            let Entry::Decision { agent, policy: policy::CUSTOMER, action, .. } = entry else {
                continue;
            };
            of_the_trader += i32::from(*agent == TRADER.0);
            let is_limit = action[1] == 2;
            let offset = if is_limit { i64::from(action[2]) } else { 0 };
            sent.push((i64::from(action[0]), offset, is_limit));
        }
        let seen = game.flow().tokens().iter();
        let seen = seen.map(|token| (token.signed_lots(), token.offset, token.is_limit));
        assert!(seen.eq(sent));
        let times: Vec<_> = game.flow().tokens().iter().map(|token| token.time_ns).collect();
        assert!(times.is_sorted());
        game.close(&mut spy).unwrap();
    }
    assert!(50 < of_the_trader);
}

/// Defect 7: the maker saw a belief of 0.5 in every step. Here it sees the last one, in both views, and quotes on it.
#[test]
fn the_belief_reaches_the_maker() {
    use agents::adversarial::{Observations, Reactions, View};
    let settings = settings("default", &[("maker.policy", "belief")]);
    let mut spy = Spy::new(&settings);
    let mut game = Game::new(&settings, 13);
    game.begin(&mut spy, Some(true)).unwrap();
    let mut seen = Observations::default();
    for belief in [0.1, 0.9, 0.4, 0.75] {
        game.arrive(&mut spy, None).unwrap();
        let given = Reactions { belief: Some(belief), ..Reactions::default() };
        game.react(&mut spy, &given).unwrap();
        for (view, place) in [(View::Compact, 8), (View::Published, 143)] {
            game.observe(spy.engine(), view, &mut seen);
            assert!((f64::from(seen.maker[place]) - belief).abs() < 1e-6);
        }
        let told = spy.actions(policy::BELIEF).last().unwrap()[0];
        assert!((f64::from(told) / 65_536.0 - belief).abs() < 1e-4);
        let half = spy.actions(policy::MAKER).last().unwrap()[0];
        assert!((f64::from(half) - (1.0 + 2.0 * belief).round()).abs() < 1e-9);
    }
}

/// What a policy chose bears the digest of what it saw. Nobody chooses for the uninformed buyer, whose orders bear none.
#[test]
fn a_digest_stands_by_what_was_chosen() {
    use agents::adversarial::{Reactions, Style, TraderAction};
    let settings = settings("default", &[]);
    for is_informed in [true, false] {
        let mut spy = Spy::new(&settings);
        let mut game = Game::new(&settings, 14);
        game.begin(&mut spy, Some(is_informed)).unwrap();
        let action = TraderAction { lots: 1, style: Style::Market, observation: Some([7; 8]) };
        while game.step() < 50 {
            game.arrive(&mut spy, Some(action)).unwrap();
            game.react(&mut spy, &Reactions::default()).unwrap();
        }
        let mut orders = 0;
        for entry in &spy.entries {
            let Entry::Decision { agent, observation, .. } = entry else { continue };
            let is_chosen = is_informed && *agent == TRADER.0;
            assert_eq!(*observation, is_chosen.then_some([7; 8]));
            orders += i32::from(*agent == TRADER.0);
        }
        assert!(0 < orders);
    }
}

/// Defect 31: the same seed gave other episodes. Here it gives the same entries, and another seed others.
#[test]
fn a_seed_is_a_game() {
    for mode in ["uninformed", "silent", "noise"] {
        let settings = settings("default", &[("episodes", "5"), ("type.mode", mode)]);
        let (one, ..) = play(&settings, 42);
        assert_eq!(one.entries, play(&settings, 42).0.entries);
        assert_ne!(one.entries, play(&settings, 43).0.entries);
        assert_eq!(one.engine().orders_live(), 0);
    }
}

/// Defect 19: a noise rate that shrinks with the length of an episode. `noise.rate` counts orders a step.
#[test]
fn the_noise_rate_does_not_depend_on_the_length_of_an_episode() {
    let orders = |steps: &str, rule: &str| {
        let settings = settings(
            "published",
            &[
                ("episodes", "20"),
                ("episode.steps", steps),
                ("noise.rate", "2"),
                ("noise.rate_rule", rule),
                ("type.mode", "silent"),
                ("type.informed", "0"),
            ],
        );
        let (spy, ..) = play(&settings, 6);
        spy.actions(policy::CUSTOMER).count() as f64 / (20.0 * steps.parse::<f64>().unwrap())
    };
    assert!((orders("50", "step") - 2.0).abs() < 0.2);
    assert!((orders("200", "step") - 2.0).abs() < 0.1);
    assert!((orders("50", "release") - 0.4).abs() < 0.1);
    assert!((orders("200", "release") - 0.1).abs() < 0.03);
}
