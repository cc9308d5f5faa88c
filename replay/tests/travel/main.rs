//! Time travel: random access, positions, snapshots, and where two logs part.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

#[path = "../common/mod.rs"]
mod common;

mod archives;
mod partings;
mod positions;
mod seeking;
