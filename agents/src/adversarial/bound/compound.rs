//! The exact distribution of a net volume: Poisson many orders of random sizes and fair sides.
//!
//! Its cumulant function is K(t) = Σ λ·p(k)·(cosh kt − 1) over sizes k with chances p(k), λ orders on
//! average. The chances of all net volumes are the Fourier transform of exp K(iθ). That gives each
//! of them to the same absolute error, too much for the logarithm of rare ones; those around a
//! volume N are computed from the *tilted* law q(n)·exp(tn − K(t)) with K'(t) = N, for which they
//! are the likeliest ones.

use core::f64::consts::LN_2;

use super::fourier::{Complex, Sines};
use super::{BoundError, Separation, SizeLaw, number};
use crate::stats::reals::count;

/// Logarithm of the chance beyond which tails are left out: exp(−42) = 6·10^−19.
const TAIL: f64 = 42.0;

/// Logarithm of what no cell of the transform can feel: exp(−60) = 9·10^−27.
const NEGLIGIBLE: f64 = -60.0;

/// Cells below this share of the largest one are noise of the transform.
const NOISE: f64 = 1e-15;

/// The net volume, in units of which every size is a multiple.
pub(super) struct NetVolume {
    /// Sizes with λ·p(size).
    weights: Vec<(u32, f64)>,
}

impl NetVolume {
    /// Most cells of a distribution.
    pub(super) const CELLS_MAX: usize = 1 << 22;

    /// The net volume of `orders` orders on average.
    pub(super) fn new(sizes: &SizeLaw, unit: u32, orders: f64) -> Self {
        let weight = |(lots, chance): (u32, f64)| (lots / unit, orders * chance);
        let possible = sizes.chances().filter(|(_, chance)| 0.0 < *chance);
        Self { weights: possible.map(weight).collect() }
    }

    /// How far this distribution is from itself, moved up by `shift`.
    ///
    /// # Errors
    /// [`BoundError::TooWide`].
    pub(super) fn shifted(&self, shift: u32) -> Result<Separation, BoundError> {
        let law = self.tilted(0.0)?;
        let tilt = supremum(|t| self.slope(t) < f64::from(shift));
        let far = self.tilted(tilt)?;
        let (cumulant, shift) = (self.cumulant(tilt), i64::from(shift));
        let (mut variation, mut divergence, mut information) = (0.0, 0.0, 0.0);
        for n in law.low..=law.high {
            let here = law.at(n);
            if here <= law.noise {
                continue;
            }
            // By symmetry q(n) is to q(n − N) as q(N − n), the other case's, is to q(−n).
            let there = law.at(n - shift);
            variation += (here - there).max(0.0);
            information += here * libm::log(2.0 * here / (here + there));
            let log_far = cumulant - tilt * number::from_integer(n + shift)
                + libm::log(far.likely(n + shift));
            divergence += here * (libm::log(here) - log_far);
        }
        Ok(Separation {
            accuracy: 0.5 + 0.5 * f64::min(variation, 1.0),
            divergence: f64::max(divergence, 0.0),
            information: f64::clamp(information, 0.0, LN_2),
        })
    }

    /// K(t).
    fn cumulant(&self, t: f64) -> f64 {
        let term = |(lots, weight): &(u32, f64)| {
            let sinh = libm::sinh(0.5 * f64::from(*lots) * t);
            2.0 * weight * sinh * sinh
        };
        self.weights.iter().map(term).sum()
    }

    /// K'(t): the mean of the law tilted by t.
    fn slope(&self, t: f64) -> f64 {
        let term = |(lots, weight): &(u32, f64)| {
            weight * f64::from(*lots) * libm::sinh(f64::from(*lots) * t)
        };
        self.weights.iter().map(term).sum()
    }

    /// Where the law tilted by `t` lies but for tails of exp(−[`TAIL`]), by Chernoff's bound.
    fn range(&self, t: f64) -> (f64, f64) {
        let (here, mean) = (self.cumulant(t), self.slope(t));
        let up = supremum(|u| u * self.slope(t + u) - (self.cumulant(t + u) - here) < TAIL);
        let down = supremum(|u| here - self.cumulant(t - u) - u * self.slope(t - u) < TAIL);
        (self.slope(t - down).min(mean) - 1.0, self.slope(t + up).max(mean) + 1.0)
    }

