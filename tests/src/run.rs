//! Runs random scenarios through both kernels.

use kernel::Event;

use crate::census::Census;
use crate::random::{Dice, Prices, Scenario};
use crate::render;
use crate::twin::Twin;

/// How often states and invariants are compared; events always are.
#[derive(Clone, Copy, Debug)]
pub enum Compare {
    /// After each command, and that a refusal changes nothing.
    Always,
    /// After so many commands, and at the end.
    Every(usize),
}

/// Runs a scenario.
///
/// # Errors
/// The first difference, with the script that leads to it, for [`check`](crate::check).
pub fn run(scenario: &Scenario, compare: Compare, census: &mut Census) -> Result<(), String> {
    let mut market = Twin::new(&scenario.genesis)?;
    let mut told: Vec<(String, Vec<Event>)> = Vec::new();
    let mut result = Ok(());
    for (done, planned) in (1_usize..).zip(&scenario.moves) {
        let command = planned.command(&market);
        let state = market.engine().rules().state;
        let events = match compare {
            Compare::Always => market.apply(command),
            Compare::Every(commands) => market.apply_unchecked(command).and_then(|events| {
                if done % commands == 0 || done == scenario.moves.len() {
                    market.compare_states()?;
                    market.check_engine()?;
                }
                Ok(events)
            }),
        };
        match events {
            Ok(events) => {
                census.count(&command, state, &events);
                told.push((render::command(&command), events));
            }
            Err(error) => {
                told.push((render::command(&command), Vec::new()));
                result = Err(error);
                break;
            }
        }
    }
    result.map_err(|error| {
        let mut script = render::genesis(&scenario.genesis);
        for (command, events) in told {
            script.push(command);
            script.extend(events.iter().map(|event| format!("  {}", render::event(event))));
        }
        format!("{error}\nafter:\n{}", script.join("\n"))
    })
}

/// The scenario of a seed, a function of the seed alone.
pub fn seeded(seed: u64, moves: u32) -> Scenario {
    let mut dice = Dice::new(seed);
    let prices = dice.pick(&[Prices::Narrow, Prices::Narrow, Prices::Whole, Prices::Jumping]);
    Scenario::random(prices, moves, &mut dice)
}

/// The scenario with as many moves left out as can be while it still fails.
pub fn shrunk(scenario: &Scenario) -> Scenario {
    let mut smallest = scenario.clone();
    let fails = |smaller: &Scenario| run(smaller, Compare::Always, &mut Census::new()).is_err();
    while let Some(smaller) = smallest.smaller().into_iter().find(fails) {
        smallest = smaller;
    }
    smallest
}
