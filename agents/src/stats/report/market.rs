//! Facts 14 to 18 and 20 to 23: what the book, the takers and the orders' lives tell.

use super::List;
use crate::stats::arrivals::{End, Lifetimes, weibull};
use crate::stats::discovery::{amihud, kyle, tracking};
use crate::stats::flow::{Durations, Flow};
use crate::stats::impact::{Push, impact, pushes, response};
use crate::stats::memory::{decay, sign_memory};
use crate::stats::moments::{mean, quantile, sorted};
use crate::stats::reals::{count, real, whole};
use crate::stats::series::{Series, Taker};

/// The figure whose interval is a figure too.
pub(super) const IMPACT: &str = "impact_exponent";

pub(super) fn facts(list: &mut List, series: &Series, flow: &Flow) {
    spread(list, series);
    depth(list, series);
    signs(list, &series.takers);
    impacts(list, series);
    arrivals(list, flow);
    lives(list, &flow.lifetimes);
    discovery(list, series);
    costs(list, series);
}

fn spread(list: &mut List, series: &Series) {
    let spreads = series.spreads_in_ticks();
    list.estimate(14, ("spread_mean", "mean"), &spreads, mean);
    let ascending = sorted(&spreads);
    let n = spreads.len();
    list.add(14, "spread_median", "median", n, quantile(&ascending, 0.5));
    list.add(14, "spread_q95", "95 % quantile", n, quantile(&ascending, 0.95));
    let samples = series.mids.len();
    let share = whole(series.one_sided.into()) / count(samples);
    let share = (0 < samples).then_some(share);
    list.add(14, "one_sided_share", "samples with an empty side", samples, share);
}

fn depth(list: &mut List, series: &Series) {
    let looks = usize::try_from(series.depth_looks).unwrap_or(usize::MAX);
    let profile = if looks == 0 { Vec::new() } else { series.depth_profile() };
    let largest =
        (0..).zip(&profile).max_by(|one, other| one.1.total_cmp(other.1).then(other.0.cmp(&one.0)));
    let place = largest.map(|(distance, _)| count(distance));
    list.add(15, "depth_place", "distance with the most", looks, place);
    for distance in [0, 1, 5, 10, 20, 50] {
        let key = format!("depth_{distance}");
        let name = format!("mean {distance} ticks from the best");
        list.add(15, &key, &name, looks, profile.get(distance).copied());
    }
}

fn signs(list: &mut List, takers: &[Taker]) {
    let signs: Vec<i8> = takers.iter().map(|taker| taker.sign).collect();
    let n = signs.len();
    for lag in [1, 10] {
        let key = format!("sign_acf_{lag}");
        let name = format!("signs of takers, lag {lag}");
        list.by_place(16, (&key, &name), n, |places| {
            let product =
                |at: &usize| Some(f64::from(*signs.get(*at)?) * f64::from(*signs.get(at + lag)?));
            let products: Vec<f64> = places.iter().filter_map(product).collect();
            mean(&products)
        });
    }
    let fit = decay(n, 200, |lag| sign_memory(&signs, lag));
    let exponent = fit.map(|fit| fit.exponent);
    list.add(16, "sign_acf_exponent", "exponent of decay, lags 1 to 200", n, exponent);
}

fn impacts(list: &mut List, series: &Series) {
    let pushes = pushes(&series.takers);
    let name = "exponent on size of taker";
    list.by_place(17, (IMPACT, name), pushes.len(), |places| {
        let picked: Vec<Push> = places.iter().filter_map(|at| pushes.get(*at).copied()).collect();
        impact(&picked).map(|line| line.slope)
    });
    let high = list.interval_of(IMPACT).map(|(_, high)| high);
    let name = "upper end of its interval";
    list.add(17, "impact_exponent_high", name, pushes.len(), high);
    let n = series.takers.len();
    let ticks = 2.0 * series.tick_size();
    for lag in [1, 10, 100] {
        let key = format!("response_{lag}");
        let name = format!("after {lag} takers");
        list.add(18, &key, &name, n, response(&series.takers, lag).map(|moved| moved / ticks));
    }
    let ratio = response(&series.takers, 100).zip(response(&series.takers, 1));
    let ratio = ratio.map(|(late, early)| late / early);
    list.add(18, "response_ratio", "after 100 takers by after 1", n, ratio);
}

