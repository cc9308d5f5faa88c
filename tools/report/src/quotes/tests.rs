//! Quotes of scripted markets.
