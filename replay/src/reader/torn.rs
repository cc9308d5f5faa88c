//! Tells a last block that never became durable from one that was damaged. FORMAT.md §7.3.

use std::io::Read;

use crate::error::{Damage, LogError, Subject};
use crate::reader::Reader;
use crate::slot::Slot;
use crate::tail::Beginning;

impl<R: Read> Reader<R> {
    /// What is said of a wrong block: it is torn when it is the last one and either ends in zeros
    /// that are none of its own or was not durable yet. A tail that continues the block before is
    /// emptied only once this block is durable.
    ///
    /// * `is_lost` - whether bytes that never reached the device explain what is wrong;
    /// * `zeros` - bytes of the block, and of those before the zeros, where it was cut to zeros.
    pub(super) fn damaged_or_torn(
        &mut self,
        what: Damage,
        is_lost: bool,
        zeros: Option<(usize, usize)>,
    ) -> LogError {
        let is_unsynced = is_lost && self.beginning == Beginning::Continues(self.chain.seal);
        if zeros.is_none() && !is_unsynced {
            return self.damaged(what);
        }
        let place = self.place();
        match (Slot::new().read(&mut self.source), zeros) {
            (Ok(0), Some((need, kept))) => {
                LogError::TornToZeros { place, need: need as u64, have: kept as u64 }
            }
            (Ok(0), None) => LogError::TornUnsynced { place, what },
            (Ok(_), _) => self.damaged(what),
            (Err(source), _) => LogError::Io { subject: Subject::Log, source },
        }
    }
}
