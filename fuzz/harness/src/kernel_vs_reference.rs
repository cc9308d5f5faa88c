//! The fast kernel against the reference: equal events after every command, and equal state bytes.
//!
//! State bytes are compared behind every fourth command and at the end: they cost far more than a
//! command, and a state that differs stays so or shows in events.

use kernel::reference::ReferenceMarket;
use kernel::{Engine, Event, Section};

use crate::input::Input;
use crate::market;

/// Most commands of one execution.
const COMMANDS_MAX: usize = 128;
/// Commands between two comparisons of states.
const STATE_EVERY: usize = 4;

/// Carries out one market by both.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let icebergs = input.flag();
    let genesis = market::genesis(&mut input);
    let (Ok(mut engine), Ok(mut reference)) =
        (Engine::new(&genesis), ReferenceMarket::new(&genesis))
    else {
        panic!("every start is a genesis: {genesis:?}");
    };
    let endowed = totals(&engine);
    let (mut fast, mut slow): (Vec<Event>, Vec<Event>) = (Vec::new(), Vec::new());
    let mut buffers = (Vec::new(), Vec::new());
    for number in 1..=COMMANDS_MAX {
        if input.is_empty() {
            break;
        }
        let command = market::command(&mut input, &engine, icebergs);
        fast.clear();
        slow.clear();
        engine.apply(&command, &mut fast);
        reference.apply(&command, &mut slow);
        assert_eq!(fast, slow, "engine and reference after {command:?}");
        assert!(!fast.is_empty(), "a command yields an event: {command:?}");
        if number % STATE_EVERY == 0 || input.is_empty() || number == COMMANDS_MAX {
            compare(&engine, &reference, &mut buffers);
            assert_eq!(engine.check(), Ok(()), "invariants after {command:?}");
            assert_eq!(totals(&engine), endowed, "rule 7.5 after {command:?}");
        }
    }
}

fn compare(engine: &Engine, reference: &ReferenceMarket, buffers: &mut (Vec<u8>, Vec<u8>)) {
    let (fast, slow) = buffers;
    for section in Section::ALL {
        fast.clear();
        slow.clear();
        engine.write_section(section, fast);
        reference.write_section(section, slow);
        assert_eq!(fast, slow, "section {}", section.name());
    }
}

/// Lots and cash of all accounts and both pots.
fn totals(engine: &Engine) -> (i128, i128) {
    let lots = engine.accounts().map(|account| i128::from(account.position)).sum();
    let cash: i128 = engine.accounts().map(|account| account.cash).sum();
    (lots, cash + engine.taxes() + engine.fees())
}
