//! Judges: classifiers that learn from labelled flows whether a trader was there, and are scored on
//! flows that they have not seen.
//!
//! A flow is a row of features, such as counts and sums over an episode. Each feature is standardised
//! and enters with its square. [`Ridge`] fits labels of ±1 by least squares and says yes or no;
//! [`Logistic`] maximises the likelihood and says how likely. Both shrink their weights, and both
//! have one solution, found by a Cholesky decomposition in a fixed order of sums: the same rows give
//! the same judge on every target.
//!
//! What a judge reaches is a lower bound of what can be told apart. A judge that was trained against
//! a policy that learns is fooled by it: train a new one, on balanced examples, and take the better of
//! several.

mod basis;
mod examples;
mod linear;
#[cfg(test)]
mod tests;
mod verdict;

use self::basis::Basis;
pub use self::examples::Examples;
use self::linear::{Gram, solve};
pub use self::verdict::Judgement;
use super::belief::logistic;
use crate::stats::reals::count;
use crate::stats::wilson;

/// Penalty on the squared weights that suits thousands of flows: each weight as if one flow said
/// it is 0.
pub const PENALTY: f64 = 1.0;

/// Steps of Newton's method before it is given up.
const ITERATIONS_MAX: u32 = 100;

/// Halvings of a step that does not improve.
const HALVINGS_MAX: u32 = 40;

/// What an additional step would gain, over the number of flows, when the weights are found.
const GAIN_MIN: f64 = 1e-14;

/// Why there is no judge or no judgement.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum JudgeError {
    /// A row has another number of features than the others.
    #[error("a row of {found} features among rows of {expected}")]
    Width {
        /// Its features.
        found: usize,
        /// Those of the others.
        expected: usize,
    },
    /// A feature that cannot be computed with.
    #[error(
        "feature {index} is {value}; features are numbers of a size up to {}",
        Examples::VALUE_MAX
    )]
    Value {
        /// Which feature, from 0.
        index: usize,
        /// Its value.
        value: f64,
    },
    /// Not as many flows with as without a trader, or none.
    #[error(
        "{ones} flows with and {zeros} without a trader; a judge takes as many of both, at least \
         one: drop what is too much of one kind"
    )]
    Unbalanced {
        /// Flows with.
        ones: usize,
        /// Flows without.
        zeros: usize,
    },
    /// A penalty that does not shrink.
    #[error("a penalty of {0}; it is a finite number above 0")]
    Penalty(f64),
    /// Features so alike that rounding hides what sets them apart.
    #[error("the features are so alike that their weights are lost to rounding: raise the penalty")]
    Singular,
    /// Newton's method did not arrive.
    #[error("no weights found in {ITERATIONS_MAX} steps of Newton's method: raise the penalty")]
    NotConverged,
}

/// A judge that says yes or no: ridge regression of labels ±1.
#[derive(Clone, Debug, PartialEq)]
pub struct Ridge {
    basis: Basis,
    weights: Vec<f64>,
}

impl Ridge {
    /// Minimises Σ(y − w·x)² + `penalty`·|w|² over standardised features and squares x, labels y of
    /// ±1.
    ///
    /// Cost: O(n·p²) time and 8·n·p bytes for n rows, p twice the features: below a second for
    /// 20,000 rows of 80.
    ///
    /// # Errors
    /// [`JudgeError::Unbalanced`], [`JudgeError::Penalty`], [`JudgeError::Singular`].
    pub fn fit(examples: &Examples, penalty: f64) -> Result<Self, JudgeError> {
        check(examples, penalty)?;
        let basis = Basis::of(examples);
        let width = basis.len();
        let mut gram = Gram::new(width);
        let mut products = vec![0.0; width];
        let mut row = Vec::with_capacity(width);
        for (features, label) in examples.rows() {
            basis.expand(features, &mut row);
            gram.add(&row, 1.0);
            add_scaled(&mut products, &row, if label { 1.0 } else { -1.0 });
        }
        // Labels and columns have mean 0, so there is no intercept.
        gram.add_to_diagonal(0, penalty);
        let weights = solve(gram, products).ok_or(JudgeError::Singular)?;
        Ok(Self { basis, weights })
    }

    /// Above 0 for a trader, below 0 for none.
    ///
    /// # Errors
    /// [`JudgeError::Width`], [`JudgeError::Value`].
    pub fn score(&self, features: &[f64]) -> Result<f64, JudgeError> {
        let mut row = Vec::new();
        self.basis.expand_checked(features, &mut row)?;
        Ok(dot(&self.weights, &row))
    }

    /// The share of right answers on examples that it was not trained on, a score of 0 half right,
    /// with its 95 % interval.
    ///
    /// # Errors
    /// [`JudgeError::Unbalanced`], [`JudgeError::Width`].
    pub fn accuracy(&self, examples: &Examples) -> Result<(f64, (f64, f64)), JudgeError> {
        balanced(examples)?;
        let mut hits = 0.0;
        for (features, label) in examples.rows() {
            hits += verdict::hit(self.score(features)?, label);
        }
        Ok((hits / count(examples.len()), wilson(hits, examples.len())))
    }
}

/// A judge that says how likely a trader is: logistic regression.
#[derive(Clone, Debug, PartialEq)]
pub struct Logistic {
    basis: Basis,
    /// The intercept, then a weight for each column of the basis.
    weights: Vec<f64>,
}

