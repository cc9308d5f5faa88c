//! One test for each rule of `kernel/RULES.md`, named there; the expected text is written by hand
//! from the page. `tests::script` describes the language.

mod accounts;
mod auctions;
mod bands;
mod basics;
mod cascades;
mod checks;
mod clearing;
mod expiry;
mod field_cases;
mod holdings;
mod icebergs;
mod kinds;
mod matching;
mod others;
mod replace;
mod room;
mod self_trade;
mod stops;
mod stops_active;
