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
    let place = |place: usize| match question.points.get(place) {
        Some(Point { entry, step }) => format!("step {step} (entry {entry})"),
        None => "no step".to_owned(),
    };
    let in_log = match curve.in_log {
        Some(First { entry: 0, .. }) => "In the log it holds before the first entry.".to_owned(),
        Some(First { entry, step }) => {
            format!("In the log it comes at step {step} (entry {entry}).")
        }
        None => "In the log it never comes.".to_owned(),
    };
    let chances = &curve.chances;
    if chances.first().is_some_and(|chance| chance.has_happened) {
        return vec![
            in_log,
            "That was before the first point: it was certain all along.".to_owned(),
        ];
    }
    let verdict = curve.verdict();
    let happened = |at: usize| chances.get(at).is_some_and(|chance| chance.has_happened);
    let likely = match verdict.likely_from {
        Some(at) if happened(at) => {
            format!(
                "More likely than not only once it had come: the lower bound stays above 0.5 from {} on.",
                place(at)
            )
        }
        Some(at) => {
            format!("More likely than not from {} on: the lower bound stays above 0.5.", place(at))
        }
        None => "At no point does the lower bound rise above 0.5 and stay there.".to_owned(),
    };
    let nearly = match verdict.nearly_certain_from {
        Some(at) => {
            let falls = chances.iter().skip(at).position(|chance| chance.probability < NEARLY);
            let falls = falls.map_or_else(String::new, |more| {
                format!(", and is below it again at {}", place(at + more))
            });
            let low = chances.get(at).map_or(0.0, |chance| chance.low);
            let only = if happened(at) {
                ", where it had come".to_owned()
            } else {
                format!(", with a lower bound of {low:.3}")
            };
            format!("The probability first reaches {NEARLY} at {}{only}{falls}.", place(at))
        }
        None => {
            let greatest = chances.iter().map(|chance| chance.probability).fold(0.0, f64::max);
            let at = chances.iter().position(|chance| greatest <= chance.probability).unwrap_or(0);
            let where_it_is = if 0.0 < greatest {
                format!("the greatest is {greatest:.3}, at {}", place(at))
            } else {
                "no fork came to it".to_owned()
            };
            format!("The probability never reaches {NEARLY}: {where_it_is}.")
        }
    };
    vec![in_log, likely, nearly]
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
