//! How the orders of the trader's place look beside those of noise.

use agents::adversarial::divergence::OFFSET_MAX;
use agents::adversarial::measures::{Estimate, FlowMeasures};

use super::gathering::{Orders, share_of};
use super::{Seen, TYPES, estimate, type_name};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{count, grouped, percent};
use crate::panels::{ends, layer};
use crate::scale::Scale;

pub(super) fn panel(seen: &Seen<'_>) -> Panel {
    let about = "Every order of the public flow by size, kind and time, side excluded: those of the trader's \
                 place beside the noise of the same episodes, in the bins of which the divergences are. The \
                 maps show time and size together, in percent of the orders. Sizes and times that are right \
                 hide no flow: judges tell it by its side and sum, see the last panel.";
    let mut panel = Panel::new("flow", "Orders of the trader and of noise", about);
    let sizes = size_words(seen.all.found.scale.lots_max);
    for (z, _) in TYPES {
        let Some([trader, noise]) = seen.all.found.flows.get(z) else { continue };
        let Some(measures) = seen.measures.get(z).filter(|_| 0 < trader.len()) else { continue };
        let both = [trader, noise];
        let limits = "limit, ticks beyond the reference price";
        let figures = [
            map(z, "the trader's place", trader, &sizes),
            map(z, "noise", noise, &sizes),
            bars(z, ("size", "lots"), &sizes, both.map(|it| &it.sizes[..])),
            bars(z, ("kind", limits), &kind_words(), both.map(|it| &it.kinds[..])),
            bars(z, ("time", "tenth of the episode"), &time_words(), both.map(|it| &it.times[..])),
            distances(z, &measures.flow),
        ];
        panel.figures.extend(figures.into_iter().flatten());
    }
    if panel.figures.is_empty() {
        return panel.missing("nobody sent an order in the trader's place");
    }
    panel
}

/// Where each tenth of the sizes ends; the last one is open.
fn size_words(lots_max: u32) -> Vec<String> {
    let most = u64::from(lots_max.max(1));
    let word = |tenth: u64| {
        // Lots l are in the tenth ⌊10·(l − 1)/most⌋.
        let (first, last) = ((tenth * most).div_ceil(10) + 1, ((tenth + 1) * most).div_ceil(10));
        match (tenth, first.cmp(&last)) {
            (9, _) => format!("{}+", first.min(most)),
            (_, std::cmp::Ordering::Greater) => String::new(),
            (_, std::cmp::Ordering::Equal) => first.to_string(),
            (_, std::cmp::Ordering::Less) => format!("≤{last}"),
        }
    };
    (0..10).map(word).collect()
}

fn kind_words() -> Vec<String> {
    let word = |offset: i64| match offset {
        offset if offset == -OFFSET_MAX => format!("≤−{OFFSET_MAX}"),
        offset if offset == OFFSET_MAX => format!("≥{OFFSET_MAX}"),
        offset if offset < 0 => format!("−{}", offset.unsigned_abs()),
        offset => offset.to_string(),
    };
    ["market".to_owned()].into_iter().chain((-OFFSET_MAX..=OFFSET_MAX).map(word)).collect()
}

fn time_words() -> Vec<String> {
    (1..=10).map(|tenth| tenth.to_string()).collect()
}

fn axis(words: &[String]) -> Scale {
    Scale::words(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Shares of two histograms beside each other.
fn bars(
    z: usize,
    (what, x_title): (&str, &str),
    words: &[String],
    counts: [&[u64]; 2],
) -> Option<Figure> {
    let [trader, noise] = counts.map(shares);
    let (mut layers, mut all) = (Vec::new(), Vec::new());
    for (name, look, shares, aside) in
        [("the trader's place", 0, &trader, -0.19), ("noise", 5, &noise, 0.19)]
    {
        let bars: Vec<_> =
            (0..).zip(shares).map(|(bin, share)| (count(bin) + aside, *share)).collect();
        all.extend(shares);
        if !bars.is_empty() {
            layers.push(layer(name, look, Shape::Bars(bars, 0.36)));
        }
    }
    let (_, high) = ends(all)?;
    let heading = format!("Orders by {what}, {}", type_name(z));
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: x_title.to_owned(),
            y_title: "share of the orders".to_owned(),
            x: axis(words),
            y: Scale::nice(0.0, high),
            layers,
            marks: Vec::new(),
        },
        heading,
        reading: farthest(what, words, &trader, &noise),
    })
}

/// Each bin's share; empty where there is nothing in any.
fn shares(counts: &[u64]) -> Vec<f64> {
    let whole: u64 = counts.iter().sum();
    if whole == 0 {
        return Vec::new();
    }
    counts.iter().map(|n| share_of(*n) / share_of(whole)).collect()
}

