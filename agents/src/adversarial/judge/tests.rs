//! Tests: weights and scores of scikit-learn, what can be learned and what cannot, bad input.

use core::f64::consts::LN_2;

use super::*;
use crate::draws::samples::{Draws, close};

/// Rows of the four features of a flow and a constant one, the label the parity of the row.
fn sample(draws: &mut Draws, rows: u32) -> Examples {
    let mut examples = Examples::new(5);
    for row in 0..rows {
        let label = row % 2 == 1;
        let moved = f64::from(u8::from(label));
        let a = draws.uniform() - 0.5 + 0.3 * moved;
        let b = (draws.uniform() + draws.uniform() + draws.uniform() - 1.5) * (1.0 + 0.5 * moved);
        let c = draws.below(4);
        let d = 10.0 * a + draws.uniform();
        examples.push(&[a, b, c, d, 3.25], label).unwrap();
    }
    examples
}

fn sets() -> (Examples, Examples) {
    let mut draws = Draws(7);
    (sample(&mut draws, 400), sample(&mut draws, 200))
}

fn first_scores(test: &Examples, score: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    test.rows().take(3).map(|(row, _)| score(row)).collect()
}

#[track_caller]
fn all_close(found: &[f64], expected: &[f64], allowed: f64) {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).for_each(|(found, expected)| close(*found, *expected, allowed));
}

/// scikit-learn 1.9 on `StandardScaler` of (Z, Z²), Z the scaled features without the constant one:
/// `LogisticRegression(C=1/penalty, tol=1e-14, solver='newton-cholesky')`, its `decision_function`,
/// `log_loss`, `brier_score_loss`; `mean(l[y==1]) - log(mean(exp(l[y==0])))`.
#[test]
fn logistic_regression_is_that_of_scikit_learn() {
    let (train, test) = sets();
    let judge = Logistic::fit(&train, 1.0).unwrap();
    let expected = [-1.912_248_974_486_964_2, -0.111_138_299_519_355_43, -0.165_846_852_151_152_7];
    all_close(&first_scores(&test, |row| judge.logit(row).unwrap()), &expected, 1e-9);
    let found = judge.judge(&test).unwrap();
    close(found.accuracy, 0.715, 1e-15);
    close(found.cross_entropy, 0.497_658_263_389_391_5, 1e-10);
    close(found.information, LN_2 - 0.497_658_263_389_391_5, 1e-10);
    close(found.brier, 0.168_754_600_526_256_5, 1e-10);
    close(found.divergence, 1.284_067_243_565_409_5, 1e-9);
    let stiff = Logistic::fit(&train, 10.0).unwrap();
    let expected = [-1.761_124_101_816_153, -0.042_669_092_437_242_29, -0.122_054_298_703_261_82];
    all_close(&first_scores(&test, |row| stiff.logit(row).unwrap()), &expected, 1e-9);
    close(stiff.judge(&test).unwrap().divergence, 1.135_225_379_539_458, 1e-9);
}

/// `Ridge(alpha=penalty).fit(E, 2*y - 1).predict`.
#[test]
fn ridge_regression_is_that_of_scikit_learn() {
    let (train, test) = sets();
    let judge = Ridge::fit(&train, 1.0).unwrap();
    let expected = [-0.716_255_340_882_007_5, 0.010_405_935_679_698_71, -0.040_577_268_141_384_716];
    all_close(&first_scores(&test, |row| judge.score(row).unwrap()), &expected, 1e-11);
    let (accuracy, (low, high)) = judge.accuracy(&test).unwrap();
    close(accuracy, 0.73, 1e-15);
    assert!(low < accuracy && accuracy < high);
    let judge = Ridge::fit(&train, 50.0).unwrap();
    let expected = [-0.714_866_330_909_583_4, 0.010_391_982_485_656_794, -0.038_751_071_799_001_41];
    all_close(&first_scores(&test, |row| judge.score(row).unwrap()), &expected, 1e-11);
}

