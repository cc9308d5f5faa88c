//! The panels of a page, one file for each subject.

mod crash;
mod depth;
mod inevitable;
mod interventions;
mod makers;
mod memory;
mod price;
mod returns;
mod spread;
mod statistics;
mod wealth;
mod window;

use crate::chart::{Layer, Shape};
use crate::html::{Figure, Panel};
use crate::run::{Run, seconds};
use crate::scale::{Names, Scale};

/// Most logs that are drawn one by one or over each other; there is a look for each.
const DRAWN_MAX: usize = crate::chart::LOOKS;

/// All panels in their order.
pub(crate) fn all(runs: &[Run]) -> Vec<Panel> {
    let drawn = runs.get(..DRAWN_MAX).unwrap_or(runs);
    let mut panels = vec![
        price::panel(drawn),
        spread::panel(drawn),
        depth::panel(drawn),
        returns::panel(drawn),
        memory::panel(drawn),
        makers::panel(runs),
        crash::panel(runs),
        interventions::panel(runs),
        wealth::panel(drawn),
        statistics::panel(runs),
    ];
    // Forks answer a question of their own: a page without it lacks nothing.
    panels.extend(inevitable::panel(runs));
    if drawn.len() < runs.len() {
        let (one_by_one, all) =
            (["price", "spread", "depth", "returns", "memory", "wealth"], runs.len());
        for panel in panels.iter_mut().filter(|panel| one_by_one.contains(&panel.id)) {
            panel.say(&format!(" The first {DRAWN_MAX} of {all} logs are drawn."));
        }
    }
    panels
}

/// The axis of time of a run, over all of it.
fn time_axis(run: &Run) -> Scale {
    let last = run.track.looks.len().saturating_sub(1);
    let (from, to) = (seconds(run.track.first), seconds(run.track.time(last)));
    let names = if run.is_recorded { Names::Clock } else { Names::Numbers };
    // Simulated time begins at 0, one interval before the first look.
    let from = if run.track.first <= run.track.interval { 0.0 } else { from };
    Scale::exact(from, to, names)
}

/// The named moments of a run, on its axis of time.
fn marks(run: &Run) -> Vec<(f64, String)> {
    let moments = run.track.moments.iter();
    moments.map(|moment| (seconds(moment.time), moment.name.clone())).collect()
}

/// A panel with a figure for each run that has one; says which have none.
fn with_figures(mut panel: Panel, runs: &[Run], figure: fn(&Run) -> Option<Figure>) -> Panel {
    let mut without = Vec::new();
    for run in runs {
        match figure(run) {
            Some(figure) => panel.figures.push(figure),
            None => without.push(run.name.clone()),
        }
    }
    if panel.figures.is_empty() {
        return panel.missing("it takes a log in which bids and asks rest at the same time, on a recorded day between \
             09:35 and 16:00",
        );
    }
    if !without.is_empty() {
        panel.say(&format!(" Never two-sided, so not drawn: {}.", listed(&without)));
    }
    panel
}

/// Least and greatest of some values; `None` for none.
pub(crate) fn ends(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|value| value.is_finite()).fold(None, |ends, value| match ends {
        Some((low, high)) => Some((f64::min(low, value), f64::max(high, value))),
        None => Some((value, value)),
    })
}

/// A named layer.
pub(crate) fn layer(name: &str, look: usize, shape: Shape) -> Layer {
    Layer { name: Some(name.to_owned()), look, shape }
}

/// `a, b and c`.
pub(crate) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// `1 log`, `2 logs`.
pub(crate) fn counted(things: usize, one: &str, many: &str) -> String {
    if things == 1 { format!("1 {one}") } else { format!("{things} {many}") }
}

/// A sentence that begins with a capital.
pub(crate) fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
