//! The `learn` binary as its users meet it: exit codes, output, files left behind.
//!
//! Every test has a folder of its own and starts the built binary in it. What depends on the kind of
//! machine (digests, figures) is replaced in snapshots.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test")]

mod bisect;
mod diff;
mod fork;
mod help;
mod killed;
mod lab;
mod plant;
mod refused;
mod rewind;
mod train;
mod verify;
