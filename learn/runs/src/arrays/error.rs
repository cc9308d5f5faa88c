//! Why bytes are no file of arrays that this build reads.

/// Why arrays cannot be read or written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArraysError {
    /// The bytes are no safetensors file.
    #[error("not a whole safetensors file: {}", .0.replace(char::is_control, "\u{fffd}"))]
    Damaged(String),
    /// A whole file, written in another order or form than here.
    #[error("a safetensors file, but not in the form in which checkpoints are written")]
    Form,
    /// More than any file of ours has.
    #[error("over the limit: {found} {what}; at most {limit}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much.
        found: usize,
        /// How much is accepted.
        limit: usize,
    },
    /// A name that arrays and texts cannot have.
    #[error("a name is 1 to 128 characters of A-Z a-z 0-9 - _ . /")]
    Name,
    /// Numbers of another type.
    #[error("the array `{name}` holds {found}, not {wanted}")]
    Type {
        /// The array.
        name: String,
        /// What it holds.
        found: String,
        /// What it should.
        wanted: &'static str,
    },
}
