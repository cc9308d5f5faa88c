//! Rule 9: a market out of its state bytes goes on as the one that wrote them, whatever comes.

use kernel::{
    ClientId, Command, Engine, Genesis, OrderId, OrderKind, Place, Reference, SelfTrade, Side,
    Step, TimeInForce, TimeNs,
};
use tests::random::{Dice, Scenario, price, qty};
use tests::restore::{compare, copy, follow, restore, state_bytes};
use tests::run::seeded;
use tests::twin::Twin;

/// What the markets that were restored held, so that the test is known to be worth something.
#[derive(Debug, Default)]
struct Met {
    orders: u32,
    icebergs: u32,
    expiries: u32,
    stops: u32,
    triggered: u32,
    crossed: u32,
    trades: u32,
}

impl Met {
    fn count(&mut self, engine: &Engine) {
        let [bids, asks, ..] = state_bytes(engine);
        self.orders += engine.orders_live();
        self.stops += engine.orders_waiting();
        self.triggered += u32::from(engine.stops().any(|stop| stop.is_triggered));
        self.trades += u32::from(engine.last_trade().is_some());
        let mut rest = &[bids, asks].concat()[..];
        while !rest.is_empty() {
            let flags = rest[37];
            self.icebergs += u32::from(flags & 2 != 0);
            self.expiries += u32::from(flags & 4 != 0);
            let more = usize::from(flags & 2 != 0) + usize::from(flags & 4 != 0);
            rest = &rest[38 + 8 * more..];
        }
        let bests = engine.best(Side::Buy).zip(engine.best(Side::Sell));
        self.crossed += u32::from(bests.is_some_and(|(bid, ask)| ask <= bid));
    }
}

/// Runs a scenario; at each place that the dice choose one more market is restored, and all of them
/// follow the first to the end.
fn run(scenario: &Scenario, dice: &mut Dice, met: &mut Met) -> Result<(), String> {
    let mut market = Twin::new(&scenario.genesis)?;
    let mut copies: Vec<Engine> = vec![copy(&scenario.genesis, market.engine())?];
    for planned in &scenario.moves {
        let command = planned.command(&market);
        let events = market.apply_unchecked(command)?;
        for copy in &mut copies {
            follow(market.engine(), copy, &command, &events)?;
        }
        // Stops that a halt has overtaken are rare.
        let is_rare = market.engine().stops().any(|stop| stop.is_triggered);
        if is_rare || dice.one_in(25) {
            copies.push(copy(&scenario.genesis, market.engine())?);
            met.count(market.engine());
        }
    }
    Ok(())
}

