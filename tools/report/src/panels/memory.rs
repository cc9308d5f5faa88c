//! Autocorrelation of returns and of their sizes.

use agents::stats::correlation::{autocorrelations, robust_band};

use super::{ends, layer};
use crate::chart::{Chart, Layer, Shape};
use crate::html::{Figure, Panel};
use crate::number::{count, short};
use crate::run::Run;
use crate::scale::{Names, Scale};

/// Longest lag.
const LAGS: usize = 50;

pub(super) fn panel(runs: &[Run]) -> Panel {
    let about = "Autocorrelation of one-sample returns by lag. Within the band, an autocorrelation \
                 cannot be told from none: ±1.96 standard errors that allow for changing volatility, of \
                 the first log.";
    let mut panel = Panel::new("memory", "Memory of returns", about);
    let memories: Vec<_> = runs.iter().filter_map(Memory::of).collect();
    if memories.is_empty() {
        return panel.missing(format!("it takes a log with {LAGS} returns that are not all alike"));
    }
    panel.figures = vec![figure(&memories, true), figure(&memories, false)];
    panel
}

/// Autocorrelations of one log, from lag 1.
struct Memory<'a> {
    name: &'a str,
    sizes: Vec<f64>,
    plain: Vec<f64>,
    size_band: Vec<f64>,
    plain_band: Vec<f64>,
}

impl<'a> Memory<'a> {
    fn of(run: &'a Run) -> Option<Self> {
        let returns = run.series.returns(1);
        let sizes: Vec<f64> = returns.iter().map(|value| value.abs()).collect();
        if returns.len() <= 2 * LAGS {
            return None;
        }
        let all = |series: &[f64]| -> Option<Vec<f64>> {
            autocorrelations(series, LAGS).into_iter().collect()
        };
        let bands = |series: &[f64]| {
            (1..=LAGS).map(|lag| robust_band(series, lag)).collect::<Option<Vec<_>>>()
        };
        Some(Self {
            name: &run.name,
            sizes: all(&sizes)?,
            plain: all(&returns)?,
            size_band: bands(&sizes)?,
            plain_band: bands(&returns)?,
        })
    }

    const fn values(&self, of_sizes: bool) -> (&Vec<f64>, &Vec<f64>) {
        if of_sizes { (&self.sizes, &self.size_band) } else { (&self.plain, &self.plain_band) }
    }

    fn reading(&self, of_sizes: bool) -> String {
        let (values, band) = self.values(of_sizes);
        let at = |lag: usize| values.get(lag - 1).copied().map_or_else(String::new, short);
        let is_out = |(value, band): (&f64, &f64)| band < &value.abs();
        let first_within = values.iter().zip(band).position(|pair| !is_out(pair));
        let name = self.name;
        if of_sizes {
            let until = match first_within {
                None => format!("outside the band at all {LAGS} lags"),
                Some(0) => "within the band from lag 1 on".to_owned(),
                Some(lag) => format!("outside the band up to lag {lag}"),
            };
            return format!(
                "{name}: {} at lag 1, {} at 5, {} at 20; {until}.",
                at(1),
                at(5),
                at(20)
            );
        }
        let out = values.iter().zip(band).take(20).filter(|pair| is_out(*pair)).count();
        let is_first_out = first_within != Some(0);
        let first = if is_first_out { "outside the band" } else { "within the band" };
        format!("{name}: {} at lag 1, {first}; {out} of the first 20 lags lie outside.", at(1))
    }
}

fn figure(memories: &[Memory<'_>], of_sizes: bool) -> Figure {
    let mut layers = Vec::new();
    let lags = || (1..=LAGS).map(count);
    let values = |memory: &Memory<'_>| memory.values(of_sizes).0.clone();
    if let Some(first) = memories.first() {
        let band = lags().zip(first.values(of_sizes).1).map(|(lag, band)| (lag, -band, *band));
        layers.push(Layer {
            name: Some("band".to_owned()),
            look: 5,
            shape: Shape::Area(band.collect()),
        });
    }
    for (look, memory) in memories.iter().enumerate() {
        let points = lags().zip(values(memory)).map(|(lag, value)| (lag, Some(value)));
        layers.push(layer(memory.name, look, Shape::Line(points.collect())));
    }
    let bands = memories.iter().take(1).flat_map(|memory| memory.values(of_sizes).1);
    let all = memories.iter().flat_map(values).chain(bands.flat_map(|band| [-band, *band]));
    let (low, high) = ends(all.chain([0.0])).unwrap_or((0.0, 1.0));
    let what = if of_sizes { "the sizes of returns, |r|" } else { "returns, r" };
    let readings: Vec<_> = memories.iter().map(|memory| memory.reading(of_sizes)).collect();
    Figure {
        heading: format!("Autocorrelation of {what}"),
        chart: Chart {
            title: format!("Autocorrelation of {what}"),
            x_title: "lag, samples".to_owned(),
            y_title: "autocorrelation".to_owned(),
            x: Scale::exact(0.0, count(LAGS), Names::Numbers),
            y: Scale::nice(low, high),
            layers,
            marks: Vec::new(),
        },
        reading: readings.join("\n"),
    }
}
