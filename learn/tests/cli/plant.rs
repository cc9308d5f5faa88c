//! Faults in checkpoints that MANIFEST vouches for.

use runs::checkpoint::{Checkpoint, Learner};
use runs::folder::Manifest;

use crate::lab::Lab;

/// Changes what a run's makers have learned at a checkpoint, and makes MANIFEST believe it.
pub(crate) fn change(lab: &Lab, run: &str, update: u64, change: impl Fn(&mut Learner)) {
    let name = format!("{run}/checkpoints/{update:06}.safetensors");
    let mut checkpoint = Checkpoint::decode(&lab.read(&name)).expect("a checkpoint");
    let maker = checkpoint.learners.get_mut(&agents::Kind::Maker).expect("makers learn");
    change(maker);
    let bytes = checkpoint.encode().expect("a checkpoint");
    lab.write(&name, &bytes);
    let path = format!("{run}/MANIFEST");
    let mut manifest = Manifest::parse(&lab.read(&path)).expect("a MANIFEST");
    manifest.checkpoints.insert(update, Checkpoint::digest(&bytes));
    lab.write(&path, manifest.to_string());
}

/// Flips the lowest bit of one weight.
pub(crate) fn flip(learner: &mut Learner) {
    let weight = learner.policy.get_mut("actor.0.weight").expect("a layer");
    let number = weight.numbers.get_mut(5).expect("a weight");
    *number = f32::from_bits(number.to_bits() ^ 1);
}