/// Flows that say nothing, or everything.
fn flows(draws: &mut Draws, rows: u32, width: usize, told: f64) -> Examples {
    let mut examples = Examples::new(width);
    for row in 0..rows {
        let label = row % 2 == 1;
        let mut features: Vec<f64> = (0..width).map(|_| draws.uniform()).collect();
        features[0] += told * f64::from(u8::from(label));
        examples.push(&features, label).unwrap();
    }
    examples
}

#[test]
fn judges_of_noise_are_coins() {
    let mut draws = Draws(3);
    let [train, test] = [2000, 4000].map(|rows| flows(&mut draws, rows, 12, 0.0));
    let (accuracy, _) = Ridge::fit(&train, PENALTY).unwrap().accuracy(&test).unwrap();
    close(accuracy, 0.5, 3.0 * 0.5 / libm::sqrt(4000.0));
    let found = Logistic::fit(&train, PENALTY).unwrap().judge(&test).unwrap();
    close(found.accuracy, 0.5, 3.0 * 0.5 / libm::sqrt(4000.0));
    assert!(found.information < 0.0, "it believes in what it learned of noise: {found:?}");
    assert!(found.divergence < 0.02);
}

#[test]
fn judges_of_the_obvious_are_right_and_finite() {
    let mut draws = Draws(4);
    let [train, test] = [600, 600].map(|rows| flows(&mut draws, rows, 3, 5.0));
    close(Ridge::fit(&train, PENALTY).unwrap().accuracy(&test).unwrap().0, 1.0, 0.0);
    for penalty in [PENALTY, 1e-6] {
        let found = Logistic::fit(&train, penalty).unwrap().judge(&test).unwrap();
        close(found.accuracy, 1.0, 0.0);
        assert!(0.6 < found.information && found.information <= LN_2, "{found:?}");
        assert!(1.0 < found.divergence && found.divergence.is_finite());
    }
}

/// For normal features that the label moves by d, a logit is the likelihood ratio: KL = d²/2.
#[test]
fn the_divergence_is_that_of_two_normal_laws() {
    let draw = |seed: u64| {
        let mut stream = crate::streams::Stream::new(seed, "judge");
        let mut examples = Examples::new(2);
        for row in 0..40_000 {
            let label = row % 2 == 1;
            let [first, second] = stream.words().map(crate::draws::normal);
            examples.push(&[first + f64::from(u8::from(label)), second], label).unwrap();
        }
        examples
    };
    let found = Logistic::fit(&draw(1), PENALTY).unwrap().judge(&draw(2)).unwrap();
    close(found.divergence, 0.5, 0.03);
    // norm.cdf(.5), and the Jensen–Shannon divergence of two normal laws 1 apart, by quad.
    close(found.accuracy, 0.691_462_461, 0.007);
    close(found.information, 0.111_421_482, 0.006);
}

#[test]
fn what_does_not_vary_and_what_is_alike_does_no_harm() {
    let mut examples = Examples::new(4);
    for row in 0..40_u32 {
        let x = f64::from(row % 7);
        // A constant, a feature, its double, a switch.
        examples.push(&[1e9, x, 2.0 * x, f64::from(row % 2)], row % 4 < 2).unwrap();
    }
    let judge = Logistic::fit(&examples, PENALTY).unwrap();
    assert!(judge.logit(&[-1e30, 1e50, -1e50, 9.0]).unwrap().is_finite());
    assert!(Ridge::fit(&examples, PENALTY).unwrap().score(&[0.0; 4]).unwrap().is_finite());
    assert_eq!(Ridge::fit(&examples, 1e-18), Err(JudgeError::Singular));
    // Nothing to go by at all.
    let mut nothing = Examples::new(0);
    nothing.push(&[], true).unwrap();
    nothing.push(&[], false).unwrap();
    let found = Logistic::fit(&nothing, PENALTY).unwrap().judge(&nothing).unwrap();
    close(found.accuracy, 0.5, 0.0);
    close(Ridge::fit(&nothing, PENALTY).unwrap().accuracy(&nothing).unwrap().0, 0.5, 0.0);
}

