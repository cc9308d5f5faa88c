//! The order within a level: rearranging it with cancels and places, and the venue's two habits.

use kernel::{Price, Reference, Side, TimeInForce};

use super::convert::Converter;
use super::correct::{Share, qty};
use super::message::OrderLine;
use super::mirror::Resting;
use super::stream::{ANONYMOUS_BASE, LimitOrder};

/// An order whose id is so much lower than another one's at its level was entered long before it.
const RELEASED_IDS_BEHIND: u64 = 1_000;

/// The last deletion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deletion {
    /// Its row.
    pub(super) row: usize,
    /// What it says.
    pub(super) line: OrderLine,
    /// The order's place in the queue before, 0 at the front.
    pub(super) position: usize,
}

impl Converter<'_> {
    /// Makes a level's queue this one, front first, with as few commands as the kernel allows: an
    /// order can stay as long as nothing before it has to be placed anew.
    pub(super) fn requeue(&mut self, side: Side, price: Price, shares: &[Share]) {
        let shares: Vec<Share> = shares.iter().copied().filter(|(_, lots)| 0 < *lots).collect();
        let mut kept = 0;
        let mut gone = Vec::new();
        for resting in self.mirror.queue(side, price) {
            if shares.get(kept) == Some(&(resting.reference, u64::from(resting.open.lots()))) {
                kept += 1;
            } else {
                gone.push(resting.order);
            }
        }
        self.purge(side, price, |resting| gone.contains(&resting.order));
        for &(reference, lots) in shares.iter().skip(kept) {
            if let Some(qty) = qty(lots) {
                let tif = TimeInForce::Gtc;
                self.summary.commands.seeds += 1;
                self.rest(LimitOrder { reference, side, price, qty, tif }, qty);
            }
        }
    }

    /// Gives the order that row `row` submitted the rank that the recorded venue gave it, where
    /// that is not the back of the queue.
    pub(super) fn apply_queue_habits(&mut self, row: usize, line: OrderLine) {
        let queue = self.mirror.queue(line.side, line.price);
        let is_behind_others = 1 < queue.len();
        if self.options.plain || !is_behind_others || !holds(queue, line.reference) {
            return;
        }
        let mut shares: Vec<Share> =
            queue.iter().map(|it| (it.reference, u64::from(it.open.lots()))).collect();
        let before = shares.clone();
        if is_release(queue, line.reference) {
            shares.sort_unstable();
            self.summary.released_by_id += u64::from(shares != before);
        } else if let Some(position) = self.place_left_free(row, line, queue.len()) {
            shares.rotate_right(1);
            if let Some(moved) = shares.get_mut(..=position) {
                moved.rotate_left(1);
            }
            self.summary.replaced_in_place += 1;
        }
        if shares != before {
            self.requeue(line.side, line.price, &shares);
        }
    }

    /// The place in front of the back that the deletion of the row before left to this order.
    fn place_left_free(&self, row: usize, line: OrderLine, queue_len: usize) -> Option<usize> {
        let deletion = self.deletion.filter(|deletion| deletion.row + 1 == row)?;
        let time_of = |row| self.day.message(row).map(|message| message.time);
        let deleted = deletion.line;
        let is_replacement = time_of(deletion.row) == time_of(row)
            && (deleted.side, deleted.price) == (line.side, line.price)
            && line.qty <= deleted.qty;
        (is_replacement && deletion.position + 1 < queue_len).then_some(deletion.position)
    }
}

fn holds(queue: &[Resting], reference: Reference) -> bool {
    queue.iter().any(|resting| resting.reference == reference)
}

/// Whether the order was released only now, though its id was given long before.
fn is_release(queue: &[Resting], reference: Reference) -> bool {
    let named = queue.iter().map(|resting| resting.reference.0).filter(|id| *id < ANONYMOUS_BASE);
    named.max().is_some_and(|newest| reference.0 + RELEASED_IDS_BEHIND < newest)
}
