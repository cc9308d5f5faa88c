//! The answer as text of at most 100 columns.

use std::fmt::Write as _;
use std::path::Path;

use super::curve::{Answer, Chance, Curve, NEARLY};
use super::json::command;
use super::outcome::{First, Outcome};
use super::question::{Point, Question};
use crate::commands::wrap::add_wrapped;

/// Characters that a bar has for 0 to 1.
const BAR_CELLS: u8 = 20;

/// A table for each outcome, with what it says, and how to make logs of forks.
pub(super) fn whole(answer: &Answer, log: &Path) -> String {
    let question = &answer.question;
    let (points, seeds) = (question.points.len(), question.seeds);
    let mut text = String::new();
    let step = |point: Option<&Point>| point.map_or(0, |point| point.step);
    let (from, to) = (step(question.points.first()), step(question.points.last()));
    let range = match points {
        1 => format!("1 point, the end of step {from}"),
        _ => format!("{points} points, ends of steps {from} to {to}"),
    };
    let forks = if seeds == 1 { "fork" } else { "forks" };
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{range}; {seeds} {forks} each; seed {}", question.seed);
    for (outcome, curve) in question.outcomes.iter().zip(&answer.curves) {
        text.push('\n');
        add_outcome(&mut text, answer, (outcome, curve));
    }
    add_commands(&mut text, answer, log);
    text
}

fn add_outcome(text: &mut String, answer: &Answer, (outcome, curve): (&Outcome, &Curve)) {
    add_wrapped(text, "", &format!("{}: {}", outcome.name, outcome.query));
    let _ = writeln!(
        text,
        "{:>5} {:>10} {:>9} {:>6}  {:14} {:22} {:>12}  median first",
        "point", "entry", "step", "p", "95 % interval", " 0        1/2        1", "forks"
    );
    let mut marks = answer.marks.iter().peekable();
    let points = answer.question.points.iter().zip(&curve.chances);
    for (number, (point, chance)) in (1..).zip(points) {
        while let Some(mark) = marks.next_if(|mark| mark.entry <= point.entry) {
            let _ = writeln!(text, "{:>5} {:>10} {:>9}  {}", "@", mark.entry, mark.step, mark.name);
        }
        add_point(text, number, *point, chance);
    }
    for sentence in sentences(&answer.question, curve) {
        add_wrapped(text, "  ", &sentence);
    }
}

fn add_point(text: &mut String, number: usize, point: Point, chance: &Chance) {
    let Point { entry, step } = point;
    let (interval, forks) = if chance.has_happened {
        (String::new(), "happened".to_owned())
    } else {
        let interval = format!("{:.3} to {:.3}", chance.low, chance.high);
        (interval, format!("{} of {}", chance.hits, chance.forks))
    };
    let median = match chance.median {
        Some(First { step, .. }) => format!("step {step}"),
        None => "-".to_owned(),
    };
    let _ = writeln!(
        text,
        "{number:>5} {entry:>10} {step:>9} {:>6.3}  {interval:14} {} {forks:>12}  {median}",
        chance.probability,
        bar(chance),
    );
}

/// A probability between its bounds: `[....==#===...........]`.
fn bar(chance: &Chance) -> String {
    let place = |share: f64| {
        (1..BAR_CELLS).filter(|cell| f64::from(*cell) <= share * f64::from(BAR_CELLS)).count()
    };
    let (low, at, high) = (place(chance.low), place(chance.probability), place(chance.high));
    let cell = |cell: usize| match cell {
        _ if cell == at => '#',
        _ if low <= cell && cell <= high => '=',
        _ => '.',
    };
    format!("[{}]", (0..BAR_CELLS.into()).map(cell).collect::<String>())
}

/// What a curve says, in sentences.
pub(super) fn sentences(question: &Question, curve: &Curve) -> Vec<String> {
    let in_log = match curve.in_log {
        Some(First { entry: 0, .. }) => "In the log it holds before the first entry.".to_owned(),
        Some(First { entry, step }) => {
            format!("In the log it comes at step {step} (entry {entry}).")
        }
        None => "In the log it never comes.".to_owned(),
    };
    if curve.chances.first().is_some_and(|chance| chance.has_happened) {
        let certain = "That was before the first point: it was certain all along.";
        return vec![in_log, certain.to_owned()];
    }
    vec![in_log, likely(question, curve), nearly(question, curve)]
}

/// From where on it was more likely than not.
fn likely(question: &Question, curve: &Curve) -> String {
    let Some(place) = curve.verdict().likely_from else {
        return "At no point does the lower bound rise above 0.5 and stay there.".to_owned();
    };
    let from = told(question, place);
    if has_happened(curve, place) {
        let only = "More likely than not only once it had come";
        return format!("{only}: the lower bound stays above 0.5 from {from} on.");
    }
    format!("More likely than not from {from} on: the lower bound stays above 0.5.")
}

/// Where it was as good as certain.
fn nearly(question: &Question, curve: &Curve) -> String {
    let chances = &curve.chances;
    let Some(place) = curve.verdict().nearly_certain_from else {
        let greatest = chances.iter().map(|chance| chance.probability).fold(0.0, f64::max);
        let at = chances.iter().position(|chance| greatest <= chance.probability);
        let found = match at.filter(|_| 0.0 < greatest) {
            Some(at) => format!("the greatest is {greatest:.3}, at {}", told(question, at)),
            None => "no fork came to it".to_owned(),
        };
        return format!("The probability never reaches {NEARLY}: {found}.");
    };
    let how = if has_happened(curve, place) {
        "where it had come".to_owned()
    } else {
        let low = chances.get(place).map_or(0.0, |chance| chance.low);
        format!("with a lower bound of {low:.3}")
    };
    let falls = chances.iter().skip(place).position(|chance| chance.probability < NEARLY);
    let falls = falls.map_or_else(String::new, |later| {
        format!(", and is below it again at {}", told(question, place + later))
    });
    format!("The probability first reaches {NEARLY} at {}, {how}{falls}.", told(question, place))
}

fn has_happened(curve: &Curve, place: usize) -> bool {
    curve.chances.get(place).is_some_and(|chance| chance.has_happened)
}

/// A point in words.
fn told(question: &Question, place: usize) -> String {
    match question.points.get(place) {
        Some(Point { entry, step }) => format!("step {step} (entry {entry})"),
        None => "no step".to_owned(),
    }
}

/// The first fork of every point that has forks, as commands.
fn add_commands(text: &mut String, answer: &Answer, log: &Path) {
    let points = answer.question.points.iter().enumerate();
    let forked = points.filter(|(place, _)| {
        let here = answer.forks.partition_point(|fork| fork.task.point < *place);
        answer.forks.get(here).is_some_and(|fork| fork.task.point == *place)
    });
    let mut forked = forked.peekable();
    if forked.peek().is_some() {
        text.push_str("\nfork 1 of each point as a log:\n");
    }
    for (_, point) in forked {
        let _ = writeln!(text, "  {}", command(answer, log, *point, 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(low: f64, probability: f64, high: f64) -> String {
        let (has_happened, hits, forks, median) = (false, 0, 0, None);
        super::bar(&Chance { has_happened, hits, forks, probability, low, high, median })
    }

    #[test]
    fn bars_have_a_cell_for_every_twentieth() {
        assert_eq!(bar(0.0, 0.0, 0.1), "[#==.................]");
        assert_eq!(bar(0.5, 0.5, 0.5), "[..........#.........]");
        assert_eq!(bar(0.499, 0.95, 1.0), "[.........==========#]");
        assert_eq!(bar(1.0, 1.0, 1.0), "[...................#]");
    }
}
