//! Why a figure has no value.

use crate::stats::bands::Figure;

/// Samples that a figure needs, what they are, and of which figures.
pub(super) const NEEDS: &[(u64, &str, &[&str])] = &[
    (2, "returns", &["kurtosis", "skewness", "acf_r_1", "acf_abs_1"]),
    (11, "returns", &["ljung_box_10"]),
    (
        21,
        "returns",
        &["acf_abs_20", "acf_sq_20", "acf_r_max_2_20", "acf_abs_trend", "variance_ratio_20"],
    ),
    (40, "returns", &["hill"]),
    (80, "returns", &["hurst_abs"]),
    (51, "returns", &["acf_abs_50", "acf_sq_50"]),
    (100, "returns", &["hill_plateau", "hill_1"]),
    (101, "returns", &["acf_abs_100", "acf_sq_100"]),
    (11, "takers", &["sign_acf_10", "response_10"]),
    (101, "takers", &["response_100", "response_ratio"]),
];

/// Why a figure has no value, in words; figures of one reason are told together.
pub fn reason(figure: &Figure) -> String {
    let is_of = |keys: &&[&str]| keys.contains(&figure.key.as_str());
    if figure.values.iter().any(Option::is_some) {
        return "not every log has one".to_owned();
    }
    if let Some((need, what, _)) = NEEDS.iter().find(|(_, _, keys)| is_of(keys))
        && 0 < figure.samples
        && figure.samples < *need
    {
        return format!("takes {need} {what}, and there are {}", figure.samples);
    }
    let reason = match figure.fact {
        16..=18 if figure.samples == 0 => "no order traded on arrival",
        17 if figure.key == "impact_exponent_high" => "needs the interval of the exponent",
        16 | 6 => "fewer than three lags stand out of the noise",
        17 => "the takers' sizes or moves are too few or too much alike",
        20 => "times are whole intervals, so there is nothing between them",
        21 => "too few orders came to this end",
        22 if figure.samples == 0 => "the log tells no fair value",
        10 | 23 if figure.samples == 0 => "nothing was traded between two samples",
        4 | 9 if figure.samples == 0 => "the log is too short for intervals that long",
        _ => "the values are too few or too much alike",
    };
    reason.to_owned()
}
