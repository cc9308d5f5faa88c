//! The target `packed` of the harness, for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::run("packed", bytes));
