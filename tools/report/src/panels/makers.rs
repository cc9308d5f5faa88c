//! Spread by the number of market makers.

use std::collections::BTreeMap;

use agents::stats::moments::mean;

use super::{counted, ends, layer};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::short;
use crate::run::Run;
use crate::scale::Scale;

const MAKERS: &str = "market_makers";

/// Mean spreads of logs that differ by seed and number of makers, by the latter.
#[derive(Default)]
struct Market<'a> {
    preset: &'a str,
    by_makers: BTreeMap<u32, Vec<f64>>,
}

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about = "Mean spread of each log whose makers never leave and whose market is neither taxed nor \
                 banned from selling short; the line joins the means of logs with as many makers.";
    let mut panel = Panel::new("makers", "Spread and the number of makers", about);
    let mut markets: BTreeMap<Vec<(&str, &str)>, Market<'_>> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.periods().is_empty()) {
        let (Some(makers), Some(spread)) =
            (run.number(MAKERS), mean(&run.series.spreads_in_ticks()))
        else {
            continue;
        };
        let others = run.base_parameters().filter(|(key, _)| *key != MAKERS).collect();
        let market = markets.entry(others).or_default();
        market.preset = run.parameters.get("preset").map_or("", String::as_str);
        market.by_makers.entry(makers).or_default().push(spread);
    }
    let markets: Vec<_> = markets.into_values().filter(|it| 1 < it.by_makers.len()).collect();
    if markets.is_empty() {
        return panel.missing(
            "it takes logs of one market with different numbers of market makers \
             (replay simulate --market-makers 1, 2, 3, 4)",
        );
    }
    panel.figures.push(figure(&markets));
    panel
}

fn figure(markets: &[Market<'_>]) -> Figure {
    let spreads = markets.iter().flat_map(|market| market.by_makers.values()).flatten().copied();
    let (_, widest) = ends(spreads).unwrap_or((0.0, 1.0));
    let numbers = markets.iter().flat_map(|market| market.by_makers.keys());
    let numbers = numbers.map(|makers| f64::from(*makers));
    let (fewest, most) = ends(numbers).unwrap_or((0.0, 1.0));
    let (mut layers, mut readings) = (Vec::new(), Vec::new());
    for (look, Market { preset, by_makers }) in markets.iter().enumerate() {
        let means: Vec<(u32, f64)> = by_makers
            .iter()
            .filter_map(|(makers, spreads)| Some((*makers, mean(spreads)?)))
            .collect();
        let line = means.iter().map(|(makers, spread)| (f64::from(*makers), Some(*spread)));
        layers.push(Layer { name: None, look, shape: Shape::Line(line.collect()) });
        let dots = by_makers.iter().flat_map(|(makers, spreads)| {
            spreads.iter().map(|spread| (f64::from(*makers), *spread))
        });
        layers.push(layer(&format!("preset {preset}"), look, Shape::Dots(dots.collect())));
        readings.push(reading(preset, &means));
    }
    Figure {
        heading: "Mean spread by the number of market makers".to_owned(),
        chart: Chart {
            title: "Mean spread by the number of market makers".to_owned(),
            x_title: "market makers".to_owned(),
            y_title: "mean spread, ticks".to_owned(),
            x: Scale::whole(fewest - 0.5, most + 0.5),
            y: Scale::nice(0.0, widest),
            layers,
            marks: Vec::new(),
        },
        reading: readings.join("\n"),
    }
}

fn reading(preset: &str, means: &[(u32, f64)]) -> String {
    let (Some((few, wide)), Some((many, narrow))) = (means.first(), means.last()) else {
        return String::new();
    };
    let steps = means.len() - 1;
    let narrower = means.windows(2).filter(|pair| pair[1].1 < pair[0].1).count();
    let how = if narrower == steps {
        "narrower at each step".to_owned()
    } else {
        format!("narrower at {narrower} of {}", counted(steps, "step", "steps"))
    };
    let ratio = wide / narrow;
    format!(
        "{preset}: {} ticks with {}, {} with {many}: {how}, {} times as wide with the fewest as with the most.",
        short(*wide),
        counted(*few as usize, "maker", "makers"),
        short(*narrow),
        short(ratio)
    )
}
