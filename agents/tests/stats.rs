//! Every estimator against values computed with other libraries: `tools/fixtures/statistics.py`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use agents::stats::arrivals::{End, Lifetimes, weibull};
use agents::stats::asymmetry::{coarse_to_fine, leverage, waiting};
use agents::stats::correlation::{
    autocorrelation, chi_square_tail, kendall_with_time, ljung_box, pearson, robust_band, spearman,
};
use agents::stats::discovery::{amihud, kyle, tracking};
use agents::stats::impact::{impact, pushes, response};
use agents::stats::memory::{
    arch_test, autocorrelation_decay, decay, fano_factor, hurst, sign_memory, variance_ratio,
};
use agents::stats::moments::{
    PowerSums, excess_kurtosis, l_kurtosis, quantile, skewness, sorted, standardised,
    trimmed_kurtosis,
};
use agents::stats::tails::hill;
use agents::stats::{Series, Taker};

const FIXTURE: &str = include_str!("../fixtures/statistics.txt");

const LAGS: [usize; 8] = [1, 2, 3, 5, 10, 20, 50, 100];

/// The sample and the expected values.
struct Fixture {
    lists: BTreeMap<&'static str, Vec<&'static str>>,
    series: Series,
    returns: Vec<f64>,
    sizes: Vec<f64>,
}

impl Fixture {
    fn read() -> Self {
        let mut lists = BTreeMap::<_, Vec<_>>::new();
        for line in FIXTURE.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            lists.entry(words.next().unwrap()).or_default().extend(words);
        }
        let signs: Vec<i8> = numbers(&lists["in.signs"]);
        let lots: Vec<u64> = numbers(&lists["in.lots"]);
        let mids: Vec<i64> = numbers(&lists["in.taker_mids"]);
        let takers = signs.into_iter().zip(lots).zip(mids);
        let series = Series {
            tick: 1,
            mids: numbers(&lists["in.mids"]),
            volumes: numbers(&lists["in.volumes"]),
            flows: numbers(&lists["in.flows"]),
            fair: numbers(&lists["in.fair"]),
            takers: takers.map(|((sign, lots), mid)| Taker { sign, lots, mid }).collect(),
            ..Series::default()
        };
        let returns = series.returns(1);
        let sizes = returns.iter().map(|r| r.abs()).collect();
        Self { lists, series, returns, sizes }
    }

    /// Compares to one part in 10^9, or 10^-12 where the value is about zero.
    #[track_caller]
    fn check(&self, name: &str, found: &[Option<f64>]) {
        let expected: Vec<f64> = numbers(&self.lists[name]);
        assert_eq!(found.len(), expected.len(), "{name}: as many values");
        for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
            let found = found.unwrap_or_else(|| panic!("{name} {index} has a value"));
            let allowed = (1e-9 * expected.abs()).max(1e-12);
            assert!((found - expected).abs() <= allowed, "{name} {index}: {found} not {expected}");
        }
    }
}

fn numbers<T: std::str::FromStr>(words: &[&str]) -> Vec<T> {
    words.iter().map(|word| word.parse().unwrap_or_else(|_| panic!("{word}"))).collect()
}

fn over<T>(list: &[T], of: impl Fn(&T) -> Option<f64>) -> Vec<Option<f64>> {
    list.iter().map(of).collect()
}

#[test]
fn correlations_are_those_of_the_libraries() {
    let it = Fixture::read();
    it.check("acf_r", &over(&LAGS, |lag| autocorrelation(&it.returns, *lag)));
    it.check("acf_abs", &over(&LAGS, |lag| autocorrelation(&it.sizes, *lag)));
    let squares: Vec<f64> = it.returns.iter().map(|r| r * r).collect();
    it.check("acf_sq", &over(&LAGS, |lag| autocorrelation(&squares, *lag)));
    it.check("robust_band_1", &[robust_band(&it.returns, 1)]);
    it.check("ljung_box_10", &[ljung_box(&it.returns, 10)]);
    it.check(
        "chi_square_tail",
        &over(&[1, 2, 3, 4, 5, 10], |degrees| Some(chi_square_tail(7.5, *degrees))),
    );
    let values: Vec<f64> = (1..=20).map(|lag| autocorrelation(&it.sizes, lag).unwrap()).collect();
    it.check("acf_abs_trend", &[kendall_with_time(&values)]);
    let volumes: Vec<u32> = numbers(&it.lists["in.volumes"]);
    let volumes: Vec<f64> = volumes[1..].iter().map(|lots| f64::from(*lots)).collect();
    it.check("volume_volatility", &[pearson(&volumes, &it.sizes)]);
    it.check("volume_volatility_ranks", &[spearman(&volumes, &it.sizes)]);
}

