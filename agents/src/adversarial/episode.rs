//! One episode: its draws, and what the players remember of it.

use kernel::{AccountView, ClientId, Engine, Position, Side};

use super::belief::{Belief, Knowledge};
use super::flow::Flow;
use super::law::WORDS;
use super::prices::Prices;
use super::reward::{Adverse, Habit};
use super::settings::{BeliefPolicy, Mode, Settings};
use super::trader::{Draws, Seat};
use super::{ARBITRAGEUR, CLIENTS_MAX, MAKER, TRADER};
use crate::draws;
use crate::number;
use crate::streams::Stream;

/// The state of an episode.
#[derive(Clone, Debug)]
pub(super) struct Episode {
    /// From 1.
    pub(super) number: u64,
    /// Steps that have ended.
    pub(super) step: u64,
    pub(super) is_informed: bool,
    pub(super) seat: Seat,
    streams: Streams,
    pub(super) fundamental: f64,
    pub(super) prices: Prices,
    /// Twice the mid before the step's orders.
    pub(super) mid_before: i64,
    /// Twice the mid before the first step.
    pub(super) arrival: i64,
    pub(super) flow: Flow,
    pub(super) belief: f64,
    /// What an observer knows who counts buys; `None` where their number says nothing.
    count: Option<Belief>,
    /// The belief behind the maker's quotes.
    pub(super) quoted: f64,
    /// Mean squared move of the mid in a step, in ticks².
    pub(super) variance: f64,
    /// Lots that others than the trader's place traded.
    pub(super) volume_of_others: i64,
    /// Lots that the trader's place traded.
    pub(super) executed: i64,
    /// Step in which the arbitrageur traded last.
    pub(super) sniped: u64,
    pub(super) adverse: Adverse,
    pub(super) habit: Habit,
    /// Symbol of the trader's last step.
    pub(super) symbol: usize,
    /// Positions before the first step, by client.
    positions: [Position; CLIENTS_MAX as usize],
    /// Wealth of maker and arbitrageur when last looked at, in half-ticks × 10,000.
    wealth: [i128; 2],
}

/// One stream for each consumer.
#[derive(Clone, Debug)]
struct Streams {
    arrivals: Stream,
    noise: Stream,
    fundamental: Stream,
    trader: Stream,
}

/// What the mean squared move is taken to be before anything moved, in ticks², and how slowly it follows.
const VARIANCE_FIRST: f64 = 1.0;
const VARIANCE_DECAY: f64 = 0.95;

impl Episode {
    /// The episode of this number under a master seed; its type drawn unless it is given.
    ///
    /// Mean lots of a noise order are given.
    pub(super) fn new(
        settings: &Settings,
        mean_lots: f64,
        seed: u64,
        number: u64,
        is_informed: Option<bool>,
    ) -> Self {
        let stream = |name: &str| Stream::new(seed, &format!("adversarial/{number}/{name}"));
        let (share, prior) = (settings.informed.to_f64(), settings.belief_prior.to_f64());
        let is_informed =
            is_informed.unwrap_or_else(|| draws::happens(stream("type").words::<1>()[0], share));
        let price = settings.price.whole();
        let count = match (settings.belief_policy, settings.mode) {
            (BeliefPolicy::Bayes, Mode::Silent) => {
                Belief::new(&knowledge(settings, mean_lots)).ok()
            }
            (BeliefPolicy::Bayes | BeliefPolicy::Prior, _) => None,
        };
        Self {
            number,
            step: 0,
            is_informed,
            seat: Seat::of(is_informed, settings),
            streams: Streams {
                arrivals: stream("arrivals"),
                noise: stream("noise"),
                fundamental: stream("fundamental"),
                trader: stream("trader"),
            },
            fundamental: number::from_integer(price),
            prices: Prices::around(price),
            mid_before: 2 * price,
            arrival: 2 * price,
            flow: Flow::default(),
            belief: prior,
            count,
            quoted: prior,
            variance: VARIANCE_FIRST,
            volume_of_others: 0,
            executed: 0,
            sniped: 0,
            adverse: Adverse::new(settings.maker_horizon.whole()),
            habit: Habit::new(),
            symbol: 0,
            positions: [0; CLIENTS_MAX as usize],
            wealth: [0; 2],
        }
    }

