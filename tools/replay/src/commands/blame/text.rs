//! The graph as an indented tree of sentences.

use std::collections::BTreeSet;

use formats::render::entry_text;
use formats::state::rules_text;
use kernel::{Event, Rules};
use replay::Entry;

use super::super::names::Names;
use super::graph::{Fact, Graph, Level, Link, Node, Trade, Why};
use super::life::Life;
use super::phrases::{
    change_text, decision_text, done, entry_head, fate, level_head, note_text, order_head,
    order_name, price_text, side_name, trade_head,
};

/// Columns of a line.
const COLUMNS: usize = 100;
/// Deepest indent, in columns; what lies deeper stands there too.
const INDENT_MAX: usize = 48;

/// All subjects of a graph, one after the other.
pub(super) fn words(graph: &Graph, names: Names) -> String {
    let mut tree = Tree { graph, names, told: BTreeSet::new(), text: String::new() };
    for (place, root) in graph.roots.iter().enumerate() {
        if 0 < place {
            tree.text.push('\n');
        }
        tree.node(*root, 0, "");
    }
    tree.text
}

struct Tree<'a> {
    graph: &'a Graph,
    names: Names,
    /// Nodes whose causes have been told.
    told: BTreeSet<usize>,
    text: String,
}

impl<'a> Tree<'a> {
    /// A line, broken between words.
    fn line(&mut self, level: usize, words: &str) {
        let indent = (2 * level).min(INDENT_MAX);
        let mut column = 0;
        for word in words.split(' ') {
            let width = word.chars().count();
            if column == 0 {
                self.text.extend(std::iter::repeat_n(' ', indent));
                column = indent;
            } else if COLUMNS < column + 1 + width {
                self.text.push('\n');
                self.text.extend(std::iter::repeat_n(' ', indent + 4));
                column = indent + 4;
            } else {
                self.text.push(' ');
                column += 1;
            }
            self.text.push_str(word);
            column += width;
        }
        self.text.push('\n');
    }

