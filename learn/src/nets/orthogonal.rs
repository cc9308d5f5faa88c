//! Orthogonal initialisation: matrices that keep lengths (Saxe, McClelland and Ganguli 2014,
//! arXiv:1312.6120).

use agents::draws;
use agents::streams::Stream;

/// Shorter than this a vector is mostly rounding; the next one is drawn.
const LENGTH_MIN: f64 = 1e-6;

/// A matrix of `rows` × `columns`, row by row: `gain` times one whose rows are orthonormal, or its
/// columns where they are fewer. It is uniformly distributed among those (the Haar measure).
///
/// The shorter side's vectors are drawn normal, one word a number, and made orthonormal one after
/// the other (Gram–Schmidt, each twice, which is exact to rounding). In f64 and fixed order: the same on
/// every target.
///
/// Cost: O(rows · columns · min(rows, columns)).
pub(super) fn orthogonal(rows: usize, columns: usize, gain: f64, stream: &mut Stream) -> Vec<f32> {
    let (count, length) = (rows.min(columns), rows.max(columns));
    let mut vectors: Vec<Vec<f64>> = Vec::with_capacity(count);
    while vectors.len() < count {
        let mut vector: Vec<f64> = Vec::with_capacity(length);
        for _ in 0..length {
            let [word] = stream.words();
            vector.push(draws::normal(word));
        }
        for _ in 0..2 {
            for other in &vectors {
                let along = dot(&vector, other);
                for (number, other) in vector.iter_mut().zip(other) {
                    *number -= along * other;
                }
            }
        }
        let norm = libm::sqrt(dot(&vector, &vector));
        if norm < LENGTH_MIN {
            continue;
        }
        for number in &mut vector {
            *number /= norm;
        }
        vectors.push(vector);
    }
    let mut matrix = Vec::with_capacity(rows * columns);
    for row in 0..rows {
        for column in 0..columns {
            let (which, place) = if rows <= columns { (row, column) } else { (column, row) };
            let number = vectors.get(which).and_then(|vector| vector.get(place));
            matrix.push(narrow(gain * number.copied().unwrap_or_default()));
        }
    }
    matrix
}

fn dot(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest f32 is meant")]
fn narrow(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each pair of the shorter side's vectors, multiplied.
    fn products(rows: usize, columns: usize, gain: f64) -> Vec<(bool, f64)> {
        let matrix = orthogonal(rows, columns, gain, &mut Stream::new(1, "orthogonal"));
        let count = rows.min(columns);
        let at = |which: usize, place: usize| {
            let (row, column) = if rows <= columns { (which, place) } else { (place, which) };
            f64::from(matrix[row * columns + column])
        };
        let mut products = Vec::new();
        for one in 0..count {
            for other in 0..=one {
                let product = (0..rows.max(columns)).map(|at_| at(one, at_) * at(other, at_)).sum();
                products.push((one == other, product));
            }
        }
        products
    }

    #[test]
    fn the_shorter_side_is_orthonormal_times_the_gain() {
        for (rows, columns) in [(64, 24), (24, 64), (64, 64), (1, 64), (7, 1), (1, 1)] {
            for (is_same, product) in products(rows, columns, core::f64::consts::SQRT_2) {
                let expected = if is_same { 2.0 } else { 0.0 };
                // Entries round to 2^-24 of at most 1.42; 64 of them add up.
                assert!((product - expected).abs() < 1e-6, "{rows}x{columns}: {product}");
            }
        }
    }

    /// Of 400 matrices, each entry has mean 0 and mean square 1 / length, as Haar's measure has.
    #[test]
    fn entries_have_the_moments_of_a_uniform_rotation() {
        let mut stream = Stream::new(2, "orthogonal");
        let (mut sums, mut squares) = ([0.0; 9], [0.0; 9]);
        for _ in 0..400 {
            let matrix = orthogonal(3, 3, 1.0, &mut stream);
            for ((sum, square), entry) in sums.iter_mut().zip(&mut squares).zip(matrix) {
                *sum += f64::from(entry) / 400.0;
                *square += f64::from(entry) * f64::from(entry) / 400.0;
            }
        }
        // Standard errors: 0.029 and 0.015; five of them.
        assert!(sums.iter().all(|sum| sum.abs() < 0.145), "{sums:?}");
        assert!(squares.iter().all(|square| (square - 1.0 / 3.0).abs() < 0.075), "{squares:?}");
    }

    #[test]
    fn a_matrix_takes_a_word_for_each_number() {
        let mut stream = Stream::new(3, "orthogonal");
        let mut same = stream.clone();
        let _ = orthogonal(4, 6, 1.0, &mut stream);
        let _ = same.words::<24>();
        assert_eq!(stream.words::<1>(), same.words::<1>());
    }
}