/// Rows of these features, told from the number of the row and its label.
fn rows<const N: usize>(of: impl Fn(u32, bool) -> [f64; N]) -> Examples {
    let mut examples = Examples::new(N);
    for row in 0..40 {
        examples.push(&of(row, row % 2 == 1), row % 2 == 1).unwrap();
    }
    examples
}

#[test]
fn rounding_is_no_feature() {
    let examples = rows(|_, label| [if label { 0.1 + 0.2 } else { 0.3 }]);
    close(Ridge::fit(&examples, PENALTY).unwrap().accuracy(&examples).unwrap().0, 0.5, 0.0);
    for times in [3.0, 7.0, 11.0, 13.0, 0.1, 0.7, 1.0 / 3.0, 1e5, 0.01, 23.0] {
        let alike = rows(|row, label| {
            let x = libm::sqrt(f64::from(row)) + f64::from(u8::from(label));
            [x, times * x]
        });
        assert_eq!(Ridge::fit(&alike, 1e-18), Err(JudgeError::Singular), "{times}");
    }
}

#[test]
fn no_row_is_farther_than_a_thousand_deviations() {
    let examples = rows(|row, label| [1e-100 * f64::from(row + u32::from(label)), 0.5]);
    let judge = Logistic::fit(&examples, PENALTY).unwrap();
    let [far, farther] = [1e-90, 1e60].map(|x| judge.logit(&[x, 0.5]).unwrap());
    assert!(far.is_finite());
    close(far, farther, 0.0);
}

#[test]
fn a_far_log_odd_overflows_nothing() {
    let found = Judgement::of(&[(1000.0, true), (900.0, false)]).unwrap();
    close(found.divergence, 100.0, 1e-12);
    close(found.cross_entropy, 450.0, 1e-12);
    close(found.brier, 0.5, 1e-15);
    close(found.accuracy, 0.5, 0.0);
}

#[test]
fn examples_can_be_balanced() {
    let mut examples = Examples::new(1);
    for (value, label) in [(1.0, true), (2.0, true), (3.0, false), (4.0, true), (5.0, false)] {
        examples.push(&[value], label).unwrap();
    }
    let kept = examples.balanced();
    let kept: Vec<_> = kept.rows().map(|(row, label)| (row[0], label)).collect();
    assert_eq!(kept, [(1.0, true), (2.0, true), (3.0, false), (5.0, false)]);
    assert_eq!((examples.len(), examples.width(), examples.is_empty()), (5, 1, false));
}

#[test]
fn bad_input_is_named() {
    let mut examples = Examples::new(2);
    assert_eq!(examples.push(&[1.0], true), Err(JudgeError::Width { found: 1, expected: 2 }));
    for wrong in [f64::NAN, f64::INFINITY, -1e61] {
        let found = examples.push(&[1.0, wrong], true).unwrap_err().to_string();
        assert!(found.starts_with("feature 1 is "), "{found}");
    }
    assert!(examples.is_empty());
    let unbalanced = |ones, zeros| JudgeError::Unbalanced { ones, zeros };
    assert_eq!(Ridge::fit(&examples, 1.0), Err(unbalanced(0, 0)));
    examples.push(&[1.0, 2.0], true).unwrap();
    assert_eq!(Logistic::fit(&examples, 1.0), Err(unbalanced(1, 0)));
    examples.push(&[2.0, 2.0], false).unwrap();
    for penalty in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(Ridge::fit(&examples, penalty), Err(JudgeError::Penalty(_))));
        assert!(matches!(Logistic::fit(&examples, penalty), Err(JudgeError::Penalty(_))));
    }
    let judge = Logistic::fit(&examples, 1.0).unwrap();
    assert!(matches!(judge.logit(&[f64::NAN, 0.0]), Err(JudgeError::Value { index: 0, .. })));
    assert!(matches!(judge.logit(&[]), Err(JudgeError::Width { .. })));
    assert_eq!(Judgement::of(&[(0.1, true)]), Err(unbalanced(1, 0)));
    let wrong = Judgement::of(&[(0.1, true), (f64::NAN, false)]);
    assert!(matches!(wrong, Err(JudgeError::Value { index: 1, .. })));
}
