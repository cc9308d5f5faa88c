//! Training as a whole, in markets that are kept nowhere.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use agents::Kind;
use learn::environment::World;
use learn::evaluate::evaluate;
use learn::policy::Policy;
use learn::rivals::Rival;
use learn::trainer::{Heads, Trainer, Update};
use runs::config::Config;

/// The smallest of the presets, with changes.
fn config(changes: &[(&str, &str)]) -> Config {
    learn::use_one_thread();
    let mut config = Config::preset("smoke").unwrap();
    for (key, value) in changes {
        config.set(key, value).unwrap();
    }
    config.check().unwrap();
    config
}

const EVERYONE: (&str, &str) = ("learners", "maker momentum value noise");

/// All updates of a configuration.
fn train(config: &Config) -> (Vec<Update>, Vec<Policy>) {
    let mut trainer = Trainer::begin(config, Heads::default()).unwrap();
    let mut updates = Vec::new();
    while !trainer.is_done() {
        updates.push(trainer.update().unwrap());
    }
    (updates, trainer.finish().unwrap().0)
}

#[test]
fn two_runs_are_equal_to_the_last_bit() {
    let config = config(&[EVERYONE, ("train.updates", "3")]);
    let (one, other) = (train(&config), train(&config));
    assert_eq!(one.0, other.0);
    for (one, other) in one.1.iter().zip(&other.1) {
        assert_eq!(one.net.digest(), other.net.digest());
    }
    let mut another = config.clone();
    another.set("seed", "43").unwrap();
    assert_ne!(train(&another).0[0].market, one.0[0].market);
}

#[test]
fn metrics_of_updates_are_within_their_ranges() {
    let (updates, _) = train(&config(&[EVERYONE]));
    for update in &updates {
        assert_eq!(update.learned.len(), 4);
        for learned in &update.learned {
            let of = &learned.statistics;
            assert!(of.first_ratio_deviation < 1e-5, "{learned:?}");
            assert!((0.0..0.05).contains(&of.approx_kl), "{learned:?}");
            assert!((0.0..0.4).contains(&of.clip_fraction), "{learned:?}");
            assert_eq!(of.epochs, 3);
        }
        assert!(0.5 < update.quality.quoted && 2.0 < update.quality.volume, "{update:?}");
    }
    let entropy = |update: &Update| update.learned[0].statistics.entropy;
    assert!(entropy(&updates[5]) < entropy(&updates[0]));
}

#[test]
fn only_critics_learn_where_actors_are_to_wait() {
    let waiting = config(&[("train.updates", "3"), ("train.critic_only", "2")]);
    let fresh = Policy::all(&waiting).unwrap();
    let mut trainer = Trainer::begin(&waiting, Heads::default()).unwrap();
    for is_waiting in [true, true, false] {
        trainer.update().unwrap();
        let net = &trainer.policies()[0].net;
        let is_old = net.actor().parameters() == fresh[0].net.actor().parameters();
        assert_eq!(is_old, is_waiting);
        assert_ne!(net.critic().parameters(), fresh[0].net.critic().parameters());
    }
}

#[test]
fn a_central_critic_changes_nothing_of_the_actor_s_start() {
    let own = Policy::all(&config(&[EVERYONE])).unwrap();
    let central = Policy::all(&config(&[EVERYONE, ("critic", "central")])).unwrap();
    for (own, central) in own.iter().zip(&central) {
        assert_eq!(own.net.actor().parameters(), central.net.actor().parameters());
        assert!(own.net.shape().critic_input < central.net.shape().critic_input);
    }
    let config = config(&[EVERYONE, ("critic", "central"), ("train.updates", "2")]);
    let (updates, _) = train(&config);
    assert!(updates.iter().all(|update| update.learned.len() == 4));
}

/// λ ← clamp(λ + 2·(6 − made)/6, 0, 40).
#[test]
fn the_pay_for_presence_follows_what_is_missing() {
    let (updates, _) = train(&config(&[]));
    let mut expected = 0.0_f64;
    for update in &updates {
        assert!((update.presence - expected).abs() < 1e-12, "{update:?}");
        expected = (expected + 2.0 * (6.0 - update.quality.made) / 6.0).clamp(0.0, 40.0);
    }
    assert!(updates.iter().any(|update| 0.0 < update.presence));
    let (updates, _) = train(&config(&[("reward.presence_target", "0")]));
    assert!(updates.iter().all(|update| update.presence == 0.0));
}

