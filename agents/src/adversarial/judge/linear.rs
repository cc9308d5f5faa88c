//! Sums of squares and products, and linear equations in them.

use crate::stats::reals::count;

/// A pivot below this share of its diagonal, times the order of the matrix, is rounding.
const SINGULAR: f64 = 1e-15;

/// A symmetric matrix Σ w·x·xᵀ: its lower triangle, row by row.
pub(super) struct Gram {
    rows: Vec<Vec<f64>>,
}

impl Gram {
    /// The matrix of nothing, of `width` rows.
    pub(super) fn new(width: usize) -> Self {
        Self { rows: (1..=width).map(|len| vec![0.0; len]).collect() }
    }

    /// Adds w·x·xᵀ. Cost: O(width²).
    pub(super) fn add(&mut self, x: &[f64], w: f64) {
        for (row, left) in self.rows.iter_mut().zip(x) {
            let scaled = w * left;
            for (cell, right) in row.iter_mut().zip(x) {
                *cell += scaled * right;
            }
        }
    }

    /// Adds to each diagonal cell from row `first` on.
    pub(super) fn add_to_diagonal(&mut self, first: usize, value: f64) {
        for row in self.rows.iter_mut().skip(first) {
            if let Some(cell) = row.last_mut() {
                *cell += value;
            }
        }
    }
}

/// The solution x of A·x = b for a positive definite A, by Cholesky's decomposition; `None` where A
/// is singular up to rounding.
///
/// Cost: O(width³/6) multiplications.
pub(super) fn solve(matrix: Gram, mut b: Vec<f64>) -> Option<Vec<f64>> {
    let mut rows: Vec<Vec<f64>> = Vec::with_capacity(matrix.rows.len());
    let smallest = SINGULAR * count(b.len());
    for mut row in matrix.rows {
        let (diagonal, left) = row.split_last_mut()?;
        for (column, above) in rows.iter().enumerate() {
            let (pivot, above) = above.split_last()?;
            let product: f64 = above.iter().zip(left.iter()).map(|(a, b)| a * b).sum();
            let cell = left.get_mut(column)?;
            *cell = (*cell - product) / pivot;
        }
        let squares: f64 = left.iter().map(|cell| cell * cell).sum();
        let rest = *diagonal - squares;
        if rest.is_nan() || rest <= smallest * *diagonal {
            return None;
        }
        *diagonal = libm::sqrt(rest);
        rows.push(row);
    }
    for (place, row) in rows.iter().enumerate() {
        let (pivot, left) = row.split_last()?;
        let product: f64 = left.iter().zip(&b).map(|(a, b)| a * b).sum();
        let cell = b.get_mut(place)?;
        *cell = (*cell - product) / pivot;
    }
    for (place, row) in rows.iter().enumerate().rev() {
        let (pivot, left) = row.split_last()?;
        let value = *b.get(place)? / pivot;
        *b.get_mut(place)? = value;
        for (cell, weight) in b.iter_mut().zip(left) {
            *cell -= weight * value;
        }
    }
    b.iter().all(|value| value.is_finite()).then_some(b)
}
