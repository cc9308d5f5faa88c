//! A forger against pins, and against a reader who has none.
//!
//! Every case is one of a number: it can be tried again alone. Three claims are checked of each:
//!
//! 1. a log that is accepted with the pinned **seal** is the original, byte for byte;
//! 2. one that is accepted with the pinned **head** has the original's entries, those of the open
//!    block included, byte for byte;
//! 3. one that is accepted without pins is whole in itself: taken apart and put together again it
//!    is the same. Whether it differs from the original is counted.

use std::num::NonZeroUsize;

use kernel::Genesis as Market;
use replay::{
    Digest, Entry, Genesis, LogError, PlayError, Player, ReadLimits, Reader, Recorder, SyncPolicy,
};

use super::forger::{Files, Others, forge, splice};
use super::{Failure, in_threads};
use crate::forge::{assemble, take_apart};
use crate::mixed;
use crate::random::Dice;

/// What became of forgeries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases.
    pub cases: u64,
    /// Whole logs that came out as the original.
    pub same: u64,
    /// Refused by a reader that has no pin.
    pub refused: u64,
    /// Whole in themselves and other logs: only a pin tells them from the original.
    pub whole: u64,
    /// Of those, the ones that a replay gives away: their outcomes or states are not this kernel's,
    /// or their entries cannot be read.
    pub diverged: u64,
    /// Of those, the ones that have the original's head and another seal.
    pub same_head: u64,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.same += other.same;
        self.refused += other.refused;
        self.whole += other.whole;
        self.diverged += other.diverged;
        self.same_head += other.same_head;
    }
}

/// A log as its reader knows it.
struct Original {
    files: Files,
    head: Digest,
    seal: Digest,
    /// The bytes of all entries.
    entries: Vec<u8>,
}

/// Originals, and logs to take pieces of.
pub struct Workshop {
    originals: Vec<Original>,
    others: Vec<Files>,
    seed: u64,
}

/// What a reader without pins says of a log.
struct Read {
    head: Digest,
    seal: Digest,
    entries: Vec<u8>,
}

impl Workshop {
    /// Two originals, one that has ended and one that is open, and other logs: of other entries, of
    /// the same first entries, and of another genesis.
    ///
    /// # Panics
    /// When one of them cannot be made, which no bytes from elsewhere lead to.
    #[expect(clippy::unwrap_used, reason = "logs that were just made")]
    pub fn new(seed: u64) -> Self {
        let entries = mixed::mixed_entries(5_400);
        let (ended, _) = mixed::record(&entries);
        let (open, tail) = mixed::record_open(&entries[..4_800], 40);
        let files = [Files { log: ended, tail: Vec::new() }, Files { log: open, tail }];
        let original = |files: Files| {
            let Read { head, seal, entries } = read(&files).unwrap();
            Original { files, head, seal, entries }
        };
        let forked = [&entries[..3_000], &entries[3_500..5_400]].concat();
        let market = Market { endowments: Vec::new(), ..Market::open() };
        let genesis = Genesis { seed: 7, ..Genesis::new(market, "another") };
        let others = vec![
            files[0].clone(),
            files[1].clone(),
            Files { log: mixed::record(&entries[1..]).0, tail: Vec::new() },
            Files { log: mixed::record(&forked).0, tail: Vec::new() },
            Files { log: record_as(&genesis, &entries), tail: Vec::new() },
        ];
        Self { originals: files.map(original).into(), others, seed }
    }

    /// Tries so many forgeries.
    ///
    /// # Errors
    /// One that breaks a claim.
    pub fn try_all(&self, cases: u64, threads: NonZeroUsize) -> Result<Tally, Failure> {
        let tallies = in_threads(threads, cases, |numbers| {
            let mut tally = Tally::default();
            for case in numbers {
                tally.add(&self.try_one(case)?);
            }
            Ok(tally)
        })?;
        let mut all = Tally::default();
        for tally in &tallies {
            all.add(tally);
        }
        Ok(all)
    }

    /// Tries one forgery.
    ///
    /// # Errors
    /// A claim that it breaks.
    pub fn try_one(&self, case: u64) -> Result<Tally, Failure> {
        let mut dice = Dice::new(self.seed ^ case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let original = &self.originals[usize::from(dice.one_in(2))];
        let mut files = original.files.clone();
        let others = Others { logs: &self.others };
        if dice.one_in(2) {
            splice(&mut files, &others, &mut dice);
        } else {
            forge(&mut files, &others, &mut dice);
        }
        judge(original, &files).map_err(|what| Failure { case, what })
    }
}

fn judge(original: &Original, files: &Files) -> Result<Tally, String> {
    let mut tally = Tally { cases: 1, ..Tally::default() };
    let Ok(found) = read(files) else {
        tally.refused = 1;
        return Ok(tally);
    };
    let has_head = found.head == original.head;
    let has_seal = found.seal == original.seal;
    if has_seal && files.log != original.files.log {
        return Err("another log has the pinned seal".to_owned());
    }
    if has_head && found.entries != original.entries {
        return Err("other entries have the pinned head".to_owned());
    }
    if has_head && has_seal {
        tally.same = 1;
        return Ok(tally);
    }
    // What was accepted and has no such parts would end the run without its case.
    let again = std::panic::catch_unwind(|| {
        let (start, drafts) = take_apart(&files.log);
        assemble(&start, &drafts)
    });
    if again.ok().as_ref() != Some(&files.log) {
        return Err("a log was accepted that its own parts do not make".to_owned());
    }
    tally.whole = 1;
    tally.same_head = has_head.into();
    tally.diverged = u64::from(!replays(files));
    Ok(tally)
}

/// Reads a log to its end, as `verify --chain-only` does.
fn read(files: &Files) -> Result<Read, LogError> {
    let mut reader = Reader::open(&files.log[..], files.tail.clone(), ReadLimits::DEFAULT)?;
    let mut entries = Vec::new();
    while let Some(block) = reader.next_block()? {
        entries.extend_from_slice(block.payload());
    }
    Ok(Read { head: reader.head(), seal: reader.chain().seal, entries })
}

fn replays(files: &Files) -> bool {
    let reader = Reader::open(&files.log[..], files.tail.clone(), ReadLimits::DEFAULT);
    let player = reader.and_then(Player::new);
    player.map_err(PlayError::from).and_then(|mut player| player.run()).is_ok()
}

#[expect(clippy::unwrap_used, reason = "a log that was just made")]
fn record_as(genesis: &Genesis, entries: &[Entry]) -> Vec<u8> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for entry in entries {
        recorder.take(entry).unwrap();
    }
    recorder.finish().unwrap();
    log
}
