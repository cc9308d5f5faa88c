//! One flipped bit, anywhere in a log, its tail or its compacted form, is refused by a reader no
//! later than in the block that it lies in.

use std::num::NonZeroUsize;

use replay::packed::{LEVEL, pack};
use replay::{Packed, ReadLimits, Reader, Stream};

use super::{Failure, in_threads};
use crate::forge;
use crate::mixed;

/// The bytes in which bits are flipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The file of a log that has ended.
    Log,
    /// The tail of one that has not.
    Tail,
    /// The same log, compacted.
    Packed,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Log, Self::Tail, Self::Packed];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Tail => "tail",
            Self::Packed => "compacted log",
        }
    }
}

/// A log to flip bits of.
pub struct Subject {
    log: Vec<u8>,
    open: Vec<u8>,
    tail: Vec<u8>,
    packed: Vec<u8>,
    /// Offsets of the log's blocks, and of their frames in the compacted one, each with its end.
    blocks: Vec<usize>,
    frames: Vec<usize>,
}

impl Subject {
    /// A log of at least so many bytes, a multiple of a block's and some; an open one of the same
    /// entries, and the first one compacted.
    ///
    /// # Panics
    /// When a log cannot be made, which no bytes from elsewhere lead to.
    #[expect(clippy::unwrap_used, reason = "a log that was just made")]
    pub fn of_bytes(bytes: usize) -> Self {
        let mut entries = Vec::new();
        let log = loop {
            entries = mixed::mixed_entries(entries.len() as u64 + 1_700);
            let (log, _) = mixed::record(&entries);
            if bytes <= log.len() {
                break log;
            }
        };
        let (open, tail) = mixed::record_open(&entries, 64);
        let mut blocks = forge::blocks(&log);
        let (first, count) = (blocks[0], blocks.len());
        blocks.push(log.len());
        let mut packed = Vec::new();
        pack(start(&log), &mut packed, LEVEL).unwrap();
        let mut frames = vec![first + 18];
        for _ in 0..count {
            let at = *frames.last().unwrap();
            let len = u32::from_le_bytes(packed[at..at + 4].try_into().unwrap());
            frames.push(at + 8 + len as usize);
        }
        Self { log, open, tail, packed, blocks, frames }
    }

    /// The bytes of a target.
    pub fn bytes(&self, target: Target) -> &[u8] {
        match target {
            Target::Log => &self.log,
            Target::Tail => &self.tail,
            Target::Packed => &self.packed,
        }
    }

    /// Sealed blocks.
    pub const fn blocks(&self) -> usize {
        self.frames.len() - 1
    }

    /// Flips every `every`-th bit of a target, one at a time; returns how many that were. The work
    /// for one is that of one block: a reader stands before each, and goes on over changed bytes.
    ///
    /// # Errors
    /// A flip that a reader did not refuse; the case is the number of the bit.
    ///
    /// # Panics
    /// When the log itself is refused.
    pub fn flip(&self, target: Target, every: u64, threads: NonZeroUsize) -> Result<u64, Failure> {
        let bits = self.bytes(target).len() as u64 * 8;
        let counts = in_threads(threads, bits.div_ceil(every), |numbers| {
            let mut flipper = Flipper::new(self, target);
            let mut count = 0;
            for number in numbers {
                flipper.flip(number * every)?;
                count += 1;
            }
            Ok(count)
        })?;
        Ok(counts.iter().sum())
    }

    /// Flips one bit.
    ///
    /// # Errors
    /// As [`Subject::flip`].
    ///
    /// # Panics
    /// As [`Subject::flip`].
    pub fn flip_one(&self, target: Target, bit: u64) -> Result<(), Failure> {
        Flipper::new(self, target).flip(bit)
    }
}

/// Bytes to flip bits in, and a reader that has read all blocks before the one at hand.
struct Flipper<'a> {
    subject: &'a Subject,
    target: Target,
    bytes: Vec<u8>,
    /// Stands behind so many blocks.
    reader: Reader<&'a [u8]>,
    behind: usize,
}

impl<'a> Flipper<'a> {
    #[expect(clippy::unwrap_used, reason = "a log that was just made")]
    fn new(subject: &'a Subject, target: Target) -> Self {
        let mut reader = start(&subject.log);
        if target == Target::Tail {
            reader = start(&subject.open);
            while reader.next_block().unwrap().is_some() {}
        }
        let bytes = subject.bytes(target).to_vec();
        Self { subject, target, bytes, reader, behind: 0 }
    }

    fn flip(&mut self, bit: u64) -> Result<(), Failure> {
        let at = usize::try_from(bit / 8).unwrap_or(usize::MAX);
        self.bytes[at] ^= 1 << (bit % 8);
        let is_refused = match self.target {
            Target::Log => self.is_log_refused(at),
            Target::Tail => {
                let mut reader = self.reader.branch(&[][..], self.bytes.clone());
                loop {
                    match reader.next_block() {
                        Ok(Some(_)) => {}
                        Ok(None) => break false,
                        Err(_) => break true,
                    }
                }
            }
            Target::Packed => self.is_packed_refused(at),
        };
        self.bytes[at] ^= 1 << (bit % 8);
        if is_refused {
            return Ok(());
        }
        let (name, place) = (self.target.name(), bit % 8);
        let what = format!("bit {place} of byte {at} of the {name} may be flipped");
        Err(Failure { case: bit, what })
    }

    fn is_log_refused(&mut self, at: usize) -> bool {
        let Some(block) = self.block_of(&self.subject.blocks, at) else {
            return Reader::open(&self.bytes[..], Vec::new(), ReadLimits::DEFAULT).is_err();
        };
        self.go_before(block);
        let behind = &self.bytes[self.subject.blocks[block]..];
        is_next_refused(&mut self.reader.branch(behind, Vec::new()))
    }

    fn is_packed_refused(&mut self, at: usize) -> bool {
        let Some(block) = self.block_of(&self.subject.frames, at) else {
            return Packed::open(&self.bytes).is_err();
        };
        self.go_before(block);
        let Ok(packed) = Packed::open(&self.bytes) else { return true };
        let behind = Stream::new(packed, self.subject.blocks[block] as u64);
        is_next_refused(&mut self.reader.branch(behind, Vec::new()))
    }

    /// The block or frame that a byte lies in; `None` before the first and behind the last.
    fn block_of(&self, offsets: &[usize], at: usize) -> Option<usize> {
        let behind = offsets.partition_point(|offset| *offset <= at);
        behind.checked_sub(1).filter(|block| *block < self.subject.blocks())
    }

    /// Reads on to before a block, from the start where it was passed.
    #[expect(clippy::unwrap_used, reason = "a log that was just made")]
    fn go_before(&mut self, block: usize) {
        if block < self.behind {
            self.reader = start(&self.subject.log);
            self.behind = 0;
        }
        while self.behind < block {
            self.reader.next_block().unwrap();
            self.behind += 1;
        }
    }
}

/// A reader ahead of the first block.
#[expect(clippy::unwrap_used, reason = "a log that was just made")]
fn start(log: &[u8]) -> Reader<&[u8]> {
    Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap()
}

/// Whether a reader refuses the next block, or, behind the final one, what follows it.
fn is_next_refused<R: std::io::Read>(reader: &mut Reader<R>) -> bool {
    if reader.next_block().is_err() {
        return true;
    }
    reader.is_ended() && reader.next_block().is_err()
}
