//! Proofs of entries: each one holds against its seal, and nothing else does.
#![expect(clippy::unwrap_used, reason = "a test")]

#[path = "../common/mod.rs"]
mod common;

mod making;
mod mutations;
mod second;

use replay::{Archive, Digest, Entry, Proof, ReadLimits};

/// A log in memory and what it holds.
struct Log {
    archive: Archive<std::rc::Rc<Vec<u8>>>,
    entries: Vec<Entry>,
}

impl Log {
    /// The log of so many entries and an end.
    fn of(len: u64) -> Self {
        let mut entries = common::mixed_entries(len);
        let (bytes, _) = common::record(&entries);
        entries.push(Entry::End);
        let bytes = std::rc::Rc::new(bytes);
        let archive = Archive::open(bytes, Vec::new(), ReadLimits::DEFAULT).unwrap();
        Self { archive, entries }
    }

    fn prove(&self, entry: u64, against: u64) -> Proof {
        replay::prove(&self.archive, entry, Some(against), &mut |_| ()).unwrap()
    }

    fn seal(&self, block: u64) -> Digest {
        self.archive.seal(block).unwrap()
    }

    fn entry(&self, number: u64) -> &Entry {
        &self.entries[usize::try_from(number - 1).unwrap()]
    }

    /// First and last entry of a block.
    fn borders(&self, block: u64) -> (u64, u64) {
        let header = self.archive.block_header(block).unwrap();
        (header.first, header.last())
    }
}
