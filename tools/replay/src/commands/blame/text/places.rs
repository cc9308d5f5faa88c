//! Levels and trades: what came about at a price.

use formats::state::rules_text;
use kernel::{Event, Price, Rules, Side};

use super::super::graph::{Level, Link, Told, Trade, Why};
use super::super::phrases::{
    asked_text, best_text, change_text, count, entry_head, level_head, note_text, order_name,
    price_text, side_name, trade_head,
};
use super::{Tree, more};

impl Tree<'_> {
    pub(super) fn level(&mut self, fact: &Level, links: &[Link], level: usize) {
        self.line(level, &level_head(fact));
        if !fact.was_occupied {
            let both = if fact.price.is_some() { ", nor one of the other side" } else { "" };
            self.line(level + 1, &format!("there never was one up to entry {}{both}", fact.at));
            if fact.price.is_some() {
                let other = fact.side.opposite();
                self.line(level + 1, &best_text(fact.opposite, side_name(other)));
            }
        }
        for link in links {
            let Some(told) = self.entry(link.to) else { continue };
            let words = match &link.why {
                Why::Rests { order, client, lots: all, displayed } => {
                    let name = order_name(*order, *client, self.names);
                    let lots = count(u64::from(*all), "lot");
                    let shown = format!("{lots}, showing {displayed}");
                    let has_reserve = *displayed != *all;
                    let lots = if has_reserve { &shown } else { &lots };
                    let head = entry_head(told, self.names);
                    format!("{name}, {lots}: here since {head}: {}", asked_text(told))
                }
                Why::Changed { lots, event } => self.changed(fact, told, (*lots, event), link.to),
                Why::BestSince { before, event } => {
                    let name = side_name(fact.side);
                    let since = match fact.best {
                        Some(best) => format!("{best} is the best {name} since"),
                        None => format!("there is no {name} since"),
                    };
                    self.since(&since, (told, link.to), fact.side, (*before, event))
                }
                Why::Note => format!("since then: {}", note_text(told)),
                Why::Placed
                | Why::Did(_)
                | Why::Decided
                | Why::Context
                | Why::Met(_)
                | Why::Trigger(_)
                | Why::Rule
                | Why::Maker
                | Why::Taker
                | Why::During => continue,
            };
            self.line(level + 1, &words);
            if link.why != Why::Note {
                self.causes(link.to, level + 2);
            }
        }
        if 0 < fact.more {
            self.line(level + 1, &more(fact.more, "order"));
        }
    }

    /// An entry that changed a level.
    fn changed(
        &self,
        fact: &Level,
        told: &Told,
        (lots, event): (u64, &Event),
        to: usize,
    ) -> String {
        let verb = match (lots, fact.orders) {
            (0, _) => "emptied by",
            (_, 0) if matches!(event, Event::Rested { .. }) => "last grew by",
            (_, 0) => "before that",
            (..) => "last changed by",
        };
        let left = match lots {
            0 => "nothing was left".to_owned(),
            _ => format!("{} shown then", count(lots, "lot")),
        };
        if self.told.contains(&to) {
            return format!("{verb} entry {}, as above; {left}", told.number);
        }
        format!("{verb} {}; {left}", change_text(told, event, self.names))
    }

    /// Since when a price is the best of its side.
    fn since(
        &self,
        since: &str,
        (told, to): (&Told, usize),
        side: Side,
        (before, event): (Option<Price>, &Event),
    ) -> String {
        let name = side_name(side);
        let before = before.map_or_else(
            || format!("there was no {name} before"),
            |before| format!("before it was {before}"),
        );
        if self.told.contains(&to) {
            return format!("{since} entry {}, as above; {before}", told.number);
        }
        format!("{since} {}; {before}", change_text(told, event, self.names))
    }

    pub(super) fn trade(&mut self, trade: &Trade, links: &[Link], level: usize) {
        self.line(level, &trade_head(trade, self.names));
        self.line(level + 1, &price_text(trade));
        let Event::Traded { taker_side, .. } = trade.event else { return };
        for link in links {
            match &link.why {
                Why::BestSince { before, event } => {
                    let Some(told) = self.entry(link.to) else { continue };
                    let side = taker_side.opposite();
                    let words = self.since("since", (told, link.to), side, (*before, event));
                    self.line(level + 2, &words);
                    self.causes(link.to, level + 3);
                }
                Why::Note => {
                    if let Some(told) = self.entry(link.to) {
                        self.line(level + 2, &format!("since then: {}", note_text(told)));
                    }
                }
                Why::Maker => self.node(link.to, level + 1, "maker: "),
                Why::Taker => self.node(link.to, level + 1, "taker: "),
                Why::Placed
                | Why::Did(_)
                | Why::Decided
                | Why::Context
                | Why::Met(_)
                | Why::Trigger(_)
                | Why::Rule
                | Why::Rests { .. }
                | Why::Changed { .. }
                | Why::During => {}
            }
        }
        if trade.rules != Rules::OPEN {
            self.line(level + 1, &format!("rules then: {}", rules_text(&trade.rules)));
        }
    }
}
