//! What is wrong with a log: all that its bytes tell, not only the first thing.
//!
//! A reader stops where a log goes wrong, because nothing behind that place can be believed. Here
//! nothing is believed, only described: blocks stand at offsets that are arithmetic, so each can be
//! looked at by itself and compared with the one before it.

mod blocks;
mod tail;

use std::io;

use crate::block::Chain;
use crate::chain::Digest;
use crate::error::{LogError, Subject};
use crate::header::{self, Header};
use crate::source::{Source, Stream};

pub use blocks::{Link, Run, Verdict};
pub use tail::TailState;

/// Ranges of blocks that are told apart; what comes behind them is counted only.
pub const RUNS_MAX: usize = 100;

/// What a log looks like.
#[derive(Debug)]
pub struct Diagnosis {
    /// Bytes of `LOG`.
    pub bytes: u64,
    /// Its header, or why that cannot be read.
    pub header: Result<Header, LogError>,
    /// Offset of the first block; `None` where it is unknown.
    pub start: Option<u64>,
    /// Blocks from the first on, in ranges of one verdict each.
    pub runs: Vec<Run>,
    /// Blocks behind the last of these ranges, when there are more of them than [`RUNS_MAX`].
    pub blocks_left_out: u64,
    /// Blocks that are wrong, torn or lead nowhere.
    pub bad_blocks: u64,
    /// Blocks that follow from the header on, without a gap.
    pub good_blocks: u64,
    /// Entries in them.
    pub good_entries: u64,
    /// Head over these entries.
    pub good_head: Digest,
    /// Seal behind them.
    pub good_seal: Digest,
    /// Whether the last block is a final one: the producer finished.
    pub is_ended: bool,
    /// Bytes behind the final block.
    pub bytes_after_end: u64,
    /// What `LOG.tail` is.
    pub tail: TailState,
}

impl Diagnosis {
    /// Whether every reader takes the log.
    pub fn is_healthy(&self) -> bool {
        self.header.is_ok()
            && self.bad_blocks == 0
            && self.bytes_after_end == 0
            && self.tail.is_healthy()
    }

    /// Entries up to which the log is good, those of the tail included where nothing is wrong
    /// before it.
    pub fn entries(&self) -> u64 {
        match self.tail {
            TailState::Open { first, last }
            | TailState::Torn { first, last, .. }
            | TailState::Damaged { first, last, .. }
                if first == self.good_entries + 1 =>
            {
                last
            }
            TailState::Empty
            | TailState::Stale
            | TailState::Left
            | TailState::Foreign
            | TailState::TooLong
            | TailState::Unknown
            | TailState::Open { .. }
            | TailState::Torn { .. }
            | TailState::Damaged { .. } => self.good_entries,
        }
    }

    /// Whether the log ends early and what is there is good, so that recovery keeps all of it.
    pub fn is_merely_torn(&self) -> bool {
        let mut bad = self.runs.iter().filter(|run| !run.verdict.is_good());
        let is_torn = match (bad.next(), bad.next()) {
            (None, _) => matches!(self.tail, TailState::Torn { .. }),
            (Some(only), None) => only.verdict.is_torn(),
            (Some(_), Some(_)) => false,
        };
        // The tail of a torn block may continue that block; then recovery puts it aside.
        let is_tail_fine = self.tail.is_healthy()
            || matches!(self.tail, TailState::Torn { .. } | TailState::Foreign);
        is_torn && is_tail_fine && self.header.is_ok() && self.bytes_after_end == 0
    }
}

/// Looks at every byte of a log. Memory does not depend on its length.
///
/// * `tail` - the content of `LOG.tail`, empty where there is none;
/// * `watch` - is told the offset of each block that is looked at.
///
/// Cost: one pass; every block is hashed.
///
/// # Errors
/// [`LogError::Io`] when the header or the size cannot be read. A block that cannot be read is a
/// finding.
pub fn diagnose(
    source: &impl Source,
    tail: &[u8],
    watch: impl FnMut(u64),
) -> Result<Diagnosis, LogError> {
    let io = LogError::io(Subject::Log);
    let bytes = source.size().map_err(&io)?;
    let header = match header::read(&mut Stream::new(source, 0)) {
        Err(LogError::Io { subject, source }) => return Err(LogError::Io { subject, source }),
        header => header,
    };
    let (start, seal) = match &header {
        Ok(header) => (Some(header.bytes), Some(header.seal)),
        Err(error) => find_start(source, error).map_err(&io)?,
    };
    let mut walk = blocks::Walk::new(seal.map(Chain::new), header.is_ok());
    if let Some(start) = start {
        walk.run(source, start, bytes, tail, watch);
    }
    let tail = walk.tail(tail, start);
    Ok(Diagnosis {
        bytes,
        start,
        runs: walk.runs,
        blocks_left_out: walk.left_out,
        bad_blocks: walk.bad,
        good_blocks: walk.good.blocks,
        good_entries: walk.good.entries,
        good_head: walk.good.head,
        good_seal: walk.good.seal,
        is_ended: walk.after_end.is_some(),
        bytes_after_end: walk.after_end.unwrap_or(0),
        tail,
        header,
    })
}

/// Where blocks begin behind a header that cannot be read, and the seal that it claims to have.
fn find_start(source: &impl Source, error: &LogError) -> io::Result<(Option<u64>, Option<Digest>)> {
    match error {
        LogError::UnsupportedKernel { .. } | LogError::Genesis(_) | LogError::HeaderDigest => {}
        LogError::NotALog
        | LogError::UnsupportedFormat { .. }
        | LogError::HeaderCut { .. }
        | LogError::Torn { .. }
        | LogError::TornToZeros { .. }
        | LogError::TornUnsynced { .. }
        | LogError::TornFrame { .. }
        | LogError::Damaged { .. }
        | LogError::Limit { .. }
        | LogError::Io { .. }
        | LogError::UnwritableGenesis(_)
        | LogError::Unwritable(_)
        | LogError::Fits { .. }
        | LogError::Closed
        | LogError::Ended => return Ok((None, None)),
    }
    let mut prefix = [0; header::PREFIX_BYTES];
    if source.read_all_at(0, &mut prefix)? < prefix.len() {
        return Ok((None, None));
    }
    let Some((_, len)) = prefix.split_last_chunk::<4>() else { return Ok((None, None)) };
    let signed = header::PREFIX_BYTES as u64 + u64::from(u32::from_le_bytes(*len));
    let start = signed + header::DIGEST_BYTES as u64;
    // A damaged length would lead anywhere: a block has to stand there.
    let mut bytes = [0; header::DIGEST_BYTES + 4];
    let have = source.read_all_at(signed, &mut bytes)?;
    let (seal, magic) = bytes.split_at(header::DIGEST_BYTES);
    if have < bytes.len() || magic != crate::block::BLOCK_MAGIC {
        return Ok((None, None));
    }
    let mut digest = Digest::ZERO;
    digest.0.copy_from_slice(seal);
    Ok((Some(start), Some(digest)))
}
