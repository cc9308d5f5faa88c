//! What a fork changes of a market of agents that is under way.

use super::agent::{Agent, Presence};
use super::{Ecology, join};
use crate::fork::{Amendment, Membership};

impl Ecology {
    /// Goes on under what a fork has changed, from the next step on. What agents, market and fair
    /// value remember stays.
    pub(crate) fn amend(&mut self, amendment: &Amendment) {
        let config = &amendment.config;
        self.length = config.steps();
        self.known = amendment.known;
        if amendment.has_new_schedule {
            self.schedule = config.schedule.clone();
            let is_past = |step: u64| step <= self.step;
            self.scheduled = self.schedule.entries().partition_point(|entry| is_past(entry.step));
        }
        self.fair.retune(config);
        self.market.retune(config);
        self.agents.iter_mut().for_each(|agent| agent.retune(config));
        if let Some(seed) = amendment.seed {
            self.fair.reseed(seed);
            self.agents.iter_mut().for_each(|agent| agent.reseed(seed));
        }
        for membership in &amendment.memberships {
            match *membership {
                Membership::Without(client) => {
                    let named = self.agents.iter_mut().filter(|agent| agent.client == client);
                    named.for_each(Agent::dismiss);
                }
                Membership::Population(kind, count) => {
                    let is_here =
                        |agent: &Agent| agent.kind == kind && agent.presence == Presence::Here;
                    let here: u32 = self.agents.iter().map(|agent| u32::from(is_here(agent))).sum();
                    join(&mut self.agents, kind, count.saturating_sub(here));
                    let newest = self.agents.iter_mut().rev().filter(|agent| is_here(agent));
                    newest.zip(count..here).for_each(|(agent, _)| agent.dismiss());
                }
            }
        }
    }
}
