//! Learned against others, in markets that training never saw.

use agents::stats::moments::{deviation, mean};

use super::{Evaluation, Training};
use crate::chart::{Chart, LOOKS, Layer, Shape};
use crate::html::{Column, Figure, Panel, Table};
use crate::number::{count, real, short};
use crate::panels::{counted, ends};
use crate::scale::Scale;

/// Of each type that learns: suffix, name and unit.
const OF_TYPES: [(&str, &str, &str); 2] =
    [("_gain", "Gain", "tick·lots"), ("_gain_per_lot", "Gain per lot", "ticks a lot")];
/// Of the market.
const OF_MARKETS: [(&str, &str, &str); 4] = [
    ("spread", "Spread", "ticks"),
    ("volume", "Volume", "lots a step"),
    ("tracking", "Tracking error", "mean |mid − fair value|, ticks"),
    ("kurtosis", "Excess kurtosis of returns", ""),
];

pub(super) fn panel(training: &Training) -> Panel {
    let mut panel = Panel::new("evaluation", "Learned against others", "");
    let evaluation = match &training.evaluation {
        Ok(evaluation) => evaluation,
        Err(why) => return panel.missing(why.clone()),
    };
    let markets = evaluation.contenders.first().map_or(0, |it| it.markets.len());
    panel.say(&format!(
        "Each contender decided in the same {} of {} steps, of which the first {} count for nothing. Points \
         are means over markets, lines 95 % intervals of them by Student's t. Gains are of all agents of \
         the type together, at the mid.",
        counted(markets, "market", "markets"),
        evaluation.steps,
        evaluation.warm_up
    ));
    let mut table = Table::new(&[("figure", Column::Words)]);
    let names = evaluation.contenders.iter().map(|it| (it.name.clone(), Some(Column::Number)));
    table.heads.extend(names);
    let of_types = training.learners.iter().flat_map(|kind| {
        OF_TYPES.map(|(suffix, name, unit)| {
            (format!("{kind}{suffix}"), format!("{name} of {kind} agents"), unit)
        })
    });
    let of_markets = OF_MARKETS.map(|(key, name, unit)| (key.to_owned(), name.to_owned(), unit));
    for (key, name, unit) in of_types.chain(of_markets) {
        let estimates = estimates(evaluation, &key);
        let cells = estimates.iter().map(|it| it.map_or_else(String::new, Estimate::text));
        table.rows.push([name.clone()].into_iter().chain(cells).collect());
        panel.figures.extend(figure(evaluation, &estimates, name, unit));
    }
    if panel.figures.is_empty() {
        return panel.missing("evaluation.json has none of the figures that are drawn");
    }
    panel.below = table.html();
    panel
}

/// A mean, and half its interval where there are two markets at least.
#[derive(Clone, Copy)]
struct Estimate {
    mean: f64,
    half: Option<f64>,
}

impl Estimate {
    fn of(values: &[f64]) -> Option<Self> {
        let mean = mean(values)?;
        let degrees = values.len().checked_sub(1).filter(|degrees| 0 < *degrees);
        let half = degrees.zip(deviation(values)).map(|(degrees, deviation)| {
            // The deviation is that of the values themselves: of what they are drawn from it is
            // greater by √(n / degrees).
            student(degrees) * deviation / libm::sqrt(count(degrees))
        });
        Some(Self { mean, half })
    }

    fn text(self) -> String {
        let half = self.half.map(|half| format!(" ± {}", short(half)));
        format!("{}{}", short(self.mean), half.unwrap_or_default())
    }
}

/// The 97.5th percentile of Student's t with so many degrees of freedom.
fn student(degrees: usize) -> f64 {
    const UP_TO_30: [f64; 30] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
        2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
        2.052, 2.048, 2.045, 2.042,
    ];
    degrees.checked_sub(1).and_then(|place| UP_TO_30.get(place)).copied().unwrap_or(1.96)
}

/// One for each contender; `None` for one without the figure.
fn estimates(evaluation: &Evaluation, key: &str) -> Vec<Option<Estimate>> {
    let of = |contender: &super::Contender| {
        let values = contender.markets.iter().filter_map(|market| market.get(key).copied());
        let values: Vec<_> = values.filter(|value| value.is_finite()).collect();
        Estimate::of(&values)
    };
    evaluation.contenders.iter().map(of).collect()
}

fn figure(
    evaluation: &Evaluation,
    estimates: &[Option<Estimate>],
    heading: String,
    unit: &str,
) -> Option<Figure> {
    let ends_of = |it: &Estimate| {
        let half = it.half.unwrap_or(0.0);
        [it.mean - half, it.mean + half]
    };
    let (low, high) = ends(estimates.iter().flatten().flat_map(ends_of).chain([0.0]))?;
    let last = estimates.len().checked_sub(1)?;
    // Names of large values have no room beside those of contenders.
    let is_large = THOUSANDS_FROM <= low.abs().max(high.abs());
    let (factor, unit) =
        if is_large { (0.001, format!("1000 {unit}")) } else { (1.0, unit.to_owned()) };
    let (low, high) = (factor * low, factor * high);
    let (mut layers, mut told) = (Vec::new(), Vec::new());
    for (place, (contender, estimate)) in evaluation.contenders.iter().zip(estimates).enumerate() {
        let Some(estimate) = estimate else { continue };
        // The first contender stands at the top.
        let height = count(last - place);
        let [from, to] = ends_of(estimate).map(|end| factor * end);
        let look = place % LOOKS;
        let whisker = Shape::Whiskers(vec![(from, to, height)]);
        layers.push(Layer { name: None, look, shape: whisker });
        layers.push(Layer {
            name: None,
            look,
            shape: Shape::Dots(vec![(factor * estimate.mean, height)]),
        });
        told.push(format!("{}: {}", contender.name, estimate.text()));
    }
    if told.is_empty() {
        return None;
    }
    let names: Vec<_> = evaluation.contenders.iter().rev().map(|it| short_name(&it.name)).collect();
    let words: Vec<_> = names.iter().map(String::as_str).collect();
    let x = Scale::nice(low, high);
    let marks = if low < 0.0 { vec![(real(0), "0".to_owned())] } else { Vec::new() };
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: unit,
            y_title: String::new(),
            x,
            y: Scale::words(&words),
            layers,
            marks,
        },
        heading,
        reading: format!("{}.", told.join("; ")),
    })
}

/// From here on values are drawn in thousands.
const THOUSANDS_FROM: f64 = 10_000.0;
/// Most letters of a name beside a chart.
const NAME_MAX: usize = 18;

/// A name that leaves room for the chart.
fn short_name(name: &str) -> String {
    if name.chars().count() <= NAME_MAX {
        return name.to_owned();
    }
    name.chars().take(NAME_MAX - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_students_t() {
        // Mean 3, deviation √2.5 of 5 values: 2.776 · 1.5811 / √5 = 1.963.
        let estimate = Estimate::of(&[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert!((estimate.half.unwrap() - 1.963).abs() < 1e-3, "{:?}", estimate.half);
        assert_eq!(estimate.text(), "3.00 ± 1.96");
        let alone = Estimate::of(&[7.0]).unwrap();
        assert_eq!((alone.text(), Estimate::of(&[]).is_none()), ("7.00".to_owned(), true));
        assert_eq!((student(1), student(30), student(31)), (12.706, 2.042, 1.96));
    }
}
