//! What `LOG.tail` is, for a log that may be damaged.

use crate::block::Chain;
use crate::codec::decode_entry;
use crate::doctor::blocks::Walk;
use crate::error::Damage;
use crate::reader::check_frame;
use crate::tail::{
    Beginning, TAIL_BYTES_MAX, TAIL_HEADER_BYTES, beginning, frame_at, is_followed_by_good,
};

/// What a tail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TailState {
    /// Absent or without a byte.
    Empty,
    /// Left from before a block was sealed that holds all that it holds.
    Stale,
    /// Behind a log that has its end: it says nothing that the log does not say.
    Left,
    /// It holds the open block.
    Open {
        /// First entry in it.
        first: u64,
        /// Last entry in it; one less than `first` when there is none.
        last: u64,
    },
    /// It ends in bytes that are no frame. Those before are good.
    Torn {
        /// First entry in it.
        first: u64,
        /// Last good entry.
        last: u64,
        /// Offset of the bytes that are no frame.
        offset: u64,
    },
    /// Bytes in its middle are wrong.
    Damaged {
        /// First entry in it.
        first: u64,
        /// Last good entry.
        last: u64,
        /// Offset of the frame that is wrong.
        offset: u64,
        /// What is wrong with it.
        what: Damage,
    },
    /// It continues another log, or a place that this log never was at.
    Foreign,
    /// More bytes than a tail can have.
    TooLong,
    /// The last block cannot be read, so nobody knows what it continues.
    Unknown,
}

impl TailState {
    /// Whether a reader takes it.
    pub const fn is_healthy(&self) -> bool {
        matches!(self, Self::Empty | Self::Stale | Self::Left | Self::Open { .. })
    }
}

impl Walk {
    /// What a tail is behind the blocks that were looked at.
    pub(super) fn tail(&self, tail: &[u8], start: Option<u64>) -> TailState {
        if TAIL_BYTES_MAX < tail.len() as u64 {
            return TailState::TooLong;
        }
        // The tail may hold entries of a block that is torn or wrong.
        let good = (&self.good, self.good_room);
        let last = self.chain.as_ref().map(|chain| (chain, self.room));
        let beginning = beginning(tail);
        match beginning {
            Beginning::Empty => TailState::Empty,
            Beginning::Bad if self.after_end.is_some() => TailState::Left,
            Beginning::Continues(_) if self.is_tail_stale => TailState::Stale,
            Beginning::Continues(_) if self.after_end.is_some() || start.is_none() => {
                TailState::Foreign
            }
            Beginning::Continues(seal) => match (good, last) {
                ((chain, room), _) if seal == chain.seal => frames(tail, chain, room),
                (_, Some((chain, room))) if seal == chain.seal => frames(tail, chain, room),
                (_, Some(_)) => TailState::Foreign,
                (_, None) => TailState::Unknown,
            },
            Beginning::Bad => {
                let Some((Chain { entries, .. }, _)) = last else { return TailState::Unknown };
                let (first, last) = (entries + 1, *entries);
                if is_followed_by_good(tail, 0, first) {
                    return TailState::Damaged { first, last, offset: 0, what: Damage::Frame };
                }
                TailState::Torn { first, last, offset: 0 }
            }
        }
    }
}

/// Reads the frames as a reader does.
fn frames(tail: &[u8], chain: &Chain, room: Option<usize>) -> TailState {
    let first = chain.entries + 1;
    let (mut last, mut bytes, mut at) = (chain.entries, 0, TAIL_HEADER_BYTES);
    while at < tail.len() {
        let offset = at as u64;
        let Some(frame) = frame_at(tail, at) else {
            if is_followed_by_good(tail, at, last + 1) {
                return TailState::Damaged { first, last, offset, what: Damage::Frame };
            }
            return TailState::Torn { first, last, offset };
        };
        let mut found = if frame.first == last.saturating_add(1) {
            check_frame(frame, bytes)
        } else {
            Err(Damage::Sequence)
        };
        if found.is_ok() && bytes == 0 {
            found = check_border(frame.payload, room.unwrap_or(0));
        }
        if let Err(what) = found {
            return TailState::Damaged { first, last, offset, what };
        }
        last = last.saturating_add(frame.count.into());
        bytes += frame.payload.len();
        at += frame.bytes();
    }
    TailState::Open { first, last }
}

/// The first entry of the open block did not fit into the block before.
fn check_border(payload: &[u8], room: usize) -> Result<(), Damage> {
    match decode_entry(payload) {
        Ok((_, len)) if len <= room => Err(Damage::Border),
        Ok(_) => Ok(()),
        Err(error) => Err(Damage::Entry(error)),
    }
}
