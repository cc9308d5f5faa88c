//! The differences of two logs as text.

use std::fmt::Write as _;

use formats::render::{entry_text, event_text};

use super::Found;
use super::accounts::{Account, cash_text};
use super::difference::{Clock, Count, Difference, Field, Finding, OrderName, Subject, Which};
use super::genesis::Kinship;
use super::lockstep::{Part, Parting};
use crate::commands::names::Names;
use crate::commands::run::entries_text;

/// Events of the parting that are shown of each log: a sweep may have thousands.
const EVENTS_SHOWN: usize = 8;

/// Everything, or the summary alone. Writing to a string cannot fail.
pub(super) fn words(found: &Found, is_stat: bool) -> String {
    let mut text = String::new();
    for which in Which::BOTH {
        let place = which.index();
        let genesis = &found.geneses[place];
        let _ = writeln!(
            text,
            "{}  {}: {}, seed {}, entries {}",
            which.name(),
            found.paths[place],
            genesis.producer.escape_debug(),
            genesis.seed,
            entries_text(&found.summaries[place])
        );
    }
    if found.is_equal() {
        let [a, _] = &found.summaries;
        let _ = writeln!(text, "equal: genesis and {} entries, head {}", a.entries, a.head);
        return text;
    }
    text += &genesis(found);
    text += &parting(found);
    if found.parting.is_some() {
        text += &counts(found);
    }
    text += &accounts(found);
    text += &sections(found);
    if found.parting.is_some() {
        text += &statistics(found);
    }
    if !is_stat {
        text += &differences(found);
    }
    text
}

fn genesis(found: &Found) -> String {
    let mut text = String::new();
    match found.kinship {
        Some(Kinship::Fork { child, entry }) => {
            let (child, parent) = (child.name(), child.other().name());
            let _ = writeln!(text, "\n{child} is a fork of {parent} at entry {entry}");
        }
        Some(Kinship::Siblings { entry }) => {
            let _ = writeln!(text, "\nA and B are forks of one log at entry {entry}");
        }
        None => {}
    }
    if found.genesis.is_empty() {
        text.push_str("\ngenesis: equal\n");
        return text;
    }
    text.push_str("\ngenesis\n");
    let lines = found.genesis.iter().map(|field| format!("  {}", field_text(field, ":")));
    text + &limited(lines, found.genesis.len(), found.limit)
}

/// Texts of a foreign log are shown, never obeyed: control characters are escaped.
fn field_text(Field { name, values: [a, b] }: &Field, mark: &str) -> String {
    format!("{}{mark} {} -> {}", name.escape_debug(), a.escape_debug(), b.escape_debug())
}

/// So many lines, and how many more there are.
fn limited(lines: impl Iterator<Item = String>, len: usize, limit: Option<usize>) -> String {
    let shown = limit.unwrap_or(len).min(len);
    let mut text = lines.take(shown).fold(String::new(), |text, line| text + &line + "\n");
    if shown < len {
        let _ = writeln!(text, "  and {} more: --limit 0 lists all", len - shown);
    }
    text
}

fn parting(found: &Found) -> String {
    let Some(parting) = &found.parting else { return "\nentries: equal\n".to_owned() };
    let Parting { entry, clock, sides } = parting;
    let mut text = format!("\nparting at entry {entry}, {}\n", clock_text(*clock));
    if parting.is_of_events() {
        text.push_str("  the entry is the same, and the market answers otherwise\n");
    }
    for (which, side) in Which::BOTH.into_iter().zip(sides) {
        if let Some(part) = side {
            text += &part_text(which, part, parting.is_of_events(), found.names);
        } else {
            let (name, other) = (which.name(), which.other().name());
            let _ =
                writeln!(text, "  {name}  nothing: all of {name} stands in {other}, which goes on");
        }
    }
    text
}

fn part_text(which: Which, part: &Part, with_events: bool, names: Names) -> String {
    let name = which.name();
    let author = names.author(&part.entry).map_or_else(String::new, |author| author + ": ");
    let mut text = format!("  {name}  {author}{}\n", entry_text(&part.entry));
    if with_events {
        for event in part.events.iter().take(EVENTS_SHOWN) {
            let _ = writeln!(text, "       {}", event_text(event));
        }
        if EVENTS_SHOWN < part.events.len() {
            let _ = writeln!(text, "       and {} more events", part.events.len() - EVENTS_SHOWN);
        }
    }
    text
}

fn clock_text((time, step): Clock) -> String {
    if step == 0 { format!("time {time} ns") } else { format!("step {step}") }
}

