//! The target `train_log` of the harness, for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::run("train_log", bytes));
