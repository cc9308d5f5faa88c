//! Rules that policies are compared with, tuned as well as policies are trained: on seeds of their own,
//! for the gain of makers that stay in the market.

use agents::Kind;
use agents::draws::uniform;
use agents::stats::moments::mean;
use agents::streams::Stream;

use crate::environment::World;
use crate::evaluate::{Market, evaluate};
use crate::rivals::{Rival, Stoikov};
use crate::rollout::RolloutError;

/// Seeds on which rules are tuned.
pub const SEEDS: std::ops::Range<u64> = 1_000..1_005;
/// Steps of each market, and of its warm-up.
pub const STEPS: (u64, u64) = (5_000, 200);

/// Risk aversions of the grid, in 1/(tick·lot).
pub const GAMMAS: [f64; 8] = [0.003, 0.006, 0.012, 0.02, 0.04, 0.08, 0.16, 0.3];
/// Decays of the grid, in 1/ticks.
pub const KS: [f64; 4] = [0.15, 0.25, 0.5, 1.0];

/// Least share of quoted time, most of the fixed rules' spread, and least share of their volume, of
/// makers that stay in the market.
pub const PRESENCE: [f64; 3] = [0.95, 2.0, 0.6];

/// One set of parameters, and what came of it: means over seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// Parameters by name, as text.
    pub parameters: Vec<(&'static str, String)>,
    /// Gain of all makers at the mid, in tick·lots.
    pub gain: f64,
    /// Share of quoted time.
    pub quoted: f64,
    /// Spread, in ticks.
    pub spread: f64,
    /// Lots a step.
    pub volume: f64,
    /// Whether makers stay in the market by [`PRESENCE`].
    pub is_present: bool,
}

impl Trial {
    /// Tries a rival. `fixed` is the trial of the fixed rules; `None` for that one itself.
    ///
    /// # Errors
    /// [`RolloutError`].
    pub fn of(
        rival: &Rival,
        parameters: Vec<(&'static str, String)>,
        fixed: Option<&Self>,
    ) -> Result<Self, RolloutError> {
        let (steps, warm_up) = STEPS;
        let markets = evaluate(&rival.world, &rival.policies, SEEDS, steps, warm_up)?;
        let of = |figure: fn(&Market) -> f64| {
            mean(&markets.iter().map(figure).collect::<Vec<_>>()).unwrap_or(f64::NAN)
        };
        let mut trial = Self {
            parameters,
            gain: of(|market| market.gains[Kind::Maker as usize].at_mid),
            quoted: of(|market| market.quality.quoted),
            spread: of(|market| market.quality.spread),
            volume: of(|market| market.quality.volume),
            is_present: true,
        };
        let [quoted, spread, volume] = PRESENCE;
        trial.is_present = fixed.is_none_or(|fixed| {
            quoted <= trial.quoted
                && trial.spread <= spread * fixed.spread
                && volume * fixed.volume <= trial.volume
        });
        Ok(trial)
    }

    /// Whether this one is the better rule.
    pub fn beats(&self, other: &Self) -> bool {
        (self.is_present, self.gain) > (other.is_present, other.gain)
    }
}

/// The points of the grid of Avellaneda and Stoikov, for makers that know the variance of the mid.
pub fn stoikov_grid(variance: f64) -> impl Iterator<Item = Stoikov> {
    GAMMAS.into_iter().flat_map(move |gamma| KS.into_iter().map(move |k| [gamma, k, variance]))
}

/// What a search draws of a fixed maker's rule: names, least and largest values, decimal places.
const RULE: [(&str, f64, f64, i32); 9] = [
    ("maker.half_spread", 0.2, 2.5, 2),
    ("maker.jitter", 0.0, 2.5, 2),
    ("maker.caution", 0.0, 0.3, 3),
    ("maker.size", 5.0, 14.0, 0),
    ("maker.thinning", 0.0, 1.0, 2),
    ("maker.level_step", 1.0, 4.0, 0),
    ("maker.skew", 0.0, 0.08, 3),
    ("maker.flow_weight", 0.0, 0.4, 3),
    ("maker.flow_decay", 0.0, 0.95, 2),
];

/// How far around the best rule so far others are drawn, in shares of the bounds' distance.
const AROUND: f64 = 0.15;

/// Draws parameters of a fixed maker's rule, each evenly within its bounds, or around those of a rule
/// that is known to be good.
pub fn draw_rule(
    stream: &mut Stream,
    good: Option<&[(&'static str, String)]>,
) -> Vec<(&'static str, String)> {
    let words: [u64; RULE.len()] = stream.words();
    let drawn = RULE.into_iter().zip(words).enumerate();
    let drawn = drawn.map(|(place, ((name, least, most, places), word))| {
        let known = good.and_then(|good| good.get(place)?.1.parse::<f64>().ok());
        let number = match known {
            None => least + (most - least) * uniform(word),
            Some(known) => known + AROUND * (most - least) * (2.0 * uniform(word) - 1.0),
        };
        let grain = 10.0_f64.powi(places);
        (name, format!("{}", (number.clamp(least, most) * grain).round() / grain))
    });
    drawn.collect()
}

/// Tries drawn rules.
///
/// # Errors
/// [`RolloutError`]; parameters within their bounds are always accepted.
pub fn try_rule(
    world: &World,
    ecology: &agents::Config,
    parameters: Vec<(&'static str, String)>,
    fixed: &Trial,
) -> Result<Option<Trial>, RolloutError> {
    let Ok(rival) = Rival::ruled(world, ecology, &parameters) else { return Ok(None) };
    Trial::of(&rival, parameters, Some(fixed)).map(Some)
}
