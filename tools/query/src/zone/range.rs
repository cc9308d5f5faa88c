//! The values that a number may have had: bounds, and whether it may have been absent.

use serde::{Deserialize, Serialize};

use crate::look::quotient;
use crate::tree::Comparison;

/// Every value that a number had lies between `low` and `high`; where `low` is the larger one, it had
/// none at all.
///
/// Arithmetic on ranges never leaves a value out that arithmetic on their values gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Range {
    pub(crate) low: i128,
    pub(crate) high: i128,
    /// Whether it may have been absent.
    pub(crate) absent: bool,
}

impl Range {
    /// Of nothing at all.
    pub(crate) const EMPTY: Self = Self { low: i128::MAX, high: i128::MIN, absent: false };
    /// Of a number that was absent.
    pub(crate) const ABSENT: Self = Self { absent: true, ..Self::EMPTY };
    /// Of a number of which nothing is known.
    pub(crate) const ANY: Self = Self { low: i128::MIN, high: i128::MAX, absent: true };

    /// Of a number that had this value.
    pub(crate) const fn of(value: i128) -> Self {
        Self::between(value, value)
    }

    pub(crate) const fn between(low: i128, high: i128) -> Self {
        Self { low, high, absent: false }
    }

    /// Of a number that had this value, or was absent.
    pub(crate) const fn of_known(value: Option<i128>) -> Self {
        match value {
            Some(value) => Self::of(value),
            None => Self::ABSENT,
        }
    }

    /// Takes a further value in.
    pub(crate) fn include(&mut self, value: Option<i128>) {
        match value {
            Some(value) => {
                self.low = self.low.min(value);
                self.high = self.high.max(value);
            }
            None => self.absent = true,
        }
    }

    /// Of a number that had the values of one of these.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            absent: self.absent || other.absent,
        }
    }

    /// Whether it may have been there.
    pub(crate) const fn is_present(self) -> bool {
        self.low <= self.high
    }

    /// What an operation that rises or falls with each of its operands makes of two ranges; `None`
    /// where it leaves 128 bits.
    fn corners(self, other: Self, how: impl Fn(i128, i128) -> Option<i128>) -> Self {
        let absent = self.absent || other.absent;
        if !self.is_present() || !other.is_present() {
            return Self { absent, ..Self::EMPTY };
        }
        let mut range = Self { absent, ..Self::EMPTY };
        for (left, right) in [
            (self.low, other.low),
            (self.low, other.high),
            (self.high, other.low),
            (self.high, other.high),
        ] {
            let Some(value) = how(left, right) else { return Self::ANY };
            range.include(Some(value));
        }
        range
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        self.corners(other, i128::checked_add)
    }

    pub(crate) fn less(self, other: Self) -> Self {
        self.corners(other, i128::checked_sub)
    }

    pub(crate) fn times(self, other: Self) -> Self {
        self.corners(other, i128::checked_mul)
    }

    pub(crate) fn minus(self) -> Self {
        Self::of(0).less(self)
    }

    /// The quotient, rounded down. It rises or falls with the divisor on either side of zero.
    pub(crate) fn over(self, by: Self) -> Self {
        let below = Self { high: by.high.min(-1), ..by };
        let above = Self { low: by.low.max(1), ..by };
        let has_zero = by.low <= 0 && 0 <= by.high;
        let mut range = self.corners(below, quotient).or(self.corners(above, quotient));
        range.absent |= has_zero && self.is_present();
        range
    }

    /// Whether a comparison may have been true, and whether it may have been false.
    pub(crate) const fn compare(self, how: Comparison, other: Self) -> (bool, bool) {
        let absent = self.absent || other.absent;
        if !self.is_present() || !other.is_present() {
            return (false, absent);
        }
        let meet = self.low <= other.high && other.low <= self.high;
        let same = self.low == other.high && other.low == self.high;
        let (truth, falsehood) = match how {
            Comparison::Less => (self.low < other.high, self.high >= other.low),
            Comparison::AtMost => (self.low <= other.high, self.high > other.low),
            Comparison::Greater => (self.high > other.low, self.low <= other.high),
            Comparison::AtLeast => (self.high >= other.low, self.low < other.high),
            Comparison::Equal => (meet, !same),
            Comparison::Unequal => (!same, meet),
        };
        (truth, falsehood || absent)
    }
}

