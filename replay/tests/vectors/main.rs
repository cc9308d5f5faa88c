//! Golden bytes, written out: a change of one of them is another format version. FORMAT.md says
//! what they mean.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::fmt::Write;

mod entries;
mod events;
mod genesis;
mod log;
mod refusals;

/// Bytes as hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// A written-out vector without the blanks that part its fields.
fn digits(vector: &str) -> String {
    vector.split_whitespace().collect()
}

/// The bytes of a written-out vector.
fn bytes(vector: &str) -> Vec<u8> {
    let digits = digits(vector);
    assert!(digits.is_ascii() && digits.len().is_multiple_of(2));
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}
