//! The discrete Fourier transform of a power of two of complex numbers.

use crate::stats::reals::count;

/// Real and imaginary part.
pub(super) type Complex = (f64, f64);

/// Sines of the multiples of π/M, for a transform of M numbers.
pub(super) struct Sines {
    /// sin(π·i/M) for i from 0 to M/2.
    quarter: Vec<f64>,
    len: usize,
}

impl Sines {
    /// The table for `len` numbers, a power of two from 2 up. Cost: `len`/2 sines of `libm`.
    pub(super) fn new(len: usize) -> Self {
        debug_assert!(1 < len && len.is_power_of_two());
        let step = core::f64::consts::PI / count(len);
        let quarter = (0..=len / 2).map(|place| libm::sin(count(place) * step)).collect();
        Self { quarter, len }
    }

    /// How many numbers it is for: M.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// sin(π·i/M).
    pub(super) fn sine(&self, i: usize) -> f64 {
        let turn = i & (2 * self.len - 1);
        let half = turn & (self.len - 1);
        let place = half.min(self.len - half);
        let size = self.quarter.get(place).copied().unwrap_or(0.0);
        if turn < self.len { size } else { -size }
    }

    /// cos(π·i/M).
    pub(super) fn cosine(&self, i: usize) -> f64 {
        self.sine(i + self.len / 2)
    }

    /// Replaces the M numbers x by `X_n = Σ_j x_j·exp(−2πi·jn/M)`.
    ///
    /// Cost: O(M log M). Source: Cooley and Tukey, Mathematics of Computation 19 (1965) 297–301.
    pub(super) fn transform(&self, numbers: &mut [Complex]) {
        debug_assert_eq!(numbers.len(), self.len);
        let unused_bits = usize::BITS - self.len.trailing_zeros();
        for place in 0..numbers.len() {
            let mirrored = place.reverse_bits() >> unused_bits;
            if place < mirrored {
                numbers.swap(place, mirrored);
            }
        }
        let mut half = 1;
        while half < self.len {
            let stride = self.len / half;
            let turns: Vec<Complex> = (0..half)
                .map(|place| (self.cosine(place * stride), -self.sine(place * stride)))
                .collect();
            for block in numbers.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for ((low, high), (cos, sin)) in low.iter_mut().zip(high).zip(&turns) {
                    let turned = (high.0 * cos - high.1 * sin, high.0 * sin + high.1 * cos);
                    *high = (low.0 - turned.0, low.1 - turned.1);
                    *low = (low.0 + turned.0, low.1 + turned.1);
                }
            }
            half *= 2;
        }
    }
}
