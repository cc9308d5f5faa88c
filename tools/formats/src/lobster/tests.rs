//! Hand-written days, through one door: what they become, and that the kernel agrees with them.

mod comparing;
mod conversion;
mod habits;
mod numbers;
mod reading;
mod reveal;

use std::fmt::Write;

use kernel::{Command, Engine, Genesis, OrderKind, TimeInForce, Unlogged};

use super::compare::{self, Report};
use super::{ANONYMOUS_BASE, Day, Item, LobsterError, Options, Summary, convert};

const PLAIN: Options = Options { group: true, plain: true };
const SINGLE: Options = Options { group: false, plain: false };

/// Files as text, a row on each line, indented or not.
fn file(text: &str) -> String {
    text.trim().lines().fold(String::new(), |file, line| file + line.trim() + "\n")
}

fn read(messages: &str, orderbook: &str) -> Result<Day, LobsterError> {
    Day::read(file(messages).as_bytes(), file(orderbook).as_bytes(), None)
}

/// Converts a day and compares the stream, one item on a line:
/// `clock 5`, `#1 buy 10x99 ref 7` (`ioc` at the end where it is), `#1 -3`, `#1 gone`, `= row 0`.
/// The kernel's replay must be equal at every mark.
#[track_caller]
fn check(options: Options, messages: &str, orderbook: &str, expected: &str) -> Summary {
    let day = read(messages, orderbook).expect("the files are a day");
    let conversion = convert(&day, options);
    assert_eq!(shown(&conversion.items), file(expected));
    let report = replayed(&day, &conversion.items);
    assert!(report.is_equal(), "{report:?}");
    assert_eq!(conversion.summary.anomalies.total(), 0, "{:?}", conversion.summary.anomalies);
    conversion.summary
}

/// Converts a day that contradicts itself; returns what was counted and what the replay showed.
#[track_caller]
fn contradict(messages: &str, orderbook: &str) -> (Summary, Report) {
    let day = read(messages, orderbook).expect("the files are a day");
    let conversion = convert(&day, Options::RECORDED);
    let report = replayed(&day, &conversion.items);
    assert_ne!(conversion.summary.anomalies.total(), 0, "a contradiction is counted");
    (conversion.summary, report)
}

fn replayed(day: &Day, items: &[Item]) -> Report {
    let engine = Engine::new(&Genesis::open()).expect("open genesis is one");
    let Ok(report) = compare::replay(day, items, &mut Unlogged::new(engine));
    report
}

fn shown(items: &[Item]) -> String {
    let mut text = String::new();
    let mut placed = 0;
    for item in items {
        match *item {
            Item::Mark { row } => writeln!(text, "= row {row}"),
            Item::Command(Command::Clock { time, .. }) => writeln!(text, "clock {time}"),
            Item::Command(Command::Cancel { order, .. }) => writeln!(text, "#{order} gone"),
            Item::Command(Command::Reduce { order, by, .. }) => writeln!(text, "#{order} -{by}"),
            Item::Command(Command::Place(place)) => {
                let OrderKind::Limit { price, post_only: false } = place.kind else {
                    panic!("only plain limit orders are placed")
                };
                let reference = match place.reference.0.checked_sub(ANONYMOUS_BASE) {
                    Some(number) => format!("anonymous {number}"),
                    None => format!("ref {}", place.reference),
                };
                let tif = if place.tif == TimeInForce::Ioc { " ioc" } else { "" };
                placed += 1;
                let (side, qty) = (place.side, place.qty);
                writeln!(text, "#{placed} {side} {qty}x{price} {reference}{tif}")
            }
            Item::Command(
                Command::Replace { .. }
                | Command::MassCancel { .. }
                | Command::SetRule(_)
                | Command::Uncross,
            ) => panic!("never part of a conversion"),
        }
        .expect("a string takes everything");
    }
    text
}
