//! Our kernel, all events and accounts included; one client, who may trade with itself.

use kernel::{ClientId, Engine, Event, Genesis};
use streams::Operation;

use super::{Book, Made};

pub(crate) const NAME: &str = "kernel";
/// As a replay can run it: what comes next is known.
pub(crate) const NAME_AHEAD: &str = "kernel, look-ahead";

const CLIENT: ClientId = ClientId(1);

struct Ours {
    engine: Engine,
    events: Vec<Event>,
    looks_ahead: bool,
}

pub(crate) fn open(live: u32) -> Box<dyn Book> {
    Box::new(new(live, false))
}

pub(crate) fn open_ahead(live: u32) -> Box<dyn Book> {
    Box::new(new(live, true))
}

fn new(live: u32, looks_ahead: bool) -> Ours {
    let mut genesis = Genesis::open();
    genesis.limits.orders_max = genesis.limits.orders_max.max(live.saturating_mul(2));
    let Ok(engine) = Engine::new(&genesis) else { unreachable!("the genesis is in its bounds") };
    Ours { engine, events: Vec::with_capacity(1 << 10), looks_ahead }
}

impl Book for Ours {
    fn apply(&mut self, operation: Operation, made: &mut Made) {
        self.events.clear();
        self.engine.apply(&operation.command(CLIENT), &mut self.events);
        for event in &self.events {
            made.traded.take(event);
            made.refused += u64::from(matches!(event, Event::Rejected { .. }));
        }
    }

    fn run(&mut self, operations: &[Operation], made: &mut Made) {
        if self.looks_ahead {
            self.engine.look_ahead(operations.iter().copied().filter_map(Operation::named));
        }
        for operation in operations {
            self.apply(*operation, made);
        }
    }
}
