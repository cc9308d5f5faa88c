//! The life of an order.

use kernel::Event;

use super::super::graph::{Fact, Link, Why};
use super::super::life::Life;
use super::super::phrases::{count, done, entry_head, fate, note_text};
use super::{Tree, more};

impl Tree<'_> {
    pub(super) fn order(&mut self, life: &Life, links: &[Link], level: usize) {
        self.line(level, &format!("fate: {}", fate(life)));
        let is_timed = |link: &&Link| matches!(link.why, Why::Did(_) | Why::Note);
        let timed: Vec<_> = links.iter().filter(is_timed).collect();
        let missing = life.changes.missing();
        // The changes that are left out lie behind so many.
        let mut left = Some(life.changes.first().len()).filter(|_| 0 < missing);
        for group in timed.chunk_by(|one, other| one.to == other.to) {
            if left == Some(0) {
                self.gap(life, level);
                left = None;
            }
            let is_shown = self.moment(life, links, group, level);
            let changes = group.iter().filter(|link| matches!(link.why, Why::Did(_))).count();
            left = match left {
                // They lie within this entry.
                Some(left) if left < changes => {
                    if is_shown {
                        self.gap(life, level);
                    }
                    None
                }
                left => left.map(|left| left - changes),
            };
        }
        if life.is_subject && 0 < life.notes.missing() {
            self.line(level, &more(life.notes.missing(), "mark or change of a rule"));
        }
    }

    /// Changes that are left out.
    fn gap(&mut self, life: &Life, level: usize) {
        let missing = life.changes.missing();
        if life.is_subject {
            self.line(level, &more(missing, "change"));
        } else {
            self.line(level, &format!("… {} between", count(missing, "change")));
        }
    }

    /// What one entry did to an order, or a mark or rule of its lifetime. Whether that is told.
    fn moment(&mut self, life: &Life, links: &[Link], group: &[&Link], level: usize) -> bool {
        let Some(place) = group.first().map(|link| link.to) else { return false };
        let Some(told) = self.entry(place) else { return false };
        let events = group
            .iter()
            .filter_map(|link| if let Why::Did(event) = &link.why { Some(event) } else { None });
        let events: Vec<_> = events.collect();
        if events.is_empty() {
            if life.is_subject {
                self.line(level, &note_text(told));
            }
            return life.is_subject;
        }
        let is_triggered = events.iter().any(|event| matches!(event, Event::Triggered { .. }));
        // Of an order that was only met, what has not been told yet.
        if !life.is_subject && self.told.contains(&place) && !is_triggered {
            return false;
        }
        let parts: Vec<_> = events.iter().map(|event| done(event, life, self.names)).collect();
        self.line(level, &format!("{}: {}", entry_head(told, self.names), parts.join("; ")));
        let trigger = links.iter().find(|link| matches!(link.why, Why::Trigger(_)));
        if let (true, Some(link)) = (is_triggered, trigger) {
            self.trigger(link, level + 1);
        }
        self.causes(place, level + 1);
        let met = links.iter().filter(|link| link.why == Why::Met(told.number));
        for link in met.filter(|_| life.is_subject) {
            if !self.told.contains(&link.to) && !self.is_subject(link.to) {
                self.node(link.to, level + 1, "met ");
            }
        }
        true
    }

    /// Whether an order is told in a place of its own.
    fn is_subject(&self, place: usize) -> bool {
        matches!(self.get(place).map(|node| &node.fact), Some(Fact::Order(life)) if life.is_subject)
    }

    /// The trade that triggered a stop.
    fn trigger(&mut self, link: &Link, level: usize) {
        let Why::Trigger(Event::Traded { maker, taker, price, .. }) = link.why else { return };
        let Some(told) = self.entry(link.to) else { return };
        let trade = format!("triggered by the trade of #{taker} with #{maker} @ {price}");
        self.line(level, &format!("{trade} in {}", entry_head(told, self.names)));
        self.causes(link.to, level + 1);
    }
}
