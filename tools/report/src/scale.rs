//! Axes: where a value stands in a drawing, and which values are named.

use crate::number::{decimal, magnitude, nearest, power_of_ten, real};

/// How the values of an axis are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// As numbers.
    Numbers,
    /// As times of day, of seconds after midnight.
    Clock,
    /// As powers of ten, on a logarithmic axis.
    Decades,
    /// By words, from 0 on.
    Words,
}

/// An axis.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    /// Lowest value.
    pub(crate) low: f64,
    /// Highest value.
    pub(crate) high: f64,
    names: Names,
    words: Vec<String>,
    /// Distance of named values, as a whole number times a power of ten.
    step: (i64, i32),
}

/// Most names after the first: more than any sound axis has.
const NAMES_MAX: i64 = 40;
/// Distances of named times, in seconds.
const CLOCK_STEPS: [i64; 11] = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 14_400];

impl Scale {
    /// An axis over these values as they are.
    pub(crate) fn exact(low: f64, high: f64, names: Names) -> Self {
        let (low, high) = apart(low, high);
        let step = match names {
            Names::Numbers => step(high - low),
            Names::Clock => clock_step(high - low),
            Names::Decades | Names::Words => (1, 0),
        };
        Self { low, high, names, words: Vec::new(), step }
    }

    /// An axis of numbers that begins and ends at named values.
    pub(crate) fn nice(low: f64, high: f64) -> Self {
        let mut scale = Self::exact(low, high, Names::Numbers);
        let size = scale.step_size();
        scale.low = libm::floor(scale.low / size) * size;
        scale.high = libm::ceil(scale.high / size) * size;
        scale
    }

    /// An axis that names whole numbers only.
    pub(crate) fn whole(low: f64, high: f64) -> Self {
        let scale = Self::exact(low, high, Names::Numbers);
        let step = if scale.step.1 < 0 { (1, 0) } else { scale.step };
        Self { step, ..scale }
    }

    /// An axis of words, the first one at 0, each 1 from the next.
    pub(crate) fn words(words: &[&str]) -> Self {
        let scale = Self::exact(-0.5, crate::number::count(words.len()) - 0.5, Names::Words);
        Self { words: words.iter().map(|word| (*word).to_owned()).collect(), ..scale }
    }

    /// Whether its values are words.
    pub(crate) fn is_of_words(&self) -> bool {
        self.names == Names::Words
    }

    /// A logarithmic axis that begins and ends at powers of ten.
    pub(crate) fn decades(low: f64, high: f64) -> Self {
        let (low, high) = (libm::floor(libm::log10(low)), libm::ceil(libm::log10(high)));
        let (low, high) = apart(low, high);
        let step = (1 + nearest(libm::floor((high - low) / 7.5)), 0);
        Self { low, high, names: Names::Decades, words: Vec::new(), step }
    }

    /// Where a value stands: 0 at the lowest, 1 at the highest; `None` outside.
    pub(crate) fn share(&self, value: f64) -> Option<f64> {
        let value = if self.names == Names::Decades { libm::log10(value) } else { value };
        let share = (value - self.low) / (self.high - self.low);
        // A little beyond is what rounding does to the ends.
        (-1e-9..=1.0 + 1e-9).contains(&share).then_some(share)
    }

    /// The values that are named, and their names.
    pub(crate) fn named(&self) -> Vec<(f64, String)> {
        let size = self.step_size();
        let first = nearest(libm::ceil(self.low / size - 1e-9));
        let last = nearest(libm::floor(self.high / size + 1e-9));
        (first..=last.min(first.saturating_add(NAMES_MAX))).map(|times| self.name(times)).collect()
    }

