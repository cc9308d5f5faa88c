//! Numbers of adversarial markets in words.

use agents::adversarial::measures::JudgeScore;

/// So many digits; no zero has a sign.
pub(crate) fn fixed(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let is_zero = text.bytes().all(|byte| b"-0.".contains(&byte));
    if is_zero { text.trim_start_matches('-').to_owned() } else { text }
}

/// A rate without digits that say nothing.
pub(crate) fn shortest(rate: f64) -> String {
    let text = format!("{rate:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The divergence of the flows: so many episodes tell no more than the logarithm of their number.
pub(crate) fn sequence(judge: JudgeScore) -> String {
    let most = libm::log(0.5 * f64::from(u32::try_from(judge.guess.episodes).unwrap_or(u32::MAX)));
    if most < judge.divergence {
        return format!("> {}", fixed(most, 1));
    }
    fixed(judge.divergence, 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_digits_and_no_zero_a_sign() {
        assert_eq!([fixed(-0.004, 2), fixed(-0.006, 2), fixed(1.0, 0)], ["0.00", "-0.01", "1"]);
        assert_eq!([shortest(1.0), shortest(0.25641), shortest(10.5)], ["1", "0.256", "10.5"]);
    }
}
