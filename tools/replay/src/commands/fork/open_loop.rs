//! The future of a log whose producer cannot be re-run: its remaining commands, as they stand.

use std::collections::BTreeSet;

use agents::fork::Change;
use agents::{Fork, Happening};
use cli::{Exit, Failure, Progress};
use kernel::{ClientId, Command, Venue};
use replay::{Entry, Genesis, Reissue};

use super::{Args, Made, Place, Writing, child, split, usage};
use crate::commands::player;

/// Records the fork of any log without decisions.
///
/// # Errors
/// Exit 2 for changes that only agents could follow, and for a client that does nothing; 125 for
/// decisions, which have nobody here who could take them again.
pub(super) fn record(args: &Args, place: &Place, genesis: Genesis) -> Result<Made, Failure> {
    let producer = genesis.producer.escape_debug().to_string();
    let fork =
        Fork { entry: place.parent.entry, step: place.step, changes: changes(args, &producer)? };
    let genesis = child(genesis, place, &fork)?;
    let mut writing = Writing::start(args, &genesis)?;
    let mut passing = Passing {
        args,
        producer: &producer,
        fork: &fork,
        reissue: Reissue::new(),
        clients: BTreeSet::new(),
        dropped: 0,
    };
    passing.all(&mut writing)?;
    let Passing { clients, dropped, .. } = passing;
    check_clients(args, &clients)?;
    let mut made = writing.finish(args, place.is_ended)?;
    made.how = "the parent's remaining commands";
    made.dropped = dropped;
    made.changes = fork.changes.iter().map(ToString::to_string).collect();
    Ok(made)
}

/// What the options ask for, as far as commands can follow it.
fn changes(args: &Args, producer: &str) -> Result<Vec<Change>, Failure> {
    let refused = |what: &str| {
        let message = format!(
            "{what}: the producer `{producer}` cannot be re-run; its remaining commands go on as they \
             stand"
        );
        let hint =
            "rules of the market (--set tax=1, short-ban=on, …) and --without CLIENT do change";
        Failure::new(Exit::Usage, message).with_hint(hint)
    };
    if args.seed.is_some() {
        return Err(refused("--seed"));
    }
    if !args.population.is_empty() {
        return Err(refused("--population"));
    }
    let mut changes = Vec::new();
    for setting in &args.set {
        let (key, value) = split(setting)?;
        let change = match Change::set(key, value) {
            Ok(change) => change,
            Err(agents::ForkError::Start { .. }) => {
                return Err(refused(&format!("--set {setting}")));
            }
            Err(error) => return Err(usage(error)),
        };
        match &change {
            Change::Rule(Happening::Rule(_)) => changes.push(change),
            Change::Rule(_)
            | Change::Seed(_)
            | Change::Parameter(..)
            | Change::NoSchedule
            | Change::Scheduled { .. }
            | Change::Without(_)
            | Change::Population(..) => return Err(refused(&format!("--set {setting}"))),
        }
    }
    changes.extend(args.without.iter().map(|client| Change::Without(ClientId(*client))));
    Ok(changes)
}

/// The entries of the parent on their way.
struct Passing<'a> {
    args: &'a Args,
    producer: &'a str,
    fork: &'a Fork,
    reissue: Reissue,
    /// Those who command anything.
    clients: BTreeSet<u32>,
    dropped: u64,
}

impl Passing<'_> {
    fn all(&mut self, writing: &mut Writing) -> Result<(), Failure> {
        let mut player = player(&self.args.log)?;
        let mut progress = Progress::new("going on", 0);
        if self.fork.entry == 0 {
            self.change(writing)?;
        }
        let fail = |error| Failure::play(&self.args.log.path, &error);
        while let Some(moment) = player.advance().map_err(fail)? {
            let is_behind = self.fork.entry < moment.number;
            if let Some(entry) = self.pass(moment.entry, is_behind)? {
                let taken = writing.recorder.take(&entry);
                taken.map_err(|error| Failure::log(&self.args.output, &error))?;
            }
            if moment.number == self.fork.entry {
                self.change(writing)?;
            }
            progress.at(moment.number);
        }
        Ok(())
    }

    /// The entry as the fork has it; `None` for one that is left out.
    fn pass(&mut self, entry: &Entry, is_behind: bool) -> Result<Option<Entry>, Failure> {
        match entry {
            Entry::Command(command) => {
                let owner = owner(command);
                self.clients.extend(owner.map(|client| client.0));
                let is_away = owner.is_some_and(|client| self.args.without.contains(&client.0));
                let taken = self.reissue.take(command, !(is_behind && is_away));
                self.dropped += u64::from(taken.is_none());
                Ok(taken.map(Entry::Command))
            }
            Entry::Decision(decision) => {
                let path = self.args.log.path.display();
                Err(if decision.observation.is_some() {
                    let message = format!("{path}: learned policies decided in it");
                    Failure::new(Exit::CannotTest, message).with_hint("learn fork does that")
                } else {
                    let message = format!(
                        "{path}: the producer `{}` decided in it and cannot be re-run here",
                        self.producer
                    );
                    let hint =
                        "ecologies of replay simulate, and logs without decisions, can be forked";
                    Failure::new(Exit::CannotTest, message).with_hint(hint)
                })
            }
            Entry::Mark(_) | Entry::Update(_) => Ok(Some(entry.clone())),
            Entry::End => Ok(None),
        }
    }

    /// What the fork changes, right behind its entry. Who leaves takes what rests along.
    fn change(&self, writing: &mut Writing) -> Result<(), Failure> {
        let recorder = &mut writing.recorder;
        for change in &self.fork.changes {
            let command = match change {
                Change::Rule(Happening::Rule(rule)) => Command::SetRule(*rule),
                Change::Without(client) => {
                    let account = recorder.engine().account(*client);
                    if account.open_buy == 0 && account.open_sell == 0 {
                        continue;
                    }
                    Command::MassCancel { client: *client }
                }
                Change::Rule(_)
                | Change::Seed(_)
                | Change::Parameter(..)
                | Change::NoSchedule
                | Change::Scheduled { .. }
                | Change::Population(..) => continue,
            };
            let taken = recorder.submit(command);
            taken.map_err(|error| Failure::log(&self.args.output, &error))?;
        }
        Ok(())
    }
}

/// Who gives a command; nobody for those about the market.
const fn owner(command: &Command) -> Option<ClientId> {
    match command {
        Command::Place(place) => Some(place.client),
        Command::Cancel { client, .. }
        | Command::Reduce { client, .. }
        | Command::Replace { client, .. }
        | Command::MassCancel { client } => Some(*client),
        Command::Clock { .. } | Command::SetRule(_) | Command::Uncross => None,
    }
}

/// Most clients that a message names.
const NAMED_MAX: usize = 20;

/// Whoever is to leave must have been there.
fn check_clients(args: &Args, clients: &BTreeSet<u32>) -> Result<(), Failure> {
    let Some(nobody) = args.without.iter().find(|client| !clients.contains(client)) else {
        return Ok(());
    };
    let mut names: Vec<_> = clients.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    if NAMED_MAX < clients.len() {
        names.push(format!("… ({} in all)", clients.len()));
    }
    let path = args.log.path.display();
    let message =
        format!("{path}: client {nobody} commands nothing; these do: {}", names.join(", "));
    Err(Failure::new(Exit::Usage, message))
}
