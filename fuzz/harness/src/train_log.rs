//! Logs of any updates and marks through the reader of `train.log`: nothing panics, and what is read
//! is what would be written.

use std::collections::BTreeMap;
use std::rc::Rc;

use replay::{Entry, Genesis, Mark, ReadLimits, Reader, Recorder, SyncPolicy, Update};
use runs::config::Config;
use runs::train_log::{self, TrainLog, first_parting};

use crate::input::Input;

thread_local! {
    static GENESIS: Rc<Genesis> = Rc::new(genesis());
}

/// The learners that a run has, and some that none has.
const LEARNERS: [u32; 12] = [1, 16, 17, 18, 19, 32, 33, 34, 35, 0, 20, 36];
/// Names of marks: the last closes an update.
const NAMES: [&str; 5] = ["a", "b", "maker.loss", "updates", "update"];

fn genesis() -> Genesis {
    let machine = BTreeMap::from([("threads".to_owned(), "1".to_owned())]);
    train_log::genesis(&Config::preset("smoke").unwrap(), &machine)
}

/// Writes a log as the bytes say, reads it, and compares it with another.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let is_ended = input.flag();
    let mut genesis = GENESIS.with(|genesis| (**genesis).clone());
    match input.below(16) {
        0 => "other".clone_into(&mut genesis.producer),
        1 => {
            let key = genesis.parameters.keys().nth(input.index(150)).cloned();
            let text = String::from_utf8_lossy(input.slice(4)).into_owned();
            genesis.parameters.extend(key.map(|key| (key, text)));
        }
        _ => {}
    }
    let entries = entries(&mut input);
    let Some(read) = read(&genesis, &entries, is_ended) else { return };
    let mut again = Vec::new();
    for update in &read.updates {
        again.extend(update.entries().unwrap());
    }
    assert!(again[..] == entries[..again.len()], "an update has one form");
    let open = u64::try_from(entries.len() - again.len()).unwrap();
    assert_eq!(read.open_entries, open);
    assert_eq!(read.is_ended, is_ended);
    assert_eq!(first_parting(&read, &read), None);
    let mut shorter = read.clone();
    if let Some(last) = shorter.updates.pop() {
        let parting = first_parting(&read, &shorter).unwrap();
        assert_eq!(parting.update, last.update);
        assert_eq!(first_parting(&shorter, &read), Some(parting));
    }
}

fn entries(input: &mut Input<'_>) -> Vec<Entry> {
    let (mut entries, mut number) = (Vec::new(), u64::from(input.below(3)));
    while !input.is_empty() {
        let byte = input.u8();
        let place = usize::from(byte & 0x0F);
        entries.push(match (byte >> 4, LEARNERS.get(place), NAMES.get(place)) {
            (0..=7, Some(learner), _) => {
                Entry::Update(Update { learner: *learner, number, digest: [byte; 32] })
            }
            (8..=12, _, Some(name)) => {
                let is_close = *name == "update";
                let of_mark = if is_close { number } else { u64::from(input.u8()) << 55 };
                number = number.wrapping_add(u64::from(is_close));
                Entry::Mark(Mark { name: name.parse().unwrap(), number: of_mark })
            }
            (13, ..) => {
                number = u64::from(input.u8());
                continue;
            }
            (14, ..) => Entry::Command(kernel::Command::Uncross),
            _ => continue,
        });
    }
    entries
}

fn read(genesis: &Genesis, entries: &[Entry], is_ended: bool) -> Option<TrainLog> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let recorder = Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None);
    let mut recorder = recorder.unwrap();
    for entry in entries {
        recorder.take(entry).unwrap();
    }
    if is_ended {
        recorder.finish().unwrap();
    } else {
        recorder.sync().unwrap();
    }
    let reader = Reader::open(&log[..], tail, ReadLimits::DEFAULT).unwrap();
    match TrainLog::read(reader) {
        Ok(read) => Some(read),
        Err(error) => {
            assert!(!error.to_string().contains(char::is_control), "{error}");
            None
        }
    }
}