#[cfg(test)]
mod tests {
    use quickcheck::{Arbitrary, Gen, quickcheck};

    use super::*;

    /// Some values of a number, few and near zero, or at the ends of what there is.
    #[derive(Clone, Debug)]
    struct Values(Vec<Option<i128>>);

    impl Arbitrary for Values {
        fn arbitrary(source: &mut Gen) -> Self {
            let count = 1 + usize::arbitrary(source) % 4;
            let value = |source: &mut Gen| match u8::arbitrary(source) % 12 {
                0 => None,
                1 => Some(i128::MAX),
                2 => Some(i128::MIN),
                3 => Some(i128::from(i64::arbitrary(source)) << 60),
                _ => Some(i128::from(i8::arbitrary(source) % 8)),
            };
            Self((0..count).map(|_| value(source)).collect())
        }
    }

    impl Values {
        fn range(&self) -> Range {
            let mut range = Range::EMPTY;
            self.0.iter().for_each(|value| range.include(*value));
            range
        }

        fn pairs(&self, other: &Self) -> Vec<(Option<i128>, Option<i128>)> {
            self.0.iter().flat_map(|left| other.0.iter().map(|right| (*left, *right))).collect()
        }
    }

    fn holds(range: Range, value: Option<i128>) -> bool {
        value.map_or(range.absent, |value| range.low <= value && value <= range.high)
    }

    quickcheck! {
        fn no_value_of_an_operation_is_left_out(left: Values, right: Values) -> bool {
            type Both = (fn(Range, Range) -> Range, fn(i128, i128) -> Option<i128>);
            let operations: [Both; 4] = [
                (Range::plus, i128::checked_add),
                (Range::less, i128::checked_sub),
                (Range::times, i128::checked_mul),
                (Range::over, quotient),
            ];
            operations.into_iter().all(|(of_ranges, of_values)| {
                let range = of_ranges(left.range(), right.range());
                left.pairs(&right).into_iter().all(|(left, right)| {
                    let value = left.zip(right).and_then(|(left, right)| of_values(left, right));
                    holds(range, value)
                })
            })
        }

        fn no_answer_of_a_comparison_is_left_out(left: Values, right: Values) -> bool {
            let all = [
                Comparison::Less,
                Comparison::AtMost,
                Comparison::Greater,
                Comparison::AtLeast,
                Comparison::Equal,
                Comparison::Unequal,
            ];
            all.into_iter().all(|how| {
                let (truth, falsehood) = left.range().compare(how, right.range());
                left.pairs(&right).into_iter().all(|(left, right)| {
                    let found = left.zip(right).is_some_and(|(left, right)| how.holds(left, right));
                    if found { truth } else { falsehood }
                })
            })
        }

        fn a_minus_is_a_difference(values: Values) -> bool {
            let range = values.range().minus();
            values.0.iter().all(|value| holds(range, value.and_then(i128::checked_neg)))
        }
    }

    #[test]
    fn ranges_are_as_narrow_as_they_can_be() {
        let between = Range::between;
        for (found, expected) in [
            (between(1, 3).plus(between(-1, 5)), between(0, 8)),
            (between(1, 3).less(between(-1, 5)), between(-4, 4)),
            (between(-2, 3).times(between(-5, 7)), between(-15, 21)),
            (between(-7, 9).over(between(2, 4)), between(-4, 4)),
            (between(7, 9).over(between(-2, 3)), Range { absent: true, ..between(-9, 9) }),
            (between(7, 9).over(Range::of(0)), Range::ABSENT),
            (between(1, 3).minus(), between(-3, -1)),
            (Range::ABSENT.plus(Range::of(1)), Range::ABSENT),
        ] {
            assert_eq!(found, expected);
        }
        let compare = |left: Range, how, right| left.compare(how, right);
        assert_eq!(compare(between(1, 3), Comparison::Less, Range::of(4)), (true, false));
        assert_eq!(compare(between(1, 3), Comparison::Less, Range::of(1)), (false, true));
        assert_eq!(compare(between(1, 3), Comparison::Less, Range::of(2)), (true, true));
        assert_eq!(compare(between(1, 3), Comparison::Equal, Range::of(4)), (false, true));
        assert_eq!(compare(Range::of(3), Comparison::Unequal, Range::of(3)), (false, true));
        assert_eq!(compare(Range::ABSENT, Comparison::Equal, Range::of(4)), (false, true));
    }
}
