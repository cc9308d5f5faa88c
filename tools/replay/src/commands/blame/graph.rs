//! What made what: entries, orders, levels and trades, and links from each to its causes.

use std::collections::BTreeMap;
use std::rc::Rc;

use kernel::{ClientId, Event, OrderId, Position, Price, Side};
use replay::Entry;

use super::life::Life;

/// Logical time in nanoseconds, and step.
pub(super) type Clock = (u64, u64);

/// By what a node is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    Entry(u64),
    Order(OrderId),
    /// Behind an entry.
    Level(Side, Option<Price>, u64),
    /// An event of an entry, by its place among them.
    Trade(u64, usize),
    /// What the market started from.
    Genesis,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Fact {
    Entry(Rc<Told>),
    Order(Box<Life>),
    Level(Level),
    Trade(Trade),
    Genesis,
}

/// An entry that did something.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) number: u64,
    pub(super) entry: Entry,
    /// After it.
    pub(super) clock: Clock,
    /// Of a decision, and of a command that was refused: what there was to see.
    pub(super) sight: Option<Sight>,
    /// The decision that caused it.
    pub(super) decision: Option<Rc<Self>>,
    /// Marks and changes of rules of the same moment, ahead of it.
    pub(super) notes: Vec<Rc<Self>>,
    /// The kernel's answer began with this.
    pub(super) answer: Option<Event>,
    /// Takers whose command it is not: stops that it triggered, and orders of an auction.
    pub(super) others: Vec<OrderId>,
}

/// The market as somebody saw it who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sight {
    pub(super) bid: Option<Price>,
    pub(super) ask: Option<Price>,
    /// Lots held.
    pub(super) position: Position,
}

/// A price level, or an empty side, at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    pub(super) side: Side,
    /// `None` where the side is empty.
    pub(super) price: Option<Price>,
    /// Behind this entry.
    pub(super) at: u64,
    /// Displayed lots.
    pub(super) lots: u64,
    pub(super) orders: u64,
    /// Orders that are not told.
    pub(super) more: u64,
    /// Occupied levels of its side that trade before it.
    pub(super) better: u64,
    /// The best price of its side.
    pub(super) best: Option<Price>,
    /// The best price of the other side.
    pub(super) opposite: Option<Price>,
    /// Whether it was occupied ever before, where it is empty.
    pub(super) was_occupied: bool,
}

/// A trade.
#[derive(Clone, Copy, Debug)]
pub(super) struct Trade {
    pub(super) entry: u64,
    pub(super) clock: Clock,
    /// Its place among the trades of the log, where that was counted.
    pub(super) number: Option<u64>,
    pub(super) event: Event,
    /// The price of the auction that it is part of.
    pub(super) cleared: Option<Price>,
    /// The best price of the maker's side before the entry.
    pub(super) before: Option<Price>,
    /// Charged on it.
    pub(super) rules: kernel::Rules,
}

/// Why one node stands behind another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// The order was placed by this entry.
    Placed,
    /// The entry did this to the order.
    Did(Event),
    /// A mark or a change of rules while the order lived.
    Note,
    /// A decision caused the command.
    Decided,
    /// A mark or a change of rules of the same moment.
    Context,
    /// An order that the order met in this entry.
    Met(u64),
    /// A trade of this entry triggered the stop.
    Trigger(Event),
    /// The rule in force was set by it.
    Rule,
    /// The order makes up the level; it came to its place in this entry.
    Rests { order: OrderId, client: ClientId, lots: u32, displayed: u32 },
    /// The entry did this to the level, last.
    Changed { lots: u64, event: Event },
    /// The price was the best of its side from this entry on.
    BestSince {
        /// What had been the best before.
        before: Option<Price>,
        event: Event,
    },
    /// The maker of a trade.
    Maker,
    /// The taker of a trade; of an entry, one that its command did not bring.
    Taker,
    /// The command that a trade happened in.
    During,
}

/// A cause of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) why: Why,
    pub(super) to: usize,
}

/// One node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) key: Key,
    pub(super) fact: Fact,
    pub(super) links: Vec<Link>,
}

/// Nodes in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub(super) struct Graph {
    nodes: Vec<Node>,
    places: BTreeMap<Key, usize>,
    /// The subjects.
    pub(super) roots: Vec<usize>,
}

impl Graph {
    /// Whether all that was asked for are levels at which nothing ever was.
    pub(super) fn is_about_nothing(&self) -> bool {
        let mut facts = self.roots.iter().filter_map(|root| self.node(*root));
        facts.all(|node| matches!(&node.fact, Fact::Level(level) if !level.was_occupied))
    }

    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn node(&self, place: usize) -> Option<&Node> {
        self.nodes.get(place)
    }

    pub(super) fn find(&self, key: Key) -> Option<usize> {
        self.places.get(&key).copied()
    }

    /// Adds a node; one that is there already stays as it is.
    pub(super) fn add(&mut self, key: Key, fact: Fact) -> usize {
        if let Some(place) = self.find(key) {
            return place;
        }
        let place = self.nodes.len();
        self.places.insert(key, place);
        self.nodes.push(Node { key, fact, links: Vec::new() });
        place
    }

    /// Adds an entry with its decision and what stands beside it.
    pub(super) fn add_entry(&mut self, told: &Rc<Told>) -> usize {
        let key = Key::Entry(told.number);
        if let Some(place) = self.find(key) {
            return place;
        }
        let place = self.add(key, Fact::Entry(Rc::clone(told)));
        if let Some(decision) = &told.decision {
            let to = self.add_entry(decision);
            self.link(place, Why::Decided, to);
        }
        for note in &told.notes {
            let to = self.add_entry(note);
            self.link(place, Why::Context, to);
        }
        place
    }

    /// Adds a link.
    pub(super) fn link(&mut self, from: usize, why: Why, to: usize) {
        if let Some(node) = self.nodes.get_mut(from) {
            node.links.push(Link { why, to });
        }
    }

    /// Adds a link unless it is there; for nodes of few links.
    pub(super) fn link_once(&mut self, from: usize, why: Why, to: usize) {
        let link = Link { why, to };
        if self.nodes.get(from).is_some_and(|node| !node.links.contains(&link)) {
            self.link(from, why, to);
        }
    }
}
