//! Where a fork leaves its parent: finding the place in a log.

use std::io::Read;

use crate::block::{Block, Cursor};
use crate::entry::Entry;
use crate::error::{LogError, Place, Subject};
use crate::genesis::Parent;
use crate::reader::Reader;

impl Parent {
    /// What a fork of this log at this entry says of its parent; `None` for a log that ends before.
    /// The reader has read nothing yet.
    ///
    /// Cost: the log up to the entry, no replay.
    ///
    /// # Errors
    /// As [`Reader::next_block`]; [`LogError::Damaged`] for authentic entries that cannot be read.
    pub fn find<R: Read>(reader: &mut Reader<R>, entry: u64) -> Result<Option<Self>, LogError> {
        loop {
            let chain = reader.chain().clone();
            if entry == chain.entries {
                return Ok(Some(Self { seal: chain.seal, entry, head: chain.head }));
            }
            let Some(block) = reader.next_block()? else { return Ok(None) };
            let shared = entry - block.first + 1;
            let Ok(count) = u32::try_from(shared) else { continue };
            if count < block.count || (count == block.count && block.header.is_none()) {
                let head = chain.prefix_head(count, prefix(block, count)?);
                return Ok(Some(Self { seal: chain.seal, entry, head }));
            }
        }
    }
}

/// The bytes of a block's first entries.
fn prefix(block: &Block, count: u32) -> Result<&[u8], LogError> {
    let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
    while cursor.read() < count {
        cursor.next(block, &mut entry).map_err(|what| {
            let good = block.first + u64::from(cursor.read()) - 1;
            let Block { offset, number, .. } = *block;
            let place = Place { subject: Subject::Log, offset, block: number, good };
            LogError::Damaged { place, what }
        })?;
    }
    Ok(block.payload().get(..cursor.bytes()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use kernel::{ClientId, Command, Venue};

    use super::*;
    use crate::chain::Digest;
    use crate::genesis::Genesis;
    use crate::limits::ReadLimits;
    use crate::recorder::{Recorder, SyncPolicy};

    /// A log of some 15 blocks: its media, and head and last seal after each entry.
    fn log(is_ended: bool) -> (Vec<u8>, Vec<u8>, Vec<(Digest, Digest)>) {
        let genesis = Genesis::new(kernel::Genesis::open(), "test");
        let (mut log, mut tail) = (Vec::new(), Vec::new());
        let mut found = Vec::new();
        {
            let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None);
            let mut recorder = recorder.unwrap();
            for client in 0..30_000 {
                found.push((recorder.head(), recorder.seal_so_far()));
                recorder.submit(Command::MassCancel { client: ClientId(client) }).unwrap();
            }
            found.push((recorder.head(), recorder.seal_so_far()));
            if is_ended {
                recorder.finish().unwrap();
            } else {
                recorder.sync().unwrap();
            }
        }
        (log, tail, found)
    }

    #[test]
    fn every_entry_has_its_seal_and_head() {
        for is_ended in [false, true] {
            let (log, tail, found) = log(is_ended);
            let open = || Reader::open(&log[..], tail.clone(), ReadLimits::DEFAULT).unwrap();
            let mut reader = open();
            while reader.next_block().unwrap().is_some() {}
            let last = reader.entries();
            for entry in (0..30_000).step_by(997).chain([1, 13_064, 13_065, 29_999, 30_000]) {
                let parent = Parent::find(&mut open(), entry).unwrap().unwrap();
                let (head, mut seal) = found[usize::try_from(entry).unwrap()];
                if let Some((_, later)) = found.get(usize::try_from(entry).unwrap() + 1)
                    && entry % 13_064 == 0
                {
                    // A block is sealed when the next entry comes.
                    seal = *later;
                }
                assert_eq!(parent, Parent { seal, entry, head }, "entry {entry} of {last}");
            }
            assert_eq!(Parent::find(&mut open(), last + 1).unwrap(), None);
            let end = Parent::find(&mut open(), last).unwrap().unwrap();
            assert_eq!(end.head, reader.head());
        }
    }
}
