//! The spread by what is believed.

use super::calibration::tenths;
use super::gathering::{Spreads, share_of};
use super::{Seen, TYPES, estimate, type_name};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::count;
use crate::panels::{ends, layer};
use crate::scale::{Names, Scale};

pub(super) fn panel(seen: &Seen<'_>) -> Panel {
    let about = "The spread against the belief, both behind the reactions of a step: over all steps with two \
                 sides of all closed episodes, in tenths of the belief. Points stand at the means of a \
                 tenth, and the band lies between its quartiles. A correlation is over steps, its error over \
                 episodes.";
    let mut panel = Panel::new("spreads", "Spread by belief", about);
    let all = &seen.all.found.spreads;
    let is_there = |it: &Spreads| 0 < it.len();
    let highest = |it: &Spreads| [it.quantile(0.75), it.means().map(|means| means.1)];
    let Some((_, high)) = ends(all.iter().flatten().flat_map(highest).flatten()) else {
        return panel.missing("it takes a closed episode with a step that leaves two sides");
    };
    let (mut layers, mut told) = (Vec::new(), Vec::new());
    for (z, look) in TYPES {
        let Some(tenths) = all.get(z).filter(|tenths| tenths.iter().any(is_there)) else {
            continue;
        };
        let means: Vec<_> = tenths.iter().filter_map(Spreads::means).collect();
        let line = means.iter().map(|(x, y)| (*x, Some(*y))).collect();
        let band = tenths
            .iter()
            .filter_map(|it| Some((it.means()?.0, it.quantile(0.25)?, it.quantile(0.75)?)));
        layers.insert(0, Layer { name: None, look, shape: Shape::Area(band.collect()) });
        layers.push(Layer { name: None, look, shape: Shape::Line(line) });
        layers.push(layer(
            &format!("{}: mean, middle half", type_name(z)),
            look,
            Shape::Dots(means),
        ));
        told.extend(correlation(seen, z));
    }
    let heading = "Spread against belief".to_owned();
    panel.figures.push(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "belief that z\u{a0}=\u{a0}1".to_owned(),
            y_title: "spread, ticks".to_owned(),
            x: Scale::exact(0.0, 1.0, Names::Numbers),
            y: Scale::nice(0.0, high),
            layers,
            marks: Vec::new(),
        },
        heading,
        reading: told.join("\n"),
    });
    panel.figures.extend(counts(all));
    panel
}

fn correlation(seen: &Seen<'_>, z: usize) -> Option<String> {
    let market = &seen.measures.get(z)?.market;
    Some(match market.spread_belief {
        Some(found) => {
            format!("z\u{a0}=\u{a0}{z}: correlation {}.", estimate(found.value, found.error))
        }
        None => format!("z\u{a0}=\u{a0}{z}: no correlation, since spread or belief never changes."),
    })
}

/// How many steps each tenth has.
fn counts(all: &[[Spreads; super::gathering::TENTHS]; 2]) -> Option<Figure> {
    let (mut layers, mut told, mut heights) = (Vec::new(), Vec::new(), Vec::new());
    for (z, look) in TYPES {
        let Some(spreads) = all.get(z) else { continue };
        let whole: u64 = spreads.iter().map(Spreads::len).sum();
        if whole == 0 {
            continue;
        }
        // The two types stand beside each other.
        let aside = if z == 1 { -0.19 } else { 0.19 };
        let share = |it: &Spreads| share_of(it.len()) / share_of(whole);
        let bars: Vec<_> =
            (0..).zip(spreads).map(|(tenth, it)| (count(tenth) + aside, share(it))).collect();
        heights.extend(bars.iter().map(|bar| bar.1));
        layers.push(layer(type_name(z), look, Shape::Bars(bars, 0.36)));
        told.push(format!("{} steps of type z\u{a0}=\u{a0}{z}", crate::number::grouped(whole)));
    }
    let (_, high) = ends(heights)?;
    let heading = "Steps by belief".to_owned();
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "belief that z\u{a0}=\u{a0}1, from".to_owned(),
            y_title: "share of the type's steps".to_owned(),
            x: tenths(),
            y: Scale::nice(0.0, high),
            layers,
            marks: Vec::new(),
        },
        heading,
        reading: format!("{}.", crate::panels::listed(&told)),
    })
}
