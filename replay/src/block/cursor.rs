//! A walk over the entries of a block.

use crate::block::Block;
use crate::codec::decode_entry_into;
use crate::entry::Entry;
use crate::error::Damage;

/// Walks the entries of a block.
#[derive(Clone, Debug, Default)]
pub struct Cursor {
    at: usize,
    read: u32,
}

impl Cursor {
    /// How many bytes they take.
    pub(crate) const fn bytes(&self) -> usize {
        self.at
    }

    /// How many entries were read.
    pub const fn read(&self) -> u32 {
        self.read
    }

    /// The bytes of the entries that were read.
    pub fn passed<'a>(&self, block: &'a Block) -> &'a [u8] {
        block.payload().get(..self.at).unwrap_or_default()
    }

    /// Reads the next entry; false after the last.
    ///
    /// # Errors
    /// [`Damage::Entry`], [`Damage::Count`] or [`Damage::End`]: the entries are authentic, but a
    /// foreign writer made them.
    #[inline(always)]
    pub fn next(&mut self, block: &Block, entry: &mut Entry) -> Result<bool, Damage> {
        let rest = block.payload().get(self.at..).unwrap_or_default();
        if self.read == block.count {
            return if rest.is_empty() { Ok(false) } else { Err(Damage::Count) };
        }
        if rest.is_empty() {
            return Err(Damage::Count);
        }
        let used = decode_entry_into(rest, entry).map_err(Damage::Entry)?;
        self.at = self.at.saturating_add(used);
        self.read = self.read.saturating_add(1);
        let is_last = self.read == block.count;
        let is_final = block.header.is_some_and(|header| header.is_final());
        if matches!(entry, Entry::End) != (is_last && is_final) {
            return Err(Damage::End);
        }
        Ok(true)
    }
}
