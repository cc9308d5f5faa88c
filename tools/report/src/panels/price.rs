//! Price against fair value over time.

use agents::stats::moments::{mean, quantile, sorted};

use super::{ends, layer, marks, time_axis, with_figures};
use crate::chart::{Chart, Shape};
use crate::html::{Figure, Panel};
use crate::number::{change, short};
use crate::run::Run;
use crate::scale::Scale;
use crate::thin::Point;

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about = "The mid, half way between the best bid and the best ask, and the fair value that \
                 the producer noted. Neither is drawn while it does not exist.";
    with_figures(Panel::new("price", "Price against fair value", about), runs, figure)
}

fn figure(run: &Run) -> Option<Figure> {
    let (mids, fair) = (run.mids(), run.fair());
    let (low, high) = ends(mids.iter().chain(&fair).filter_map(|point| point.1))?;
    let mut layers = vec![layer("mid", 0, Shape::Line(mids.clone()))];
    if !fair.is_empty() {
        layers.push(layer("fair value", 1, Shape::Line(fair.clone())));
    }
    let chart = Chart {
        title: format!("Price over time, {}", run.name),
        x_title: run.time_title().to_owned(),
        y_title: "price, ticks".to_owned(),
        x: time_axis(run),
        y: Scale::nice(low, high),
        layers,
        marks: marks(run),
    };
    let reading = reading(&mids, &fair)?;
    Some(Figure { heading: run.name.clone(), chart, reading })
}

fn reading(mids: &[Point], fair: &[Point]) -> Option<String> {
    let mut values = mids.iter().filter_map(|point| point.1);
    let first = values.next()?;
    let last = values.next_back().unwrap_or(first);
    let moved = format!(
        "From {} to {} ticks ({}).",
        short_price(first),
        short_price(last),
        change((last - first) / first)
    );
    let pairs = mids.iter().zip(fair).filter_map(|(mid, fair)| mid.1.zip(fair.1));
    let distances: Vec<f64> = pairs.map(|(mid, fair)| (mid - fair).abs()).collect();
    let Some(distance) = mean(&distances) else {
        return Some(format!("{moved} The log tells no fair value."));
    };
    let ascending = sorted(&distances);
    Some(format!(
        "{moved} The mid is {} ticks from the fair value on average, within {} half of the time, {} at \
         the most.",
        short(distance),
        short(quantile(&ascending, 0.5)?),
        short(*ascending.last()?)
    ))
}

/// A price to half a tick.
fn short_price(price: f64) -> String {
    crate::number::fixed(price, 1)
}
