//! The target `kernel_vs_reference` of the harness, for libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| harness::run("kernel_vs_reference", bytes));
