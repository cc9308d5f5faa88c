//! Networks: values of PyTorch, beginnings, and coming and going of parameters.

use super::*;
use crate::reference::{Reference, assert_near, numbers};

fn shape() -> Shape {
    Shape { observation: 3, critic_input: 5, hidden: vec![8, 4], heads: vec![2, 3] }
}

fn net(seed: u64) -> ActorCritic {
    crate::use_one_thread();
    ActorCritic::new(shape(), &mut Stream::new(seed, "weights")).unwrap()
}

#[test]
fn outputs_are_those_of_pytorch() {
    let reference = Reference::new(include_str!("../../tests/reference/forward.json"));
    let mut net = net(1);
    net.import(&reference.arrays("parameters")).unwrap();
    let logits = net.logits(&reference.tensor("observations"));
    assert_eq!(logits.size(), [6, 5]);
    assert_near("logits", &numbers(&logits), &reference.numbers("logits"));
    let values = net.values(&reference.tensor("critic_inputs"));
    assert_eq!(values.size(), [6]);
    assert_near("values", &numbers(&values), &reference.numbers("values"));
}

#[test]
fn a_new_policy_is_almost_uniform_and_its_weights_are_orthogonal() {
    let net = net(1);
    let arrays = net.export();
    let names: Vec<_> = arrays.iter().map(|(name, ..)| name.as_str()).collect();
    let layers = ["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"];
    let expected: Vec<_> =
        ["actor", "critic"].iter().flat_map(|net| layers.map(|it| format!("{net}.{it}"))).collect();
    assert_eq!(names, expected);
    // Lengths of the shorter side's vectors: gains squared, times how many there are.
    let square = |name: &str| -> f64 {
        let (.., values) = arrays.iter().find(|(it, ..)| it == name).unwrap();
        values.iter().map(|&value| f64::from(value) * f64::from(value)).sum()
    };
    for (name, expected) in [
        ("actor.0.weight", 6.0),
        ("actor.1.weight", 8.0),
        ("actor.2.weight", 4e-4),
        ("critic.0.weight", 10.0),
        ("critic.2.weight", 1.0),
        ("critic.2.bias", 0.0),
    ] {
        assert!((square(name) - expected).abs() <= 1e-6 * expected, "{name}: {}", square(name));
    }
}

#[test]
fn a_seed_has_one_network() {
    assert_eq!(net(1).digest(), net(1).digest());
    assert_ne!(net(1).digest(), net(2).digest());
    // Draws, f64 and libm: the same on every target.
    let digest = blake3::Hash::from(net(1).digest()).to_hex();
    assert_eq!(&digest[..16], "92a2e7a475df3c93");
}

#[test]
fn what_is_exported_comes_back_bit_for_bit() {
    let (one, mut other) = (net(1), net(2));
    let mut arrays = one.export();
    arrays.reverse();
    other.import(&arrays).unwrap();
    assert_eq!(one.digest(), other.digest());
    assert!(other.is_consistent(), "libtorch computes on what was imported");
}

#[test]
fn another_architecture_is_refused_and_changes_nothing() {
    let mut net = net(1);
    let before = net.digest();
    let others = [
        (
            Shape { hidden: vec![8, 5], ..shape() },
            "`actor.1.weight` has shape [5, 8], where [4, 8]",
        ),
        (Shape { observation: 4, ..shape() }, "`actor.0.weight` has shape [8, 4], where [8, 3]"),
        (
            Shape { hidden: vec![8, 4, 4], ..shape() },
            "`actor.2.weight` has shape [4, 4], where [5, 4]",
        ),
        (Shape { hidden: vec![8], ..shape() }, "`actor.1.weight` has shape [5, 8], where [4, 8]"),
        (Shape { critic_input: 6, ..shape() }, "`critic.0.weight` has shape [8, 6], where [8, 5]"),
    ];
    for (other, words) in others {
        let other = ActorCritic::new(other, &mut Stream::new(2, "weights")).unwrap();
        let error = net.import(&other.export()).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    let mut spoilt = net.export();
    spoilt[11].2[0] = f32::INFINITY;
    assert_eq!(
        net.import(&spoilt).unwrap_err().to_string(),
        "the array `critic.2.bias` holds inf at place 0"
    );
    let mut more = net.export();
    more.push(("actor.3.weight".to_owned(), vec![1], vec![0.0]));
    assert!(net.import(&more).unwrap_err().to_string().contains("`actor.3.weight`"));
    assert_eq!(net.digest(), before);
    assert!(net.is_consistent());
}

#[test]
fn shapes_that_are_none_are_refused() {
    let refuse = |shape: Shape, words: &str| {
        let error = ActorCritic::new(shape, &mut Stream::new(1, "weights")).unwrap_err();
        assert_eq!(error.to_string(), words);
    };
    refuse(Shape { observation: 0, ..shape() }, "the observation is 0; it must be from 1 to 65536");
    refuse(
        Shape { hidden: vec![8, 70_000], ..shape() },
        "a hidden layer is 70000; it must be from 1 to 65536",
    );
    refuse(Shape { heads: vec![], ..shape() }, "there are 0 heads; there must be 1 to 64");
    refuse(Shape { heads: vec![3, 0], ..shape() }, "a head is 0; it must be from 1 to 65536");
    refuse(
        Shape { hidden: vec![1; 65], ..shape() },
        "there are 65 hidden layers; there must be 0 to 64",
    );
    refuse(
        Shape { hidden: vec![65_536, 65_536], ..shape() },
        "there are 4295622661 parameters; there must be 67108864 at most",
    );
}

#[test]
fn a_network_without_hidden_layers_is_linear() {
    let linear = Shape { hidden: vec![], ..shape() };
    let net = ActorCritic::new(linear, &mut Stream::new(1, "weights")).unwrap();
    let ones = Tensor::ones([1, 5], (Kind::Float, tch::Device::Cpu));
    let (one, two) = (net.values(&ones), net.values(&(ones * 2.0)));
    assert_near("twice the input", &numbers(&two), &numbers(&(one * 2.0)));
}
