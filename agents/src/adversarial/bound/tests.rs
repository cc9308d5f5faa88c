//! Tests: the printed table, other ways to the same numbers, limits, bad arguments.

use super::*;
use crate::draws::samples::close;
use crate::stats::reals::count;

fn usual() -> SizeLaw {
    SizeLaw::truncated_normal(5.5, 2.0, 10).unwrap()
}

/// A row of the table: N, T, r; d, bound, KL and MI; accuracy and KL of camouflage. To the digits
/// that follow from the exact law; NaN where the table has none.
type Row = (u32, u32, f64, [f64; 6]);

const NONE: f64 = f64::NAN;

/// Where the source prints other last digits, this is what the exact law gives. Its sizes were drawn:
/// it has .302 for the KL of camouflage in the first row and 3.53 in the fourth, which take a mean
/// size of 5.0147 in place of 5.0122, and 5,452 for the orders below, which takes E[size²] = 29.04 in
/// place of 29.01; 2.62 is d with s rounded to 5.39.
const TABLE: &[Row] = &[
    (20, 50, 1.0, [0.53, 0.604, 0.138, 0.033, 0.649, 0.303]),
    (20, 50, 0.25, [1.05, 0.703, NONE, NONE, 0.757, NONE]),
    (20, 50, 4.0, [0.26, 0.552, NONE, NONE, 0.578, NONE]),
    (100, 390, 100.0 / 390.0, [1.86, 0.824, 1.72, 0.304, 0.902, 3.54]),
    (100, 390, 1.0, [0.94, 0.681, NONE, NONE, 0.757, NONE]),
    (100, 390, 4.0, [0.47, 0.593, NONE, NONE, 0.639, NONE]),
    (100, 390, 10.0, [0.30, 0.559, NONE, NONE, 0.589, NONE]),
    (100, 50, 1.0, [2.63, 0.906, NONE, NONE, 0.956, NONE]),
    (100, 50, 16.0, [0.66, 0.629, NONE, NONE, 0.689, NONE]),
    (5, 50, 1.0, [0.13, 0.526, NONE, NONE, 0.539, NONE]),
    (2, 50, 1.0, [0.05, 0.511, NONE, NONE, 0.516, NONE]),
];

#[test]
fn the_printed_table_is_reproduced() {
    let law = usual();
    for (lots, steps, rate, printed) in TABLE {
        let normal = detectability(*lots, law.square(), *rate, *steps).unwrap();
        let exact = net_volume(*lots, &law, *rate, *steps).unwrap();
        let reached = camouflage(*lots, law.mean(), *rate, *steps).unwrap();
        let found = [
            normal.shift,
            exact.accuracy,
            exact.divergence,
            exact.information,
            reached.accuracy,
            reached.divergence,
        ];
        for (column, (found, printed)) in found.iter().zip(printed).enumerate() {
            let half_a_digit = if column == 0 || 1.0 < *printed { 0.005 } else { 0.0005 };
            let is_printed = printed.is_nan() || (found - printed).abs() <= half_a_digit;
            assert!(is_printed, "{lots} {steps} {rate}, column {column}: {found} not {printed}");
        }
    }
}

/// The table of the document: `| N, T, r | d | accuracy (KL, I) | accuracy (KL) |`.
#[test]
fn the_document_has_these_numbers() {
    let law = usual();
    let is_row = |line: &&str| line.starts_with("| ") && line.matches(" | ").count() == 3;
    let rows = include_str!("../../../ADVERSARIAL.md").lines().filter(is_row);
    let of = |row: &str| -> Vec<f64> {
        let words = row.split([' ', ',', '(', ')', '|']).filter(|word| !word.is_empty());
        let value = |word: &str| match word.split_once('/') {
            Some((above, below)) => Some(above.parse::<f64>().ok()? / below.parse::<f64>().ok()?),
            None => word.parse().ok(),
        };
        words.filter_map(value).collect()
    };
    let mut found = 0;
    for row in rows.map(of).filter(|row| row.len() == 9) {
        let [lots, steps] = [row[0], row[1]].map(|it| u32::try_from(number::floor(it)).unwrap());
        let exact = net_volume(lots, &law, row[2], steps).unwrap();
        let reached = camouflage(lots, law.mean(), row[2], steps).unwrap();
        close(row[3], detectability(lots, law.square(), row[2], steps).unwrap().shift, 0.005);
        let numbers = [exact.accuracy, exact.divergence, exact.information];
        let numbers = numbers.into_iter().chain([reached.accuracy, reached.divergence]);
        row[4..].iter().zip(numbers).for_each(|(printed, it)| close(*printed, it, 0.0005));
        found += 1;
    }
    assert_eq!(found, TABLE.len());
}

