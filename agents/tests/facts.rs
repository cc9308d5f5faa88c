//! The stylised facts of the presets, pooled over seeds: bands, not numbers.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use agents::{Config, Ecology};
use kernel::{Engine, Side, Unlogged, Venue};

const SEEDS: std::ops::RangeInclusive<u64> = 1..=6;
const BURN_IN: u32 = 200;

/// Mids and spreads, in half ticks and ticks, one each step.
struct Path {
    mids: Vec<i64>,
    spreads: Vec<Option<f64>>,
}

fn run(preset: &str, changes: &[(&str, &str)], seed: u64, steps: u32) -> Path {
    let mut config = Config::preset(preset).unwrap();
    for (key, value) in changes {
        config.set(key, value).unwrap();
    }
    let mut venue = Unlogged::new(Engine::new(&config.genesis()).unwrap());
    let mut ecology = Ecology::new(&config, seed);
    let mut path = Path { mids: Vec::new(), spreads: Vec::new() };
    for step in 1..=steps {
        let Ok(()) = ecology.step(&mut venue);
        if BURN_IN <= step {
            let best = |side| venue.engine().best(side).map(|price| f64::from(price.ticks()));
            path.mids.push(ecology.market().features().mid_half_ticks);
            path.spreads.push(best(Side::Sell).zip(best(Side::Buy)).map(|(ask, bid)| ask - bid));
        }
    }
    path
}

fn mean(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let (mut sum, mut count) = (0.0, 0.0);
    for number in numbers {
        sum += number;
        count += 1.0;
    }
    sum / count
}

fn returns(path: &Path) -> Vec<f64> {
    let change = |pair: &[i64]| libm::log(as_float(pair[1]) / as_float(pair[0]));
    path.mids.windows(2).map(change).collect()
}

#[expect(clippy::cast_precision_loss, reason = "prices are small")]
fn as_float(number: i64) -> f64 {
    number as f64
}

fn kurtosis(numbers: &[f64]) -> f64 {
    let centre = mean(numbers.iter().copied());
    let power = |n| mean(numbers.iter().map(|x| libm::pow(x - centre, n)));
    power(4.0) / (power(2.0) * power(2.0)) - 3.0
}

fn autocorrelation(numbers: &[f64], lag: usize) -> f64 {
    let centre = mean(numbers.iter().copied());
    let product = |(one, other): (&f64, &f64)| (one - centre) * (other - centre);
    let all: f64 = numbers.iter().zip(numbers).map(product).sum();
    numbers.iter().zip(&numbers[lag..]).map(product).sum::<f64>() / all
}

/// Hill's estimate of the tail index from the largest 2.5 %.
fn tail_index(numbers: &[f64]) -> f64 {
    let mut sizes: Vec<f64> =
        numbers.iter().map(|number| number.abs()).filter(|size| 0.0 < *size).collect();
    sizes.sort_by(|one, other| other.total_cmp(one));
    let tail = sizes.len() / 40;
    1.0 / mean(sizes[..tail].iter().map(|size| libm::log(size / sizes[tail])))
}

/// Pooled: the mean of a statistic over the seeds.
fn pooled(paths: &[Path], statistic: impl Fn(&[f64]) -> f64) -> f64 {
    mean(paths.iter().map(|path| statistic(&returns(path))))
}

fn absolute(returns: &[f64]) -> Vec<f64> {
    returns.iter().map(|number| number.abs()).collect()
}

#[track_caller]
fn check(name: &str, value: f64, low: f64, high: f64) {
    assert!((low..=high).contains(&value), "{name} is {value}, not in {low}..={high}");
}

#[test]
fn the_seed_preset_has_fat_tails_clusters_and_memory() {
    let paths: Vec<_> = SEEDS.map(|seed| run("seed", &[], seed, 10_000)).collect();
    check("kurtosis", pooled(&paths, kurtosis), 12.0, 45.0);
    check("raw memory", pooled(&paths, |r| autocorrelation(r, 1)), 0.15, 0.4);
    let clusters = |lag| pooled(&paths, |r| autocorrelation(&absolute(r), lag));
    let lags = [clusters(1), clusters(2), clusters(5)];
    assert!(lags.is_sorted_by(|one, other| other < one) && 0.05 < lags[2], "{lags:?}");
}

#[test]
fn the_realistic_preset_has_no_raw_memory() {
    let paths: Vec<_> = SEEDS.map(|seed| run("realistic", &[], seed, 10_000)).collect();
    check("kurtosis", pooled(&paths, kurtosis), 15.0, 60.0);
    check("raw memory", pooled(&paths, |r| autocorrelation(r, 1)), -0.05, 0.05);
    let clusters = |lag| pooled(&paths, |r| autocorrelation(&absolute(r), lag));
    check("clusters at 1", clusters(1), 0.1, 0.3);
    check("clusters at 20", clusters(20), 0.03, clusters(1));
    check("tail index", pooled(&paths, tail_index), 2.0, 5.5);
}

#[test]
fn more_makers_quote_a_tighter_spread() {
    let spread = |makers: &str| {
        let paths = SEEDS.map(|seed| run("seed", &[("market_makers", makers)], seed, 3_000));
        mean(paths.map(|path| mean(path.spreads.into_iter().flatten())))
    };
    let spreads = ["1", "2", "3", "4"].map(spread);
    assert!(spreads.is_sorted_by(|one, other| other + 0.1 < *one), "{spreads:?}");
    check("one maker", spreads[0], 3.5, 4.5);
    check("four makers", spreads[3], 2.1, 2.9);
}

#[test]
fn the_spread_blows_up_when_makers_leave() {
    let after = |changes: &[(&str, &str)]| {
        let paths = SEEDS.map(|seed| run("crash", changes, seed, 3_500));
        mean(paths.map(|path| {
            let start = path.spreads.len() - 500;
            mean(path.spreads[start..].iter().copied().flatten())
        }))
    };
    let (calm, crash) = (after(&[]), after(&[("schedule.0001", "step 3001: makers leave")]));
    assert!(8.0 * calm <= crash, "{calm} to {crash}");
}
