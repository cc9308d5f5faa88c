//! What happens when market makers leave, against the twin run in which they stay.

use super::window::Window;
use super::{ends, layer};
use crate::chart::{Chart, Shape};
use crate::html::{Column, Figure, Panel, Table};
use crate::number::{percent, short};
use crate::run::{Cause, Period, Run, seconds};
use crate::scale::{Names, Scale};
use crate::thin::Point;

/// Nanoseconds after the leaving in which spread and drawdown are measured.
const MEASURED_NS: u64 = 500_000_000_000;
/// Nanoseconds that are drawn before the leaving and after the return.
const BEFORE_NS: u64 = 200_000_000_000;
const AFTER_NS: u64 = 300_000_000_000;
/// Recovered: so many looks in a row with a spread below so many times the twin's.
const CALM_LOOKS: usize = 10;
const CALM_RATIO: f64 = 1.5;

/// A run whose makers leave, and its twin.
struct Crash<'a> {
    run: &'a Run,
    twin: &'a Run,
    period: Period,
    spread: f64,
    twin_spread: f64,
    widest: f64,
    drawdown: f64,
    twin_drawdown: f64,
    /// Looks until the spread was calm again, when the makers came back.
    recovery: Option<usize>,
}

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about = "A run whose market makers leave and its twin: the same market, seed and draws, \
                 in which they stay. Spread and drawdown are those of the makers' absence, at most its \
                 first 500 s. The drawdown is the fall of the mid below where it was when they left. \
                 Recovery is the time from their return until ten looks in a row have a spread below \
                 1.5 times the twin's mean.";
    let mut panel = Panel::new("crash", "Crash and recovery", about);
    let crashes: Vec<_> = runs.iter().flat_map(|run| crashes(run, runs)).collect();
    let Some(first) = crashes.first() else {
        let has_leaving = |run: &Run| run.periods().iter().any(|it| it.cause == Cause::Leave);
        return panel.missing(if runs.iter().any(has_leaving) {
            "makers leave, but the twin is not among the logs: the same preset, seed and parameters \
             without a schedule"
        } else {
            "it takes a log whose market makers leave (replay simulate --preset crash --set \
             'schedule.0001=step 2000: makers leave' --set 'schedule.0002=step 2100: makers return') and \
             its twin without a schedule"
        });
    };
    panel.figures = vec![figure(first, true), figure(first, false)];
    panel.below = table(&crashes);
    panel
}

fn crashes<'a>(run: &'a Run, runs: &'a [Run]) -> Vec<Crash<'a>> {
    let periods = run.periods().into_iter().filter(|period| period.cause == Cause::Leave);
    let Some(twin) = run.twin(runs) else { return Vec::new() };
    periods.filter_map(|period| Crash::of(run, twin, period)).collect()
}

impl<'a> Crash<'a> {
    fn of(run: &'a Run, twin: &'a Run, period: Period) -> Option<Self> {
        let to = period.to.min(period.from.saturating_add(MEASURED_NS));
        let (here, there) = (Window::new(run, period.from, to), Window::new(twin, period.from, to));
        let twin_spread = there.spread()?;
        let after = Window::new(run, period.to, u64::MAX);
        Some(Self {
            run,
            twin,
            period,
            spread: here.spread()?,
            twin_spread,
            widest: here.widest()?,
            drawdown: here.drawdown()?,
            twin_drawdown: there.drawdown()?,
            recovery: after.recovery(CALM_RATIO * twin_spread, CALM_LOOKS),
        })
    }

    fn came_back(&self) -> bool {
        self.period.to < u64::MAX
    }

    /// Seconds that looks take.
    fn seconds(&self, looks: usize) -> f64 {
        seconds(self.run.track.interval.saturating_mul(looks as u64))
    }

    fn recovery(&self) -> String {
        match (self.came_back(), self.recovery) {
            (false, _) => "the makers stay away".to_owned(),
            (true, Some(looks)) => format!("{} s", short(self.seconds(looks))),
            (true, None) => "not before the end".to_owned(),
        }
    }
}

