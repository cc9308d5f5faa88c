//! Whom policies are compared with, on the same seeds.

use agents::Kind;
use agents::learned::{Seat, Seats};
use agents::{ConfigError, Decimal};
use runs::config::Config;

use crate::environment::World;
use crate::nets::ShapeError;
use crate::policy::Policy;

/// A market in which others decide.
#[derive(Debug)]
pub struct Rival {
    /// The market.
    pub world: World,
    /// Who decides in its seats.
    pub policies: Vec<Policy>,
}

/// Parameters of makers by Avellaneda and Stoikov: γ, k and the variance of the mid.
pub type Stoikov = [f64; 3];

/// The best of the grid of `learn tune avellaneda-stoikov` on preset `realistic`, seeds 1000 to 1004.
pub const STOIKOV: Stoikov = [0.04, 0.25, 36.0];

/// The best of `learn tune flow-rule` on preset `realistic`, seeds 1000 to 1004: parameters of the fixed
/// maker's rule.
pub const TUNED_RULE: &[(&str, &str)] = &[
    ("maker.half_spread", "0.5"),
    ("maker.jitter", "1.15"),
    ("maker.caution", "0.15"),
    ("maker.size", "13"),
    ("maker.thinning", "1"),
    ("maker.level_step", "1"),
    ("maker.skew", "0"),
    ("maker.flow_weight", "0.4"),
    ("maker.flow_decay", "0.48"),
];

impl Rival {
    /// The fixed rules of the run's market.
    pub fn fixed(world: &World) -> Self {
        Self { world: world.seated(Seats::default()), policies: Vec::new() }
    }

    /// Policies as they are before anything is learned or imitated.
    ///
    /// # Errors
    /// [`ShapeError`] for networks that cannot be.
    pub fn untrained(world: &World, config: &Config) -> Result<Self, ShapeError> {
        Ok(Self { world: world.clone(), policies: Policy::all(config)? })
    }

    /// Makers by Avellaneda and Stoikov; all others by their fixed rules.
    pub fn stoikov(world: &World, [gamma, k, variance]: Stoikov) -> Self {
        let mut seats = Seats::default();
        let seat = Seat::AvellanedaStoikov {
            gamma: decimal(gamma),
            k: decimal(k),
            variance: decimal(variance),
        };
        // Numbers above 0 are always a seat of makers.
        let _ = seats.put(Kind::Maker, seat);
        Self { world: world.seated(seats), policies: Vec::new() }
    }

    /// Fixed rules with other parameters.
    ///
    /// # Errors
    /// [`ConfigError`] for parameters that are none.
    pub fn ruled<T: AsRef<str>>(
        world: &World,
        ecology: &agents::Config,
        parameters: &[(&str, T)],
    ) -> Result<Self, ConfigError> {
        let mut ecology = ecology.clone();
        for (key, value) in parameters {
            ecology.set(key, value.as_ref())?;
        }
        let world = world.lasting(ecology).seated(Seats::default());
        Ok(Self { world, policies: Vec::new() })
    }
}

/// The nearest decimal of six places.
#[expect(clippy::cast_possible_truncation, reason = "parameters are small")]
fn decimal(number: f64) -> Decimal {
    Decimal::from_millionths((number * 1e6).round() as i64)
}
