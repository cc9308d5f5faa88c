//! Heads: values of PyTorch, and draws outside libtorch.

use quickcheck::quickcheck;

use super::*;
use crate::reference::{Reference, assert_near, numbers};

fn reference() -> Reference {
    Reference::new(include_str!("../../tests/reference/categorical.json"))
}

#[test]
fn log_probabilities_entropies_and_their_gradients_are_those_of_pytorch() {
    let reference = reference();
    let heads = reference.sizes("heads");
    let weights = reference.tensor("weights");
    let masks = reference.masks("masks");
    for (name, masks) in [("free", None), ("masked", Some(&masks))] {
        let logits = reference.tensor("logits").set_requires_grad(true);
        let found = evaluate(&logits, masks, &reference.integers("actions"), &heads);
        let expected = reference.get(name);
        for (what, tensor) in
            [("log_probabilities", &found.log_probabilities), ("entropies", &found.entropies)]
        {
            assert_near(what, &numbers(tensor), &expected.numbers(what));
        }
        let loss = weights.get(0) * found.log_probabilities + weights.get(1) * found.entropies;
        let gradient = Tensor::run_backward(&[loss.sum(Kind::Float)], &[logits], false, false);
        assert_near("gradient", &numbers(&gradient[0]), &expected.numbers("gradient"));
    }
}

/// Log-probabilities of draws are those of libtorch for the same logits.
#[test]
fn draws_and_libtorch_agree() {
    let reference = reference();
    let heads = reference.sizes("heads");
    let (logits, masks) = (reference.floats("logits"), reference.bools("masks"));
    let row: usize = heads.iter().sum();
    let (mut actions, mut expected) = (Vec::new(), Vec::new());
    let mut stream = agents::streams::Stream::new(1, "draws");
    for (logits, masks) in logits.chunks_exact(row).zip(masks.chunks_exact(row)) {
        let (mut start, mut sum) = (0, 0.0);
        for &head in &heads {
            let range = start..start + head;
            let [word] = stream.words();
            let choice = choose(&logits[range.clone()], Some(&masks[range]), word).unwrap();
            assert!(masks[start + choice.index]);
            actions.push(i64::try_from(choice.index).unwrap());
            sum += choice.log_probability;
            start += head;
        }
        expected.push(sum);
    }
    let size = [-1, crate::arrays::dimension(heads.len())];
    let actions = Tensor::from_slice(&actions).view(size);
    let tensor = reference.tensor("logits");
    let found = evaluate(&tensor, Some(&reference.masks("masks")), &actions, &heads);
    assert_near("log-probabilities", &numbers(&found.log_probabilities), &expected);
}

#[test]
fn choices_are_drawn_as_often_as_they_should() {
    // Probabilities 1/2, masked, 1/3, 1/6.
    let (logits, mask) =
        ([6.0_f32.ln(), 9.0, 4.0_f32.ln(), 2.0_f32.ln()], [true, false, true, true]);
    let mut stream = agents::streams::Stream::new(1, "draws");
    let mut counts = [0_i32; 4];
    for _ in 0..60_000 {
        let [word] = stream.words();
        counts[choose(&logits, Some(&mask), word).unwrap().index] += 1;
    }
    // Standard deviations 122, 115, 91; five of them.
    assert!((counts[0] - 30_000).abs() < 612, "{counts:?}");
    assert_eq!(counts[1], 0);
    assert!((counts[2] - 20_000).abs() < 577, "{counts:?}");
    assert!((counts[3] - 10_000).abs() < 456, "{counts:?}");
}

#[test]
fn borders_between_choices_are_where_they_should_be() {
    let logits = [0.0_f32; 4];
    let index = |word: u64| choose(&logits, None, word).unwrap().index;
    let quarter = 1_u64 << 62;
    assert_eq!([index(0), index(quarter - 1), index(quarter)], [0, 0, 1]);
    assert_eq!([index(3 * quarter - 1), index(3 * quarter), index(u64::MAX)], [2, 3, 3]);
    let log_probability = choose(&logits, None, 0).unwrap().log_probability;
    assert_near("log-probability", &[log_probability], &[-libm::log(4.0)]);
}

quickcheck! {
    fn a_choice_is_allowed_and_likely_enough(logits: Vec<i16>, masks: Vec<bool>, word: u64) -> bool {
        let logits: Vec<f32> = logits.into_iter().map(|logit| f32::from(logit) / 16.0).collect();
        let mask: Vec<bool> =
            logits.iter().enumerate().map(|(at, _)| masks.get(at) != Some(&false)).collect();
        match choose(&logits, Some(&mask), word) {
            Ok(Choice { index, log_probability }) => {
                mask[index] && log_probability <= 0.0 && -746.0 < log_probability
            }
            Err(ChoiceError::Nothing { .. }) => !mask.contains(&true),
            Err(ChoiceError::Mask { .. } | ChoiceError::Logit { .. }) => false,
        }
    }
}

#[test]
fn what_nothing_can_be_drawn_from_is_refused() {
    let refuse = |logits: &[f32], mask: Option<&[bool]>, words: &str| {
        assert_eq!(choose(logits, mask, 1).unwrap_err().to_string(), words);
    };
    refuse(&[], None, "there is nothing to choose from: 0 choices, none allowed");
    let none = "there is nothing to choose from: 2 choices, none allowed";
    refuse(&[1.0, 2.0], Some(&[false, false]), none);
    refuse(&[1.0], Some(&[true, true]), "the mask has 2 places, and there are 1 choices");
    refuse(&[1.0, f32::NAN], None, "the logit of choice 1 is NaN");
    refuse(&[f32::INFINITY], None, "the logit of choice 0 is inf");
    assert_eq!(choose(&[f32::NAN, 1.0], Some(&[false, true]), 1).unwrap().index, 1);
}
