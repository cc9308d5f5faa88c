//! What can be wrong with a compacted log, and where.

use std::io;

use super::opening::PACKED_VERSION;

/// What is wrong with bytes of a compacted log that are all there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PackedDamage {
    /// The checksum over the opening does not fit.
    #[error("the opening's checksum does not fit")]
    Opening,
    /// The checksum over index and footer does not fit.
    #[error("the checksum of index and footer does not fit")]
    EndingChecksum,
    /// Count, sizes and places in the footer do not fit each other or the file.
    #[error("the footer's numbers do not fit each other")]
    Footer,
    /// Offsets in the index that leave no room for a frame, or too much.
    #[error("the index does not lead from frame to frame")]
    Index,
    /// A frame is longer or shorter than its place.
    #[error("a frame's length does not fit its place")]
    Length,
    /// The checksum of a frame does not fit.
    #[error("a frame's checksum does not fit")]
    Checksum,
    /// A frame is not one zstd frame of at most a block.
    #[error("a frame is not one zstd frame of at most a block")]
    Zstd,
    /// A frame holds something other than one block.
    #[error("a frame does not hold one block")]
    Content,
    /// Bytes after the footer.
    #[error("bytes follow the footer")]
    AfterFooter,
}

/// Why a compacted log cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PackedError {
    /// The first bytes are not those of a compacted log.
    #[error("not a compacted log: the first bytes are not its magic")]
    NotPacked,
    /// A compacted log of another version.
    #[error(
        "compacted log version {found} is not supported; this build reads version {PACKED_VERSION}"
    )]
    UnsupportedVersion {
        /// The file's version.
        found: u16,
    },
    /// The file ends before its first frame.
    #[error("the compacted log is cut inside its opening: {have} bytes of at least {need}")]
    OpeningCut {
        /// Bytes there.
        have: u64,
        /// Bytes needed at the least.
        need: u64,
    },
    /// The file does not end as a compacted log does.
    #[error(
        "the compacted log does not end with its footer: it is cut, or bytes follow ({bytes} bytes)"
    )]
    NoFooter {
        /// Bytes of the file.
        bytes: u64,
    },
    /// Bytes that are there and wrong.
    #[error("damaged: {what} (compacted log offset {offset})")]
    Damaged {
        /// What is wrong.
        what: PackedDamage,
        /// Where the damaged part begins, in the compacted log.
        offset: u64,
    },
    /// More than the format allows.
    #[error("over the limit: {what} {found}, the format has at most {limit}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        found: u64,
        /// How much is allowed.
        limit: u64,
    },
    /// The device failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl PackedError {
    /// Whether the file may merely have lost its end, so that
    /// [`Packed::open_cut`](super::Packed::open_cut) keeps what is good.
    pub const fn is_cut(&self) -> bool {
        matches!(self, Self::NoFooter { .. })
    }
}

impl From<PackedError> for io::Error {
    /// An error of the device as it is; every other inside one of [`io::ErrorKind::InvalidData`].
    fn from(error: PackedError) -> Self {
        match error {
            PackedError::Io(error) => error,
            PackedError::NotPacked
            | PackedError::UnsupportedVersion { .. }
            | PackedError::OpeningCut { .. }
            | PackedError::NoFooter { .. }
            | PackedError::Damaged { .. }
            | PackedError::Limit { .. } => Self::new(io::ErrorKind::InvalidData, error),
        }
    }
}