    /// The law q(n)·exp(tn − K(t)).
    fn tilted(&self, t: f64) -> Result<Tilted, BoundError> {
        let (low, high) = self.range(t);
        let cells = high - low + 1.0;
        if !(0.0..=count(Self::CELLS_MAX)).contains(&cells) {
            return Err(BoundError::TooWide(cells));
        }
        let (low, high) = (number::floor(low), number::ceil(high));
        let len = usize::try_from(high - low + 1).unwrap_or(Self::CELLS_MAX).next_power_of_two();
        let sines = Sines::new(len.max(2));
        let mut numbers = self.spectrum(t, &sines);
        sines.transform(&mut numbers);
        let scale = 1.0 / count(sines.len());
        let cells: Vec<f64> = numbers.into_iter().map(|(real, _)| real * scale).collect();
        let noise = NOISE * cells.iter().copied().fold(0.0, f64::max);
        Ok(Tilted { cells, low, high, noise })
    }

    /// The characteristic function of the tilted law, exp(K(t + iθ) − K(t)) at the multiples of
    /// 2π/M.
    fn spectrum(&self, t: f64, sines: &Sines) -> Vec<Complex> {
        let terms: Vec<(usize, f64, f64)> = self
            .weights
            .iter()
            .map(|(lots, weight)| {
                let angle = f64::from(*lots) * t;
                (place(*lots), 2.0 * weight * libm::cosh(angle), weight * libm::sinh(angle))
            })
            .collect();
        let len = sines.len();
        let mut spectrum = vec![(0.0, 0.0); len];
        for j in 0..=len / 2 {
            let (mut real, mut imaginary) = (0.0, 0.0);
            for (lots, even, odd) in &terms {
                // cos kθ − 1 = −2·sin²(kθ/2), without cancellation.
                let sine = sines.sine(lots * j);
                real -= even * sine * sine;
                imaginary += odd * sines.sine(2 * lots * j);
                if real < NEGLIGIBLE {
                    break;
                }
            }
            if real < NEGLIGIBLE {
                continue;
            }
            let size = libm::exp(real);
            let value = (size * libm::cos(imaginary), size * libm::sin(imaginary));
            if let Some(cell) = spectrum.get_mut(j) {
                *cell = value;
            }
            // The law is real: its transform at −θ is the conjugate.
            if let Some(cell) = spectrum.get_mut((len - j) % len) {
                *cell = (value.0, -value.1);
            }
        }
        // At θ = 0 and θ = π the transform of a real law is real.
        for real in [0, len / 2] {
            if let Some(cell) = spectrum.get_mut(real) {
                cell.1 = 0.0;
            }
        }
        spectrum
    }
}

/// A law whose cells are told by their number modulo how many there are.
struct Tilted {
    cells: Vec<f64>,
    low: i64,
    high: i64,
    noise: f64,
}

impl Tilted {
    /// The chance of n, 0 where it is negligible.
    fn at(&self, n: i64) -> f64 {
        if n < self.low || self.high < n {
            return 0.0;
        }
        let len = i64::try_from(self.cells.len()).unwrap_or(i64::MAX);
        let place = usize::try_from(n.rem_euclid(len)).unwrap_or(0);
        self.cells.get(place).map_or(0.0, |cell| cell.max(0.0))
    }

    /// The chance of n, at least a tenth of the noise.
    fn likely(&self, n: i64) -> f64 {
        self.at(n).max(0.1 * self.noise)
    }
}

/// The largest number from 0 up for which a condition holds that holds from 0 up to some number: to
/// the last bits. What is no number does not hold.
fn supremum(holds: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0, 1e-24);
    while high < 1e24 && holds(high) {
        low = high;
        high *= 2.0;
    }
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if holds(middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

fn place(lots: u32) -> usize {
    usize::try_from(lots).unwrap_or(usize::MAX)
}
