//! What learned makers choose.

use std::fmt::Write as _;

use agents::learned::Head;

use super::{Makers, Training};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{count, grouped, percent};
use crate::panels::{ends, layer};
use crate::quotes::Quotes;
use crate::scale::{Names, Scale};

pub(super) fn panel(training: &Training) -> Panel {
    let mut panel = Panel::new("choices", "What learned makers choose", "");
    let makers = match &training.makers {
        Ok(makers) => makers,
        Err(why) => return panel.missing(why.clone()),
    };
    let Some(space) = makers.learned.space else {
        return panel.missing("no maker of these logs is learned");
    };
    panel.say(&format!(
        "Every choice of a learned maker in {}: {} decisions. Squares hold percents of them, and are darker \
         the more there are; bars are shares.",
        makers.learned_in,
        grouped(makers.learned.list.len() as u64)
    ));
    let heads = space.words();
    panel.figures.extend(heat_map(&makers.learned, &heads));
    panel.figures.extend((2..heads.len()).filter_map(|head| bars(&makers.learned, &heads, head)));
    panel.figures.extend(widths(makers));
    panel
}

/// How often each value of two heads was chosen together.
fn heat_map(quotes: &Quotes, heads: &[Head]) -> Option<Figure> {
    let [across, up, ..] = heads else { return None };
    let whole = count(quotes.list.len());
    let mut counts = vec![vec![0_usize; across.values.len()]; up.values.len()];
    for [x, y, ..] in quotes.list.iter().filter_map(|quote| quote.choice) {
        *counts.get_mut(usize::from(y))?.get_mut(usize::from(x))? += 1;
    }
    let cells: Vec<(f64, f64, f64)> = (0..)
        .zip(&counts)
        .flat_map(|(y, row)| {
            let cells = (0..).zip(row);
            cells.map(move |(x, found)| (count(x), count(y), count(*found) / whole))
        })
        .collect();
    let most = cells.iter().max_by(|one, other| one.2.total_cmp(&other.2))?;
    let value = |head: &Head, at: f64| {
        head.values.get(crate::number::place(at)).cloned().unwrap_or_default()
    };
    let reading = format!(
        "Most often a {} of {} with a {} of {}: {} of all decisions.",
        across.name,
        value(across, most.0),
        title(up),
        value(up, most.1),
        percent(most.2)
    );
    let words =
        |head: &Head| Scale::words(&head.values.iter().map(String::as_str).collect::<Vec<_>>());
    let heading = format!("Chosen {} and {}, percent of decisions", across.name, title(up));
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: format!("{}, {}", across.name, across.unit),
            y_title: format!("{}, {}", title(up), up.unit),
            x: words(across),
            y: words(up),
            layers: vec![Layer { name: None, look: 0, shape: Shape::Cells(cells) }],
            marks: Vec::new(),
        },
        heading,
        reading,
    })
}

/// What the second head is about.
fn title(head: &Head) -> &str {
    if head.name == "flow" { "weight of the flow" } else { head.name }
}

/// How often each value of one head was chosen.
fn bars(quotes: &Quotes, heads: &[Head], place: usize) -> Option<Figure> {
    let head = heads.get(place)?;
    let mut counts = vec![0_usize; head.values.len()];
    for choice in quotes.list.iter().filter_map(|quote| quote.choice) {
        *counts.get_mut(usize::from(*choice.get(place)?))? += 1;
    }
    let whole = count(quotes.list.len());
    let bars: Vec<_> =
        (0..).zip(&counts).map(|(x, found)| (count(x), count(*found) / whole)).collect();
    let told: Vec<_> = head
        .values
        .iter()
        .zip(&bars)
        .map(|(value, (_, share))| format!("{value}: {}", percent(*share)))
        .collect();
    let heading = format!("Chosen {}", head.name);
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: format!("{}, {}", head.name, head.unit),
            y_title: "share of decisions".to_owned(),
            x: Scale::words(&head.values.iter().map(String::as_str).collect::<Vec<_>>()),
            y: Scale::nice(0.0, ends(bars.iter().map(|bar| bar.1))?.1),
            layers: vec![Layer { name: None, look: 0, shape: Shape::Bars(bars, 0.6) }],
            marks: Vec::new(),
        },
        heading,
        reading: format!("{}.", told.join(", ")),
    })
}

/// Points of a line, which may have gaps.
type Points = Vec<(f64, Option<f64>)>;

/// Widest own spread that is told apart, in ticks.
const WIDTH_MAX: usize = 20;

/// How wide apart a maker's own quotes stand, learned and by the fixed rule.
fn widths(makers: &Makers) -> Option<Figure> {
    let shares = |quotes: &Quotes| -> Option<(Points, f64)> {
        let widths = quotes.list.iter().filter_map(|quote| Some(quote.ask? - quote.bid?));
        let widths: Vec<f64> = widths.collect();
        let whole = count(widths.len());
        let mut counts = [0_usize; WIDTH_MAX + 1];
        for width in &widths {
            *counts.get_mut(crate::number::place(*width).min(WIDTH_MAX))? += 1;
        }
        let points =
            (0..).zip(counts).map(|(width, found)| (count(width), Some(count(found) / whole)));
        (!widths.is_empty()).then(|| (points.collect(), widths.iter().sum::<f64>() / whole))
    };
    let (learned, mean) = shares(&makers.learned)?;
    let mut layers = vec![layer("learned", 0, Shape::Line(learned.clone()))];
    let mut reading = format!("Learned: {} ticks apart on average", crate::number::short(mean));
    let mut all = learned;
    if let Some((fixed, mean)) = shares(&makers.fixed) {
        layers.push(layer("fixed rule", 1, Shape::Line(fixed.clone())));
        // Writing to a string cannot fail.
        let _ = write!(reading, "; by the fixed rule {}", crate::number::short(mean));
        all.extend(fixed);
    }
    let (_, high) = ends(all.iter().filter_map(|point| point.1))?;
    let heading = "Distance between a maker's own best bid and ask".to_owned();
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: format!("ask less bid, ticks; {WIDTH_MAX} and more in the last"),
            y_title: "share of decisions".to_owned(),
            x: Scale::exact(0.0, count(WIDTH_MAX), Names::Numbers),
            y: Scale::nice(0.0, high),
            layers,
            marks: Vec::new(),
        },
        heading,
        reading: format!("{reading}."),
    })
}
