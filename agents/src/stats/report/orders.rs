//! What the orders of a log tell, in the terms in which recorded days are described.

use crate::stats::bands::{Band, Figure};
use crate::stats::correlation::autocorrelation;
use crate::stats::flow::{Durations, Flow, RESPONSE_AFTER, Tally};
use crate::stats::memory::sign_memory;
use crate::stats::moments::excess_kurtosis;
use crate::stats::reals::{real, rounded, whole};
use crate::stats::words::unit;

/// What no order-driven log can tell of a recorded day, and why.
pub const UNTOLD: &[(&str, &str)] = &[
    ("hidden share of volume", "hidden orders are in no book; their executions become no command"),
    ("messages of hidden executions, auctions and halts", "they change nothing that can be seen"),
    (
        "times of those messages",
        "a clock moves with commands only, so gaps are between visible messages",
    ),
    (
        "memory of signs and mids of hidden takers",
        "the sign of a hidden execution is in no command",
    ),
    ("duration of orders seeded from out of view", "their submission is not in the data"),
];

/// The figures.
///
/// * Times weigh the book: spread, lots and distances of levels.
/// * Quantiles of counted values lie between neighbours in proportion; those of the spread are
///   the lowest with that share of the time.
/// * Signs and mids are those of takers: one for each command that trades.
///
/// Levels are left out where they were not followed.
///
/// Cost: a sort of the kept times.
pub fn order_figures(flow: &Flow) -> Vec<Figure> {
    let mut list = Vec::new();
    messages(&mut list, flow);
    book(&mut list, flow);
    sizes(&mut list, flow);
    placement(&mut list, flow);
    times(&mut list, flow);
    takers(&mut list, flow);
    list
}

fn add(list: &mut Vec<Figure>, key: &str, name: &str, samples: u64, value: Option<f64>) {
    list.push(Figure {
        fact: 0,
        key: key.to_owned(),
        name: name.to_owned(),
        unit: unit(key),
        values: vec![value.filter(|value| value.is_finite())],
        samples,
        interval: None,
        band: Band::Any,
    });
}

fn share(part: u64, all: u64) -> Option<f64> {
    (0 < all).then(|| whole(part.into()) / whole(all.into()))
}

fn messages(list: &mut Vec<Figure>, flow: &Flow) {
    let messages = flow.messages;
    let all = messages.total();
    add(list, "messages", "visible messages", all, Some(whole(all.into())));
    for (key, name, part) in [
        ("share_submissions", "share of submissions", messages.submissions),
        ("share_reductions", "share of reductions", messages.reductions),
        ("share_deletions", "share of deletions", messages.deletions),
        ("share_fills", "share of fills", messages.fills),
    ] {
        add(list, key, name, all, share(part, all));
    }
    let each = share(messages.submissions, messages.fills);
    add(list, "submissions_per_fill", "submissions for each fill", messages.fills, each);
}

fn book(list: &mut Vec<Figure>, flow: &Flow) {
    let spread = &flow.book.spread;
    let seconds = u64::try_from(spread.total() / 1_000_000_000).unwrap_or(u64::MAX);
    add(list, "tw_spread_mean", "spread: mean", seconds, spread.mean());
    for (per_cent, part) in
        [("05", 0.05), ("25", 0.25), ("50", 0.5), ("75", 0.75), ("95", 0.95), ("99", 0.99)]
    {
        let name = format!("spread: {per_cent} % quantile");
        let value = spread.weighted_quantile(part);
        add(list, &format!("tw_spread_q{per_cent}"), &name, seconds, value);
    }
    let points = flow.book.spread_relative().map(|relative| 10_000.0 * relative);
    add(list, "tw_spread_bps", "spread by mid: mean", seconds, points);
    add(list, "tw_spread_one", "share of time at one tick", seconds, spread.share(1));
    if !flow.options().levels {
        return;
    }
    for level in [1, 2, 3, 5, 10] {
        let name = format!("size of level {level}, one side");
        add(list, &format!("lots_level_{level}"), &name, seconds, flow.book.lots(level));
    }
    for level in [1, 3, 5, 10] {
        let name = format!("level {level} to mid");
        add(list, &format!("distance_level_{level}"), &name, seconds, flow.book.distance(level));
    }
}

