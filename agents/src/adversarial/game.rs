//! The game: episodes of an adversarial market, carried out through a venue.

use kernel::{ClientId, Command, OrderId, Side, TimeInForce, TimeNs, Venue};

use super::arbitrageur::{Arbitrageur, ArbitrageurAction, ArbitrageurSight};
use super::desk::{Desk, Ticket};
use super::episode::Episode;
use super::flow::{Flow, Token};
use super::law::{Law, Order, Style};
use super::maker::{Ladder, Maker, MakerAction, MakerSight};
use super::prices::Prices;
use super::reward::{Habit, Pay};
use super::settings::{Leakage, Settings};
use super::tape::Tape;
use super::trader::{Progress, Trader, TraderAction};
use super::{ARBITRAGEUR, BELIEF_UNITS, EPISODE_MARK, MAKER, NOISE, TRADER, policy};
use crate::number;

mod close;
mod timing;

use timing::Timing;

/// A belief is this far from 0 and 1 at least, a logit of 6: its logarithm is what leakage costs.
const BELIEF_MIN: f64 = 0.002_472_623;

/// What maker, arbitrageur and belief do in the second half of a step; by their rules where nothing is given.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reactions {
    /// Probability of type z = 1; brought within a logit of ±6, and no number counts as nothing given.
    pub belief: Option<f64>,
    /// What the arbitrageur does.
    pub arbitrageur: Option<ArbitrageurAction>,
    /// What the maker quotes.
    pub maker: Option<MakerAction>,
}

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
    /// Orders on their way, soonest last once sorted.
    arriving: Vec<(u64, Ticket, Order)>,
    /// The maker's orders, dead ones among them.
    quotes: Vec<OrderId>,
    episode: Episode,
    is_open: bool,
    /// What the leakage of an episode costs as one number: mean ln 2b at the ends so far.
    leaked: (f64, u64),
}

