//! The adversarial market: an informed trader who hides among others, and who looks for it.
//!
//! The theory behind these modules stands in `agents/ADVERSARIAL.md`.

pub mod belief;
pub mod bound;
pub mod calibration;
pub mod divergence;
pub mod judge;
