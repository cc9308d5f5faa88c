//! Sealed blocks: what a header holds and how one follows from another. FORMAT.md §4 and §6.

use kernel::{Step, TimeNs};

use crate::chain::{Digest, Range, Role, digest, head};
use crate::error::Damage;
use crate::slot::Slot;

mod cursor;
mod stored;

pub use cursor::Cursor;

/// Bytes of a block with its header and padding. Every block but a final one takes exactly this.
pub const BLOCK_BYTES: usize = 1 << 16;
/// Bytes of a block's header.
pub const BLOCK_HEADER_BYTES: usize = 212;
/// Most bytes of entries in a block.
pub const PAYLOAD_BYTES_MAX: usize = BLOCK_BYTES - BLOCK_HEADER_BYTES;
/// Most entries of a log: no sum of numbers overflows.
pub const ENTRIES_MAX: u64 = 1 << 62;
/// First bytes of a block.
pub const BLOCK_MAGIC: [u8; 4] = *b"RBLK";

/// Set in the block that holds `End`.
pub const FLAG_FINAL: u32 = 1;
/// Set in a block with a state digest.
pub const FLAG_STATE: u32 = 2;

/// What a block says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlockHeader {
    /// [`FLAG_FINAL`] and [`FLAG_STATE`].
    pub flags: u32,
    /// Number of the block, from 1.
    pub number: u64,
    /// Number of its first entry.
    pub first: u64,
    /// How many entries.
    pub count: u32,
    /// Bytes of its entries.
    pub payload_bytes: u32,
    /// Logical time after the block.
    pub time: TimeNs,
    /// Logical step after the block.
    pub step: Step,
    /// Chained digest of the entries.
    pub head: Digest,
    /// Chained digest of the events.
    pub outcome: Digest,
    /// Digest of the state after the block; zeros where none is due.
    pub state: Digest,
    /// Root of the tree over the heads of all earlier blocks.
    pub root: Digest,
    /// Chained digest of everything.
    pub seal: Digest,
}

impl BlockHeader {
    /// Whether the block holds `End`.
    pub const fn is_final(&self) -> bool {
        self.flags & FLAG_FINAL != 0
    }

    /// Whether the block has a state digest.
    pub const fn has_state(&self) -> bool {
        self.flags & FLAG_STATE != 0
    }

    /// Number of its last entry.
    pub fn last(&self) -> u64 {
        self.first.saturating_add(u64::from(self.count)).saturating_sub(1)
    }

