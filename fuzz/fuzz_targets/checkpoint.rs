//! The target `checkpoint` of the harness, for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::run("checkpoint", bytes));
