//! The first entries of a log as a log of their own.

use std::io::Read;

use crate::block::{Block, Chain, Cursor};
use crate::chain::Digest;
use crate::entry::Entry;
use crate::error::{LogError, Place, Subject};
use crate::reader::Reader;
use crate::tail;

/// How to make a log of the first entries of another one: bytes of `LOG`, then a tail.
#[derive(Debug)]
pub struct Cut {
    /// First bytes of the log that the new one begins with: its header and whole blocks.
    pub log_bytes: u64,
    /// Entries in those blocks.
    pub sealed_entries: u64,
    /// The tail that holds the entries behind them; empty when there are none.
    pub tail: Vec<u8>,
    /// Entries of the new log.
    pub entries: u64,
    /// Its head: the prefix head of the old log there.
    pub head: Digest,
    /// Whether the new log has its end: it is the whole of an ended log.
    pub is_ended: bool,
    /// What the old log goes wrong with before its end, when that was met.
    pub wrong: Option<LogError>,
}

/// Finds the first `to` entries of a log, or all that are good, when it has fewer or goes wrong
/// before. Everything up to there is checked as every reader does; entries are decoded in the last
/// block only.
///
/// A tail counts behind a damaged or torn block too, when it continues the block before: it may hold
/// the first entries of that block.
///
/// # Errors
/// [`LogError::Io`]; [`LogError::Damaged`] when entries cannot be read in the very block that is cut.
pub fn cut<R: Read>(mut reader: Reader<R>, to: u64) -> Result<Cut, LogError> {
    let mut wrong = None;
    loop {
        let before = reader.chain().clone();
        let log_bytes = reader.offset();
        if to <= before.entries {
            // At a border, or before the first entry.
            return Ok(Cut::at_border(&reader, &before, log_bytes));
        }
        match reader.next_block() {
            Ok(Some(block)) if to < block.first + u64::from(block.count) - 1 => {
                return within(&before, block, to, log_bytes);
            }
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(LogError::Io { subject, source }) => return Err(LogError::Io { subject, source }),
            Err(error) => {
                wrong = Some(error);
                break;
            }
        }
    }
    if wrong.is_some() {
        // What is wrong with the tail was told, or is of no interest behind a block that is wrong:
        // its good frames are good.
        let _ = reader.read_tail_behind_torn_block();
    }
    let chain = reader.chain().clone();
    let mut cut = match reader.open_block() {
        Some(open) => within(&chain, open, to.min(reader.entries()), reader.offset())?,
        None => Cut::at_border(&reader, &chain, reader.offset()),
    };
    cut.wrong = wrong;
    Ok(cut)
}

impl Cut {
    fn at_border<R: Read>(reader: &Reader<R>, chain: &Chain, log_bytes: u64) -> Self {
        Self {
            log_bytes,
            sealed_entries: chain.entries,
            tail: Vec::new(),
            entries: chain.entries,
            head: chain.head,
            is_ended: reader.is_ended(),
            wrong: None,
        }
    }
}

/// Cuts behind an entry of a block, which then is an open one.
fn within(before: &Chain, block: &Block, to: u64, log_bytes: u64) -> Result<Cut, LogError> {
    let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
    while block.first + u64::from(cursor.read()) <= to {
        match cursor.next(block, &mut entry) {
            Ok(true) => {}
            Ok(false) => break,
            Err(what) => {
                let subject = if block.header.is_some() { Subject::Log } else { Subject::Tail };
                let good = block.first + u64::from(cursor.read()) - 1;
                let place = Place { subject, offset: block.offset, block: block.number, good };
                return Err(LogError::Damaged { place, what });
            }
        }
    }
    let (count, payload) = (cursor.read(), cursor.passed(block));
    let mut tail = tail::encode_header(before.seal).to_vec();
    tail::append_frame(block.first, count, payload, &mut tail);
    Ok(Cut {
        log_bytes,
        sealed_entries: before.entries,
        tail,
        entries: before.entries + u64::from(count),
        head: before.prefix_head(count, payload),
        is_ended: false,
        wrong: None,
    })
}
