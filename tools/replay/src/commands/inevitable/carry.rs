//! The run of the log, carried from point to point and left behind at each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use agents::Run;
use cli::{Exit, Failure, LogFile};
use kernel::{Command, Decision, Engine, Event, Venue};
use replay::{Entry, Repeat, RepeatError};

use super::outcome::Watch;
use super::question::Point;
use crate::args::Log;
use crate::commands::LogPlayer;
use crate::commands::pool::{Pace, Stopped};
use crate::commands::producer::{self, marked};

/// A run that stands at a point.
#[derive(Clone, Debug)]
pub(super) struct Standing {
    pub(super) run: Run,
    pub(super) engine: Engine,
    pub(super) watch: Watch,
}

/// The run on its way, shared by all who fork it.
pub(super) struct Carrier<'a> {
    log: &'a Log,
    points: &'a [Point],
    way: Mutex<Way>,
}

struct Way {
    player: LogPlayer,
    run: Run,
    watch: Watch,
    /// The next point to come to.
    next: usize,
    /// By point: the run there, and the forks that are yet to leave it. Only few are there at a time.
    standing: BTreeMap<usize, (Arc<Standing>, usize)>,
    has_failed: bool,
}

/// Steps between two looks at whether to go on.
const PACE: u64 = 512;

impl<'a> Carrier<'a> {
    /// The run before its first entry.
    pub(super) fn new(
        log: &'a Log,
        points: &'a [Point],
        (player, run, watch): (LogPlayer, Run, Watch),
    ) -> Self {
        let standing = BTreeMap::new();
        let way = Way { player, run, watch, next: 0, standing, has_failed: false };
        Self { log, points, way: Mutex::new(way) }
    }

    /// The run at a point, which `forks` tells of each point how many forks will ask for. Points
    /// are asked for in their order, but for those who ask at once.
    ///
    /// # Errors
    /// Exit 1 where the agents decide otherwise than the log says; `None` when other work failed.
    pub(super) fn at(
        &self,
        point: usize,
        forks: impl Fn(usize) -> usize,
        pace: &Pace<'_>,
    ) -> Result<Arc<Standing>, Stopped> {
        // Who failed while holding it said so.
        let mut way = self.way.lock().unwrap_or_else(PoisonError::into_inner);
        if way.has_failed {
            return Err(None);
        }
        while way.next <= point {
            let next = way.next;
            let Some(target) = self.points.get(next) else { return Err(None) };
            way.has_failed = true;
            way.go(*target, pace).map_err(|ended| self.failure(ended))?;
            way.has_failed = false;
            way.next += 1;
            let asked = forks(next);
            if 0 < asked {
                let standing = Arc::new(way.standing());
                way.standing.insert(next, (standing, asked));
            }
        }
        let Some((standing, left)) = way.standing.get_mut(&point) else { return Err(None) };
        *left -= 1;
        let (standing, is_last) = (Arc::clone(standing), *left == 0);
        if is_last {
            way.standing.remove(&point);
        }
        Ok(standing)
    }

    fn failure(&self, ended: Ended) -> Stopped {
        match ended {
            Ended::Stopped(stopped) => stopped,
            Ended::Logged(stop) => Some(match producer::stopped(self.log, stop) {
                Ok(otherwise) => {
                    let hint = "only agents that decide again what the log says can go on from it";
                    let message = format!("{}: {otherwise}", self.log.path.display());
                    Failure::new(Exit::Differs, message).with_hint(hint)
                }
                Err(failure) => failure,
            }),
            Ended::Elsewhere => Some(producer::changed(self.log)),
        }
    }
}

/// Why the run got no further.
enum Ended {
    Logged(RepeatError),
    /// Its steps end behind other entries than the log's.
    Elsewhere,
    Stopped(Stopped),
}

impl Way {
    /// Carries the run to a point.
    fn go(&mut self, point: Point, pace: &Pace<'_>) -> Result<(), Ended> {
        let Self { player, run, watch, .. } = self;
        let mut venue = Shared { logged: Repeat::new(player), watch };
        while run.ecology().steps() < point.step {
            match run.step(&mut venue) {
                Ok(true) => {}
                // A run that is over before the point differs from the log.
                Ok(false) => {
                    venue.logged.expect(&Entry::End).map_err(Ended::Logged)?;
                    return Err(Ended::Elsewhere);
                }
                Err(stop) => return Err(Ended::Logged(stop)),
            }
            if run.ecology().steps().is_multiple_of(PACE) {
                pace.advance(0).map_err(Ended::Stopped)?;
            }
        }
        run.catch_up(&mut venue).map_err(Ended::Logged)?;
        if run.entries() == point.entry { Ok(()) } else { Err(Ended::Elsewhere) }
    }

    fn standing(&self) -> Standing {
        Standing {
            run: self.run.clone(),
            engine: self.player.engine().clone(),
            watch: self.watch.clone(),
        }
    }
}

/// A market out of a log, watched.
struct Shared<'a> {
    logged: Repeat<'a, LogFile>,
    watch: &'a mut Watch,
}

impl Shared<'_> {
    fn take(&mut self, entry: &Entry) -> Result<(), RepeatError> {
        self.logged.expect(entry)?;
        self.watch.see(entry, self.logged.events(), self.logged.engine());
        Ok(())
    }
}

impl Venue for Shared<'_> {
    type Error = RepeatError;

    fn submit(&mut self, command: Command) -> Result<&[Event], RepeatError> {
        self.take(&Entry::Command(command))?;
        Ok(self.logged.events())
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), RepeatError> {
        self.take(&Entry::Decision(decision.into()))
    }

    fn mark(&mut self, name: &str, number: u64) -> Result<(), RepeatError> {
        self.take(&marked(name, number))
    }

    fn engine(&self) -> &Engine {
        self.logged.engine()
    }
}
