//! How two checkpoints differ in what was learned.

use agents::Kind;

use crate::checkpoint::{Checkpoint, Tensor, Tensors};

/// An array that two checkpoints have otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// Whose.
    pub kind: Kind,
    /// Whether it is of a network; else of an optimiser.
    pub is_weight: bool,
    /// Its name, without the type's.
    pub name: String,
    /// How far apart its numbers are; `None` where only one has it, or in another shape.
    pub distance: Option<Distance>,
}

/// How far apart the numbers of two arrays are.
#[derive(Clone, Debug, PartialEq)]
pub struct Distance {
    /// Place of the first number that differs, an index for each dimension.
    pub first: Vec<u64>,
    /// That number in both.
    pub numbers: [f32; 2],
    /// Numbers that differ in a bit.
    pub differing: u64,
    /// All numbers.
    pub len: u64,
    /// Root of the sum of squared differences.
    pub l2: f64,
    /// Largest difference.
    pub max: f64,
}

/// The arrays of two checkpoints that differ in a bit: by type, weights before optimisers, by name.
pub fn differences(a: &Checkpoint, b: &Checkpoint) -> Vec<Difference> {
    let mut all = Vec::new();
    for kind in Kind::ALL {
        let [one, other] = [a, b].map(|it| it.learners.get(&kind));
        for is_weight in [true, false] {
            let part = |learner: &crate::checkpoint::Learner| {
                if is_weight { learner.policy.clone() } else { learner.optimiser.clone() }
            };
            let [one, other] = [one, other].map(|it| it.map(part).unwrap_or_default());
            let found = differing(&one, &other).into_iter();
            all.extend(found.map(|(name, distance)| Difference {
                kind,
                is_weight,
                name,
                distance,
            }));
        }
    }
    all
}

fn differing(one: &Tensors, other: &Tensors) -> Vec<(String, Option<Distance>)> {
    let mut names: Vec<_> = one.keys().chain(other.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let mut found = Vec::new();
    for name in names {
        match (one.get(name), other.get(name)) {
            (Some(a), Some(b)) if a.shape == b.shape => {
                found.extend(distance(a, b).map(|it| (name.clone(), Some(it))));
            }
            _ => found.push((name.clone(), None)),
        }
    }
    found
}

/// How far apart two arrays of one shape are; `None` for equal ones.
fn distance(a: &Tensor, b: &Tensor) -> Option<Distance> {
    let pairs = || a.numbers.iter().zip(&b.numbers);
    let differs = |(a, b): &(&f32, &f32)| a.to_bits() != b.to_bits();
    let place = pairs().position(|pair| differs(&pair))?;
    let (first, second) = pairs().nth(place)?;
    let apart = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).abs();
    Some(Distance {
        first: index(place, &a.shape),
        numbers: [*first, *second],
        differing: pairs().filter(differs).count() as u64,
        len: a.numbers.len() as u64,
        l2: pairs().map(|pair| apart(pair) * apart(pair)).sum::<f64>().sqrt(),
        max: pairs().map(apart).fold(0.0, f64::max),
    })
}

/// Place in a list as an index for each dimension, the last one first to move.
fn index(place: usize, shape: &[u64]) -> Vec<u64> {
    let mut rest = place as u64;
    let mut index: Vec<_> = shape
        .iter()
        .rev()
        .map(|side| {
            let own = rest % side.max(&1);
            rest /= side.max(&1);
            own
        })
        .collect();
    index.reverse();
    index
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::{Learner, LogPlace};
    use replay::Digest;
    use std::collections::BTreeMap;

    fn checkpoint(weights: &[f32]) -> Checkpoint {
        let tensor = Tensor::new(&[2, 3], weights.to_vec()).unwrap();
        let policy = BTreeMap::from([("actor.0.weight".to_owned(), tensor.clone())]);
        let optimiser = BTreeMap::from([("actor/steps".to_owned(), tensor)]);
        Checkpoint {
            config: Digest::ZERO,
            update: 1,
            learners: BTreeMap::from([(Kind::Maker, Learner { policy, optimiser })]),
            streams: BTreeMap::new(),
            scalars: BTreeMap::new(),
            counters: BTreeMap::new(),
            blobs: BTreeMap::new(),
            environments: Vec::new(),
            train_log: LogPlace::START,
        }
    }

    #[test]
    fn equal_checkpoints_do_not_differ() {
        let it = checkpoint(&[0.0, 1.0, 2.0, f32::NAN, 4.0, 5.0]);
        assert_eq!(differences(&it, &it), []);
    }

    #[test]
    fn the_first_number_that_differs_has_its_place_and_both_values() {
        let a = checkpoint(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        let b = checkpoint(&[0.0, 1.0, 2.0, 3.0, 1.0, 9.0]);
        let found = differences(&a, &b);
        let names: Vec<_> = found.iter().map(|it| (it.is_weight, it.name.as_str())).collect();
        assert_eq!(names, [(true, "actor.0.weight"), (false, "actor/steps")]);
        let wanted = Distance {
            first: vec![1, 1],
            numbers: [4.0, 1.0],
            differing: 2,
            len: 6,
            l2: 5.0,
            max: 4.0,
        };
        assert_eq!(found[0].distance, Some(wanted));
    }

    #[test]
    fn zeros_of_two_signs_differ_and_are_no_distance_apart() {
        let found =
            differences(&checkpoint(&[0.0; 6]), &checkpoint(&[0.0, 0.0, -0.0, 0.0, 0.0, 0.0]));
        let distance = found[0].distance.clone().unwrap();
        assert_eq!((distance.first, distance.differing, distance.l2), (vec![0, 2], 1, 0.0));
    }

    #[test]
    fn arrays_of_one_side_alone_or_of_another_shape_have_no_distance() {
        let a = checkpoint(&[0.0; 6]);
        let mut b = a.clone();
        let learner = b.learners.get_mut(&Kind::Maker).unwrap();
        learner.policy.insert("new".to_owned(), Tensor::new(&[1], vec![1.0]).unwrap());
        learner
            .optimiser
            .insert("actor/steps".to_owned(), Tensor::new(&[6], vec![0.0; 6]).unwrap());
        let found = differences(&a, &b);
        let names: Vec<_> = found.iter().map(|it| (it.name.as_str(), &it.distance)).collect();
        assert_eq!(names, [("new", &None), ("actor/steps", &None)]);
    }
}
