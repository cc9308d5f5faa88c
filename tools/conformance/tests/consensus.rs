//! The five published hashes, by our generator, our adapter and our kernel.
//!
//! Hashes: `reference/correctness_hash.txt` of `flash1-dev/matching-engine-benchmark` (MIT),
//! snapshot 41656c8, seed 23, one million new orders.

#![expect(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

use std::fmt::Write;

use conformance::adapter::Adapter;
use conformance::report::{Report, write_canonical};
use conformance::workload::{self, COUNT, SEED, Scenario};
use sha2::{Digest, Sha256};

/// A digest that text can be written into.
struct Hashed(Sha256);

impl Write for Hashed {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.0.update(text);
        Ok(())
    }
}

fn hash(reports: &mut [Report]) -> String {
    let mut hashed = Hashed(Sha256::new());
    write_canonical(reports, &mut hashed).unwrap();
    hashed.0.finalize().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[track_caller]
fn agrees(scenario: &Scenario, expected: &str) {
    if !workload::is_exact_here() {
        eprintln!("not run: the published hashes need the GNU C library's floats on x86-64");
        return;
    }
    let mut adapter = Adapter::new();
    let mut reports: Vec<Report> = Vec::new();
    for message in workload::generate(scenario, COUNT, SEED) {
        adapter.message(&message, &mut reports);
    }
    adapter.engine().check().unwrap();
    assert_eq!(hash(&mut reports), expected, "{}", scenario.name);
}

#[test]
fn a_fixed_mid_price() {
    let expected = "9803843ee404fc29c9a0aa5614f8f0d5a58b5c44fcac9ef89067886fcaaa30d1";
    agrees(&workload::STATIC, expected);
}

#[test]
fn a_calm_day() {
    let expected = "e9b2e3926854410b01a035aeb25dd05f1e597c233be8263de9eb49b6713d367e";
    agrees(&workload::NORMAL, expected);
}

#[test]
fn a_volatile_day() {
    let expected = "61a84be9469661bd039e00dbc9a7c011e70b6ace37aadfe60045ea083b05f4df";
    agrees(&workload::SWING_25, expected);
}

#[test]
fn a_stressed_market() {
    let expected = "3cb0175e7982ff09ea220d1feaee3844cf9116a5ce455757879dea1d880b9b9f";
    agrees(&workload::SWING_40, expected);
}

#[test]
fn a_flash_crash() {
    let expected = "cff8d3f94b709fc64a8b2058a6ca4fb6920364904796e46906895e362d2bb16b";
    agrees(&workload::FLASH_CRASH, expected);
}
