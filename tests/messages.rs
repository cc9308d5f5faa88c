//! What errors of the kernel say to people, and looks at levels that no rule's test takes.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::error::Error;

use kernel::{
    ClientId, Command, Endowment, Engine, Genesis, GenesisError, OrderKind, Place, Reference,
    RestoreError, SelfTrade, Side, TimeInForce,
};
use tests::random::{price, qty};

/// A genesis with one mistake.
fn refused(mistake: impl FnOnce(&mut Genesis)) -> GenesisError {
    let mut genesis = Genesis::open();
    mistake(&mut genesis);
    Engine::new(&genesis).err().unwrap()
}

fn endowment(client: u32) -> Endowment {
    Endowment { client: ClientId(client), position: 0, cash: 0 }
}

#[test]
fn a_refused_genesis_is_told_by_its_mistake() {
    let limits = refused(|genesis| genesis.limits.orders_max = 0);
    let rules = refused(|genesis| {
        std::mem::swap(&mut genesis.rules.price_min, &mut genesis.rules.price_max);
    });
    let cases = [
        (limits, "a limit of the genesis is 0 or above its bound"),
        (rules, "the rules of the genesis contradict themselves"),
        (
            refused(|genesis| genesis.exempt = vec![ClientId(genesis.limits.clients_max)]),
            &format!("client {} of the genesis is not below clients_max", clients_max()),
        ),
        (
            refused(|genesis| genesis.endowments = vec![endowment(3), endowment(3)]),
            "client 3 of the genesis is out of order or stands twice",
        ),
        (
            refused(|genesis| {
                genesis.endowments = vec![Endowment { position: i64::MAX, ..endowment(4) }];
            }),
            "the endowment of client 4 is too large",
        ),
    ];
    for (error, text) in cases {
        assert_eq!(error.to_string(), text);
        let restore = RestoreError::Genesis(error);
        assert_eq!(restore.to_string(), text);
        assert_eq!(restore.source().unwrap().to_string(), text);
    }
}

fn clients_max() -> u32 {
    Genesis::open().limits.clients_max
}

#[test]
fn a_level_is_seen_at_its_price_and_nowhere_else() {
    let mut engine = Engine::new(&Genesis::open()).unwrap();
    for (ticks, lots) in [(100, 2), (100, 3), (5_000_000, 1)] {
        let place = Place {
            client: ClientId(1),
            reference: Reference(0),
            side: Side::Sell,
            qty: qty(lots),
            kind: OrderKind::Limit { price: price(ticks), post_only: false },
            tif: TimeInForce::Gtc,
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        };
        engine.apply(&Command::Place(place), &mut Vec::new());
    }
    let lots = |side, ticks| engine.level(side, price(ticks)).map(|level| level.qty);
    assert_eq!(lots(Side::Sell, 100), engine.levels(Side::Sell).next().map(|level| level.qty));
    assert_eq!(engine.levels(Side::Sell).count(), 2);
    assert!(lots(Side::Sell, 5_000_000).is_some());
    assert_eq!((lots(Side::Sell, 101), lots(Side::Buy, 100)), (None, None));
    assert_eq!((engine.levels_on(Side::Sell), engine.levels_on(Side::Buy)), (2, 0));
}
