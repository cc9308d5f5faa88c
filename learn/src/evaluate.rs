//! What policies and rules are worth: sampled policies in markets that training never saw.

use agents::stats::correlation::autocorrelation;
use agents::stats::moments::{excess_kurtosis, mean};
use agents::stats::tails::hill;
use agents::streams::Stream;
use agents::{Ecology, FAIR_VALUE_PER_TICK, Kind};
use kernel::Engine;
use replay::recorder::Finished;
use replay::{LogError, Recorder, SyncPolicy};

use crate::deciders::Deciders;
use crate::environment::{Life, World};
use crate::policy::Policy;
use crate::quality::Quality;
use crate::rollout::RolloutError;
use crate::trainer::Nowhere;

/// What one market came to, without its warm-up.
#[derive(Clone, Debug)]
pub struct Market {
    /// Its seed.
    pub seed: u64,
    /// Steps behind the warm-up.
    pub steps: f64,
    /// Means over its steps.
    pub quality: Quality,
    /// Of each type: gain at the mid and at the fair value, in tick·lots, and lots traded.
    pub gains: [Gain; Kind::ALL.len()],
    /// Excess kurtosis of one step's returns.
    pub kurtosis: f64,
    /// Autocorrelation of returns, lag 1.
    pub raw: f64,
    /// Autocorrelation of their sizes, lags 1 and 5.
    pub sizes: [f64; 2],
    /// Hill's tail index of the largest 2.5 % of their sizes.
    pub hill: f64,
    /// Root of the mean squared distance of the mid from the first one, in ticks.
    pub mid_drift: f64,
    /// The same of the fair value.
    pub fair_drift: f64,
    /// How its log ended.
    pub end: Finished,
}

/// What the agents of a type have gained together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gain {
    /// Cash and lots at the mid, in tick·lots.
    pub at_mid: f64,
    /// Cash and lots at the fair value.
    pub at_fair: f64,
    /// Lots traded.
    pub volume: f64,
}

impl Market {
    /// Every figure with its name, in the order of tables.
    pub fn figures(&self) -> Vec<(String, f64)> {
        let mut all = Vec::new();
        for (kind, gain) in Kind::ALL.into_iter().zip(&self.gains) {
            let name = kind.name();
            all.push((format!("{name}_gain"), gain.at_mid));
            all.push((format!("{name}_gain_at_fair"), gain.at_fair));
            all.push((format!("{name}_volume"), gain.volume / self.steps.max(1.0)));
            all.push((format!("{name}_gain_per_lot"), gain.at_mid / gain.volume.max(1.0)));
        }
        let Quality { spread, tracking, volume, made, quoted, frozen, volatility, .. } =
            self.quality;
        let [size_1, size_5] = self.sizes;
        let rest = [
            ("volume", volume),
            ("made", made),
            ("spread", spread),
            ("quoted", quoted),
            ("frozen", frozen),
            ("volatility", volatility),
            ("kurtosis", self.kurtosis),
            ("acf_raw_1", self.raw),
            ("acf_size_1", size_1),
            ("acf_size_5", size_5),
            ("hill", self.hill),
            ("tracking", tracking),
            ("mid_drift", self.mid_drift),
            ("fair_drift", self.fair_drift),
        ];
        all.extend(rest.map(|(name, figure)| (name.to_owned(), figure)));
        all
    }
}

/// One market under way.
struct Watched {
    life: Life<Nowhere>,
    mids: Vec<f64>,
    fairs: Vec<f64>,
    before: [Gain; Kind::ALL.len()],
    traded: [f64; Kind::ALL.len()],
}

/// Lets policies decide in a market of each seed, side by side. Each market has its own stream of
/// draws, named by its seed, so one market does not depend on which others are looked at.
///
/// * `steps`, `warm_up` - length of each market, and how many of its first steps count for nothing.
///
/// # Errors
/// [`RolloutError`].
pub fn evaluate(
    world: &World,
    policies: &[Policy],
    seeds: impl IntoIterator<Item = u64>,
    steps: u64,
    warm_up: u64,
) -> Result<Vec<Market>, RolloutError> {
    let begun = seeds.into_iter().map(|seed| Watched::begin(world, seed));
    let mut markets = begun.collect::<Result<Vec<_>, _>>()?;
    let mut deciders = Deciders::new(markets.iter().map(|market| &market.life), policies);
    let mut draws: Vec<_> =
        markets.iter().map(|market| Stream::new(market.life.seed, "evaluation")).collect();
    for step in 1..=steps {
        let lives = markets.iter().map(|market| &market.life);
        deciders.decide(&lives, policies, &mut draws, |_, _, _| ())?;
        for (market, choices) in markets.iter_mut().zip(deciders.choices()) {
            market.life.step(choices)?;
            market.see(step, warm_up);
        }
    }
    markets.into_iter().map(|it| it.finish().map_err(RolloutError::from)).collect()
}

