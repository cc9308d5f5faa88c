//! How returns are distributed, against the Gaussian of the same deviation.

use agents::stats::moments::{deviation, excess_kurtosis, mean};

use super::{ends, layer};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{count, nearest, place, real, short};
use crate::run::Run;
use crate::scale::{Names, Scale};

/// Width of a bin, in deviations.
const BIN: f64 = 0.5;
/// Bins on either side of the middle one; what lies farther is counted in the last.
const BINS: usize = 24;

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about = "Logarithmic returns of the mid from sample to sample, in units of their own standard \
                 deviation, on a logarithmic scale. Bins are half a deviation wide; the outermost ones \
                 hold all that lies beyond 12. Empty bins are not drawn.";
    let mut panel = Panel::new("returns", "Distribution of returns", about);
    let samples: Vec<_> = runs.iter().filter_map(|run| Some((run, scaled(run)?))).collect();
    let densities: Vec<_> = samples.iter().map(|(_, sample)| density(sample)).collect();
    let Some((low, high)) = ends(densities.iter().flatten().map(|point| point.1)) else {
        return panel.missing("it takes a log with returns of the mid that are not all alike");
    };
    let y = Scale::decades(low * 0.5, high.max(0.4));
    let edge = BIN * (count(BINS) + 0.5);
    let x = Scale::exact(-edge, edge, Names::Numbers);
    let gaussian = (-240..=240).map(|step| {
        let x = real(step) * 0.05;
        (x, Some(libm::exp(-0.5 * x * x) * 0.398_942_280_401_432_7))
    });
    let line = Shape::Line(gaussian.collect());
    let mut layers = vec![Layer { name: Some("Gaussian".to_owned()), look: 5, shape: line }];
    for (look, ((run, _), points)) in samples.iter().zip(&densities).enumerate() {
        layers.push(layer(&run.name, look, Shape::Dots(points.clone())));
    }
    let readings: Vec<_> =
        samples.iter().filter_map(|(run, sample)| reading(run, sample)).collect();
    let chart = Chart {
        title: "Distribution of returns".to_owned(),
        x_title: "return, standard deviations".to_owned(),
        y_title: "density, per deviation".to_owned(),
        x,
        y,
        layers,
        marks: Vec::new(),
    };
    let heading = "Returns against a Gaussian of the same deviation".to_owned();
    panel.figures.push(Figure { heading, chart, reading: readings.join("\n") });
    panel
}

/// Returns in deviations from their mean.
fn scaled(run: &Run) -> Option<Vec<f64>> {
    let returns = run.series.returns(1);
    let (centre, scale) = (mean(&returns)?, deviation(&returns)?);
    let is_spread = 0.0 < scale && 20 <= returns.len();
    is_spread.then(|| returns.iter().map(|value| (value - centre) / scale).collect())
}

/// The middles of the bins that hold anything, and the density in them.
fn density(sample: &[f64]) -> Vec<(f64, f64)> {
    let mut counts = [0_usize; 2 * BINS + 1];
    for value in sample {
        let bin = place(value / BIN + count(BINS) + 0.5).min(2 * BINS);
        counts[bin] += 1;
    }
    let whole = count(sample.len()) * BIN;
    let middles = (0..).map(|bin| BIN * (count(bin) - count(BINS)));
    let filled = middles.zip(counts).filter(|(_, found)| 0 < *found);
    filled.map(|(middle, found)| (middle, count(found) / whole)).collect()
}

fn reading(run: &Run, sample: &[f64]) -> Option<String> {
    let kurtosis = excess_kurtosis(sample)?;
    let beyond = sample.iter().filter(|value| 4.0 < value.abs()).count();
    let gaussian = count(sample.len()) * libm::erfc(4.0 * core::f64::consts::FRAC_1_SQRT_2);
    let tails = if 0.0 < kurtosis { "fatter" } else { "thinner" };
    Some(format!(
        "{}: {} of {} returns lie beyond 4 deviations, where a Gaussian would have {}; excess \
         kurtosis {}, so the tails are {tails}.",
        run.name,
        beyond,
        crate::number::grouped(nearest(count(sample.len())).unsigned_abs()),
        short(gaussian),
        short(kurtosis)
    ))
}