    fn get(&self, place: usize) -> Option<&'a Node> {
        self.graph.node(place)
    }

    /// A node that is no entry, with its causes.
    fn node(&mut self, place: usize, level: usize, role: &str) {
        let Some(node) = self.get(place) else { return };
        match &node.fact {
            Fact::Order(life) => {
                let head = order_head(life, self.names);
                if self.told.insert(place) {
                    self.line(level, &format!("{role}{head}"));
                    self.order(life, &node.links, level + 1);
                } else {
                    let name = order_name(life.order, life.place.client, self.names);
                    self.line(level, &format!("{role}order {name}, as told above"));
                }
            }
            Fact::Level(fact) => self.level(fact, &node.links, level),
            Fact::Trade(trade) => self.trade(trade, &node.links, level),
            Fact::Entry(_) | Fact::Genesis => self.entry(place, level),
        }
    }

    fn order(&mut self, life: &Life, links: &[Link], level: usize) {
        self.line(level, &format!("fate: {}", fate(life)));
        let trigger = links.iter().find(|link| matches!(link.why, Why::Trigger(_)));
        let is_timed = |link: &&Link| matches!(link.why, Why::Did(_) | Why::Note);
        let timed: Vec<_> = links.iter().filter(is_timed).collect();
        let (mut done_so_far, gap) = (0, life.changes.first().len());
        for group in timed.chunk_by(|one, other| one.to == other.to) {
            let Some(first) = group.first() else { continue };
            if done_so_far == gap && 0 < life.changes.missing() {
                self.line(level, &more(life.changes.missing(), "change"));
                done_so_far += 1;
            }
            let Some(Fact::Entry(told)) = self.get(first.to).map(|node| &node.fact) else {
                continue;
            };
            let mut parts = Vec::new();
            let mut is_triggered = false;
            for link in group {
                if let Why::Did(event) = &link.why {
                    if done_so_far == gap && 0 < life.changes.missing() {
                        parts.push(format!("… ({} more)", life.changes.missing()));
                        done_so_far += 1;
                    }
                    done_so_far += 1;
                    is_triggered |= matches!(event, Event::Triggered { .. });
                    parts.push(done(event, life, self.names));
                }
            }
            if parts.is_empty() {
                self.line(level, &note_text(told));
                continue;
            }
            self.line(level, &format!("{}: {}", entry_head(told, self.names), parts.join("; ")));
            if let (true, Some(link)) = (is_triggered, trigger) {
                self.trigger(link, level + 1);
            }
            self.causes(first.to, level + 1);
        }
        if 0 < life.notes.missing() {
            self.line(level, &more(life.notes.missing(), "mark or rule"));
        }
    }

    /// The trade that triggered a stop.
    fn trigger(&mut self, link: &Link, level: usize) {
        let Why::Trigger(Event::Traded { maker, taker, price, .. }) = link.why else { return };
        let Some(Fact::Entry(told)) = self.get(link.to).map(|node| &node.fact) else { return };
        let words = format!("triggered by the trade of #{taker} with #{maker} @ {price} in");
        self.line(level, &format!("{words} {}", entry_head(told, self.names)));
        self.causes(link.to, level + 1);
    }

    fn level(&mut self, fact: &Level, links: &[Link], level: usize) {
        self.line(level, &level_head(fact));
        if !fact.was_occupied {
            let what = if fact.price.is_some() { "nothing ever rested there" } else { "there never was one" };
            self.line(level + 1, &format!("{what} up to entry {}", fact.at));
        }
        for link in links {
            let Some(Fact::Entry(told)) = self.get(link.to).map(|node| &node.fact) else { continue };
            match &link.why {
                Why::Rests { order, client, lots, displayed } => {
                    let name = order_name(*order, *client, self.names);
                    let shown = if lots == displayed {
                        String::new()
                    } else {
                        format!(", showing {displayed}")
                    };
                    let head = entry_head(told, self.names);
                    let what = entry_text(&told.entry);
                    self.line(
                        level + 1,
                        &format!("{name}, {lots} lots{shown}: here since {head}: {what}"),
                    );
                }
                Why::Changed { lots, event } => {
                    let verb = match (lots, fact.orders) {
                        (0, _) => "emptied by ",
                        (_, 0) => "before that ",
                        (..) => "last changed by ",
                    };
                    let left = if *lots == 0 {
                        "nothing was left".to_owned()
                    } else {
                        format!("{lots} lots shown then")
                    };
                    let change = change_text(told, event, self.names);
                    self.line(level + 1, &format!("{verb}{change}; {left}"));
                }
                Why::BestSince { before, event } => {
                    let name = side_name(fact.side);
                    let since = match fact.best {
                        Some(best) => format!("{best} is the best {name} since"),
                        None => format!("there is no {name} since"),
                    };
                    let change = change_text(told, event, self.names);
                    let before = before.map_or_else(
                        || format!("there was no {name} before"),
                        |before| format!("before it was {before}"),
                    );
                    self.line(level + 1, &format!("{since} {change}; {before}"));
                }
                Why::Placed
                | Why::Did(_)
                | Why::Note
                | Why::Decided
                | Why::Context
                | Why::Met
                | Why::Trigger(_)
                | Why::Rule
                | Why::Maker
                | Why::Taker
                | Why::During => {}
            }
            self.causes(link.to, level + 2);
        }
        if 0 < fact.more {
            self.line(level + 1, &more(fact.more, "order"));
        }
    }

    fn trade(&mut self, trade: &Trade, links: &[Link], level: usize) {
        self.line(level, &trade_head(trade, self.names));
        self.line(level + 1, &price_text(trade));
        if trade.rules != Rules::OPEN {
            self.line(level + 1, &format!("rules: {}", rules_text(&trade.rules)));
        }
        for link in links {
            match &link.why {
                Why::BestSince { before, event } => {
                    let Some(Fact::Entry(told)) = self.get(link.to).map(|node| &node.fact) else {
                        continue;
                    };
                    let change = change_text(told, event, self.names);
                    let before = before.map_or_else(
                        || "before there was none".to_owned(),
                        |before| format!("before it was {before}"),
                    );
                    self.line(level + 2, &format!("since {change}; {before}"));
                    self.causes(link.to, level + 3);
                }
                Why::During => self.contexts(link.to, level + 1),
                Why::Maker => self.node(link.to, level + 1, "maker: "),
                Why::Taker => self.node(link.to, level + 1, "taker: "),
                Why::Placed
                | Why::Did(_)
                | Why::Note
                | Why::Decided
                | Why::Context
                | Why::Met
                | Why::Trigger(_)
                | Why::Rule
                | Why::Rests { .. }
                | Why::Changed { .. } => {}
            }
        }
    }

    /// An entry on its own.
    fn entry(&mut self, place: usize, level: usize) {
        match self.get(place).map(|node| &node.fact) {
            Some(Fact::Entry(told)) => {
                self.line(level, &note_text(told));
                self.causes(place, level + 1);
            }
            Some(Fact::Genesis) => self.line(level, "the market started with this rule"),
            Some(Fact::Order(_) | Fact::Level(_) | Fact::Trade(_)) | None => {}
        }
    }

    /// What stands beside an entry: marks and rules of its moment.
    fn contexts(&mut self, place: usize, level: usize) {
        let Some(node) = self.get(place) else { return };
        for link in node.links.iter().filter(|link| link.why == Why::Context) {
            if let Some(Fact::Entry(told)) = self.get(link.to).map(|node| &node.fact) {
                self.line(level, &format!("in the same moment: {}", note_text(told)));
            }
        }
    }

    /// The causes of an entry, told once.
    fn causes(&mut self, place: usize, level: usize) {
        let Some(node) = self.get(place) else { return };
        if !self.told.insert(place) {
            return;
        }
        for link in &node.links {
            let to = self.get(link.to).map(|node| &node.fact);
            match (&link.why, to) {
                (Why::Decided, Some(Fact::Entry(told))) => {
                    let Entry::Decision(decision) = &told.entry else { continue };
                    if self.told.insert(link.to) {
                        self.line(level, &decision_text(told, decision, self.names));
                    } else {
                        let who = self.names.decider(decision.agent);
                        let line = format!("decided by {who} in entry {}, as above", told.number);
                        self.line(level, &line);
                    }
                }
                (Why::Rule, Some(Fact::Entry(told))) => {
                    self.line(level, &format!("the rule is in force since {}", note_text(told)));
                    self.causes(link.to, level + 1);
                }
                (Why::Rule, Some(Fact::Genesis)) => {
                    self.line(level, "the rule is in force since the start: the genesis has it");
                }
                _ => {}
            }
        }
        self.contexts(place, level);
        for link in node.links.iter().filter(|link| link.why == Why::Met) {
            if !self.told.contains(&link.to) {
                self.node(link.to, level, "met ");
            }
        }
    }
}

fn more(count: u64, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("… {count} more {what}{s}: --limit 0 tells all")
}
