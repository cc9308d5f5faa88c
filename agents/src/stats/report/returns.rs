//! Facts 1 to 13 and 19: what the returns tell.

use super::List;
use crate::stats::asymmetry::{coarse_to_fine, leverage, waiting};
use crate::stats::bootstrap::shuffled;
use crate::stats::correlation::{
    autocorrelation, autocorrelations, chi_square_tail, kendall_with_time, line, ljung_box,
    pearson, robust_band, spearman,
};
use crate::stats::memory::{arch_test, autocorrelation_decay, fano_factor, hurst, variance_ratio};
use crate::stats::moments::{
    PowerSums, deviation, excess_kurtosis, l_kurtosis, mean, skewness, standardised,
    trimmed_kurtosis,
};
use crate::stats::reals::{count, whole};
use crate::stats::series::Series;
use crate::stats::tails::{hill, hill_plateau};

/// Lags at which clustering is reported.
const LAGS: [usize; 8] = [1, 2, 3, 5, 10, 20, 50, 100];

pub(super) fn facts(list: &mut List, series: &Series) {
    let returns = series.returns(1);
    let sizes: Vec<f64> = returns.iter().map(|r| r.abs()).collect();
    no_autocorrelation(list, &returns);
    tails(list, series, &returns);
    aggregation(list, series, &returns);
    clustering(list, &returns, &sizes);
    memory(list, &returns, &sizes);
    asymmetries(list, series, &returns, &sizes);
    diffusion(list, &returns);
}

fn no_autocorrelation(list: &mut List, returns: &[f64]) {
    let n = returns.len();
    list.autocorrelations(1, ("acf_r", "returns"), returns, [1]);
    let to_20 = autocorrelations(returns, 20).into_iter();
    let largest = to_20.skip(1).map(|value| value.map(f64::abs));
    let largest = largest.reduce(|one, other| Some(one?.max(other?))).flatten();
    list.add(1, "acf_r_max_2_20", "largest size, lags 2 to 20", n, largest);
    let band = robust_band(returns, 1);
    list.add(1, "acf_r_band_1", "half width of the band of none", n, band);
    let box_10 = ljung_box(returns, 10);
    list.add(1, "ljung_box_10", "Ljung-Box Q, 10 lags", n, box_10);
    let tail = box_10.map(|q| chi_square_tail(q, 10));
    list.add(1, "ljung_box_10_p", "its probability if independent", n, tail);
}

fn tails(list: &mut List, series: &Series, returns: &[f64]) {
    let n = returns.len();
    list.estimate(2, ("kurtosis", "excess kurtosis"), returns, excess_kurtosis);
    let exact = PowerSums::of(series.moves()).excess_kurtosis();
    list.add(2, "kurtosis_exact", "excess kurtosis of mid moves", n, exact);
    list.estimate(2, ("l_kurtosis", "L-kurtosis"), returns, l_kurtosis);
    let trimmed = |returns: &[f64]| trimmed_kurtosis(returns, returns.len() / 1000);
    let name = "excess kurtosis, top 0.1 % cut";
    list.estimate(2, ("kurtosis_trimmed", name), returns, trimmed);
    let alpha = |per_mille| move |returns: &[f64]| hill(returns, per_mille).map(|hill| hill.alpha);
    list.estimate(3, ("hill", "Hill, largest 2.5 %"), returns, alpha(25));
    list.add(3, "hill_1", "Hill, largest 1 %", n, alpha(10)(returns));
    list.add(3, "hill_5", "Hill, largest 5 %", n, alpha(50)(returns));
    let error = hill(returns, 25).map(|hill| hill.error);
    list.add(3, "hill_error", "standard error at 2.5 %", n, error);
    let plateau = hill_plateau(returns);
    list.add(3, "hill_plateau", "largest over smallest of the three", n, plateau);
}

fn aggregation(list: &mut List, series: &Series, returns: &[f64]) {
    let (mut logs, mut values) = (vec![0.0], Vec::new());
    values.extend(excess_kurtosis(returns));
    let mut at_50 = None;
    for steps in [10, 50, 100] {
        let long = series.returns(steps);
        let value = excess_kurtosis(&long);
        let key = format!("kurtosis_{steps}");
        let name = format!("excess kurtosis over {steps} intervals");
        list.estimate(4, (&key, &name), &long, excess_kurtosis);
        logs.push(libm::log(count(steps)));
        values.extend(value);
        if steps == 50 {
            at_50 = value;
        }
    }
    let share = excess_kurtosis(returns).and_then(|one| at_50.map(|fifty| fifty / one));
    list.add(4, "kurtosis_50_share", "over 50 intervals by over one", returns.len() / 50, share);
    let slope = line(&logs, &values).filter(|line| line.points == 4).map(|line| line.slope);
    list.add(4, "kurtosis_slope", "slope on the log of the interval", 4, slope);
}

