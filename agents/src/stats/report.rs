//! Figures of a log: the list of stylised facts, and what its orders tell.
//!
//! The facts are numbered: 1 no autocorrelation of returns, 2 heavy tails, 3 tail index, 4
//! aggregational Gaussianity, 5 volatility clustering, 6 power-law decay, 7 long memory, 8
//! conditional tails, 9 bursts, 10 volume and volatility, 11 leverage, 12 gains and losses, 13
//! coarse to fine, 14 spread, 15 depth, 16 memory of order signs, 17 impact, 18 response, 19
//! diffusion, 20 arrivals, 21 time to fill and to cancel, 22 price discovery, 23 liquidity. All
//! figures of returns depend on the sampling interval, which a report therefore names.

mod market;
mod missing;
mod orders;
mod returns;
#[cfg(test)]
mod tests;

use super::bands::{Bands, Figure};
use super::bootstrap::{Resampling, interval, interval_of, intervals};
use super::correlation::autocorrelation;
use super::flow::Flow;
use super::moments::mean;
use super::series::Series;
use super::words::unit;

pub use missing::reason;
pub use orders::{UNTOLD, order_figures};

/// What a log came to, or several.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Nanoseconds between samples.
    pub interval: u64,
    /// Samples of each log.
    pub samples: Vec<u64>,
    /// The facts, and the control by shuffled returns.
    pub facts: Vec<Figure>,
    /// What the orders tell, in a recorded day's terms.
    pub orders: Vec<Figure>,
    /// Whether a log had more samples than are taken.
    pub is_cut: bool,
}

/// How a report is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reporting {
    /// Which values pass.
    pub bands: Bands,
    /// How intervals are made.
    pub resampling: Resampling,
}

impl Reporting {
    /// Realistic bands, and the usual intervals.
    pub const USUAL: Self = Self { bands: Bands::Realistic, resampling: Resampling::USUAL };
}

/// The report of one log.
///
/// Cost: some ten passes over the samples for each resample, three of them sorts; half a second for
/// 20,000.
pub fn report(series: &Series, flow: &Flow, reporting: Reporting) -> Report {
    make(List { reporting, is_to_pool: false, figures: Vec::new() }, series, flow)
}

/// The report of one log of several: without the intervals that [`pool`] leaves out.
pub fn report_to_pool(series: &Series, flow: &Flow, reporting: Reporting) -> Report {
    make(List { reporting, is_to_pool: true, figures: Vec::new() }, series, flow)
}

fn make(mut list: List, series: &Series, flow: &Flow) -> Report {
    returns::facts(&mut list, series);
    market::facts(&mut list, series, flow);
    returns::control(&mut list, series);
    // By fact, what is beside the facts at the end.
    list.figures.sort_by_key(|figure| figure.fact.wrapping_sub(1));
    Report {
        interval: series.interval,
        samples: vec![series.mids.len() as u64],
        facts: list.figures,
        orders: order_figures(flow),
        is_cut: series.is_cut,
    }
}

/// Several logs as one: each figure keeps the value of each log, and is judged by their mean. A
/// figure that a report lacks has no value there. The first report says which figures there are.
///
/// Returns `None` for no reports, and for different sampling intervals.
pub fn pool(reports: &[Report]) -> Option<Report> {
    let (first, rest) = reports.split_first()?;
    let mut pooled = first.clone();
    if rest.is_empty() {
        return Some(pooled);
    }
    for report in rest {
        if report.interval != pooled.interval {
            return None;
        }
        pooled.samples.extend(&report.samples);
        pooled.is_cut |= report.is_cut;
        join(&mut pooled.facts, &report.facts);
        join(&mut pooled.orders, &report.orders);
    }
    for figure in pooled.facts.iter_mut().chain(&mut pooled.orders) {
        figure.interval = None;
    }
    Some(pooled)
}

fn join(figures: &mut [Figure], others: &[Figure]) {
    for figure in figures {
        match others.iter().find(|other| other.key == figure.key) {
            Some(other) => {
                figure.values.extend(&other.values);
                figure.samples += other.samples;
            }
            None => figure.values.push(None),
        }
    }
}

