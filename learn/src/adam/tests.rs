//! Adam: values of PyTorch, and coming and going of its state.

use agents::streams::Stream;

use super::*;
use crate::nets::{ActorCritic, Shape};
use crate::reference::{Reference, assert_arrays_near, assert_near};

fn net() -> ActorCritic {
    crate::use_one_thread();
    let shape = Shape { observation: 2, critic_input: 1, hidden: vec![3], heads: vec![1] };
    ActorCritic::new(shape, &mut Stream::new(1, "weights")).unwrap()
}

fn actor_of(net: &ActorCritic) -> Vec<NamedArray> {
    let mut arrays = net.export();
    arrays.retain(|(name, ..)| name.starts_with("actor"));
    arrays
}

#[test]
fn steps_with_and_without_clipping_are_those_of_pytorch() {
    let reference = Reference::new(include_str!("../../tests/reference/adam.json"));
    let mut net = net();
    let mut arrays = net.export();
    for (name, shape, values) in reference.arrays("before") {
        let place = arrays.iter().position(|(it, ..)| *it == name).unwrap();
        arrays[place] = (name, shape, values);
    }
    net.import(&arrays).unwrap();
    let mut adam = Adam::new(net.actor(), Moments::ppo());
    let mut clipped = 0;
    for step in reference.get("steps").items() {
        let gradient = step.arrays("gradient");
        adam.gradient = adam.layout.import("", &gradient, f32::is_finite).unwrap();
        let norm = norm(&adam.gradient);
        assert_near("norm", &[norm], &[step.number("norm")]);
        clipped += i32::from(reference.number("norm_max") < norm);
        adam.step(net.actor_mut(), step.number("rate"), reference.number("norm_max"), norm);
        assert_arrays_near("after", &actor_of(&net), &step.arrays("after"));
    }
    assert_eq!(clipped, 4, "every other gradient was clipped");
    assert_eq!(adam.steps(), 8);
    let mut moments = adam.export();
    moments.pop();
    assert_arrays_near("moments", &moments, &reference.arrays("moments"));
}

/// An optimiser that has made this many steps.
fn used(steps: u64) -> Adam {
    let mut adam = Adam::new(net().actor(), Moments::ppo());
    adam.steps = steps;
    adam.first.fill(-0.5);
    adam.second.fill(0.25);
    adam
}

#[test]
fn a_state_comes_back_bit_for_bit() {
    for steps in [0, 1, 65_536, 123_456_789_012, u64::MAX] {
        let (one, mut other) = (used(steps), used(3));
        let mut arrays = one.export();
        arrays.reverse();
        other.import(&arrays).unwrap();
        assert_eq!(other.steps(), steps);
        assert_eq!(one.digest(), other.digest());
    }
    assert_ne!(used(1).digest(), used(2).digest());
}

#[test]
fn another_state_is_refused_and_changes_nothing() {
    let mut adam = used(3);
    let before = adam.digest();
    let mut refuse = |change: fn(&mut Vec<NamedArray>), words: &str| {
        let mut arrays = adam.export();
        change(&mut arrays);
        assert_eq!(adam.import(&arrays).unwrap_err().to_string(), words);
        assert_eq!(adam.digest(), before);
    };
    refuse(|it| it[4].2[0] = -1.0, "the array `second.actor.0.weight` holds -1 at place 0");
    refuse(
        |it| it[0].1 = vec![2, 3],
        "the array `first.actor.0.weight` has shape [2, 3], where [3, 2] is needed",
    );
    refuse(|it| it[8].2[1] = 0.5, "the array `steps` holds 0.5 at place 1");
    refuse(|it| it.truncate(8), "no array `steps`; one of shape [4] is needed");
    refuse(
        |it| it.push(("third".to_owned(), vec![], vec![])),
        "the array `third` of shape [] has no place here",
    );
}

#[test]
fn the_norm_counts_every_number_once() {
    for count in [0_u8, 1, 7, 8, 9, 20] {
        let numbers: Vec<f32> = (0..count).map(f32::from).collect();
        let expected: f64 = (0..count).map(|it| f64::from(it) * f64::from(it)).sum();
        assert_near("norm", &[norm(&numbers)], &[libm::sqrt(expected)]);
    }
}
