//! Finds the order that a user names.

use kernel::{ClientId, Command, OrderId, Reference, Side};
use replay::{Entry, PlayError, Snapshots, Source};

use super::kept::Kept;
use super::tracer::{Tracer, entries};

/// Orders that are listed where several have one name.
const LISTED: usize = 12;

/// What there is of the orders of a client with one number of the producer's.
#[derive(Debug)]
pub(super) struct Named {
    /// Each with its entry, the first and the last.
    pub(super) orders: Kept<(OrderId, u64)>,
    pub(super) total: u64,
    /// The latest of them that lives.
    pub(super) live: Option<OrderId>,
    /// The client's smallest and largest number of an order.
    pub(super) references: Option<(u64, u64)>,
}

/// The orders of a client with one number, up to an entry. Cost: every entry up to there is read, and
/// the state there restored.
pub(super) fn named<S: Source + Clone, K: Snapshots>(
    tracer: &mut Tracer<S, K>,
    (client, reference): (ClientId, Reference),
    until: u64,
) -> Result<Named, PlayError> {
    let (mut orders, mut total, mut placed) = (Kept::new(Some(LISTED)), 0, 0);
    let mut references: Option<(u64, u64)> = None;
    let mut number = 1;
    while let Some(block) = tracer.archive().block(number)? {
        if until < block.first {
            break;
        }
        entries(tracer.archive(), &block, |entry, at| {
            let Entry::Command(Command::Place(place)) = entry else { return };
            placed += 1;
            if until < at || place.client != client {
                return;
            }
            let Reference(this) = place.reference;
            let (low, high) = references.unwrap_or((this, this));
            references = Some((low.min(this), high.max(this)));
            if place.reference == reference {
                total += 1;
                orders.push((OrderId(placed), at));
            }
        })?;
        number += 1;
    }
    let engine = tracer.state(until)?;
    let resting = [Side::Buy, Side::Sell].into_iter().flat_map(|side| engine.queue(side));
    let resting = resting.map(|it| (it.client, it.reference, it.order));
    let waiting = engine.stops().map(|it| (it.client, it.reference, it.order));
    let live = resting
        .chain(waiting)
        .filter(|(owner, number, _)| (*owner, *number) == (client, reference));
    let live = live.map(|(.., order)| order).max();
    Ok(Named { orders, total, live, references })
}
