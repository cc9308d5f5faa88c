//! The figures of a few steps, worked out by hand.

use kernel::{Engine, Genesis, OrderKind, Place, Price, Qty, Reference, SelfTrade, Step, TimeNs};
use kernel::{OrderId, TimeInForce};

use super::*;

const MAKER: ClientId = ClientId(1);
const OTHER: ClientId = ClientId(7);

fn clock(step: u64) -> Command {
    Command::Clock { time: TimeNs(step), step: Step(step) }
}

fn place(client: ClientId, side: Side, price: u32, qty: u32) -> Command {
    Command::Place(Place {
        client,
        reference: Reference(0),
        side,
        qty: Qty::new(qty).unwrap(),
        kind: OrderKind::Limit { price: Price::new(price).unwrap(), post_only: false },
        tif: TimeInForce::Gtc,
        display: None,
        stop: None,
        self_trade: SelfTrade::Allow,
    })
}

fn count(commands: &[Command]) -> Figures {
    let mut engine = Engine::new(&Genesis::open()).unwrap();
    let mut figures = Figures::new(vec![MAKER]);
    let mut events = Vec::new();
    let entries = commands.iter().map(|command| Entry::Command(*command)).chain([Entry::End]);
    for (number, entry) in (1..).zip(entries) {
        events.clear();
        if let Entry::Command(command) = &entry {
            engine.apply(command, &mut events);
        }
        let moment =
            Moment { number, entry: &entry, events: &events, engine: &engine, closes: None };
        figures.observe(&moment);
    }
    figures
}

#[test]
fn figures_are_those_worked_out_by_hand() {
    let figures = count(&[
        clock(1),
        place(OTHER, Side::Buy, 100, 5),
        place(MAKER, Side::Sell, 103, 5),
        // The mid goes from 203 to 204 half-ticks.
        clock(2),
        place(OTHER, Side::Buy, 101, 5),
        // The best bid trades away, 3 lots and 2, and the rest of the ask stays: from 204 to 201.
        clock(3),
        place(MAKER, Side::Sell, 101, 3),
        place(MAKER, Side::Sell, 101, 4),
        // No ask, so no mid, and no quote.
        clock(4),
        Command::MassCancel { client: MAKER },
        Command::Cancel { client: OTHER, order: OrderId(99) },
        // From 201, at the end of step 3, to 205. Still no quote.
        clock(5),
        place(OTHER, Side::Sell, 105, 1),
    ]);
    let named: Vec<_> = FIGURES.into_iter().zip(figures.values()).collect();
    let expected = [
        ("orders", 6),
        ("rejected", 1),
        ("trades", 2),
        ("volume", 5),
        ("cancels", 2),
        ("mid_squares", 1 + 9 + 16),
        ("one_sided", 1),
        ("unquoted", 2),
    ];
    assert_eq!(named, expected);
}

#[test]
fn a_log_without_steps_has_no_figures() {
    assert_eq!(count(&[]).values(), [0; FIGURES.len()]);
}
