//! One market that is learned in: lives of an ecology, one after the other, each with its own log.

use std::io::Read;

use agents::learned::observation::State;
use agents::learned::{Choice, Label, Observation, Observer, Pay, Seats, SeatsError};
use agents::streams::Stream;
use agents::{Ecology, Kind};
use kernel::{ClientId, Engine, Venue};
use replay::medium::Medium;
use replay::recorder::Finished;
use replay::{Digest, Genesis, LogError, Player, Reader, Recorder, Repeat};
use runs::checkpoint::LogPlace;
use runs::config::{Config, MakerActions};

use crate::quality::Tally;

mod repeated;

pub use repeated::{ResumeError, Told};

/// The producer of market logs in which policies decide.
pub const PRODUCER: &str = "learn";

/// What all environments of a run have in common.
#[derive(Clone, Debug)]
pub struct World {
    ecology: agents::Config,
    seats: Seats,
    /// Of the types' rewards.
    scales: [f64; Kind::ALL.len()],
    seed: u64,
    life: u64,
    environments: u64,
}

impl World {
    /// That of a configuration.
    ///
    /// # Errors
    /// [`SeatsError`] for a type that has no such actions.
    pub fn new(config: &Config) -> Result<Self, SeatsError> {
        let mut seats = Seats::default();
        seats.must_quote = config.actions.must_quote;
        for kind in &config.learners {
            seats.put(*kind, agents::learned::Seat::Learned(space(*kind, config.actions.maker)))?;
        }
        Ok(Self {
            ecology: config.ecology(config.train.life),
            seats,
            scales: Kind::ALL.map(|kind| config.reward.scale(kind)),
            seed: config.seed,
            life: config.train.life,
            environments: config.train.environments.into(),
        })
    }

    /// The same with markets of so many steps.
    #[must_use]
    pub fn lasting(&self, ecology: agents::Config) -> Self {
        Self { life: ecology.steps(), environments: 1, ecology, ..self.clone() }
    }

    /// The same with other seats.
    #[must_use]
    pub fn seated(&self, seats: Seats) -> Self {
        Self { seats, ..self.clone() }
    }

    /// Steps of an environment's life. First lives are of different lengths, so that not all
    /// environments begin anew in the same step.
    pub fn steps(&self, environment: u32, life: u32) -> u64 {
        if life == 1 {
            let place = u64::from(environment) + 1;
            (self.life * place).div_ceil(self.environments).clamp(1, self.life)
        } else {
            self.life
        }
    }

    /// The seed of a life's market.
    pub fn seed(&self, environment: u32, life: u32) -> u64 {
        let [seed] = Stream::new(self.seed, &format!("market/{environment}/{life}")).words();
        seed
    }

    /// What the log of a market with this seed begins with.
    pub fn genesis(&self, seed: u64, environment: u32, life: u32) -> Genesis {
        let mut parameters = self.ecology.parameters();
        parameters.insert("steps".to_owned(), self.steps(environment, life).to_string());
        parameters.extend(self.seats.parameters());
        Genesis { seed, parameters, ..Genesis::new(self.ecology.genesis(), PRODUCER) }
    }

    /// An ecology before its first step, and who looks at it.
    fn begin(&self, seed: u64, engine: &Engine) -> (Ecology, Observer) {
        let mut ecology = Ecology::new(&self.ecology, seed);
        ecology.seat(&self.seats);
        let observer = Observer::new(&ecology, engine, self.scales);
        (ecology, observer)
    }

    /// The seats, and from which spaces they choose.
    pub const fn seats(&self) -> &Seats {
        &self.seats
    }
}

/// The space of a type.
pub fn space(kind: Kind, maker: MakerActions) -> agents::learned::Space {
    use agents::learned::Space;
    match (kind, maker) {
        (Kind::Maker, MakerActions::Rule) => Space::MakerFlow,
        (Kind::Maker, MakerActions::Neutral) => Space::MakerNeutral,
        (Kind::Momentum, _) => Space::Momentum,
        (Kind::Value, _) => Space::Value,
        (Kind::Noise, _) => Space::Noise,
    }
}

/// A life of an environment.
#[derive(Debug)]
pub struct Life<M> {
    /// Number of the environment, from 0.
    pub environment: u32,
    /// Number of the life, from 1.
    pub life: u32,
    /// Seed of its market.
    pub seed: u64,
    length: u64,
    ecology: Ecology,
    recorder: Recorder<M>,
    observer: Observer,
    scales: [f64; Kind::ALL.len()],
    tally: Tally,
}

impl<M: Medium> Life<M> {
    /// Begins a life in a market of this seed, on a log that has the genesis of [`World::genesis`] and
    /// no entry yet.
    pub fn begin(world: &World, seed: u64, number: (u32, u32), recorder: Recorder<M>) -> Self {
        let (ecology, observer) = world.begin(seed, recorder.engine());
        Self::of(world, seed, number, (ecology, observer), recorder)
    }

