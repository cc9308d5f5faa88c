//! The market of fixed rules: who acts when, and how decisions reach the venue.

use kernel::{ClientId, Command, Decision, Event, Reference, Step, TimeNs, Venue};

use crate::agent::{Kind, STEP_NS, Sight, Turn};
use crate::config::Config;
use crate::fair_value::FairValue;
use crate::features::Holdings;
use crate::market::Market;
use crate::number;
use crate::schedule::{Happening, Schedule};

mod agent;
mod amend;
mod seated;
pub(crate) use seated::Own;

use agent::{Agent, Presence, Rule};

/// Agent of decisions that are nobody's: the fair value's and the order of turns.
pub const NATURE: u32 = 0;
/// Policy of the decision that tells the fair value: one integer, in 1/256 tick.
pub const FAIR_VALUE_POLICY: u32 = 1;
/// Policy of the decision that tells the order of turns: every agent's client number, first to
/// last.
pub const TURNS_POLICY: u32 = 2;

/// A population of fixed-rule agents, and the world they live in.
///
/// Its state follows from configuration, seed and what the venue answers; a clone goes its own way.
#[derive(Clone, Debug)]
pub struct Ecology {
    step: u64,
    /// Steps of the whole run.
    length: u64,
    schedule: Schedule,
    /// Entries of the schedule that were carried out.
    scheduled: usize,
    /// Whether the agents of a type have left, by type.
    are_away: [bool; Kind::ALL.len()],
    /// How many agents of each type a change of rules is about: those that take part now or may
    /// later, by what is known so far.
    known: [u32; Kind::ALL.len()],
    fair: FairValue,
    market: Market,
    holdings: Holdings,
    agents: Vec<Agent>,
    turn: Turn,
    /// Sort key of each agent's turn, its place among the agents in the last bits.
    keys: Vec<u64>,
    turns: Vec<i32>,
}

/// Low bits of a sort key that hold the agent's place: more than there can be agents.
const PLACE_MASK: u64 = 0xFFF;

impl Ecology {
    /// The population of a configuration, all draws from this master seed.
    pub fn new(config: &Config, seed: u64) -> Self {
        Self::with_room(config, seed, Kind::ALL.map(|kind| config.count_ever(kind)))
    }

    /// The same with silent agents that something unknown to the configuration may call: so many of
    /// each type in all. They change nobody's draws or turns.
    pub(crate) fn with_room(config: &Config, seed: u64, counts: [u32; Kind::ALL.len()]) -> Self {
        let members = config.agents_among(counts);
        let agents: Vec<_> = members.map(|member| Agent::new(config, seed, member)).collect();
        Self {
            step: 0,
            length: config.steps(),
            schedule: config.schedule.clone(),
            scheduled: 0,
            are_away: [false; Kind::ALL.len()],
            known: Kind::ALL.map(|kind| config.count_ever(kind)),
            fair: FairValue::new(config, seed),
            market: Market::new(config),
            holdings: Holdings::new(),
            keys: Vec::with_capacity(agents.len()),
            turns: Vec::with_capacity(agents.len()),
            agents,
            turn: Turn::new(),
        }
    }

    /// Steps carried out.
    pub const fn steps(&self) -> u64 {
        self.step
    }

    /// Steps of the whole run.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The fair value, which only value agents see.
    pub const fn fair_value(&self) -> &FairValue {
        &self.fair
    }

    /// What everybody sees.
    pub const fn market(&self) -> &Market {
        &self.market
    }

    /// The agents, ascending by client; those that are yet to join or have left for good
    /// are not among them.
    pub fn agents(&self) -> impl Iterator<Item = (ClientId, Kind)> {
        let here = self.agents.iter().filter(|agent| agent.presence == Presence::Here);
        here.map(|agent| (agent.client, agent.kind))
    }

    /// How many agents of each type are there, have left or can be called.
    pub(crate) fn room(&self) -> [u32; Kind::ALL.len()] {
        let ours = |kind| self.agents.iter().map(move |agent| u32::from(agent.kind == kind)).sum();
        Kind::ALL.map(ours)
    }

    /// Carries out one step, one second of logical time: the clock, what is scheduled, the fair
    /// value, then every agent's turn on the live book, in random order. What is scheduled is marked.
    /// Fair value and order are noted as decisions, and so is every turn that causes commands, ahead
    /// of them.
    ///
    /// The order of turns is that of the first words of the agents' own streams, so that one more
    /// agent changes nobody's place among the others.
    ///
    /// Between steps the venue may take other commands, such as changes of rules; in the middle of one
    /// only the ecology's, because makers know their quotes by the order in which they were placed.
    ///
    /// Cost: about 17 commands and 9 decisions for the default population; nothing is allocated once
    /// the longest turn has been seen.
    ///
    /// # Errors
    /// The venue's; the ecology has then stopped in the middle of a step and cannot go on.
    pub fn step<V: Venue>(&mut self, venue: &mut V) -> Result<(), V::Error> {
        self.step += 1;
        let time = TimeNs(self.step.saturating_mul(STEP_NS));
        let events = venue.submit(Command::Clock { time, step: Step(self.step) })?;
        count(events, self.step, &mut self.market, &mut self.holdings);
        let before = self.scheduled;
        self.follow_schedule(venue)?;
        self.fair.advance();
        for entry in &self.schedule.entries()[before..self.scheduled] {
            if let Happening::Shock { factor, ticks } = entry.what {
                self.fair.shock(factor.to_f64(), ticks.to_f64());
            }
        }
        let fair_value = [number::narrow(self.fair.value())];
        venue.note(nature(FAIR_VALUE_POLICY, &fair_value))?;
        self.order_turns();
        venue.note(nature(TURNS_POLICY, &self.turns))?;
        for turn in 0..self.keys.len() {
            self.take_turn(self.keys[turn], venue)?;
        }
        self.market.close(venue.engine());
        Ok(())
    }

