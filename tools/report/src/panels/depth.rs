//! Depth by distance from the best price.

use super::{ends, layer};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{count, short};
use crate::run::Run;
use crate::scale::{Names, Scale};

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about = "Displayed lots at each distance behind the best price of their side, mean of both \
                 sides over looks at every tenth sample.";
    let mut panel = Panel::new("depth", "Depth behind the best price", about);
    let profiles: Vec<_> = runs
        .iter()
        .filter(|run| 0 < run.series.depth_looks)
        .map(|run| (run.name.as_str(), run.series.depth_profile()))
        .collect();
    let most = ends(profiles.iter().flat_map(|(_, profile)| profile.iter().copied()));
    let Some((_, most)) = most.filter(|(_, most)| 0.0 < *most) else {
        return panel.missing("it takes a log with a book that lasts for at least ten samples");
    };
    let width = profiles.iter().map(|(_, profile)| profile.len()).max().unwrap_or(0);
    let is_one = profiles.len() == 1;
    let layers = profiles.iter().enumerate().map(|(look, (name, profile))| {
        let points = profile.iter().enumerate().map(|(distance, lots)| (count(distance), *lots));
        if is_one {
            return Layer { name: None, look, shape: Shape::Bars(points.collect(), 0.8) };
        }
        layer(name, look, Shape::Line(points.map(|(x, y)| (x, Some(y))).collect()))
    });
    let chart = Chart {
        title: "Depth by distance from the best price".to_owned(),
        x_title: "distance from the best price, ticks".to_owned(),
        y_title: "mean displayed lots".to_owned(),
        x: Scale::exact(-0.5, count(width) - 0.5, Names::Numbers),
        y: Scale::nice(0.0, most),
        layers: layers.collect(),
        marks: Vec::new(),
    };
    let readings: Vec<_> = profiles.iter().map(|(name, profile)| reading(name, profile)).collect();
    let heading = "Depth by distance from the best price".to_owned();
    panel.figures.push(Figure { heading, chart, reading: readings.join("\n") });
    panel
}

fn reading(name: &str, profile: &[f64]) -> String {
    let deepest = profile
        .iter()
        .copied()
        .enumerate()
        .max_by(|one, other| one.1.total_cmp(&other.1).then(other.0.cmp(&one.0)));
    let (distance, lots) = deepest.unwrap_or((0, 0.0));
    let best = profile.first().copied().unwrap_or(0.0);
    let near: f64 = profile.iter().take(11).sum();
    let most = match distance {
        0 => format!("most lots, {}, stand at the best price", short(lots)),
        _ => format!(
            "{} lots stand at the best price, and most, {}, {} behind it",
            short(best),
            short(lots),
            super::counted(distance, "tick", "ticks")
        ),
    };
    format!("{name}: {most}; {} within 10 ticks.", short(near))
}
