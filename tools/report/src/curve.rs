//! The probability of outcomes along a log, as `replay inevitable` finds it.

use crate::chart::{Chart, Layer, Shape};
use crate::html::Figure;
use crate::number::{big, fixed};
use crate::scale::{Names, Scale};

/// What forks along a log came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// What the page calls it: its path.
    pub name: String,
    /// Forks at each point.
    pub forks: u32,
    /// The step of each point, ascending.
    pub steps: Vec<u64>,
    /// Step and name of marks among them.
    pub marks: Vec<(u64, String)>,
    /// Outcomes that were looked for.
    pub outcomes: Vec<OutcomeCurve>,
}

/// The probability of one outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct OutcomeCurve {
    /// Its name.
    pub name: String,
    /// The predicate that comes to hold.
    pub predicate: String,
    /// The step at which it came in the log itself.
    pub in_log: Option<u64>,
    /// One for each point.
    pub chances: Vec<Chance>,
}

/// A probability and the ends of its 95 % interval, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    /// Share of the forks that came to it.
    pub probability: f64,
    /// Lower bound.
    pub low: f64,
    /// Upper bound.
    pub high: f64,
}

/// Most points that are drawn as such.
const DOTS_MAX: usize = 60;

impl Curve {
    /// Probability against step, with its interval, marks, and where outcomes came in the log.
    pub(crate) fn figure(&self) -> Figure {
        let step = |step: u64| big(step.into());
        let ends = self.steps.first().zip(self.steps.last());
        let (first, last) = ends.map_or((0, 0), |(first, last)| (*first, *last));
        let mut layers: Vec<_> = (0..).zip(&self.outcomes).map(|it| self.band(it)).collect();
        for (look, outcome) in (0..).zip(&self.outcomes) {
            layers.extend(self.line((look, outcome)));
        }
        let came = self.outcomes.iter().filter_map(|outcome| {
            let at = outcome.in_log.filter(|at| (first..=last).contains(at))?;
            Some((step(at), format!("{} in the log", outcome.name)))
        });
        let marks = self.marks.iter().map(|(at, name)| (step(*at), name.clone()));
        let heading = "Probability of the outcome, by the step at which forks leave";
        Figure {
            heading: heading.to_owned(),
            chart: Chart {
                title: heading.to_owned(),
                x_title: "step at which forks leave the log".to_owned(),
                y_title: "probability; band: 95 % interval".to_owned(),
                x: Scale::exact(step(first), step(last), Names::Numbers),
                y: Scale::exact(0.0, 1.0, Names::Numbers),
                layers,
                marks: marks.chain(came).collect(),
            },
            reading: self.reading(),
        }
    }

    fn band(&self, (look, outcome): (usize, &OutcomeCurve)) -> Layer {
        let points = self.steps.iter().zip(&outcome.chances);
        let points = points.map(|(step, chance)| (big((*step).into()), chance.low, chance.high));
        Layer { name: None, look, shape: Shape::Area(points.collect()) }
    }

    fn line(&self, (look, outcome): (usize, &OutcomeCurve)) -> Vec<Layer> {
        let points = self.steps.iter().zip(&outcome.chances);
        let points = points.map(|(step, chance)| (big((*step).into()), chance.probability));
        let points: Vec<_> = points.collect();
        let line = points.iter().map(|(step, share)| (*step, Some(*share))).collect();
        let line = Layer { name: Some(outcome.name.clone()), look, shape: Shape::Line(line) };
        let dots = Layer { name: None, look, shape: Shape::Dots(points.clone()) };
        if points.len() <= DOTS_MAX { vec![line, dots] } else { vec![line] }
    }

    /// A line for each outcome.
    fn reading(&self) -> String {
        let lines = self.outcomes.iter().map(|outcome| {
            let OutcomeCurve { name, predicate, in_log, chances } = outcome;
            let share = |chance: Option<&Chance>| {
                chance.map_or_else(String::new, |chance| fixed(chance.probability, 2))
            };
            let (first, last) = (share(chances.first()), share(chances.last()));
            let unlikely = chances.iter().rposition(|chance| chance.low <= 0.5);
            let likely = self.steps.get(unlikely.map_or(0, |place| place + 1));
            let likely = match likely {
                Some(step) => format!("the lower bound stays above 0.5 from step {step} on"),
                None => "at no point does the lower bound rise above 0.5 and stay there".to_owned(),
            };
            let came = match in_log {
                Some(step) => format!("in the log it comes at step {step}"),
                None => "in the log it never comes".to_owned(),
            };
            format!("{name} ({predicate}): {first} at the first point, {last} at the last; {likely}; {came}.")
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
pub(crate) mod tests;