fn figure(crash: &Crash<'_>, of_spreads: bool) -> Figure {
    let Crash { run, twin, period, .. } = crash;
    let last = if crash.came_back() { period.to } else { period.from.saturating_add(MEASURED_NS) };
    let from = seconds(period.from.saturating_sub(BEFORE_NS));
    let to = seconds(last.saturating_add(AFTER_NS));
    let points = |run: &Run| if of_spreads { run.spreads() } else { run.mids() };
    let cut = |run: &Run| -> Vec<Point> {
        points(run).into_iter().filter(|(time, _)| from <= *time && *time <= to).collect()
    };
    let lines = [cut(run), cut(twin)];
    let floor = of_spreads.then_some(0.0);
    let values = lines.iter().flatten().filter_map(|point| point.1).chain(floor);
    let (low, high) = ends(values).unwrap_or((0.0, 1.0));
    let (what, y_title) =
        if of_spreads { ("Spread", "spread, ticks") } else { ("Mid", "mid, ticks") };
    let latest = seconds(run.track.time(run.track.looks.len().saturating_sub(1)));
    let names = if run.is_recorded { Names::Clock } else { Names::Numbers };
    let [line, twin_line] = lines.map(Shape::Line);
    Figure {
        heading: format!("{what} while the makers are away"),
        chart: Chart {
            title: format!("{what} while the makers are away"),
            x_title: run.time_title().to_owned(),
            y_title: y_title.to_owned(),
            x: Scale::exact(from, to.min(latest), names),
            y: Scale::nice(low, high),
            layers: vec![
                layer(&run.name, 0, line),
                layer(&format!("{}, its twin", twin.name), 1, twin_line),
            ],
            marks: super::marks(run),
        },
        reading: if of_spreads { spread_reading(crash) } else { mid_reading(crash) },
    }
}

fn spread_reading(crash: &Crash<'_>) -> String {
    let calm = if crash.came_back() {
        match crash.recovery {
            Some(looks) => {
                format!("calm again {} s after their return", short(crash.seconds(looks)))
            }
            None => "after their return it is not calm again before the end".to_owned(),
        }
    } else {
        "they do not come back".to_owned()
    };
    format!(
        "While they are away the spread is {} ticks on average, {} at the widest, against {} in the twin: \
         {} times as wide; {calm}.",
        short(crash.spread),
        short(crash.widest),
        short(crash.twin_spread),
        short(crash.spread / crash.twin_spread)
    )
}

fn mid_reading(crash: &Crash<'_>) -> String {
    format!(
        "The mid falls by up to {}, in the twin by up to {} in the same time; the one less the other is \
         {} percentage points.",
        percent(crash.drawdown),
        percent(crash.twin_drawdown),
        short(100.0 * (crash.drawdown - crash.twin_drawdown))
    )
}

fn table(crashes: &[Crash<'_>]) -> String {
    let mut table = Table::new(&[
        ("log", Column::Words),
        ("twin", Column::Words),
        ("away, s", Column::Number),
        ("spread, ticks", Column::Number),
        ("twin's", Column::Number),
        ("ratio", Column::Number),
        ("drawdown", Column::Number),
        ("less the twin's", Column::Number),
        ("recovery", Column::Words),
    ]);
    for crash in crashes {
        let away = if crash.came_back() {
            short(seconds(crash.period.to - crash.period.from))
        } else {
            "to the end".to_owned()
        };
        table.rows.push(vec![
            crash.run.name.clone(),
            crash.twin.name.clone(),
            away,
            short(crash.spread),
            short(crash.twin_spread),
            short(crash.spread / crash.twin_spread),
            percent(crash.drawdown),
            percent(crash.drawdown - crash.twin_drawdown),
            crash.recovery(),
        ]);
    }
    table.html()
}