impl Logistic {
    /// Minimises −ln(likelihood) + `penalty`·|w|²/2 over standardised features and squares, the
    /// intercept not penalised, by Newton's method with halved steps.
    ///
    /// Cost: some 5 to 15 times that of [`Ridge::fit`], with as much memory.
    ///
    /// # Errors
    /// As [`Ridge::fit`], and [`JudgeError::NotConverged`].
    pub fn fit(examples: &Examples, penalty: f64) -> Result<Self, JudgeError> {
        check(examples, penalty)?;
        let basis = Basis::of(examples);
        let design = Design::new(&basis, examples, penalty);
        let mut weights = vec![0.0; design.width];
        let mut loss = design.loss(&weights);
        for _ in 0..ITERATIONS_MAX {
            let (step, gain) = design.newton(&weights).ok_or(JudgeError::Singular)?;
            let is_last = gain <= GAIN_MIN * count(examples.len());
            let mut scale = 1.0;
            let mut better = None;
            for _ in 0..HALVINGS_MAX {
                let mut tried = weights.clone();
                add_scaled(&mut tried, &step, scale);
                let found = design.loss(&tried);
                if found < loss {
                    better = Some((tried, found));
                    break;
                }
                scale *= 0.5;
            }
            // Where rounding hides any gain, the weights are as good as they get.
            match better {
                Some(found) => (weights, loss) = found,
                None if is_last => return Ok(Self { basis, weights }),
                None => return Err(JudgeError::NotConverged),
            }
            if is_last {
                return Ok(Self { basis, weights });
            }
        }
        Err(JudgeError::NotConverged)
    }

    /// ln(p/(1 − p)) for the chance p of a trader: with balanced examples, the logarithm of the
    /// likelihood ratio.
    ///
    /// # Errors
    /// [`JudgeError::Width`], [`JudgeError::Value`].
    pub fn logit(&self, features: &[f64]) -> Result<f64, JudgeError> {
        let mut row = vec![1.0];
        self.basis.expand_checked(features, &mut row)?;
        Ok(dot(&self.weights, &row))
    }

    /// The chance of a trader.
    ///
    /// # Errors
    /// [`JudgeError::Width`], [`JudgeError::Value`].
    pub fn probability(&self, features: &[f64]) -> Result<f64, JudgeError> {
        self.logit(features).map(logistic)
    }

    /// Log odds of examples, each with its label, for [`Judgement::of`] and other scores.
    ///
    /// # Errors
    /// [`JudgeError::Width`].
    pub fn logits(&self, examples: &Examples) -> Result<Vec<(f64, bool)>, JudgeError> {
        examples.rows().map(|(features, label)| Ok((self.logit(features)?, label))).collect()
    }

    /// What the judge is worth on examples that it was not trained on.
    ///
    /// # Errors
    /// [`JudgeError::Unbalanced`], [`JudgeError::Width`].
    pub fn judge(&self, examples: &Examples) -> Result<Judgement, JudgeError> {
        Judgement::of(&self.logits(examples)?)
    }
}

/// What logistic regression is fitted to.
struct Design {
    /// Rows: 1, then the basis.
    rows: Vec<f64>,
    labels: Vec<bool>,
    width: usize,
    penalty: f64,
}

impl Design {
    fn new(basis: &Basis, examples: &Examples, penalty: f64) -> Self {
        let width = basis.len() + 1;
        let mut rows = Vec::with_capacity(width * examples.len());
        for (features, _) in examples.rows() {
            rows.push(1.0);
            basis.expand_onto(features, &mut rows);
        }
        let labels = examples.rows().map(|(_, label)| label).collect();
        Self { rows, labels, width, penalty }
    }

    fn rows(&self) -> impl Iterator<Item = (&[f64], bool)> {
        self.rows.chunks_exact(self.width).zip(self.labels.iter().copied())
    }

    fn loss(&self, weights: &[f64]) -> f64 {
        let fit: f64 = self.rows().map(|(row, y)| verdict::surprise(dot(weights, row), y)).sum();
        let weights = penalised(weights);
        fit + 0.5 * self.penalty * dot(weights, weights)
    }

    /// Newton's step and what it gains in the quadratic approximation; `None` for a singular matrix.
    fn newton(&self, weights: &[f64]) -> Option<(Vec<f64>, f64)> {
        let mut hessian = Gram::new(self.width);
        let mut descent = vec![0.0; self.width];
        for (row, label) in self.rows() {
            let chance = logistic(dot(weights, row));
            hessian.add(row, chance * (1.0 - chance));
            add_scaled(&mut descent, row, f64::from(u8::from(label)) - chance);
        }
        hessian.add_to_diagonal(1, self.penalty);
        for (descent, weight) in descent.iter_mut().skip(1).zip(penalised(weights)) {
            *descent -= self.penalty * weight;
        }
        let step = solve(hessian, descent.clone())?;
        let gain = 0.5 * dot(&step, &descent);
        Some((step, gain))
    }
}

/// All weights but the intercept.
fn penalised(weights: &[f64]) -> &[f64] {
    weights.get(1..).unwrap_or_default()
}

/// Σ a·b, in the order of the lists.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add_scaled(sums: &mut [f64], row: &[f64], scale: f64) {
    for (sum, value) in sums.iter_mut().zip(row) {
        *sum += scale * value;
    }
}

fn balanced(examples: &Examples) -> Result<(), JudgeError> {
    let ones = examples.rows().filter(|(_, label)| *label).count();
    let zeros = examples.len() - ones;
    let is_balanced = ones == zeros && 0 < ones;
    is_balanced.then_some(()).ok_or(JudgeError::Unbalanced { ones, zeros })
}

fn check(examples: &Examples, penalty: f64) -> Result<(), JudgeError> {
    if !(0.0 < penalty && penalty.is_finite()) {
        return Err(JudgeError::Penalty(penalty));
    }
    balanced(examples)
}
