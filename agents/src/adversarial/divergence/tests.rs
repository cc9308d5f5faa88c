//! Tests: values of NumPy and `SciPy`, the definitions at their ends, bad input.

use core::f64::consts::LN_2;

use super::*;
use crate::draws::samples::{Draws, close};

/// Two sets of orders in the published features, and a fifth that is constant.
fn sets() -> (Vec<[f64; 5]>, Vec<[f64; 5]>) {
    let mut draws = Draws(11);
    let orders = (0..60).map(|_| {
        let lots = (1.0 + draws.below(12)) / 20.0;
        [lots, 6.0 * draws.uniform() - 3.0, 1.0, draws.below(50) / 50.0, 2.5]
    });
    let orders = orders.collect();
    let others = (0..45).map(|_| {
        let lots = (1.0 + draws.below(6)) / 20.0;
        let offset = 4.0 * draws.uniform() - 1.0;
        [lots, offset, f64::from(u8::from(draws.uniform() < 0.7)), 0.5, 2.5]
    });
    (orders, others.collect())
}

/// NumPy 2.4, `SciPy` 1.17: `e = linspace(lo, hi, 21); p = histogram(x, e, density=True)[0] + 1e-8`, `q`
/// of the others; `scipy.stats.entropy(p, q)`.
#[test]
fn the_published_divergence_is_that_of_numpy() {
    let (orders, others) = sets();
    let expected = [
        9.816_892_101_576_409,
        6.446_131_387_481_208,
        0.439_366_645_142_830_36,
        17.310_134_948_598_478,
        0.0,
    ];
    for (feature, expected) in expected.into_iter().enumerate() {
        let one = |set: &[[f64; 5]]| set.iter().map(|it| [it[feature]]).collect::<Vec<_>>();
        close(published(&one(&orders), &one(&others)).unwrap(), expected, 1e-12);
    }
    close(published(&orders, &others).unwrap(), 6.802_505_016_559_785, 1e-12);
    assert_eq!(published(&orders, &orders).unwrap().to_bits(), 0);
}

/// `c = histogram(x, bins=10)[0] + 1e-8; scipy.stats.entropy(c/c.sum())`, mean over features.
#[test]
fn the_published_entropy_is_that_of_numpy() {
    let (orders, others) = sets();
    close(published_entropy(&orders).unwrap(), 1.340_762_797_291_665, 1e-13);
    close(published_entropy(&others).unwrap(), 0.933_713_483_408_216, 1e-13);
}

/// `scipy.stats.entropy(a + .5, b + .5)`, `.5*abs(a/a.sum() - b/b.sum()).sum()`,
/// `jensenshannon(a, b)**2`, `entropy(a)`.
#[test]
fn distances_of_histograms_are_those_of_scipy() {
    let (a, b) = ([3, 0, 7, 12, 1], [5, 4, 0, 9, 2]);
    close(kullback_leibler(&a, &b, 0.5).unwrap(), 0.670_681_501_050_730_7, 1e-15);
    close(total_variation(&a, &b).unwrap(), 0.376_086_956_521_739_1, 1e-15);
    close(jensen_shannon(&a, &b).unwrap(), 0.191_394_680_353_491_94, 1e-15);
    close(entropy(&a, 0.0).unwrap(), 1.103_490_402_587_952_8, 1e-15);
    assert_eq!(kullback_leibler(&a, &b, 0.0), Ok(f64::INFINITY));
    let (left, right) = ([4, 0], [0, 9]);
    close(total_variation(&left, &right).unwrap(), 1.0, 0.0);
    close(jensen_shannon(&left, &right).unwrap(), LN_2, 1e-15);
    close(entropy(&[1; 8], 0.0).unwrap(), libm::log(8.0), 1e-15);
}

fn order(lots: u32, offset: i64, is_limit: bool, step: u32) -> FlowOrder {
    FlowOrder { lots, offset, is_limit, step }
}

const SCALE: Scale = Scale { lots_max: 10, steps: 50 };

