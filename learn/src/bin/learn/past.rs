//! What a run's logs tell of it, and its state at any update, with nothing written.

use std::collections::BTreeMap;
use std::path::Path;

use agents::Kind;
use cli::{Exit, Failure, Interrupt, Progress};
use learn::policy::Policy;
use learn::trainer::{Trainer, gradient, load};
use replay::Digest;
use runs::checkpoint::Checkpoint;
use runs::config::Config;
use runs::folder::Run;
use runs::train_log::{Parting, TrainLog, TrainLogError, UpdateRecord, first_parting_update};

use crate::keeper::{Replica, failure};
use crate::machine;
use crate::session::{record, trouble};

/// A run and its updates.
pub(crate) struct Past {
    pub(crate) run: Run,
    pub(crate) log: TrainLog,
}

impl Past {
    /// Reads a run's MANIFEST, configuration and log of updates, which is replayed.
    ///
    /// # Errors
    /// Exit 66 where there is none, 65 for what is damaged or does not belong to it.
    pub(crate) fn open(root: &Path) -> Result<Self, Failure> {
        let run = Run::open(root).map_err(failure)?;
        let path = run.train_log_path();
        let log = TrainLog::read(run.train_log().map_err(failure)?);
        let log = log.map_err(|error| {
            let failure = if let TrainLogError::Play(error) = &error {
                Failure::play(&path, error)
            } else {
                Failure::new(Exit::Damaged, format!("{}: {error}", path.display()))
            };
            let root = root.display();
            failure.with_hint(format!(
                "back to the last checkpoint, and on from there: learn train --resume -o {root}"
            ))
        })?;
        Ok(Self { run, log })
    }

    /// The last update that was written down.
    pub(crate) fn last(&self) -> u64 {
        self.log.updates.last().map_or(0, |it| it.update)
    }

    /// Refuses an update that the run has not made.
    pub(crate) fn check_made(&self, update: u64) -> Result<(), Failure> {
        let last = self.last();
        if update <= last {
            return Ok(());
        }
        let root = self.run.root().display();
        let message = format!("{root}: has made no update {update}; the last one is {last}");
        Err(Failure::new(Exit::Usage, message))
    }

    /// The last checkpoint at or before an update.
    pub(crate) fn checkpoint_before(&self, update: u64) -> Result<u64, Failure> {
        let known = &self.run.manifest().checkpoints;
        known.range(..=update).next_back().map(|(at, _)| *at).ok_or_else(|| {
            let root = self.run.root().display();
            let message = format!("{root}: has no checkpoint at or before update {update}");
            Failure::new(Exit::NoInput, message)
        })
    }

    /// What was written down of an update.
    pub(crate) fn record(&self, update: u64) -> Option<&UpdateRecord> {
        let place = self.log.updates.binary_search_by_key(&update, |it| it.update);
        place.ok().and_then(|place| self.log.updates.get(place))
    }

    /// Where an update made once more parts from the one that was written down.
    pub(crate) fn parting(&self, made: &UpdateRecord) -> Option<Parting> {
        let told = self.record(made.update).map(std::slice::from_ref).unwrap_or_default();
        first_parting_update(told, std::slice::from_ref(made))
    }

    /// All from which the run went on after an update. Where no checkpoint has it, the updates behind
    /// the one before are made once more, and must be those that were written down.
    ///
    /// # Errors
    /// Exit 125 when this machine computes other weights; those of checkpoints and of training.
    pub(crate) fn at(&self, update: u64, interrupt: &Interrupt) -> Result<Checkpoint, Failure> {
        let base = self.checkpoint_before(update)?;
        let checkpoint = self.run.checkpoint(base).map_err(failure)?;
        if base == update {
            return Ok(checkpoint);
        }
        let keeper = Replica::new(self.run.clone(), checkpoint.environments.clone());
        let mut trainer =
            Trainer::restore(self.run.config(), &checkpoint, keeper).map_err(trouble)?;
        let mut progress = Progress::new("going back", update - base);
        while trainer.updates() < update {
            interrupt.check()?;
            let made = record(&trainer.update().map_err(trouble)?);
            progress.say(made.update - base, &format!("update {}", made.update));
            if let Some(parting) = self.parting(&made) {
                return Err(self.other_update(&parting));
            }
        }
        trainer.checkpoint(checkpoint.train_log).map_err(trouble)
    }

    /// An update made once more was another one.
    pub(crate) fn other_update(&self, parting: &Parting) -> Failure {
        let machine = machine::differences(&self.log.genesis);
        let what = described(parting);
        if machine.is_empty() {
            let message = format!("made once more, {what} is not what train.log has");
            let hint = "see what is whole: learn verify RUN";
            return Failure::new(Exit::Differs, message).with_hint(hint);
        }
        let machine = machine.join(", ");
        let message =
            format!("on this machine {what} is another one than where the run was made: {machine}");
        Failure::new(Exit::CannotTest, message)
            .with_hint("go back to an update that has a checkpoint, or do it on such a machine")
    }
}

/// What two runs part through, in words.
pub(crate) fn described(parting: &Parting) -> String {
    let mut text = format!("{} of update {}", parting.what, parting.update);
    text.extend(parting.kind.map(|kind| format!(" ({})", kind.name())));
    text.extend(parting.name.as_ref().map(|name| format!(" `{name}`")));
    text
}

/// Digests of what a checkpoint has learned, as the log of updates has them.
///
/// # Errors
/// Exit 65 for a checkpoint of other networks.
pub(crate) fn digests(
    config: &Config,
    checkpoint: &Checkpoint,
) -> Result<BTreeMap<Kind, Digest>, Failure> {
    let mut policies = Policy::all(config)
        .map_err(|error| Failure::new(Exit::Usage, format!("the networks: {error}")))?;
    load(&mut policies, checkpoint).map_err(trouble)?;
    policies.iter().map(|it| Ok((it.kind, gradient(it).map_err(trouble)?))).collect()
}
