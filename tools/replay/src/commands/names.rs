//! What clients, agents and orders are called.

use agents::learned::Space;
use agents::{Kind, NATURE, adversarial};
use kernel::{ClientId, Command};
use replay::entry::DecisionEntry;
use replay::{Entry, Genesis};

use super::simulate::adversarial::is_adversarial;
use super::simulate::has_ecology;

/// How they are called in one log, or in several alike.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    system: Option<System>,
}

/// Whose client numbers are agents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Ecology,
    Adversarial,
}

impl Names {
    /// Those of logs that start from these.
    pub(crate) fn of(geneses: &[Genesis]) -> Self {
        let system = if geneses.iter().all(has_ecology) {
            Some(System::Ecology)
        } else if geneses.iter().all(is_adversarial) {
            Some(System::Adversarial)
        } else {
            None
        };
        Self { system }
    }

    /// The agent behind a client number, where it has a name.
    pub(crate) fn agent(self, client: ClientId) -> Option<String> {
        match self.system? {
            System::Ecology => Kind::agent_name(client),
            System::Adversarial => adversarial::agent_name(client).map(str::to_owned),
        }
    }

    pub(crate) fn client(self, client: ClientId) -> String {
        match self.agent(client) {
            Some(name) => format!("{name} (client {client})"),
            None => format!("client {client}"),
        }
    }

    /// Who decided.
    pub(super) fn decider(self, agent: u32) -> String {
        match self.agent(ClientId(agent)) {
            Some(name) => format!("{name} (agent {agent})"),
            None if self.system.is_some() && agent == NATURE => format!("nature (agent {agent})"),
            None => format!("agent {agent}"),
        }
    }

    /// What was decided, in words: `learned flow: half-spread 2.5 …` of a policy in an ecology, anything in
    /// an adversarial market; `None` for a decision of an ecology's rule or of nobody known.
    pub(crate) fn chosen(self, decision: &DecisionEntry) -> Option<String> {
        if self.system == Some(System::Adversarial) {
            return adversarial::describe(decision.policy, &decision.action);
        }
        let (space, _) = self.seat(decision)?;
        let words = space.describe(&decision.action)?;
        Some(format!("learned {}: {words}", space.name()))
    }

    /// The space that a policy chose from, and the agent.
    pub(crate) fn seat(self, decision: &DecisionEntry) -> Option<(Space, String)> {
        let space = Space::of_policy(decision.policy)?;
        let client = ClientId(decision.agent);
        let is_theirs = Kind::of(client).is_some_and(|(kind, _)| kind == space.kind());
        Some((space, self.agent(client).filter(|_| is_theirs)?))
    }

    /// The agent that made an entry, where it has a name.
    pub(crate) fn author(self, entry: &Entry) -> Option<String> {
        let author = match entry {
            Entry::Command(command) => client_of(command)?,
            Entry::Decision(decision) => ClientId(decision.agent),
            Entry::Mark(_) | Entry::Update(_) | Entry::End => return None,
        };
        let is_nature = matches!(entry, Entry::Decision(_)) && author.0 == NATURE;
        let nature = || "nature".to_owned();
        self.agent(author).or_else(|| (self.system.is_some() && is_nature).then(nature))
    }
}

/// Whose a command is; `None` for what is everybody's.
pub(super) const fn client_of(command: &Command) -> Option<ClientId> {
    match *command {
        Command::Place(ref place) => Some(place.client),
        Command::Cancel { client, .. }
        | Command::Reduce { client, .. }
        | Command::Replace { client, .. }
        | Command::MassCancel { client } => Some(client),
        Command::Clock { .. } | Command::SetRule(_) | Command::Uncross => None,
    }
}

/// Mean price of so many lots, to two digits, rounded down.
///
/// * `notional` - sum of price times lots.
pub(super) fn mean_price(notional: u128, lots: u64) -> String {
    match (100 * notional).checked_div(u128::from(lots)) {
        None => "none".to_owned(),
        Some(price) if price % 100 == 0 => (price / 100).to_string(),
        Some(price) => format!("{}.{:02}", price / 100, price % 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_price_has_two_digits_where_it_needs_them() {
        assert_eq!(mean_price(0, 0), "none");
        assert_eq!(mean_price(300, 3), "100");
        assert_eq!(mean_price(200, 3), "66.66");
        assert_eq!(mean_price(1_001, 10), "100.10");
    }
}