    /// The header's bytes.
    pub fn encode(&self) -> [u8; BLOCK_HEADER_BYTES] {
        let mut bytes = [0; BLOCK_HEADER_BYTES];
        let mut rest = &mut bytes[..];
        let mut put = |field: &[u8]| {
            let (slot, after) = core::mem::take(&mut rest).split_at_mut(field.len());
            slot.copy_from_slice(field);
            rest = after;
        };
        put(&BLOCK_MAGIC);
        for field in self.plain_fields() {
            put(field.bytes());
        }
        for digest in [self.head, self.outcome, self.state, self.root, self.seal] {
            put(&digest.0);
        }
        let checked = BLOCK_HEADER_BYTES - 4;
        let checksum = crc32c::crc32c(bytes.split_at(checked).0);
        bytes[checked..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    }

    /// Reads a header's bytes.
    ///
    /// # Errors
    /// [`Damage::Checksum`] or [`Damage::Field`].
    pub fn decode(bytes: &[u8; BLOCK_HEADER_BYTES]) -> Result<Self, Damage> {
        let (checked, checksum) = bytes.split_at(BLOCK_HEADER_BYTES - 4);
        if crc32c::crc32c(checked).to_le_bytes() != checksum {
            return Err(Damage::Checksum);
        }
        Self::decode_unchecked(bytes).ok_or(Damage::Field)
    }

    /// The fields of a header whose checksum nobody looked at; `None` for values that the format
    /// does not allow.
    pub(crate) fn decode_unchecked(bytes: &[u8; BLOCK_HEADER_BYTES]) -> Option<Self> {
        let mut fields = Fields(bytes);
        if fields.take() != BLOCK_MAGIC {
            return None;
        }
        let header = Self {
            flags: u32::from_le_bytes(fields.take()),
            number: u64::from_le_bytes(fields.take()),
            first: u64::from_le_bytes(fields.take()),
            count: u32::from_le_bytes(fields.take()),
            payload_bytes: u32::from_le_bytes(fields.take()),
            time: TimeNs(u64::from_le_bytes(fields.take())),
            step: Step(u64::from_le_bytes(fields.take())),
            head: Digest(fields.take()),
            outcome: Digest(fields.take()),
            state: Digest(fields.take()),
            root: Digest(fields.take()),
            seal: Digest(fields.take()),
        };
        header.is_allowed().then_some(header)
    }

    /// Whether the format allows these values in one header.
    pub(crate) fn is_allowed(&self) -> bool {
        self.flags & !(FLAG_FINAL | FLAG_STATE) == 0
            && 0 < self.count
            && self.first <= ENTRIES_MAX - u64::from(self.count)
            && self.count <= self.payload_bytes
            && self.payload_bytes as usize <= PAYLOAD_BYTES_MAX
            && (self.has_state() || self.state == Digest::ZERO)
    }

    /// The fields that are not digests, in the order of the format.
    fn plain_fields(&self) -> [Field; 7] {
        [
            Field::U32(self.flags.to_le_bytes()),
            Field::U64(self.number.to_le_bytes()),
            Field::U64(self.first.to_le_bytes()),
            Field::U32(self.count.to_le_bytes()),
            Field::U32(self.payload_bytes.to_le_bytes()),
            Field::U64(self.time.0.to_le_bytes()),
            Field::U64(self.step.0.to_le_bytes()),
        ]
    }

    /// The seal that follows from everything else.
    pub(crate) fn compute_seal(&self, previous: Digest) -> Digest {
        let fields = self.plain_fields();
        let mut parts = vec![&previous.0[..], &self.head.0, &self.outcome.0, &self.state.0];
        parts.extend(fields.iter().map(Field::bytes));
        parts.push(&self.root.0);
        digest(Role::Seal, &parts)
    }
}

enum Field {
    U32([u8; 4]),
    U64([u8; 8]),
}

impl Field {
    const fn bytes(&self) -> &[u8] {
        match self {
            Self::U32(bytes) => bytes,
            Self::U64(bytes) => bytes,
        }
    }
}

/// Takes fixed-size fields off the front of a slice that is known to hold them all.
pub(crate) struct Fields<'a>(pub(crate) &'a [u8]);

impl Fields<'_> {
    pub(crate) fn take<const N: usize>(&mut self) -> [u8; N] {
        let Some((field, rest)) = self.0.split_first_chunk() else {
            unreachable!("fields fill the bytes")
        };
        self.0 = rest;
        *field
    }
}

/// Entries of a block, sealed or open, not decoded yet.
#[derive(Clone, Debug)]
pub struct Block {
    /// `None` for the open block.
    pub header: Option<BlockHeader>,
    /// Number of the block, from 1.
    pub number: u64,
    /// Number of its first entry.
    pub first: u64,
    /// How many entries.
    pub count: u32,
    /// Its bytes.
    pub(crate) slot: Slot,
    /// Offset of the block in the log; for the open block, where it will stand.
    pub offset: u64,
}

impl Block {
    /// Bytes of the entries.
    pub fn payload(&self) -> &[u8] {
        self.slot.payload()
    }
}

/// Entries after which a state digest is due at the next block border, at the least.
pub const STATE_EVERY_MIN: u64 = 1 << 16;

/// Whether a state digest is due at a block border that is not the end.
///
/// * `since` - entries since the last state digest, or since the start;
/// * `live` - orders that rest, or wait for their stop, after the block.
pub fn is_state_due(since: u64, live: u32) -> bool {
    STATE_EVERY_MIN.max(4 * u64::from(live)) <= since
}

/// Everything that the next block follows from.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Seal of the last block; of the header before the first.
    pub seal: Digest,
    /// Head of the last block; zeros before the first.
    pub head: Digest,
    /// Outcome of the last block; zeros before the first.
    pub outcome: Digest,
    /// Blocks so far.
    pub blocks: u64,
    /// Entries so far.
    pub entries: u64,
    /// Entries since the last state digest.
    pub since_state: u64,
    /// The tree over all heads; `None` where blocks were passed over. What is recorded of it is then
    /// believed as far as the seal vouches for it.
    heads: Option<Range>,
}

