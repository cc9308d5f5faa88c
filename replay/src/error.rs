//! What can be wrong with a log, and where.

use std::fmt;
use std::io;

use crate::chain::Digest;
use crate::codec::CodecError;
use crate::header::FORMAT_VERSION;

/// Which file of a log an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The log itself: header and sealed blocks.
    Log,
    /// `LOG.tail`: the open block.
    Tail,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Log => "log",
            Self::Tail => "tail",
        })
    }
}

/// A place in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which file.
    pub subject: Subject,
    /// Byte offset in it.
    pub offset: u64,
    /// Number of the block there, from 1.
    pub block: u64,
    /// Number of the last entry that is known to be good.
    pub good: u64,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { subject, offset, block, good } = self;
        write!(f, "{subject} offset {offset}, block {block}; last good entry {good}")
    }
}

/// What is wrong with bytes that are all there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// The checksum of a block header does not fit.
    #[error("the block header's checksum does not fit")]
    Checksum,
    /// Flags, count or lengths that the format does not allow.
    #[error("the block header holds a value that the format does not allow")]
    Field,
    /// The block's number or first entry does not follow from the block before.
    #[error("the block does not follow the one before")]
    Sequence,
    /// The entries are not those that the head was computed from.
    #[error("the block's head does not fit its entries")]
    Head,
    /// The tree over earlier heads differs.
    #[error("the block's root does not fit the earlier heads")]
    Root,
    /// The seal does not fit everything else.
    #[error("the block's seal does not fit its content")]
    Seal,
    /// Padding that is not zero.
    #[error("the padding after the block is not zero")]
    Padding,
    /// The block before had room for this block's first entry.
    #[error("the block begins too early: its first entry fits into the block before")]
    Border,
    /// Bytes that are no entry.
    #[error("an entry cannot be read: {0}")]
    Entry(CodecError),
    /// Entries and their count differ.
    #[error("the block's entries and their count differ")]
    Count,
    /// `End` before the end, or a final block without it.
    #[error("the end entry and the final block do not agree")]
    End,
    /// Bytes after the final block.
    #[error("bytes follow the final block")]
    AfterEnd,
    /// A tail that continues another log or another place of this one.
    #[error("the tail does not continue this log")]
    ForeignTail,
    /// A log that grows has become shorter.
    #[error("the log is shorter than it was")]
    Shrunk,
    /// A log that grows has other bytes than those that were read.
    #[error("what was read before is not there any more")]
    Changed,
    /// A frame that cannot be read although a good one follows.
    #[error("a frame is bad although a good one follows")]
    Frame,
}

/// Why a log cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// The first bytes are not those of a log.
    #[error("not a replay log: the first bytes are not its magic")]
    NotALog,
    /// A log of another format version.
    #[error(
        "log format version {found} is not supported; this build reads version {FORMAT_VERSION}"
    )]
    UnsupportedFormat {
        /// The log's version.
        found: u16,
    },
    /// A log of other matching rules.
    #[error(
        "the log needs kernel semantics version {found}; this build has version {}",
        kernel::SEMANTICS_VERSION
    )]
    UnsupportedKernel {
        /// The log's version.
        found: u16,
    },
    /// The file ends inside its header.
    #[error("the log is cut inside its header: {have} bytes of at least {need}")]
    HeaderCut {
        /// Bytes there.
        have: u64,
        /// Bytes needed at the least.
        need: u64,
    },
    /// The header's digest does not fit.
    #[error("the log's header is damaged: its digest does not fit")]
    HeaderDigest,
    /// The header's genesis cannot be read.
    #[error("the log's genesis cannot be read: {0}")]
    Genesis(CodecError),
    /// The bytes end inside a block or frame.
    #[error("torn: {need} bytes needed, {have} there ({place})")]
    Torn {
        /// Where the torn part begins.
        place: Place,
        /// Bytes that belong there.
        need: u64,
        /// Bytes there.
        have: u64,
    },
    /// The last block ends in zeros that are none of its own: the device kept its length and not
    /// its content.
    #[error("torn: the block's last bytes are zeros, {have} of {need} are left ({place})")]
    TornToZeros {
        /// Where the torn block begins.
        place: Place,
        /// Bytes of the block.
        need: u64,
        /// Bytes before the zeros.
        have: u64,
    },
    /// The last block is not what was written, and the tail still holds the acknowledged entries of
    /// it: so it never became durable.
    #[error("torn: the last block was not durable yet: {what} ({place})")]
    TornUnsynced {
        /// Where the torn block begins.
        place: Place,
        /// What is wrong with it.
        what: Damage,
    },
    /// The tail ends in a frame that cannot be read.
    #[error("torn: the last frame cannot be read ({place})")]
    TornFrame {
        /// Where the frame begins.
        place: Place,
    },
    /// Bytes that are there and wrong.
    #[error("damaged: {what} ({place})")]
    Damaged {
        /// Where the damaged part begins.
        place: Place,
        /// What is wrong with it.
        what: Damage,
    },
    /// More than this reader accepts.
    #[error("over the limit: {what} {found}, this reader accepts {limit}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        found: u64,
        /// How much is accepted.
        limit: u64,
    },
    /// The device failed.
    #[error("{subject}: {source}")]
    Io {
        /// Which file.
        subject: Subject,
        /// The device's error.
        source: io::Error,
    },
    /// A genesis that the format cannot hold.
    #[error("the genesis cannot be written: {0}")]
    UnwritableGenesis(CodecError),
    /// An entry that the format cannot hold.
    #[error("an entry cannot be written: {0}")]
    Unwritable(CodecError),
    /// The first entry behind a log that ends with a sealed block, and that block has room for it.
    /// The entry that once followed was longer and is lost. The producer that made it can go on, no
    /// other, unless the block is opened: by cutting off its last entry.
    #[error(
        "the last block was sealed because a longer entry followed, which is lost: one of {len} bytes \
         would belong into that block, which has room for {room}"
    )]
    Fits {
        /// Bytes of the entry.
        len: usize,
        /// Bytes for which the block has room.
        room: usize,
    },
    /// A writer whose device failed before.
    #[error(
        "the log is closed: its device failed before, and what was not acknowledged may be lost"
    )]
    Closed,
    /// A finished log cannot be continued.
    #[error("the log has its end entry and cannot be continued")]
    Ended,
}

