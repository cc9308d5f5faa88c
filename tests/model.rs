//! Random commands through both kernels: the same events, the same state bytes, the invariants.

use std::fmt;

use kernel::{
    ClientId, Command, Endowment, Event, Genesis, OrderId, OrderKind, Place, Reference, SelfTrade,
    Side, TimeInForce,
};
use quickcheck::{Gen, QuickCheck};
use tests::arbitrary::{FarScenario, NarrowScenario};
use tests::census::Census;
use tests::random::{Dice, Prices, Scenario, price, qty};
use tests::render;
use tests::twin::Twin;

/// A difference in words; quickcheck prints `Debug`, which would escape the line ends.
struct Difference(String);

impl fmt::Debug for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Runs a scenario; an error ends with the script that leads to it, for `check`.
fn run(scenario: &Scenario, census: &mut Census) -> Result<(), String> {
    let mut market = Twin::new(&scenario.genesis)?;
    let mut script = render::genesis(&scenario.genesis);
    for planned in &scenario.moves {
        let command = planned.command(&market);
        script.push(render::command(&command));
        let events = market
            .apply(command)
            .map_err(|error| format!("{error}\nafter:\n{}", script.join("\n")))?;
        census.count(&command, &events);
        script.extend(events.iter().map(|event| format!("  {}", render::event(event))));
    }
    Ok(())
}

/// Rule 7.5 is checked by [`Twin::apply`] from the views, with everything else.
#[test]
fn random_commands_conserve_lots_and_cash() {
    #[expect(clippy::needless_pass_by_value, reason = "quickcheck hands scenarios over")]
    fn property(scenario: NarrowScenario) -> Result<(), Difference> {
        run(&scenario.0, &mut Census::new()).map_err(Difference)
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
        run(&scenario.0, &mut Census::new()).map_err(Difference)
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
    for seed in 0..300 {
        let mut dice = Dice::new(seed);
        let prices = dice.pick(&[Prices::Narrow, Prices::Narrow, Prices::Whole, Prices::Jumping]);
        let scenario = Scenario::random(prices, 100, &mut dice);
        run(&scenario, &mut census).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    }
    println!("{}", census.table());
    let rare = census.rarer_than(20);
    assert!(rare.is_empty(), "met fewer than 20 times: {rare:?}\n{}", census.table());
}

/// A command of the long run: mostly passive limit orders about a slowly moving centre, and as
/// many that take them out again.
fn long_run_command(dice: &mut Dice, centre: u32, placed: u64) -> Command {
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
        self_trade: dice.pick(&[SelfTrade::CancelOldest, SelfTrade::Decrement, SelfTrade::Allow]),
    };
    match dice.below(100) {
        0..50 => Command::Place(place),
        50..60 => {
            place.kind = OrderKind::Market;
            place.tif = TimeInForce::Ioc;
            Command::Place(place)
        }
        60..65 => {
            place.kind = OrderKind::MarketToLimit;
            Command::Place(place)
        }
        65..90 => Command::Cancel { client, order: recent },
        90..95 => Command::Reduce { client, order: recent, by: lots },
        _ => Command::Replace { client, order: recent, price: passive, qty: lots },
    }
}

/// The live order with the lowest id: replaced ones grow old while all about them die.
fn oldest(market: &Twin) -> OrderId {
    let engine = market.engine();
    let live = engine.queue(Side::Buy).chain(engine.queue(Side::Sell));
    live.map(|resting| resting.order).min().unwrap_or(OrderId(0))
}

/// Thousands of live orders, so that every structure of the fast book grows and is used again.
#[test]
fn a_long_run_with_a_deep_book_agrees() {
    const COMMANDS: u32 = 200_000;
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
        let mut command = long_run_command(&mut dice, centre, market.engine().placed());
        if let Command::Cancel { client, order }
        | Command::Reduce { client, order, .. }
        | Command::Replace { client, order, .. } = &mut command
        {
            if dice.one_in(50) {
                *order = oldest(&market);
            }
            // The owner gives the command, or most would be refused.
            *client = market.engine().order(*order).map_or(*client, |resting| resting.client);
        }
        let events = market.apply_unchecked(command).unwrap();
        trades += events.iter().filter(|event| matches!(event, Event::Traded { .. })).count();
        deepest = deepest.max(market.engine().orders_live());
        if number % 10_000 == 0 {
            market.compare_states().unwrap();
            market.check_engine().unwrap();
        }
        // Now and then nearly all orders die; at the end really all.
        if number % 50_000 == 0 {
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
