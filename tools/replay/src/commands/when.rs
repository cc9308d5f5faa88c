//! `replay when`: the moments of a log at which something holds.

use std::io::Write;
use std::ops::ControlFlow;

use cli::{Exit, Failure, Interrupt, Output};
use query::Query;
use serde_json::{Map, Value, json};

use super::seeking::{self, LogSeeker};
use super::spans::{self, Effort, First, Instant, Looking, Turn};
use super::{print, print_json, say, table};
use crate::args::When;

mod durations;

use durations::Durations;

/// A run of moments at which it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    first: Instant,
    /// The first moment at which it does not; the last one of all where it holds to the end.
    end: Instant,
    is_open: bool,
}

/// All that is kept of the spans of a log.
#[derive(Default)]
struct Found {
    spans: u64,
    moments: u64,
    first: Option<Instant>,
    last: Option<Span>,
    longest: Option<Span>,
    durations: Durations,
}

pub(crate) fn run(args: &When) -> Result<Exit, Failure> {
    // Nothing is written but a cache.
    Interrupt::at_once("replay");
    let query = spans::parse("PREDICATE", &args.predicate, "when")?;
    let path = &args.sought.log.path;
    let mut seeker = seeking::seeker(&args.sought)?;
    let resolve = |position| seeking::resolve(path, seeker.archive(), position);
    let from = args.from.as_ref().map_or(Ok(0), resolve)?;
    let to = resolve(&args.to)?;
    if to < from {
        let message = format!("--from is entry {from} and --to is entry {to}, before it");
        return Err(Failure::new(Exit::Usage, message));
    }
    let mut rows = Rows::new(args);
    let mut found = Found::default();
    let mut began = None;
    let looking =
        Looking { query: &query, from, to, folder: spans::folder(&args.sought, args.scan) };
    let mut written = Ok(());
    let effort = spans::walk(path, &mut seeker, looking, &mut |Turn { truth, at }| {
        if truth {
            began = Some(at);
            found.first = found.first.or(began);
            return if args.first { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
        }
        if let Some(first) = began.take() {
            let span = Span { first, end: at, is_open: false };
            found.take(span);
            written = rows.write(span);
        }
        if written.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    written?;
    if let Some(first) = began.filter(|_| !args.first) {
        let end = end(args, &mut seeker, to)?;
        let span = Span { first, end, is_open: true };
        found.take(span);
        rows.write(span)?;
    }
    let is_found = found.first.is_some();
    if args.json {
        print_json(&json(args, &query, (from, to), &found, rows.json, effort, &mut seeker)?)?;
    } else if is_found {
        rows.finish()?;
        text(args, &query, &found, effort, &mut seeker)?;
    }
    if is_found {
        return Ok(Exit::Ok);
    }
    say(&format!("replay: {}: never: {query} ({})", path.display(), effort.words()));
    Ok(Exit::Differs)
}

/// The last moment that is looked at.
fn end(args: &When, seeker: &mut LogSeeker, to: u64) -> Result<Instant, Failure> {
    let path = &args.sought.log.path;
    let engine = seeking::go(path, seeker, to)?.engine();
    Ok(Instant { entry: to, step: engine.step().0, time_ns: engine.time().0 })
}

impl Span {
    /// Moments at which it holds.
    const fn moments(&self) -> u64 {
        self.end.entry - self.first.entry + if self.is_open { 1 } else { 0 }
    }

    /// Its last moment.
    const fn last(&self) -> u64 {
        self.first.entry + self.moments() - 1
    }

    const fn steps(&self) -> u64 {
        self.end.step.saturating_sub(self.first.step)
    }

    const fn time_ns(&self) -> u64 {
        self.end.time_ns.saturating_sub(self.first.time_ns)
    }

    fn words(&self) -> String {
        let open = if self.is_open { ", to the end" } else { "" };
        let (entries, steps, time) = (self.moments(), self.steps(), self.time_ns());
        format!(
            "{entries} entries, {steps} steps, {time} ns{open}: from entry {}",
            self.first.entry
        )
    }

    fn json(&self) -> Value {
        json!({
            "first": instant(self.first),
            "last_entry": self.last(),
            "end": if self.is_open { Value::Null } else { instant(self.end) },
            "entries": self.moments(),
            "steps": self.steps(),
            "time_ns": self.time_ns(),
        })
    }
}

fn instant(at: Instant) -> Value {
    json!({ "entry": at.entry, "step": at.step, "time_ns": at.time_ns })
}

impl Found {
    fn take(&mut self, span: Span) {
        self.spans += 1;
        self.moments += span.moments();
        self.last = Some(span);
        if self.longest.is_none_or(|longest| longest.moments() < span.moments()) {
            self.longest = Some(span);
        }
        self.durations.take([span.moments(), span.steps(), span.time_ns()]);
    }
}

/// The spans as they are found, where they are asked for.
struct Rows {
    text: Option<Output>,
    has_header: bool,
    json: Option<Vec<Value>>,
}

impl Rows {
    fn new(args: &When) -> Self {
        Self {
            has_header: false,
            text: (args.all && !args.json).then(Output::stdout),
            json: (args.all && args.json).then(Vec::new),
        }
    }

    fn write(&mut self, span: Span) -> Result<(), Failure> {
        if let Some(rows) = &mut self.json {
            rows.push(span.json());
        }
        let Some(output) = &mut self.text else { return Ok(()) };
        let mut write = |text: String| writeln!(output, "{text}").map_err(Output::failure);
        if !std::mem::replace(&mut self.has_header, true) {
            write(row(["first", "last", "step", "time_ns", "steps", "lasts_ns"]))?;
        }
        let Instant { entry, step, time_ns } = span.first;
        let numbers = [entry, span.last(), step, time_ns, span.steps(), span.time_ns()];
        let numbers = numbers.map(|number| number.to_string());
        let open = if span.is_open { "  to the end" } else { "" };
        write(row(numbers.each_ref().map(String::as_str)) + open)
    }

    fn finish(self) -> Result<(), Failure> {
        self.text.map_or(Ok(()), Output::finish)
    }
}

/// First and last entry, where it begins, how long it lasts.
fn row([first, last, step, time, steps, lasts]: [&str; 6]) -> String {
    format!("{first:>10} {last:>10} {step:>9} {time:>16} {steps:>9} {lasts:>16}")
}

/// What is asked for, if anything was found.
fn text(
    args: &When,
    query: &Query,
    found: &Found,
    effort: Effort,
    seeker: &mut LogSeeker,
) -> Result<(), Failure> {
    let path = &args.sought.log.path;
    let Some(first) = found.first else { return Ok(()) };
    let last = found.last.map(|span| span.last());
    let (holds, found_by) = (("holds", query.to_string()), ("found by", effort.words()));
    let mut rows = vec![holds];
    if args.all {
        return Ok(());
    } else if args.first {
        rows.extend(First::tell(path, seeker, first.entry)?.rows("first at"));
    } else if args.last {
        let last = last.unwrap_or(first.entry);
        rows.extend(First::tell(path, seeker, last)?.rows("last at"));
    } else if args.durations {
        return print(&found.durations.text());
    } else {
        rows.extend(counts(found));
        if !args.count {
            rows.push(("first", moment_text(first)));
            if let Some(span) = found.last {
                let end = if span.is_open { ", the last there is" } else { "" };
                rows.push(("last", format!("entry {}{end}", span.last())));
            }
            rows.extend(found.longest.map(|span| ("longest", span.words())));
        }
    }
    rows.push(found_by);
    print(&table(&rows))
}

fn counts(found: &Found) -> [(&'static str, String); 2] {
    [("moments", found.moments.to_string()), ("spans", found.spans.to_string())]
}

fn moment_text(at: Instant) -> String {
    format!("entry {}, step {}, {} ns", at.entry, at.step, at.time_ns)
}

fn json(
    args: &When,
    query: &Query,
    range: (u64, u64),
    found: &Found,
    spans: Option<Vec<Value>>,
    effort: Effort,
    seeker: &mut LogSeeker,
) -> Result<Value, Failure> {
    let path = &args.sought.log.path;
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| object.insert(name.to_owned(), value);
    put("schema", "replay.when/1".into());
    put("predicate", query.to_string().into());
    put("from", range.0.into());
    put("to", range.1.into());
    let first = found.first.map(|at| First::tell(path, seeker, at.entry)).transpose()?;
    put("first", first.map_or(Value::Null, |first| first.json()));
    if !args.first {
        let last = found.last.map(|span| First::tell(path, seeker, span.last())).transpose()?;
        put("last", last.map_or(Value::Null, |last| last.json()));
        put("moments", found.moments.into());
        put("count", found.spans.into());
        put("longest", found.longest.map_or(Value::Null, |span| span.json()));
        put("durations", found.durations.json());
    }
    if let Some(spans) = spans {
        put("spans", spans.into());
    }
    put("blocks", effort.blocks.into());
    put("blocks_looked_into", effort.looked_into.into());
    put("blocks_passed", effort.passed.into());
    Ok(object.into())
}
