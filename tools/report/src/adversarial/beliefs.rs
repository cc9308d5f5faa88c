//! How the belief goes from step to step.

use agents::stats::moments::{mean, quantile, sorted};

use super::examples::steps_axis;
use super::{Seen, TYPES, type_name};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{count, percent};
use crate::panels::{counted, layer};
use crate::scale::Scale;

/// Most steps that are drawn of an episode.
const STEPS_MAX: usize = 400;

pub(super) fn panel(seen: &Seen<'_>) -> Panel {
    let about = "The belief that z\u{a0}=\u{a0}1 behind the reactions of each step: the mean over all closed episodes \
                 of a type, and where the middle half of them lies. A belief that tells nothing stays \
                 where it began.";
    let mut panel = Panel::new("beliefs", "Belief over steps", about);
    let (mut areas, mut lines, mut told, mut longest) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (z, look) in TYPES {
        let Some(steps) = seen.all.found.beliefs.get(z).filter(|steps| !steps.is_empty()) else {
            continue;
        };
        longest = longest.max(steps.len());
        let found = trajectory(steps);
        areas.push(Layer {
            name: None,
            look,
            shape: Shape::Area(found.iter().map(|it| (it.step, it.low, it.high)).collect()),
        });
        let line = found.iter().map(|it| (it.step, Some(it.mean))).collect();
        lines.push(layer(&format!("{}: mean, middle half", type_name(z)), look, Shape::Line(line)));
        let episodes = counted(steps.first().map_or(0, Vec::len), "episode", "episodes");
        if let Some(last) = found.last() {
            told.push(format!(
                "z\u{a0}=\u{a0}{z}, {episodes}: {} at the end on average, the middle half from {} to {}.",
                percent(last.mean),
                percent(last.low),
                percent(last.high)
            ));
        }
    }
    if lines.is_empty() {
        return panel.missing("it takes a closed episode");
    }
    let heading = "Belief by type".to_owned();
    panel.figures.push(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "step".to_owned(),
            y_title: "belief that z\u{a0}=\u{a0}1".to_owned(),
            x: steps_axis(longest),
            y: Scale::nice(0.0, 1.0),
            layers: areas.into_iter().chain(lines).collect(),
            marks: Vec::new(),
        },
        heading,
        reading: told.join("\n"),
    });
    panel
}

/// Beliefs of many episodes at one step.
struct At {
    step: f64,
    low: f64,
    mean: f64,
    high: f64,
}

/// Mean and quartiles of each step, or of evenly many of them; the last one always.
fn trajectory(steps: &[Vec<f64>]) -> Vec<At> {
    let every = steps.len().div_ceil(STEPS_MAX).max(1);
    let is_drawn = |place: usize| (steps.len() - 1 - place).is_multiple_of(every);
    let at = |(place, beliefs): (usize, &Vec<f64>)| {
        let ascending = sorted(beliefs);
        Some(At {
            step: count(place + 1),
            low: quantile(&ascending, 0.25)?,
            mean: mean(beliefs)?,
            high: quantile(&ascending, 0.75)?,
        })
    };
    steps.iter().enumerate().filter(|(place, _)| is_drawn(*place)).filter_map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_steps_are_thinned_and_the_last_one_stays() {
        let steps = vec![vec![0.0, 1.0]; 1_001];
        let found = trajectory(&steps);
        assert!(found.len() <= STEPS_MAX, "{}", found.len());
        assert_eq!(found.last().map(|it| (it.step, it.mean)), Some((1_001.0, 0.5)));
        assert_eq!(trajectory(&steps[..400]).len(), 400);
        assert!(trajectory(&[]).is_empty());
    }
}
