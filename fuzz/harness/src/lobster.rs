//! The LOBSTER importer: a day is read or refused with its line, conversion and comparison never
//! panic, and a day out of a real market is reproduced row by row and exported as it was.

use formats::lobster::{Day, Item, LobsterError, Options, compare, convert};
use formats::tables::{Book, BookFormat, Table, When};
use kernel::{Engine, Genesis};
use replay::{Entry, Mark, Moment};

use crate::input::Input;
use crate::patch::patch;

mod day;

/// Reads raw texts, or those of a day that a market could have had, changed in a few places.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(4) {
        0 => {
            let len = input.u16();
            let messages = input.slice(len.into());
            check(messages, input.rest());
        }
        1 => {
            let patches = 1 + input.below(3);
            let depth = 1 + input.index(3);
            let (mut messages, mut orderbook) = day::write(&mut input, depth);
            for _ in 0..patches {
                let file = if input.flag() { &mut messages } else { &mut orderbook };
                patch(&mut input, file, b"0123456789,-9999999999,0\n4,1112,10,2147483648,.-1\n");
            }
            check(&messages, &orderbook);
        }
        2 => {
            // Levels come into view that nothing was told of.
            let depth = 1 + input.index(3);
            let (messages, orderbook) = day::write(&mut input, depth);
            let day = Day::read(&messages[..], &orderbook[..], None).unwrap();
            follow(&day, Options { group: false, plain: true });
        }
        _ => in_sight(&mut input),
    }
}

/// A day of which every level is in sight: nothing has to be inferred.
fn in_sight(input: &mut Input<'_>) {
    let (messages, orderbook) = day::write(input, day::PRICES);
    let day = Day::read(&messages[..], &orderbook[..], None).unwrap();
    let conversion = convert(&day, Options::RECORDED);
    assert_eq!(conversion.summary.anomalies.total(), 0, "no contradiction");
    let mut venue = Market::new();
    let Ok(report) = compare::replay(&day, &conversion.items, &mut venue);
    assert!(report.is_equal(), "every row and execution: {report:?}");
    let exported = export(&conversion.items, day::PRICES);
    // Each row of the table is led by its number.
    let numbered = |(row, line): (usize, &str)| format!("{row},{line}");
    let expected = std::str::from_utf8(&orderbook).unwrap().split_inclusive('\n').enumerate();
    let expected: String = expected.map(numbered).collect();
    assert!(exported == expected.as_bytes(), "the book is exported as it was imported");
}

/// The book at every mark, as the table of `replay export` writes it.
fn export(items: &[Item], depth: usize) -> Vec<u8> {
    let Ok(mut engine) = Engine::new(&Genesis::open()) else { panic!("a genesis") };
    let (mut text, mut events) = (Vec::new(), Vec::new());
    let mut book = Book::new(&mut text, BookFormat::Lobster, When::Rows, depth).unwrap();
    for (number, item) in (1..).zip(items) {
        events.clear();
        let entry = match *item {
            Item::Command(command) => {
                engine.apply(&command, &mut events);
                Entry::Command(command)
            }
            Item::Mark { row } => Entry::Mark(Mark { name: "row".parse().unwrap(), number: row }),
        };
        let (entry, events, engine) = (&entry, &events[..], &engine);
        book.observe(&Moment { number, entry, events, engine, closes: None }).unwrap();
    }
    book.finish(&engine).unwrap();
    text
}

fn check(messages: &[u8], orderbook: &[u8]) {
    let day = match Day::read(messages, orderbook, None) {
        Ok(day) => day,
        Err(error) => return check_error(&error, messages, orderbook),
    };
    for options in [Options::RECORDED, Options { group: false, plain: true }] {
        follow(&day, options);
    }
}

fn follow(day: &Day, options: Options) {
    let conversion = convert(day, options);
    let marks = conversion.items.iter().filter(|item| matches!(item, Item::Mark { .. })).count();
    let summary = conversion.summary;
    assert_eq!(summary.rows_comparable, marks as u64);
    assert_eq!(summary.rows, day.rows() as u64);
    assert!(options.group || marks == day.rows(), "every row is comparable");
    let mut venue = Market::new();
    let Ok(report) = compare::replay(day, &conversion.items, &mut venue);
    assert_eq!(report.rows, marks as u64);
    assert_eq!(venue.engine.check(), Ok(()));
}

fn check_error(error: &LobsterError, messages: &[u8], orderbook: &[u8]) {
    let lines = |text: &[u8]| text.split(|byte| *byte == b'\n').count() as u64;
    let most = lines(messages).max(lines(orderbook));
    let line = match error {
        LobsterError::Malformed { line, .. } | LobsterError::RowsDiffer { line, .. } => *line,
        LobsterError::Io { .. } | _ => panic!("nothing else can be wrong: {error}"),
    };
    assert!((1..=most).contains(&line), "line {line} of {most}");
    assert!(error.to_string().contains(&format!("line {line}")));
}

/// A venue that keeps nothing.
struct Market {
    engine: Engine,
    events: Vec<kernel::Event>,
}

impl Market {
    fn new() -> Self {
        let Ok(engine) = Engine::new(&Genesis::open()) else { panic!("a genesis") };
        Self { engine, events: Vec::new() }
    }
}

impl kernel::Venue for Market {
    type Error = std::convert::Infallible;

    fn submit(&mut self, command: kernel::Command) -> Result<&[kernel::Event], Self::Error> {
        self.events.clear();
        self.engine.apply(&command, &mut self.events);
        Ok(&self.events)
    }

    fn note(&mut self, _: kernel::Decision<'_>) -> Result<(), Self::Error> {
        Ok(())
    }

    fn mark(&mut self, _: &str, _: u64) -> Result<(), Self::Error> {
        Ok(())
    }

    fn engine(&self) -> &Engine {
        &self.engine
    }
}
