//! Which queries stay true.

use crate::Query;

#[test]
fn only_what_is_certain_is_monotone() {
    for (text, expected) in [
        ("time > 5s", true),
        ("time >= 14:45", true),
        ("14:45 < time", true),
        ("5 <= step", true),
        ("entry > 2 * (3 + 4) - -1", true),
        ("placed > 1 and trades > 1 and volume > 1", true),
        ("cancelled > 1 or rejected > 1 or taxes > 1", true),
        ("after(crash)", true),
        ("exists(last_trade)", true),
        ("true", true),
        ("false or (after(a) and (time > 5s or step > 3))", true),
        ("time < 5s", false),
        ("time <= 5s", false),
        ("5 > time", false),
        ("5 >= time", false),
        ("time == 5s", false),
        ("time != 0", false),
        ("not time > 5s", false),
        ("not time < 5s", false),
        ("-time < 5s", false),
        ("time + step > 5s", false),
        ("time > step", false),
        ("time > spread", false),
        ("mark(crash)", false),
        ("fees > 1", false),
        ("orders > 1", false),
        ("spread > 20", false),
        ("last_trade > 1", false),
        ("exists(best_bid)", false),
        ("exists(last_trade + spread)", false),
        ("halted", false),
        ("after(a) and halted", false),
        ("after(a) or halted", false),
        ("trade.side == buy", false),
        ("trade.qty > 1", false),
        ("time > 5s and exists(trade.qty)", false),
        ("true or trade.qty > 5", false),
    ] {
        assert_eq!(Query::parse(text).unwrap().monotone(), expected, "{text}");
    }
}