#[test]
fn features_are_counted_in_their_bins() {
    let others: Vec<FlowOrder> =
        (0..400).map(|n| order(1 + n % 10, i64::from(n) % 7 - 3, n % 8 != 0, n % 50)).collect();
    let found = features(&others, &others, SCALE).unwrap();
    assert_eq!(found, FeatureDivergence { size: 0.0, kind: 0.0, time: 0.0 });
    // Each feature of its own, by hand: 400 orders in one bin of ten, against 40 in each.
    let of = |order: FlowOrder| features(&vec![order; 400], &others, SCALE).unwrap();
    let one_of_ten = {
        let [all, none, even] = [400.5 / 405.0, 0.5 / 405.0, 40.5 / 405.0];
        all * libm::log(all / even) + 9.0 * none * libm::log(none / even)
    };
    let found = of(order(7, 9, false, 49));
    close(found.size, one_of_ten, 1e-12);
    close(found.time, one_of_ten, 1e-12);
    let kind = |one: FlowOrder, other: FlowOrder| features(&[one], &[other], SCALE).unwrap().kind;
    // The offset of a market order is not looked at, and that of a limit order has 7 bins.
    close(kind(order(1, 9, false, 0), order(1, -9, false, 0)), 0.0, 0.0);
    close(kind(order(1, 3, true, 0), order(1, 99, true, 0)), 0.0, 0.0);
    close(kind(order(1, -3, true, 0), order(1, i64::MIN, true, 0)), 0.0, 0.0);
    assert!(0.1 < kind(order(1, 3, true, 0), order(1, 2, true, 0)));
    assert!(0.1 < kind(order(1, -3, false, 0), order(1, -3, true, 0)));
    assert_eq!(of(order(10, 0, true, 0)), of(order(4000, 0, true, 0)));
    close(found.mean(), (found.size + found.kind + found.time) / 3.0, 0.0);
}

#[test]
fn published_features_are_shares() {
    for (order, expected) in [
        (order(5, -2, true, 10), [0.5, -2.0, 1.0, 0.2]),
        (order(20, 4, false, 25), [2.0, 4.0, 0.0, 0.5]),
    ] {
        let found = published_features(&order, SCALE).unwrap();
        assert_eq!(found.map(f64::to_bits), expected.map(f64::to_bits));
    }
}

#[test]
fn sets_without_anything_in_common_are_told_by_what_is_added() {
    let market = vec![[0.0]; 30];
    let limit = vec![[1.0]; 30];
    // Densities of 20 in a bin of 1/20: ln(20/1e-8), but for what is added elsewhere.
    close(published(&market, &limit).unwrap(), libm::log(20.0 / 1e-8), 1e-6);
    let constant = vec![[7.0, 0.0]; 10];
    assert_eq!(published(&constant, &constant), Ok(0.0));
    let wide = [[f64::MAX], [-f64::MAX]].repeat(5);
    assert_eq!(published(&wide, &wide), Ok(0.0), "a range that no float holds is no range");
}

#[test]
fn the_last_bin_has_its_upper_edge() {
    let bins = equal_bins([&[0.0, 0.5, 1.0], &[0.25, 2.0]], 4).unwrap();
    assert_eq!(bins.counts, [vec![1, 1, 1, 0], vec![1, 0, 0, 1]]);
    assert_eq!(equal_bins([&[1.0, 1.0], &[]], 4), None);
    assert_eq!(equal_bins([&[], &[]], 4), None);
    assert_eq!(tally([-5, 1, 2, 2, 9], 1, 3), [2, 2, 1]);
    assert_eq!(tally([1], 0, 0), Vec::<u64>::new());
    assert_eq!(tally([i64::MIN, i64::MAX], -1, 2), [1, 1]);
}

#[test]
fn bad_input_is_named() {
    let few = DivergenceError::TooFew { found: 9, needed: 10 };
    assert_eq!(published(&[[0.0]; 9], &[[0.0]; 20]), Err(few));
    assert_eq!(published_entropy(&[[0.0]; 9]), Err(few));
    let mut orders = vec![[0.0, 1.0]; 12];
    orders[3][1] = f64::NAN;
    assert_eq!(published(&[[0.0, 1.0]; 12], &orders), Err(DivergenceError::NotFinite(1)));
    assert_eq!(published_entropy(&orders), Err(DivergenceError::NotFinite(1)));
    let none = DivergenceError::TooFew { found: 0, needed: 1 };
    assert_eq!(features(&[], &[order(1, 0, true, 0)], SCALE), Err(none));
    let nowhere = Scale { lots_max: 10, steps: 0 };
    assert_eq!(published_features(&order(1, 0, true, 0), nowhere), Err(DivergenceError::Scale));
    assert_eq!(kullback_leibler(&[1], &[1, 2], 0.5), Err(DivergenceError::Bins(1, 2)));
    assert_eq!(total_variation(&[], &[]), Err(DivergenceError::Bins(0, 0)));
    assert_eq!(jensen_shannon(&[0, 0], &[1, 2]), Err(none));
}
