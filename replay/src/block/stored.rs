//! What the header of a wrong block is worth.

use crate::block::{BlockHeader, Chain};

impl Chain {
    /// Whether a stored header follows in all that it says of itself, its entries left aside: its
    /// seal is right, and with it the head that it says its entries have.
    pub(crate) fn is_header_next(&self, stored: &BlockHeader) -> bool {
        let is_numbered = (stored.number, stored.first) == (self.blocks + 1, self.entries + 1);
        is_numbered
            && self.heads.as_ref().is_none_or(|heads| heads.root() == stored.root)
            && stored.seal == stored.compute_seal(self.seal)
    }
}