/// What a block adds to the chain, apart from its entries.
#[derive(Clone, Copy, Debug)]
pub struct Closing {
    /// Whether the last entry is `End`.
    pub is_final: bool,
    /// How many entries.
    pub count: u32,
    /// Logical time after the block.
    pub time: TimeNs,
    /// Logical step after the block.
    pub step: Step,
    /// Outcome after the block.
    pub outcome: Digest,
    /// State digest, where one is due.
    pub state: Option<Digest>,
}

impl Chain {
    /// The chain of a log that has only a header.
    pub fn new(header_seal: Digest) -> Self {
        Self {
            seal: header_seal,
            head: Digest::ZERO,
            outcome: Digest::ZERO,
            blocks: 0,
            entries: 0,
            since_state: 0,
            heads: Some(Range::default()),
        }
    }

    /// The chain behind a block, without what came before it: the tree over heads is then unknown.
    /// Entries since a state digest are counted from this block on: right where it has one.
    pub fn behind(header: &BlockHeader) -> Self {
        Self {
            seal: header.seal,
            head: header.head,
            outcome: header.outcome,
            blocks: header.number,
            entries: header.last(),
            since_state: 0,
            heads: None,
        }
    }

    /// The header of a block that comes next. Where `slot` keeps its header, it is overwritten.
    ///
    /// # Panics
    /// When blocks were passed over: nothing is written behind what was not read.
    pub fn close(&self, closing: &Closing, slot: &mut Slot) -> BlockHeader {
        let Some(heads) = &self.heads else { unreachable!("a writer has seen every block") };
        self.header(closing, heads.root(), slot)
    }

    fn header(&self, closing: &Closing, root: Digest, slot: &mut Slot) -> BlockHeader {
        let final_flag = if closing.is_final { FLAG_FINAL } else { 0 };
        let state_flag = if closing.state.is_some() { FLAG_STATE } else { 0 };
        let first = self.entries.saturating_add(1);
        let mut header = BlockHeader {
            flags: final_flag | state_flag,
            number: self.blocks.saturating_add(1),
            first,
            count: closing.count,
            payload_bytes: u32::try_from(slot.len()).unwrap_or(u32::MAX),
            time: closing.time,
            step: closing.step,
            head: slot.head(self.head, first, closing.count),
            outcome: closing.outcome,
            state: closing.state.unwrap_or(Digest::ZERO),
            root,
            seal: Digest::ZERO,
        };
        header.seal = header.compute_seal(self.seal);
        header
    }

    /// Goes on behind a block that [`Chain::close`] made or [`Chain::check`] accepted.
    pub fn advance(&mut self, header: &BlockHeader) {
        self.seal = header.seal;
        self.head = header.head;
        self.outcome = header.outcome;
        self.blocks = header.number;
        self.entries = header.last();
        self.since_state = if header.has_state() {
            0
        } else {
            self.since_state.saturating_add(u64::from(header.count))
        };
        if let Some(heads) = &mut self.heads {
            heads.push(header.head);
        }
    }

    /// Checks that a stored block follows: its header must be the one that its content gives. Where
    /// `slot` keeps its header, it is overwritten.
    ///
    /// # Errors
    /// [`Damage::Sequence`], [`Damage::Head`], [`Damage::Root`] or [`Damage::Seal`].
    pub fn check(&self, stored: &BlockHeader, slot: &mut Slot) -> Result<(), Damage> {
        let closing = Closing {
            is_final: stored.is_final(),
            count: stored.count,
            time: stored.time,
            step: stored.step,
            outcome: stored.outcome,
            state: stored.has_state().then_some(stored.state),
        };
        let root = self.heads.as_ref().map_or(stored.root, Range::root);
        let expected = self.header(&closing, root, slot);
        if (stored.number, stored.first) != (expected.number, expected.first) {
            Err(Damage::Sequence)
        } else if stored.head != expected.head {
            Err(Damage::Head)
        } else if stored.root != expected.root {
            Err(Damage::Root)
        } else if stored.seal != expected.seal {
            Err(Damage::Seal)
        } else {
            Ok(())
        }
    }

    /// The head as it would be if a block ended after these entries.
    pub fn prefix_head(&self, count: u32, payload: &[u8]) -> Digest {
        if count == 0 {
            return self.head;
        }
        head(self.head, self.entries.saturating_add(1), count, payload)
    }
}