    /// Marks and carries out what is scheduled for this step, but for shocks of the fair value, which
    /// is yet to move.
    fn follow_schedule<V: Venue>(&mut self, venue: &mut V) -> Result<(), V::Error> {
        while let Some(entry) = self.schedule.entries().get(self.scheduled)
            && entry.step <= self.step
        {
            self.scheduled += 1;
            venue.mark(entry.what.mark(), self.scheduled.try_into().unwrap_or(u64::MAX))?;
            match entry.what {
                Happening::Leave(kind) => self.are_away[kind as usize] = true,
                Happening::Return(kind) => self.are_away[kind as usize] = false,
                Happening::Join(kind, count) => {
                    join(&mut self.agents, kind, count);
                }
                Happening::Exempt(..) | Happening::Rule(_) | Happening::Uncross => {
                    let is_known = |agent: &&Agent| agent.index < self.known[agent.kind as usize];
                    let seats = self.agents.iter().filter(is_known).map(Agent::seat);
                    for command in entry.what.commands(seats) {
                        let events = venue.submit(command)?;
                        count(events, self.step, &mut self.market, &mut self.holdings);
                    }
                }
                Happening::Shock { .. } | Happening::Mark(_) => {}
            }
        }
        Ok(())
    }

    /// Gives every agent its draws and sorts their turns.
    fn order_turns(&mut self) {
        self.keys.clear();
        for (place, agent) in (0..).zip(&mut self.agents) {
            agent.forget();
            let key = agent.begin(&self.market, &self.fair);
            if agent.has_turns() {
                self.keys.push((key & !PLACE_MASK) | place);
            }
        }
        self.keys.sort_unstable();
        self.turns.clear();
        for key in &self.keys {
            let client = self.agents[place(*key)].client;
            self.turns.push(number::narrow(client.0.into()));
        }
    }

    fn take_turn<V: Venue>(&mut self, key: u64, venue: &mut V) -> Result<(), V::Error> {
        let agent = &mut self.agents[place(key)];
        let is_leaving = agent.presence == Presence::Leaving;
        if is_leaving {
            agent.presence = Presence::Gone;
        }
        let is_away = is_leaving || self.are_away[agent.kind as usize];
        if !is_away && !agent.acts() {
            agent.pass();
            return Ok(());
        }
        let engine = venue.engine();
        self.market.look(engine);
        let sight = Sight::new(engine, &self.market, agent.client, agent.endowment);
        self.turn.begin(agent.client, agent.kind, agent.references, engine.placed());
        if is_away {
            agent.pass();
            agent.leave(&sight, &mut self.turn);
        } else {
            agent.decide(&sight, &mut self.turn);
            agent.remember(&sight, &self.turn);
        }
        if self.turn.commands().is_empty() && !self.turn.is_chosen() {
            return Ok(());
        }
        agent.references = self.turn.references();
        venue.note(self.turn.decision())?;
        for command in self.turn.commands() {
            let events = venue.submit(*command)?;
            count(events, self.step, &mut self.market, &mut self.holdings);
        }
        Ok(())
    }
}

/// The next agents of a type come.
fn join(agents: &mut [Agent], kind: Kind, count: u32) {
    let is_next = |agent: &&mut Agent| agent.kind == kind && agent.presence == Presence::Waiting;
    let waiting = agents.iter_mut().filter(is_next);
    waiting.zip(0..count).for_each(|(agent, _)| agent.presence = Presence::Here);
}

/// Counts the fills of a command.
fn count(events: &[Event], step: u64, market: &mut Market, holdings: &mut Holdings) {
    for event in events {
        if let Event::Traded { maker_client, taker_client, taker_side, qty, .. } = event {
            market.count(*taker_side, qty.lots().into());
            holdings.trade(step, (*taker_client, *taker_side), *maker_client, *qty);
        }
    }
}

/// The place among the agents that a sort key holds.
fn place(key: u64) -> usize {
    usize::try_from(key & PLACE_MASK).unwrap_or(usize::MAX)
}

fn nature(policy: u32, action: &[i32]) -> Decision<'_> {
    Decision {
        agent: NATURE,
        policy,
        action,
        first_reference: Reference(0),
        commands: 0,
        observation: None,
    }
}
