//! Seats of an ecology: agents for which a policy chooses.

use kernel::{ClientId, Engine};

use super::agent::{Agent, Chair, Learned};
use super::{Ecology, Rule};
use crate::agent::Kind;
use crate::features::Fills;
use crate::learned::{Choice, Label, Seat, Seats, Space};
use crate::market;
use crate::noise::CHOSEN_INVENTORY_MAX;

/// What an agent knows of itself at the end of a step.
pub(crate) struct Own {
    pub(crate) kind: Kind,
    /// Its number within the type.
    pub(crate) index: u32,
    /// Lots held, beyond the endowment.
    pub(crate) inventory: i64,
    /// Its limit, or what it is measured by.
    pub(crate) inventory_max: i64,
    /// Cash and lots at twice the mid, in 1/20,000 tick·lot.
    pub(crate) wealth: i128,
    /// Of the step.
    pub(crate) fills: Fills,
    /// Less the mid, in 1/256 tick: a maker's centre, a value trader's estimate; of a momentum trader
    /// the mid less its average.
    pub(crate) gap: i32,
}

impl Ecology {
    /// Gives types of agents to policies, or to rules that only their seats know. Before the first
    /// step.
    pub fn seat(&mut self, seats: &Seats) {
        for agent in &mut self.agents {
            let lots_min = i64::from(seats.must_quote);
            agent.chair = match seats.of(agent.kind) {
                None => Chair::Rule,
                Some(Seat::Learned(space)) => Chair::Learned(Learned {
                    space,
                    lots_min,
                    choice: None,
                    acted: false,
                    label: None,
                }),
                Some(seat @ Seat::AvellanedaStoikov { .. }) => {
                    seat.quotes().map_or(Chair::Rule, Chair::Given)
                }
            };
        }
    }

    /// The agents for which policies choose, ascending by client: seats are numbered in this order.
    pub fn seated(&self) -> impl Iterator<Item = (ClientId, Kind, Space)> {
        self.agents.iter().filter_map(|agent| {
            let Chair::Learned(learned) = &agent.chair else { return None };
            Some((agent.client, agent.kind, learned.space))
        })
    }

    /// Chooses for every seat what it does in the next step, in their order. A seat without a choice
    /// follows its rule.
    pub fn choose(&mut self, choices: impl IntoIterator<Item = Option<Choice>>) {
        let chairs = self.agents.iter_mut().filter_map(learned_mut);
        for (learned, choice) in chairs.zip(choices) {
            learned.choice = choice;
        }
    }

    /// What every agent knows of itself, ascending by client, with whether it is in a seat.
    pub(crate) fn selves<'a>(
        &'a self,
        engine: &'a Engine,
    ) -> impl Iterator<Item = (bool, Own)> + 'a {
        let twice_mid = i128::from(self.market.features().mid_half_ticks);
        self.agents.iter().map(move |agent| {
            let account = engine.account(agent.client);
            let (inventory_max, gap) = match &agent.rule {
                Rule::Maker(rule) => (rule.inventory_max(), self.market.gap(rule.centre())),
                Rule::Momentum(rule) => (rule.inventory_max(), market::fixed(rule.trend())),
                Rule::Value(rule) => (rule.inventory_max(), self.market.gap(rule.estimate())),
                Rule::Noise(_) => (CHOSEN_INVENTORY_MAX, 0),
            };
            let own = Own {
                kind: agent.kind,
                index: agent.index,
                inventory: account.position - agent.endowment,
                inventory_max: inventory_max.max(1),
                wealth: 2 * account.cash
                    + i128::from(account.position) * twice_mid * kernel::CASH_PER_TICK_LOT,
                fills: self.holdings.of(agent.client, self.step),
                gap,
            };
            (learned(agent).is_some(), own)
        })
    }

    /// Lots that resting orders of a type traded in the last step, of all its agents.
    pub fn rested(&self, kind: Kind) -> i64 {
        let theirs = self.agents.iter().filter(|agent| agent.kind == kind);
        theirs.map(|agent| self.holdings.of(agent.client, self.step).rested).sum()
    }

    /// Lots that a type traded in the last step, of all its agents, between themselves twice.
    pub fn traded(&self, kind: Kind) -> i64 {
        let theirs = self.agents.iter().filter(|agent| agent.kind == kind);
        let fills = theirs.map(|agent| self.holdings.of(agent.client, self.step));
        fills.map(|fills| fills.bought + fills.sold).sum()
    }

    /// Whether each seat looked at the market in the last step, in their order.
    pub fn acted(&self) -> impl Iterator<Item = bool> {
        self.agents.iter().filter_map(learned).map(|learned| learned.acted)
    }

    /// For each seat that followed its rule in the last step, the choice nearest to what it did; `None`
    /// where it did not look at the market, or a policy had chosen.
    pub fn labels(&self) -> impl Iterator<Item = Option<Label>> {
        self.agents.iter().filter_map(learned).map(|learned| learned.label)
    }
}

const fn learned(agent: &Agent) -> Option<&Learned> {
    match &agent.chair {
        Chair::Learned(learned) => Some(learned),
        Chair::Rule | Chair::Given(_) => None,
    }
}

const fn learned_mut(agent: &mut Agent) -> Option<&mut Learned> {
    match &mut agent.chair {
        Chair::Learned(learned) => Some(learned),
        Chair::Rule | Chair::Given(_) => None,
    }
}
