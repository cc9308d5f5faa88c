//! What a short-sale ban or a transaction tax does, against the twin run without it.

use std::collections::BTreeMap;

use agents::stats::moments::{mean, standard_error};
use kernel::CASH_PER_TICK_LOT;

use super::window::Window;
use super::{counted, ends, listed};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Column, Figure, Panel, Table};
use crate::number::{big, change, count, short};
use crate::run::{Cause, Run};
use crate::scale::Scale;

/// What is measured, its unit, and how.
type Measure = (&'static str, &'static str, fn(&Window<'_>) -> Option<f64>);

const MEASURES: [Measure; 4] = [
    ("volume", "lots/s", volume_a_second),
    ("tracking error", "ticks", |window| window.tracking()),
    ("spread", "ticks", |window| window.spread()),
    ("volatility", "ticks", |window| window.volatility()),
];

fn volume_a_second(window: &Window<'_>) -> Option<f64> {
    Some(window.volume()? / window.seconds_a_look())
}

/// One measure of a run and of its twin.
struct Effect<'a> {
    run: &'a Run,
    twin: &'a Run,
    measure: usize,
    with: f64,
    without: f64,
}

impl Effect<'_> {
    /// Relative change; `None` when there was nothing to change.
    fn share(&self) -> Option<f64> {
        (0.0 < self.without).then(|| self.with / self.without - 1.0)
    }
}

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about = "Each log with a short-sale ban or a transaction tax against its twin: the same market, \
                 seed and draws without it, over the time in which the rule holds. Volume; mean distance \
                 of the mid from the fair value; mean spread; standard deviation of the mid's changes \
                 from look to look.";
    let mut panel = Panel::new("interventions", "Interventions", about);
    let mut by_rule: BTreeMap<String, Vec<Effect<'_>>> = BTreeMap::new();
    let mut has_rule = false;
    for run in runs {
        for period in run.periods() {
            let Some(rule) = name(period.cause, run) else { continue };
            has_rule = true;
            let Some(twin) = run.twin(runs) else { continue };
            let here = Window::new(run, period.from, period.to);
            let there = Window::new(twin, period.from, period.to);
            if here.len() == 0 {
                continue;
            }
            let effects = by_rule.entry(rule).or_default();
            effects.extend(MEASURES.iter().enumerate().filter_map(|(measure, (_, _, of))| {
                Some(Effect { run, twin, measure, with: of(&here)?, without: of(&there)? })
            }));
        }
    }
    by_rule.retain(|_, effects| !effects.is_empty());
    if by_rule.is_empty() {
        return panel.missing(if has_rule {
            "there is a ban or a tax, but no twin among the logs: the same preset, seed and parameters \
             without it"
        } else {
            "it takes a log with a short-sale ban or a tax (replay simulate --set market.tax=1.8, or \
             --set 'schedule.0001=step 2000: set short-ban on') and its twin without it"
        });
    }
    panel.figures = by_rule.iter().map(|(rule, effects)| figure(rule, effects)).collect();
    panel.below = by_rule.iter().map(|(rule, effects)| table(rule, effects)).collect();
    panel
}

/// What the rule is called; `None` for what is no rule.
fn name(cause: Cause, run: &Run) -> Option<String> {
    match cause {
        Cause::Leave => None,
        Cause::Ban => Some("short-sale ban".to_owned()),
        Cause::Tax(tax) => {
            let ticks = f64::from(tax) / big(CASH_PER_TICK_LOT) / run.tick();
            Some(format!("tax of {} ticks", short(ticks)))
        }
    }
}

/// Relative changes of one measure.
fn shares(effects: &[Effect<'_>], measure: usize) -> Vec<f64> {
    let of_measure = effects.iter().filter(|effect| effect.measure == measure);
    of_measure.filter_map(Effect::share).collect()
}

fn figure(rule: &str, effects: &[Effect<'_>]) -> Figure {
    let dots = (0..MEASURES.len()).flat_map(|measure| {
        let shares = shares(effects, measure).into_iter();
        shares.map(move |share| (count(measure), 100.0 * share))
    });
    let dots: Vec<(f64, f64)> = dots.collect();
    let (low, high) =
        ends(dots.iter().map(|(_, change)| *change).chain([0.0])).unwrap_or((-1.0, 1.0));
    let heading = format!("{}: change against the twin", super::sentence(rule));
    Figure {
        heading: heading.clone(),
        chart: Chart {
            title: heading,
            x_title: "measure; a point for each pair of runs".to_owned(),
            y_title: "change, %".to_owned(),
            x: Scale::words(&MEASURES.map(|(name, _, _)| name)),
            y: Scale::nice(low, high),
            layers: vec![Layer { name: None, look: 0, shape: Shape::Dots(dots) }],
            marks: Vec::new(),
        },
        reading: reading(rule, effects),
    }
}

fn reading(rule: &str, effects: &[Effect<'_>]) -> String {
    let (mut words, mut without, mut pairs) = (Vec::new(), Vec::new(), 0);
    for (measure, (name, _, _)) in MEASURES.iter().enumerate() {
        let shares = shares(effects, measure);
        pairs = pairs.max(shares.len());
        let Some(centre) = mean(&shares) else {
            without.push((*name).to_owned());
            continue;
        };
        let around = standard_error(&shares).map(|error| format!(" ± {}", short(100.0 * error)));
        words.push(format!("{name} {}{}", change(centre), around.unwrap_or_default()));
    }
    let how = match pairs {
        1 => "one pair of runs, which tells nothing of chance".to_owned(),
        _ => format!("means of {} ± standard errors", counted(pairs, "pair", "pairs")),
    };
    let gap = match without.as_slice() {
        [] => String::new(),
        _ => format!(" No {}: the book lacked a side or the log a fair value.", listed(&without)),
    };
    format!("{}: {} ({how}).{gap}", super::sentence(rule), words.join(", "))
}

fn table(rule: &str, effects: &[Effect<'_>]) -> String {
    let mut table = Table::new(&[
        (rule, Column::Words),
        ("twin", Column::Words),
        ("measure", Column::Words),
        ("with", Column::Number),
        ("without", Column::Number),
        ("change", Column::Number),
    ]);
    for effect in effects {
        let (name, unit, _) = MEASURES[effect.measure];
        table.rows.push(vec![
            effect.run.name.clone(),
            effect.twin.name.clone(),
            format!("{name}, {unit}"),
            short(effect.with),
            short(effect.without),
            effect.share().map_or_else(|| "-".to_owned(), change),
        ]);
    }
    table.html()
}
