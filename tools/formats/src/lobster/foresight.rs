//! What later rows tell: how long a level stays in view, and which orders they name meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Price, Reference, Side};

use super::day::Day;
use super::message::Body;
use super::mirror::SIDES;

type Place = (Side, Price);

/// An order that later rows name without having seen its submission.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// Lots that those rows take from it.
    pub(super) lots: u64,
    /// Whether one of them deletes it, so that `lots` is all it has.
    pub(super) is_deleted: bool,
}

/// An index of the whole day, built once.
pub(super) struct Foresight<'a> {
    day: &'a Day,
    /// Rows of types 1 to 4 at each price, rising.
    rows: BTreeMap<Place, Vec<usize>>,
    /// For a level that comes into view in a row, the first row without it.
    view_ends: BTreeMap<(Place, usize), usize>,
}

impl<'a> Foresight<'a> {
    pub(super) fn new(day: &'a Day) -> Self {
        let mut rows: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
        for (row, message) in day.messages().iter().enumerate() {
            if let Some(line) = message.body.order() {
                rows.entry((line.side, line.price)).or_default().push(row);
            }
        }
        Self { day, rows, view_ends: view_ends(day) }
    }

    /// The orders, by ascending reference, that must stand at a level when it comes into view in
    /// `row`: those named before it leaves the view, the row in which it leaves included.
    pub(super) fn wanted(
        &self,
        side: Side,
        price: Price,
        row: usize,
    ) -> BTreeMap<Reference, Wanted> {
        let place = (side, price);
        let end = self.view_ends.get(&(place, row)).copied().unwrap_or(row);
        let rows = self.rows.get(&place).map(Vec::as_slice).unwrap_or_default();
        let later = rows.partition_point(|&named| named <= row);
        let mut submitted = BTreeSet::new();
        let mut wanted: BTreeMap<Reference, Wanted> = BTreeMap::new();
        for &row in rows.iter().skip(later).take_while(|&&named| named <= end) {
            let Some(message) = self.day.message(row) else {
                break;
            };
            match message.body {
                Body::Submitted(line) => {
                    submitted.insert(line.reference);
                }
                Body::Reduced(line) | Body::Deleted(line) | Body::Executed(line) => {
                    if !submitted.contains(&line.reference) {
                        let order = wanted.entry(line.reference).or_default();
                        order.lots += u64::from(line.qty.lots());
                        order.is_deleted |= matches!(message.body, Body::Deleted(_));
                    }
                }
                Body::HiddenExecuted(_) | Body::Crossed | Body::StatusChanged => {}
            }
        }
        wanted
    }
}

fn view_ends(day: &Day) -> BTreeMap<(Place, usize), usize> {
    let mut ends = BTreeMap::new();
    let mut since: BTreeMap<Place, usize> = BTreeMap::new();
    for row in 0..day.rows() {
        let (before, after) = (day.book_before(row), day.book(row));
        for side in SIDES {
            for level in before.levels(side) {
                if after.qty_at(side, level.price).is_none()
                    && let Some(start) = since.remove(&(side, level.price))
                {
                    ends.insert(((side, level.price), start), row);
                }
            }
            for level in after.levels(side) {
                if before.qty_at(side, level.price).is_none() {
                    since.insert((side, level.price), row);
                }
            }
        }
    }
    ends.extend(since.into_iter().map(|visit| (visit, day.rows())));
    ends
}
