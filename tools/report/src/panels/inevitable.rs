//! How likely outcomes already were, from forks along the log.

use super::counted;
use crate::html::Panel;
use crate::run::Run;

/// `None` where no log has such a curve.
pub(super) fn panel(runs: &[Run]) -> Option<Panel> {
    let curves: Vec<_> = runs.iter().flat_map(|run| &run.curves).collect();
    if curves.is_empty() {
        return None;
    }
    let about = "At each point the agents of the log are left behind and carried on to the end of the \
                 run, each time with other draws from there on. The probability of an outcome is the \
                 share of such forks that come to it, what they share with the log included, so it is 1 \
                 once it has come. Bands are 95 % intervals of Wilson, each for its own point. What is \
                 scheduled happens in every fork.";
    let mut panel = Panel::new("inevitable", "How likely it already was", about);
    for curve in curves {
        let mut figure = curve.figure();
        let forks = counted(usize::try_from(curve.forks).unwrap_or(usize::MAX), "fork", "forks");
        figure.heading = format!(
            "{}: {forks} at each of {}",
            curve.name,
            counted(curve.steps.len(), "point", "points")
        );
        panel.figures.push(figure);
    }
    Some(panel)
}