impl LogError {
    /// Whether the log is merely cut at its end, so that recovery keeps all that is good.
    pub const fn is_torn(&self) -> bool {
        matches!(
            self,
            Self::Torn { .. }
                | Self::TornToZeros { .. }
                | Self::TornUnsynced { .. }
                | Self::TornFrame { .. }
        )
    }

    /// The place that it is about, where it is about one.
    pub const fn place(&self) -> Option<Place> {
        match self {
            Self::Torn { place, .. }
            | Self::TornToZeros { place, .. }
            | Self::TornUnsynced { place, .. }
            | Self::TornFrame { place }
            | Self::Damaged { place, .. } => Some(*place),
            Self::NotALog
            | Self::UnsupportedFormat { .. }
            | Self::UnsupportedKernel { .. }
            | Self::HeaderCut { .. }
            | Self::HeaderDigest
            | Self::Genesis(_)
            | Self::Limit { .. }
            | Self::Io { .. }
            | Self::UnwritableGenesis(_)
            | Self::Unwritable(_)
            | Self::Fits { .. }
            | Self::Closed
            | Self::Ended => None,
        }
    }

    pub(crate) const fn io(subject: Subject) -> impl Fn(io::Error) -> Self {
        move |source| Self::Io { subject, source }
    }
}

/// A block that this kernel does not reproduce, on a log whose chain is whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diverged {
    /// The block's number.
    pub block: u64,
    /// Its first entry.
    pub first: u64,
    /// Its last entry.
    pub last: u64,
    /// Head of the block before: up to there all is equal.
    pub equal_head: Digest,
    /// What differs.
    pub what: Difference,
}

/// What a replay found other than the log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The kernel's events.
    Outcome {
        /// As recorded.
        recorded: Digest,
        /// As replayed.
        replayed: Digest,
    },
    /// The kernel's state after the block.
    State {
        /// As recorded.
        recorded: Digest,
        /// As replayed.
        replayed: Digest,
    },
    /// Whether a state digest is due after the block.
    StateDue {
        /// Whether the block has one.
        recorded: bool,
    },
    /// Logical time after the block.
    Clock,
}

impl fmt::Display for Diverged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { block, first, last, equal_head, what } = self;
        write!(f, "diverged in block {block} (entries {first} to {last}): ")?;
        match what {
            Difference::Outcome { recorded, replayed } => {
                write!(f, "outcome {recorded} recorded, {replayed} replayed")?;
            }
            Difference::State { recorded, replayed } => {
                write!(f, "state {recorded} recorded, {replayed} replayed")?;
            }
            Difference::StateDue { recorded: true } => {
                f.write_str("a state digest is recorded where none is due")?;
            }
            Difference::StateDue { recorded: false } => {
                f.write_str("a state digest is due and none is recorded")?;
            }
            Difference::Clock => f.write_str("logical time after the block differs")?,
        }
        write!(f, "; last equal head {equal_head}")
    }
}

impl std::error::Error for Diverged {}

/// Why a replay stopped.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlayError {
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// This kernel does not reproduce the log.
    #[error(transparent)]
    Diverged(#[from] Box<Diverged>),
}
