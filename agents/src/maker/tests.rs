//! Market makers on books made by hand.

use kernel::{Command, RuleChange, Side};

use super::Maker;
use crate::agent::stage::{Played, SELF, Stage};

/// Half of the jitter's range.
const MIDDLE: u64 = 1 << 63;
/// Quotes at ±2 around the centre, three of nine lots on each side.
const PLAIN: &[(&str, &str)] =
    &[("maker.half_spread", "2"), ("maker.jitter", "0"), ("maker.skew", "0.5")];

fn turn(stage: &mut Stage, maker: &mut Maker) -> Played {
    maker.begin(&stage.market, [MIDDLE]);
    stage.play(|sight, turn| maker.decide(sight, turn))
}

fn lots(stage: &Stage, side: Side) -> Vec<u32> {
    stage.orders(side).iter().map(|(_, lots)| *lots).collect()
}

#[test]
fn it_quotes_both_sides_around_the_mid() {
    let mut stage = Stage::new(PLAIN);
    let mut maker = Maker::new(&stage.config);
    stage.book(9_990, 10_010, 5);
    let played = turn(&mut stage, &mut maker);
    assert_eq!(stage.orders(Side::Buy), [(9_998, 9), (9_995, 9), (9_992, 9)]);
    assert_eq!(stage.orders(Side::Sell), [(10_002, 9), (10_005, 9), (10_008, 9)]);
    assert_eq!(played.action, [9_998, 10_002, 9, 27, 27]);
    assert_eq!(turn(&mut stage, &mut maker).commands, [], "what stands as wanted stays");
}

#[test]
fn jitter_widens_by_the_draw() {
    let mut stage = Stage::new(&[("maker.half_spread", "2"), ("maker.jitter", "6")]);
    let mut maker = Maker::new(&stage.config);
    stage.book(9_950, 10_050, 5);
    maker.begin(&stage.market, [u64::MAX]);
    stage.play(|sight, turn| maker.decide(sight, turn));
    assert_eq!(stage.orders(Side::Buy)[0].0, 9_992);
    maker.begin(&stage.market, [0]);
    stage.play(|sight, turn| maker.decide(sight, turn));
    assert_eq!(stage.orders(Side::Buy)[0].0, 9_998);
}

#[test]
fn its_centre_follows_the_others_mid_by_limited_steps() {
    let mut stage = Stage::new(PLAIN);
    let mut maker = Maker::new(&stage.config);
    stage.book(10_030, 10_050, 5);
    turn(&mut stage, &mut maker);
    assert_eq!(stage.orders(Side::Sell)[0].0, 10_031, "10,008 + 2 is kept off the best bid");
    assert_eq!(stage.orders(Side::Buy)[0].0, 10_006, "8 ticks up at the most");
    stage.book(10_004, 10_012, 5);
    turn(&mut stage, &mut maker);
    assert_eq!(stage.orders(Side::Buy)[0].0, 10_006);
}

#[test]
fn it_skews_by_inventory() {
    let mut stage = Stage::new(PLAIN);
    let mut maker = Maker::new(&stage.config);
    stage.hold(Side::Buy, 10);
    stage.book(9_980, 10_020, 5);
    let played = turn(&mut stage, &mut maker);
    assert_eq!(played.action[..2], [9_993, 9_997], "5 ticks down for 10 lots");
}

#[test]
fn it_leans_with_the_flow_of_orders() {
    let mut stage = Stage::new(&[("maker.flow_weight", "0.5"), ("maker.jitter", "0")]);
    let mut maker = Maker::new(&stage.config);
    stage.book(9_980, 10_020, 5);
    let before = turn(&mut stage, &mut maker).action;
    stage.market.count(Side::Buy, 10);
    stage.close();
    let after = turn(&mut stage, &mut maker).action;
    assert_eq!((after[0] - before[0], after[1] - before[1]), (5, 5));
}

#[test]
fn volatility_thins_and_widens_its_quotes() {
    let mut stage = Stage::new(PLAIN);
    stage.config.set("market.volatility_decay", "0").unwrap();
    stage.config.set("maker.caution", "1").unwrap();
    stage.market = crate::market::Market::new(&stage.config);
    let mut maker = Maker::new(&stage.config);
    stage.book(9_990, 10_020, 5);
    stage.close();
    stage.book(9_980, 10_020, 5);
    stage.close();
    let played = turn(&mut stage, &mut maker);
    assert_eq!(stage.market.features().volatility, 5 * 256);
    assert_eq!(played.action[..3], [9_993, 10_007, 4], "9 / (1 + 0.3 · 5), 2 + 5 ticks");
}

#[test]
fn its_inventory_stays_within_its_limit() {
    let mut stage = Stage::new(&[("maker.inventory_max", "20"), ("maker.skew", "0")]);
    let mut maker = Maker::new(&stage.config);
    stage.hold(Side::Buy, 10);
    stage.book(9_980, 10_020, 5);
    turn(&mut stage, &mut maker);
    assert_eq!(lots(&stage, Side::Buy), [9, 1], "10 lots of room");
    assert_eq!(lots(&stage, Side::Sell), [9, 9, 9]);
    stage.hold(Side::Buy, 10);
    stage.book(9_980, 10_020, 5);
    turn(&mut stage, &mut maker);
    assert_eq!(stage.position(), 20);
    assert_eq!(stage.orders(Side::Buy), [], "full");
    assert_eq!(lots(&stage, Side::Sell), [9, 9, 9]);
}

#[test]
fn moved_quotes_never_meet_each_other() {
    let mut stage = Stage::new(&[("maker.tracking", "1"), ("maker.tracking_max", "100")]);
    let mut maker = Maker::new(&stage.config);
    for mid in [10_000, 10_008, 9_996, 9_997, 10_007, 9_999] {
        stage.book(mid - 20, mid + 20, 5);
        let played = turn(&mut stage, &mut maker);
        assert_eq!(stage.orders(Side::Buy).len() + stage.orders(Side::Sell).len(), 6);
        assert_eq!(stage.position(), 0, "{:?}", played.events);
    }
}

#[test]
fn under_a_ban_it_offers_what_it_holds() {
    let mut stage = Stage::endowed(12, PLAIN);
    let mut maker = Maker::new(&stage.config);
    stage.book(9_980, 10_020, 5);
    turn(&mut stage, &mut maker);
    assert_eq!(stage.orders(Side::Sell).len(), 3, "free to sell short");
    stage.rule(RuleChange::ShortBan(true));
    for mid in [10_000, 10_003, 9_996] {
        stage.book(mid - 20, mid + 20, 5);
        turn(&mut stage, &mut maker);
        assert_eq!(lots(&stage, Side::Sell), [9, 3]);
        assert_eq!(stage.orders(Side::Buy).len(), 3);
    }
}

#[test]
fn leaving_takes_every_quote_along() {
    let mut stage = Stage::new(PLAIN);
    let mut maker = Maker::new(&stage.config);
    stage.book(9_990, 10_010, 5);
    turn(&mut stage, &mut maker);
    let played = stage.play(|sight, turn| maker.leave(sight, turn));
    assert_eq!(played.commands, [Command::MassCancel { client: SELF }]);
    assert_eq!((stage.orders(Side::Buy), stage.orders(Side::Sell)), (vec![], vec![]));
    let played = stage.play(|sight, turn| maker.leave(sight, turn));
    assert_eq!(played.commands, [], "once is enough");
    turn(&mut stage, &mut maker);
    assert_eq!(stage.orders(Side::Buy).len(), 3, "it may come back");
}
