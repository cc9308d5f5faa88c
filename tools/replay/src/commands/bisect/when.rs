//! When something came to hold.

use std::ops::ControlFlow;

use cli::{Exit, Failure};
use query::{Evaluator, Query};
use replay::PlayError;
use serde_json::json;

use super::super::seeking::{self, LogSeeker};
use super::super::spans::{self, First, Looking};
use super::super::{print, print_json, say, table};
use crate::args::Bisect;

/// How the moment was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Scan,
    /// The query can never turn false again.
    Search,
    /// The user says so.
    Assumed,
}

impl Way {
    const fn name(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Search => "search",
            Self::Assumed => "search-assumed",
        }
    }
}

pub(super) fn run(args: &Bisect, predicate: &str) -> Result<Exit, Failure> {
    let query = spans::parse("--when", predicate, "bisect")?;
    let way = way(args, &query)?;
    let path = &args.sought.log.path;
    let mut seeker = seeking::seeker(&args.sought)?;
    let (number, found_by) = find(args, &mut seeker, &query, way)?;
    let found = number.map(|number| First::tell(path, &mut seeker, number)).transpose()?;
    if args.json {
        print_json(&json!({
            "schema": "replay.bisect-when/1",
            "predicate": query.to_string(),
            "way": way.name(),
            "entries": seeker.archive().entries(),
            "first": found.as_ref().map(First::json),
        }))?;
    }
    let Some(first) = found else {
        say(&format!("replay: {}: never: {query} ({found_by})", path.display()));
        return Ok(Exit::Differs);
    };
    if !args.json {
        let mut rows = vec![("holds", query.to_string())];
        rows.extend(first.rows("first at"));
        rows.push(("found by", found_by));
        print(&table(&rows))?;
    }
    Ok(Exit::Ok)
}

/// The first moment, and how it was found.
fn find(
    args: &Bisect,
    seeker: &mut LogSeeker,
    query: &Query,
    way: Way,
) -> Result<(Option<u64>, String), Failure> {
    let path = &args.sought.log.path;
    let words = match way {
        Way::Scan => return scan(args, seeker, query),
        Way::Search => "binary search: once the predicate holds, it holds to the end",
        Way::Assumed => "binary search, as if the predicate held to the end once it holds",
    };
    let number = search(seeker, query).map_err(|error| Failure::play(path, &error))?;
    Ok((number, words.to_owned()))
}

/// Looks at every entry that may be the first.
fn scan(
    args: &Bisect,
    seeker: &mut LogSeeker,
    query: &Query,
) -> Result<(Option<u64>, String), Failure> {
    let folder = spans::folder(&args.sought, false);
    let looking = Looking { query, from: 0, to: seeker.archive().entries(), folder };
    let mut first = None;
    let effort = spans::walk(&args.sought.log.path, seeker, looking, &mut |turn| {
        first = Some(turn.at.entry);
        ControlFlow::Break(())
    })?;
    Ok((first, format!("{}: the predicate may turn false again", effort.words())))
}

/// Whether the first moment may be searched for by halving.
fn way(args: &Bisect, query: &Query) -> Result<Way, Failure> {
    let is_seekable = !query.needs_history() && !query.asks_of_trades();
    if args.assume_monotone && !is_seekable {
        let message = "--assume-monotone: the predicate asks about what came before, or about \
                       trades, which no state tells";
        let hint = "without it, every entry is looked at";
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    Ok(match (is_seekable && query.monotone(), args.assume_monotone) {
        (true, _) => Way::Search,
        (false, true) => Way::Assumed,
        (false, false) => Way::Scan,
    })
}

/// Halves the blocks, then looks at the entries of one.
fn search(seeker: &mut LogSeeker, query: &Query) -> Result<Option<u64>, PlayError> {
    let evaluator = Evaluator::new(query);
    if evaluator.start(seeker.seek(0, |_| ())?.engine()) {
        return Ok(Some(0));
    }
    // It holds behind no entry up to `low`, and behind the last one up to `high`.
    let (mut low, mut high) = (0, seeker.archive().entries());
    if !holds(seeker, query, high)? {
        return Ok(None);
    }
    let (mut low_block, mut high_block) = (0, seeker.archive().blocks());
    while low_block < high_block {
        let middle = low_block + (high_block - low_block) / 2;
        if middle == low_block {
            break;
        }
        let last = seeker.archive().block_header(middle)?.last();
        if holds(seeker, query, last)? {
            (high_block, high) = (middle, last);
        } else {
            (low_block, low) = (middle, last);
        }
    }
    let mut evaluator = Evaluator::new(query);
    let player = seeker.seek(low, |_| ())?;
    while let Some(moment) = player.advance()? {
        if evaluator.see(&moment) || high <= moment.number {
            return Ok(Some(moment.number));
        }
    }
    Ok(None)
}

/// Whether a predicate without history holds behind an entry.
fn holds(seeker: &mut LogSeeker, query: &Query, entry: u64) -> Result<bool, PlayError> {
    let Some(before) = entry.checked_sub(1) else { return Ok(false) };
    let moment = seeker.seek(before, |_| ())?.advance()?;
    Ok(moment.is_some_and(|moment| Evaluator::new(query).see(&moment)))
}
