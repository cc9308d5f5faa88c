//! The statistics' observers of a replay.

use agents::stats::{FairValueSource, Flow, FlowOptions, Observer, Sampler, Sampling, Series};
use agents::{FAIR_VALUE_POLICY, NATURE};
use kernel::Engine;
use replay::{Entry, Genesis, Moment};

/// Sampler and order flow, side by side.
pub(crate) struct Observers {
    sampler: Sampler,
    flow: Flow,
}

/// How the log of an ecology is sampled: each step, with its fair value; the mid is the one that its agents see, who keep to the last
/// one behind a spread over the cap.
pub(crate) fn ecology(genesis: &Genesis) -> Sampling {
    let cap = genesis.parameters.get(SPREAD_CAP).and_then(|cap| cap.parse().ok());
    Sampling {
        spread_cap: cap,
        fair_value: Some(FairValueSource { policy: FAIR_VALUE_POLICY, agent: NATURE }),
        ..Sampling::SIMULATED
    }
}

/// The parameter of an ecology that caps the spreads behind which a mid is one.
const SPREAD_CAP: &str = "market.spread_cap";

/// Shows an observer the market right after an entry.
pub(crate) fn show(observer: &mut impl Observer, moment: &Moment<'_>) {
    match moment.entry {
        Entry::Command(command) => observer.applied(command, moment.events, moment.engine),
        Entry::Decision(decision) => observer.decision(&decision.view()),
        Entry::Mark(mark) => observer.mark(mark.name.as_str(), mark.number, moment.engine),
        Entry::Update(_) | Entry::End => {}
    }
}

impl Observers {
    pub(crate) fn new(sampling: Sampling, options: FlowOptions) -> Self {
        Self { sampler: Sampler::new(sampling), flow: Flow::new(options) }
    }

    /// Shows them the market right after an entry.
    pub(crate) fn observe(&mut self, moment: &Moment<'_>) {
        show(&mut self.sampler, moment);
        show(&mut self.flow, moment);
    }

    /// What they saw, at the end of the log.
    pub(crate) fn finish(self, engine: &Engine) -> (Series, Flow) {
        (self.sampler.finish(engine), self.flow.finish())
    }
}
