//! Whether the belief means what it says.

use agents::adversarial::calibration::{BINS, Bin};
use agents::stats::wilson;

use super::Seen;
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{count, percent, short};
use crate::panels::{ends, layer};
use crate::scale::{Names, Scale};

pub(super) fn panel(seen: &Seen<'_>) -> Panel {
    let about = "The belief at the end of an episode against the share of these episodes that were of type \
                 z\u{a0}=\u{a0}1: in tenths of the belief, over as many closed episodes of both types. What lies on \
                 the line means what it says; the band is Wilson's 95 % interval of each share.";
    let mut panel = Panel::new("calibration", "Calibration of the belief", about);
    let Some(belief) = &seen.detection.belief else {
        let there = seen.measures.each_ref().map(|it| 0 < it.episodes);
        return panel.missing(match there {
            [true, true] => "the belief never moved, so it tells nothing",
            _ => "it takes closed episodes of both types",
        });
    };
    let forecasts = &belief.forecasts;
    panel.figures.push(curve(
        &forecasts.curve,
        format!(
            "Right in {} of {} episodes; Brier's score {}, where a constant 1/2 has 0.25; calibration error {}.",
            percent(belief.last.accuracy),
            belief.last.episodes,
            short(forecasts.brier),
            short(forecasts.calibration_error)
        ),
    ));
    panel.figures.extend(counts(&forecasts.curve));
    panel
}

fn curve(bins: &[Bin; BINS], reading: String) -> Figure {
    let filled = || bins.iter().filter(|bin| 0 < bin.forecasts);
    let area = filled().map(|bin| {
        let n = bin.forecasts;
        let (low, high) = wilson(bin.happened * count(n), n);
        (bin.said, low, high)
    });
    let points: Vec<_> = filled().map(|bin| (bin.said, bin.happened)).collect();
    let line = points.iter().map(|(x, y)| (*x, Some(*y))).collect();
    let layers = vec![
        Layer { name: None, look: 0, shape: Shape::Area(area.collect()) },
        layer("means what it says", 5, Shape::Line(vec![(0.0, Some(0.0)), (1.0, Some(1.0))])),
        Layer { name: None, look: 0, shape: Shape::Line(line) },
        layer("episodes, 95 % interval", 0, Shape::Dots(points)),
    ];
    let heading = "Calibration curve".to_owned();
    Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "belief at the end, mean of its tenth".to_owned(),
            y_title: "share of z\u{a0}=\u{a0}1".to_owned(),
            x: Scale::exact(0.0, 1.0, Names::Numbers),
            y: Scale::exact(0.0, 1.0, Names::Numbers),
            layers,
            marks: Vec::new(),
        },
        heading,
        reading,
    }
}

fn counts(bins: &[Bin; BINS]) -> Option<Figure> {
    let bars: Vec<_> =
        (0..).zip(bins).map(|(tenth, bin)| (count(tenth), count(bin.forecasts))).collect();
    let (_, high) = ends(bars.iter().map(|bar| bar.1))?;
    let told: Vec<_> = bins.iter().map(|bin| bin.forecasts.to_string()).collect();
    let heading = "Episodes by belief at the end".to_owned();
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "belief at the end, from".to_owned(),
            y_title: "episodes".to_owned(),
            x: tenths(),
            y: Scale::nice(0.0, high),
            layers: vec![Layer { name: None, look: 0, shape: Shape::Bars(bars, 0.7) }],
            marks: Vec::new(),
        },
        heading,
        reading: format!("Episodes in each tenth, from 0 on: {}.", told.join(", ")),
    })
}

/// The axis of tenths of a belief, each named by where it begins.
pub(super) fn tenths() -> Scale {
    Scale::words(&["0", ".1", ".2", ".3", ".4", ".5", ".6", ".7", ".8", ".9"])
}
