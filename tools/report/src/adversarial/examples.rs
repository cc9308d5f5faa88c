//! One episode of each type, step by step.

use std::fmt::Write as _;

use agents::adversarial::watch::{Episode, Fill};
use kernel::Side;

use super::{Seen, TYPES, type_name};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{big, count, percent, real, short};
use crate::panels::{counted, ends, layer, listed};
use crate::scale::{Names, Scale};
use crate::thin::Point;

pub(super) fn panel(seen: &Seen<'_>) -> Panel {
    let about = "The first closed episode of each type: the mid before the first step and behind the \
                 reactions of each step, with the fills of the trader's place; then belief and spread of both \
                 behind the same reactions. While a side of the book is empty the mid stays and there is no \
                 spread.";
    let mut panel = Panel::new("episodes", "One episode of each type", about);
    let found = &seen.all.found.examples;
    let examples = || {
        TYPES.into_iter().filter_map(|(z, look)| {
            let (log, episode) = found.get(z)?.as_ref()?;
            Some(Example { z, look, log: seen.all.logs.get(*log)?.name.clone(), episode })
        })
    };
    panel.figures.extend(examples().filter_map(|it| it.mid()));
    let all: Vec<_> = examples().collect();
    panel.figures.extend(belief(&all));
    panel.figures.extend(spread(&all));
    if panel.figures.is_empty() {
        return panel.missing("it takes a closed episode");
    }
    if let [alone] = all.as_slice() {
        panel.say(&format!(" There is no closed episode of type z\u{a0}=\u{a0}{}.", 1 - alone.z));
    }
    panel
}

/// An episode that is drawn.
struct Example<'a> {
    z: usize,
    look: usize,
    log: String,
    episode: &'a Episode,
}

impl Example<'_> {
    fn mid(&self) -> Option<Figure> {
        let episode = self.episode;
        let after = episode.steps.iter().map(|step| step.after);
        let mids: Vec<Point> = (0..)
            .zip([episode.arrival].into_iter().chain(after))
            .map(|(step, twice)| (count(step), Some(0.5 * real(twice))))
            .collect();
        let prices = episode.fills.iter().map(|fill| real(fill.price));
        let (low, high) = ends(mids.iter().filter_map(|it| it.1).chain(prices))?;
        let mut layers = vec![layer("mid", self.look, Shape::Line(mids))];
        for (name, look, side) in [("buys", 2, Side::Buy), ("sells", 3, Side::Sell)] {
            let of_side = episode.fills.iter().filter(|fill| fill.side == side);
            let dots: Vec<_> = of_side.map(|fill| (step(fill), real(fill.price))).collect();
            if !dots.is_empty() {
                layers.push(layer(name, look, Shape::Dots(dots)));
            }
        }
        let heading = format!(
            "Mid and fills, {}, episode {} of {}",
            type_name(self.z),
            episode.number,
            self.log
        );
        Some(Figure {
            chart: Chart {
                title: heading.clone(),
                x_title: "step".to_owned(),
                y_title: "price, ticks".to_owned(),
                x: steps_axis(episode.steps.len()),
                y: Scale::nice(low, high),
                layers,
                marks: Vec::new(),
            },
            heading,
            reading: self.reading(),
        })
    }

    /// What the trader's place did, and what it cost.
    fn reading(&self) -> String {
        let episode = self.episode;
        let moved = 0.5 * real(episode.closing_half_ticks.saturating_sub(episode.arrival));
        let mut told = format!("The mid moved by {} ticks.", short(moved));
        if !episode.has_trader() {
            told.push_str(" Nobody was in the trader's place.");
            return told;
        }
        let (orders, fills) = (episode.children.len(), episode.fills.len());
        // Writing to a string cannot fail.
        let _ = write!(
            told,
            " The trader's place sent {} and traded {} of {} lots in {}",
            counted(orders, "order", "orders"),
            episode.executed(),
            episode.lots,
            counted(fills, "fill", "fills"),
        );
        match episode.shortfall().filter(|_| episode.has_buyer()) {
            Some(shortfall) => {
                let _ = write!(told, ": a shortfall of {} bps.", short(shortfall));
            }
            None => told.push('.'),
        }
        told
    }
}

fn step(fill: &Fill) -> f64 {
    big(fill.step.into())
}

/// The axis of the steps of an episode, 0 before the first.
pub(super) fn steps_axis(steps: usize) -> Scale {
    Scale::exact(0.0, count(steps.max(1)), Names::Numbers)
}

fn longest(all: &[Example<'_>]) -> Option<usize> {
    all.iter().map(|it| it.episode.steps.len()).max()
}

/// A line of each episode.
fn lines(
    all: &[Example<'_>],
    value: impl Fn(&agents::adversarial::watch::Moment) -> Option<f64>,
) -> Vec<Layer> {
    let line = |it: &Example<'_>| {
        let points = (1..).zip(&it.episode.steps).map(|(step, at)| (count(step), value(at)));
        layer(type_name(it.z), it.look, Shape::Line(points.collect()))
    };
    all.iter().map(line).collect()
}

fn belief(all: &[Example<'_>]) -> Option<Figure> {
    let told: Vec<_> = all
        .iter()
        .filter_map(|it| Some((it.z, it.episode.steps.last()?.belief)))
        .map(|(z, last)| format!("{} with z\u{a0}=\u{a0}{z}", percent(last)))
        .collect();
    let heading = "Belief in these episodes".to_owned();
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "step".to_owned(),
            y_title: "belief that z\u{a0}=\u{a0}1".to_owned(),
            x: steps_axis(longest(all)?),
            y: Scale::nice(0.0, 1.0),
            layers: lines(all, |step| Some(step.belief)),
            marks: Vec::new(),
        },
        heading,
        reading: format!("At the end: {}.", listed(&told)),
    })
}

fn spread(all: &[Example<'_>]) -> Option<Figure> {
    let spread = |step: &agents::adversarial::watch::Moment| step.spread.map(real);
    let of =
        |it: &Example<'_>| -> Vec<f64> { it.episode.steps.iter().filter_map(spread).collect() };
    let (_, high) = ends(all.iter().flat_map(of))?;
    let told: Vec<_> = all
        .iter()
        .filter_map(|it| Some((it.z, agents::stats::moments::mean(&of(it))?)))
        .map(|(z, mean)| format!("{} ticks with z\u{a0}=\u{a0}{z}", short(mean)))
        .collect();
    let heading = "Spread in these episodes".to_owned();
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "step".to_owned(),
            y_title: "spread, ticks".to_owned(),
            x: steps_axis(longest(all)?),
            y: Scale::nice(0.0, high),
            layers: lines(all, spread),
            marks: Vec::new(),
        },
        heading,
        reading: format!("On average: {}.", listed(&told)),
    })
}