fn sizes(list: &mut Vec<Figure>, flow: &Flow) {
    let mut sizes = |key: &str, name: &str, tally: &Tally| {
        let n = u64::try_from(tally.total()).unwrap_or(u64::MAX);
        let mut put = |what: &str, words: &str, value| {
            add(list, &format!("{key}_{what}"), &format!("{name}: {words}"), n, value);
        };
        put("mean", "mean", tally.mean());
        put("median", "median", tally.quantile(0.5));
        put("q95", "95 % quantile", tally.quantile(0.95));
        put("q99", "99 % quantile", tally.quantile(0.99));
        put("max", "largest", tally.max().map(|lots| whole(lots.into())));
        put("100", "share of 100", tally.share(100));
    };
    sizes("limit_lots", "submission", &flow.limit_lots);
    sizes("taker_lots", "taker", &flow.taker_lots);
    let takers = u64::try_from(flow.taker_lots.total()).unwrap_or(u64::MAX);
    add(list, "taker_fills", "fills of a taker: mean", takers, flow.taker_fills.mean());
    let several = flow.taker_fills.share_above(1);
    add(list, "taker_multi_fill", "takers with several fills", takers, several);
    let walks = share(flow.walks, takers);
    add(list, "taker_walks", "takers at several prices", takers, walks);
}

fn placement(list: &mut Vec<Figure>, flow: &Flow) {
    let all = flow.placed.iter().sum();
    for ((key, name), part) in [
        ("placed_inside", "inside the spread"),
        ("placed_best", "at the best price"),
        ("placed_1_5", "1 to 5 ticks behind"),
        ("placed_6_20", "6 to 20 ticks behind"),
        ("placed_beyond", "more than 20 ticks behind"),
    ]
    .into_iter()
    .zip(flow.placed)
    {
        add(list, key, name, all, share(part, all));
    }
}

fn times(list: &mut Vec<Figure>, flow: &Flow) {
    let mut gaps = |key: &str, name: &str, gaps: &Durations| {
        let mut put = |what: &str, words: &str, value| {
            add(list, &format!("{key}_{what}"), &format!("{name}{words}"), gaps.len(), value);
        };
        put("mean", ": mean", gaps.mean());
        put("median", ": median", gaps.quantile(0.5));
        put("variation", ": deviation/mean", gaps.variation());
        put("zero", ": share of none", gaps.zero_share());
    };
    gaps("gap", "between messages", &flow.gaps);
    gaps("taker_gap", "between takers", &flow.taker_gaps);
    for (key, words, part) in
        [("q25", "25 % quantile", 0.25), ("median", "median", 0.5), ("q75", "75 % quantile", 0.75)]
    {
        let name = format!("age at deletion: {words}");
        let lives = &flow.deleted_after;
        add(list, &format!("deleted_after_{key}"), &name, lives.len(), lives.quantile(part));
    }
}

fn takers(list: &mut Vec<Figure>, flow: &Flow) {
    let n = flow.signs.len() as u64;
    for lag in [1, 2, 5, 10, 20, 50] {
        let name = format!("memory of signs, lag {lag}");
        add(list, &format!("taker_sign_{lag}"), &name, n, sign_memory(&flow.signs, lag));
    }
    let pairs = flow.mids_after.windows(2);
    let ratio = |pair: &[i64]| Some(libm::log(real(*pair.last()?) / real(*pair.first()?)));
    let returns: Vec<f64> = pairs.filter_map(ratio).collect();
    let kurtosis = excess_kurtosis(&returns);
    add(list, "taker_kurtosis", "kurtosis, taker to taker", n, kurtosis);
    let sizes: Vec<f64> = returns.iter().map(|r| r.abs()).collect();
    for lag in [1, 5, 10, 20] {
        let name = format!("sizes of these moves, lag {lag}");
        add(list, &format!("taker_acf_abs_{lag}"), &name, n, autocorrelation(&sizes, lag));
    }
    let ticks = 2.0 * f64::from(flow.options().tick);
    for (after, (sum, len)) in RESPONSE_AFTER.into_iter().zip(flow.responses) {
        let name = format!("move {after} messages later");
        let value = (0 < len).then(|| rounded(sum) / whole(len.into()) / ticks);
        add(list, &format!("taker_response_{after}"), &name, len, value);
    }
}
