//! The moments at which a query comes to hold and ceases to: found through zones where there are any,
//! else by looking at every entry, which makes the zones for the next time.

use std::ops::ControlFlow;
use std::path::Path;

use cli::{Exit, Failure, Progress, SnapshotFolder};
use kernel::Engine;
use query::{Evaluator, Expectation, Query, Survey, Zone};
use replay::{Moment, PlayError};

use super::seeking::LogSeeker;
use crate::args::SoughtLog;

mod first;
mod zones;

pub(crate) use first::First;
use zones::{Making, Reading};

/// What to look for, and where.
#[derive(Debug)]
pub(crate) struct Looking<'a> {
    pub(crate) query: &'a Query,
    /// Only moments behind these entries, both included.
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// Where zones are; `None` to do without.
    pub(crate) folder: Option<SnapshotFolder>,
}

/// A moment by what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instant {
    pub(crate) entry: u64,
    pub(crate) step: u64,
    pub(crate) time_ns: u64,
}

impl Instant {
    const fn of(entry: u64, engine: &Engine) -> Self {
        Self { entry, step: engine.step().0, time_ns: engine.time().0 }
    }
}

/// The query came to hold, or ceased to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    pub(crate) truth: bool,
    pub(crate) at: Instant,
}

/// How the answer was found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effort {
    /// Blocks of the log, the open one included.
    pub(crate) blocks: u64,
    /// Of these, those whose entries were looked at.
    pub(crate) looked_into: u64,
    /// Of these, those that a zone answered for.
    pub(crate) passed: u64,
}

impl Effort {
    pub(crate) fn words(self) -> String {
        let Self { blocks, looked_into, passed } = self;
        let unseen = blocks - looked_into - passed;
        let looked = format!("{looked_into} of {blocks} blocks were looked into");
        match (passed, unseen) {
            (0, 0) => "every entry was looked at".to_owned(),
            (0, _) => looked,
            _ => format!("{looked}; zones answered for {passed}"),
        }
    }
}

/// Where the zones of a log are kept, unless the user wants every entry looked at.
pub(crate) fn folder(sought: &SoughtLog, is_scan: bool) -> Option<SnapshotFolder> {
    (!is_scan && !sought.no_snapshots).then(|| SnapshotFolder::beside(&sought.log.path))
}

/// Reads a query that stands on the command line.
///
/// # Errors
/// Exit 2, with the place.
pub(crate) fn parse(option: &str, text: &str, command: &str) -> Result<Query, Failure> {
    Query::parse(text).map_err(|error| {
        let hint = format!("the words of predicates: replay {command} --help");
        Failure::new(Exit::Usage, format!("{option}: {error}")).with_hint(hint)
    })
}

/// Tells of every turn, in order, until it is told to stop. Before the first entry to look at the
/// query counts as false.
///
/// # Errors
/// Those of the replay, by what they say of the log at this path.
pub(crate) fn walk(
    path: &Path,
    seeker: &mut LogSeeker,
    looking: Looking<'_>,
    tell: &mut dyn FnMut(Turn) -> ControlFlow<()>,
) -> Result<Effort, Failure> {
    let reading =
        looking.folder.as_ref().and_then(|folder| Reading::open(folder, seeker.archive()));
    let evaluator = Evaluator::new(looking.query);
    let failed = |error: PlayError| Failure::play(path, &error);
    let engine = seeker.seek(0, |_| ()).map_err(failed)?.engine();
    let truth = looking.from == 0 && evaluator.start(engine);
    let start = Turn { truth, at: Instant::of(0, engine) };
    let survey = Survey::new(looking.query, engine);
    let mut walk = Walk {
        evaluator,
        survey,
        truth,
        at: 0,
        reading,
        making: looking.folder.as_ref().map(|folder| Making::new(folder, seeker.archive())),
        effort: Effort::default(),
        progress: Progress::new("looking", seeker.archive().entries()),
        looking,
        tell,
    };
    if !truth || (walk.tell)(start).is_continue() {
        walk.blocks(seeker).map_err(failed)?;
    }
    let Walk { making, effort, .. } = walk;
    if let Some(making) = making {
        making.keep(seeker.archive());
    }
    Ok(effort)
}

