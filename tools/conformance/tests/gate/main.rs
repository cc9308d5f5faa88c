//! The benchmark's edge cases, in our own words and through the adapter: short streams of messages
//! that its random workload does not build and on which engines of the field have failed
//! (`docs/CONFORMANCE.md` and `CORRECTNESS_FINDINGS.md` of `flash1-dev/matching-engine-benchmark`).
//!
//! A case is a script. Messages stand at column 0: `buy 7 10 @100` is a new order with id 7, `ioc`
//! may follow; `cancel 7`; `modify 7 11 @101`. Below each stand its reports, and last what the three
//! queries say: best bid and ask, each with the open lots at that price.

#![expect(clippy::unwrap_used, reason = "tests")]

mod ids;
mod modifies;
mod prices;
mod queues;
mod sweeps;

use std::fmt::Write;

use conformance::adapter::{Adapter, Cancel, Message, Modify, NewOrder};
use conformance::report::{Kind, Report};
use kernel::Side;

/// Runs a script and compares it with what the adapter answered.
#[track_caller]
fn case(script: &str) {
    let mut adapter = Adapter::new();
    let mut got = String::new();
    let lines = || script.lines().map(|line| line.strip_prefix("        ").unwrap_or(line));
    let messages = lines().filter(|line| !line.is_empty() && !line.starts_with(' '));
    for (line, sequence) in messages.zip(0..) {
        let mut reports = Vec::new();
        adapter.message(&parse(line, sequence), &mut reports);
        adapter.engine().check().unwrap();
        writeln!(got, "{line}").unwrap();
        for report in &reports {
            assert_eq!(report.sequence, sequence, "a report names its message");
            writeln!(got, "  {}", render(report)).unwrap();
        }
        let side = |side| touch(&adapter, side);
        writeln!(got, "  {} | {}", side(Side::Buy), side(Side::Sell)).unwrap();
    }
    let expected: String = lines().filter(|line| !line.is_empty()).fold(String::new(), append);
    assert!(got == expected, "expected:\n{expected}\ngot:\n{got}");
}

fn append(mut text: String, line: &str) -> String {
    text.push_str(line);
    text.push('\n');
    text
}

fn parse(line: &str, sequence: u64) -> Message {
    let words: Vec<&str> = line.split(' ').collect();
    let order = words[1].parse().unwrap();
    if words[0] == "cancel" {
        return Message::Cancel(Cancel { order, sequence });
    }
    let qty = words[2].parse().unwrap();
    let price = words[3].strip_prefix('@').unwrap().parse().unwrap();
    match words[0] {
        "modify" => Message::Modify(Modify { order, sequence, price, qty }),
        side => {
            let side = if side == "buy" { Side::Buy } else { Side::Sell };
            let ioc = words.get(4).is_some_and(|word| *word == "ioc");
            Message::New(NewOrder { order, sequence, price, qty, side, ioc })
        }
    }
}

fn render(report: &Report) -> String {
    let &Report { kind, side, qty, order, price, taker, .. } = report;
    let side = if side == Side::Buy { "buy" } else { "sell" };
    match kind {
        Kind::OrderAck => format!("taken {side} {order} {qty} @{price}"),
        Kind::Trade => format!("{taker} meets {order}: {qty} @{price}"),
        Kind::CancelAck => format!("gone {side} {order} {qty} @{price}"),
        Kind::ModifyAck => format!("changed {side} {order} {qty} @{price}"),
        Kind::CancelReject => format!("no {order} to cancel"),
        Kind::ModifyReject => format!("no {order} to modify"),
    }
}

fn touch(adapter: &Adapter, side: Side) -> String {
    let Some(price) = adapter.best(side) else { return "-".to_owned() };
    format!("{price} x{}", adapter.depth(side, price))
}
