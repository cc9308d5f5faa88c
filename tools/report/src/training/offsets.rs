//! Where makers quote by what they hold and by the order flow: learned, and by the fixed rule.

use super::{Makers, Training};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::short;
use crate::panels::ends;
use crate::quotes::{Quote, Quotes, Tenth, tenths};
use crate::scale::{Names, Scale};

pub(super) fn panel(training: &Training) -> Panel {
    let mut panel = Panel::new("offsets", "Quotes by inventory and order flow", "");
    let makers = match &training.makers {
        Ok(makers) => makers,
        Err(why) => return panel.missing(why.clone()),
    };
    panel.say(&format!(
        "A maker's own best bid and ask right after each of its decisions, from the mid of the end of the step \
         before: means over tenths of its decisions, ordered by what it held and by the net lots that all \
         bought at once (which fade by a fifth a step). Each tenth stands at its own mean. Learned: {}. Fixed \
         rule: {}.",
        makers.learned_in, makers.fixed_in
    ));
    let inventory = |quote: &Quote| crate::number::real(quote.inventory);
    let figures = [
        figure(makers, "inventory", "inventory, lots", inventory),
        figure(makers, "order flow", "decayed net flow, lots", |quote| quote.flow),
    ];
    panel.figures = figures.into_iter().flatten().collect();
    if panel.figures.is_empty() {
        return panel.missing("the logs hold fewer than 10 decisions of makers who then quoted");
    }
    panel
}

fn figure(
    makers: &Makers,
    what: &str,
    x_title: &str,
    key: impl Fn(&Quote) -> f64 + Copy,
) -> Option<Figure> {
    let (mut layers, mut all, mut readings) = (Vec::new(), Vec::new(), Vec::new());
    let of = |quotes: &Quotes| tenths(quotes, key);
    let both = [("learned", of(&makers.learned)), ("fixed rule", of(&makers.fixed))];
    for (look, (name, parts)) in both.into_iter().enumerate() {
        if parts.is_empty() {
            continue;
        }
        let mut is_named = true;
        for of_side in [|part: &Tenth| part.bid, |part: &Tenth| part.ask] {
            let line: Vec<_> = parts.iter().map(|part| (part.key, of_side(part))).collect();
            let dots: Vec<_> = line.iter().filter_map(|(x, y)| Some((*x, (*y)?))).collect();
            layers.push(Layer { name: None, look, shape: Shape::Dots(dots) });
            layers.push(Layer {
                name: is_named.then(|| name.to_owned()),
                look,
                shape: Shape::Line(line),
            });
            is_named = false;
        }
        readings.extend(reading(name, &parts));
        all.extend(parts);
    }
    let (first, last) = ends(all.iter().map(|part| part.key))?;
    let prices = all.iter().flat_map(|part| [part.bid, part.ask]).flatten();
    let (low, high) = ends(prices.chain([0.0]))?;
    let heading = format!("Best own bid and ask by {what}");
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: x_title.to_owned(),
            y_title: "bid below, ask above the mid, ticks".to_owned(),
            x: Scale::exact(first, last, Names::Numbers),
            y: Scale::nice(low, high),
            layers,
            marks: Vec::new(),
        },
        heading,
        reading: readings.join("\n"),
    })
}

/// Where the quotes of the outermost tenths lie.
fn reading(name: &str, parts: &[Tenth]) -> Option<String> {
    let (first, last) = (parts.first()?, parts.last()?);
    let told = |price: Option<f64>| price.map_or_else(|| "none".to_owned(), short);
    let at = |part: &Tenth| {
        format!("bid {} and ask {} at {}", told(part.bid), told(part.ask), short(part.key))
    };
    let name = crate::panels::sentence(name);
    Some(format!("{name}: {}, {}.", at(first), at(last)))
}
