//! What the fuzz targets do with bytes, as plain functions of a stable toolchain.
//!
//! A target panics when something is wrong and returns otherwise. The fuzzers under `fuzz/` hand
//! over what they invent; `tests/corpora.rs` hands over the seeds and everything that was ever found,
//! with every `cargo test`.
//!
//! **Invariants:** a target depends on its bytes alone; what is costly and the same every time is
//! made once for each thread; an execution takes some microseconds, and hundreds only where blocks
//! of 64 KiB are hashed.
//!
//! Read in this order: [`input`], [`market`], [`patch`], [`plan`], then a target.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a target tells what is wrong by panicking")]

mod checkpoint;
mod codec;
mod config;
mod csv;
mod history;
pub mod input;
mod kernel_vs_reference;
mod lobster;
pub mod market;
mod packed;
pub mod patch;
pub mod plan;
mod proof;
mod published_config;
mod query;
mod reader;
mod recover;
mod restore;
mod run_files;
mod schedules;
pub mod seeds;
mod snapshot;
mod texts;
mod train_log;
mod zones;

/// A fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name: that of its file under `fuzz_targets` and of its folders of seeds and regressions.
    pub name: &'static str,
    /// Longest input of use, in bytes.
    pub len_max: usize,
    /// Carries one execution out.
    pub run: fn(&[u8]),
}

/// All targets, by name.
pub const TARGETS: [Target; 19] = [
    Target { name: "checkpoint", len_max: 1_536, run: checkpoint::run },
    Target { name: "codec", len_max: 1_024, run: codec::run },
    Target { name: "config", len_max: 512, run: config::run },
    Target { name: "csv", len_max: 512, run: csv::run },
    Target { name: "kernel_vs_reference", len_max: 256, run: kernel_vs_reference::run },
    Target { name: "lobster", len_max: 384, run: lobster::run },
    Target { name: "packed", len_max: 512, run: packed::run },
    Target { name: "proof", len_max: 256, run: proof::run },
    Target { name: "published_config", len_max: 512, run: published_config::run },
    Target { name: "query", len_max: 256, run: query::run },
    Target { name: "reader", len_max: 1_024, run: reader::run },
    Target { name: "recover", len_max: 1_024, run: recover::run },
    Target { name: "restore", len_max: 768, run: restore::run },
    Target { name: "run_files", len_max: 1_024, run: run_files::run },
    Target { name: "schedules", len_max: 256, run: schedules::run },
    Target { name: "snapshot", len_max: 512, run: snapshot::run },
    Target { name: "texts", len_max: 1_024, run: texts::run },
    Target { name: "train_log", len_max: 512, run: train_log::run },
    Target { name: "zones", len_max: 1_024, run: zones::run },
];

/// Carries one execution of a target out.
///
/// # Panics
/// When something is wrong with what is tested; for a name of no target.
pub fn run(name: &str, bytes: &[u8]) {
    let Some(target) = TARGETS.iter().find(|target| target.name == name) else {
        panic!("no target `{name}`")
    };
    (target.run)(bytes);
}
