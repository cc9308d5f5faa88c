//! Titles and units of figures.

/// Titles of the facts, from fact 1.
const FACTS: [&str; 23] = [
    "No autocorrelation of returns",
    "Heavy tails",
    "Tail index",
    "Aggregational Gaussianity",
    "Volatility clustering",
    "Power-law decay of clustering",
    "Long memory",
    "Conditional tails",
    "Bursts",
    "Volume and volatility",
    "Leverage",
    "Gains and losses",
    "Coarse to fine volatility",
    "Spread at samples",
    "Depth",
    "Memory of order signs",
    "Impact",
    "Response of the mid",
    "Diffusion",
    "Arrivals, ties left out",
    "Time to fill and to cancel, Kaplan-Meier",
    "Price discovery",
    "Liquidity",
];

/// The title of a fact by its number; controls have none.
pub fn title(fact: u8) -> &'static str {
    let index = usize::from(fact).checked_sub(1);
    index.and_then(|index| FACTS.get(index)).copied().unwrap_or("Controls")
}

/// Sections of the orders' figures, each by the key of its first figure.
const SECTIONS: [(&str, &str); 6] = [
    ("messages", "Visible messages"),
    ("tw_spread_mean", "Book, weighted by time"),
    ("limit_lots_mean", "Sizes"),
    ("placed_inside", "Submissions by place"),
    ("gap_mean", "Times"),
    ("taker_sign_1", "Takers"),
];

/// The title of the section that begins with a figure.
pub(super) fn section(key: &str) -> Option<&'static str> {
    SECTIONS.iter().find(|(first, _)| *first == key).map(|(_, title)| *title)
}

/// Units by the beginning of the key; the first that fits.
const UNITS: &[(&str, &str)] = &[
    ("spread_", "ticks"),
    ("one_sided_share", ""),
    ("depth_place", "ticks"),
    ("depth_", "lots"),
    ("response_ratio", ""),
    ("response_", "ticks"),
    ("return_bps", "bp"),
    ("wait_", "intervals"),
    ("tracking_", "ticks"),
    ("half_life", "intervals"),
    ("amihud", "1/lot"),
    ("kyle_lambda", "ticks/lot"),
    ("move_deviation", "ticks"),
    ("tw_spread_bps", "bp"),
    ("tw_spread_one", ""),
    ("tw_spread_", "ticks"),
    ("lots_level_", "lots"),
    ("distance_level_", "ticks"),
    ("limit_lots_100", ""),
    ("limit_lots_", "lots"),
    ("taker_lots_100", ""),
    ("taker_lots_", "lots"),
    ("gap_mean", "s"),
    ("gap_median", "s"),
    ("taker_gap_mean", "s"),
    ("taker_gap_median", "s"),
    ("deleted_after_", "s"),
    ("taker_response_", "ticks"),
];

/// The unit of a figure: `ticks`, `lots`, `s`, `bp` (1/10,000), `intervals` between samples; empty
/// for a pure number.
pub(super) fn unit(key: &str) -> &'static str {
    let found = UNITS.iter().find(|(start, _)| key.starts_with(start));
    found.map_or("", |(_, unit)| *unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fact_has_its_title() {
        assert_eq!((title(0), title(1), title(14)), ("Controls", FACTS[0], "Spread at samples"));
        assert_eq!((title(23), title(24)), ("Liquidity", "Controls"));
    }

    #[test]
    fn units_are_those_of_the_longest_key() {
        let of =
            ["spread_mean", "depth_place", "depth_5", "response_ratio", "tw_spread_q95", "hill"];
        assert_eq!(of.map(unit), ["ticks", "ticks", "lots", "", "ticks", ""]);
        assert_eq!((unit("taker_gap_zero"), unit("taker_gap_mean")), ("", "s"));
    }
}
