//! Figures over updates: how learning goes, and what becomes of the market.

use super::Training;
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{big, short};
use crate::panels::{ends, listed};
use crate::scale::{Names, Scale};
use crate::thin::Point;

/// What a figure is called in `metrics.jsonl`, on the page, and its unit.
type Named = (&'static str, &'static str, &'static str);

/// Of every type that learns.
const LEARNING: [Named; 7] = [
    ("reward", "Reward", "mean reward of a step"),
    ("policy_loss", "Policy loss", "clipped surrogate loss"),
    ("value_loss", "Value loss", "loss of the critic"),
    ("entropy", "Entropy", "entropy of the policy, nats"),
    ("approx_kl", "Approximate KL divergence", "divergence from the policy before, nats"),
    ("clip_fraction", "Clip fraction", "share of samples clipped"),
    ("explained_variance", "Explained variance", "share of the returns' variance"),
];

/// Of the market.
const MARKET: [Named; 7] = [
    ("market.spread", "Spread", "mean spread, ticks"),
    ("market.volatility", "Volatility", "deviation of the mid's changes, ticks a step"),
    ("market.kurtosis", "Excess kurtosis", "of the mid's changes"),
    ("market.tracking", "Tracking error", "mean |mid − fair value|, ticks"),
    ("market.volume", "Volume", "lots a step"),
    ("market.quoted", "Quoted", "share of steps with makers on both sides"),
    ("presence", "Presence multiplier", "price of a share of absence"),
];

/// An axis is logarithmic from so many times between its ends on.
const DECADES_FROM: f64 = 100.0;
/// Updates whose mean is told of either end: a tenth, and at most so many.
const END_MAX: usize = 10;
/// Most updates that are drawn as points too.
const DOTS_MAX: usize = 30;

pub(super) fn learning(training: &Training) -> Panel {
    let about = "Figures of every update of each type that learns: the mean reward of its agents' steps, \
                 and what the optimisation came to. A figure that spans two decades has a logarithmic \
                 axis.";
    let panel = Panel::new("learning", "Learning curves", about);
    let lines = |figure: &str| -> Vec<(String, Vec<Point>)> {
        let lines = training
            .learners
            .iter()
            .map(|kind| (kind.clone(), points(training, &format!("{kind}.{figure}"))));
        lines.collect()
    };
    with_figures(panel, training, &LEARNING, lines)
}

pub(super) fn market(training: &Training) -> Panel {
    let about = "Means over all markets and steps of an update's rollout. Makers are on a side while one of \
                 them quotes within 20 ticks of the mid. The multiplier prices the makers' absence; at 0 it \
                 costs nothing.";
    let panel = Panel::new("quality", "Market quality over training", about);
    let lines = |figure: &str| vec![("all markets".to_owned(), points(training, figure))];
    with_figures(panel, training, &MARKET, lines)
}

/// A panel with a chart of each figure that the run has; says which it has not.
fn with_figures(
    mut panel: Panel,
    training: &Training,
    figures: &[Named],
    lines: impl Fn(&str) -> Vec<(String, Vec<Point>)>,
) -> Panel {
    let mut without = Vec::new();
    for (key, name, unit) in figures {
        match figure(training, name, unit, lines(key)) {
            Some(figure) => panel.figures.push(figure),
            None => without.push((*name).to_owned()),
        }
    }
    if panel.figures.is_empty() {
        return panel.missing(
            "metrics.jsonl tells none of its figures yet; learn train --resume goes on with the run",
        );
    }
    if !without.is_empty() {
        panel.say(&format!(" Not among the run's figures: {}.", listed(&without)));
    }
    panel
}

/// A figure over updates; interrupted where it is no number.
fn points(training: &Training, key: &str) -> Vec<Point> {
    let value = |row: &(u64, _)| {
        let figures: &std::collections::BTreeMap<String, f64> = &row.1;
        figures.get(key).copied().filter(|value| value.is_finite())
    };
    training.updates.iter().map(|row| (big(row.0.into()), value(row))).collect()
}

fn figure(
    training: &Training,
    name: &str,
    unit: &str,
    lines: Vec<(String, Vec<Point>)>,
) -> Option<Figure> {
    let values = || lines.iter().flat_map(|(_, points)| points.iter().filter_map(|point| point.1));
    let (low, high) = ends(values())?;
    let is_wide = 0.0 < low && DECADES_FROM * low <= high;
    let y =
        if is_wide { Scale::decades(low, high) } else { Scale::nice(low.min(0.0), high.max(0.0)) };
    let updates = || training.updates.iter().map(|row| big(row.0.into()));
    let (first, last) = ends(updates())?;
    let (reading, is_alone) = (reading(&lines)?, lines.len() == 1);
    let mut layers = Vec::new();
    for (look, (name, points)) in lines.into_iter().enumerate() {
        let dots: Vec<_> = points.iter().filter_map(|point| Some((point.0, point.1?))).collect();
        // Few updates are seen as such.
        if dots.len() <= DOTS_MAX {
            layers.push(Layer { name: None, look, shape: Shape::Dots(dots) });
        }
        let line = Layer { name: (!is_alone).then_some(name), look, shape: Shape::Line(points) };
        layers.push(line);
    }
    Some(Figure {
        heading: name.to_owned(),
        chart: Chart {
            title: format!("{name} over updates"),
            x_title: "update".to_owned(),
            y_title: unit.to_owned(),
            x: Scale::exact(first.min(0.0), last, Names::Numbers),
            y,
            layers,
            marks: Vec::new(),
        },
        reading,
    })
}

/// Means of the first and the last updates of every line.
fn reading(lines: &[(String, Vec<Point>)]) -> Option<String> {
    let mut told = Vec::new();
    let mut longest = 1;
    for (name, points) in lines {
        let values: Vec<f64> = points.iter().filter_map(|point| point.1).collect();
        let len = (values.len() / 10).clamp(1, END_MAX);
        let (Some(first), Some(last)) =
            (values.get(..len), values.get(values.len().saturating_sub(len)..))
        else {
            continue;
        };
        let mean = |part: &[f64]| part.iter().sum::<f64>() / crate::number::count(part.len());
        let name = if lines.len() == 1 { String::new() } else { format!("{name} ") };
        told.push(format!("{name}{} → {}", short(mean(first)), short(mean(last))));
        longest = longest.max(len);
    }
    let which = match longest {
        1 => "From the first update to the last".to_owned(),
        len => format!("Means of the first {len} updates → the last {len}"),
    };
    (!told.is_empty()).then(|| format!("{which}: {}.", told.join("; ")))
}
