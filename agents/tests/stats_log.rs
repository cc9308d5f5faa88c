//! Statistics come from the log alone: what observers see of a replay is what they saw live.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use agents::stats::{
    FairValueSource, Flow, FlowOptions, Observer, Resampling, Sampler, Sampling, Series, report,
};
use agents::{Config, Ecology, FAIR_VALUE_POLICY, NATURE};
use kernel::{Command, Decision, Engine, Event, Unlogged, Venue};
use replay::{Entry, Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

const STEPS: u32 = 600;

/// Both observers at once.
struct Watch {
    sampler: Sampler,
    flow: Flow,
}

impl Watch {
    fn new() -> Self {
        let source = FairValueSource { policy: FAIR_VALUE_POLICY, agent: NATURE };
        let sampling = Sampling { fair_value: Some(source), ..Sampling::SIMULATED };
        Self { sampler: Sampler::new(sampling), flow: Flow::new(FlowOptions::SIMULATED) }
    }

    fn report(self, engine: &Engine) -> (Series, report::Report) {
        let series = self.sampler.finish(engine);
        let resampling = Resampling { block: 50, resamples: 10 };
        let reporting = report::Reporting { resampling, ..report::Reporting::USUAL };
        let report = report::report(&series, &self.flow.finish(), reporting);
        (series, report)
    }
}

/// A venue without a log that shows what it does.
struct Watched {
    venue: Unlogged,
    watch: Watch,
    events: Vec<Event>,
}

impl Venue for Watched {
    type Error = std::convert::Infallible;

    fn submit(&mut self, command: Command) -> Result<&[Event], Self::Error> {
        self.events = self.venue.submit(command)?.to_vec();
        self.watch.sampler.applied(&command, &self.events, self.venue.engine());
        self.watch.flow.applied(&command, &self.events, self.venue.engine());
        Ok(&self.events)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), Self::Error> {
        self.watch.sampler.decision(&decision);
        Ok(())
    }

    fn mark(&mut self, _: &str, _: u64) -> Result<(), Self::Error> {
        Ok(())
    }

    fn engine(&self) -> &Engine {
        self.venue.engine()
    }
}

fn live(config: &Config) -> (Series, report::Report) {
    let venue = Unlogged::new(Engine::new(&config.genesis()).unwrap());
    let mut watched = Watched { venue, watch: Watch::new(), events: Vec::new() };
    let mut ecology = Ecology::new(config, 42);
    for _ in 0..STEPS {
        let Ok(()) = ecology.step(&mut watched);
    }
    watched.watch.report(watched.venue.engine())
}

fn replayed(config: &Config) -> (Series, report::Report) {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(config.genesis(), "ecology");
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    let mut ecology = Ecology::new(config, 42);
    for _ in 0..STEPS {
        ecology.step(&mut recorder).unwrap();
    }
    recorder.finish().unwrap();
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let mut watch = Watch::new();
    while let Some(moment) = player.advance().unwrap() {
        match moment.entry {
            Entry::Command(command) => {
                watch.sampler.applied(command, moment.events, moment.engine);
                watch.flow.applied(command, moment.events, moment.engine);
            }
            Entry::Decision(decision) => watch.sampler.decision(&decision.view()),
            Entry::Mark(mark) => watch.flow.mark(mark.name.as_str(), mark.number, moment.engine),
            Entry::Update(_) | Entry::End => {}
        }
    }
    watch.report(player.engine())
}

#[test]
fn a_replay_tells_what_was_seen_live() {
    let config = Config::preset("realistic").unwrap();
    let (series, report) = live(&config);
    assert_eq!(series.mids.len(), 400, "600 steps, 200 of them dropped");
    assert_eq!(series.fair.len(), 400);
    assert!(50 < series.takers.len());
    let (again, report_again) = replayed(&config);
    assert_eq!(series, again);
    assert_eq!(report, report_again);
    let error = report.facts.iter().find(|figure| figure.key == "tracking_error").unwrap();
    assert!(error.value().unwrap() < 200.0, "the fair value is read in its own unit");
}
