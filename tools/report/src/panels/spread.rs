//! Spread over time.

use agents::stats::moments::{mean, quantile, sorted};

use super::{ends, marks, time_axis, with_figures};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{count, fixed, nearest, percent, short};
use crate::run::Run;
use crate::scale::Scale;

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about =
        "Best ask less best bid, at even times; upright lines are named moments of the log.";
    with_figures(Panel::new("spread", "Spread over time", about), runs, figure)
}

fn figure(run: &Run) -> Option<Figure> {
    let spreads = run.spreads();
    let values: Vec<f64> = spreads.iter().filter_map(|point| point.1).collect();
    let (_, high) = ends(values.iter().copied())?;
    let reading = reading(run, &spreads, &values)?;
    let chart = Chart {
        title: format!("Spread over time, {}", run.name),
        x_title: run.time_title().to_owned(),
        y_title: "spread, ticks".to_owned(),
        x: time_axis(run),
        y: Scale::nice(0.0, high),
        layers: vec![Layer { name: None, look: 0, shape: Shape::Line(spreads) }],
        marks: marks(run),
    };
    Some(Figure { heading: run.name.clone(), chart, reading })
}

fn reading(run: &Run, spreads: &[crate::thin::Point], values: &[f64]) -> Option<String> {
    let ascending = sorted(values);
    let widest = *ascending.last()?;
    let when = spreads.iter().find(|point| point.1 == Some(widest))?.0;
    let one_sided = spreads.len() - values.len();
    let missing = match one_sided {
        0 => String::new(),
        _ => format!(
            " A side was empty in {} of the time.",
            percent(count(one_sided) / count(spreads.len()))
        ),
    };
    Some(format!(
        "{} ticks on average, at most {} in 19 of 20 looks, {} at the widest, {}.{missing}",
        short(mean(values)?),
        short(quantile(&ascending, 0.95)?),
        short(widest),
        moment(run, when),
    ))
}

/// When something was, in words.
fn moment(run: &Run, seconds: f64) -> String {
    if !run.is_recorded {
        return format!("after {} s", fixed(seconds, 0));
    }
    let seconds = nearest(seconds);
    format!("at {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::tests::run;

    #[test]
    fn a_recorded_day_has_times_of_day() {
        let mut run = run("a", &[]);
        assert_eq!(moment(&run, 34_507.0), "after 34\u{202f}507 s");
        run.is_recorded = true;
        assert_eq!(moment(&run, 34_507.0), "at 09:35:07");
    }
}
