//! Random commands through both kernels: the same events, the same state bytes, the invariants.

use std::fmt;

use kernel::{
    ClientId, Command, Endowment, Event, Genesis, MarketState, OrderId, OrderKind, Place,
    Reference, RuleChange, SelfTrade, Side, Step, TimeInForce, TimeNs,
};
use quickcheck::{Gen, QuickCheck};
use tests::arbitrary::{FarScenario, NarrowScenario};
use tests::census::Census;
use tests::random::{Dice, price, qty};
use tests::run::{Compare, run, seeded};
use tests::twin::Twin;

/// A difference in words; quickcheck prints `Debug`, which would escape the line ends.
struct Difference(String);

impl fmt::Debug for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Rule 7.5 is checked by [`Twin::apply`] from the views, with everything else.
#[test]
fn random_commands_conserve_lots_and_cash() {
    #[expect(clippy::needless_pass_by_value, reason = "quickcheck hands scenarios over")]
    fn property(scenario: NarrowScenario) -> Result<(), Difference> {
        run(&scenario.0, Compare::Always, &mut Census::new()).map_err(Difference)
    }
    QuickCheck::new()
        .rng(Gen::new(150))
        .tests(2000)
        .quickcheck(property as fn(NarrowScenario) -> Result<(), Difference>);
}

#[test]
fn kernels_agree_when_prices_are_far_apart() {
    #[expect(clippy::needless_pass_by_value, reason = "quickcheck hands scenarios over")]
    fn property(scenario: FarScenario) -> Result<(), Difference> {
        run(&scenario.0, Compare::Always, &mut Census::new()).map_err(Difference)
    }
    QuickCheck::new()
        .rng(Gen::new(150))
        .tests(1000)
        .quickcheck(property as fn(FarScenario) -> Result<(), Difference>);
}