/// Times between events, where the clock is finer than the sampling interval.
fn arrivals(list: &mut List, flow: &Flow) {
    gaps(list, ("message", "messages"), &flow.gaps, flow.options().interval);
    gaps(list, ("taker", "takers"), &flow.taker_gaps, flow.options().interval);
}

fn gaps(list: &mut List, (key, name): (&str, &str), gaps: &Durations, step: u64) {
    let seconds = gaps.seconds();
    let is_real = seconds.iter().any(|gap| 0.0 < *gap && *gap < whole(step.into()) / 1e9);
    let fit = if is_real { weibull(&seconds) } else { None };
    let n = fit.map_or(0, |fit| fit.gaps);
    let shape = fit.map(|fit| fit.shape);
    let text = format!("Weibull shape between {name}");
    list.add(20, &format!("{key}_gap_shape"), &text, n, shape);
    let preferred = fit.map(|fit| fit.preferred);
    let text = "AIC, exponential less Weibull";
    list.add(20, &format!("{key}_gap_weibull"), text, n, preferred);
}

fn lives(list: &mut List, lifetimes: &Lifetimes) {
    let n = usize::try_from(lifetimes.ended()).unwrap_or(usize::MAX);
    for (end, key, name) in [(End::Fill, "fill", "filled"), (End::Cancel, "cancel", "cancelled")] {
        let survival = lifetimes.survival(end);
        for age in [0, 10, 100] {
            let share = survival.get(age).or(survival.last()).copied();
            let key = format!("not_{key}_{age}");
            let text = format!("share not {name} by age {age}");
            list.add(21, &key, &text, n, share);
        }
        let text = format!("exponent of ages when {name}");
        let key = format!("{key}_age_exponent");
        list.add(21, &key, &text, n, lifetimes.exponent(end, 100));
    }
}

fn discovery(list: &mut List, series: &Series) {
    let (mids, fair) = (series.mids_in_ticks(), series.fair_in_ticks());
    let gaps: Vec<f64> = mids.iter().zip(&fair).map(|(mid, fair)| (mid - fair).abs()).collect();
    let name = "mean distance to fair value";
    list.estimate(22, ("tracking_error", name), &gaps, mean);
    let found = tracking(&mids, &fair);
    let n = gaps.len();
    let root = found.map(|found| found.root);
    list.add(22, "tracking_root", "root of its mean square", n, root);
    let half_life = found.and_then(|found| found.half_life);
    list.add(22, "half_life", "half-life", n, half_life);
    let explained = found.and_then(|found| found.explained);
    let name = "next move explained by it, share";
    list.add(22, "discovery_r2", name, n, explained);
}

fn costs(list: &mut List, series: &Series) {
    let returns = series.returns(1);
    let volumes: Vec<u64> = series.volumes.iter().skip(1).copied().collect();
    let n = volumes.iter().filter(|volume| 0 < **volume).count();
    let cost = amihud(&returns, &volumes);
    list.add(23, "amihud", "Amihud's size of return", n, cost);
    let moves = series.moves();
    let flows: Vec<i64> = series.flows.iter().skip(1).copied().collect();
    let ticks = 2.0 * series.tick_size();
    let slope = kyle(&moves, &flows).map(|line| line.slope / ticks);
    list.add(23, "kyle_lambda", "Kyle's lambda", moves.len(), slope);
    let variance: Vec<f64> = moves.iter().map(|moved| real(*moved) / ticks).collect();
    let deviation = crate::stats::moments::deviation(&variance);
    list.add(23, "move_deviation", "deviation of mid moves", moves.len(), deviation);
}
