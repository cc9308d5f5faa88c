//! Updates: values of PyTorch, what stays as it is, and what stops them.

use tch::Device;

use super::*;
use crate::nets::Shape;
use crate::reference::{Reference, assert_arrays_near, assert_near};

fn reference() -> Reference {
    Reference::new(include_str!("../../tests/reference/ppo.json"))
}

fn settings() -> Settings {
    Settings {
        epochs: 1,
        minibatch: 100,
        clip: 0.2,
        entropy: 0.01,
        huber: 2.0,
        actor_rate: 0.01,
        critic_rate: 0.02,
        actor_norm_max: 0.1,
        critic_norm_max: 0.5,
        kl_max: None,
        critic_only: false,
    }
}

/// A network, its optimisers, a batch, and a stream of shuffles.
struct Case {
    net: ActorCritic,
    optimisers: Optimisers,
    batch: Batch,
    shuffle: Stream,
}

impl Case {
    /// The reference's.
    fn new() -> Self {
        crate::use_one_thread();
        let reference = reference();
        let shape =
            Shape { observation: 3, critic_input: 5, hidden: vec![8, 4], heads: vec![2, 3] };
        let mut net = ActorCritic::new(shape, &mut Stream::new(1, "weights")).unwrap();
        net.import(&reference.arrays("before")).unwrap();
        let batch = Batch {
            observations: reference.tensor("observations"),
            critic_inputs: reference.tensor("critic_inputs"),
            masks: Some(reference.masks("masks")),
            actions: reference.integers("actions"),
            log_probabilities: reference.tensor("log_probabilities"),
            advantages: reference.tensor("advantages"),
            returns: reference.tensor("returns"),
            active: reference.bools("active"),
        };
        let optimisers = Optimisers::new(&net, Moments::ppo());
        Self { net, optimisers, batch, shuffle: Stream::new(1, "shuffle") }
    }

    fn update(&mut self, settings: &Settings) -> Result<Statistics, PpoError> {
        update(&mut self.net, &mut self.optimisers, &self.batch, settings, &mut self.shuffle)
    }

    /// Digests of both networks and both optimisers.
    fn digests(&self) -> [[u8; 32]; 4] {
        let part = |name: &str| {
            let mut arrays = self.net.export();
            arrays.retain(|(it, ..)| it.starts_with(name));
            crate::arrays::digest(&arrays)
        };
        let Optimisers { actor, critic } = &self.optimisers;
        [part("actor"), part("critic"), actor.digest(), critic.digest()]
    }
}

#[test]
fn an_update_is_that_of_pytorch() {
    let reference = reference();
    let mut case = Case::new();
    for epoch in reference.get("epochs").items() {
        let found = case.update(&settings()).unwrap();
        for (name, found) in [
            ("policy_loss", found.policy_loss),
            ("value_loss", found.value_loss),
            ("entropy", found.entropy),
            ("approx_kl", found.approx_kl),
            ("clip_fraction", found.clip_fraction),
            ("actor_norm", found.actor_norm),
            ("critic_norm", found.critic_norm),
        ] {
            // Small ones are what is left of terms near 1.
            assert_near(name, &[found, 1.0], &[epoch.number(name), 1.0]);
        }
        let explained = reference.number("explained_variance");
        assert_near("explained variance", &[found.explained_variance.unwrap()], &[explained]);
        assert_arrays_near("after", &case.net.export(), &epoch.arrays("after"));
    }
    for (adam, name) in
        [(&case.optimisers.actor, "actor_moments"), (&case.optimisers.critic, "critic_moments")]
    {
        let mut moments = adam.export();
        moments.pop();
        assert_arrays_near(name, &moments, &reference.arrays(name));
    }
}

#[test]
fn the_value_loss_is_that_of_pytorch() {
    let reference = Reference::new(include_str!("../../tests/reference/huber.json"));
    for (beta, expected) in reference.numbers("betas").iter().zip(reference.numbers("losses")) {
        let loss = value_loss(&reference.tensor("values"), &reference.tensor("returns"), *beta);
        assert_near("Huber's loss", &[loss.double_value(&[])], &[expected]);
    }
}

