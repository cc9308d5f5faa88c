//! Quotes of scripted markets.

use kernel::{OrderKind, Place, Price, Qty, Reference, SelfTrade, Step, TimeInForce, TimeNs};

use super::*;

/// A market, and a tracker that sees its decisions and commands.
struct Market {
    engine: Engine,
    tracker: QuoteTracker,
    step: u64,
}

impl Market {
    fn new(spread_cap: Option<u32>) -> Self {
        let mut genesis = Genesis::open();
        let endowment = kernel::Endowment { client: ClientId(1), position: 100, cash: 0 };
        genesis.endowments.push(endowment);
        let engine = Engine::new(&genesis).unwrap();
        Self { engine, tracker: QuoteTracker::new(spread_cap, &genesis), step: 0 }
    }

    fn apply(&mut self, command: Command) {
        let mut events = Vec::new();
        self.engine.apply(&command, &mut events);
        self.tracker.applied(&command, &events, &self.engine);
    }

    fn next_step(&mut self) {
        self.step += 1;
        self.apply(Command::Clock { time: TimeNs(self.step), step: Step(self.step) });
    }

    fn decide(&mut self, agent: u32, policy: u32, action: &[i32], commands: u32) {
        let reference = Reference(0);
        let decision = Decision {
            agent,
            policy,
            action,
            first_reference: reference,
            commands,
            observation: None,
        };
        self.tracker.decided(&decision, &self.engine);
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

    fn list(&self) -> &[Quote] {
        &self.tracker.quotes.list
    }
}

/// Others bid 90 and ask 110, then lift two lots of the ask.
fn begun(spread_cap: Option<u32>) -> Market {
    let mut market = Market::new(spread_cap);
    market.next_step();
    market.place(201, Side::Buy, 90, 5);
    market.place(202, Side::Sell, 110, 5);
    market.place(301, Side::Buy, 110, 2);
    market.next_step();
    market
}

#[test]
fn quotes_are_told_from_the_mid_of_the_step_before() {
    let mut market = begun(None);
    market.decide(1, Space::MakerFlow.policy(), &[1, 2, 0, 1], 3);
    market.place(1, Side::Buy, 97, 1);
    assert_eq!(market.list(), [], "not before its last command");
    market.place(1, Side::Buy, 96, 1);
    market.place(1, Side::Sell, 104, 1);
    let first = Quote {
        choice: Some([1, 2, 0, 1]),
        inventory: 0,
        flow: 2.0,
        bid: Some(-3.0),
        ask: Some(4.0),
    };
    assert_eq!(market.list(), [first]);
    market.place(301, Side::Sell, 97, 1);
    market.next_step();
    // Mid (96 + 104) / 2; one lot was sold at once, which the maker bought.
    market.decide(1, Space::MakerFlow.policy(), &[0; 4], 0);
    let second = Quote {
        choice: Some([0; 4]),
        inventory: 1,
        flow: 2.0 * 0.8 - 1.0,
        bid: Some(-4.0),
        ask: Some(4.0),
    };
    assert_eq!(market.list(), [first, second]);
    assert_eq!(market.tracker.quotes.space, Some(Space::MakerFlow));
}

#[test]
fn a_mid_behind_too_wide_a_spread_is_none() {
    let mut market = begun(Some(19));
    market.decide(1, Kind::Maker.policy(), &[], 0);
    assert_eq!(market.list(), [], "no mid yet");
    market.place(201, Side::Buy, 92, 5);
    market.next_step();
    market.decide(1, Kind::Maker.policy(), &[], 0);
    let none = Quote { choice: None, inventory: 0, flow: 1.6, bid: None, ask: None };
    assert_eq!(market.list(), [none], "it quotes neither side");
    assert_eq!(market.tracker.quotes.space, None, "a fixed rule");
}

#[test]
fn decisions_of_others_are_none_of_a_makers() {
    let mut market = begun(None);
    market.decide(0, 1, &[5], 0);
    market.decide(201, Space::Value.policy(), &[0, 0, 0], 0);
    market.decide(1, Space::Noise.policy(), &[0], 0);
    market.decide(1, Kind::Value.policy(), &[], 0);
    assert_eq!(market.list(), []);
}

fn quote(inventory: i64) -> Quote {
    let bid = (inventory % 2 == 0).then_some(-1.0);
    let ask = Some(crate::number::real(inventory));
    Quote { choice: None, inventory, flow: 0.0, bid, ask }
}

#[test]
fn tenths_are_means_in_the_order_of_their_key() {
    let key = |quote: &Quote| crate::number::real(quote.inventory);
    let list: Vec<_> = (0..20).rev().map(quote).collect();
    let parts = tenths(&Quotes { space: None, list }, key);
    assert_eq!(parts.len(), 10);
    assert_eq!(parts[0], Tenth { key: 0.5, bid: Some(-1.0), ask: Some(0.5) });
    assert!((parts[9].key - 18.5).abs() < 1e-12);
    let few: Vec<_> = (0..9).map(quote).collect();
    assert_eq!(tenths(&Quotes { space: None, list: few }, key), []);
    let odd: Vec<_> = (0..10).map(|it| quote(2 * it + 1)).collect();
    assert!(tenths(&Quotes { space: None, list: odd }, key).iter().all(|it| it.bid.is_none()));
}
