//! The log itself: where its steps end, what is marked, when outcomes were there.

use cli::{Exit, Failure};
use kernel::Step;
use replay::{Digest, Entry, Moment, Position};

use super::outcome::{First, Outcome, Watch};
use super::question::{Point, spaced};
use crate::args::{Inevitable, Log, Span};
use crate::commands::seeking::{self, LogArchive};
use crate::commands::{play, player};

/// Most marks that are told, and most of one name: a mark of every row says nothing.
const MARKS_MAX: usize = 64;
const OF_A_NAME_MAX: usize = 8;

/// What one replay of the log found.
#[derive(Clone, Debug)]
pub(super) struct Survey {
    pub(super) head: Digest,
    pub(super) entries: u64,
    pub(super) points: Vec<Point>,
    /// Marks between the start of the range and the last point, in their order.
    pub(super) marks: Vec<Marked>,
    /// The first moment of each outcome in the log.
    pub(super) firsts: Vec<Option<First>>,
}

/// A mark of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marked {
    pub(super) entry: u64,
    pub(super) step: u64,
    pub(super) name: String,
}

/// Replays the log and finds the points.
///
/// # Errors
/// Exit 2 for a range in which no step ends, and for positions that have no place; those of a replay.
pub(super) fn survey(args: &Inevitable, outcomes: &[Outcome]) -> Result<Survey, Failure> {
    let log = &args.log;
    let archive = seeking::archive(log)?;
    let [from, to] = [&args.from.from, &args.from.to].map(|at| before_end(log, &archive, at));
    let (from, to) = (from?, to?);
    if to < from {
        let Span { from: first, to: last } = &args.from;
        let message = format!("--from {first}..{last}: entry {to} stands before entry {from}");
        return Err(Failure::new(Exit::Usage, message));
    }
    let mut player = player(log)?;
    let mut pass = Pass::new(from, to, Watch::new(outcomes, player.engine()));
    play(log, &mut player, |moment| {
        pass.see(moment);
        Ok(())
    })?;
    let summary = player.summary();
    let Some((first, last)) = pass.steps else { return Err(no_step(&args.from, from, to, &pass)) };
    let points = spaced(first, last, args.points).into_iter();
    let points = points.map(|step| {
        let entry = before_end(log, &archive, &Position::Step(Step(step)))?;
        Ok(Point { entry, step })
    });
    let points = points.collect::<Result<Vec<_>, Failure>>()?;
    let last = points.last().map_or(0, |point| point.entry);
    pass.marks.retain(|mark| mark.entry <= last);
    Ok(Survey {
        head: summary.head,
        entries: summary.entries,
        points,
        marks: rare(&pass.marks),
        firsts: pass.watch.firsts(),
    })
}

/// The entry behind which a position lies; no future follows an end, so it is the one before it.
fn before_end(log: &Log, archive: &LogArchive, position: &Position) -> Result<u64, Failure> {
    let entry = seeking::resolve(&log.path, archive, position)?;
    let is_end = archive.is_ended() && entry == archive.entries();
    Ok(entry - u64::from(is_end))
}

/// Marks without those that come all the time.
fn rare(marks: &[Marked]) -> Vec<Marked> {
    let of_a_name = |name: &str| marks.iter().filter(|mark| mark.name == name).count();
    let kept = marks.iter().filter(|mark| of_a_name(&mark.name) <= OF_A_NAME_MAX);
    kept.take(MARKS_MAX).cloned().collect()
}

/// A replay on its way.
struct Pass {
    from: u64,
    to: u64,
    /// The first and the last step that ends in the range.
    steps: Option<(u64, u64)>,
    /// The step of the entry before.
    step: u64,
    /// Where the step ended that `from` lies in, if that is behind the range.
    next_end: Option<Point>,
    marks: Vec<Marked>,
    watch: Watch,
}

impl Pass {
    const fn new(from: u64, to: u64, watch: Watch) -> Self {
        Self { from, to, steps: None, step: 0, next_end: None, marks: Vec::new(), watch }
    }

    fn see(&mut self, moment: &Moment<'_>) {
        let step = moment.engine.step().0;
        // A step is known to end where the next one begins, or the log.
        if step != self.step || *moment.entry == Entry::End {
            self.end_step(moment.number - 1);
        }
        self.step = step;
        if let Entry::Mark(mark) = moment.entry
            && (self.from..=self.to).contains(&moment.number)
        {
            let name = mark.name.to_string();
            if self.marks.iter().filter(|old| old.name == name).count() <= OF_A_NAME_MAX {
                self.marks.push(Marked { entry: moment.number, step, name });
            }
        }
        self.watch.see(moment.entry, moment.events, moment.engine);
    }

    /// The present step ended behind an entry.
    fn end_step(&mut self, entry: u64) {
        if (self.from..=self.to).contains(&entry) {
            let first = self.steps.map_or(self.step, |(first, _)| first);
            self.steps = Some((first, self.step));
        } else if self.to < entry && self.next_end.is_none() {
            self.next_end = Some(Point { entry, step: self.step });
        }
    }
}

fn no_step(span: &Span, from: u64, to: u64, pass: &Pass) -> Failure {
    let Span { from: first, to: last } = span;
    let message =
        format!("--from {first}..{last}: no step ends between entry {from} and entry {to}");
    let hint = match pass.next_end {
        Some(Point { entry, step }) => {
            format!("forks take effect from the next step on; step {step} ends at entry {entry}")
        }
        None => {
            "forks take effect from the next step on, and the log has none behind it".to_owned()
        }
    };
    Failure::new(Exit::Usage, message).with_hint(hint)
}
