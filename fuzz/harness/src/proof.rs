//! Foreign bytes through the checker of proofs: nothing panics, and what is accepted against a seal
//! is the true proof of an entry, byte for byte.
//!
//! Raw bytes die at the magic, so most inputs change a true proof in a few places. Proofs of the
//! last, short block are met most often: the others have a whole block of 64 KiB to hash.

use std::rc::Rc;

use kernel::Reference;
use replay::entry::DecisionEntry;
use replay::{
    Archive, Digest, Entry, Genesis, Mark, Proof, ReadLimits, Recorder, SyncPolicy, prove,
};

use crate::input::Input;
use crate::patch::{patch, repair_checksum};

/// Decisions of the full blocks, 31 each; one more begins the last block.
const FILLING: u32 = 93;
/// Entries of the log whose proofs are made.
const PROVEN: [u64; 8] = [1, 31, 32, 62, 93, 94, 96, 100];

/// A log of a few blocks, its seals, and true proofs.
struct World {
    log: Archive<Rc<Vec<u8>>>,
    /// By block, from 1.
    seals: Vec<Digest>,
    proofs: Vec<Known>,
}

/// A true proof.
struct Known {
    entry: u64,
    against: u64,
    bytes: Vec<u8>,
}

thread_local! {
    static WORLD: World = World::new();
}

/// Checks raw bytes, or a true proof that was changed.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    WORLD.with(|world| {
        if input.below(8) == 0 {
            let is_repaired = input.flag();
            let mut bytes = input.rest().to_vec();
            if is_repaired {
                repair_checksum(&mut bytes);
            }
            world.check(&bytes);
        } else {
            world.change(&mut input);
        }
    });
}

impl World {
    fn new() -> Self {
        let log = record();
        let seals: Vec<_> = (1..=log.blocks()).map(|block| log.seal(block).unwrap()).collect();
        let mut proofs = Vec::new();
        for entry in PROVEN {
            let holder = log.find(entry).unwrap().unwrap();
            for against in holder..=log.blocks() {
                let bytes = prove(&log, entry, Some(against), &mut |_| ()).unwrap().encode();
                proofs.push(Known { entry, against, bytes });
            }
        }
        // Short ones first, which are then drawn more often.
        proofs.sort_by_key(|known| known.bytes.len());
        Self { log, seals, proofs }
    }

    fn known(&self, input: &mut Input<'_>) -> &Known {
        let short = self.proofs.iter().filter(|known| known.bytes.len() < 1 << 12).count();
        let byte = input.u8();
        let among = if byte < 224 { short } else { self.proofs.len() };
        &self.proofs[usize::from(byte) % among]
    }

    fn change(&self, input: &mut Input<'_>) {
        let (known, other) = (self.known(input), self.known(input));
        let (patches, is_repaired) = (input.below(4), input.below(8) != 0);
        let mut bytes = known.bytes.clone();
        for _ in 0..patches {
            // What is no entry stands in the first bytes, where patches are of most use.
            let mut head: Vec<u8> = bytes.drain(..bytes.len().min(512)).collect();
            if input.below(4) == 0 {
                patch(input, &mut bytes, &other.bytes);
            } else {
                patch(input, &mut head, &other.bytes);
            }
            bytes.splice(..0, head);
        }
        if is_repaired {
            repair_checksum(&mut bytes);
        }
        if patches == 0 {
            let seal = self.seals[usize::try_from(known.against).unwrap() - 1];
            let read = Proof::decode(&bytes).unwrap();
            assert!(read.check(seal).is_ok(), "a true proof is accepted");
        }
        self.check(&bytes);
    }

    /// What is read is written the same way; what is accepted is true.
    fn check(&self, bytes: &[u8]) {
        let Ok(read) = Proof::decode(bytes) else { return };
        assert!(read.encode() == bytes, "a proof has one form");
        assert!(read.check(Digest::ZERO).is_err());
        for (against, seal) in (1..).zip(&self.seals) {
            let Ok(proven) = read.check(*seal) else { continue };
            assert_eq!(read.claimed_seal(), *seal);
            let is_this = |known: &&Known| (known.entry, known.against) == (proven.entry, against);
            let truth = self.proofs.iter().find(is_this).map(|known| known.bytes.clone());
            let truth = truth.unwrap_or_else(|| {
                prove(&self.log, proven.entry, Some(against), &mut |_| ()).unwrap().encode()
            });
            assert!(truth == bytes, "a proof of entry {} that nobody made", proven.entry);
            assert_eq!(self.log.entry(proven.entry).unwrap().as_ref(), Some(proven.what));
        }
    }
}

fn record() -> Archive<Rc<Vec<u8>>> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(kernel::Genesis::open(), "fuzz");
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for agent in 0..=FILLING {
        recorder
            .take(&Entry::Decision(DecisionEntry {
                agent,
                policy: 1,
                action: vec![-1; 512],
                first_reference: Reference(0),
                commands: 0,
                observation: Some([7; 8]),
            }))
            .unwrap();
    }
    for number in 0..5 {
        recorder.take(&Entry::Mark(Mark { name: "m".parse().unwrap(), number })).unwrap();
    }
    recorder.finish().unwrap();
    Archive::open(Rc::new(log), Vec::new(), ReadLimits::DEFAULT).unwrap()
}
