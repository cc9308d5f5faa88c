//! `replay blame`: what made an order, a price or a trade what it is, and what made that.

mod beside;
mod find;
mod graph;
mod json;
mod kept;
mod level;
mod life;
mod lives;
mod phrases;
mod rules;
#[cfg(test)]
mod tests;
mod text;
mod tracer;
mod trade;

use std::rc::Rc;

use cli::{Exit, Failure, Interrupt, LogFile, Progress, SnapshotFolder};
use kernel::{ClientId, OrderId, Reference};
use replay::PlayError;

use super::names::Names;
use super::{print, print_json, say, seeking};
use crate::args::{Blame, OrderRef, TradeRef};

use find::Named;
use graph::Graph;
use lives::Wanted;
use trade::Found;

type LogTracer = tracer::Tracer<Rc<LogFile>, Option<SnapshotFolder>>;

pub(crate) fn run(args: &Blame) -> Result<Exit, Failure> {
    // Nothing is written but snapshots, each of them whole or not at all.
    Interrupt::at_once("replay");
    let path = &args.sought.log.path;
    let seeker = seeking::seeker(&args.sought)?;
    let at = seeking::resolve(path, seeker.archive(), &args.at)?;
    let names = Names::of(std::slice::from_ref(&seeker.archive().header().genesis));
    let entries = seeker.archive().entries();
    let mut progress = Progress::new("replaying", entries);
    let mut tracer = LogTracer::new(seeker, move |entry| progress.at(entry));
    let graph = collect(args, &mut tracer, at)?;
    drop(tracer);
    if args.json {
        print_json(&json::object(&graph, names, entries))?;
    } else {
        print(&text::words(&graph, names))?;
    }
    Ok(if graph.is_about_nothing() { Exit::Differs } else { Exit::Ok })
}

fn collect(args: &Blame, tracer: &mut LogTracer, at: u64) -> Result<Graph, Failure> {
    let path = &args.sought.log.path;
    let failed = |error: PlayError| Failure::play(path, &error);
    let limit = usize::try_from(args.limit).ok().filter(|limit| 0 < *limit);
    let mut graph = Graph::default();
    if let Some(order) = args.order {
        let order = match order {
            OrderRef::Id(order) => known(args, tracer, order, at)?,
            OrderRef::Named(client, reference) => chosen(args, tracer, (client, reference), at)?,
        };
        let wanted = Wanted::subject(order, at, limit);
        lives::add(tracer, &mut graph, vec![wanted], args.depth).map_err(failed)?;
        graph.roots.extend(graph.find(graph::Key::Order(order)));
    } else if let Some(level) = args.price {
        let asked = level::Asked { level, at, depth: args.depth, limit };
        level::add(tracer, &mut graph, asked).map_err(failed)?;
    } else if let Some(trade) = args.trade {
        let (entry, which) = match trade {
            TradeRef::OfEntry(entry) => (entry, None),
            TradeRef::Number(number) => match trade::find(tracer, number).map_err(failed)? {
                Found::In(entry, place) => (entry, Some((place, number))),
                Found::Only(total) => return Err(no_trade(args, number, total)),
            },
        };
        let entries = tracer.archive().entries();
        if entries < entry {
            let message = format!("{}: has no entry {entry}", path.display());
            let hint = format!("its entries are 1 to {entries}");
            return Err(Failure::new(Exit::Usage, message).with_hint(hint));
        }
        let found = trade::add(tracer, &mut graph, (entry, which), (args.depth, limit));
        let found = found.map_err(failed)?;
        if found == 0 {
            let message = format!("{}: entry {entry} made no trade", path.display());
            let hint = format!("what it did: replay cat --events --from {entry} --to {entry}");
            return Err(Failure::new(Exit::Usage, message).with_hint(hint));
        }
        if graph.roots.len() < found && which.is_none() {
            let told = graph.roots.len();
            say(&format!("replay: the entry made {found} trades; the first {told} are told"));
        }
    }
    Ok(graph)
}

/// An order that the log has placed by then.
fn known(
    args: &Blame,
    tracer: &mut LogTracer,
    order: OrderId,
    at: u64,
) -> Result<OrderId, Failure> {
    let path = &args.sought.log.path;
    let failed = |error: PlayError| Failure::play(path, &error);
    match tracer.place_of(order).map_err(failed)? {
        Some((entry, _)) if entry <= at => Ok(order),
        Some((entry, _)) => {
            let message = format!(
                "{}: order {order} is placed in entry {entry}, behind entry {at}",
                path.display()
            );
            Err(Failure::new(Exit::Usage, message).with_hint("ask for a later moment with --at"))
        }
        None => {
            let message = format!("{}: has no order {order}", path.display());
            let hint = match tracer.orders().map_err(failed)? {
                0 => "no orders are placed in it".to_owned(),
                last => format!("its orders are 1 to {last}"),
            };
            Err(Failure::new(Exit::Usage, message).with_hint(hint))
        }
    }
}

/// The order that a client and a number of the producer's mean.
fn chosen(
    args: &Blame,
    tracer: &mut LogTracer,
    (client, reference): (ClientId, Reference),
    at: u64,
) -> Result<OrderId, Failure> {
    let path = &args.sought.log.path;
    let named = find::named(tracer, (client, reference), at);
    let named = named.map_err(|error| Failure::play(path, &error))?;
    let Named { orders, total, live, references } = named;
    let list = || -> String {
        let lines: Vec<_> =
            orders.iter().map(|(order, entry)| format!("#{order} of entry {entry}")).collect();
        let more = match orders.missing() {
            0 => String::new(),
            more => format!(" and {more} between"),
        };
        lines.join(", ") + &more
    };
    match (total, live, orders.first()) {
        (0, ..) | (_, None, []) => {
            let message = format!(
                "{}: client {client} places no order with the number {reference} up to entry {at}",
                path.display()
            );
            let hint = match references {
                Some((low, high)) => format!("its orders have the numbers {low} to {high}"),
                None => format!("client {client} places no orders at all up to there"),
            };
            Err(Failure::new(Exit::Usage, message).with_hint(hint))
        }
        (1, _, [(order, _), ..]) => Ok(*order),
        (_, Some(order), _) => {
            let (total, list) = (total, list());
            say(&format!(
                "replay: {total} orders of client {client} have the number {reference}: {list}; told \
                 is #{order}, the latest of them that lives"
            ));
            Ok(order)
        }
        (_, None, _) => {
            let message = format!(
                "{}: {total} orders of client {client} have the number {reference} and none of them \
                 lives behind entry {at}: {}",
                path.display(),
                list()
            );
            Err(Failure::new(Exit::Usage, message).with_hint("name one of them by its id"))
        }
    }
}

fn no_trade(args: &Blame, number: u64, total: u64) -> Failure {
    let message = format!("{}: has no trade {number}", args.sought.log.path.display());
    let hint = match total {
        0 => "nothing is traded in it".to_owned(),
        last => format!("its trades are 1 to {last}"),
    };
    Failure::new(Exit::Usage, message).with_hint(hint)
}
