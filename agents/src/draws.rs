//! Random numbers from random words: one word each, the same on every target.
//!
//! Built of `+ − × /` and of `libm`'s logarithm and square root, whose results do not depend on
//! the target. A word w stands for the uniform number u = (⌊w / 2^12⌋ + 1/2) / 2^52, which is exact
//! and never 0 or 1; every other draw is a monotone function of u.

use crate::number;

/// 2^−52.
const GRAIN: f64 = 1.0 / 4_503_599_627_370_496.0;

/// A number between 0 and 1, both excluded; an odd multiple of 2^−53.
#[expect(clippy::cast_precision_loss, reason = "52 bits and a half are exact")]
pub fn uniform(word: u64) -> f64 {
    ((word >> 12) as f64 + 0.5) * GRAIN
}

/// Whether something of this probability happens. Never for 0 or less, always for 1 or more.
pub fn happens(word: u64, probability: f64) -> bool {
    uniform(word) < probability
}

/// An exponential number of mean 1: −ln u, at most 36.8.
///
/// Accuracy: that of `libm::log`, below one unit in the last place.
pub fn exponential(word: u64) -> f64 {
    -libm::log(uniform(word))
}

/// A geometric distribution: how often something fails before it succeeds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometric {
    /// −1 / ln(1 − 1/m): what a unit of the exponential draw is worth.
    scale: f64,
}

impl Geometric {
    /// The distribution G(m) = ⌊ln u / ln(1 − 1/m)⌋ of successes with probability 1/m, `m` at least
    /// 1. Its mean is m − 1.
    pub fn new(m: f64) -> Self {
        // For m = 1 the logarithm is −∞ and the scale 0: every draw is 0.
        Self { scale: -1.0 / libm::log(1.0 - 1.0 / m) }
    }

    /// A draw, 0 or more.
    pub fn draw(self, word: u64) -> i64 {
        number::floor(exponential(word) * self.scale)
    }
}

/// A normal number of mean 0 and variance 1: the normal quantile of u, between ±8.21.
pub fn normal(word: u64) -> f64 {
    normal_quantile(uniform(word))
}

/// The inverse of the normal distribution at `u`, which lies between 0 and 1, both excluded.
///
/// Wichura's algorithm AS 241 (PPND16; Applied Statistics 37, 1988): three rational functions of
/// degree 7. Accuracy: about 1 part in 10^16 in exact arithmetic, 1 in 10^14 here.
pub(crate) fn normal_quantile(u: f64) -> f64 {
    let centred = u - 0.5;
    if (-CENTRAL..=CENTRAL).contains(&centred) {
        return centred * CENTRE.at(CENTRAL * CENTRAL - centred * centred);
    }
    let tail = if centred < 0.0 { u } else { 1.0 - u };
    let r = libm::sqrt(-libm::log(tail));
    let size = if r <= 5.0 { SHOULDER.at(r - 1.6) } else { TAIL.at(r - 5.0) };
    if centred < 0.0 { -size } else { size }
}

/// Half of the width of the central range of u.
const CENTRAL: f64 = 0.425;

/// A quotient of polynomials, coefficients from the constant one up.
struct Rational {
    over: [f64; 8],
    under: [f64; 8],
}

impl Rational {
    fn at(&self, x: f64) -> f64 {
        let polynomial =
            |of: &[f64; 8]| of.iter().rev().fold(0.0, |sum, coefficient| sum * x + coefficient);
        polynomial(&self.over) / polynomial(&self.under)
    }
}

const CENTRE: Rational = Rational {
    over: [
        3.387_132_872_796_366_5,
        133.141_667_891_784_38,
        1_971.590_950_306_551_3,
        13_731.693_765_509_46,
        45_921.953_931_549_87,
        67_265.770_927_008_7,
        33_430.575_583_588_13,
        2_509.080_928_730_122_7,
    ],
    under: [
        1.0,
        42.313_330_701_600_91,
        687.187_007_492_057_9,
        5_394.196_021_424_751,
        21_213.794_301_586_597,
        39_307.895_800_092_71,
        28_729.085_735_721_943,
        5_226.495_278_852_854,
    ],
};

const SHOULDER: Rational = Rational {
    over: [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        0.241_780_725_177_450_6,
        0.022_723_844_989_269_184,
        7.745_450_142_783_414e-4,
    ],
    under: [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        0.689_767_334_985_1,
        0.148_103_976_427_480_08,
        0.015_198_666_563_616_457,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
};

const TAIL: Rational = Rational {
    over: [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        0.296_560_571_828_504_87,
        0.026_532_189_526_576_124,
        0.001_242_660_947_388_078_4,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    under: [
        1.0,
        0.599_832_206_555_888,
        0.136_929_880_922_735_8,
        0.014_875_361_290_850_615,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
};

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
