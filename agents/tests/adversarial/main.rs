//! What holds in every adversarial market. Defects are those of the published system's release
//! 0.1.0, by their numbers in `agents/ADVERSARIAL.md`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::wildcard_enum_match_arm, reason = "other entries and events do not matter")]
#![expect(clippy::cast_precision_loss, reason = "counts of a test")]

mod accounts;
mod detection;
mod information;
mod latency;
mod logged;
mod rewards;
mod spy;