struct Walk<'a> {
    looking: Looking<'a>,
    evaluator: Evaluator,
    survey: Survey,
    truth: bool,
    /// Where the seeker stands.
    at: u64,
    reading: Option<Reading>,
    making: Option<Making>,
    effort: Effort,
    progress: Progress,
    tell: &'a mut dyn FnMut(Turn) -> ControlFlow<()>,
}

impl Walk<'_> {
    /// All blocks, the open one too.
    fn blocks(&mut self, seeker: &mut LogSeeker) -> Result<(), PlayError> {
        let sealed = seeker.archive().blocks();
        self.effort.blocks = sealed + u64::from(seeker.archive().open_block().is_some());
        for number in 1..=self.effort.blocks {
            let zone = self.next_zone();
            let known = zone.as_ref().map(Zone::entries);
            let (first, last) = known.map_or_else(|| entries(seeker, number), Ok)?;
            if zone.is_none() && self.may_go_ahead(last) {
                continue;
            }
            if self.looking.to < first {
                return Ok(());
            }
            self.progress.at(first);
            match &zone {
                Some(zone) if self.may_pass(zone) => {
                    self.survey.pass(zone, &mut self.evaluator);
                    self.effort.passed += 1;
                }
                Some(_) | None => {
                    if self.look_into(seeker, first, last, zone.is_none())?.is_break() {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    fn next_zone(&mut self) -> Option<Zone> {
        let zone = self.reading.as_mut()?.next();
        match (&zone, &mut self.making) {
            (Some(zone), Some(making)) => making.pass(zone),
            (Some(_), None) => {}
            (None, _) => self.reading = None,
        }
        zone
    }

    /// Whether nothing in a block without a zone matters: it ends before what is looked at, and the
    /// query needs no history.
    fn may_go_ahead(&mut self, last: u64) -> bool {
        let may = last < self.looking.from && !self.looking.query.needs_history();
        if may {
            // The zones of later blocks would stand behind a gap.
            self.making = None;
        }
        may
    }

    /// Whether the zone says all that is to be known of a block.
    fn may_pass(&self, zone: &Zone) -> bool {
        if zone.entries().1 < self.looking.from {
            return !Survey::is_to_be_seen(zone, &self.evaluator);
        }
        self.survey.expect(zone, &self.evaluator) == Expectation::All(self.truth)
    }

    /// Looks at every entry of a block; of a new one a zone is made.
    fn look_into(
        &mut self,
        seeker: &mut LogSeeker,
        first: u64,
        last: u64,
        is_new: bool,
    ) -> Result<ControlFlow<()>, PlayError> {
        self.effort.looked_into += 1;
        if self.at + 1 != first {
            seeker.seek(first - 1, |_| ())?;
        }
        self.at = first - 1;
        let mut flow = ControlFlow::Continue(());
        seeker.walk(last - self.at, |moment| {
            self.at = moment.number;
            self.progress.at(moment.number);
            if is_new && let Some(making) = &mut self.making {
                making.see(moment);
            }
            flow = self.see(moment);
            if self.at == last {
                self.survey.arrive(moment.engine);
            }
            flow
        })?;
        Ok(flow)
    }

    fn see(&mut self, moment: &Moment<'_>) -> ControlFlow<()> {
        let truth = self.evaluator.see(moment);
        let number = moment.number;
        if self.looking.to < number {
            return ControlFlow::Break(());
        }
        if number < self.looking.from || truth == self.truth {
            return ControlFlow::Continue(());
        }
        self.truth = truth;
        (self.tell)(Turn { truth, at: Instant::of(number, moment.engine) })
    }
}

/// First and last entry of a block.
fn entries(seeker: &LogSeeker, number: u64) -> Result<(u64, u64), PlayError> {
    let archive = seeker.archive();
    if let Some(open) = archive.open_block().filter(|_| archive.blocks() < number) {
        return Ok((open.first, archive.entries()));
    }
    let header = archive.block_header(number)?;
    Ok((header.first, header.last()))
}
