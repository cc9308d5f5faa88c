//! What the agents gain and hold.

use std::fmt::Write as _;

use agents::Kind;
use kernel::CASH_PER_TICK_LOT;

use super::{counted, ends, layer, listed, marks, time_axis};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Column, Figure, Panel, Table, escape};
use crate::number::{big, decimal, grouped, real, short};
use crate::run::{Run, seconds};
use crate::scale::Scale;
use crate::thin::Point;
use crate::track::Holding;

/// Clients that a producer other than the ecology has: more are not drawn one by one.
const OTHERS_MAX: usize = 6;

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about = "Gain: cash and position at the mid, less what the agent began with at the first mid. \
                 Taxes and fees are paid. Inventory: lots held, short ones below 0.";
    let mut panel = Panel::new("wealth", "Wealth and inventories", about);
    for run in runs {
        let groups = groups(run);
        if groups.is_empty() {
            continue;
        }
        panel.figures.extend([
            by_group(run, &groups),
            by_agent(run, &groups),
            inventories(run, &groups),
        ]);
        // Writing to a string cannot fail.
        let _ = write!(
            panel.below,
            "<details><summary>Every agent of {} at the end</summary>\n{}</details>\n",
            escape(&run.name),
            table(run, &groups).html()
        );
    }
    if panel.figures.is_empty() {
        return panel.missing(
            "it takes a log with at least two clients and at most 64, such as those of replay simulate",
        );
    }
    panel
}

/// Clients of one kind, and what each holds.
struct Group<'a> {
    name: String,
    agents: Vec<(u32, &'a Vec<Holding>)>,
}

/// The clients of a run by kind; of no ecology, each by itself while they are few.
fn groups(run: &Run) -> Vec<Group<'_>> {
    let clients = &run.track.holdings.clients;
    if run.is_ecology {
        let of_kind = |kind: Kind| {
            let first = kind.client(0).0;
            let agents = clients.range(first..first + 99).map(|(client, list)| (*client, list));
            Group { name: kind.name().to_owned(), agents: agents.collect() }
        };
        return Kind::ALL
            .map(of_kind)
            .into_iter()
            .filter(|group| !group.agents.is_empty())
            .collect();
    }
    if !(2..=OTHERS_MAX).contains(&clients.len()) {
        let agents: Vec<_> = clients.iter().map(|(client, list)| (*client, list)).collect();
        let is_some = 1 < agents.len();
        return is_some.then(|| Group { name: "clients".to_owned(), agents }).into_iter().collect();
    }
    let alone = |(client, list): (&u32, _)| Group {
        name: format!("client {client}"),
        agents: vec![(*client, list)],
    };
    clients.iter().map(alone).collect()
}

/// A gain in ticks·lots.
fn ticks(run: &Run, gain: i128) -> f64 {
    big(gain) / big(CASH_PER_TICK_LOT) / run.tick()
}

fn points(run: &Run, values: impl Iterator<Item = f64>) -> Vec<Point> {
    let times = run.track.holdings.times.iter().map(|time| seconds(*time));
    times.zip(values).map(|(time, value)| (time, Some(value))).collect()
}

/// What all of a group gained, look by look.
fn sums(group: &Group<'_>) -> Vec<i128> {
    let mut sums = vec![0_i128; group.agents.first().map_or(0, |(_, list)| list.len())];
    for (_, list) in &group.agents {
        for (sum, holding) in sums.iter_mut().zip(*list) {
            *sum = sum.saturating_add(holding.gain);
        }
    }
    sums
}

fn last_sum(run: &Run, group: &Group<'_>) -> f64 {
    ticks(run, sums(group).last().copied().unwrap_or(0))
}