/// Several epochs and minibatches, drawn as training draws: the ratio begins at 1.
fn drawn(samples: i64) -> Case {
    let mut case = Case::new();
    let mut stream = Stream::new(3, "draws");
    let mut numbers = |count: i64| {
        let number = |_| f32::from(i16::try_from(stream.words::<1>()[0] >> 50).unwrap()) / 4096.0;
        let numbers: Vec<f32> = (0..count).map(number).collect();
        Tensor::from_slice(&numbers) - 2.0
    };
    let observations = numbers(samples * 3).view([samples, 3]);
    let critic_inputs = numbers(samples * 5).view([samples, 5]);
    let (advantages, returns) = (numbers(samples), numbers(samples) * 3.0);
    let logits = no_grad(|| case.net.logits(&observations));
    let mut row = [0.0_f32; 5];
    let (mut actions, mut logs) = (Vec::new(), Vec::new());
    for sample in 0..samples {
        logits.get(sample).copy_data(&mut row, 5);
        let mut log = 0.0;
        for head in [0..2, 2..5] {
            let [word] = stream.words();
            let choice = crate::categorical::choose(&row[head], None, word).unwrap();
            actions.push(i64::try_from(choice.index).unwrap());
            log += choice.log_probability;
        }
        logs.push(log);
    }
    case.batch = Batch {
        observations,
        critic_inputs,
        masks: None,
        actions: Tensor::from_slice(&actions).view([samples, 2]),
        log_probabilities: Tensor::from_slice(&logs).to_kind(Kind::Float),
        advantages,
        returns,
        active: (0..samples).map(|sample| sample % 7 != 0).collect(),
    };
    case
}

fn several() -> Settings {
    Settings { epochs: 3, minibatch: 64, actor_rate: 1e-3, actor_norm_max: 0.5, ..settings() }
}

#[test]
fn the_first_ratio_is_one() {
    let found = drawn(300).update(&several()).unwrap();
    assert!(found.first_ratio_deviation < 1e-5, "{found:?}");
    assert!(0.0 < found.approx_kl && found.approx_kl < 0.02, "{found:?}");
    assert_eq!(found.epochs, 3);
    let mut case = drawn(300);
    case.batch.log_probabilities = &case.batch.log_probabilities + 0.01;
    let found = case.update(&several()).unwrap();
    assert!((found.first_ratio_deviation - 0.00995).abs() < 1e-4, "{found:?}");
}

#[test]
fn two_runs_are_equal_bit_for_bit() {
    let run = || {
        let mut case = drawn(300);
        let found = case.update(&several()).unwrap();
        assert!(case.net.is_consistent(), "libtorch has the parameters of the last step");
        (case.digests(), found)
    };
    assert_eq!(run(), run());
}

#[test]
fn learning_improves_what_is_learned() {
    let mut case = drawn(300);
    let first = case.update(&several()).unwrap();
    let mut last = first;
    for _ in 0..20 {
        last = case.update(&several()).unwrap();
    }
    assert!(last.value_loss < 0.9 * first.value_loss, "{first:?} {last:?}");
    assert!(last.policy_loss < first.policy_loss, "{first:?} {last:?}");
    assert!(last.entropy < first.entropy, "{first:?} {last:?}");
}

#[test]
fn inactive_samples_take_no_part() {
    let mut one = drawn(300);
    let mut other = drawn(300);
    let inactive: Vec<f32> =
        other.batch.active.iter().map(|&is| f32::from(u8::from(!is))).collect();
    let noise = Tensor::from_slice(&inactive) * f64::from(f32::MAX);
    other.batch.advantages = &other.batch.advantages + &noise;
    other.batch.returns = &other.batch.returns - &noise;
    other.batch.log_probabilities = &other.batch.log_probabilities - &noise;
    other.batch.observations = &other.batch.observations + noise.unsqueeze(1);
    other.batch.actions =
        &other.batch.actions + noise.unsqueeze(1).ne(0.0).to_kind(Kind::Int64) * 99;
    assert_eq!(one.update(&several()).unwrap(), other.update(&several()).unwrap());
    assert_eq!(one.digests(), other.digests());
    let mut none = drawn(300);
    let before = none.digests();
    none.batch.active.fill(false);
    let found = none.update(&several()).unwrap();
    assert_eq!(found, Statistics::default());
    assert_eq!(none.digests(), before);
}

#[test]
fn an_actor_that_does_not_learn_stays_bit_for_bit() {
    let mut case = drawn(300);
    let [actor, critic, actor_adam, critic_adam] = case.digests();
    let found = case.update(&Settings { critic_only: true, ..several() }).unwrap();
    let after = case.digests();
    assert_eq!((after[0], after[2]), (actor, actor_adam));
    assert_ne!(after[1], critic);
    assert_ne!(after[3], critic_adam);
    assert!(found.policy_loss == 0.0 && found.actor_norm == 0.0, "{found:?}");
    assert!(0.0 < found.value_loss && 0.0 < found.critic_norm);
}