/// Chances of each number of lots of Poisson(mean) many one-sided orders, by Panjer's recursion: sums
/// of positive terms.
fn one_sided(law: &SizeLaw, mean: f64, cells: usize) -> Vec<f64> {
    let mut chances = vec![libm::exp(-mean)];
    for n in 1..cells {
        let term = |(lots, chance): (u32, f64)| {
            let place = n.checked_sub(usize::try_from(lots).unwrap());
            place.map_or(0.0, |place| mean * f64::from(lots) * chance * chances[place])
        };
        let sum: f64 = law.chances().map(term).sum();
        chances.push(sum / count(n));
    }
    chances
}

/// Accuracy, KL and MI from the definition, without a transform: net volume is buys less sells.
fn by_definition(lots: usize, law: &SizeLaw, orders: f64) -> [f64; 3] {
    let deviation = libm::sqrt(0.5 * orders * law.square());
    let cells = lots + 200 + place(0.5 * orders * law.mean() + 14.0 * deviation);
    let side = one_sided(law, 0.5 * orders, cells);
    let net: Vec<f64> = (0..cells)
        .map(|n| side.iter().zip(&side[n..]).map(|(sell, buy)| sell * buy).sum())
        .collect();
    let q = |n: usize, moved: usize| net.get(n.abs_diff(cells + moved)).copied().unwrap_or(0.0);
    let mut sums = [0.0; 3];
    for n in 0..2 * cells + lots {
        let (without, with) = (q(n, 0), q(n, lots));
        if 0.0 < with && 0.0 < without {
            sums[1] += with * libm::log(with / without);
        }
        sums[0] += 0.5 * (with - without).abs();
        for p in [with, without].into_iter().filter(|p| 0.0 < *p) {
            sums[2] += 0.5 * p * libm::log(2.0 * p / (with + without));
        }
    }
    [0.5 + 0.5 * sums[0], sums[1], sums[2]]
}

fn place(x: f64) -> usize {
    usize::try_from(number::ceil(x)).unwrap()
}

#[test]
fn the_transform_agrees_with_sums_of_positive_terms() {
    let bimodal = SizeLaw::new(&[0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.5]).unwrap();
    let ones = SizeLaw::new(&[1.0]).unwrap();
    for (lots, law, rate, steps) in [
        (20, &usual(), 1.0, 50),
        (20, &usual(), 0.001, 5),
        (100, &usual(), 100.0 / 390.0, 390),
        (100, &usual(), 1.0, 50),
        (300, &usual(), 0.5, 40),
        (3, &bimodal, 0.5, 10),
        (7, &bimodal, 0.5, 10),
        (4, &ones, 0.1, 3),
    ] {
        let found = net_volume(lots, law, rate, steps).unwrap();
        let orders = rate * f64::from(steps);
        let expected = by_definition(usize::try_from(lots).unwrap(), law, orders);
        close(found.accuracy, expected[0], 1e-12);
        close(found.divergence, expected[1], 1e-9 * expected[1].max(1e-3));
        close(found.information, expected[2], 1e-12);
    }
}