#[test]
fn first_lives_end_one_after_the_other_and_later_ones_are_whole() {
    let world = World::new(&config(&[])).unwrap();
    let first: Vec<_> = (0..8).map(|environment| world.steps(environment, 1)).collect();
    assert_eq!(first, [32, 64, 96, 128, 160, 192, 224, 256]);
    assert_eq!(world.steps(3, 2), 256);
    let seeds: Vec<_> = (0..8).flat_map(|e| [world.seed(e, 1), world.seed(e, 2)]).collect();
    let mut different = seeds.clone();
    different.sort_unstable();
    different.dedup();
    assert_eq!(different.len(), seeds.len());
}

#[test]
fn a_market_is_evaluated_alike_whichever_others_are_looked_at() {
    let config = config(&[]);
    let policies = Policy::all(&config).unwrap();
    let world = World::new(&config).unwrap().lasting(config.ecology(300));
    let many = evaluate(&world, &policies, 101..105, 300, 50).unwrap();
    let one = evaluate(&world, &policies, 103..104, 300, 50).unwrap();
    assert_eq!(many[2].end, one[0].end);
    assert_eq!(many[2].figures(), one[0].figures());
    assert_ne!(many[1].end, many[2].end);
}

/// All gains add up to the change of what there is, which trading does not change: at any one price
/// lots and cash only change hands.
#[test]
fn what_one_gains_another_loses() {
    let config = config(&[EVERYONE]);
    let policies = Policy::all(&config).unwrap();
    let world = World::new(&config).unwrap().lasting(config.ecology(400));
    for market in evaluate(&world, &policies, 7..10, 400, 100).unwrap() {
        let sum: f64 = market.gains.iter().map(|gain| gain.at_mid).sum();
        let most = market.gains.iter().map(|gain| gain.at_mid.abs()).fold(0.0, f64::max);
        assert!(sum.abs() < 1e-6 * most && 100.0 < most, "{:?}", market.gains);
    }
}

#[test]
fn clones_do_what_the_rules_do() {
    let cloned = config(&[
        EVERYONE,
        ("actions.maker", "neutral"),
        ("cloning.minibatches", "300"),
        ("cloning.minibatch", "512"),
        ("cloning.steps", "8000"),
    ]);
    let trainer = Trainer::begin(&cloned, Heads::default()).unwrap();
    let world = World::new(&cloned).unwrap().lasting(cloned.ecology(1_500));
    let fixed = Rival::fixed(&world);
    let mean = |world, policies: &[Policy], of: fn(&learn::evaluate::Market) -> f64| {
        let markets = evaluate(world, policies, 20..24, 1_500, 100).unwrap();
        markets.iter().map(of).sum::<f64>() / 4.0
    };
    let tracking = |market: &learn::evaluate::Market| market.quality.tracking;
    let volume = |market: &learn::evaluate::Market| market.quality.volume;
    let (rule, clone) =
        (mean(&fixed.world, &[], tracking), mean(&world, trainer.policies(), tracking));
    assert!((0.8..1.25).contains(&(clone / rule)), "tracking {rule} {clone}");
    let (rule, clone) = (mean(&fixed.world, &[], volume), mean(&world, trainer.policies(), volume));
    assert!((0.75..1.25).contains(&(clone / rule)), "volume {rule} {clone}");
    let informed = |market: &learn::evaluate::Market| market.gains[Kind::Value as usize].at_mid;
    let blank = mean(&world, &Policy::all(&cloned).unwrap(), informed);
    let rule = mean(&fixed.world, &[], informed);
    let clone = mean(&world, trainer.policies(), informed);
    assert!((0.6..1.4).contains(&(clone / rule)), "value traders' gain {rule} {clone}");
    assert!(blank < 0.5 * rule, "not from the start: {rule} {blank}");
}

#[test]
fn a_run_that_learns_all_types_names_them_in_order() {
    let (updates, policies) = train(&config(&[EVERYONE, ("train.updates", "1")]));
    let kinds: Vec<_> = updates[0].learned.iter().map(|learned| learned.kind).collect();
    assert_eq!(kinds, Kind::ALL);
    assert_eq!(policies.iter().map(|policy| policy.kind).collect::<Vec<_>>(), Kind::ALL);
}