impl Game {
    /// The game of these settings, all draws from this master seed.
    pub fn new(settings: &Settings, seed: u64) -> Self {
        let law = Law::new(settings);
        Self {
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
    pub(super) fn flow_scale(&self) -> (f64, f64) {
        let orders = self.settings.noise_orders() * self.settings.steps.to_f64();
        let scale = libm::sqrt(self.law.mean_square() * orders);
        (if scale == 0.0 { 1.0 } else { scale }, orders)
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
        self.episode = Episode::new(&self.settings, mean_lots, self.seed, number, is_informed);
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
        self.quote(venue, &quotes, 0)?;
        self.episode.prices.look(venue.engine());
        self.episode.mid_before = self.episode.prices.mid_half_ticks;
        self.episode.arrival = self.episode.prices.mid_half_ticks;
        self.episode.open_accounts(venue.engine());
        Ok(())
    }

    /// The first half of a step: trader and noise decide, and their orders arrive. The trader, if it is
    /// informed, does as is given, or by its rule.
    ///
    /// # Errors
    /// The venue's.
    pub fn arrive<V: Venue>(
        &mut self,
        venue: &mut V,
        trader: Option<TraderAction>,
    ) -> Result<(), V::Error> {
        let episode = &mut self.episode;
        let step = episode.step + 1;
        self.desk.begin_step();
        let start = self.timing.start(episode.number, step);
        self.desk.clock(venue, start, self.timing.step(episode.number, step))?;
        episode.prices.look(venue.engine());
        episode.mid_before = episode.prices.mid_half_ticks;
        episode.flow.begin_step();
        episode.move_fundamental(&self.settings);
        let fundamental = number::round(episode.fundamental * 256.0);
        self.desk.note(venue, (0, policy::FUNDAMENTAL), &[fundamental], (0, 0), None)?;

        let draws = episode.draws();
        let free = episode.free(&self.settings, venue.engine());
        let progress = Progress { step: step - 1, free, volume: episode.volume_of_others };
        let order = match trader.filter(|_| episode.is_informed) {
            Some(action) => self.trader.order(&action, &progress, &self.law, &draws),
            None => self.trader.decide(episode.seat, &progress, &self.law, &draws),
        };
        let is_limit = |order: Order| matches!(order.style, Style::Limit(_));
        episode.symbol = Habit::symbol(order.map(|order| (order.lots, is_limit(order))));
        let observation = trader.and_then(|action| action.observation);
        if let Some(order) = order {
            self.send(TRADER, order, step);
        }
        let gap = self.episode.fundamental - self.episode.prices.mid();
        let word = self.episode.arrivals();
        for _ in 0..self.law.arrivals(word) {
            let order = self.law.order(self.episode.noise(), gap);
            self.send(NOISE, order, step);
        }
        self.deliver(venue, observation)
    }

    /// Puts an order of a customer on its way.
    fn send(&mut self, client: ClientId, order: Order, step: u64) {
        let number = self.episode.number;
        let time = self.timing.arrived(number, step).saturating_sub(order.early_ns);
        let tif = match order.style {
            Style::Market | Style::Collared(_) => TimeInForce::Ioc,
            Style::Limit(_) if order.life == 0 => TimeInForce::Gtc,
            Style::Limit(_) => TimeInForce::Gtt(TimeNs(
                self.timing.start(number, step + order.life.unsigned_abs()),
            )),
        };
        let ticket = Ticket {
            client,
            reference: self.desk.reference(client),
            side: order.side,
            lots: order.lots,
            price: self.episode.prices.worst(order.side, order.style),
            tif,
            post_only: false,
        };
        self.arriving.push((time, ticket, order));
    }

    /// The orders of customers arrive, ordered by time, client and reference.
    fn deliver<V: Venue>(
        &mut self,
        venue: &mut V,
        observation: Option<[u8; 8]>,
    ) -> Result<(), V::Error> {
        let (number, step) = (self.episode.number, self.episode.step + 1);
        let (begin, clock) = (self.timing.begin(number), self.timing.step(number, step));
        self.arriving
            .sort_unstable_by_key(|(time, ticket, _)| (*time, ticket.client, ticket.reference));
        for (time, ticket, order) in self.arriving.drain(..) {
            self.desk.clock(venue, time, clock)?;
            let sign = if ticket.side == Side::Buy { 1 } else { -1 };
            let (kind, ticks) = match order.style {
                Style::Market => (0, 0),
                Style::Collared(ticks) => (1, ticks),
                Style::Limit(ticks) => (2, ticks),
            };
            let action = [sign * order.lots, kind, ticks, order.life];
            let observation = observation.filter(|_| ticket.client == TRADER);
            let who = (ticket.client.0, policy::CUSTOMER);
            self.desk.note(venue, who, &action, (ticket.reference, 1), observation)?;
            self.desk.place(venue, &ticket)?;
            self.episode.flow.push(Token::of(&order, step, time.saturating_sub(begin)));
        }
        self.desk.clock(venue, self.timing.arrived(number, step), clock)?;
        self.episode.prices.look(venue.engine());
        Ok(())
    }

    /// The second half of a step: belief, arbitrageur and maker look at the prints; then what they
    /// do arrives, each after its latency. Returns what the step paid.
    ///
    /// # Errors
    /// The venue's.
    pub fn react<V: Venue>(&mut self, venue: &mut V, given: &Reactions) -> Result<Pay, V::Error> {
        let (number, step) = (self.episode.number, self.episode.step + 1);
        let belief_before = self.episode.belief;
        let given_belief = given.belief.filter(|belief| !belief.is_nan());
        let belief = given_belief.unwrap_or_else(|| self.update_belief());
        self.episode.belief = belief.clamp(BELIEF_MIN, 1.0 - BELIEF_MIN);
        let units = number::round(self.episode.belief * f64::from(BELIEF_UNITS));
        self.desk.note(venue, (0, policy::BELIEF), &[units], (0, 0), None)?;

        let arbitrageur = given.arbitrageur.unwrap_or_else(|| {
            let account = venue.engine().account(ARBITRAGEUR);
            self.arbitrageur.decide(&ArbitrageurSight {
                inventory: self.episode.inventory(&account),
                held: step - self.episode.sniped,
                prints: self.desk.prints,
                lag: self.episode.belief - self.episode.quoted,
            })
        });
        let inventory = self.episode.inventory(&venue.engine().account(MAKER));
        let sight = self.maker_sight(inventory);
        let maker = given.maker.unwrap_or_else(|| self.maker.decide(&sight));
        let seen = self.episode.prices;
        let lag = self.episode.belief - self.episode.quoted;
        let clock = self.timing.step(number, step);
        for (time, client) in self.timing.reactions(number, step) {
            if client == MAKER {
                self.desk.clock(venue, time, clock)?;
                self.quote_at(venue, &maker, inventory, seen)?;
            } else {
                self.snipe(venue, &arbitrageur, seen, time)?;
            }
        }
        self.episode.prices.look(venue.engine());
        let (from, to) = (self.episode.mid_before, self.episode.prices.mid_half_ticks);
        self.desk.tape.moved(from, to);
        self.episode.remember_move();
        self.episode.step = step;
        Ok(self.pay(venue, belief_before, lag))
    }

    fn maker_sight(&self, inventory: i64) -> MakerSight {
        MakerSight {
            belief: self.episode.belief,
            inventory,
            left: self.settings.steps() - self.episode.step,
            variance: self.episode.variance,
        }
    }

    /// Quotes on what is seen now.
    fn quote<V: Venue>(
        &mut self,
        venue: &mut V,
        action: &MakerAction,
        inventory: i64,
    ) -> Result<(), V::Error> {
        let seen = self.episode.prices;
        self.quote_at(venue, action, inventory, seen)
    }

    /// Cancels the maker's quotes and places new ones around the prices that it saw.
    fn quote_at<V: Venue>(
        &mut self,
        venue: &mut V,
        action: &MakerAction,
        inventory: i64,
        seen: Prices,
    ) -> Result<(), V::Error> {
        let ladders =
            [Side::Buy, Side::Sell].map(|side| self.maker.ladder(action, side, inventory));
        let orders: i64 = ladders.iter().map(|ladder| ladder.levels).sum();
        self.quotes.retain(|order| venue.engine().is_live(*order));
        let commands = self.quotes.len() + usize::try_from(orders).unwrap_or(0);
        let commands = u32::try_from(commands).unwrap_or(u32::MAX);
        let integers = [action.bid, action.ask, action.bid_lots, action.ask_lots];
        let first = if orders == 0 { 0 } else { self.desk.next_reference(MAKER) };
        let who = (MAKER.0, policy::MAKER);
        self.desk.note(venue, who, &integers, (first, commands), action.observation)?;
        for order in self.quotes.drain(..) {
            self.desk.submit(venue, Command::Cancel { client: MAKER, order })?;
        }
        for ladder in ladders {
            self.place_ladder(venue, ladder, seen)?;
        }
        self.episode.quoted = self.episode.belief;
        Ok(())
    }

    fn place_ladder<V: Venue>(
        &mut self,
        venue: &mut V,
        ladder: Ladder,
        seen: Prices,
    ) -> Result<(), V::Error> {
        let Ladder { side, lots, .. } = ladder;
        let opposite = seen.opposite(side);
        for price in ladder.prices(seen) {
            // Nobody who is faster than the maker rests: what does not cross now will not cross then.
            // It may where a side is empty and the mid is old.
            let crosses = opposite.is_some_and(|opposite| match side {
                Side::Buy => opposite <= price,
                Side::Sell => price <= opposite,
            });
            let ticket = Ticket {
                client: MAKER,
                reference: self.desk.reference(MAKER),
                side,
                lots,
                price: Some(price),
                tif: TimeInForce::Gtc,
                post_only: crosses,
            };
            self.desk.place(venue, &ticket)?;
            self.quotes.push(OrderId(venue.engine().placed()));
        }
        Ok(())
    }

    /// The arbitrageur's order arrives, if there is one.
    fn snipe<V: Venue>(
        &mut self,
        venue: &mut V,
        action: &ArbitrageurAction,
        seen: Prices,
        time: u64,
    ) -> Result<(), V::Error> {
        let inventory = self.episode.inventory(&venue.engine().account(ARBITRAGEUR));
        let order = self.arbitrageur.order(action, &seen, inventory);
        let who = (ARBITRAGEUR.0, policy::ARBITRAGEUR);
        let Some((side, price, lots)) = order else {
            if action.observation.is_some() {
                self.desk.note(venue, who, &[0], (0, 0), action.observation)?;
            }
            return Ok(());
        };
        let (number, step) = (self.episode.number, self.episode.step + 1);
        self.desk.clock(venue, time, self.timing.step(number, step))?;
        let reference = self.desk.reference(ARBITRAGEUR);
        let signed = if side == Side::Buy { lots } else { -lots };
        self.desk.note(venue, who, &[signed], (reference, 1), action.observation)?;
        let ticket = Ticket {
            client: ARBITRAGEUR,
            reference,
            side,
            lots,
            price: Some(price),
            tif: TimeInForce::Ioc,
            post_only: false,
        };
        let before = self.desk.traded(ARBITRAGEUR).lots();
        self.desk.place(venue, &ticket)?;
        if before < self.desk.traded(ARBITRAGEUR).lots() {
            self.episode.sniped = step;
        }
        Ok(())
    }

    /// The belief by its rule.
    fn update_belief(&mut self) -> f64 {
        let every = self.settings.belief_refresh.whole().unsigned_abs();
        let refreshes = (self.episode.step + 1).is_multiple_of(every);
        self.episode.count_buys(refreshes)
    }

    /// Noise has filled the book before the episode.
    fn fill_book<V: Venue>(&mut self, venue: &mut V) -> Result<(), V::Error> {
        let (levels, lots) = (self.settings.book_levels.whole(), self.settings.book_lots.whole());
        for level in 1..=levels {
            for side in [Side::Buy, Side::Sell] {
                let [_, _, _, _, life, early] = self.episode.noise();
                let life = self.law.delivery(life, early).life;
                let price = self.episode.prices.beyond(side, -level);
                let tif = match life {
                    0 => TimeInForce::Gtc,
                    life => {
                        let end = self.timing.start(self.episode.number, life.unsigned_abs());
                        TimeInForce::Gtt(TimeNs(end))
                    }
                };
                let reference = self.desk.reference(NOISE);
                let price = Some(price);
                let client = NOISE;
                let ticket = Ticket { client, reference, side, lots, price, tif, post_only: false };
                self.desk.place(venue, &ticket)?;
            }
        }
        Ok(())
    }
}
