//! What holds in every adversarial market. Defects are those of the published system's release
//! 0.1.0, by their numbers in `agents/ADVERSARIAL.md`.

mod accounts;
mod information;
mod latency;
mod rewards;
mod spy;
