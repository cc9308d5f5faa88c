//! Tests of checkpoints.

use quickcheck::{Arbitrary, Gen, quickcheck};

use super::*;
use crate::arrays::ArraysError;

fn tensors(g: &mut Gen) -> Tensors {
    let one = |g: &mut Gen| {
        let shape = [u64::arbitrary(g) % 4, u64::arbitrary(g) % 4];
        let len = usize::try_from(shape[0] * shape[1]).unwrap();
        // Any bits but those of NaN, which equal nothing.
        let numbers = (0..len).map(|_| f32::from_bits(u32::arbitrary(g) & !(1 << 30)));
        Tensor::new(&shape, numbers.collect()).unwrap()
    };
    (0..u8::arbitrary(g) % 4).map(|index| (format!("layer.{index}/weight"), one(g))).collect()
}

fn named<T>(g: &mut Gen, one: impl Fn(&mut Gen) -> T) -> BTreeMap<String, T> {
    (0..u8::arbitrary(g) % 4).map(|index| (format!("it/{index}"), one(g))).collect()
}

fn place(g: &mut Gen) -> LogPlace {
    LogPlace { entry: u64::arbitrary(g), head: Digest([u8::arbitrary(g); 32]) }
}

impl Arbitrary for Checkpoint {
    fn arbitrary(g: &mut Gen) -> Self {
        let mut learners = BTreeMap::new();
        for kind in Kind::ALL {
            if bool::arbitrary(g) {
                learners.insert(kind, Learner { policy: tensors(g), optimiser: tensors(g) });
            }
        }
        let environment = |g: &mut Gen| Environment {
            life: u32::arbitrary(g),
            seed: u64::arbitrary(g),
            steps: u64::arbitrary(g),
            log: place(g),
        };
        Self {
            config: Digest([u8::arbitrary(g); 32]),
            update: u64::arbitrary(g),
            learners,
            streams: named(g, u64::arbitrary),
            scalars: named(g, |g| f64::from(i32::arbitrary(g)) / 3.0),
            counters: named(g, i64::arbitrary),
            blobs: named(g, Vec::arbitrary),
            environments: (0..u8::arbitrary(g) % 5).map(|_| environment(g)).collect(),
            train_log: place(g),
        }
    }
}

quickcheck! {
    fn what_is_written_is_read_as_the_same(checkpoint: Checkpoint) -> bool {
        let bytes = checkpoint.encode().unwrap();
        let read = Checkpoint::decode(&bytes).unwrap();
        read == checkpoint && read.encode().unwrap() == bytes
    }
}

fn example() -> Checkpoint {
    let weight = Tensor::new(&[2, 3], vec![0.0, -0.0, 1.0, f32::NAN, f32::MIN, 1e-40]).unwrap();
    let policy = BTreeMap::from([("actor.0.weight".to_owned(), weight.clone())]);
    let optimiser = BTreeMap::from([("actor.0.weight.mean".to_owned(), weight)]);
    let log = LogPlace { entry: 7, head: Digest([7; 32]) };
    Checkpoint {
        config: Digest([1; 32]),
        update: 10,
        learners: BTreeMap::from([(Kind::Maker, Learner { policy, optimiser })]),
        streams: BTreeMap::from([("actions/maker".to_owned(), 12_345)]),
        scalars: BTreeMap::from([("presence".to_owned(), f64::NEG_INFINITY)]),
        counters: BTreeMap::new(),
        blobs: BTreeMap::new(),
        environments: vec![Environment { life: 1, seed: 42_001, steps: 640, log }],
        train_log: log,
    }
}

#[test]
fn bits_are_kept() {
    let read = Checkpoint::decode(&example().encode().unwrap()).unwrap();
    let bits = |it: &Checkpoint| -> Vec<u32> {
        let tensor = &it.learners[&Kind::Maker].policy["actor.0.weight"];
        tensor.numbers.iter().map(|number| number.to_bits()).collect()
    };
    assert_eq!(bits(&read), bits(&example()));
    assert_eq!(read.scalars["presence"].to_bits(), f64::NEG_INFINITY.to_bits());
}

/// What loads into other networks, or leaves a place of theirs empty, is told with the array.
#[test]
fn another_architecture_is_refused_by_name() {
    let checkpoint = example();
    let shape = |name: &str, shape: &[u64]| Architecture::from([(name.to_owned(), shape.to_vec())]);
    let (policy, optimiser) =
        (shape("actor.0.weight", &[2, 3]), shape("actor.0.weight.mean", &[2, 3]));
    assert!(checkpoint.learner(Kind::Maker, &policy, &optimiser).is_ok());
    let told = |kind, policy, optimiser| {
        checkpoint.learner(kind, policy, optimiser).unwrap_err().to_string()
    };
    let mut more = policy.clone();
    more.insert("actor.1.weight".to_owned(), vec![1]);
    insta::assert_snapshot!(
        [
            told(Kind::Value, &policy, &optimiser),
            told(Kind::Maker, &shape("actor.0.weight", &[3, 2]), &optimiser),
            told(Kind::Maker, &more, &optimiser),
            told(Kind::Maker, &policy, &Architecture::new()),
        ]
        .join("\n")
    );
}

/// A checkpoint's arrays, changed.
fn changed(change: impl FnOnce(&mut Arrays)) -> String {
    let mut file = Arrays::decode(&example().encode().unwrap()).unwrap();
    change(&mut file);
    Checkpoint::decode(&file.encode().unwrap()).unwrap_err().to_string()
}

#[test]
fn files_that_are_no_checkpoint_are_refused_by_name() {
    let put = |name: &str, numbers: Numbers| {
        changed(|file| {
            file.arrays.insert(name.to_owned(), Array::list(numbers));
        })
    };
    let text = |name: &str, text: &str| {
        changed(|file| {
            file.texts.insert(name.to_owned(), text.to_owned());
        })
    };
    insta::assert_snapshot!(
        [
            text("format", "replay.checkpoint/2"),
            text("update", "010"),
            text("config", "7"),
            text("learner/maker", "x"),
            text("learner/other", ""),
            changed(|file| {
                file.texts.remove("config");
            }),
            // Without its learner nothing says what its arrays are.
            changed(|file| {
                file.texts.remove("learner/maker");
            }),
            changed(|file| {
                file.arrays.remove("environments/heads");
            }),
            put("policy/maker/b", Numbers::I64(vec![1])),
            put("stream/x", Numbers::U64(vec![1, 2])),
            put("environments/rows", Numbers::U64(vec![1, 2, 3, 4])),
            put("train_log/head", Numbers::U8(vec![1])),
            put("other", Numbers::U8(vec![1])),
            Checkpoint::decode(b"").unwrap_err().to_string(),
        ]
        .join("\n")
    );
    let mut tensor = example();
    tensor
        .learners
        .get_mut(&Kind::Maker)
        .unwrap()
        .policy
        .get_mut("actor.0.weight")
        .unwrap()
        .shape = vec![7];
    let name = "policy/maker/actor.0.weight".to_owned();
    assert_eq!(tensor.encode(), Err(CheckpointError::Shape { name }));
    let mut name = example();
    name.streams.insert("ä".to_owned(), 1);
    assert_eq!(name.encode(), Err(CheckpointError::Arrays(ArraysError::Name)));
}

/// Whatever bit of a file changes, its digest tells.
#[test]
fn the_digest_is_over_all_bytes() {
    let bytes = example().encode().unwrap();
    let digest = Checkpoint::digest(&bytes);
    for bit in (0..bytes.len() * 8).step_by(7) {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert_ne!(Checkpoint::digest(&flipped), digest, "bit {bit}");
    }
}
