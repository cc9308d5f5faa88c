//! Samples for tests, which any language can make again.

/// A 64-bit linear congruential generator, of which the high 31 bits are used:
/// `state = state·6364136223846793005 + 1442695040888963407 mod 2^64`.
pub(crate) struct Draws(pub(crate) u64);

impl Draws {
    /// ((state >> 33) + 0.5) / 2^31.
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (f64::from(u32::try_from(self.0 >> 33).unwrap()) + 0.5) / f64::from(1_u32 << 31)
    }

    /// A whole number from 0 up to below `below`.
    pub(crate) fn below(&mut self, below: u32) -> f64 {
        libm::floor(f64::from(below) * self.uniform())
    }
}

/// Compares numbers that may differ by rounding.
#[track_caller]
pub(crate) fn close(found: f64, expected: f64, allowed: f64) {
    assert!((found - expected).abs() <= allowed, "{found} is not {expected} ± {allowed}");
}
