//! A checkpoint: all from which a run goes on.

use std::collections::BTreeMap;

use agents::Kind;
use replay::Digest;

use crate::arrays::{Array, Arrays, Numbers};

mod difference;
mod error;
mod parts;

pub use difference::{Difference, Distance, differences};
pub use error::CheckpointError;

use parts::{Parts, insert};

/// First text of a checkpoint, and the version of what it holds.
const FORMAT: &str = "replay.checkpoint/1";
/// Separates this digest from every other use of BLAKE3.
const DIGEST_CONTEXT: &str = "replay 2026-11 runs checkpoint";

/// Named arrays of floats, as networks and optimisers have them.
pub type Tensors = BTreeMap<String, Tensor>;

/// An array of floats. Its numbers keep their bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Its sides.
    pub shape: Vec<u64>,
    /// Its numbers, the last dimension first to move.
    pub numbers: Vec<f32>,
}

/// What a type has learned.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Learner {
    /// Weights of its actor and its critic.
    pub policy: Tensors,
    /// State of its optimisers.
    pub optimiser: Tensors,
}

/// A place in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogPlace {
    /// Number of its last entry so far; 0 before the first.
    pub entry: u64,
    /// The head over the entries up to it.
    pub head: Digest,
}

impl LogPlace {
    /// Before the first entry.
    pub const START: Self = Self { entry: 0, head: Digest::ZERO };
}

/// Where an environment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Number of its life, from 1.
    pub life: u32,
    /// Seed of that market.
    pub seed: u64,
    /// Steps that are done of it.
    pub steps: u64,
    /// Its log.
    pub log: LogPlace,
}

/// All from which a run goes on after an update.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// Digest of the run's configuration.
    pub config: Digest,
    /// Updates that are done; 0 before the first.
    pub update: u64,
    /// What each learning type has learned.
    pub learners: BTreeMap<Kind, Learner>,
    /// Words that were taken of each named random stream.
    pub streams: BTreeMap<String, u64>,
    /// Other numbers of the run, kept bit for bit: the multiplier of presence, steps of optimisers.
    pub scalars: BTreeMap<String, f64>,
    /// Other integers of the run.
    pub counters: BTreeMap<String, i64>,
    /// Other bytes of the run.
    pub blobs: BTreeMap<String, Vec<u8>>,
    /// Every environment, from number 0.
    pub environments: Vec<Environment>,
    /// Where `train.log` stands.
    pub train_log: LogPlace,
}

/// Names and shapes of a type's arrays: what a checkpoint must hold to be loaded into a network.
pub type Architecture = BTreeMap<String, Vec<u64>>;

impl Tensor {
    /// An array of floats; `None` unless its shape has as many places as there are numbers.
    pub fn new(shape: &[u64], numbers: Vec<f32>) -> Option<Self> {
        let places = shape.iter().try_fold(1_u64, |product, side| product.checked_mul(*side))?;
        let fits = usize::try_from(places) == Ok(numbers.len());
        fits.then(|| Self { shape: shape.to_vec(), numbers })
    }
}

impl Checkpoint {
    /// The bytes of its file: the same for the same checkpoint.
    ///
    /// # Errors
    /// [`CheckpointError::Arrays`] for names and amounts that no reader takes;
    /// [`CheckpointError::Shape`] for a tensor whose shape does not fit.
    pub fn encode(&self) -> Result<Vec<u8>, CheckpointError> {
        let mut file = Arrays::default();
        let mut text = |name: &str, text: String| file.texts.insert(name.to_owned(), text);
        text("format", FORMAT.to_owned());
        text("config", self.config.to_string());
        text("update", self.update.to_string());
        for (kind, learner) in &self.learners {
            for (part, tensors) in [("policy", &learner.policy), ("optimiser", &learner.optimiser)]
            {
                for (name, tensor) in tensors {
                    let name = format!("{part}/{}/{name}", kind.name());
                    let array = Array::new(&tensor.shape, Numbers::F32(tensor.numbers.clone()));
                    let array =
                        array.ok_or_else(|| CheckpointError::Shape { name: name.clone() })?;
                    file.arrays.insert(name, array);
                }
            }
            // A type without arrays is still one that learns.
            file.texts.insert(format!("learner/{}", kind.name()), String::new());
        }
        let one = |number: u64| Numbers::U64(vec![number]);
        insert(&mut file, "stream", &self.streams, |it| one(*it));
        insert(&mut file, "scalar", &self.scalars, |it| one(it.to_bits()));
        insert(&mut file, "counter", &self.counters, |it| Numbers::I64(vec![*it]));
        insert(&mut file, "blob", &self.blobs, |it| Numbers::U8(it.clone()));
        self.put_environments(&mut file);
        Ok(file.encode()?)
    }