/// Figures being made.
struct List {
    reporting: Reporting,
    is_to_pool: bool,
    figures: Vec<Figure>,
}

impl List {
    /// Adds a figure without an interval.
    fn add(&mut self, fact: u8, key: &str, name: &str, samples: usize, value: Option<f64>) {
        self.push(fact, (key, name), samples, value, None);
    }

    /// Adds an estimate from single values, with its interval.
    fn estimate(
        &mut self,
        fact: u8,
        (key, name): (&str, &str),
        series: &[f64],
        estimate: impl Fn(&[f64]) -> Option<f64>,
    ) {
        let how = self.reporting.resampling;
        let interval = self.wants_interval(key).then(|| interval_of(key, series, how, &estimate));
        let interval = interval.flatten();
        self.push(fact, (key, name), series.len(), estimate(series), interval);
    }

    /// Adds autocorrelations at several lags, all from the same resamples. Their intervals keep each
    /// value with the one `lag` after it in the series, so that joints between blocks do not weaken
    /// them.
    fn autocorrelations<const N: usize>(
        &mut self,
        fact: u8,
        (key, name): (&str, &str),
        series: &[f64],
        lags: [usize; N],
    ) {
        let mut all = [None; N];
        if self.wants_interval(key) {
            all = intervals(key, series.len(), self.reporting.resampling, |places| {
                ring_correlations(series, places, lags).unwrap_or([None; N])
            });
        }
        for (lag, interval) in lags.into_iter().zip(all) {
            let (key, name) = (format!("{key}_{lag}"), format!("{name}, lag {lag}"));
            let value = autocorrelation(series, lag);
            self.push(fact, (&key, &name), series.len(), value, interval);
        }
    }

    /// Adds an estimate from places of something longer than one list.
    fn by_place(
        &mut self,
        fact: u8,
        (key, name): (&str, &str),
        len: usize,
        mut estimate: impl FnMut(&[usize]) -> Option<f64>,
    ) {
        let all: Vec<usize> = (0..len).collect();
        let value = estimate(&all);
        let how = self.reporting.resampling;
        let interval = self.wants_interval(key).then(|| interval(key, len, how, estimate));
        let interval = interval.flatten();
        self.push(fact, (key, name), len, value, interval);
    }

    /// Whether a figure's interval is looked at later.
    fn wants_interval(&self, key: &str) -> bool {
        !self.is_to_pool || key == market::IMPACT
    }

    fn push(
        &mut self,
        fact: u8,
        (key, name): (&str, &str),
        samples: usize,
        value: Option<f64>,
        interval: Option<(f64, f64)>,
    ) {
        self.figures.push(Figure {
            fact,
            key: key.to_owned(),
            name: name.to_owned(),
            unit: unit(key),
            values: vec![value.filter(|value| value.is_finite())],
            samples: samples as u64,
            interval,
            band: self.reporting.bands.of(key),
        });
    }

    /// The interval of a figure that was added.
    fn interval_of(&self, key: &str) -> Option<(f64, f64)> {
        self.figures.iter().find(|figure| figure.key == key)?.interval
    }
}

/// Autocorrelations of a resample, each value with the one that follows it in the series.
fn ring_correlations<const N: usize>(
    series: &[f64],
    places: &[usize],
    lags: [usize; N],
) -> Option<[Option<f64>; N]> {
    let values: Vec<f64> = places.iter().filter_map(|at| series.get(*at).copied()).collect();
    let centre = mean(&values)?;
    let (mut products, mut squares) = ([0.0; N], 0.0);
    for (at, now) in places.iter().zip(&values) {
        squares += (now - centre) * (now - centre);
        for (product, lag) in products.iter_mut().zip(lags) {
            if let Some(then) = series.get(at + lag) {
                *product += (now - centre) * (then - centre);
            }
        }
    }
    Some(products.map(|product| (0.0 < squares).then(|| product / squares)))
}
