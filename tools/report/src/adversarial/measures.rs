//! Every measure, and the command that shows them.

use std::fmt::Write as _;

use agents::adversarial::measures::{Bounds, Detection, Estimate, Guess, Measures};

use super::{Seen, estimate};
use crate::html::{Column, Panel, Table, escape};
use crate::number::{percent, short};

pub(super) fn panel(seen: &Seen<'_>) -> Panel {
    let about = "Means over closed episodes ± standard errors over episodes. Judges learn from the first half \
                 of as many episodes of both types and are tested on the other; intervals are Wilson's, \
                 95 %.";
    let mut panel = Panel::new("measures", "All measures", about);
    let [zero, one] = &seen.measures;
    if zero.episodes + one.episodes == 0 {
        return panel.missing("it takes a closed episode");
    }
    panel.below = table(one, zero);
    panel.below += &judges(seen);
    // Writing to a string cannot fail.
    let _ = write!(
        panel.below,
        "<h3>The same as text, or with --json as data</h3>\n<pre>{}\n</pre>\n",
        escape(&seen.all.command)
    );
    panel
}

/// Measures of both types under the titles of their subjects.
fn table(one: &Measures, zero: &Measures) -> String {
    let mut text = format!(
        "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">measure</th>\
         <th scope=\"col\" class=\"n\">z\u{a0}=\u{a0}1 ({})</th>\
         <th scope=\"col\" class=\"n\">z\u{a0}=\u{a0}0 ({})</th>\
         <th scope=\"col\">unit</th></tr></thead><tbody>\n",
        one.episodes, zero.episodes
    );
    let mut last = None;
    for (one, zero) in one.named().into_iter().zip(zero.named()) {
        if last.replace(one.subject) != Some(one.subject) {
            let title = escape(one.subject.title());
            let _ = writeln!(
                text,
                "<tr class=\"t\"><th colspan=\"4\" scope=\"colgroup\">{title}</th></tr>"
            );
        }
        let name = one.name.replace("  ", "\u{2003}");
        let _ = writeln!(
            text,
            "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>",
            escape(&name),
            cell(one.estimate),
            cell(zero.estimate),
            escape(one.unit)
        );
    }
    text.push_str("</tbody></table></div>\n");
    text
}

fn cell(found: Option<Estimate>) -> String {
    found.map_or_else(|| "–".to_owned(), |found| estimate(found.value, found.error))
}

/// How well who sees the flow tells the types apart.
fn judges(seen: &Seen<'_>) -> String {
    let Detection { ridge, logistic, net_half, net_best, net_threshold, belief, .. } =
        &seen.detection;
    let mut table = Table::new(&[
        ("who tells the types apart", Column::Words),
        ("right", Column::Number),
        ("95 % interval", Column::Number),
        ("episodes", Column::Number),
        ("more", Column::Words),
    ]);
    let information = logistic.map(|it| {
        format!(
            "mutual information at least {} nats on average; Brier {}",
            short(it.information),
            short(it.brier)
        )
    });
    let threshold = net_threshold.map(|lots| format!("threshold {} lots", short(lots)));
    let scores = belief.as_ref().map(|it| {
        format!(
            "Brier {}; over all steps {} right, Brier {}",
            short(it.forecasts.brier),
            percent(it.accuracy_over_time),
            short(it.brier_over_time)
        )
    });
    for (name, guess, more) in [
        ("ridge regression of the flow", *ridge, None),
        ("logistic regression of the flow", logistic.map(|it| it.guess), information),
        ("net lots above half the parent order", *net_half, None),
        ("net lots above the best threshold", *net_best, threshold),
        ("the belief at the end", belief.as_ref().map(|it| it.last), scores),
    ] {
        table.rows.extend(guess.map(|guess| row(name, guess, more.unwrap_or_default())));
    }
    if table.rows.is_empty() {
        return "<p class=\"none\">Nothing tells the types apart: it takes closed episodes of both.</p>\n"
            .to_owned();
    }
    let mut text = table.html();
    if let Some(Bounds { normal, exact, camouflage }) = Bounds::of(&seen.all.settings) {
        let share = |it: Option<f64>| it.map_or_else(|| "–".to_owned(), percent);
        let words = format!(
            "Who trades the whole parent order is told in {} of episodes at least by Φ(d/2), in {} by the exact \
             law of the net volume; orders of the noise's own law are told in {}. Exact where noise does not \
             lean on the price.",
            share(normal.map(|it| it.accuracy)),
            share(exact.map(|it| it.accuracy)),
            share(camouflage.map(|it| it.accuracy))
        );
        let _ = writeln!(text, "<p>{}</p>", escape(&words));
    }
    text
}

fn row(name: &str, guess: Guess, more: String) -> Vec<String> {
    let Guess { accuracy, interval: (low, high), episodes } = guess;
    let interval = format!("{} to {}", percent(low), percent(high));
    vec![name.to_owned(), percent(accuracy), interval, episodes.to_string(), more]
}