/// NumPy 2.4, `SciPy` 1.17: `A = poisson.pmf(n, a); B = poisson.pmf(n, a + b); M = (A + B)/2`,
/// `.5 + .25*abs(A - B).sum()`, `(a + b)*log1p(b/a) - b`,
/// `.5*(rel_entr(A, M).sum() + rel_entr(B, M).sum())`.
#[test]
fn camouflage_is_that_of_scipy() {
    let expected = [0.649_313_516_110_596_7, 0.302_733_844_585_899_8, 0.068_818_087_095_693_51];
    let found = camouflage(20, usual().mean(), 1.0, 50).unwrap();
    close(found.accuracy, expected[0], 1e-13);
    close(found.divergence, expected[1], 1e-13);
    close(found.information, expected[2], 1e-13);
    // a = 500,000, b = 2,000, where SciPy's chances have 9 digits: the same sums by mpmath 1.4 with 40
    // digits, each chance from its neighbour.
    let found = camouflage(10_000, 5.0, 1000.0, 1000).unwrap();
    close(found.accuracy, 0.921_143_073_110_645_6, 1e-12);
    close(found.divergence, 3.994_677_307_801_405_5, 1e-12);
    close(found.information, 0.499_610_670_552_554_17, 1e-12);
}

#[test]
fn sizes_are_those_of_the_truncated_normal() {
    let law = usual();
    // SciPy: diff of norm.cdf((arange(2, 11) - 5.5)/2), with 0 before and 1 behind.
    let expected = [
        0.040_059_16,
        0.065_590_62,
        0.120_977_58,
        0.174_666_32,
        0.197_412_65,
        0.174_666_32,
        0.120_977_58,
        0.065_590_62,
        0.027_834_68,
        0.012_224_47,
    ];
    for ((_, found), expected) in law.chances().zip(expected) {
        close(found, expected, 5e-9);
    }
    close(law.mean(), 5.012_224_472_655_045, 1e-14);
    close(law.square(), 29.011_942_376_103_203, 1e-13);
    let published = SizeLaw::truncated_normal(5.0, 2.0, 30).unwrap();
    close(published.chances().map(|(_, chance)| chance).sum(), 1.0, 1e-15);
    assert_eq!(SizeLaw::truncated_normal(1e9, 1.0, 4).unwrap().chances().last(), Some((4, 1.0)));
}

#[test]
fn the_normal_bound_is_its_formula() {
    // mpmath: d = 20/sqrt(29*50); ncdf(d/2); d*d/2.
    let found = detectability(20, 29.0, 1.0, 50).unwrap();
    close(found.shift, 0.525_225_731_438_890_2, 1e-15);
    close(found.accuracy, 0.603_575_508_685_897_6, 1e-14);
    close(found.divergence, 0.137_931_034_482_758_6, 1e-15);
    assert_eq!(detectability(0, 29.0, 1.0, 50).unwrap().accuracy.to_bits(), 0.5_f64.to_bits());
}

#[test]
fn lots_grow_with_the_root_of_the_orders() {
    let square = usual().square();
    for (accuracy, factor) in [(0.525, 0.68), (0.55, 1.35), (0.60, 2.73), (0.65, 4.15)] {
        let lots = lots_max(accuracy, square, 1.0, 400).unwrap();
        close(lots / 20.0, factor, 0.005);
        close(lots_max(accuracy, square, 4.0, 400).unwrap(), 2.0 * lots, 1e-9);
        close(orders_min(accuracy, 100, square).unwrap() * lots * lots / 400.0, 1e4, 1e-6);
    }
    // (100/(2*norm.ppf(.55)))**2/29.011942376103203, and for .525.
    close(orders_min(0.55, 100, square).unwrap(), 5_457.073_233_502, 1e-8);
    close(orders_min(0.525, 100, square).unwrap(), 21_914.634_433_442, 1e-8);
}

#[test]
fn there_is_nothing_to_see_of_no_lots_and_everything_of_other_units() {
    assert_eq!(net_volume(0, &usual(), 1.0, 50).unwrap(), Separation::NONE);
    assert_eq!(camouflage(0, 5.0, 1.0, 50).unwrap().divergence.to_bits(), 0);
    let pairs = SizeLaw::new(&[0.0, 0.5, 0.0, 0.5]).unwrap();
    assert_eq!(net_volume(3, &pairs, 1.0, 50).unwrap(), Separation::FULL);
    let halves = SizeLaw::new(&[0.5, 0.5]).unwrap();
    let found = net_volume(6, &pairs, 1.0, 50).unwrap();
    assert_eq!(found, net_volume(3, &halves, 1.0, 50).unwrap());
}

