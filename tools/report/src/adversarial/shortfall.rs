//! What the parent order cost, episode by episode.

use agents::adversarial::divergence::equal_bins;
use agents::stats::moments::{mean, quantile, sorted};

use super::gathering::share_of;
use super::{Seen, TYPES, type_name};
use crate::chart::{Chart, Shape};
use crate::html::{Figure, Panel};
use crate::number::{count, short};
use crate::panels::{counted, ends, layer};
use crate::scale::{Names, Scale};

/// Bins from the least to the largest shortfall.
const BINS: usize = 20;

pub(super) fn panel(seen: &Seen<'_>) -> Panel {
    let about = "Implementation shortfall of the whole parent order against the arrival price, lots that \
                 were missing at the closing price included: one number for each closed episode with \
                 a buyer. Below 0 it gained.";
    let mut panel = Panel::new("shortfall", "Implementation shortfall", about);
    let [zero, one] = &seen.all.found.shortfalls;
    let Some(bins) = equal_bins([zero, one], BINS) else {
        return panel.missing("it takes closed episodes with a buyer and different shortfalls");
    };
    let Some((low, high)) = ends(zero.iter().chain(one).copied()) else {
        return panel.missing("it takes closed episodes with a buyer");
    };
    let (mut layers, mut told, mut most) = (Vec::new(), Vec::new(), 0.0);
    let is_alone = zero.is_empty() || one.is_empty();
    for (z, look) in TYPES {
        let (Some(counts), Some(sample)) = (bins.counts.get(z), seen.all.found.shortfalls.get(z))
        else {
            continue;
        };
        let Some(line) = reading(z, sample) else { continue };
        told.push(line);
        // Two types stand beside each other.
        let (aside, wide) = match (is_alone, z) {
            (true, _) => (0.5, 0.8),
            (false, 1) => (0.3, 0.4),
            (false, _) => (0.7, 0.4),
        };
        let bars: Vec<_> = (0..)
            .zip(counts)
            .map(|(bin, n)| {
                let share = share_of(*n) / count(sample.len());
                (low + bins.width * (count(bin) + aside), share)
            })
            .collect();
        most = bars.iter().map(|bar| bar.1).fold(most, f64::max);
        layers.push(layer(type_name(z), look, Shape::Bars(bars, wide * bins.width)));
    }
    let heading = "Shortfall by type".to_owned();
    panel.figures.push(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: format!("implementation shortfall, bps; bins of {}", short(bins.width)),
            y_title: "share of the type's episodes".to_owned(),
            x: Scale::exact(low, high, Names::Numbers),
            y: Scale::nice(0.0, most),
            layers,
            marks: Vec::new(),
        },
        heading,
        reading: told.join("\n"),
    });
    panel
}

fn reading(z: usize, sample: &[f64]) -> Option<String> {
    let ascending = sorted(sample);
    Some(format!(
        "z\u{a0}=\u{a0}{z}, {}: {} bps on average, median {}, the middle half from {} to {}.",
        counted(sample.len(), "episode", "episodes"),
        short(mean(sample)?),
        short(quantile(&ascending, 0.5)?),
        short(quantile(&ascending, 0.25)?),
        short(quantile(&ascending, 0.75)?)
    ))
}
