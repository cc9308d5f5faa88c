//! Golden logs, taken apart: any state of them is enough to go on from, and whatever is changed in
//! them is found where it was changed.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use kernel::{Command, Engine, Event, Qty, Section};
use replay::bisect::compare;
use replay::block::Cursor;
use replay::{Archive, Entry, Genesis, Mark, ReadLimits, Reader, Recorder, SyncPolicy};
use tests::random::Dice;

/// The golden logs that are kept whole.
fn goldens() -> Vec<(String, Vec<u8>)> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../golden");
    let folders = ["adversarial", "ecology"].map(|system| golden.join(system));
    let entries = folders.iter().flat_map(|folder| {
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path())
    });
    let is_log = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "log");
    let mut paths: Vec<_> = entries.filter(is_log).collect();
    paths.sort();
    assert!(6 <= paths.len(), "there are golden logs");
    let read = |path: PathBuf| {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        (name, fs::read(path).expect("a file"))
    };
    paths.into_iter().map(read).collect()
}

/// What a log starts from, and its entries without the end.
fn read(log: &[u8]) -> (Genesis, Vec<Entry>) {
    let mut reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).expect("a log");
    let mut entries = Vec::new();
    while let Some(block) = reader.next_block().expect("a whole log") {
        let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
        while cursor.next(block, &mut entry).expect("readable") {
            entries.push(entry.clone());
        }
    }
    assert_eq!(entries.pop(), Some(Entry::End));
    (reader.header().genesis.clone(), entries)
}

fn sections(engine: &Engine) -> [Vec<u8>; 6] {
    Section::ALL.map(|section| {
        let mut bytes = Vec::new();
        engine.write_section(section, &mut bytes);
        bytes
    })
}

fn restored(genesis: &Genesis, sections: &[Vec<u8>; 6]) -> Engine {
    Engine::restore(&genesis.market, sections.each_ref().map(|bytes| &bytes[..])).expect("a state")
}

fn apply(engine: &mut Engine, entry: &Entry) -> Vec<Event> {
    let mut events = Vec::new();
    if let Entry::Command(command) = entry {
        engine.apply(command, &mut events);
    }
    events
}

/// From every state of every golden one can go on: one entry from each, to the end from some.
#[test]
fn every_state_of_a_golden_is_enough_to_go_on_from() {
    for (name, log) in goldens() {
        let (genesis, entries) = read(&log);
        let mut engine = Engine::new(&genesis.market).expect("a market");
        let mut travellers: Vec<(usize, Engine)> = Vec::new();
        let mut before = sections(&engine);
        for (index, entry) in entries.iter().enumerate() {
            let mut one_on = restored(&genesis, &before);
            if index % 97 == 0 {
                travellers.push((index, one_on.clone()));
            }
            let events = apply(&mut engine, entry);
            assert_eq!(apply(&mut one_on, entry), events, "{name}: from {index}, one entry on");
            let after = sections(&engine);
            assert_eq!(sections(&one_on), after, "{name}: from {index}, one entry on");
            for (from, traveller) in &mut travellers {
                assert_eq!(apply(traveller, entry), events, "{name}: from {from} to {index}");
                assert_eq!(sections(traveller), after, "{name}: from {from} to {index}");
            }
            before = after;
        }
        assert!(30 <= travellers.len(), "{name}: travellers went from many places");
    }
}

/// Another entry in the place of this one.
fn changed(entry: &Entry, dice: &mut Dice) -> Entry {
    match entry {
        Entry::Command(Command::Place(place)) => {
            let mut place = *place;
            place.qty = Qty::new(place.qty.lots() % 1_000 + 1).expect("a quantity");
            Entry::Command(Command::Place(place))
        }
        Entry::Decision(decision) if !decision.action.is_empty() => {
            let mut decision = decision.clone();
            let at = usize::try_from(dice.below(decision.action.len().try_into().expect("few")));
            decision.action[at.expect("few")] ^= 1;
            Entry::Decision(decision)
        }
        Entry::Decision(_) | Entry::Command(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => {
            Entry::Mark(Mark { name: "changed".parse().expect("a name"), number: 1 })
        }
    }
}

fn record(genesis: &Genesis, entries: &[Entry]) -> Vec<u8> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let recorder = Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None);
    let mut recorder = recorder.expect("a recorder");
    for entry in entries {
        recorder.take(entry).expect("taken");
    }
    recorder.finish().expect("finished");
    log
}

fn archive(log: &[u8]) -> Archive<&[u8]> {
    Archive::open(log, Vec::new(), ReadLimits::DEFAULT).expect("a log")
}

#[test]
fn one_changed_entry_of_a_golden_is_named() {
    let goldens = goldens();
    let mut dice = Dice::new(200);
    for edit in 0..201 {
        let (name, log) = &goldens[edit % goldens.len()];
        let (genesis, entries) = read(log);
        let at = usize::try_from(dice.below(entries.len().try_into().expect("few"))).expect("few");
        let mut edited = entries.clone();
        match edit % 4 {
            0 | 1 => edited[at] = changed(&entries[at], &mut dice),
            2 => drop(edited.remove(at)),
            _ => edited.insert(at, changed(&entries[at], &mut dice)),
        }
        let other = record(&genesis, &edited);
        // Where a list of entries is compared with another one by one.
        let pairs = entries.iter().zip(&edited);
        let first = pairs.clone().take_while(|(a, b)| a == b).count();
        let found = compare(&archive(log), &archive(&other)).expect("two logs");
        let parting = found.parting.expect("they part");
        assert_eq!(parting.entry, first as u64 + 1, "{name}: edit {edit} at entry {}", at + 1);
        assert_eq!(parting.entries[0].as_ref(), entries.get(first));
        assert_eq!(parting.entries[1].as_ref(), edited.get(first));
        assert_eq!(found.behaviour, None, "{name}: one kernel recorded both");
    }
}