#[test]
fn a_divergence_that_is_too_large_ends_the_update() {
    let mut case = drawn(300);
    let eager = Settings { epochs: 10, actor_rate: 0.02, kl_max: Some(0.02), ..several() };
    let found = case.update(&eager).unwrap();
    assert!(0.02 < found.approx_kl && found.epochs < 10, "{found:?}");
    let patient = Settings { kl_max: Some(1e9), ..eager };
    assert_eq!(drawn(300).update(&patient).unwrap().epochs, 10);
}

#[test]
fn what_is_not_finite_stops_before_its_step() {
    let stop = |spoil: fn(&mut Case), words: &str| {
        let mut case = drawn(300);
        spoil(&mut case);
        let before = case.digests();
        let error = case.update(&Settings { minibatch: 1000, ..several() }).unwrap_err();
        assert_eq!(error.to_string(), words);
        assert_eq!(case.digests(), before, "{words}");
    };
    stop(
        |case| case.batch.advantages = &case.batch.advantages / 0.0,
        "the policy loss is NaN in epoch 1, minibatch 1; `advantages` of the batch is not finite",
    );
    stop(
        |case| case.batch.returns = &case.batch.returns * f64::NAN,
        "the value loss is NaN in epoch 1, minibatch 1; `returns` of the batch is not finite",
    );
    stop(
        |case| case.batch.log_probabilities = &case.batch.log_probabilities - 1000.0,
        "the policy loss is inf in epoch 1, minibatch 1",
    );
    stop(
        |case| {
            // Values without bounds: finite, and their squares are not.
            let mut arrays = case.net.export();
            arrays.last_mut().unwrap().2[0] = 1e38;
            case.net.import(&arrays).unwrap();
            case.batch.returns = Tensor::zeros([300], (Kind::Float, Device::Cpu)) - 3e38;
        },
        "the value loss is inf in epoch 1, minibatch 1",
    );
}

#[test]
fn a_gradient_that_is_not_finite_is_named_and_stops_before_its_step() {
    let mut case = drawn(300);
    // Without weights the largest inputs do not matter to the values, but to the weights' gradient.
    let mut arrays = case.net.export();
    let place = arrays.iter().position(|(name, ..)| name == "critic.0.weight").unwrap();
    arrays[place].2.fill(0.0);
    case.net.import(&arrays).unwrap();
    case.batch.critic_inputs = case.batch.critic_inputs.ones_like() * 3e38;
    case.batch.returns = case.batch.returns.ones_like() * -1000.0;
    let before = case.digests();
    let error = case.update(&Settings { huber: 1000.0, ..several() }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the gradient of `critic.0.weight` is not finite in epoch 1, minibatch 1"
    );
    assert_eq!(case.digests(), before, "the actor's step, whose gradient was fine, was not made");
}

#[test]
fn settings_and_batches_that_do_not_fit_are_refused() {
    let refuse = |change: fn(&mut Settings), words: &str| {
        let mut settings = settings();
        change(&mut settings);
        assert_eq!(drawn(10).update(&settings).unwrap_err().to_string(), words);
    };
    refuse(|it| it.epochs = 0, "the number of epochs is 0; it must be 1 or more");
    refuse(|it| it.minibatch = 0, "a minibatch's size is 0; it must be 1 or more");
    refuse(|it| it.clip = 0.0, "the clip range is 0; it must be above 0");
    refuse(|it| it.entropy = -1.0, "the weight of the entropy is -1; it must be 0 or more");
    refuse(|it| it.huber = f64::NAN, "Huber's beta is NaN; it must be above 0");
    refuse(
        |it| it.actor_rate = f64::INFINITY,
        "the actor's learning rate is inf; it must be 0 or more",
    );
    refuse(|it| it.kl_max = Some(-1.0), "the largest divergence is -1; it must be above 0");
    let refuse = |change: fn(&mut Batch), words: &str| {
        let mut case = drawn(10);
        change(&mut case.batch);
        assert_eq!(case.update(&settings()).unwrap_err().to_string(), words);
    };
    refuse(
        |it| it.observations = it.observations.narrow(1, 0, 2),
        "`observations` is [10, 2] Float, where [10, 3] Float is needed",
    );
    refuse(
        |it| it.returns = it.returns.to_kind(Kind::Double),
        "`returns` is [10] Double, where [10] Float is needed",
    );
    refuse(
        |it| it.actions = it.actions.ones_like() * 2,
        "the action of sample 1, head 0, is 2; it must be below 2",
    );
    refuse(
        |it| it.masks = Some(Tensor::zeros([10, 5], (Kind::Bool, Device::Cpu))),
        "the action of sample 1, head 0, is 0, which its mask forbids",
    );
}