    fn name(&self, times: i64) -> (f64, String) {
        let (factor, exponent) = self.step;
        let units = times.saturating_mul(factor);
        match self.names {
            Names::Numbers if exponent < 0 => {
                let digits = exponent.unsigned_abs();
                (real(units) / power_of_ten(-exponent), decimal(units, digits))
            }
            Names::Numbers => {
                let value = real(units) * power_of_ten(exponent);
                (value, decimal(nearest(value), 0))
            }
            Names::Clock => {
                let (hours, minutes, seconds) = (units / 3600, units / 60 % 60, units % 60);
                let seconds = if factor < 60 { format!(":{seconds:02}") } else { String::new() };
                (real(units), format!("{hours:02}:{minutes:02}{seconds}"))
            }
            Names::Words => {
                let word = usize::try_from(units).ok().and_then(|place| self.words.get(place));
                (real(units), word.cloned().unwrap_or_default())
            }
            Names::Decades => {
                let exponent = i32::try_from(units).unwrap_or(0);
                let value = power_of_ten(exponent);
                let digits = exponent.min(0).unsigned_abs();
                (value, decimal(if exponent < 0 { 1 } else { nearest(value) }, digits))
            }
        }
    }

    fn step_size(&self) -> f64 {
        let (factor, exponent) = self.step;
        real(factor) * power_of_ten(exponent)
    }
}

/// Values between which an axis has room.
fn apart(low: f64, high: f64) -> (f64, f64) {
    match (low.is_finite() && high.is_finite(), low < high) {
        (true, true) => (low, high),
        (true, false) => (low - 0.5, low + 0.5),
        (false, _) => (0.0, 1.0),
    }
}

/// Most pieces that named values make of an axis of numbers.
const PIECES_MAX: f64 = 5.0;

fn step(width: f64) -> (i64, i32) {
    let raw = width / PIECES_MAX;
    let exponent = magnitude(raw);
    let ratio = raw / power_of_ten(exponent);
    let factor = [1, 2, 5].into_iter().find(|factor| ratio <= real(*factor) * (1.0 + 1e-9));
    match factor {
        Some(factor) => (factor, exponent),
        None => (1, exponent + 1),
    }
}

fn clock_step(width: f64) -> (i64, i32) {
    let factor = CLOCK_STEPS.into_iter().find(|step| width / real(*step) <= PIECES_MAX);
    (factor.unwrap_or_else(|| 14_400 * (1 + nearest(width / 14_400.0 / PIECES_MAX))), 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(scale: &Scale) -> String {
        scale.named().into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn named_values_are_round() {
        assert_eq!(names(&Scale::nice(0.0, 3.2)), "0 1 2 3 4");
        assert_eq!(names(&Scale::nice(-0.13, 0.21)), "−0.2 −0.1 0.0 0.1 0.2 0.3");
        assert_eq!(
            names(&Scale::nice(9871.0, 10_120.0)),
            "9850 9900 9950 10\u{202f}000 10\u{202f}050 10\u{202f}100 10\u{202f}150"
        );
        assert_eq!(names(&Scale::exact(0.0, 4000.0, Names::Numbers)), "0 1000 2000 3000 4000");
        assert_eq!(
            names(&Scale::exact(34_500.0, 57_600.0, Names::Clock)),
            "10:00 12:00 14:00 16:00"
        );
        assert_eq!(names(&Scale::decades(0.0004, 0.7)), "0.0001 0.001 0.01 0.1 1");
    }

    #[test]
    fn nothing_makes_an_axis_endless() {
        for (low, high) in
            [(5.0, 5.0), (f64::NAN, 1.0), (f64::NEG_INFINITY, 0.0), (-1e300, 1e300), (1e300, 1e300)]
        {
            assert!(Scale::nice(low, high).named().len() < 42, "{low} {high}");
        }
        assert_eq!(Scale::words(&["a"; 99]).named().len(), 41);
        assert_eq!(Scale::nice(1e300, 1e300).share(1e300), None);
    }

    #[test]
    fn places_are_shares_of_the_axis() {
        let scale = Scale::nice(0.0, 10.0);
        assert_eq!(
            [0.0, 2.5, 10.0, 11.0].map(|value| scale.share(value)),
            [Some(0.0), Some(0.25), Some(1.0), None]
        );
        assert_eq!(Scale::decades(0.01, 1.0).share(0.1), Some(0.5));
        assert_eq!(Scale::decades(0.01, 1.0).share(0.0), None);
    }
}
