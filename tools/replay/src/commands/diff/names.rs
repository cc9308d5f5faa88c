//! What clients, agents and orders are called.

use agents::{Kind, NATURE};
use kernel::ClientId;
use replay::{Entry, Genesis};

use super::difference::{OrderName, Subject};
use crate::commands::simulate::PRODUCER;

/// How they are called in both logs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    /// Whether client numbers are those of an ecology's agents.
    of_ecology: bool,
}

impl Names {
    /// Those of logs that start from these.
    pub(crate) fn of(geneses: &[Genesis]) -> Self {
        Self { of_ecology: geneses.iter().all(|genesis| genesis.producer == PRODUCER) }
    }

    /// The agent behind a client number, where it has a name.
    pub(crate) fn agent(self, client: ClientId) -> Option<String> {
        Kind::agent_name(client).filter(|_| self.of_ecology)
    }

    pub(crate) fn client(self, client: ClientId) -> String {
        match self.agent(client) {
            Some(name) => format!("{name} (client {client})"),
            None => format!("client {client}"),
        }
    }

    fn decider(self, agent: u32) -> String {
        match self.agent(ClientId(agent)) {
            Some(name) => format!("{name} (agent {agent})"),
            None if self.of_ecology && agent == NATURE => format!("nature (agent {agent})"),
            None => format!("agent {agent}"),
        }
    }

    fn order(self, (client, reference): OrderName) -> String {
        format!("{} order {reference}", self.client(client))
    }

    pub(super) fn subject(self, subject: &Subject) -> String {
        match subject {
            Subject::Order(order) => self.order(*order),
            Subject::Trade { taker, maker } => {
                format!("trade of {} with {}", self.order(*taker), self.order(*maker))
            }
            Subject::Decision { agent } => format!("decision of {}", self.decider(*agent)),
            Subject::Note(key) => key.to_string(),
        }
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
        self.agent(author).or_else(|| (self.of_ecology && is_nature).then(nature))
    }
}

pub(crate) const fn client_of(command: &kernel::Command) -> Option<ClientId> {
    use kernel::Command;
    match *command {
        Command::Place(ref place) => Some(place.client),
        Command::Cancel { client, .. }
        | Command::Reduce { client, .. }
        | Command::Replace { client, .. }
        | Command::MassCancel { client } => Some(client),
        Command::Clock { .. } | Command::SetRule(_) | Command::Uncross => None,
    }
}