#[test]
fn moments_and_tails_are_those_of_the_libraries() {
    let it = Fixture::read();
    it.check("kurtosis", &[excess_kurtosis(&it.returns)]);
    it.check("kurtosis_exact", &[PowerSums::of(it.series.moves()).excess_kurtosis()]);
    it.check("skewness", &[skewness(&it.returns)]);
    it.check("l_kurtosis", &[l_kurtosis(&it.returns)]);
    it.check("kurtosis_trimmed", &[trimmed_kurtosis(&it.returns, it.returns.len() / 1000)]);
    it.check("hill", &over(&[10, 25, 50], |mille| Some(hill(&it.returns, *mille)?.alpha)));
    let long = |steps: &usize| excess_kurtosis(&it.series.returns(*steps));
    it.check("kurtosis_long", &over(&[10, 50, 100], long));
    it.check("kurtosis_scaled", &[excess_kurtosis(&standardised(&it.returns, 0.94))]);
    let ascending = sorted(&it.returns);
    it.check("quantiles", &over(&[0.05, 0.5, 0.95, 0.99], |share| quantile(&ascending, *share)));
}

#[test]
fn memory_is_that_of_the_libraries() {
    let it = Fixture::read();
    it.check("arch_5", &[arch_test::<5>(&it.returns)]);
    let found = autocorrelation_decay(&it.sizes, 100).unwrap();
    it.check("acf_abs_decay", &[Some(found.exponent), Some(found.power_preferred)]);
    it.check("hurst_abs", &[hurst(&it.sizes)]);
    it.check("fano", &[fano_factor(&it.returns, 50)]);
    let ratios = [2, 5, 20].map(|steps| variance_ratio(&it.returns, steps).unwrap());
    let ratios: Vec<_> = ratios.iter().flat_map(|it| [Some(it.ratio), Some(it.z)]).collect();
    it.check("variance_ratio", &ratios);
}

#[test]
fn asymmetries_are_those_of_the_libraries() {
    let it = Fixture::read();
    it.check("leverage", &over(&[1, 5, 20], |lag| leverage(&it.returns, *lag)));
    let (gain, loss) = waiting(&it.returns).unzip();
    it.check("waiting", &[gain, loss]);
    it.check("coarse_to_fine", &[coarse_to_fine(&it.returns, 5)]);
}

#[test]
fn takers_are_those_of_the_libraries() {
    let it = Fixture::read();
    let takers = &it.series.takers;
    let signs: Vec<i8> = takers.iter().map(|taker| taker.sign).collect();
    it.check("sign_acf", &over(&LAGS, |lag| sign_memory(&signs, *lag)));
    let found = decay(signs.len(), 200, |lag| sign_memory(&signs, lag)).unwrap();
    it.check("sign_decay", &[Some(found.exponent), Some(found.power_preferred)]);
    it.check("response", &over(&[1, 10, 100], |lag| response(takers, *lag)));
    it.check("impact_exponent", &[impact(&pushes(takers)).map(|line| line.slope)]);
    let mut lives = Lifetimes::default();
    for taker in takers {
        let ends = if taker.sign == 1 { &mut lives.filled } else { &mut lives.cancelled };
        let age = usize::try_from(taker.lots).unwrap();
        ends.resize(ends.len().max(age + 1), 0);
        ends[age] += 1;
    }
    let survival = lives.survival(End::Fill);
    it.check("kaplan_meier", &over(&survival, |share| Some(*share)));
}

#[test]
fn prices_and_costs_are_those_of_the_libraries() {
    let it = Fixture::read();
    let found = tracking(&it.series.mids_in_ticks(), &it.series.fair_in_ticks()).unwrap();
    it.check("tracking", &[Some(found.error), Some(found.root)]);
    it.check("half_life", &[found.half_life]);
    it.check("discovery_r2", &[found.explained]);
    it.check("amihud", &[amihud(&it.returns, &it.series.volumes[1..])]);
    let slope = kyle(&it.series.moves(), &it.series.flows[1..]).map(|line| line.slope);
    it.check("kyle_lambda", &[slope]);
    let volumes: Vec<f64> = numbers(&it.lists["in.volumes"]);
    let fit = weibull(&volumes[1..]).unwrap();
    it.check("weibull", &[Some(fit.shape), Some(fit.preferred)]);
}

/// Each list of the fixture is compared by some test above.
#[test]
fn no_expected_value_is_left_out() {
    let source = include_str!("stats.rs");
    for name in Fixture::read().lists.keys() {
        assert!(source.contains(&format!("\"{name}\"")) || name.starts_with("in."), "{name}");
    }
}
