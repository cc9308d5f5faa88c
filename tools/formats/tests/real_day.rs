//! A real trading day, GOOG of 2012-06-21 at ten levels, through converter, log and replay.
//!
//! No market data is part of the project. The test runs where `REPLAY_LOBSTER_MESSAGES` and
//! `REPLAY_LOBSTER_ORDERBOOK` name the two files (a free sample of the LOBSTER project), and says
//! so where they do not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod lifo;

use std::io::Write;

use formats::lobster::compare::{self, Comparer, Report};
use formats::lobster::{Conversion, Day, Item, Options, convert};
use replay::{Entry, Genesis, Mark, Player, ReadLimits, Reader, Recorder, SyncPolicy};

use lifo::LifoBook;

/// Rows of the file.
const ROWS: u64 = 147_916;
/// Rows that a stream with one command for each aggressor can be compared at.
const ROWS_GROUPED: u64 = 145_840;
const EXECUTIONS: u64 = 7_764;
/// Executions of row 131728: five sells at one price, executed in another order than they arrived.
const EXECUTIONS_OF_THE_ODD_RUN: u64 = 5;
const ODD_RUN: u64 = 131_728;
const CORRECTIONS_MAX: u64 = 18_100;

/// The two files' texts; `None`, said aloud, where they are not at hand.
fn files() -> Option<(String, String)> {
    let read = |name| {
        let path = std::env::var_os(name)?;
        Some(std::fs::read_to_string(&path).unwrap_or_else(|error| {
            panic!("{name} is {}: {error}", path.display());
        }))
    };
    let files = read("REPLAY_LOBSTER_MESSAGES").zip(read("REPLAY_LOBSTER_ORDERBOOK"));
    if files.is_none() {
        let text = "NOT RUN: REPLAY_LOBSTER_MESSAGES and REPLAY_LOBSTER_ORDERBOOK are not set\n";
        // Past the harness, which would keep the words of a passing test to itself.
        std::io::stderr().write_all(text.as_bytes()).unwrap();
    }
    files
}

fn read_day(messages: &str, orderbook: &str) -> Day {
    Day::read(messages.as_bytes(), orderbook.as_bytes(), None).unwrap()
}

/// Records a converted day and compares the recorder's market on the way.
fn record(day: &Day, items: &[Item]) -> (Vec<u8>, Report) {
    let genesis = Genesis::new(kernel::Genesis::open(), "test");
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    let report = compare::replay(day, items, &mut recorder).unwrap();
    recorder.finish().unwrap();
    (log, report)
}

/// Compares a day with the marks and events of a replayed log instead of a live market.
fn replay_and_compare(day: &Day, items: &[Item]) -> Report {
    let genesis = Genesis::new(kernel::Genesis::open(), "test");
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for item in items {
        let entry = match *item {
            Item::Command(command) => Entry::Command(command),
            Item::Mark { row } => Entry::Mark(Mark { name: "row".parse().unwrap(), number: row }),
        };
        recorder.take(&entry).unwrap();
    }
    recorder.finish().unwrap();

    let reader = Reader::open(&log[..], tail, ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let mut comparer = Comparer::new(day);
    while let Some(moment) = player.advance().unwrap() {
        comparer.observe(moment.events);
        if let Entry::Mark(mark) = moment.entry {
            comparer.mark(mark.number, |side| moment.engine.levels(side));
        }
    }
    comparer.finish()
}

#[track_caller]
fn assert_reproduced(report: &Report, rows: u64) {
    assert_eq!((report.rows, report.rows_equal), (rows, rows), "{:?}", report.first_row);
    assert_eq!(report.executions_expected, EXECUTIONS);
    assert_eq!(report.executions_found, EXECUTIONS);
    assert_eq!(report.executions_alike, EXECUTIONS, "price and size of every execution");
    assert_eq!(report.executions_equal, EXECUTIONS - EXECUTIONS_OF_THE_ODD_RUN);
    assert_eq!(report.refused, 0);
}

#[test]
fn a_real_day_is_reproduced_row_by_row_and_trade_by_trade() {
    let Some((messages, orderbook)) = files() else { return };
    let day = read_day(&messages, &orderbook);
    assert_eq!(day.rows() as u64, ROWS, "the files are not GOOG 2012-06-21 at ten levels");
    let Conversion { items, summary } = convert(&day, Options::RECORDED);
    assert_eq!(summary.anomalies.total(), 0);
    let corrections = summary.commands.seeds + summary.commands.purges;
    assert!(corrections <= CORRECTIONS_MAX, "{corrections} seeds and purges");

    let report = replay_and_compare(&day, &items);
    assert_reproduced(&report, ROWS_GROUPED);
    assert_eq!(report.execution_rows, [ODD_RUN]);
}

#[test]
fn without_grouping_every_row_of_a_real_day_is_reproduced() {
    let Some((messages, orderbook)) = files() else { return };
    let day = read_day(&messages, &orderbook);
    let Conversion { items, .. } = convert(&day, Options { group: false, plain: false });
    let (_, report) = record(&day, &items);
    assert_reproduced(&report, ROWS);
    // Each execution of the odd run is a row of its own here.
    assert!(report.execution_rows.iter().all(|row| row.abs_diff(ODD_RUN) < 5), "{report:?}");
}

#[test]
fn two_imports_of_a_real_day_are_the_same_bytes() {
    let Some((messages, orderbook)) = files() else { return };
    let import = || {
        let day = read_day(&messages, &orderbook);
        record(&day, &convert(&day, Options::RECORDED).items).0
    };
    assert!(import() == import());
}

#[test]
fn control_a_lifo_queue_fails_on_a_real_day() {
    let Some((messages, orderbook)) = files() else { return };
    let day = read_day(&messages, &orderbook);
    let mut book = LifoBook::default();
    let mut comparer = Comparer::new(&day);
    for item in convert(&day, Options::RECORDED).items {
        match item {
            Item::Command(command) => comparer.observe(&book.apply(command)),
            Item::Mark { row } => {
                comparer.mark(row, |side| book.levels(side));
            }
        }
    }
    let report = comparer.finish();
    assert!(report.rows_equal * 2 < report.rows, "{} rows equal", report.rows_equal);
    let (equal, expected) = (report.executions_equal, report.executions_expected);
    assert!(equal * 10 < expected * 6, "{equal} of {expected} executions equal");
}

#[test]
fn control_another_size_in_the_messages_of_a_real_day_fails() {
    let Some((messages, orderbook)) = files() else { return };
    let mut lines: Vec<_> = messages.lines().map(str::to_owned).collect();
    let row = lines.len() / 2;
    let row = row + lines.iter().skip(row).position(|line| line.contains(",1,")).unwrap();
    let fields: Vec<_> = lines[row].split(',').map(str::to_owned).collect();
    let [time, kind, order, size, price, direction] = fields.try_into().unwrap();
    let size = size.parse::<u32>().unwrap() + 1;
    lines[row] = [time, kind, order, size.to_string(), price, direction].join(",");
    let day = read_day(&(lines.join("\n") + "\n"), &orderbook);
    let Conversion { items, summary } = convert(&day, Options::RECORDED);
    let (_, report) = record(&day, &items);
    assert!(report.rows_equal < report.rows || 0 < summary.anomalies.total());
    assert_eq!(report.first_row.map(|(first, _)| first), Some(row as u64));
}
