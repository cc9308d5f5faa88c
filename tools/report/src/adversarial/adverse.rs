//! What the mid did against the maker, by horizon.

use agents::adversarial::measures::{Estimate, HORIZONS};

use super::{Seen, TYPES, estimate, type_name};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::count;
use crate::panels::{ends, layer, listed};
use crate::scale::{Names, Scale};

/// Standard errors of half a 95 % interval.
const HALF: f64 = 1.96;

pub(super) fn panel(seen: &Seen<'_>) -> Panel {
    let about = "What the mid does against the lots that the maker trades in a step, from before the step's \
                 orders to so many steps later, or to the end of the episode: Σ −Δq·Δm over an episode, the \
                 mean over closed episodes and its 95 % interval. Above 0 the maker loses.";
    let mut panel = Panel::new("adverse", "Adverse selection by horizon", about);
    let (mut areas, mut lines, mut told, mut longest) = (Vec::new(), Vec::new(), Vec::new(), 1);
    let mut all = vec![0.0];
    for (z, look) in TYPES {
        let Some(horizons) = seen.all.found.adverse.get(z).filter(|it| !it.is_empty()) else {
            continue;
        };
        longest = longest.max(horizons.len());
        let means = horizons.iter().map(|each| Estimate::mean(each.iter().copied().map(Some)));
        let found: Vec<_> = (1..).zip(means.flatten()).collect();
        let band: Vec<_> = found
            .iter()
            .filter_map(|(steps, it)| {
                let half = HALF * it.error?;
                Some((count(*steps), it.value - half, it.value + half))
            })
            .collect();
        all.extend(band.iter().flat_map(|(_, low, high)| [*low, *high]));
        all.extend(found.iter().map(|(_, it)| it.value));
        areas.push(Layer { name: None, look, shape: Shape::Area(band) });
        let line = found.iter().map(|(steps, it)| (count(*steps), Some(it.value))).collect();
        lines.push(layer(type_name(z), look, Shape::Line(line)));
        told.extend(reading(seen, z));
    }
    let Some((low, high)) = ends(all).filter(|_| !lines.is_empty()) else {
        return panel.missing("it takes a closed episode");
    };
    let heading = "Adverse selection of the maker".to_owned();
    panel.figures.push(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "horizon, steps".to_owned(),
            y_title: "tick·lots of an episode".to_owned(),
            x: Scale::exact(1.0, count(longest), Names::Numbers),
            y: Scale::nice(low, high),
            layers: areas.into_iter().chain(lines).collect(),
            marks: Vec::new(),
        },
        heading,
        reading: told.join("\n"),
    });
    panel
}

/// What the maker loses on a lot that it trades.
fn reading(seen: &Seen<'_>, z: usize) -> Option<String> {
    let maker = &seen.measures.get(z)?.maker;
    let told = HORIZONS.iter().zip(&maker.adverse_selection_per_lot).filter_map(|(steps, it)| {
        let Estimate { value, error, .. } = (*it)?;
        Some(format!("{} after {steps}", estimate(value, error)))
    });
    let told: Vec<_> = told.collect();
    Some(match told.as_slice() {
        [] => format!("z\u{a0}=\u{a0}{z}: the maker traded nothing."),
        told => {
            format!(
                "z\u{a0}=\u{a0}{z}, ticks for each lot that the maker traded: {} steps.",
                listed(told)
            )
        }
    })
}