impl Watched {
    fn begin(world: &World, seed: u64) -> Result<Self, LogError> {
        let genesis = world.genesis(seed, 0, 1);
        let recorder = Recorder::create(&genesis, Nowhere, Nowhere, SyncPolicy::None)?;
        let life = Life::begin(world, seed, (0, 1), recorder);
        Ok(Self {
            mids: vec![mid(life.ecology())],
            fairs: vec![fair(life.ecology())],
            before: gains(life.ecology(), life.engine()),
            traded: [0.0; Kind::ALL.len()],
            life,
        })
    }

    /// Looks at the end of a step.
    fn see(&mut self, step: u64, warm_up: u64) {
        let ecology = self.life.ecology();
        let (mid, fair) = (mid(ecology), fair(ecology));
        if step <= warm_up {
            (self.mids, self.fairs) = (vec![mid], vec![fair]);
            if step == warm_up {
                self.before = gains(ecology, self.life.engine());
                self.traded = [0.0; Kind::ALL.len()];
                self.life.take_tally();
            }
            return;
        }
        self.mids.push(mid);
        self.fairs.push(fair);
        for (sum, kind) in self.traded.iter_mut().zip(Kind::ALL) {
            *sum += real(ecology.traded(kind));
        }
    }

    fn finish(mut self) -> Result<Market, LogError> {
        let tally = self.life.take_tally();
        let (steps, quality) = (tally.steps, tally.quality());
        let after = gains(self.life.ecology(), self.life.engine());
        let mut all = [Gain::default(); Kind::ALL.len()];
        for (kind, gain) in all.iter_mut().enumerate() {
            *gain = Gain {
                at_mid: after[kind].at_mid - self.before[kind].at_mid,
                at_fair: after[kind].at_fair - self.before[kind].at_fair,
                volume: self.traded[kind],
            };
        }
        let logs: Vec<_> = self.mids.iter().map(|mid| libm::log(*mid)).collect();
        let returns: Vec<_> = logs.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let sizes: Vec<_> = returns.iter().map(|it| it.abs()).collect();
        let acf = |series: &[f64], lag| autocorrelation(series, lag).unwrap_or(f64::NAN);
        Ok(Market {
            seed: self.life.seed,
            steps,
            quality,
            gains: all,
            kurtosis: excess_kurtosis(&returns).unwrap_or(f64::NAN),
            raw: acf(&returns, 1),
            sizes: [acf(&sizes, 1), acf(&sizes, 5)],
            hill: hill(&sizes, 25).map_or(f64::NAN, |hill| hill.alpha),
            mid_drift: drift(&self.mids),
            fair_drift: drift(&self.fairs),
            end: self.life.finish()?,
        })
    }
}

fn mid(ecology: &Ecology) -> f64 {
    real(ecology.market().features().mid_half_ticks) * 0.5
}

fn fair(ecology: &Ecology) -> f64 {
    real(ecology.fair_value().value()) / real(FAIR_VALUE_PER_TICK)
}

/// What the types have by now.
fn gains(ecology: &Ecology, engine: &Engine) -> [Gain; Kind::ALL.len()] {
    let mut all = [Gain::default(); Kind::ALL.len()];
    for (client, kind) in ecology.agents() {
        let account = engine.account(client);
        let cash = real(i64::try_from(account.cash).unwrap_or(i64::MAX)) / CASH_PER_TICK_LOT;
        let gain = &mut all[kind as usize];
        gain.at_mid += cash + real(account.position) * mid(ecology);
        gain.at_fair += cash + real(account.position) * fair(ecology);
    }
    all
}

/// Units of cash in a tick·lot.
const CASH_PER_TICK_LOT: f64 = 10_000.0;

/// Root of the mean squared distance from the first.
fn drift(series: &[f64]) -> f64 {
    let first = series.first().copied().unwrap_or(0.0);
    let squares: Vec<_> = series.iter().map(|it| (it - first) * (it - first)).collect();
    mean(&squares).unwrap_or(0.0).sqrt()
}

#[expect(clippy::cast_precision_loss, reason = "ticks, lots and cash are far below 2^53")]
fn real(number: i64) -> f64 {
    number as f64
}
