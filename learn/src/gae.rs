//! Generalised advantage estimation (Schulman et al. 2016, arXiv:1506.02438, eq. 16).
//!
//! δₜ = rₜ + γ V(sₜ₊₁) − V(sₜ) and Âₜ = Σₖ (γλ)ᵏ δₜ₊ₖ, computed backwards as Âₜ = δₜ + γλ Âₜ₊₁. The
//! return that the critic learns is Âₜ + V(sₜ), TD(λ)'s.
//!
//! **Where a life ends after step t**, V(sₜ₊₁) is the value of the last state of that life, and
//! Âₜ₊₁, which belongs to the next life, counts as 0. The ends of lives here are truncations: the
//! market would go on, only nobody looks. A true end has the value 0. **At the end of the rollout**
//! V(sₜ₊₁) is the value of the state after its last step, and Âₜ₊₁ counts as 0.

/// Steps of agents side by side, the steps one after the other: the number of agent a at step t
/// stands at t · agents + a.
#[derive(Clone, Copy, Debug)]
pub struct Steps<'a> {
    /// Agents, over all environments.
    pub agents: usize,
    /// rₜ, \[steps, agents\].
    pub rewards: &'a [f32],
    /// V(sₜ), \[steps, agents\].
    pub values: &'a [f32],
    /// For lives that end after the step, the value of their last state, 0 for a true end;
    /// \[steps, agents\].
    pub ends: &'a [Option<f32>],
    /// V of the state after the last step, \[agents\].
    pub last_values: &'a [f32],
}

/// Arrays that do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there are {found} {what}, where {expected} belong")]
pub struct GaeError {
    /// Of what.
    pub what: &'static str,
    /// How many there should be.
    pub expected: usize,
    /// How many there are.
    pub found: usize,
}

/// Writes advantages and returns, \[steps, agents\] each; what they held before is gone.
///
/// * `gamma` - discount of a step, 0 to 1.
/// * `lambda` - 0 for one step's difference (little variance), 1 for all of them (no bias).
///
/// Sums are in f64, results are rounded to f32. Cost: O(steps · agents).
///
/// # Errors
/// The arrays are not of one size.
pub fn gae(
    steps: &Steps<'_>,
    gamma: f64,
    lambda: f64,
    advantages: &mut Vec<f32>,
    returns: &mut Vec<f32>,
) -> Result<(), GaeError> {
    let Steps { agents, rewards, values, ends, last_values } = *steps;
    let count = rewards.len();
    let whole = count.checked_next_multiple_of(agents).unwrap_or(0);
    for (what, expected, found) in [
        ("rewards", whole, count),
        ("values", count, values.len()),
        ("ends", count, ends.len()),
        ("last values", agents, last_values.len()),
    ] {
        if expected != found {
            return Err(GaeError { what, expected, found });
        }
    }
    for results in [&mut *advantages, &mut *returns] {
        results.clear();
        results.resize(count, 0.0);
    }
    for (agent, &last_value) in last_values.iter().enumerate() {
        let (mut next_value, mut next_advantage) = (f64::from(last_value), 0.0);
        for place in (agent..count).step_by(agents).rev() {
            let at = |numbers: &[f32]| numbers.get(place).map_or(0.0, |&number| f64::from(number));
            if let Some(&Some(end)) = ends.get(place) {
                (next_value, next_advantage) = (f64::from(end), 0.0);
            }
            let value = at(values);
            let delta = at(rewards) + gamma * next_value - value;
            let advantage = delta + gamma * lambda * next_advantage;
            for (results, result) in
                [(&mut *advantages, advantage), (&mut *returns, advantage + value)]
            {
                if let Some(slot) = results.get_mut(place) {
                    *slot = narrow(result);
                }
            }
            (next_value, next_advantage) = (value, advantage);
        }
    }
    Ok(())
}

#[expect(clippy::cast_possible_truncation, reason = "the nearest f32 is meant")]
fn narrow(number: f64) -> f32 {
    number as f32
}

#[cfg(test)]
mod tests;
