//! FORMAT.md as a test reads it: its tables, cell by cell.

pub(super) const PAGE: &str = include_str!("../../FORMAT.md");

/// A table's rows without its head, cell by cell, blanks trimmed.
pub(super) type Rows = Vec<Vec<&'static str>>;

/// The tables between a heading and the next one.
#[track_caller]
pub(super) fn tables(heading: &str) -> Vec<Rows> {
    let mut lines = PAGE.lines().skip_while(|line| *line != heading);
    assert!(lines.next().is_some(), "{heading} is on the page");
    let (mut tables, mut is_inside) = (Vec::new(), false);
    for line in lines.take_while(|line| !line.starts_with("## ") && !line.starts_with("### ")) {
        if !line.starts_with('|') {
            is_inside = false;
            continue;
        }
        if !is_inside {
            tables.push(Rows::new());
            is_inside = true;
        }
        let cells = line.trim_matches('|').split('|').map(str::trim).collect();
        let Some(table) = tables.last_mut() else { unreachable!("pushed above") };
        table.push(cells);
    }
    tables
}

/// The table under a heading whose head is this, without head and rule.
#[track_caller]
pub(super) fn table(heading: &str, head: &[&str]) -> Rows {
    let mut found: Vec<Rows> =
        tables(heading).into_iter().filter(|table| table[0] == head).collect();
    assert_eq!(found.len(), 1, "one table {head:?} under {heading}");
    found.remove(0).split_off(2)
}

/// The rows of a table as a number and a name.
#[track_caller]
pub(super) fn numbered(heading: &str, head: &[&str]) -> Vec<(u8, &'static str)> {
    table(heading, head).into_iter().map(|row| (row[0].parse().unwrap(), row[1])).collect()
}

/// The variant's name, as its debug form begins.
pub(super) fn name(value: &dyn std::fmt::Debug) -> String {
    format!("{value:?}").chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// A field table's offsets follow from its sizes, as far as both are numbers; returns the fields.
#[track_caller]
pub(super) fn offsets(rows: &Rows) -> Vec<(usize, usize, &'static str)> {
    let mut fields: Vec<(usize, usize, &str)> = Vec::new();
    for row in rows {
        let (Ok(at), Ok(bytes)) = (row[0].parse(), row[1].parse()) else { break };
        if let Some((before, len, name)) = fields.last() {
            assert_eq!(before + len, at, "{} follows {name}", row[2]);
        }
        fields.push((at, bytes, row[2]));
    }
    fields
}

pub(super) const FIELDS: [&str; 4] = ["Offset", "Bytes", "Field", "Meaning"];

pub(super) fn magic(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("`{}`", digits.join(" "))
}
