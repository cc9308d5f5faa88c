//! The `replay` binary as its users meet it: exit codes, output, files left behind.
//!
//! Every test has a folder of its own and starts the built binary in it, so that snapshots hold no
//! path of the machine. Nothing here reaches into the command's code.
#![cfg(unix)]
#![expect(clippy::expect_used, reason = "a test")]

mod adversarial;
mod bisecting;
mod blaming;
mod bundles;
mod compacting;
mod configuring;
mod crashing;
mod cutting;
mod damaged;
mod demo;
mod diff;
mod differing;
mod doctoring;
mod episodes;
mod execution;
mod export;
mod filtering;
mod following;
mod fork;
mod golden;
mod help;
mod hostile;
mod inevitable;
mod interrupted;
mod json;
mod lab;
mod logs;
mod missing;
mod proving;
mod reading;
mod recovering;
mod refused;
mod report;
mod round_trip;
mod scenario;
mod signing;
mod simulate;
mod states;
mod stats;
mod step;
mod tour;
mod training;
mod usage;
mod when;