    /// Words for the number of noise orders in a step.
    pub(super) fn arrivals(&mut self) -> u64 {
        self.streams.arrivals.words::<1>()[0]
    }

    /// Words of the next noise order.
    pub(super) fn noise(&mut self) -> [u64; WORDS] {
        self.streams.noise.words()
    }

    /// Words of the trader's place for a step.
    pub(super) fn draws(&mut self) -> Draws {
        let [act] = self.streams.trader.words();
        Draws { act, order: self.streams.trader.words() }
    }

    /// Counts the buys of the step that the flow holds, and believes accordingly.
    pub(super) fn count_buys(&mut self, refreshes: bool) -> f64 {
        let Some(count) = &mut self.count else { return self.belief };
        let buys = self.flow.fresh().iter().filter(|token| token.side == Side::Buy);
        buys.for_each(|_| count.buy());
        count.step();
        if refreshes { count.probability() } else { self.belief }
    }

    /// Moves the fundamental, which is pulled back to where it began (Ornstein and Uhlenbeck, in
    /// discrete time).
    pub(super) fn move_fundamental(&mut self, settings: &Settings) {
        let [word] = self.streams.fundamental.words();
        let away = self.fundamental - settings.price.to_f64();
        self.fundamental += settings.fundamental_volatility.to_f64() * draws::normal(word)
            - settings.fundamental_reversion.to_f64() * away;
    }

    /// Remembers what everybody holds before the first step.
    pub(super) fn open_accounts(&mut self, engine: &Engine) {
        for (client, position) in (0..).zip(&mut self.positions) {
            *position = engine.account(ClientId(client)).position;
        }
        self.gains(engine, self.prices.mid_half_ticks);
    }

    /// Lots that a client has bought more than it sold in this episode.
    pub(super) fn inventory(&self, account: &AccountView) -> Position {
        let slot = usize::try_from(account.client.0).unwrap_or(0);
        account.position - self.positions.get(slot).copied().unwrap_or(0)
    }

    /// What maker and arbitrageur gained since the last look, their lots at twice this price; in
    /// tick·lots. Only what was traded in the episode counts as held.
    pub(super) fn gains(&mut self, engine: &Engine, twice: i64) -> [f64; 2] {
        let mut gains = [0.0; 2];
        for (place, client) in [MAKER, ARBITRAGEUR].into_iter().enumerate() {
            let account = engine.account(client);
            let held = i128::from(self.inventory(&account)) * i128::from(twice);
            let wealth = 2 * account.cash + held * kernel::CASH_PER_TICK_LOT;
            let gained = wealth - self.wealth[place];
            self.wealth[place] = wealth;
            // Exact: far below 2^53.
            let gained = i64::try_from(gained).unwrap_or(i64::MAX);
            gains[place] = number::from_integer(gained) / UNITS;
        }
        gains
    }

    /// Lots of the parent order that neither traded nor rest.
    pub(super) fn free(&self, settings: &Settings, engine: &Engine) -> i64 {
        let account = engine.account(TRADER);
        settings.lots() - self.executed - account.open_buy - account.open_sell
    }

    /// Ends a step: how far the mid moved in it.
    pub(super) fn remember_move(&mut self) {
        let moved = number::from_integer(self.prices.mid_half_ticks - self.mid_before) * 0.5;
        self.variance += (1.0 - VARIANCE_DECAY) * (moved * moved - self.variance);
    }
}

/// What an observer knows who counts buys.
fn knowledge(settings: &Settings, mean_size: f64) -> Knowledge {
    let count = |whole: i64| u32::try_from(whole).unwrap_or(u32::MAX);
    Knowledge {
        lots: count(settings.lots()),
        mean_size,
        rate: settings.noise_orders(),
        steps: count(settings.steps.whole()),
        prior: settings.belief_prior.to_f64(),
    }
}

/// Twice the units of cash in a tick·lot.
const UNITS: f64 = 20_000.0;
