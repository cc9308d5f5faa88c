//! The game: episodes of an adversarial market, carried out through a venue.

use kernel::{OrderId, Venue};

use super::arbitrageur::Arbitrageur;
use super::desk::{Desk, Ticket};
use super::episode::Episode;
use super::flow::Flow;
use super::law::{Law, Order};
use super::maker::Maker;
use super::prices::Prices;
use super::reward::Pay;
use super::settings::Settings;
use super::tape::Tape;
use super::trader::Trader;
use super::{EPISODE_MARK, policy};

mod arrive;
mod close;
mod react;
mod timing;

pub use react::Reactions;
use timing::Timing;

/// A run of episodes.
///
/// Its state follows from settings, seed and what the venue answers; a clone goes its own way.
#[derive(Clone, Debug)]
pub struct Game {
    settings: Settings,
    seed: u64,
    law: Law,
    trader: Trader,
    maker: Maker,
    arbitrageur: Arbitrageur,
    timing: Timing,
    desk: Desk,
    /// Orders on their way.
    arriving: Vec<(u64, Ticket, Order)>,
    /// The maker's orders, dead ones among them.
    quotes: Vec<OrderId>,
    episode: Episode,
    is_open: bool,
    /// What the leakage of an episode costs as one number: mean ln 2b at the ends so far.
    leaked: (f64, u64),
    /// Standard deviation of the noise's net lots over an episode, and its mean number of orders.
    flow_scale: (f64, f64),
}

impl Game {
    /// The game of these settings, all draws from this master seed.
    pub fn new(settings: &Settings, seed: u64) -> Self {
        let law = Law::new(settings);
        let orders = settings.noise_orders() * settings.steps.to_f64();
        let scale = libm::sqrt(law.mean_square() * orders);
        Self {
            flow_scale: (if scale == 0.0 { 1.0 } else { scale }, orders),
            settings: settings.clone(),
            seed,
            episode: Episode::new(settings, law.mean_lots(), seed, 0, Some(false)),
            law,
            trader: Trader::new(settings),
            maker: Maker::new(settings),
            arbitrageur: Arbitrageur::new(settings),
            timing: Timing::new(settings),
            desk: Desk::new(),
            arriving: Vec::new(),
            quotes: Vec::new(),
            is_open: false,
            leaked: (0.0, 0),
        }
    }

    /// The settings.
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Number of the present episode, from 1; 0 before the first.
    pub const fn episode(&self) -> u64 {
        self.episode.number
    }

    /// Steps of the present episode that have ended.
    pub const fn step(&self) -> u64 {
        self.episode.step
    }

    /// Steps of all episodes that have ended.
    pub const fn steps(&self) -> u64 {
        let before = self.episode.number.saturating_sub(1);
        before.saturating_mul(self.timing.steps()).saturating_add(self.episode.step)
    }

    /// Steps of all episodes there will be.
    pub fn length(&self) -> u64 {
        self.settings.episodes().saturating_mul(self.timing.steps())
    }

    /// Whether an episode has begun and not been closed.
    pub const fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether the present episode is of type z = 1: what nobody but the trader knows.
    pub const fn is_informed(&self) -> bool {
        self.episode.is_informed
    }

    /// The public flow of the present episode.
    pub const fn flow(&self) -> &Flow {
        &self.episode.flow
    }

    /// What is seen of the book.
    pub const fn prices(&self) -> &Prices {
        &self.episode.prices
    }

    /// The fundamental, in ticks, which noise reads.
    pub const fn fundamental(&self) -> f64 {
        self.episode.fundamental
    }

    /// The episode's state.
    pub(super) const fn state(&self) -> &Episode {
        &self.episode
    }

    /// The last trades and moves of the episode.
    pub(super) const fn tape(&self) -> &Tape {
        &self.desk.tape
    }

    /// Lots bought less lots sold by takers in the last step.
    pub(super) const fn prints(&self) -> i64 {
        self.desk.prints
    }

    /// Share of the episode that is over.
    pub(super) fn elapsed(&self) -> f64 {
        close::to_f64(self.episode.step) / self.settings.steps.to_f64()
    }

    /// Mean lots of a noise order.
    pub(super) const fn mean_lots(&self) -> f64 {
        self.law.mean_lots()
    }

    /// Standard deviation of the noise's net lots over an episode, and its mean number of orders.
    pub(super) const fn flow_scale(&self) -> (f64, f64) {
        self.flow_scale
    }

    /// Price levels of a side in published observations.
    pub(super) fn levels(&self) -> usize {
        usize::try_from(self.settings.view_levels.whole()).unwrap_or(0)
    }

    /// The belief after the last step.
    pub const fn belief(&self) -> f64 {
        self.episode.belief
    }

    /// Carries out the next step by the rules alone, and what begins or ends with it; `None` when all
    /// episodes are done.
    ///
    /// # Errors
    /// The venue's; the game has then stopped in the middle of a step and cannot go on.
    pub fn advance<V: Venue>(&mut self, venue: &mut V) -> Result<Option<Pay>, V::Error> {
        if !self.is_open {
            if self.settings.episodes() <= self.episode.number {
                return Ok(None);
            }
            self.begin(venue, None)?;
        }
        self.arrive(venue, None)?;
        let pay = self.react(venue, &Reactions::default())?;
        if self.episode.step == self.settings.steps() {
            self.close(venue)?;
        }
        Ok(Some(pay))
    }

    /// Begins the next episode: noise fills the book, the maker quotes on the prior. The type is drawn
    /// unless it is given.
    ///
    /// # Errors
    /// The venue's.
    pub fn begin<V: Venue>(
        &mut self,
        venue: &mut V,
        is_informed: Option<bool>,
    ) -> Result<(), V::Error> {
        let number = self.episode.number + 1;
        let mean_lots = self.law.mean_lots();
        let mut flow = std::mem::take(&mut self.episode.flow);
        flow.clear();
        self.episode = Episode::new(&self.settings, mean_lots, self.seed, number, is_informed);
        // Its memory is used again.
        self.episode.flow = flow;
        self.is_open = true;
        self.desk.begin_step();
        self.desk.tape.clear();
        let time = self.timing.begin(number);
        self.desk.clock(venue, time, self.timing.step(number, 0))?;
        venue.mark(EPISODE_MARK, number)?;
        let (z, mode) = (i64::from(self.episode.is_informed), self.settings.mode as i64);
        let action = [z, mode, self.settings.lots()];
        self.desk.note(venue, (0, policy::TYPE), &action, (0, 0), None)?;
        self.fill_book(venue)?;
        self.episode.prices.look(venue.engine());
        let sight = self.maker_sight(0);
        let quotes = self.maker.decide(&sight);
        let seen = self.episode.prices;
        self.quote(venue, &quotes, 0, seen)?;
        self.episode.prices.look(venue.engine());
        self.episode.mid_before = self.episode.prices.mid_half_ticks;
        self.episode.arrival = self.episode.prices.mid_half_ticks;
        self.episode.open_accounts(venue.engine());
        Ok(())
    }
}
