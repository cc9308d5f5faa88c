//! What the kernel's layout claims, each claim a bench: `cargo bench -p streams`.
//!
//! Every figure is the time of one iteration, which the bench's comment names; arguments that the
//! claim calls equal stand under each other. Wall time: on a busy machine only the fastest counts.

use divan::{Bencher, black_box};
use kernel::{
    ClientId, Command, Engine, Event, Genesis, OrderId, OrderKind, Place, Price, Qty, Reference,
    SelfTrade, Side, TimeInForce,
};
use streams::{Operation, Recipe, S1M, S4K, Stream, generate};

/// Operations that a replayer looks at together.
const TOGETHER: usize = 64;

fn main() {
    divan::main();
}

/// One operation of `s4k`, all events read, by so many clients in turn.
#[divan::bench(args = [1, 64, 4096], sample_count = 100, sample_size = 10_000)]
fn one_operation_of_s4k_costs_the_same_with_accounts(bencher: Bencher<'_, '_>, clients: u32) {
    let mut tape = Tape::new(Recipe { operations: 1_000_000, ..S4K }, clients, false);
    bencher.bench_local(|| tape.step());
    tape.market.check();
}

/// One operation on half a million live orders, without and with a look ahead.
#[divan::bench(args = [false, true], sample_count = 50, sample_size = 6_400)]
fn deep_books_with_look_ahead(bencher: Bencher<'_, '_>, looks_ahead: bool) {
    let recipe = Recipe { live: 500_000, operations: 320_000, ..S1M };
    let mut tape = Tape::new(recipe, 1, looks_ahead);
    bencher.bench_local(|| tape.step());
    tape.market.check();
}

/// One cancel somewhere in a queue of so many orders, and an order at its end in its place. 8192
/// orders rest, whatever the length of the queues.
#[divan::bench(args = [8, 256, 8192], sample_count = 100, sample_size = 4_096)]
fn a_cancel_is_constant_time(bencher: Bencher<'_, '_>, queue: u32) {
    const ORDERS: u32 = 8_192;
    let mut market = Market::new(ORDERS);
    let price = |order: u32| 100_000 - order / queue;
    // Which order rests in each place.
    let mut resting: Vec<u64> =
        (0..ORDERS).map(|order| market.place(Side::Buy, price(order), 1)).collect();
    let mut place = 0;
    bencher.bench_local(|| {
        // An odd step meets every place before it meets one again.
        place = (place + 2_897) % ORDERS;
        let order = &mut resting[place as usize];
        market.cancel(*order);
        *order = market.place(Side::Buy, price(place), 1);
    });
    assert_eq!(market.engine.orders_live(), ORDERS);
    market.check();
}

/// One cancel and one order at one of 1024 prices, near the best or a million ticks from it, where
/// no window reaches.
#[divan::bench(args = [0, 1_000_000], sample_count = 100, sample_size = 4_096)]
fn far_prices_cost_a_map_lookup(bencher: Bencher<'_, '_>, distance: u32) {
    const LEVELS: u32 = 1_024;
    const BEST: u32 = 2_000_000;
    let mut market = Market::new(LEVELS);
    market.place(Side::Buy, BEST, 1);
    let price = |level: u32| BEST - 1 - distance - level;
    let mut resting: Vec<u64> =
        (0..LEVELS).map(|level| market.place(Side::Buy, price(level), 1)).collect();
    let mut level = 0;
    bencher.bench_local(|| {
        level = (level + 361) % LEVELS;
        let order = &mut resting[level as usize];
        market.cancel(*order);
        *order = market.place(Side::Buy, price(level), 1);
    });
    assert_eq!(market.engine.orders_live(), LEVELS + 1);
    market.check();
}

/// One order that rests and is filled, and its part of the order that takes so many of them.
#[divan::bench(args = [1, 10, 100, 1_000], sample_count = 100, sample_size = 4_000)]
fn a_sweep_costs_per_fill(bencher: Bencher<'_, '_>, fills: u32) {
    // Ten to a level: a sweep crosses levels too.
    const QUEUE: u32 = 10;
    let mut market = Market::new(fills);
    // Out of reach, so that no sweep empties the side.
    market.place(Side::Sell, 200_000, 1);
    let mut placed = 0;
    bencher.bench_local(|| {
        market.place(Side::Sell, 100_000 + placed / QUEUE, 1);
        placed += 1;
        if placed == fills {
            market.place(Side::Buy, 100_000 + fills, fills);
            placed = 0;
        }
    });
    assert_eq!(market.engine.orders_live(), placed + 1);
    market.check();
}

/// A market, and the events of the last command.
struct Market {
    engine: Engine,
    events: Vec<Event>,
    placed: u64,
}

impl Market {
    /// With room for twice as many live orders.
    fn new(live: u32) -> Self {
        let mut genesis = Genesis::open();
        genesis.limits.orders_max = genesis.limits.orders_max.max(live.saturating_mul(2));
        let Ok(engine) = Engine::new(&genesis) else {
            unreachable!("the genesis is in its bounds")
        };
        Self { engine, events: Vec::with_capacity(1 << 12), placed: 0 }
    }

    fn apply(&mut self, command: &Command) {
        self.events.clear();
        self.engine.apply(command, &mut self.events);
        for event in &self.events {
            black_box(event);
        }
    }

    /// A limit order at a price in ticks; returns its id.
    fn place(&mut self, side: Side, price: u32, qty: u32) -> u64 {
        self.placed += 1;
        let (Ok(price), Ok(qty)) = (Price::new(price), Qty::new(qty)) else {
            unreachable!("the benches' numbers are in range")
        };
        self.apply(&Command::Place(Place {
            client: ClientId(1),
            reference: Reference(0),
            side,
            qty,
            kind: OrderKind::Limit { price, post_only: false },
            tif: TimeInForce::Gtc,
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        }));
        self.placed
    }

    fn cancel(&mut self, order: u64) {
        self.apply(&Command::Cancel { client: ClientId(1), order: OrderId(order) });
    }

    /// A bench whose book is wrong measures nothing.
    fn check(&self) {
        assert_eq!(self.engine.check(), Ok(()));
    }
}

/// A stream that is applied one operation at a time.
struct Tape {
    stream: Stream,
    clients: u32,
    looks_ahead: bool,
    market: Market,
    next: usize,
}

impl Tape {
    /// A stream at its first timed operation.
    fn new(recipe: Recipe, clients: u32, looks_ahead: bool) -> Self {
        let stream = generate(recipe);
        let market = Market::new(recipe.live);
        let mut tape = Self { stream, clients, looks_ahead, market, next: 0 };
        for _ in 0..tape.stream.untimed {
            tape.step();
        }
        tape
    }

    /// Applies the next operation. There are as many as the bench has iterations.
    fn step(&mut self) {
        if self.looks_ahead && self.next.is_multiple_of(TOGETHER) {
            let end = self.stream.operations.len().min(self.next + TOGETHER);
            let coming = &self.stream.operations[self.next..end];
            self.market.engine.look_ahead(coming.iter().copied().filter_map(Operation::named));
        }
        let operation = self.stream.operations[self.next];
        self.next += 1;
        let (Operation::Limit { id, .. } | Operation::Market { id, .. } | Operation::Cancel { id }) =
            operation;
        self.market.apply(&operation.command(ClientId(id % self.clients)));
    }
}