#[test]
fn a_restored_market_goes_on_as_the_one_that_wrote_it() {
    let mut met = Met::default();
    for seed in 0..600 {
        let mut dice = Dice::new(seed ^ 0x5eed);
        run(&seeded(seed, 100), &mut dice, &mut met)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
    let Met { orders, icebergs, expiries, stops, triggered, crossed, trades } = met;
    let rarest = [orders, icebergs, expiries, stops, triggered, crossed, trades].into_iter().min();
    assert!(Some(10) <= rarest, "met too seldom: {met:?}");
}

/// Few orders live long, most do not: their ids lie far apart, as in a market that ran for days.
fn long_command(dice: &mut Dice, placed: u64, time: TimeNs) -> Command {
    let client = ClientId(dice.below(20));
    let side = dice.pick(&[Side::Buy, Side::Sell]);
    let lots = qty(dice.within(1, 20));
    let furthest = if dice.one_in(3) { 100_000 } else { 300 };
    let away = dice.within(1, furthest);
    let passive = match side {
        Side::Buy => price(1_000_000 - away),
        Side::Sell => price(1_000_000 + away),
    };
    let back = if dice.one_in(3) { dice.below(40_000) } else { dice.below(20) };
    let order = OrderId(placed.saturating_sub(u64::from(back)));
    let place = Place {
        client,
        reference: Reference(placed),
        side,
        qty: lots,
        kind: OrderKind::Limit { price: passive, post_only: false },
        tif: match dice.below(3) {
            0 => TimeInForce::Gtt(TimeNs(time.0 + u64::from(dice.within(1, 500)))),
            1 => TimeInForce::Ioc,
            _ => TimeInForce::Gtc,
        },
        display: None,
        stop: None,
        self_trade: SelfTrade::CancelOldest,
    };
    match dice.below(20) {
        0..10 => Command::Place(place),
        10 => Command::Place(Place {
            kind: OrderKind::Market,
            tif: TimeInForce::Ioc,
            stop: dice.one_in(2).then_some(passive),
            ..place
        }),
        11..18 => Command::Cancel { client, order },
        18 => Command::Replace { client, order, price: passive, qty: lots },
        _ => Command::Clock { time: TimeNs(time.0 + 1), step: Step(0) },
    }
}

#[test]
fn a_market_with_old_orders_is_restored_time_and_again() {
    const COMMANDS: u32 = 80_000;
    let genesis = Genesis::open();
    let mut engine = Engine::new(&genesis).unwrap();
    let mut dice = Dice::new(9);
    let (mut copies, mut events) = (Vec::new(), Vec::new());
    for number in 1..=COMMANDS {
        let mut command = long_command(&mut dice, engine.placed(), engine.time());
        if let Command::Cancel { client, order } | Command::Replace { client, order, .. } =
            &mut command
        {
            // The owner gives the command, but for the few orders that are to grow old.
            let owner = engine.order(*order).map(|order| order.client);
            *client = owner.filter(|_| order.0 % 1_000 != 7).unwrap_or(*client);
        }
        events.clear();
        engine.apply(&command, &mut events);
        for copy in &mut copies {
            let mut own = Vec::new();
            Engine::apply(copy, &command, &mut own);
            assert_eq!(own, events, "command {number}");
        }
        if number % 10_000 == 0 {
            for copy in &copies {
                compare(&engine, copy).unwrap_or_else(|error| panic!("command {number}: {error}"));
            }
            copies.push(copy(&genesis, &engine).unwrap());
        }
    }
    let ids: Vec<u64> = engine.queue(Side::Buy).map(|order| order.order.0).collect();
    let oldest = ids.iter().min().copied().unwrap_or(u64::MAX);
    assert!(oldest < 10_000 && 300 < ids.len(), "no order grew old: #{oldest} of {}", ids.len());
}

/// A page for each run of ids between the two orders would need thousands of terabytes.
#[test]
fn ids_that_lie_far_apart_cost_nothing() {
    let placed = (1 << 62) - 100;
    let mut bytes = state_bytes(&Engine::new(&Genesis::open()).unwrap());
    bytes[5][16..24].copy_from_slice(&u64::to_le_bytes(placed));
    bytes[5][24..32].copy_from_slice(&u64::to_le_bytes(placed));
    for (id, priority) in [(1, 1), (placed - 5, 3), (placed / 2, placed)] {
        bytes[0].extend(100_u32.to_le_bytes());
        bytes[0].extend(u64::to_le_bytes(id));
        bytes[0].extend([0; 12]);
        bytes[0].extend(5_u32.to_le_bytes());
        bytes[0].extend(u64::to_le_bytes(priority));
        bytes[0].extend([0, 0]);
    }
    // A stop that is older than everything else but the first order.
    bytes[2].extend(2_u64.to_le_bytes());
    bytes[2].extend([0; 12]);
    bytes[2].extend([3, 0, 0, 0, 1, 100, 0, 0, 0, 0, 3, 200, 0, 0, 0]);
    let genesis = Genesis::open();
    let mut engine = restore(&genesis, &bytes).unwrap();
    let mut copies = vec![copy(&genesis, &engine).unwrap()];
    let client = ClientId(0);
    let sell = Command::Place(Place {
        client,
        reference: Reference(0),
        side: Side::Sell,
        qty: qty(2),
        kind: OrderKind::Limit { price: price(100), post_only: false },
        tif: TimeInForce::Gtc,
        display: None,
        stop: None,
        self_trade: SelfTrade::Allow,
    });
    let replace = |id, ticks| Command::Replace {
        client,
        order: OrderId(id),
        price: price(ticks),
        qty: qty(4),
    };
    // The first sell triggers the stop, which comes to rest.
    for command in
        [sell, replace(1, 90), replace(placed / 2, 90), replace(2, 210), sell, replace(1, 91), sell]
    {
        let mut events = Vec::new();
        engine.apply(&command, &mut events);
        for copy in &mut copies {
            follow(&engine, copy, &command, &events).unwrap();
        }
        copies.push(copy(&genesis, &engine).unwrap());
    }
    assert_eq!((engine.orders_live(), engine.placed()), (4, placed + 3));
}
