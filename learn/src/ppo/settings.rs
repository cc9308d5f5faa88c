//! How an update is made.

/// Settings of [`super::update`]. The published runs' are in the comments.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Times that the batch is gone through, 1 or more (3).
    pub epochs: u32,
    /// Samples of a minibatch at the most, 1 or more (2048).
    pub minibatch: usize,
    /// ε of the surrogate, above 0 (0.2).
    pub clip: f64,
    /// Weight of the entropy, 0 or more (0.01 falling to 0.001).
    pub entropy: f64,
    /// β of Huber's loss, above 0 (2).
    pub huber: f64,
    /// The actor's learning rate, 0 or more (5 · 10⁻⁴ falling to 5 · 10⁻⁵).
    pub actor_rate: f64,
    /// The critic's (10⁻³).
    pub critic_rate: f64,
    /// What the actor's gradient is clipped to, above 0 (0.5).
    pub actor_norm_max: f64,
    /// What the critic's is clipped to, above 0 (5).
    pub critic_norm_max: f64,
    /// No further epoch begins when `approx_kl` of the last one is above this.
    pub kl_max: Option<f64>,
    /// Whether the actor stays as it is: for the first updates after it was cloned, as its critic
    /// knows nothing yet.
    pub critic_only: bool,
}

/// A setting that is none.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("{name} is {value}; it must be {rule}")]
pub struct SettingsError {
    /// Which one.
    pub name: &'static str,
    /// What it is.
    pub value: f64,
    /// What it must be.
    pub rule: &'static str,
}

impl Settings {
    /// Whether an update can be made.
    ///
    /// # Errors
    /// Names the first setting that is none.
    pub fn check(&self) -> Result<(), SettingsError> {
        let above = |name, value: f64| {
            let is_fine = value.is_finite() && 0.0 < value;
            if is_fine { Ok(()) } else { Err(SettingsError { name, value, rule: "above 0" }) }
        };
        let least = |name, value: f64| {
            let is_fine = value.is_finite() && 0.0 <= value;
            if is_fine { Ok(()) } else { Err(SettingsError { name, value, rule: "0 or more" }) }
        };
        let counts = [
            ("the number of epochs", self.epochs == 0),
            ("a minibatch's size", self.minibatch == 0),
        ];
        if let Some((name, _)) = counts.into_iter().find(|(_, is_none)| *is_none) {
            return Err(SettingsError { name, value: 0.0, rule: "1 or more" });
        }
        above("the clip range", self.clip)?;
        least("the weight of the entropy", self.entropy)?;
        above("Huber's beta", self.huber)?;
        least("the actor's learning rate", self.actor_rate)?;
        least("the critic's learning rate", self.critic_rate)?;
        above("the actor's largest gradient", self.actor_norm_max)?;
        above("the critic's largest gradient", self.critic_norm_max)?;
        above("the largest divergence", self.kl_max.unwrap_or(1.0))
    }
}
