//! What a judge sees of a row: its features and their squares, standardised.

use super::examples::check_row;
use super::{Examples, JudgeError};
use crate::stats::reals::count;

/// Standard deviations beyond which a feature is taken for this many. No row of a million has one in
/// its own sample; a row of another sample must not decide alone.
const FAR: f64 = 1000.0;

/// A column that varies less than this share of its size is constant: what varies is rounding.
const CONSTANT: f64 = 1e-12;

/// One column: a feature, or the square of a standardised feature.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Column {
    mean: f64,
    /// 1 over the standard deviation.
    per_unit: f64,
}

impl Column {
    /// The standardisation of a sample; `None` for a constant one.
    fn of(sample: impl Iterator<Item = f64> + Clone) -> Option<Self> {
        let (mut n, mut sum, mut largest) = (0, 0.0, 0.0_f64);
        for value in sample.clone() {
            n += 1;
            sum += value;
            largest = largest.max(value.abs());
        }
        let mean = sum / count(n);
        let squares: f64 = sample.map(|value| (value - mean) * (value - mean)).sum();
        let deviation = libm::sqrt(squares / count(n));
        (CONSTANT * largest < deviation).then(|| Self { mean, per_unit: 1.0 / deviation })
    }

    fn standardise(self, value: f64) -> f64 {
        (value - self.mean) * self.per_unit
    }
}

/// Columns of each feature, fixed by the training examples.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Basis {
    /// A feature that varies, and its square where that varies.
    features: Vec<Option<(Column, Option<Column>)>>,
    len: usize,
}

impl Basis {
    /// The columns of these examples; constant features have none.
    ///
    /// Cost: O(values).
    pub(super) fn of(examples: &Examples) -> Self {
        let feature = |index: usize| {
            let values =
                examples.rows().map(move |(row, _)| row.get(index).copied().unwrap_or_default());
            let values: Vec<f64> = values.collect();
            let column = Column::of(values.iter().copied())?;
            let square = Column::of(values.iter().map(|value| square(column, *value)));
            Some((column, square))
        };
        let features: Vec<_> = (0..examples.width()).map(feature).collect();
        let columns =
            features.iter().flatten().map(|(_, square)| 1 + usize::from(square.is_some()));
        let len = columns.sum();
        Self { features, len }
    }

    /// How many columns.
    pub(super) const fn len(&self) -> usize {
        self.len
    }

    /// The columns of a row that the training examples, or others of their width, hold.
    pub(super) fn expand(&self, row: &[f64], columns: &mut Vec<f64>) {
        columns.clear();
        self.expand_onto(row, columns);
    }

    /// [`Self::expand`] behind what is there.
    pub(super) fn expand_onto(&self, row: &[f64], columns: &mut Vec<f64>) {
        for (column, value) in self.features.iter().zip(row) {
            if let Some((column, its_square)) = column {
                columns.push(column.standardise(*value).clamp(-FAR, FAR));
                columns.extend(its_square.map(|it| it.standardise(square(*column, *value))));
            }
        }
    }

    /// [`Self::expand_onto`] for any row.
    pub(super) fn expand_checked(
        &self,
        row: &[f64],
        columns: &mut Vec<f64>,
    ) -> Result<(), JudgeError> {
        check_row(row, self.features.len())?;
        self.expand_onto(row, columns);
        Ok(())
    }
}

fn square(column: Column, value: f64) -> f64 {
    let standard = column.standardise(value).clamp(-FAR, FAR);
    standard * standard
}