/// Where two histograms are farthest apart.
fn farthest(what: &str, words: &[String], trader: &[f64], noise: &[f64]) -> String {
    let both = words.iter().zip(trader.iter().zip(noise));
    let apart = |(_, (one, other)): &(&String, (&f64, &f64))| (*one - *other).abs();
    match both.max_by(|one, other| apart(one).total_cmp(&apart(other))) {
        Some((word, (one, other))) => format!(
            "Farthest apart at {what} {word}: {} of the trader's place, {} of noise.",
            percent(*one),
            percent(*other)
        ),
        None => "There is no noise beside it.".to_owned(),
    }
}

/// Standard errors of half a 95 % interval.
const HALF: f64 = 1.96;

/// How far apart both flows are.
fn distances(z: usize, flow: &FlowMeasures) -> Option<Figure> {
    let rows = [
        ("KL", "Kullback–Leibler divergence", flow.divergence),
        ("KL, published", "as published", flow.published),
        ("total variation", "total variation", flow.variation),
        ("Jensen–Shannon", "Jensen–Shannon divergence", flow.shannon),
    ];
    let (mut layers, mut told, mut all) = (Vec::new(), Vec::new(), vec![0.0]);
    for (place, (_, name, found)) in rows.iter().enumerate() {
        let Some(Estimate { value, error, .. }) = *found else { continue };
        let height = count(rows.len() - 1 - place);
        let half = HALF * error.unwrap_or(0.0);
        all.extend([value - half, value + half]);
        let whisker = Shape::Whiskers(vec![(value - half, value + half, height)]);
        layers.push(Layer { name: None, look: 0, shape: whisker });
        layers.push(Layer { name: None, look: 0, shape: Shape::Dots(vec![(value, height)]) });
        told.push(format!("{name} {}", estimate(value, error)));
    }
    let (low, high) = ends(all).filter(|_| !told.is_empty())?;
    let names: Vec<_> = rows.iter().rev().map(|row| row.0).collect();
    let heading = format!("How far apart, {}", type_name(z));
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "nats; total variation is a share".to_owned(),
            y_title: String::new(),
            x: Scale::nice(low, high),
            y: Scale::words(&names),
            layers,
            marks: Vec::new(),
        },
        heading,
        reading: format!("Means of size, kind and time ± standard errors: {}.", told.join("; ")),
    })
}

/// Time and size together.
fn map(z: usize, whose: &str, orders: &Orders, sizes: &[String]) -> Option<Figure> {
    let all = share_of(orders.len());
    let mut cells = Vec::new();
    for (time, row) in orders.grid.iter().enumerate() {
        for (size, n) in row.iter().enumerate().filter(|(_, n)| 0 < **n) {
            cells.push((count(time), count(size), share_of(*n) / all));
        }
    }
    let most = cells.iter().copied().max_by(|one, other| one.2.total_cmp(&other.2))?;
    let word = |words: &[String], at: f64| {
        words.get(crate::number::place(at)).cloned().unwrap_or_default()
    };
    let reading = format!(
        "{} orders. The fullest square has {} of them: size {}, tenth {}.",
        grouped(orders.len()),
        percent(most.2),
        word(sizes, most.1),
        word(&time_words(), most.0)
    );
    let heading = format!("When {whose} sends which size, {}", type_name(z));
    Some(Figure {
        chart: Chart {
            title: heading.clone(),
            x_title: "tenth of the episode".to_owned(),
            y_title: "lots".to_owned(),
            x: axis(&time_words()),
            y: axis(sizes),
            layers: vec![Layer { name: None, look: 0, shape: Shape::Cells(cells) }],
            marks: Vec::new(),
        },
        heading,
        reading,
    })
}

#[cfg(test)]
mod tests {
    use agents::adversarial::Token;
    use agents::adversarial::divergence::Scale as Bounds;
    use agents::adversarial::measures::Places;

    use super::*;

    #[test]
    fn tenths_of_sizes_are_named_by_their_lots() {
        assert_eq!(size_words(10).join(" "), "1 2 3 4 5 6 7 8 9 10+");
        assert_eq!(size_words(20).join(" "), "≤2 ≤4 ≤6 ≤8 ≤10 ≤12 ≤14 ≤16 ≤18 19+");
        for lots_max in [1, 3, 7, 10, 25, 100] {
            let words = size_words(lots_max);
            for lots in 1..=i64::from(lots_max) {
                let token = Token {
                    step: 1,
                    time_ns: 0,
                    side: kernel::Side::Buy,
                    offset: 0,
                    lots,
                    is_limit: false,
                };
                let tenth = Places::of(&token, Bounds { lots_max, steps: 10 }).size;
                let word = words[tenth].trim_matches(['≤', '+']).parse::<i64>().unwrap();
                let fits = if words[tenth].starts_with('≤') {
                    lots <= word
                } else if tenth == 9 {
                    word <= lots
                } else {
                    lots == word
                };
                assert!(fits, "{lots} of {lots_max}: {}", words[tenth]);
            }
        }
    }

    #[test]
    fn every_kind_has_its_word() {
        assert_eq!(kind_words().join(" "), "market ≤−3 −2 −1 0 1 2 ≥3");
        assert_eq!(kind_words().len(), Places::BINS[1]);
    }
}
