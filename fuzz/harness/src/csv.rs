//! Plain command CSV: a text is imported or refused with its line, and what is imported is exported
//! and imported again as the same.

use formats::plain::{PlainError, PlainReader, PlainWriter};
use kernel::{Command, Engine, Genesis};
use replay::{Entry, Moment};

use crate::input::Input;
use crate::market;
use crate::patch::patch;
use crate::plan::entry;

/// Most entries of a plan.
const ENTRIES_MAX: u8 = 48;
/// Clients above make a market of many megabytes out of one row.
const CLIENT_MAX: u32 = 4_096;

/// Imports a text, or one that was exported, changed in a few places.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(4) {
        0 => check(input.rest()),
        1 => {
            let patches = 1 + input.below(3);
            let (_, _, mut text) = exported(&mut input);
            for _ in 0..patches {
                patch(&mut input, &mut text, b"0123456789,,\n==+-client=set_rule expire=again=1");
            }
            check(&text);
        }
        _ => {
            let (genesis, entries, text) = exported(&mut input);
            let Some((read, again)) = import(&text).unwrap() else { return };
            assert_eq!((read, again), (genesis, entries), "what was exported");
        }
    }
}

/// A market, its commands and marks, and both as a text.
fn exported(input: &mut Input<'_>) -> (Genesis, Vec<Entry>, Vec<u8>) {
    let icebergs = input.flag();
    let genesis = market::genesis(input);
    let Ok(mut engine) = Engine::new(&genesis) else { panic!("a genesis: {genesis:?}") };
    let (mut entries, mut events) = (Vec::new(), Vec::new());
    for _ in 0..input.below(ENTRIES_MAX) {
        let Some(entry) = entry(input, &engine, icebergs) else { continue };
        if let Entry::Command(command) = &entry {
            events.clear();
            engine.apply(command, &mut events);
        }
        entries.push(entry);
    }
    let text = export(&genesis, &entries);
    // The notes of a producer have no row.
    entries.retain(|entry| matches!(entry, Entry::Command(_) | Entry::Mark(_)));
    (genesis, entries, text)
}

fn export(genesis: &Genesis, entries: &[Entry]) -> Vec<u8> {
    let mut text = Vec::new();
    let mut writer = PlainWriter::open(&mut text, genesis).unwrap();
    let Ok(mut engine) = Engine::new(genesis) else { panic!("a genesis: {genesis:?}") };
    let mut events = Vec::new();
    for (number, entry) in (1..).zip(entries) {
        events.clear();
        if let Entry::Command(command) = entry {
            engine.apply(command, &mut events);
        }
        let moment = Moment { number, entry, events: &events, engine: &engine, closes: None };
        writer.observe(&moment).unwrap();
    }
    writer.finish().unwrap();
    text
}

/// The market and entries of a text; `None` where they would need too much memory.
fn import(text: &[u8]) -> Result<Option<(Genesis, Vec<Entry>)>, PlainError> {
    let (genesis, mut reader) = PlainReader::open(text)?;
    if genesis.endowments.iter().any(|endowment| CLIENT_MAX < endowment.client.0) {
        return Ok(None);
    }
    let Ok(mut engine) = Engine::new(&genesis) else { panic!("a reader checks: {genesis:?}") };
    let (mut entries, mut events) = (Vec::new(), Vec::new());
    while let Some(entry) = reader.next_entry(&engine)? {
        if let Entry::Command(command) = &entry {
            if let Command::Place(place) = command
                && CLIENT_MAX < place.client.0
            {
                return Ok(None);
            }
            events.clear();
            engine.apply(command, &mut events);
        }
        entries.push(entry);
    }
    assert_eq!(engine.check(), Ok(()));
    Ok(Some((genesis, entries)))
}

fn check(text: &[u8]) {
    match import(text) {
        Ok(Some((genesis, entries))) => {
            let again = export(&genesis, &entries);
            let read = import(&again).unwrap();
            assert_eq!(read, Some((genesis, entries)), "exported and imported again");
        }
        Ok(None) => {}
        Err(error) => {
            let lines = text.split(|byte| *byte == b'\n').count() as u64;
            assert!((1..=lines).contains(&error.line), "line {} of {lines}", error.line);
            assert!(error.to_string().starts_with("line "));
        }
    }
}
