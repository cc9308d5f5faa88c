//! Replays two logs side by side: entry by entry while they are equal, step by step behind that.

use std::io::Read;

use agents::stats::{Sampler, Sampling, Series};
use kernel::{Command, Engine, Event};
use replay::{Entry, Genesis, Moment, PlayError, Player, Summary};

use super::align::{Aligner, Counts, Seen};
use super::difference::{Clock, Differences, Which};
use crate::commands::observers::show;
use crate::commands::stats::plan::{Kind, Plan};
use crate::commands::tally::Tally;

/// Where two logs part.
#[derive(Clone, Debug)]
pub(super) struct Parting {
    /// Number of the first entry that is not the same or does not do the same.
    pub(super) entry: u64,
    /// The clock before it.
    pub(super) clock: Clock,
    /// What each log has there; `None` behind its last entry.
    pub(super) sides: [Option<Part>; 2],
}

/// An entry at which two logs part, and what the kernel answered.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) entry: Entry,
    pub(super) events: Vec<Event>,
}

impl Parting {
    /// Whether the entries are equal and only do something else, under another genesis.
    pub(super) fn is_of_events(&self) -> bool {
        let [a, b] = self.sides.each_ref().map(|side| side.as_ref().map(|part| &part.entry));
        a == b
    }
}

/// What a replay of two logs came to.
pub(super) struct Played<R> {
    pub(super) parting: Option<Parting>,
    pub(super) counts: Counts,
    pub(super) differences: Differences,
    pub(super) sides: [Side<R>; 2],
}

/// One of the logs, being replayed.
pub(super) struct Side<R> {
    player: Player<R>,
    watch: Watch,
    /// An entry that moves the clock waits until the other log has come that far.
    held: Option<Held>,
    clock: Clock,
    is_done: bool,
}

/// What is measured of a log by itself.
struct Watch {
    sampling: Sampling,
    sampler: Sampler,
    tally: Tally,
}

impl Watch {
    fn new(genesis: &Genesis) -> Self {
        let mut sampling = Plan::of(Kind::of_genesis(genesis)).sampling;
        sampling.burn_in = 0;
        Self { sampling, sampler: Sampler::new(sampling), tally: Tally::default() }
    }

    fn observe(&mut self, moment: &Moment<'_>) {
        self.tally.observe(moment);
        show(&mut self.sampler, moment);
    }

    /// Observes what another watch has observed too. Equal events make equal books: what is sampled
    /// alike is looked at once, until [`Watch::follow`].
    fn observe_beside(&mut self, moment: &Moment<'_>, other: &Self) {
        if self.sampling != other.sampling {
            show(&mut self.sampler, moment);
        }
    }

    /// Takes over what another watch has seen of the common past.
    fn follow(&mut self, other: &Self) {
        self.tally = other.tally;
        if self.sampling == other.sampling {
            self.sampler = other.sampler.clone();
        }
    }
}

/// An entry that the aligner has not seen yet.
struct Held {
    number: u64,
    entry: Entry,
    events: Vec<Event>,
    clock: Clock,
}

impl Held {
    fn of(moment: &Moment<'_>) -> Self {
        let seen = Seen::of(moment);
        let (entry, events) = (seen.entry.clone(), seen.events.to_vec());
        Self { number: seen.number, entry, events, clock: seen.clock }
    }

    fn seen(&self) -> Seen<'_> {
        let Self { number, entry, events, clock } = self;
        Seen { number: *number, entry, events, clock: *clock }
    }
}

impl<R: Read> Side<R> {
    fn new(player: Player<R>) -> Self {
        let watch = Watch::new(&player.reader().header().genesis);
        Self { player, watch, held: None, clock: (0, 0), is_done: false }
    }

    /// The state after its last entry.
    pub(super) const fn engine(&self) -> &Engine {
        self.player.engine()
    }

    /// What was counted of it.
    pub(super) const fn tally(&self) -> &Tally {
        &self.watch.tally
    }

    pub(super) fn summary(&self) -> Summary {
        self.player.summary()
    }

    /// What was sampled of it, once it is at its end.
    pub(super) fn series(&self) -> Series {
        self.watch.sampler.clone().finish(self.player.engine())
    }

