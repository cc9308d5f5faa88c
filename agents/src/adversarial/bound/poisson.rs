//! The Poisson distribution, without its negligible tails.

use crate::number;

/// Cells below this share of the likeliest one are left out.
const NEGLIGIBLE: f64 = 1e-20;

/// Chances of the numbers from `first` on.
pub(super) struct Poisson {
    first: i64,
    chances: Vec<f64>,
}

impl Poisson {
    /// The distribution of this mean, above 0. Each chance follows from its neighbour, starting at
    /// the likeliest number: no factorial, no power.
    pub(super) fn new(mean: f64) -> Self {
        let mode = number::floor(mean);
        let mut below = Vec::new();
        let (mut chance, mut n) = (1.0, mode);
        while 0 < n && NEGLIGIBLE < chance {
            chance *= number::from_integer(n) / mean;
            n -= 1;
            below.push(chance);
        }
        let mut chances: Vec<f64> = below.into_iter().rev().collect();
        let first = n;
        (chance, n) = (1.0, mode);
        while NEGLIGIBLE < chance {
            chances.push(chance);
            n += 1;
            chance *= mean / number::from_integer(n);
        }
        let sum: f64 = chances.iter().sum();
        for chance in &mut chances {
            *chance /= sum;
        }
        Self { first, chances }
    }

    /// Numbers with their chances, in ascending order.
    pub(super) fn cells(&self) -> impl Iterator<Item = (i64, f64)> {
        (self.first..).zip(self.chances.iter().copied())
    }

    /// The chance of a number; 0 for what was left out.
    pub(super) fn at(&self, n: i64) -> f64 {
        let place = usize::try_from(n - self.first).ok();
        place.and_then(|place| self.chances.get(place)).copied().unwrap_or(0.0)
    }
}
