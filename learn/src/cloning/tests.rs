//! Cloning: values of PyTorch, and what is learned.

use agents::draws;

use super::*;
use crate::adam::Moments;
use crate::reference::{Reference, assert_near};

#[test]
fn losses_and_accuracy_are_those_of_pytorch() {
    let reference = Reference::new(include_str!("../../tests/reference/cloning.json"));
    let (heads, logits) = (reference.sizes("heads"), reference.tensor("logits"));
    let (masks, actions) = (reference.masks("masks"), reference.integers("actions"));
    for case in reference.get("cases").items() {
        for (name, masks) in [("free", None), ("masked", Some(&masks))] {
            let smoothing = case.number("smoothing");
            let part = Examples {
                observations: logits.shallow_clone(),
                masks: masks.map(Tensor::shallow_clone),
                actions: actions.shallow_clone(),
                counted: None,
                outcomes: None,
                active: Vec::new(),
            };
            let (loss, accuracy) = cross_entropy(&part, &logits, &heads, smoothing);
            assert_near(name, &[loss.double_value(&[])], &[case.number(name)]);
            if masks.is_none() {
                assert_near("accuracy", &[accuracy], &[reference.number("accuracy")]);
            }
        }
    }
}

fn settings() -> Settings {
    Settings {
        minibatches: 300,
        minibatch: 64,
        smoothing: 0.0,
        huber: 2.0,
        actor_rate: 1e-2,
        critic_rate: 1e-2,
        actor_norm_max: 0.5,
        critic_norm_max: 5.0,
    }
}

fn net() -> (ActorCritic, Optimisers) {
    crate::use_one_thread();
    let shape = Shape { observation: 2, critic_input: 2, hidden: vec![16], heads: vec![2, 3] };
    let net = ActorCritic::new(shape, &mut Stream::new(1, "weights")).unwrap();
    let optimisers = Optimisers::new(&net, Moments::ppo());
    (net, optimisers)
}

/// A rule: the first head says whether x is positive, the second where y lies; x + y comes of it.
fn examples() -> Examples {
    let mut stream = Stream::new(2, "examples");
    let (mut observations, mut actions, mut returns) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..500 {
        let [x, y] = stream.words().map(draws::normal);
        observations.extend([x, y]);
        actions.extend([i64::from(0.0 < x), i64::from(-0.5 < y) + i64::from(0.5 < y)]);
        returns.push(x + y);
    }
    let observations = Tensor::from_slice(&observations).view([500, 2]).to_kind(Kind::Float);
    Examples {
        masks: None,
        counted: None,
        actions: Tensor::from_slice(&actions).view([500, 2]),
        outcomes: Some(Outcomes {
            critic_inputs: observations.shallow_clone(),
            returns: Tensor::from_slice(&returns).to_kind(Kind::Float),
        }),
        observations,
        active: vec![true; 500],
    }
}

#[test]
fn a_rule_is_learned_and_what_comes_of_it() {
    let (mut net, mut optimisers) = net();
    let mut shuffle = Stream::new(3, "shuffle");
    let mut learn = |settings: &Settings| {
        imitate(&mut net, &mut optimisers, &examples(), settings, &mut shuffle).unwrap()
    };
    // Almost uniform: ln 2 + ln 3.
    let first = learn(&Settings { minibatches: 1, ..settings() });
    assert!((first.loss - libm::log(6.0)).abs() < 0.01, "{first:?}");
    let last = learn(&settings());
    assert!(last.loss < 0.3 && 0.95 < last.accuracy && last.value_loss < 0.02, "{last:?}");
    assert_eq!(last.minibatches, 300);
}