/// The generator is worth something only if it gets everywhere: every variant of every command,
/// event and reason, in a run that is always the same.
#[test]
#[expect(clippy::print_stdout, reason = "the table is read when the generator changes")]
fn random_commands_reach_every_variant() {
    let mut census = Census::new();
    for seed in 0..800 {
        run(&seeded(seed, 100), Compare::Always, &mut census)
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
    println!("{}", census.table());
    let rare = census.rarer_than(20);
    assert!(rare.is_empty(), "met fewer than 20 times: {rare:?}\n{}", census.table());
}

/// A command of the long run: mostly passive limit orders about a slowly moving centre, and as
/// many that take them out again.
fn long_run_command(dice: &mut Dice, centre: u32, placed: u64, time: TimeNs) -> Command {
    let client = ClientId(dice.below(50));
    let recent = OrderId(placed.saturating_sub(u64::from(dice.below(6000))));
    let side = dice.pick(&[Side::Buy, Side::Sell]);
    let lots = qty(dice.within(1, 50));
    let away = dice.within(1, 400);
    let passive = match side {
        Side::Buy => price(centre - away),
        Side::Sell => price(centre + away),
    };
    let mut place = Place {
        client,
        reference: Reference(placed),
        side,
        qty: lots,
        kind: OrderKind::Limit { price: passive, post_only: false },
        tif: TimeInForce::Gtc,
        display: dice.one_in(8).then(|| qty(dice.within(lots.lots() / 4, lots.lots()))),
        stop: None,
        self_trade: dice.pick(&[SelfTrade::CancelOldest, SelfTrade::Decrement, SelfTrade::Allow]),
    };
    match dice.below(100) {
        0..40 => Command::Place(place),
        40..46 => {
            place.tif = TimeInForce::Gtt(TimeNs(time.0 + u64::from(dice.within(1, 500))));
            Command::Place(place)
        }
        46..50 => {
            // A buy is triggered above the centre, a sell below it.
            place.stop = Some(price(match side {
                Side::Buy => centre + away,
                Side::Sell => centre - away,
            }));
            place.display = None;
            Command::Place(place)
        }
        50..60 => {
            (place.kind, place.tif) = (OrderKind::Market, TimeInForce::Ioc);
            place.display = None;
            Command::Place(place)
        }
        60..65 => {
            (place.kind, place.display) = (OrderKind::MarketToLimit, None);
            Command::Place(place)
        }
        65..88 => Command::Cancel { client, order: recent },
        88..92 => Command::Reduce { client, order: recent, by: lots },
        92..94 => Command::Clock { time: TimeNs(time.0 + 1), step: Step(0) },
        _ => Command::Replace { client, order: recent, price: passive, qty: lots },
    }
}

/// The live order with the lowest id: replaced ones grow old while all about them die.
fn oldest(market: &Twin) -> OrderId {
    let engine = market.engine();
    let resting = engine.queue(Side::Buy).chain(engine.queue(Side::Sell)).map(|it| it.order);
    resting.chain(engine.stops().map(|stop| stop.order)).min().unwrap_or(OrderId(0))
}

/// Thousands of live orders, so that every structure of the fast book grows and is used again.
#[test]
fn a_long_run_with_a_deep_book_agrees() {
    const COMMANDS: u32 = 60_000;
    const CLIENTS: u32 = 50;
    let endowment = |client| Endowment { client: ClientId(client), position: 1000, cash: 0 };
    let genesis = Genesis { endowments: (0..CLIENTS).map(endowment).collect(), ..Genesis::open() };
    let mut market = Twin::new(&genesis).unwrap();
    let mut dice = Dice::new(42);
    let mut centre = 1_000_000;
    let (mut deepest, mut trades) = (0, 0);
    for number in 1..=COMMANDS {
        if dice.one_in(50) {
            centre = centre + dice.below(41) - 20;
        }
        if dice.one_in(20_000) {
            centre = dice.within(1000, 2_000_000_000);
        }
        let mut command = {
            let engine = market.engine();
            long_run_command(&mut dice, centre, engine.placed(), engine.time())
        };
        if let Command::Cancel { client, order }
        | Command::Reduce { client, order, .. }
        | Command::Replace { client, order, .. } = &mut command
        {
            if dice.one_in(50) {
                *order = oldest(&market);
            }
            // The owner gives the command, or most would be refused.
            let waiting = market.engine().stops().find(|stop| stop.order == *order);
            let resting = market.engine().order(*order).map(|resting| resting.client);
            *client = resting.or(waiting.map(|stop| stop.client)).unwrap_or(*client);
        }
        let events = market.apply_unchecked(command).unwrap();
        trades += events.iter().filter(|event| matches!(event, Event::Traded { .. })).count();
        deepest = deepest.max(market.engine().orders_live());
        // An auction for five hundred commands, in which the centre moves on.
        let at = number % 10_000;
        if at == 5_000 || at == 5_500 {
            let state = if at == 5_000 { MarketState::Auction } else { MarketState::Continuous };
            market.apply_unchecked(Command::SetRule(RuleChange::State(state))).unwrap();
        }
        if (5_000..5_500).contains(&at) && dice.one_in(100) {
            centre = centre + dice.below(201) - 100;
            market.apply_unchecked(Command::Uncross).unwrap();
        }
        if number % 5_000 == 0 {
            market.compare_states().unwrap();
            market.check_engine().unwrap();
        }
        // Now and then nearly all orders die; at the end really all.
        if number % 15_000 == 0 {
            let spared = u32::from(number < COMMANDS);
            for client in (spared..CLIENTS).map(ClientId) {
                market.apply_unchecked(Command::MassCancel { client }).unwrap();
            }
        }
    }
    market.compare_states().unwrap();
    market.check_engine().unwrap();
    assert_eq!(market.engine().orders_live(), 0, "every client's orders are cancelled");
    assert!(2000 < deepest, "the book was never deep: {deepest} orders");
    assert!(10_000 < trades, "hardly a trade: {trades}");
}
