//! Foreign bytes through the reader of checkpoints: nothing panics, and what is read is written as the
//! same bytes.

use std::collections::BTreeMap;

use agents::Kind;
use replay::Digest;
use runs::arrays::Arrays;
use runs::checkpoint::{Checkpoint, Environment, Learner, LogPlace, Tensor};

use crate::input::Input;
use crate::patch::patch;

thread_local! {
    static TRUE: Vec<u8> = example().encode().unwrap();
}

/// Reads raw bytes, a header with any data, or a true checkpoint that was changed.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(4) {
        0 => check(input.rest()),
        1 => {
            // Whatever a fuzzer does to the header, its length fits.
            let len = usize::from(input.u16());
            let mut header = input.slice(len).to_vec();
            header.resize(header.len().next_multiple_of(8), b' ');
            let len = (header.len() as u64).to_le_bytes();
            check(&[&len[..], &header, input.rest()].concat());
        }
        _ => TRUE.with(|whole| {
            let mut bytes = whole.clone();
            for _ in 0..input.below(4) {
                patch(&mut input, &mut bytes, whole);
            }
            check(&bytes);
        }),
    }
}

fn check(bytes: &[u8]) {
    match Arrays::decode(bytes) {
        Ok(arrays) => assert!(arrays.encode().unwrap() == bytes, "arrays have one form"),
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
    match Checkpoint::decode(bytes) {
        Ok(read) => {
            assert!(read.encode().unwrap() == bytes, "a checkpoint has one form");
            assert!(
                read.learner(Kind::Maker, &BTreeMap::new(), &BTreeMap::new()).is_err() || {
                    let learner = &read.learners[&Kind::Maker];
                    learner.policy.is_empty() && learner.optimiser.is_empty()
                }
            );
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A small checkpoint.
pub(crate) fn example() -> Checkpoint {
    let tensor = Tensor::new(&[1, 2], vec![0.5, -1.0]).unwrap();
    let tensors = BTreeMap::from([("a".to_owned(), tensor)]);
    let log = LogPlace { entry: 3, head: Digest([3; 32]) };
    Checkpoint {
        config: Digest([1; 32]),
        update: 2,
        learners: BTreeMap::from([(
            Kind::Maker,
            Learner { policy: tensors.clone(), optimiser: tensors },
        )]),
        streams: BTreeMap::from([("s".to_owned(), 9)]),
        scalars: BTreeMap::from([("p".to_owned(), 0.25)]),
        counters: BTreeMap::from([("c".to_owned(), -1)]),
        blobs: BTreeMap::from([("b".to_owned(), vec![1, 2])]),
        environments: vec![Environment { life: 1, seed: 7, steps: 5, log }],
        train_log: log,
    }
}
