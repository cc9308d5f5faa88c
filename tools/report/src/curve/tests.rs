//! Curves drawn to the letter.

use super::*;
use crate::picture::picture;

fn chance(probability: f64) -> Chance {
    let (low, high) = ((probability - 0.2).max(0.0), (probability + 0.2).min(1.0));
    Chance { probability, low, high }
}

/// An outcome that came between two points, and one that did not.
pub(crate) fn curve() -> Curve {
    let outcome = |name: &str, in_log, chances: [f64; 4]| OutcomeCurve {
        name: name.to_owned(),
        predicate: format!("{name} < 5"),
        in_log,
        chances: chances.map(chance).to_vec(),
    };
    let mut crash = outcome("crash", Some(35), [0.25, 0.5, 0.9, 1.0]);
    crash.chances[3].low = 1.0;
    Curve {
        name: "c.json".to_owned(),
        forks: 30,
        steps: vec![10, 20, 30, 40],
        marks: vec![(25, "makers-leave".to_owned())],
        outcomes: vec![crash, outcome("<control>", None, [0.0, 0.1, 0.1, 0.0])],
    }
}

#[test]
fn a_picture_is_drawn() {
    insta::assert_snapshot!(picture(&curve()).replace("><", ">\n<"));
}

#[test]
fn what_is_read_out_of_a_curve() {
    let lines = "crash (crash < 5): 0.25 at the first point, 1.00 at the last; the lower bound stays \
                 above 0.5 from step 30 on; in the log it comes at step 35.\n\
                 <control> (<control> < 5): 0.00 at the first point, 0.00 at the last; at no point does \
                 the lower bound rise above 0.5 and stay there; in the log it never comes.";
    assert_eq!(curve().reading(), lines);
}

#[test]
fn one_point_and_none_are_drawn_too() {
    let mut one = curve();
    one.steps.truncate(1);
    one.outcomes.iter_mut().for_each(|outcome| outcome.chances.truncate(1));
    assert!(picture(&one).contains("class=\"f0\""), "a dot");
    one.steps.clear();
    one.outcomes.clear();
    assert!(picture(&one).ends_with("</svg>\n"));
}

#[test]
fn many_points_are_no_dots() {
    let mut many = curve();
    many.steps = (0..1000).collect();
    many.outcomes.truncate(1);
    many.outcomes[0].chances =
        many.steps.iter().map(|step| chance(big((*step).into()) / 1e3)).collect();
    let drawn = picture(&many);
    assert!(!drawn.contains("class=\"f0\"") && drawn.len() < 30_000, "{}", drawn.len());
}