#[test]
fn a_million_orders_approach_the_normal() {
    let law = usual();
    let found = net_volume(3000, &law, 1000.0, 1000).unwrap();
    let normal = detectability(3000, law.square(), 1000.0, 1000).unwrap();
    close(found.accuracy, normal.accuracy, 1e-6);
    close(found.divergence, normal.divergence, 1e-5);
    let few = net_volume(1_000_000, &law, 0.01, 1).unwrap();
    assert!(few.divergence.is_finite() && 0.999 < few.accuracy);
}

#[test]
fn bounds_are_in_order_whatever_the_arguments() {
    fn property(lots: u32, rate: f64, steps: u32, weights: &[f64]) -> bool {
        let Ok(law) = SizeLaw::new(weights) else { return weights.iter().all(|it| *it <= 0.0) };
        let exact = net_volume(lots, &law, rate, steps).unwrap();
        let reached = camouflage(lots, law.mean(), rate, steps).unwrap();
        let is_sound = |it: &Separation| {
            (0.5..=1.0).contains(&it.accuracy)
                && 0.0 <= it.divergence
                && (0.0..=LN_2).contains(&it.information)
                // Pinsker: 2·TV² ≤ KL; TV²/2 ≤ JSD.
                && 2.0 * (2.0 * it.accuracy - 1.0) * (2.0 * it.accuracy - 1.0) <= it.divergence + 1e-9
        };
        is_sound(&exact) && is_sound(&reached)
    }
    let mut draws = crate::draws::samples::Draws(5);
    let mut whole = |below: u32| u32::try_from(number::floor(draws.below(below))).unwrap();
    for _ in 0..200 {
        let (lots, steps, rate) = (whole(3000), 1 + whole(2000), f64::from(1 + whole(999)) / 100.0);
        let len = whole(30);
        let weights: Vec<_> = (0..len).map(|_| f64::from(whole(256).saturating_sub(128))).collect();
        assert!(property(lots, rate, steps, &weights), "{lots} {rate} {steps} {weights:?}");
    }
}

#[test]
fn impossible_arguments_are_named() {
    let law = usual();
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e6] {
        let expected = "more than 0 orders";
        for found in [
            detectability(1, 29.0, rate, 100).map(|_| ()),
            net_volume(1, &law, rate, 100).map(|_| ()),
            camouflage(1, 5.0, rate, 100).map(|_| ()),
            lots_max(0.6, 29.0, rate, 100).map(|_| ()),
        ] {
            assert!(found.unwrap_err().to_string().contains(expected), "{rate}");
        }
    }
    assert!(detectability(1, 29.0, 1.0, 0).is_err());
    for size in [0.0, -2.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(detectability(1, size, 1.0, 9), Err(BoundError::Size(_))));
        assert!(matches!(camouflage(1, size, 1.0, 9), Err(BoundError::Size(_))));
        assert!(matches!(orders_min(0.6, 1, size), Err(BoundError::Size(_))));
        assert!(SizeLaw::truncated_normal(5.0, size, 10).is_err());
    }
    assert!(camouflage(u32::MAX, 1e-300, 1.0, 9).is_err());
    for accuracy in [0.5, 1.0, 0.2, f64::NAN] {
        assert!(matches!(lots_max(accuracy, 29.0, 1.0, 9), Err(BoundError::Accuracy(_))));
    }
    assert_eq!(SizeLaw::new(&[]), Err(BoundError::Largest(0)));
    assert_eq!(SizeLaw::new(&[0.0, 0.0]), Err(BoundError::Sizes(2)));
    assert_eq!(SizeLaw::new(&[1.0, f64::NAN]), Err(BoundError::Sizes(2)));
    assert_eq!(SizeLaw::new(&[1.0, -1.0]), Err(BoundError::Sizes(2)));
    assert_eq!(SizeLaw::truncated_normal(5.0, 2.0, 1001), Err(BoundError::Largest(1001)));
    let wide = SizeLaw::truncated_normal(900.0, 1.0, 1000).unwrap();
    assert!(matches!(net_volume(900, &wide, 1000.0, 1000), Err(BoundError::TooWide(_))));
}
