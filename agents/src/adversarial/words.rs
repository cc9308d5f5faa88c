//! Decisions in words, for people who read a log.

use super::{BELIEF_UNITS, FUNDAMENTAL_UNITS, Mode, policy};

/// What a decision of this policy says; `None` for integers that no policy here notes.
pub fn describe(number: u32, action: &[i32]) -> Option<String> {
    match (number, action) {
        (policy::TYPE, [z, mode, lots]) => {
            let mode = Mode::ALL.get(usize::try_from(*mode).ok()?)?;
            Some(format!("type z = {z}, mode {}, {lots} lots", mode.name()))
        }
        (policy::FUNDAMENTAL, [value]) => Some(format!(
            "fundamental {} ticks",
            hundredths(i64::from(*value), i64::from(FUNDAMENTAL_UNITS))
        )),
        (policy::BELIEF, [belief]) => {
            let belief = hundredths(100 * i64::from(*belief), i64::from(BELIEF_UNITS));
            Some(format!("belief {belief} %"))
        }
        (policy::CLOSE, [missing, twice_mid]) => {
            let mid = hundredths(i64::from(*twice_mid), 2);
            Some(format!("the episode ends: {missing} lots missing, mid {mid}"))
        }
        (policy::CUSTOMER, [lots, kind, ticks, life]) => {
            let side = if *lots < 0 { "sell" } else { "buy" };
            let lots = lots.unsigned_abs();
            let order = match kind {
                0 => "at the market".to_owned(),
                1 => format!("at once, up to {ticks} ticks beyond the reference"),
                2 if *life == 0 => format!("a limit {ticks:+} ticks from the reference"),
                2 => format!("a limit {ticks:+} ticks from the reference, for {life} steps"),
                _ => return None,
            };
            Some(format!("{side} {lots} {order}"))
        }
        (policy::MAKER, [bid, ask, bid_lots, ask_lots]) => Some(format!(
            "quotes {bid} below and {ask} above the reference, {bid_lots} and {ask_lots} lots a level"
        )),
        (policy::ARBITRAGEUR, [0]) => Some("nothing".to_owned()),
        (policy::ARBITRAGEUR, [lots]) => {
            let side = if *lots < 0 { "sell" } else { "buy" };
            Some(format!("{side} {} at the best price", lots.unsigned_abs()))
        }
        _ => None,
    }
}

/// A quotient to two digits, rounded towards the lower one.
fn hundredths(number: i64, units: i64) -> String {
    let hundredths = (100 * number).div_euclid(units);
    let (sign, size) = (if hundredths < 0 { "-" } else { "" }, hundredths.unsigned_abs());
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_told_in_words() {
        for (number, action, expected) in [
            (policy::TYPE, &[1, 1, 20][..], Some("type z = 1, mode silent, 20 lots")),
            (policy::FUNDAMENTAL, &[2_560_064], Some("fundamental 10000.25 ticks")),
            (policy::FUNDAMENTAL, &[-128], Some("fundamental -0.50 ticks")),
            (policy::BELIEF, &[49_152], Some("belief 75.00 %")),
            (policy::CLOSE, &[3, 20_001], Some("the episode ends: 3 lots missing, mid 10000.50")),
            (policy::CUSTOMER, &[-4, 0, 0, 7], Some("sell 4 at the market")),
            (
                policy::CUSTOMER,
                &[4, 1, 6, 7],
                Some("buy 4 at once, up to 6 ticks beyond the reference"),
            ),
            (
                policy::CUSTOMER,
                &[2, 2, -3, 7],
                Some("buy 2 a limit -3 ticks from the reference, for 7 steps"),
            ),
            (policy::CUSTOMER, &[2, 2, 3, 0], Some("buy 2 a limit +3 ticks from the reference")),
            (policy::CUSTOMER, &[2, 9, 3, 0], None),
            (
                policy::MAKER,
                &[2, 3, 4, 5],
                Some("quotes 2 below and 3 above the reference, 4 and 5 lots a level"),
            ),
            (policy::ARBITRAGEUR, &[-2], Some("sell 2 at the best price")),
            (policy::ARBITRAGEUR, &[0], Some("nothing")),
            (policy::TYPE, &[1, 9, 20], None),
            (policy::TYPE, &[1], None),
            (99, &[1], None),
        ] {
            assert_eq!(describe(number, action).as_deref(), expected);
        }
    }
}
