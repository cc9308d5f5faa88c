//! What several tests record: a stream of entries in which every kind comes up.

pub(crate) use tests::mixed::*;
