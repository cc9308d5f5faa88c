//! Markets out of state bytes: a market that is restored at any moment goes on as the one that
//! wrote the bytes, and any other bytes are refused or are those of the market that comes out.

use kernel::{Engine, Event, Genesis};

use crate::input::Input;
use crate::market::{self, StateBytes, state_bytes};
use crate::patch::patch;

/// Most commands before and behind the moment.
const COMMANDS_MAX: u8 = 64;

/// Restores a market out of its own bytes, of changed ones, or of foreign ones.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(4) {
        0 => foreign(&mut input),
        1 => changed(&mut input),
        _ => same(&mut input),
    }
}

fn restore(genesis: &Genesis, bytes: &StateBytes) -> Option<Engine> {
    let engine = Engine::restore(genesis, bytes.each_ref().map(Vec::as_slice)).ok()?;
    assert_eq!(engine.check(), Ok(()), "invariants of a restored market");
    assert_eq!(state_bytes(&engine), *bytes, "a restored market writes the bytes it came from");
    Some(engine)
}

/// A market that has carried some commands out.
fn market(input: &mut Input<'_>) -> (Genesis, Engine, bool) {
    let icebergs = input.flag();
    let genesis = market::genesis(input);
    let Ok(mut engine) = Engine::new(&genesis) else { panic!("a genesis: {genesis:?}") };
    let mut events = Vec::new();
    for _ in 0..input.below(COMMANDS_MAX) {
        let command = market::command(input, &engine, icebergs);
        events.clear();
        engine.apply(&command, &mut events);
    }
    (genesis, engine, icebergs)
}

fn same(input: &mut Input<'_>) {
    let (genesis, mut engine, icebergs) = market(input);
    let bytes = state_bytes(&engine);
    let Some(mut copy) = restore(&genesis, &bytes) else { panic!("a state is refused: {bytes:?}") };
    let (mut events, mut copied): (Vec<Event>, Vec<Event>) = (Vec::new(), Vec::new());
    for _ in 0..COMMANDS_MAX {
        if input.is_empty() {
            break;
        }
        let command = market::command(input, &engine, icebergs);
        events.clear();
        copied.clear();
        engine.apply(&command, &mut events);
        copy.apply(&command, &mut copied);
        assert_eq!(copied, events, "the restored market after {command:?}");
    }
    assert_eq!(state_bytes(&copy), state_bytes(&engine), "at the end");
    assert_eq!(copy.check(), Ok(()));
}

fn changed(input: &mut Input<'_>) {
    let patches = 1 + input.below(3);
    let (genesis, engine, icebergs) = market(input);
    let mut bytes = state_bytes(&engine);
    for _ in 0..patches {
        let section = input.index(6);
        let other = bytes[input.index(6)].clone();
        patch(input, &mut bytes[section], &other);
    }
    go_on(&genesis, &bytes, icebergs, input);
}

/// Sections as they come: six lengths, then their bytes.
fn foreign(input: &mut Input<'_>) {
    let genesis = Genesis::open();
    let lengths: [u16; 6] = std::array::from_fn(|_| input.u16());
    let bytes = lengths.map(|length| input.slice(length.into()).to_vec());
    go_on(&genesis, &bytes, false, input);
}

/// A market out of bytes of anybody keeps its invariants whatever comes.
fn go_on(genesis: &Genesis, bytes: &StateBytes, icebergs: bool, input: &mut Input<'_>) {
    let Some(mut engine) = restore(genesis, bytes) else { return };
    let mut events = Vec::new();
    for _ in 0..COMMANDS_MAX {
        if input.is_empty() {
            break;
        }
        let command = market::command(input, &engine, icebergs);
        events.clear();
        engine.apply(&command, &mut events);
        assert_eq!(engine.check(), Ok(()), "invariants after {command:?}");
    }
}
