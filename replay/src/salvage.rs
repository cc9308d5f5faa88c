//! What of a torn log can be kept: the prefix that every later reader accepts.

use std::io::Read;

use crate::block::BlockHeader;
use crate::chain::Digest;
use crate::error::{Damage, LogError, Subject};
use crate::reader::Reader;
use crate::tail;

/// The good part of a log, and how it ends.
#[derive(Debug)]
pub struct Salvage {
    /// Bytes of the log that are good: its header and whole blocks.
    pub log_bytes: u64,
    /// Entries in those blocks.
    pub sealed_entries: u64,
    /// A tail that holds the good entries of the open block; empty when there are none.
    pub tail: Vec<u8>,
    /// Entries in the tail.
    pub open_entries: u64,
    /// Whether the old tail held more than that, or something else.
    pub is_tail_cut: bool,
    /// Head over all good entries.
    pub head: Digest,
    /// What the log ends with: `None` when it was whole.
    pub torn: Option<LogError>,
    /// The last entry of the torn block, where its header is there to say so: those behind the ones
    /// that are kept are lost.
    pub last_claimed: Option<u64>,
}

/// Reads a log to the last byte that is good. Only what is torn off at the end is given up:
/// damage before good bytes is refused.
///
/// # Errors
/// Those of [`Reader::next_block`] that are not [`LogError::is_torn`].
pub fn salvage<R: Read>(mut reader: Reader<R>) -> Result<Salvage, LogError> {
    let torn = loop {
        match reader.next_block() {
            Ok(Some(_)) => {}
            Ok(None) => break None,
            Err(error) if error.is_torn() => break Some(error),
            Err(error) => return Err(error),
        }
    };
    // A log that is torn inside a sealed block never got as far as its tail. That tail may continue
    // what was torn off; then there is nothing that it could be appended to.
    let mut is_tail_cut = matches!(torn, Some(LogError::TornFrame { .. }));
    if torn.as_ref().and_then(LogError::place).is_some_and(|place| place.subject == Subject::Log) {
        is_tail_cut = match reader.read_tail_behind_torn_block() {
            Ok(()) => false,
            Err(
                LogError::TornFrame { .. } | LogError::Damaged { what: Damage::ForeignTail, .. },
            ) => true,
            Err(error) => return Err(error),
        };
    }
    let chain = reader.chain();
    let is_next = |header: &&BlockHeader| {
        (header.number, header.first) == (chain.blocks + 1, chain.entries + 1)
    };
    let last_claimed = reader.claimed().filter(is_next).map(BlockHeader::last);
    let mut tail = Vec::new();
    if let Some(open) = reader.open_block() {
        tail.extend_from_slice(&tail::encode_header(chain.seal));
        tail::append_frame(open.first, open.count, open.payload(), &mut tail);
    }
    Ok(Salvage {
        log_bytes: reader.offset(),
        sealed_entries: chain.entries,
        open_entries: reader.entries() - chain.entries,
        head: reader.head(),
        tail,
        is_tail_cut,
        torn,
        last_claimed,
    })
}
