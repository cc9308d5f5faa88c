//! When something came to hold.

use cli::{Exit, Failure, Progress};
use formats::render::{entry_json, entry_text};
use formats::state::spread_text;
use query::{Evaluator, Query};
use replay::{Entry, PlayError};
use serde_json::json;

use super::super::seeking::{self, LogSeeker};
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
    const fn words(self) -> &'static str {
        match self {
            Self::Scan => "every entry was looked at: the predicate may turn false again",
            Self::Search => "binary search: once the predicate holds, it holds to the end",
            Self::Assumed => "binary search, as if the predicate held to the end once it holds",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Scan => "scan",
            Self::Search => "search",
            Self::Assumed => "search-assumed",
        }
    }
}

/// The first moment at which the predicate holds.
struct First {
    number: u64,
    entry: Option<Entry>,
    step: u64,
    time_ns: u64,
    before: String,
    after: String,
}

pub(super) fn run(args: &Bisect, predicate: &str) -> Result<Exit, Failure> {
    let query = Query::parse(predicate).map_err(|error| {
        let hint = "the words of predicates: replay bisect --help";
        Failure::new(Exit::Usage, format!("--when: {error}")).with_hint(hint)
    })?;
    let way = way(args, &query)?;
    let path = &args.sought.log.path;
    let mut seeker = seeking::seeker(&args.sought)?;
    let found = find(&mut seeker, &query, way).map_err(|error| Failure::play(path, &error))?;
    if args.json {
        print_json(&json!({
            "schema": "replay.bisect-when/1",
            "predicate": query.to_string(),
            "way": way.name(),
            "entries": seeker.archive().entries(),
            "first": found.as_ref().map(|first| json!({
                "entry": first.number,
                "step": first.step,
                "time_ns": first.time_ns,
                "what": first.entry.as_ref().map(entry_json),
            })),
        }))?;
    }
    let Some(first) = found else {
        say(&format!("replay: {}: never: {query} ({})", path.display(), way.words()));
        return Ok(Exit::Differs);
    };
    if !args.json {
        let entry = first.entry.as_ref().map_or_else(|| "none yet".to_owned(), entry_text);
        print(&table(&[
            ("holds", query.to_string()),
            ("first at", format!("entry {}, step {}", first.number, first.step)),
            ("entry", entry),
            ("before", first.before),
            ("behind it", first.after),
            ("found by", way.words().to_owned()),
        ]))?;
    }
    Ok(Exit::Ok)
}

fn find(seeker: &mut LogSeeker, query: &Query, way: Way) -> Result<Option<First>, PlayError> {
    let number = match way {
        Way::Scan => scan(seeker, query)?,
        Way::Search | Way::Assumed => search(seeker, query)?,
    };
    number.map(|number| tell(seeker, number)).transpose()
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

/// Looks at every entry.
fn scan(seeker: &mut LogSeeker, query: &Query) -> Result<Option<u64>, PlayError> {
    let entries = seeker.archive().entries();
    let mut progress = Progress::new("looking", entries);
    let mut evaluator = Evaluator::new(query);
    let player = seeker.seek(0, |_| ())?;
    if evaluator.start(player.engine()) {
        return Ok(Some(0));
    }
    while let Some(moment) = player.advance()? {
        if evaluator.see(&moment) {
            return Ok(Some(moment.number));
        }
        progress.at(moment.number);
    }
    Ok(None)
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

/// What there is to tell of the moment behind an entry.
fn tell(seeker: &mut LogSeeker, number: u64) -> Result<First, PlayError> {
    let player = seeker.seek(number.saturating_sub(1), |_| ())?;
    let before = spread_text(player.engine());
    let entry = if number == 0 { None } else { player.advance()?.map(|it| it.entry.clone()) };
    let engine = player.engine();
    let (step, time_ns) = (engine.step().0, engine.time().0);
    Ok(First { number, entry, step, time_ns, before, after: spread_text(engine) })
}
