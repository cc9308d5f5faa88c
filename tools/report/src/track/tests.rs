//! What a tracker sees of a market.

use kernel::{
    ClientId, OrderKind, Place, Price, Qty, Reference, SelfTrade, Step, TimeInForce, TimeNs,
};

use super::*;

/// A market, and a tracker that sees its commands.
struct Market {
    engine: Engine,
    tracker: Tracker,
}

impl Market {
    fn new(genesis: &Genesis) -> Self {
        let sampling = Sampling { interval: 10, burn_in: 0, ..Sampling::SIMULATED };
        Self { engine: Engine::new(genesis).unwrap(), tracker: Tracker::new(sampling, genesis) }
    }

    fn apply(&mut self, command: Command) {
        let mut events = Vec::new();
        self.engine.apply(&command, &mut events);
        self.tracker.applied(&command, &events, &self.engine);
    }

    fn clock(&mut self, time: u64) {
        self.apply(Command::Clock { time: TimeNs(time), step: Step(time) });
    }

    fn place(&mut self, client: u32, side: Side, price: u32, qty: u32) {
        self.apply(Command::Place(Place {
            client: ClientId(client),
            reference: Reference(1),
            side,
            qty: Qty::new(qty).unwrap(),
            kind: OrderKind::Limit { price: Price::new(price).unwrap(), post_only: false },
            tif: TimeInForce::Gtc,
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        }));
    }

    fn finish(self) -> Track {
        self.tracker.finish(&self.engine)
    }
}

#[test]
fn looks_are_at_even_times_from_the_first_order_on() {
    let mut market = Market::new(&Genesis::open());
    market.clock(45);
    market.place(1, Side::Buy, 99, 5);
    market.clock(55);
    market.place(2, Side::Sell, 101, 5);
    market.place(3, Side::Buy, 101, 2);
    market.clock(75);
    let track = market.finish();
    assert_eq!((track.first, track.interval), (50, 10));
    let look = |top, lots| Look { top, lots };
    assert_eq!(track.looks, [look(None, 0), look(Some((99, 101)), 2), look(Some((99, 101)), 0)]);
    assert_eq!([0, 50, 51, 69, 70, 999].map(|time| track.look_at(time)), [0, 0, 1, 2, 2, 3]);
}

#[test]
fn gains_are_cash_and_position_at_the_mid() {
    let mut market = Market::new(&Genesis::open());
    market.place(1, Side::Buy, 98, 5);
    market.place(2, Side::Sell, 102, 5);
    market.clock(11);
    market.place(3, Side::Buy, 102, 2);
    market.clock(21);
    let track = market.finish();
    let last = |client: u32| *track.holdings.clients[&client].last().unwrap();
    // Two lots bought at 102 are worth 100 each.
    assert_eq!(last(3), Holding { position: 2, gain: -4 * CASH_PER_TICK_LOT });
    assert_eq!(last(2), Holding { position: -2, gain: 4 * CASH_PER_TICK_LOT });
    assert!(!track.holdings.clients.contains_key(&1), "who never held anything is nobody");
}

#[test]
fn rules_and_marks_are_moments_unless_they_are_many() {
    let mut market = Market::new(&Genesis::open());
    market.clock(7);
    market.apply(Command::SetRule(RuleChange::Tax(18_000)));
    market.apply(Command::SetRule(RuleChange::Tax(18_000)));
    market.clock(9);
    market.tracker.mark("short-ban", 1, &market.engine);
    market.apply(Command::SetRule(RuleChange::ShortBan(true)));
    market.clock(10);
    market.tracker.mark("short-ban", 2, &market.engine);
    market.apply(Command::SetRule(RuleChange::ShortBan(false)));
    for row in 0..100 {
        market.tracker.mark("row", row, &market.engine);
    }
    market.tracker.mark("noon", 1, &market.engine);
    let track = market.finish();
    let names: Vec<_> = track.moments.iter().map(|it| (it.time, it.name.as_str())).collect();
    assert_eq!(
        names,
        [(7, "tobin-tax 1.80"), (9, "short-ban"), (10, "short-ban ends"), (10, "noon")]
    );
    let rules: Vec<_> = track.rules.iter().map(|it| (it.time, it.short_ban, it.tax)).collect();
    assert_eq!(rules, [(0, false, 0), (7, false, 18_000), (9, true, 18_000), (10, false, 18_000)]);
}

#[test]
fn a_leap_of_the_clock_costs_neither_memory_nor_lots() {
    let mut market = Market::new(&Genesis::open());
    market.place(1, Side::Buy, 99, 5);
    market.clock(5);
    // In the second look, which the first halving drops.
    market.place(2, Side::Sell, 99, 5);
    market.place(2, Side::Sell, 101, 5);
    market.clock(50_000_000);
    let track = market.finish();
    assert!(track.looks.len() <= LOOKS_MAX && LOOKS_MAX / 2 < track.looks.len());
    assert_eq!(track.looks.iter().map(|look| look.lots).sum::<u64>(), 5);
    assert_eq!((track.first, track.interval), (0, 80));
    assert!(track.holdings.times.len() <= 512);
    assert_eq!(track.time(track.looks.len() - 1), 50_000_000);
}
