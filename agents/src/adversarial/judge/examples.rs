//! Labelled rows of features.

use super::JudgeError;

/// Flows as rows of features, each with whether a trader was there.
#[derive(Clone, Debug, PartialEq)]
pub struct Examples {
    width: usize,
    values: Vec<f64>,
    labels: Vec<bool>,
}

impl Examples {
    /// The largest size of a feature: its square can be summed and squared again.
    pub const VALUE_MAX: f64 = 1e60;

    /// No examples yet, of `width` features each.
    pub const fn new(width: usize) -> Self {
        Self { width, values: Vec::new(), labels: Vec::new() }
    }

    /// Adds a flow.
    ///
    /// # Errors
    /// [`JudgeError::Width`], [`JudgeError::Value`]; the examples have not changed then.
    pub fn push(&mut self, features: &[f64], label: bool) -> Result<(), JudgeError> {
        check_row(features, self.width)?;
        self.values.extend(features);
        self.labels.push(label);
        Ok(())
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Features of each.
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Without the last ones of the label that there are more of, as many of both.
    #[must_use]
    pub fn balanced(&self) -> Self {
        let ones = self.labels.iter().filter(|label| **label).count();
        let each = ones.min(self.len() - ones);
        let mut taken = [0; 2];
        let mut result = Self::new(self.width);
        for (features, label) in self.rows() {
            let [zeros, ones] = &mut taken;
            let taken = if label { ones } else { zeros };
            if *taken < each {
                *taken += 1;
                result.values.extend(features);
                result.labels.push(label);
            }
        }
        result
    }

    /// Rows with their labels, in the order in which they came.
    pub fn rows(&self) -> impl Iterator<Item = (&[f64], bool)> {
        (0..self.len()).map(|index| {
            let row = self.values.get(index * self.width..(index + 1) * self.width);
            (row.unwrap_or_default(), self.labels.get(index).copied().unwrap_or_default())
        })
    }
}

/// Whether a row can be computed with.
pub(super) fn check_row(features: &[f64], width: usize) -> Result<(), JudgeError> {
    if features.len() != width {
        return Err(JudgeError::Width { found: features.len(), expected: width });
    }
    let range = -Examples::VALUE_MAX..=Examples::VALUE_MAX;
    match features.iter().enumerate().find(|(_, value)| !range.contains(value)) {
        Some((index, value)) => Err(JudgeError::Value { index, value: *value }),
        None => Ok(()),
    }
}
