//! A diagnosis in words.

use std::fmt::Write as _;

use replay::doctor::{Diagnosis, Link, Run, TailState, Verdict};
use replay::header::FORMAT_VERSION;

/// Rows of a table: header, size, blocks, tail, end.
pub(super) fn rows(diagnosis: &Diagnosis) -> Vec<(&'static str, String)> {
    let mut rows = vec![("header", header(diagnosis)), ("size", size(diagnosis))];
    for (at, run) in diagnosis.runs.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| diagnosis.runs.get(before));
        rows.push(("blocks", run_text(run, before)));
    }
    if 0 < diagnosis.blocks_left_out {
        let text = format!(
            "{} more, {} of all are wrong",
            diagnosis.blocks_left_out, diagnosis.bad_blocks
        );
        rows.push(("blocks", text));
    }
    rows.push(("tail", tail(diagnosis.tail)));
    rows.push(("end", end(diagnosis)));
    rows
}

fn header(diagnosis: &Diagnosis) -> String {
    match &diagnosis.header {
        Ok(header) => format!(
            "good: format {FORMAT_VERSION}, kernel semantics {}, {} bytes, seal {}",
            kernel::SEMANTICS_VERSION,
            header.bytes,
            header.seal
        ),
        Err(error) => match diagnosis.start {
            Some(start) => format!("{error}; blocks are found from offset {start} on"),
            None => format!("{error}; where blocks begin is unknown"),
        },
    }
}

fn size(diagnosis: &Diagnosis) -> String {
    let bytes = diagnosis.bytes;
    let blocks = diagnosis.runs.last().map_or(0, |run| run.last) + diagnosis.blocks_left_out;
    match diagnosis.bytes_after_end {
        0 => format!("{bytes} bytes, {blocks} blocks"),
        more => format!("{bytes} bytes, {blocks} blocks, and {more} bytes behind the final block"),
    }
}

/// Which blocks a range has, and where it begins.
fn place(run: &Run) -> String {
    let Run { first, last, offset, numbered, .. } = run;
    let mut text = if first == last {
        format!("{first}, offset {offset}")
    } else {
        format!("{first} to {last}")
    };
    if *numbered != 0 && numbered != first {
        // Writing to a string cannot fail.
        let _ = write!(text, ", numbered from {numbered} on");
    }
    text
}

fn entries(run: &Run) -> String {
    match (run.first_entry, run.last_entry) {
        (0, _) | (_, 0) => String::new(),
        (first, last) => format!(", entries {first} to {last}"),
    }
}

/// One range, and what it says of the one before.
fn run_text(run: &Run, before: Option<&Run>) -> String {
    let (place, entries) = (place(run), entries(run));
    match run.verdict {
        Verdict::Good => format!("{place}: good{entries}"),
        Verdict::Follows => {
            let alone = match before.map(|before| before.verdict) {
                // What a header says whose checksum is wrong is not known to be tied to the rest.
                Some(Verdict::Bad { link: Link::Right, .. }) => {
                    format!(", so the damage is in block {} alone", run.first - 1)
                }
                None => ", and the first one follows the header's digest".to_owned(),
                Some(_) => String::new(),
            };
            format!("{place}: each follows the one before it{entries}{alone}")
        }
        Verdict::Apart(what) => {
            let before = run.first - 1;
            format!("{place}: whole, but not tied to block {before}{entries}: {what}")
        }
        Verdict::Bad { what, link } => format!("{place}: {what} ({})", link_text(link)),
        Verdict::Torn { need, have, zeros: false } => {
            format!("{place}: torn, {have} of {need} bytes are there")
        }
        Verdict::Torn { need, have, zeros: true } => {
            format!("{place}: torn, zeros stand behind the first {have} of {need} bytes")
        }
        Verdict::Unsynced(what) => {
            format!("{place}: torn, it was not durable yet when writing stopped: {what}")
        }
        Verdict::Unreadable(kind) => format!("{place}: the device does not give it: {kind}"),
    }
}

const fn link_text(link: Link) -> &'static str {
    match link {
        Link::Right => "its header is right: entries or padding are wrong",
        Link::Doubtful => "its header cannot be trusted",
        Link::Lost => "its header says nothing",
    }
}

fn span(first: u64, last: u64) -> String {
    if last < first { "no entry".to_owned() } else { format!("entries {first} to {last}") }
}

fn tail(tail: TailState) -> String {
    match tail {
        TailState::Empty => "empty".to_owned(),
        TailState::Stale => "stale: a sealed block holds what it holds".to_owned(),
        TailState::Left => "left over: the log has its end without it".to_owned(),
        TailState::Open { first, last } => format!("good: {} of the open block", span(first, last)),
        TailState::Torn { first, last, offset } => {
            format!("torn at offset {offset}: {} are good", span(first, last))
        }
        TailState::Damaged { first, last, offset, what } => {
            format!("damaged at offset {offset}: {what}; {} are good", span(first, last))
        }
        TailState::Foreign => "foreign: it does not continue this log".to_owned(),
        TailState::TooLong => "foreign: it has more bytes than a tail can have".to_owned(),
        TailState::Unknown => "unknown: the last block does not say what continues it".to_owned(),
    }
}

fn end(diagnosis: &Diagnosis) -> String {
    if diagnosis.is_ended {
        return "ended: the last block holds the end entry".to_owned();
    }
    "open: there is no end entry".to_owned()
}
