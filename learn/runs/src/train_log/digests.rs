//! Digests of what an update began with, did and left.

use blake3::Hasher;
use replay::Digest;

use crate::checkpoint::{Learner, Tensors};

// Each separates its digest from every other use of BLAKE3.
const MARKET: &str = "replay 2026-11 runs market heads";
const SAMPLING: &str = "replay 2026-11 runs sampling";
const GRADIENT: &str = "replay 2026-11 runs weights and optimiser";

/// Of the heads of all market logs behind a rollout, by environment.
pub fn market(heads: &[Digest]) -> Digest {
    let mut hasher = Hasher::new_derive_key(MARKET);
    for head in heads {
        hasher.update(&head.0);
    }
    finish(&hasher)
}

/// Of what a type saw and drew in a rollout.
///
/// * `observations` - as the network was shown them, sample after sample;
/// * `actions` - the indices that were drawn;
/// * `log_probabilities` - theirs, bit for bit.
pub fn sampling(observations: &[i16], actions: &[i32], log_probabilities: &[f32]) -> Digest {
    let mut hasher = Hasher::new_derive_key(SAMPLING);
    // Lengths first, so that no number can pass from one list to the next.
    for len in [observations.len(), actions.len(), log_probabilities.len()] {
        hasher.update(&(len as u64).to_le_bytes());
    }
    numbers(&mut hasher, observations.iter().map(|it| it.to_le_bytes()));
    numbers(&mut hasher, actions.iter().map(|it| it.to_le_bytes()));
    numbers(&mut hasher, log_probabilities.iter().map(|it| it.to_le_bytes()));
    finish(&hasher)
}

/// Of a type's weights and the state of its optimisers, bit for bit.
pub fn gradient(learner: &Learner) -> Digest {
    let mut hasher = Hasher::new_derive_key(GRADIENT);
    for tensors in [&learner.policy, &learner.optimiser] {
        hasher.update(&(tensors.len() as u64).to_le_bytes());
        add(&mut hasher, tensors);
    }
    finish(&hasher)
}

fn add(hasher: &mut Hasher, tensors: &Tensors) {
    for (name, tensor) in tensors {
        hasher.update(&(name.len() as u64).to_le_bytes()).update(name.as_bytes());
        hasher.update(&(tensor.shape.len() as u64).to_le_bytes());
        numbers(hasher, tensor.shape.iter().map(|it| it.to_le_bytes()));
        hasher.update(&(tensor.numbers.len() as u64).to_le_bytes());
        numbers(hasher, tensor.numbers.iter().map(|it| it.to_le_bytes()));
    }
}

/// Adds numbers in pieces of some kilobytes: one call for each would cost more than the hash.
fn numbers<const N: usize>(hasher: &mut Hasher, numbers: impl Iterator<Item = [u8; N]>) {
    const PIECE: usize = 1 << 14;
    let mut piece = Vec::with_capacity(PIECE + N);
    for number in numbers {
        piece.extend_from_slice(&number);
        if PIECE <= piece.len() {
            hasher.update(&piece);
            piece.clear();
        }
    }
    hasher.update(&piece);
}

fn finish(hasher: &Hasher) -> Digest {
    Digest(*hasher.finalize().as_bytes())
}
