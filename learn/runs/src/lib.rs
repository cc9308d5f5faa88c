//! What a training run is made of and leaves behind. Knows bytes, not libtorch: whatever reads a run
//! (a report, a test, a fuzzer) needs no network to run.

pub mod arrays;
pub mod checkpoint;
pub mod config;
pub mod folder;
pub mod metrics;
pub mod tensorboard;
pub mod train_log;