    fn put_environments(&self, file: &mut Arrays) {
        let mut rows = Vec::new();
        let mut heads = Vec::new();
        for it in &self.environments {
            rows.extend([u64::from(it.life), it.seed, it.steps, it.log.entry]);
            heads.extend(it.log.head.0);
        }
        let count = self.environments.len() as u64;
        let mut put = |name: &str, shape: &[u64], numbers| {
            file.arrays.extend(Array::new(shape, numbers).map(|array| (name.to_owned(), array)));
        };
        put("environments/rows", &[count, 4], Numbers::U64(rows));
        put("environments/heads", &[count, 32], Numbers::U8(heads));
        put("train_log/entry", &[1], Numbers::U64(vec![self.train_log.entry]));
        put("train_log/head", &[32], Numbers::U8(self.train_log.head.0.to_vec()));
    }

    /// The checkpoint of a file's bytes.
    ///
    /// # Errors
    /// [`CheckpointError::Arrays`] for bytes that are no such file; [`CheckpointError::Foreign`] for
    /// one of something else, [`CheckpointError::Missing`], [`CheckpointError::Unknown`] and
    /// [`CheckpointError::Shape`] with the name.
    pub fn decode(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let file = Arrays::decode(bytes)?;
        if file.texts.get("format").map(String::as_str) != Some(FORMAT) {
            return Err(CheckpointError::Foreign);
        }
        let mut parts = Parts::new(file);
        parts.text("format")?;
        let checkpoint = Self {
            config: parts.parsed("config")?,
            update: parts.parsed("update")?,
            learners: parts.learners()?,
            streams: parts.all("stream", parts::one_u64)?,
            scalars: parts.all("scalar", |it| parts::one_u64(it).map(f64::from_bits))?,
            counters: parts.all("counter", parts::one_i64)?,
            blobs: parts.all("blob", parts::bytes)?,
            environments: parts.environments()?,
            train_log: parts.train_log()?,
        };
        parts.check_empty()?;
        Ok(checkpoint)
    }

    /// BLAKE3 of a file's bytes, by which a run's MANIFEST knows it.
    pub fn digest(bytes: &[u8]) -> Digest {
        Digest(blake3::derive_key(DIGEST_CONTEXT, bytes))
    }

    /// What a type has learned, if it fits these networks.
    ///
    /// # Errors
    /// [`CheckpointError::Missing`] for an array or type that is not there,
    /// [`CheckpointError::Unknown`] for one that the networks have no place for,
    /// [`CheckpointError::Architecture`] for one of another shape.
    pub fn learner(
        &self,
        kind: Kind,
        policy: &Architecture,
        optimiser: &Architecture,
    ) -> Result<&Learner, CheckpointError> {
        let missing = || CheckpointError::Missing { name: format!("learner/{}", kind.name()) };
        let learner = self.learners.get(&kind).ok_or_else(missing)?;
        for (part, tensors, wanted) in
            [("policy", &learner.policy, policy), ("optimiser", &learner.optimiser, optimiser)]
        {
            let full = |name: &str| format!("{part}/{}/{name}", kind.name());
            for (name, shape) in wanted {
                let Some(tensor) = tensors.get(name) else {
                    return Err(CheckpointError::Missing { name: full(name) });
                };
                if tensor.shape != *shape {
                    let (found, wanted) = (tensor.shape.clone(), shape.clone());
                    return Err(CheckpointError::Architecture { name: full(name), found, wanted });
                }
            }
            if let Some(name) = tensors.keys().find(|name| !wanted.contains_key(*name)) {
                return Err(CheckpointError::Unknown { name: full(name) });
            }
        }
        Ok(learner)
    }
}

#[cfg(test)]
mod tests;
