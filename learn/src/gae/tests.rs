//! Advantages against their definition.

use quickcheck::{Arbitrary, Gen, quickcheck};

use super::*;

/// Arrays of some agents and steps, with ends of lives.
#[derive(Clone, Debug)]
struct Case {
    agents: usize,
    rewards: Vec<f32>,
    values: Vec<f32>,
    ends: Vec<Option<f32>>,
    last_values: Vec<f32>,
}

impl Arbitrary for Case {
    fn arbitrary(g: &mut Gen) -> Self {
        let (agents, steps) = (1 + usize::arbitrary(g) % 4, usize::arbitrary(g) % 12);
        let number = |g: &mut Gen| f32::from(i16::arbitrary(g)) / 4096.0;
        let numbers = |g: &mut Gen, count| (0..count).map(|_| number(g)).collect::<Vec<_>>();
        let count = agents * steps;
        let end = |g: &mut Gen| (u8::arbitrary(g) < 50).then(|| number(g));
        Self {
            agents,
            rewards: numbers(g, count),
            values: numbers(g, count),
            ends: (0..count).map(|_| end(g)).collect(),
            last_values: numbers(g, agents),
        }
    }
}

impl Case {
    fn steps(&self) -> Steps<'_> {
        Steps {
            agents: self.agents,
            rewards: &self.rewards,
            values: &self.values,
            ends: &self.ends,
            last_values: &self.last_values,
        }
    }

    /// Σₖ (γλ)ᵏ δₜ₊ₖ, up to the end of the life or of the rollout.
    fn advantage(&self, place: usize, gamma: f64, lambda: f64) -> f64 {
        let (mut sum, mut weight) = (0.0, 1.0);
        for at in (place..self.rewards.len()).step_by(self.agents) {
            let next = self.values.get(at + self.agents).copied();
            let next = next.unwrap_or(self.last_values[at % self.agents]);
            let next = self.ends[at].unwrap_or(next);
            let (reward, value) = (f64::from(self.rewards[at]), f64::from(self.values[at]));
            sum += weight * (reward + gamma * f64::from(next) - value);
            weight *= gamma * lambda;
            if self.ends[at].is_some() {
                break;
            }
        }
        sum
    }
}

quickcheck! {
    fn advantages_are_their_definition(case: Case) -> bool {
        let (mut advantages, mut returns) = (vec![9.0; 3], Vec::new());
        gae(&case.steps(), 0.97, 0.95, &mut advantages, &mut returns).unwrap();
        assert_eq!(advantages.len(), case.rewards.len());
        (0..case.rewards.len()).all(|place| {
            let expected = case.advantage(place, 0.97, 0.95);
            // Rounded to f32 once; sums of f64 in two orders.
            let is_near = |found: f32, expected: f64| {
                (f64::from(found) - expected).abs() <= 1e-7 * (1.0 + expected.abs())
            };
            is_near(advantages[place], expected)
                && is_near(returns[place], expected + f64::from(case.values[place]))
        })
    }
}

#[test]
fn a_life_ends_with_the_value_of_its_last_state_and_nothing_of_the_next() {
    let ends = [None, Some(7.0), None];
    let steps = Steps {
        agents: 1,
        rewards: &[1.0, 2.0, 3.0],
        values: &[10.0, 20.0, 30.0],
        ends: &ends,
        last_values: &[40.0],
    };
    let (mut advantages, mut returns) = (Vec::new(), Vec::new());
    gae(&steps, 0.5, 1.0, &mut advantages, &mut returns).unwrap();
    // Backwards: 3 + 40/2 - 30; 2 + 7/2 - 20; 1 + 20/2 - 10 - 14.5/2.
    assert_eq!(advantages, [-6.25, -14.5, -7.0]);
    assert_eq!(returns, [3.75, 5.5, 23.0]);
}

#[test]
fn arrays_that_do_not_fit_are_refused() {
    let refuse = |agents, values: &[f32], words: &str| {
        let steps =
            Steps { agents, rewards: &[0.0; 4], values, ends: &[None; 4], last_values: &[0.0; 2] };
        let error = gae(&steps, 0.9, 0.9, &mut Vec::new(), &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), words);
    };
    refuse(2, &[0.0; 3], "there are 3 values, where 4 belong");
    refuse(3, &[0.0; 4], "there are 4 rewards, where 6 belong");
    refuse(4, &[0.0; 4], "there are 2 last values, where 4 belong");
    refuse(0, &[0.0; 4], "there are 4 rewards, where 0 belong");
}

#[test]
fn advantages_are_those_of_numpy() {
    let reference =
        crate::reference::Reference::new(include_str!("../../tests/reference/gae.json"));
    let (rewards, values) = (reference.floats("rewards"), reference.floats("values"));
    let last_values = reference.floats("last_values");
    let ended = reference.bools("ended");
    let ends: Vec<_> = ended.into_iter().zip(reference.floats("end_values")).collect();
    let ends: Vec<_> = ends.into_iter().map(|(ended, value)| ended.then_some(value)).collect();
    let steps = Steps {
        agents: 3,
        rewards: &rewards,
        values: &values,
        ends: &ends,
        last_values: &last_values,
    };
    let (mut advantages, mut returns) = (Vec::new(), Vec::new());
    let (gamma, lambda) = (reference.number("gamma"), reference.number("lambda"));
    gae(&steps, gamma, lambda, &mut advantages, &mut returns).unwrap();
    for (name, found) in [("advantages", advantages), ("returns", returns)] {
        let found: Vec<_> = found.into_iter().map(f64::from).collect();
        crate::reference::assert_near(name, &found, &reference.numbers(name));
    }
}
