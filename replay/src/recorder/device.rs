//! What a recorder does to its media: blocks, frames, syncs, and the first failure, which is final.

use crate::block::{BlockHeader, Closing, is_state_due};
use crate::error::{LogError, Subject};
use crate::medium::Medium;
use crate::recorder::{Recorder, SyncPolicy};
use crate::state::{live_orders, state_digest};
use crate::tail;

impl<M: Medium> Recorder<M> {
    /// Writes the open block to the log as a sealed one.
    pub(super) fn seal(&mut self, is_final: bool) -> Result<BlockHeader, LogError> {
        let since = self.chain.since_state + u64::from(self.count);
        let is_due = is_final || is_state_due(since, live_orders(&self.engine));
        let closing = Closing {
            is_final,
            count: self.count,
            time: self.engine.time(),
            step: self.engine.step(),
            outcome: self.outcome.digest(),
            state: is_due.then(|| state_digest(&self.engine)),
        };
        let header = self.chain.close(&closing, &mut self.slot);
        self.is_log_dirty = true;
        self.log.append(self.slot.sealed(&header)).map_err(LogError::io(Subject::Log))?;
        // A tail that was begun holds acknowledged entries: it may go only once they are durable here.
        if self.policy != SyncPolicy::None || self.tail_begun {
            self.sync_log()?;
            self.acknowledged = header.last();
        }
        self.chain.advance(&header);
        self.outcome.restart(header.outcome);
        self.slot.clear();
        (self.count, self.framed_count, self.framed_bytes) = (0, 0, 0);
        if !is_final {
            self.clear_tail()?;
        }
        Ok(header)
    }

    /// Writes what the tail does not have of the open block, as one frame.
    pub(super) fn write_frame(&mut self) -> Result<(), LogError> {
        if self.framed_count == self.count {
            return Ok(());
        }
        let mut bytes = Vec::new();
        if !self.tail_begun {
            bytes.extend_from_slice(&tail::encode_header(self.chain.seal));
        }
        let first = self.chain.entries + u64::from(self.framed_count) + 1;
        let fresh = self.slot.payload().get(self.framed_bytes..).unwrap_or_default();
        tail::append_frame(first, self.count - self.framed_count, fresh, &mut bytes);
        self.tail.append(&bytes).map_err(LogError::io(Subject::Tail))?;
        self.tail_begun = true;
        (self.framed_count, self.framed_bytes) = (self.count, self.slot.len());
        Ok(())
    }

    pub(super) fn clear_tail(&mut self) -> Result<(), LogError> {
        if self.tail_begun {
            self.tail.clear().map_err(LogError::io(Subject::Tail))?;
            self.tail_begun = false;
        }
        Ok(())
    }

    pub(super) fn sync_log(&mut self) -> Result<(), LogError> {
        if self.is_log_dirty {
            self.log.sync().map_err(LogError::io(Subject::Log))?;
            self.is_log_dirty = false;
        }
        Ok(())
    }

    pub(super) fn sync_tail(&mut self) -> Result<(), LogError> {
        self.tail.sync().map_err(LogError::io(Subject::Tail))
    }

    /// Runs what touches the device, unless it failed before; a failure is final.
    pub(super) fn guard<T>(
        &mut self,
        touch: impl FnOnce(&mut Self) -> Result<T, LogError>,
    ) -> Result<T, LogError> {
        if self.has_failed {
            return Err(LogError::Closed);
        }
        let result = touch(self);
        self.has_failed = result.is_err();
        result
    }
}
