//! The words that files and texts have for the kernel's values, each in one place.

use kernel::{MarketState, SelfTrade, Side, TimeInForce};

/// Values and their words.
pub(crate) type Words<T> = [(&'static str, T)];

pub(crate) const SIDES: &Words<Side> = &[("buy", Side::Buy), ("sell", Side::Sell)];

/// The word of a time in force; `gtt` stands for any expiry.
pub(crate) const fn tif_word(tif: TimeInForce) -> &'static str {
    match tif {
        TimeInForce::Gtc => "gtc",
        TimeInForce::Gtt(_) => "gtt",
        TimeInForce::Ioc => "ioc",
        TimeInForce::Fok => "fok",
    }
}

pub(crate) const SELF_TRADES: &Words<SelfTrade> = &[
    ("none", SelfTrade::Allow),
    ("cancel_newest", SelfTrade::CancelNewest),
    ("cancel_oldest", SelfTrade::CancelOldest),
    ("cancel_both", SelfTrade::CancelBoth),
    ("decrement", SelfTrade::Decrement),
];

pub(crate) const MARKET_STATES: &Words<MarketState> = &[
    ("continuous", MarketState::Continuous),
    ("halted", MarketState::Halted),
    ("auction", MarketState::Auction),
];

/// The word of a value.
pub(crate) fn word_of<T: Copy + PartialEq>(words: &Words<T>, value: T) -> &'static str {
    words.iter().find(|(_, found)| *found == value).map_or("", |(word, _)| *word)
}

/// The value of a word.
pub(crate) fn value_of<T: Copy>(words: &Words<T>, word: &str) -> Option<T> {
    words.iter().find(|(found, _)| *found == word).map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_a_word() {
        for side in [Side::Buy, Side::Sell] {
            assert_eq!(value_of(SIDES, word_of(SIDES, side)), Some(side));
        }
        for choice in [
            SelfTrade::Allow,
            SelfTrade::CancelNewest,
            SelfTrade::CancelOldest,
            SelfTrade::CancelBoth,
            SelfTrade::Decrement,
        ] {
            assert_eq!(value_of(SELF_TRADES, word_of(SELF_TRADES, choice)), Some(choice));
        }
        for state in [MarketState::Continuous, MarketState::Halted, MarketState::Auction] {
            assert_eq!(value_of(MARKET_STATES, word_of(MARKET_STATES, state)), Some(state));
        }
    }
}
