//! The graph as an indented tree of sentences.

mod order;
mod places;

use std::collections::BTreeSet;

use replay::Entry;

use super::super::names::Names;
use super::graph::{Fact, Graph, Node, Told, Why};
use super::phrases::{count, decision_text, found_text, note_text, order_head, order_name};

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

    /// The entry that a node is.
    fn entry(&self, place: usize) -> Option<&'a Told> {
        match self.get(place).map(|node| &node.fact) {
            Some(Fact::Entry(told)) => Some(told),
            Some(Fact::Order(_) | Fact::Level(_) | Fact::Trade(_) | Fact::Genesis) | None => None,
        }
    }

    /// An order, a level or a trade with its causes.
    fn node(&mut self, place: usize, level: usize, role: &str) {
        let Some(node) = self.get(place) else { return };
        match &node.fact {
            Fact::Order(life) if self.told.insert(place) => {
                self.line(level, &format!("{role}{}", order_head(life, self.names)));
                self.order(life, &node.links, level + 1);
            }
            Fact::Order(life) => {
                let name = order_name(life.order, life.place.client, self.names);
                self.line(level, &format!("{role}order {name}, as told above"));
            }
            Fact::Level(fact) => self.level(fact, &node.links, level),
            Fact::Trade(trade) => self.trade(trade, &node.links, level),
            Fact::Entry(_) | Fact::Genesis => {}
        }
    }

    /// The causes of an entry, told once.
    fn causes(&mut self, place: usize, level: usize) {
        let Some(node) = self.get(place) else { return };
        if !self.told.insert(place) {
            return;
        }
        if let Fact::Entry(told) = &node.fact
            && let Entry::Command(_) = &told.entry
            && let Some(sight) = &told.sight
        {
            self.line(level, &found_text(sight));
        }
        for link in &node.links {
            match link.why {
                Why::Decided => self.decision(link.to, level),
                Why::Rule => self.rule(link.to, level),
                Why::Context => {
                    if let Some(told) = self.entry(link.to) {
                        self.line(level, &format!("in the same moment: {}", note_text(told)));
                    }
                }
                Why::Taker if !self.told.contains(&link.to) => {
                    self.node(link.to, level, "the taker is ");
                }
                Why::Taker
                | Why::Maker
                | Why::During
                | Why::Placed
                | Why::Did(_)
                | Why::Note
                | Why::Met(_)
                | Why::Trigger(_)
                | Why::Rests { .. }
                | Why::Changed { .. }
                | Why::BestSince { .. } => {}
            }
        }
    }

    fn decision(&mut self, place: usize, level: usize) {
        let Some(told) = self.entry(place) else { return };
        let Entry::Decision(decision) = &told.entry else { return };
        if self.told.insert(place) {
            self.line(level, &decision_text(told, decision, self.names));
        } else {
            let who = self.names.decider(decision.agent);
            self.line(level, &format!("decided by {who} in entry {}, as above", told.number));
        }
    }

    /// What set the rule that refused a command.
    fn rule(&mut self, place: usize, level: usize) {
        match self.entry(place) {
            Some(told) => {
                self.line(level, &format!("so it is since {}", note_text(told)));
                self.causes(place, level + 1);
            }
            None => self.line(level, "so it is since the start: the genesis says it"),
        }
    }
}

fn more(number: u64, what: &str) -> String {
    format!("… {} left out: --limit 0 tells all", count(number, what))
}
