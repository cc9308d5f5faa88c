//! What the host calls. Texts cross the border a byte at a time, so no pointer ever does.
//!
//! The host calls [`put`] for each byte of a request, then [`run`], then [`get`] for each byte of
//! the answer. A module answers one request.

#![allow(
    unsafe_code,
    reason = "exported names are made of it; tests/tidy.rs holds it to this file"
)]

use std::sync::{Mutex, PoisonError};

/// The request while it comes in, then the answer.
static TEXT: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Takes the next byte of a request.
// SAFETY: nothing else in the module has this name, or one of the two below.
#[unsafe(no_mangle)]
pub extern "C" fn put(byte: u8) {
    TEXT.lock().unwrap_or_else(PoisonError::into_inner).push(byte);
}

/// Carries out the request; returns how many bytes the answer has.
#[unsafe(no_mangle)]
pub extern "C" fn run() -> u32 {
    let mut text = TEXT.lock().unwrap_or_else(PoisonError::into_inner);
    *text = crate::answer(&String::from_utf8_lossy(&text)).into_bytes();
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

/// A byte of the answer; 0 behind its end.
#[unsafe(no_mangle)]
pub extern "C" fn get(index: u32) -> u8 {
    let text = TEXT.lock().unwrap_or_else(PoisonError::into_inner);
    let byte = usize::try_from(index).ok().and_then(|index| text.get(index));
    byte.copied().unwrap_or(0)
}
