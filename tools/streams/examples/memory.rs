//! Memory follows live orders, not history: a long stream with a thousand live orders through the
//! kernel, and the most memory that the process ever had (generator included).
//!
//! `memory [OPERATIONS]`, 100,000,000 unless told.

#![expect(clippy::print_stdout, reason = "figures are its output")]

use std::error::Error;

use kernel::{ClientId, Engine, Genesis};
use streams::{Expected, Generator, Recipe, S4K};

fn main() -> Result<(), Box<dyn Error>> {
    let operations = match std::env::args().nth(1) {
        Some(operations) => operations.parse()?,
        None => 100_000_000,
    };
    let recipe = Recipe { name: "long", live: 1_000, operations, ..S4K };
    let mut engine = Engine::new(&Genesis::open()).map_err(|error| error.to_string())?;
    let (mut generator, mut events) = (Generator::new(recipe), Vec::new());
    let (mut made, mut live_max, mut found) = (0, 0, Expected::default());
    for operation in generator.by_ref() {
        if made == recipe.live {
            found = Expected::default();
        }
        events.clear();
        engine.apply(&operation.command(ClientId(1)), &mut events);
        for event in &events {
            found.take(event);
        }
        made += 1;
        live_max = live_max.max(engine.orders_live());
    }
    assert_eq!(found, generator.result(), "the kernel makes the trades of the plain book");
    println!("{made} operations, {} trades, at most {live_max} live orders", found.trades);
    println!("most memory: {:.1} MiB", f64::from(peak_kibibytes()?) / 1024.0);
    Ok(())
}

/// The most resident memory that this process has had, as Linux counts it.
fn peak_kibibytes() -> Result<u32, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let figure = line.ok_or("Linux says VmHWM")?.trim().trim_end_matches(" kB");
    Ok(figure.parse()?)
}