fn clustering(list: &mut List, returns: &[f64], sizes: &[f64]) {
    let n = returns.len();
    list.autocorrelations(5, ("acf_abs", "sizes of returns"), sizes, LAGS);
    let squares: Vec<f64> = returns.iter().map(|r| r * r).collect();
    for lag in LAGS {
        let key = format!("acf_sq_{lag}");
        let name = format!("squared returns, lag {lag}");
        list.add(5, &key, &name, n, autocorrelation(&squares, lag));
    }
    let decline: Option<Vec<f64>> = autocorrelations(sizes, 20).into_iter().collect();
    let trend = decline.and_then(|values| kendall_with_time(&values));
    list.add(5, "acf_abs_trend", "Kendall's tau over lags 1 to 20", n, trend);
    let effects = arch_test::<5>(returns);
    list.add(5, "arch_5", "Engle's ARCH test, 5 lags", n, effects);
    let tail = effects.map(|value| chi_square_tail(value, 5));
    list.add(5, "arch_5_p", "its probability without effects", n, tail);
}

fn memory(list: &mut List, returns: &[f64], sizes: &[f64]) {
    let n = returns.len();
    let decay = autocorrelation_decay(sizes, 100);
    let exponent = decay.map(|decay| decay.exponent);
    list.add(6, "acf_abs_exponent", "exponent of sizes, lags 1 to 100", n, exponent);
    let preferred = decay.map(|decay| decay.power_preferred);
    list.add(6, "acf_abs_power", "AIC, exponential less power law", n, preferred);
    list.add(7, "hurst_abs", "Hurst exponent of sizes, DFA-1", n, hurst(sizes));
    let scaled = standardised(returns, 0.94);
    let name = "kurtosis over EWMA volatility";
    list.estimate(8, ("kurtosis_scaled", name), &scaled, excess_kurtosis);
    let share = excess_kurtosis(&scaled).zip(excess_kurtosis(returns));
    let share = share.map(|(scaled, plain)| scaled / plain);
    list.add(8, "kurtosis_scaled_share", "the same by that of returns", scaled.len(), share);
    let name = "Fano factor, largest 1 %, by 50";
    list.add(9, "fano", name, n / 50, fano_factor(returns, 50));
}

fn asymmetries(list: &mut List, series: &Series, returns: &[f64], sizes: &[f64]) {
    let n = returns.len();
    let volumes = series.volumes.iter().skip(1);
    let volumes: Vec<f64> = volumes.map(|lots| whole(u128::from(*lots))).collect();
    let both = |places: &[usize]| -> (Vec<f64>, Vec<f64>) {
        let pair = |at: &usize| Some((*volumes.get(*at)?, *sizes.get(*at)?));
        places.iter().filter_map(pair).unzip()
    };
    let name = "correlation of volume and size";
    list.by_place(10, ("volume_volatility", name), n, |places| {
        let (volumes, sizes) = both(places);
        pearson(&volumes, &sizes)
    });
    let ranks = spearman(&volumes, sizes);
    list.add(10, "volume_volatility_ranks", "the same of ranks", n, ranks);
    list.add(11, "leverage_1", "leverage, lag 1", n, leverage(returns, 1));
    let largest = (1..=20).map(|lag| leverage(returns, lag).map(f64::abs));
    let largest = largest.reduce(|one, other| Some(one?.max(other?))).flatten();
    list.add(11, "leverage_max", "largest size of it, lags 1 to 20", n, largest);
    list.estimate(12, ("skewness", "skewness"), returns, skewness);
    let (gain, loss) = waiting(returns).unzip();
    list.add(12, "wait_gain", "wait for +7.07 sigma", n, gain);
    list.add(12, "wait_loss", "wait for -7.07 sigma", n, loss);
    let name = "over 5 intervals, less the reverse";
    list.add(13, "coarse_to_fine", name, n, coarse_to_fine(returns, 5));
}

fn diffusion(list: &mut List, returns: &[f64]) {
    let points = |returns: &[f64]| deviation(returns).map(|deviation| 10_000.0 * deviation);
    list.estimate(19, ("return_bps", "deviation of returns"), returns, points);
    let still: Vec<f64> = returns.iter().map(|r| if *r == 0.0 { 1.0 } else { 0.0 }).collect();
    list.estimate(19, ("return_zero_share", "share of returns of zero"), &still, mean);
    for steps in [2, 5, 20] {
        let found = variance_ratio(returns, steps);
        let (key, name) = (format!("variance_ratio_{steps}"), format!("variance ratio, {steps}"));
        list.add(19, &key, &name, returns.len(), found.map(|found| found.ratio));
        let (key, name) = (format!("variance_ratio_{steps}_z"), "its robust z".to_owned());
        list.add(19, &key, &name, returns.len(), found.map(|found| found.z));
    }
}

/// The control: shuffled returns have the same tails and no clusters.
pub(super) fn control(list: &mut List, series: &Series) {
    let returns = series.returns(1);
    let surrogate = shuffled("surrogate", &returns);
    let sizes: Vec<f64> = surrogate.iter().map(|r| r.abs()).collect();
    let n = returns.len();
    let clusters = autocorrelation(&sizes, 1);
    list.add(0, "shuffled_acf_abs_1", "sizes of returns, lag 1, shuffled", n, clusters);
    let share = excess_kurtosis(&surrogate).zip(excess_kurtosis(&returns));
    let share = share.map(|(shuffled, plain)| shuffled / plain);
    list.add(0, "shuffled_kurtosis_share", "kurtosis, shuffled by before", n, share);
}
