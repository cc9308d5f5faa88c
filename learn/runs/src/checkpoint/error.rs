//! Why a file is no checkpoint of a run, or not one for these networks.

use crate::arrays::ArraysError;

/// Why a checkpoint cannot be read, written or loaded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The bytes are no file of arrays.
    #[error(transparent)]
    Arrays(#[from] ArraysError),
    /// A file of arrays that is no checkpoint, or one of another version.
    #[error("not a checkpoint of a training run, or one of another version")]
    Foreign,
    /// Something is not there.
    #[error("`{name}` is missing")]
    Missing {
        /// What.
        name: String,
    },
    /// Something is there that no checkpoint, or no network at hand, has.
    #[error("`{name}` has no place here")]
    Unknown {
        /// What.
        name: String,
    },
    /// An array or a text cannot be what it is called.
    #[error("`{name}` has another type, shape or value than its name asks for")]
    Shape {
        /// Which.
        name: String,
    },
    /// Weights of other networks.
    #[error("another architecture: `{name}` has the shape {found:?}, the network {wanted:?}")]
    Architecture {
        /// The array.
        name: String,
        /// Its shape.
        found: Vec<u64>,
        /// The network's.
        wanted: Vec<u64>,
    },
}
