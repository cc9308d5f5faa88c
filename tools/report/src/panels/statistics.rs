//! The statistics with their bands.

use std::fmt::Write as _;

use agents::stats::report::{Report, Reporting, pool, report, report_to_pool};
use agents::stats::words::title;
use agents::stats::{Band, Figure, Resampling, Verdict};

use super::{counted, listed};
use crate::html::{Panel, escape};
use crate::number::{grouped, short};
use crate::run::Run;

/// Most tables: each has some hundred rows.
const TABLES_MAX: usize = 12;

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about = "The stylised facts of each market, with the values that pass. Logs that differ by their \
                 seed alone are judged together, by the mean of their values ± its standard error; a \
                 single one has the central 95 % of a bootstrap.";
    let mut panel = Panel::new("statistics", "Statistics and bands", about);
    let groups = groups(runs);
    for (place, group) in groups.iter().take(TABLES_MAX).enumerate() {
        if let Some(report) = reported(group) {
            panel.below += &section(group, &report, place == 0);
        }
    }
    if TABLES_MAX < groups.len() {
        panel.say(&format!(" The first {TABLES_MAX} of {} markets are shown.", groups.len()));
    }
    if panel.below.is_empty() {
        return panel.missing("it takes a log with at least two samples after the first 200");
    }
    panel
}

/// Runs that differ by their seed alone.
fn groups(runs: &[Run]) -> Vec<Vec<&Run>> {
    let mut groups: Vec<Vec<&Run>> = Vec::new();
    for run in runs.iter().filter(|run| 2 <= run.series.mids.len()) {
        let is_alike = |other: &&Run| {
            other.producer == run.producer
                && other.parameters == run.parameters
                && other.bands == run.bands
                && other.series.interval == run.series.interval
                && other.seed != run.seed
                && !run.is_recorded
        };
        match groups.iter_mut().find(|group| group.iter().all(is_alike)) {
            Some(group) => group.push(run),
            None => groups.push(vec![run]),
        }
    }
    groups
}

fn reported(group: &[&Run]) -> Option<Report> {
    let reports = group.iter().map(|run| {
        let reporting = Reporting { bands: run.bands, resampling: Resampling::USUAL };
        let make = if group.len() == 1 { report } else { report_to_pool };
        make(&run.series, &run.flow, reporting)
    });
    pool(&reports.collect::<Vec<_>>())
}

fn section(group: &[&Run], report: &Report, is_open: bool) -> String {
    let names: Vec<_> = group.iter().map(|run| run.name.clone()).collect();
    let names = listed(&names);
    let of = |verdict| report.facts.iter().filter(move |figure| figure.verdict() == verdict);
    let failed = of(Verdict::Fail).map(|it| format!("{} ({})", title(it.fact), it.name));
    let failed: Vec<_> = failed.collect();
    let judged = of(Verdict::Pass).count() + failed.len();
    let which =
        if failed.is_empty() { String::new() } else { format!(" Outside: {}.", failed.join("; ")) };
    let reading = match judged {
        0 => "Nothing is judged.".to_owned(),
        _ => format!(
            "{} of {} inside their bands.{which}",
            judged - failed.len(),
            counted(judged, "figure that is judged is", "figures that are judged are")
        ),
    };
    let open = if is_open { " open" } else { "" };
    let mut text = format!(
        "<details{open}><summary>{}</summary>\n<p class=\"reading\">{}</p>\n",
        escape(&names),
        escape(&reading)
    );
    push_table(&mut text, report);
    text.push_str("</details>\n");
    text
}

fn push_table(text: &mut String, report: &Report) {
    let around = if 1 < report.samples.len() { "± standard error" } else { "95 % interval" };
    let _ = writeln!(
        text,
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">figure</th>\
         <th scope=\"col\" class=\"n\">value</th><th scope=\"col\" class=\"n\">{around}</th>\
         <th scope=\"col\" class=\"n\">samples</th><th scope=\"col\" class=\"n\">band</th>\
         <th scope=\"col\">verdict</th></tr></thead><tbody>"
    );
    let mut last = None;
    for figure in &report.facts {
        if last.replace(figure.fact) != Some(figure.fact) {
            let title = escape(title(figure.fact));
            let _ = writeln!(
                text,
                "<tr class=\"t\"><th colspan=\"6\" scope=\"colgroup\">{title}</th></tr>"
            );
        }
        push_row(text, figure);
    }
    text.push_str("</tbody></table></div>\n");
}

fn push_row(text: &mut String, figure: &Figure) {
    let unit = if figure.unit.is_empty() { String::new() } else { format!(", {}", figure.unit) };
    let name = escape(&format!("{}{unit}", figure.name));
    let value = figure.value().map_or_else(|| "-".to_owned(), short);
    let around = match (figure.interval, figure.error()) {
        (Some((low, high)), _) => format!("{} to {}", short(low), short(high)),
        (None, Some(error)) => format!("± {}", short(error)),
        (None, None) => String::new(),
    };
    let verdict = match figure.verdict() {
        Verdict::Pass => "<span class=\"pass\">✓ pass</span>",
        Verdict::Fail => "<span class=\"fail\">✗ fail</span>",
        Verdict::ReportOnly => "",
        Verdict::NoValue => "– no value",
    };
    let (band, samples) = (escape(&band(figure.band)), grouped(figure.samples));
    let _ = writeln!(
        text,
        "<tr><td>{name}</td><td class=\"n\">{value}</td><td class=\"n\">{around}</td>\
         <td class=\"n\">{samples}</td><td class=\"n\">{band}</td><td class=\"w\">{verdict}</td></tr>"
    );
}

/// A band in words; nothing for one that judges nothing.
fn band(band: Band) -> String {
    match band {
        Band::Any => String::new(),
        Band::Below(high) => format!("below {}", plain(high)),
        Band::Above(low) => format!("above {}", plain(low)),
        Band::Between(low, high) | Band::Within(low, high) => {
            format!("{} to {}", plain(low), plain(high))
        }
    }
}

/// A limit as it was set.
fn plain(limit: f64) -> String {
    limit.to_string().replace('-', "−")
}