#[test]
fn smoothing_keeps_a_policy_uncertain() {
    let learn = |smoothing| {
        let (mut net, mut optimisers) = net();
        let (settings, mut shuffle) = (Settings { smoothing, ..settings() }, Stream::new(3, "s"));
        imitate(&mut net, &mut optimisers, &examples(), &settings, &mut shuffle).unwrap();
        let logits = net.logits(&examples().observations);
        let actions = examples().actions;
        let found = crate::categorical::evaluate(&logits, None, &actions, &net.shape().heads);
        found.entropies.mean(Kind::Float).double_value(&[])
    };
    // At s = 0.4 the best policy has 0.8 and 0.2, and 0.733 and twice 0.133: 1.265 nats.
    let (certain, uncertain) = (learn(0.0), learn(0.4));
    assert!(certain < 0.35 && (uncertain - 1.265).abs() < 0.1, "{certain} {uncertain}");
}

#[test]
fn without_outcomes_the_critic_stays_bit_for_bit_and_two_runs_are_equal() {
    let run = || {
        let (mut net, mut optimisers) = net();
        let critic = |net: &ActorCritic, optimisers: &Optimisers| {
            (net.critic().parameters().to_vec(), optimisers.critic.digest())
        };
        let before = critic(&net, &optimisers);
        let examples = Examples { outcomes: None, ..examples() };
        let mut shuffle = Stream::new(3, "shuffle");
        let found = imitate(&mut net, &mut optimisers, &examples, &settings(), &mut shuffle);
        assert_eq!(critic(&net, &optimisers), before);
        (found, net.digest(), optimisers.actor.digest())
    };
    assert_eq!(run(), run());
}

#[test]
fn heads_that_made_no_difference_are_not_imitated() {
    let learn = |second: i64, counted: bool| {
        let mut examples = examples();
        let _ = examples.actions.narrow(1, 1, 1).fill_(second);
        let both = Tensor::from_slice(&[true, false]).view([1, 2]).expand([500, 2], false);
        examples.counted = (!counted).then(|| both.contiguous());
        let (mut net, mut optimisers) = net();
        let mut shuffle = Stream::new(3, "shuffle");
        let found = imitate(&mut net, &mut optimisers, &examples, &settings(), &mut shuffle);
        (found.unwrap().loss, net.digest())
    };
    assert_eq!(learn(0, false).1, learn(2, false).1, "whatever the second head did");
    assert_ne!(learn(0, true).1, learn(2, true).1);
    assert!(learn(0, false).0 < 0.1, "the first head is imitated");
}

#[test]
fn inactive_examples_are_not_imitated() {
    let mut examples = examples();
    examples.active.fill(false);
    let (mut net, mut optimisers) = net();
    let before = net.digest();
    let mut shuffle = Stream::new(3, "shuffle");
    let found = imitate(&mut net, &mut optimisers, &examples, &settings(), &mut shuffle).unwrap();
    assert_eq!((found, net.digest()), (Statistics::default(), before));
}

#[test]
fn what_does_not_fit_is_refused() {
    let refuse = |settings: Settings, change: fn(&mut Examples), words: &str| {
        let (mut net, mut optimisers) = net();
        let mut examples = examples();
        change(&mut examples);
        let before = net.digest();
        let mut shuffle = Stream::new(3, "shuffle");
        let found = imitate(&mut net, &mut optimisers, &examples, &settings, &mut shuffle);
        assert_eq!(found.unwrap_err().to_string(), words);
        assert_eq!(net.digest(), before);
    };
    refuse(
        Settings { smoothing: 1.0, ..settings() },
        |_| {},
        "the label smoothing is 1; it must be 0 or more and below 1",
    );
    refuse(
        Settings { minibatches: 0, ..settings() },
        |_| {},
        "the number of minibatches is 0; it must be 1 or more",
    );
    refuse(
        settings(),
        |it| it.actions = it.actions.narrow(1, 0, 1),
        "`actions` is [500, 1] Int64, where [500, 2] Int64 is needed",
    );
    refuse(
        Settings { minibatch: 1000, ..settings() },
        |it| it.observations = &it.observations * f64::NAN,
        "the cloning loss is NaN in minibatch 1",
    );
}
