//! The target `published_config` of the harness, for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::run("published_config", bytes));