fn by_group(run: &Run, groups: &[Group<'_>]) -> Figure {
    let layers = groups.iter().enumerate().map(|(look, group)| {
        let line = points(run, sums(group).into_iter().map(|sum| ticks(run, sum)));
        let name = format!("{} ({})", group.name, group.agents.len());
        layer(&name, look, Shape::Line(line))
    });
    let gains = groups.iter().map(|group| (group.name.as_str(), last_sum(run, group)));
    let mut gains: Vec<_> = gains.collect();
    gains.sort_by(|one, other| other.1.total_cmp(&one.1));
    let words: Vec<_> =
        gains.iter().map(|(name, gain)| format!("{name} {}", short(*gain))).collect();
    let reading = format!("At the end: {} ticks·lots.", listed(&words));
    figure(run, "Gain by kind", "gain, ticks·lots", layers.collect(), reading)
}

/// A thin line for each agent, in the colour of its kind.
fn hairs(run: &Run, groups: &[Group<'_>], value: impl Fn(&Holding) -> f64) -> Vec<Layer> {
    let mut layers = Vec::new();
    for (look, group) in groups.iter().enumerate() {
        for (place, (_, list)) in group.agents.iter().enumerate() {
            let name = (place == 0).then(|| group.name.clone());
            let line = points(run, list.iter().map(&value));
            layers.push(Layer { name, look, shape: Shape::Hair(line) });
        }
    }
    layers
}

fn by_agent(run: &Run, groups: &[Group<'_>]) -> Figure {
    let layers = hairs(run, groups, |holding| ticks(run, holding.gain));
    let agents =
        groups.iter().flat_map(|group| group.agents.iter().zip(1..).map(move |it| (group, it)));
    let gains = agents.filter_map(|(group, ((_, list), number))| {
        Some((named(group, number), ticks(run, list.last()?.gain)))
    });
    let gains: Vec<_> = gains.collect();
    let most = gains.iter().max_by(|one, other| one.1.total_cmp(&other.1));
    let least = gains.iter().min_by(|one, other| one.1.total_cmp(&other.1));
    let winners = gains.iter().filter(|(_, gain)| 0.0 < *gain).count();
    let reading = match most.zip(least) {
        Some(((best, most), (worst, least))) => format!(
            "{winners} of {} gained; the most is {} ({best}), the least {} ({worst}).",
            counted(gains.len(), "agent", "agents"),
            short(*most),
            short(*least)
        ),
        None => String::new(),
    };
    figure(run, "Gain of every agent", "gain, ticks·lots", layers, reading)
}

fn inventories(run: &Run, groups: &[Group<'_>]) -> Figure {
    let layers = hairs(run, groups, |holding| real(holding.position));
    let largest = groups.iter().map(|group| {
        let all = group.agents.iter().flat_map(|(_, list)| list.iter());
        let most = all.map(|holding| holding.position.unsigned_abs()).max().unwrap_or(0);
        format!("{} {}", group.name, grouped(most))
    });
    let reading = format!(
        "Most lots that one agent held, long or short: {}.",
        listed(&largest.collect::<Vec<_>>())
    );
    figure(run, "Inventory of every agent", "lots held", layers, reading)
}

fn figure(run: &Run, what: &str, y_title: &str, layers: Vec<Layer>, reading: String) -> Figure {
    let values = layers.iter().flat_map(|layer| match &layer.shape {
        Shape::Line(points) | Shape::Hair(points) => points.as_slice(),
        Shape::Dots(_)
        | Shape::Bars(..)
        | Shape::Area(_)
        | Shape::Whiskers(_)
        | Shape::Cells(_) => &[],
    });
    let (low, high) = ends(values.filter_map(|point| point.1)).unwrap_or((0.0, 1.0));
    Figure {
        heading: format!("{what}, {}", run.name),
        chart: Chart {
            title: format!("{what}, {}", run.name),
            x_title: run.time_title().to_owned(),
            y_title: y_title.to_owned(),
            x: time_axis(run),
            y: Scale::nice(low.min(0.0), high.max(0.0)),
            layers,
            marks: marks(run),
        },
        reading,
    }
}

/// `maker 2`; a group of one is its name.
fn named(group: &Group<'_>, number: usize) -> String {
    match group.agents.len() {
        1 => group.name.clone(),
        _ => format!("{} {number}", group.name),
    }
}

fn table(run: &Run, groups: &[Group<'_>]) -> Table {
    let mut table = Table::new(&[
        ("agent", Column::Words),
        ("client", Column::Number),
        ("lots held", Column::Number),
        ("gain, ticks·lots", Column::Number),
    ]);
    for group in groups {
        for ((client, list), number) in group.agents.iter().zip(1..) {
            let Some(last) = list.last() else { continue };
            table.rows.push(vec![
                named(group, number),
                client.to_string(),
                decimal(last.position, 0),
                short(ticks(run, last.gain)),
            ]);
        }
    }
    table
}