    /// Goes on with a life of which so many steps are done, and whose log ends with them. The market is
    /// carried out once more with what policies chose according to the log, and compared with it,
    /// entry by entry.
    ///
    /// * `told` - reads the log from its start, `played` plays it.
    /// * `resume` - makes a recorder of the played log.
    ///
    /// # Errors
    /// [`ResumeError`].
    pub fn resume<R: Read>(
        world: &World,
        number: (u32, u32),
        steps: u64,
        told: Reader<R>,
        mut played: Player<R>,
        resume: impl FnOnce(Player<R>) -> Result<Recorder<M>, String>,
    ) -> Result<Self, ResumeError> {
        let seed = told.header().genesis.seed;
        let mut told = Told::new(told)?;
        let (mut ecology, mut observer) = world.begin(seed, played.engine());
        let clients: Vec<_> = ecology.seated().map(|(client, ..)| client).collect();
        let mut venue = Repeat::new(&mut played);
        while ecology.steps() < steps {
            let step = told.next_step()?;
            ecology.choose(clients.iter().map(|client| step.of(*client)));
            ecology.step(&mut venue)?;
            observer.look(&ecology, venue.engine(), world.scales);
        }
        venue.expect_nothing()?;
        let recorder = resume(played).map_err(ResumeError::Recorder)?;
        Ok(Self::of(world, seed, number, (ecology, observer), recorder))
    }

    fn of(
        world: &World,
        seed: u64,
        (environment, life): (u32, u32),
        (ecology, observer): (Ecology, Observer),
        recorder: Recorder<M>,
    ) -> Self {
        Self {
            environment,
            life,
            seed,
            length: world.steps(environment, life),
            tally: Tally::new(&ecology),
            ecology,
            recorder,
            observer,
            scales: world.scales,
        }
    }

    /// Carries out one step in which each seat does what is chosen for it.
    ///
    /// # Errors
    /// Those of the media.
    pub fn step(
        &mut self,
        choices: impl IntoIterator<Item = Option<Choice>>,
    ) -> Result<(), LogError> {
        self.ecology.choose(choices);
        self.ecology.step(&mut self.recorder)?;
        self.observer.look(&self.ecology, self.recorder.engine(), self.scales);
        self.tally.count(&self.ecology, &self.observer, self.recorder.engine());
        Ok(())
    }

    /// Whether all steps of this life are done.
    pub const fn is_over(&self) -> bool {
        self.length <= self.ecology.steps()
    }

    /// Steps that are done.
    pub const fn steps(&self) -> u64 {
        self.ecology.steps()
    }

    /// The seats: who sits there, and its type.
    pub fn seats(&self) -> impl Iterator<Item = (ClientId, Kind)> {
        self.ecology.seated().map(|(client, kind, _)| (client, kind))
    }

    /// What each seat sees now.
    pub fn observations(&self) -> &[Observation] {
        self.observer.observations()
    }

    /// What a central critic sees of each seat now.
    pub fn states(&self) -> &[State] {
        self.observer.states()
    }

    /// What the last step brought to each seat.
    pub fn pays(&self) -> &[Pay] {
        self.observer.pays()
    }

    /// Whether each seat looked at the market in the last step.
    pub fn acted(&self) -> impl Iterator<Item = bool> {
        self.ecology.acted()
    }

    /// What came nearest to what each seat's rule did in the last step.
    pub fn labels(&self) -> impl Iterator<Item = Option<Label>> {
        self.ecology.labels()
    }

    /// What the market has been like, and forgets it.
    pub fn take_tally(&mut self) -> Tally {
        let fresh = Tally::new(&self.ecology);
        std::mem::replace(&mut self.tally, fresh)
    }

    /// The ecology.
    pub const fn ecology(&self) -> &Ecology {
        &self.ecology
    }

    /// The market.
    pub fn engine(&self) -> &Engine {
        self.recorder.engine()
    }

    /// Where its log stands.
    pub fn place(&self) -> LogPlace {
        LogPlace { entry: self.recorder.entries(), head: self.recorder.head() }
    }

    /// The head over the entries so far.
    pub fn head(&self) -> Digest {
        self.recorder.head()
    }

    /// Returns once its log is durable so far.
    ///
    /// # Errors
    /// Those of the media.
    pub fn sync(&mut self) -> Result<(), LogError> {
        self.recorder.sync()
    }

    /// Ends its log.
    ///
    /// # Errors
    /// Those of the media.
    pub fn finish(self) -> Result<Finished, LogError> {
        self.recorder.finish()
    }
}
