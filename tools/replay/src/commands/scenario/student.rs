//! Student's distribution, by the incomplete beta function.

/// Terms of the continued fraction: it converges within a few dozen.
const TERMS_MAX: u32 = 500;
/// Halvings of a quantile's interval.
const HALVINGS: u32 = 200;

/// Probability that |T| is at least |t|, for `freedom` degrees of freedom, 1 or more.
///
/// Accuracy: about 1 part in 10^12.
pub(super) fn two_sided(t: f64, freedom: f64) -> f64 {
    beta_share(freedom / (freedom + t * t), freedom / 2.0, 0.5)
}

/// The t that |T| exceeds with this probability, above 0 and below 1.
pub(super) fn quantile(probability: f64, freedom: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while probability < two_sided(high, freedom) {
        high *= 2.0;
    }
    for _ in 0..HALVINGS {
        let middle = 0.5 * (low + high);
        if probability < two_sided(middle, freedom) {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The regularised incomplete beta function I(x; a, b).
fn beta_share(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if 1.0 <= x {
        return 1.0;
    }
    let scale = libm::lgamma(a + b) - libm::lgamma(a) - libm::lgamma(b);
    let front = libm::exp(scale + a * libm::log(x) + b * libm::log1p(-x));
    // The fraction converges fast on one side of the mean only.
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

/// The continued fraction of the incomplete beta function, by the method of Lentz.
fn fraction(x: f64, a: f64, b: f64) -> f64 {
    let tame = |number: f64| if number.abs() < 1e-300 { 1e-300 } else { number };
    let mut over = 1.0;
    let mut under = 1.0 / tame(1.0 - (a + b) * x / (a + 1.0));
    let mut value = under;
    for term in 1..TERMS_MAX {
        let m = f64::from(term);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        under = 1.0 / tame(1.0 + even * under);
        over = tame(1.0 + even / over);
        value *= under * over;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        under = 1.0 / tame(1.0 + odd * under);
        over = tame(1.0 + odd / over);
        value *= under * over;
        if (under * over - 1.0).abs() < 1e-16 {
            break;
        }
    }
    value
}
