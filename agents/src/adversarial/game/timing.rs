//! When what happens, in nanoseconds of logical time.

use kernel::ClientId;

use crate::adversarial::settings::Settings;
use crate::adversarial::{ARBITRAGEUR, MAKER};

/// The moments of a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    /// Steps of an episode; one more stands between two.
    steps: u64,
    step_ns: u64,
    customers_ns: u64,
    maker_ns: u64,
    arbitrageur_ns: u64,
}

impl Timing {
    pub(super) fn new(settings: &Settings) -> Self {
        // A millionth of a millisecond is a nanosecond.
        let ns = |millis: crate::config::Decimal| millis.millionths().unsigned_abs();
        Self {
            steps: settings.steps(),
            step_ns: ns(settings.step_ms),
            customers_ns: ns(settings.latency_customers),
            maker_ns: ns(settings.latency_maker),
            arbitrageur_ns: ns(settings.latency_arbitrageur),
        }
    }

    /// Steps of an episode.
    pub(super) const fn steps(&self) -> u64 {
        self.steps
    }

    /// When an episode begins.
    pub(super) const fn begin(&self, episode: u64) -> u64 {
        self.step(episode, 0).saturating_mul(self.step_ns)
    }

    /// The number of a step among those of all episodes; step 0 is the beginning of an episode.
    pub(super) const fn step(&self, episode: u64, step: u64) -> u64 {
        let before = episode.saturating_sub(1).saturating_mul(self.steps + 1);
        before.saturating_add(step)
    }

    /// When a step starts.
    pub(super) const fn start(&self, episode: u64, step: u64) -> u64 {
        self.step(episode, step).saturating_mul(self.step_ns)
    }

    /// When all orders of customers have arrived.
    pub(super) const fn arrived(&self, episode: u64, step: u64) -> u64 {
        self.start(episode, step).saturating_add(self.customers_ns)
    }

    /// Who reacts, soonest first; at the same moment in the order of clients.
    pub(super) fn reactions(&self, episode: u64, step: u64) -> [(u64, ClientId); 2] {
        let seen = self.arrived(episode, step);
        let mut reactions = [
            (seen.saturating_add(self.maker_ns), MAKER),
            (seen.saturating_add(self.arbitrageur_ns), ARBITRAGEUR),
        ];
        reactions.sort_unstable();
        reactions
    }
}