    /// Replays the next entry and shows it to the aligner, or holds it when it moves the clock.
    fn advance(&mut self, which: Which, aligner: &mut Aligner) -> Result<(), PlayError> {
        if let Some(held) = self.held.take() {
            aligner.take(which, &held.seen());
            return Ok(());
        }
        let Some(moment) = self.player.advance()? else {
            self.is_done = true;
            return Ok(());
        };
        self.watch.observe(&moment);
        let seen = Seen::of(&moment);
        if seen.clock != self.clock && matches!(moment.entry, Entry::Command(Command::Clock { .. }))
        {
            self.clock = seen.clock;
            self.held = Some(Held::of(&moment));
        } else {
            aligner.take(which, &seen);
        }
        Ok(())
    }
}

/// Replays both logs to their ends.
///
/// * `limit` - how many differences to keep; `None` keeps all;
/// * `show` - is told how many bytes were read.
///
/// Cost: two replays, and O(log n) for each order, trade and decision behind the parting. Memory
/// follows live orders and what is in one log only.
///
/// # Errors
/// Of a replay, and of which.
pub(super) fn play<R: Read>(
    players: [Player<R>; 2],
    limit: Option<usize>,
    mut show: impl FnMut(u64),
) -> Result<Played<R>, (Which, PlayError)> {
    let mut sides = players.map(Side::new);
    let mut aligner = Aligner::new(limit);
    let parting = find_parting(&mut sides, &mut aligner, &mut show)?;
    if parting.is_some() {
        aligner.part();
    }
    while let Some(which) = behind(&sides) {
        let side = &mut sides[which.index()];
        side.advance(which, &mut aligner).map_err(|error| (which, error))?;
        if side.held.is_some() {
            let [a, b] = sides.each_ref().map(|side| side.player.reader().offset());
            show(a.saturating_add(b));
        }
    }
    let (counts, differences) = aligner.finish();
    Ok(Played { parting, counts, differences, sides })
}

/// Whose clock is behind; of equal ones A's. `None` at the end of both.
fn behind<R>(sides: &[Side<R>; 2]) -> Option<Which> {
    let open = Which::BOTH.into_iter().filter(|which| !sides[which.index()].is_done);
    open.min_by_key(|which| sides[which.index()].clock)
}

/// Replays both logs as long as they have the same entries that do the same, and one entry more.
fn find_parting<R: Read>(
    [one, other]: &mut [Side<R>; 2],
    aligner: &mut Aligner,
    show_bytes: &mut impl FnMut(u64),
) -> Result<Option<Parting>, (Which, PlayError)> {
    loop {
        let a = one.player.advance().map_err(|error| (Which::A, error))?;
        let b = other.player.advance().map_err(|error| (Which::B, error))?;
        let (a, b) = match (a, b) {
            (None, None) => {
                (one.is_done, other.is_done) = (true, true);
                other.watch.follow(&one.watch);
                return Ok(None);
            }
            (Some(a), Some(b)) if a.entry == b.entry && a.events == b.events => {
                let seen = Seen::of(&a);
                aligner.common(&seen);
                (one.clock, other.clock) = (seen.clock, seen.clock);
                one.watch.observe(&a);
                other.watch.observe_beside(&b, &one.watch);
                if a.closes.is_some() {
                    let offset = one.player.reader().offset();
                    show_bytes(offset.saturating_mul(2));
                }
                continue;
            }
            (a, b) => (a, b),
        };
        other.watch.follow(&one.watch);
        let number = a.as_ref().or(b.as_ref()).map_or(0, |moment| moment.number);
        let clock = one.clock;
        let a = hold(a, &mut one.watch);
        let b = hold(b, &mut other.watch);
        let part = |held: &Option<Held>| {
            held.as_ref().map(|it| Part { entry: it.entry.clone(), events: it.events.clone() })
        };
        let sides = [part(&a), part(&b)];
        for (side, held) in [(one, a), (other, b)] {
            side.is_done = held.is_none();
            side.clock = held.as_ref().map_or(side.clock, |held| held.clock);
            side.held = held;
        }
        return Ok(Some(Parting { entry: number, clock, sides }));
    }
}

/// Shows a moment to a log's observers and keeps it for the aligner.
fn hold(moment: Option<Moment<'_>>, watch: &mut Watch) -> Option<Held> {
    let moment = moment?;
    watch.observe(&moment);
    Some(Held::of(&moment))
}