fn counts(found: &Found) -> String {
    let counts = &found.counts;
    let notes = &counts.notes;
    let mut text =
        format!("\n{:<10}{:>10}{:>10}{:>10}{:>10}\n", "", "equal", "differ", "only A", "only B");
    for (name, count, is_always) in [
        ("orders", counts.orders, true),
        ("trades", counts.trades, true),
        ("cancels", counts.cancels, true),
        ("decisions", notes.decisions, false),
        ("rules", notes.rules, false),
        ("marks", notes.marks, false),
        ("updates", notes.updates, false),
        ("auctions", notes.auctions, false),
        ("halts", notes.halts, false),
    ] {
        if is_always || !count.is_zero() {
            let Count { equal, different, only: [a, b] } = count;
            let _ = writeln!(text, "{name:<10}{equal:>10}{different:>10}{a:>10}{b:>10}");
        }
    }
    text
}

fn accounts(found: &Found) -> String {
    let list = &found.accounts;
    if list.is_empty() {
        return "\naccounts: equal\n".to_owned();
    }
    let heading = "\naccounts at the end, cash in ticks times lots, equity at the last price\n";
    let lines = list.iter().map(|account| account_text(account, found.names));
    heading.to_owned() + &limited(lines, list.len(), found.limit)
}

fn account_text(Account { client, holdings: [a, b] }: &Account, names: Names) -> String {
    let more = |difference: i128, text: String| {
        let sign = if 0 < difference { "+" } else { "" };
        format!(" ({sign}{text})")
    };
    let lots = |a: i64, b: i64| {
        let difference = i128::from(b) - i128::from(a);
        format!("position {a} -> {b}{}", more(difference, difference.to_string()))
    };
    let cash = |name: &str, a: i128, b: i128| {
        let difference = b.saturating_sub(a);
        let by = more(difference, cash_text(difference));
        format!("{name} {} -> {}{by}", cash_text(a), cash_text(b))
    };
    let mut parts = Vec::new();
    parts.extend((a.position != b.position).then(|| lots(a.position, b.position)));
    parts.extend((a.cash != b.cash).then(|| cash("cash", a.cash, b.cash)));
    match (a.equity, b.equity) {
        (Some(a), Some(b)) if a != b => parts.push(cash("equity", a, b)),
        (Some(_), Some(_)) => parts.push("equity is equal".to_owned()),
        (None, _) | (_, None) => {}
    }
    format!("  {}: {}", names.client(*client), parts.join(", "))
}

fn sections(found: &Found) -> String {
    let names: Vec<_> = found.sections.iter().map(|section| section.name()).collect();
    match &names[..] {
        [] => "\nstate at the end: equal\n".to_owned(),
        names => format!("\nstate at the end differs in: {}\n", names.join(", ")),
    }
}

fn statistics(found: &Found) -> String {
    let [a, b] = &found.figures;
    let mut text = format!("\n{:<26}{:>16}{:>16}\n", "", "A", "B");
    for ((name, a), (_, b)) in a.rows().into_iter().zip(b.rows()) {
        let _ = writeln!(text, "{name:<26}{a:>16}{b:>16}");
    }
    text
}

fn differences(found: &Found) -> String {
    let total = found.differences.total();
    let mut text = String::new();
    let list: Vec<_> = found.differences.list().collect();
    for step in list.chunk_by(|one, other| one.clock == other.clock) {
        let Some(first) = step.first() else { continue };
        let _ = write!(text, "\n@@ {}, ", clock_text(first.clock));
        let entry = |place: usize| {
            let entries = step.iter().filter_map(|difference| difference.entries[place]);
            entries.min().map_or_else(|| "-".to_owned(), |entry| entry.to_string())
        };
        let _ = writeln!(text, "entry {} / {} @@", entry(0), entry(1));
        for difference in step {
            text += &line(difference, found.names);
        }
    }
    let more = total.saturating_sub(list.len() as u64);
    if 0 < more {
        let _ = writeln!(text, "\nand {more} more differences: --limit 0 lists all");
    }
    text
}

pub(super) fn line(Difference { subject, finding, .. }: &Difference, names: Names) -> String {
    let subject = subject_text(subject, names);
    match finding {
        Finding::Fields(fields) => {
            let fields: Vec<_> = fields.iter().map(|field| field_text(field, "")).collect();
            format!("~ {subject}: {}\n", fields.join(", "))
        }
        Finding::Only(which, text) if text.is_empty() => format!("{} {subject}\n", which.sign()),
        Finding::Only(which, text) => format!("{} {subject}: {text}\n", which.sign()),
    }
}

fn subject_text(subject: &Subject, names: Names) -> String {
    let order =
        |(client, reference): OrderName| format!("{} order {reference}", names.client(client));
    match subject {
        Subject::Order(name) => order(*name),
        Subject::Trade { taker, maker } => {
            format!("trade of {} with {}", order(*taker), order(*maker))
        }
        Subject::Decision { agent } => format!("decision of {}", names.decider(*agent)),
        Subject::Note(key) => key.to_string(),
    }
}
