//! What takes more than a moment, in slices: going somewhere, and an order's life.

use std::ops::ControlFlow;

use kernel::OrderId;
use replay::PlayError;

use super::follow::{Followed, Story, Touch};
use super::session::{SLICE, Seen, Session};
use super::view::{Ladder, View, Wanted};

/// On the way to an entry.
#[derive(Debug)]
pub(super) struct Go {
    pub(super) target: u64,
    pub(super) followed: Option<Followed>,
    /// Accounts that are scrolled past.
    pub(super) scroll: usize,
}

impl Go {
    /// Goes on; the view on arrival.
    ///
    /// # Errors
    /// As [`replay::Seeker::seek`].
    pub(super) fn slice(&self, session: &mut Session) -> Result<Option<View>, PlayError> {
        let before = self.target.saturating_sub(1);
        let from = session.tape_from(self.target)?;
        let is_on_the_way = session.has_seen_from(from)
            && session.seen.to <= before
            && before - session.seen.to <= SLICE;
        if !is_on_the_way {
            // All of the tape is seen on the way.
            if !session.approach((from - 1).min(before))? {
                return Ok(None);
            }
            session.seen = Seen::behind((from - 1).min(before));
        }
        session.watch(before - session.seen.to)?;
        let Some(player) = session.seeker.here() else { return Ok(None) };
        let ladder = Ladder::of(player.engine());
        let applied = if self.target == 0 { None } else { session.apply()? };
        let block = session.block_of(self.target)?;
        let trades = session.seen.trades.iter();
        let tape = trades.filter(|trade| from <= trade.entry).copied().collect();
        let Some(player) = session.seeker.here() else { return Ok(None) };
        let wanted = Wanted {
            number: self.target,
            block,
            applied,
            before: &ladder,
            tape,
            followed: self.followed,
            scroll: self.scroll,
        };
        Ok(Some(View::of(player.engine(), wanted)))
    }
}

/// An order's life being read: back to where it was placed, then forward to its end.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) order: OrderId,
    way: Reach,
    /// Behind this entry, where the reading begins.
    origin: u64,
}

#[derive(Debug)]
enum Reach {
    /// The block that is next.
    Back(u64),
    /// The entry behind which it goes on.
    Forward(u64),
}

impl Reading {
    /// * `is_placed` - whether the order was placed by `origin`.
    pub(super) fn new(
        session: &Session,
        order: OrderId,
        origin: u64,
        is_placed: bool,
    ) -> Result<Self, PlayError> {
        let way =
            if is_placed { Reach::Back(session.block_of(origin)?) } else { Reach::Forward(origin) };
        Ok(Self { order, way, origin })
    }

    /// The entry at which it is, for progress.
    pub(super) fn place(&self, session: &Session) -> u64 {
        match self.way {
            Reach::Back(block) => session.first_of(block.max(1)).unwrap_or(0),
            Reach::Forward(entry) => entry,
        }
    }

    /// Reads on; true when the story is whole.
    ///
    /// # Errors
    /// As [`replay::Seeker::seek`].
    pub(super) fn slice(
        &mut self,
        session: &mut Session,
        story: &mut Story,
    ) -> Result<bool, PlayError> {
        let (start, most, end) = match self.way {
            Reach::Back(block) => {
                let start = session.first_of(block)? - 1;
                let last = session.first_of(block + 1).map_or(u64::MAX, |next| next - 1);
                let last = last.min(self.origin);
                (start, last.saturating_sub(start), last)
            }
            Reach::Forward(entry) => (entry, SLICE, u64::MAX),
        };
        if !session.approach(start)? {
            return Ok(false);
        }
        let mut at = start;
        let is_at_end = session.seeker.walk(most, |moment| {
            at = moment.number;
            let touch = Touch::of(self.order, moment);
            let is_end = touch.as_ref().is_some_and(|touch| touch.is_end);
            story.touches.extend(touch.map(|touch| (moment.number, touch)));
            if is_end || end <= at { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        let has_ended = story.end().is_some();
        match self.way {
            Reach::Back(block) if story.birth().is_none() && 1 < block => {
                self.way = Reach::Back(block - 1);
            }
            Reach::Back(_) | Reach::Forward(_) if has_ended => story.is_whole = true,
            Reach::Back(_) => self.way = Reach::Forward(self.origin),
            Reach::Forward(_) => {
                self.way = Reach::Forward(at);
                story.is_whole = is_at_end;
            }
        }
        Ok(story.is_whole)
    }
}
