//! One test for each rule of `kernel/RULES.md`, named there; the expected text is written by hand
//! from the page. `tests::script` describes the language.

mod accounts;
mod basics;
mod checks;
mod field_cases;
mod holdings;
mod matching;
mod others;
mod replace;
mod self_trade;
