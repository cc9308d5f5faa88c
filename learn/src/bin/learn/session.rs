//! A run that is being trained and written down: logs, checkpoints, metrics.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use agents::Kind;
use cli::{Exit, Failure};
use learn::trainer::{Keeper, TrainError, Trainer, Update, gradient};
use replay::recorder::Finished;
use replay::{Digest, Player, Recorder};
use runs::checkpoint::LogPlace;
use runs::config::Config;
use runs::folder::{Run, Writer};
use runs::metrics::Row;
use runs::tensorboard::Event;
use runs::train_log::{self, TrainLogError, UpdateRecord};

use crate::keeper::{FolderKeeper, failure};
use crate::machine;

/// A run under way.
pub(crate) struct Session {
    config: Config,
    trainer: Trainer<FolderKeeper>,
    updates: Recorder<File>,
}

/// A run that goes on.
pub(crate) struct Resumed {
    pub(crate) session: Session,
    /// The update from which it does.
    pub(crate) update: u64,
    /// Where what came after it stands now.
    pub(crate) aside: Option<PathBuf>,
    /// Files that were moved or cut, by their names within the run.
    pub(crate) files: Vec<String>,
}

impl Session {
    /// Begins a run in a directory that is not there yet.
    ///
    /// # Errors
    /// Exit 73 when it is there; those of training.
    pub(crate) fn begin(root: &Path, config: &Config) -> Result<Self, Failure> {
        let writer = Writer::create(root, config).map_err(failure)?;
        let genesis = train_log::genesis(config, &machine::kind());
        let updates = writer.create_train_log(&genesis).map_err(failure)?;
        let trainer = Trainer::begin(config, FolderKeeper { writer }).map_err(trouble)?;
        let mut session = Self { config: config.clone(), trainer, updates };
        session.record(&start(&session.trainer)?)?;
        session.save()?;
        Ok(session)
    }

    /// Goes on with a run from the checkpoint of an update; the last one by default.
    ///
    /// # Errors
    /// Exit 66 when there is none; 65 for what does not belong to it; those of training.
    pub(crate) fn resume(root: &Path, update: Option<u64>) -> Result<Resumed, Failure> {
        let mut writer = Writer::open(root).map_err(failure)?;
        let Some(update) = update.or_else(|| writer.last_checkpoint()) else {
            let message =
                format!("{}: was interrupted before its first checkpoint", root.display());
            let hint = "nothing was learned: remove the directory and begin anew";
            return Err(Failure::new(Exit::NoInput, message).with_hint(hint));
        };
        let rewound = writer.rewind(update).map_err(failure)?;
        let path = writer.train_log_path();
        let mut player = Player::new(writer.train_log().map_err(failure)?)
            .map_err(|error| Failure::log(&path, &error))?;
        player.run().map_err(|error| Failure::play(&path, &error))?;
        let updates = writer.resume_log(&path, player).map_err(failure)?;
        let config = writer.config().clone();
        let path = writer.checkpoint_path(update);
        let trainer = Trainer::restore(&config, &rewound.checkpoint, FolderKeeper { writer });
        let trainer = trainer.map_err(|error| trouble_at(&path, error))?;
        let session = Self { config, trainer, updates };
        Ok(Resumed { session, update, aside: rewound.aside, files: rewound.files })
    }

    /// Whether all updates are done.
    pub(crate) const fn is_done(&self) -> bool {
        self.trainer.is_done()
    }

    /// Updates that are done.
    pub(crate) const fn done(&self) -> u64 {
        self.trainer.updates()
    }

    /// The configuration.
    pub(crate) const fn config(&self) -> &Config {
        &self.config
    }

    /// Makes the next update and writes it down, with a checkpoint where one is due.
    ///
    /// # Errors
    /// Those of training; the run's MANIFEST then says why it failed, and all of it stays.
    pub(crate) fn update(&mut self) -> Result<(Update, UpdateRecord), Failure> {
        let update = self.trainer.update().map_err(trouble)?;
        let record = record(&update);
        self.record(&record)?;
        let figures = record.metrics.clone();
        let scalars = figures.iter().map(|(name, figure)| (tag(name), narrow(*figure))).collect();
        let event = Event { step: update.number, scalars, histograms: Vec::new() };
        let row = Row { update: update.number, figures };
        self.trainer.keeper().writer.report(&row, &event).map_err(failure)?;
        let is_due = update.number.is_multiple_of(self.config.train.checkpoint_every);
        if is_due || self.is_done() {
            self.save()?;
        }
        Ok((update, record))
    }

    /// Writes a checkpoint, behind all that it refers to.
    ///
    /// # Errors
    /// Those of the device.
    pub(crate) fn save(&mut self) -> Result<(), Failure> {
        self.trainer.sync().map_err(trouble)?;
        let log = |error| Failure::log(Path::new("train.log"), &error);
        self.updates.sync().map_err(log)?;
        let place = LogPlace { entry: self.updates.entries(), head: self.updates.head() };
        let checkpoint = self.trainer.checkpoint(place).map_err(trouble)?;
        self.trainer.keeper().writer.save(&checkpoint).map_err(failure)
    }

    /// Ends all logs. The run is finished then.
    ///
    /// # Errors
    /// Those of the device.
    pub(crate) fn finish(self) -> Result<(Finished, Run), Failure> {
        let (_, keeper) = self.trainer.finish().map_err(trouble)?;
        let path = keeper.writer.train_log_path();
        let end = self.updates.finish().map_err(|error| Failure::log(&path, &error))?;
        // The tail is empty: a leftover file does no harm.
        let _ = std::fs::remove_file(cli::tail_path(&path));
        let run = keeper.writer.finish(end).map_err(failure)?;
        Ok((end, run))
    }

    /// Notes why the run cannot go on.
    pub(crate) fn fail(self, why: &str) -> Result<(), Failure> {
        let (_, keeper) = self.trainer.abandon();
        keeper.writer.fail(why).map_err(failure)?;
        Ok(())
    }

    fn record(&mut self, record: &UpdateRecord) -> Result<(), Failure> {
        write_record(&mut self.updates, record)
    }
}

/// Writes an update to a log of updates.
pub(crate) fn write_record(
    updates: &mut Recorder<File>,
    record: &UpdateRecord,
) -> Result<(), Failure> {
    train_log::record(updates, record).map_err(|error| {
        if let TrainLogError::Log(error) = &error {
            return Failure::log(Path::new("train.log"), error);
        }
        Failure::new(Exit::Damaged, error.to_string())
    })
}

/// What there is before the first update.
pub(crate) fn start<K: Keeper>(trainer: &Trainer<K>) -> Result<UpdateRecord, Failure> {
    let policies = trainer.policies().iter();
    let found: Result<_, Failure> =
        policies.map(|it| Ok((it.kind, gradient(it).map_err(trouble)?))).collect();
    Ok(UpdateRecord { gradient: found?, ..UpdateRecord::default() })
}

/// What is wrong with training, with its exit code.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
pub(crate) fn trouble(error: TrainError) -> Failure {
    let exit = match &error {
        TrainError::Log { .. } => Exit::Io,
        TrainError::Checkpoint(_) | TrainError::Repeat { .. } | TrainError::Keeper { .. } => {
            Exit::Damaged
        }
        TrainError::Shape(_) | TrainError::Seats(_) => Exit::Usage,
        TrainError::Rollout { .. }
        | TrainError::Gae { .. }
        | TrainError::Ppo { .. }
        | TrainError::Cloning { .. }
        | TrainError::OtherMarket { .. }
        | _ => Exit::Differs,
    };
    Failure::new(exit, error.to_string())
}

/// The same of a checkpoint's file.
pub(crate) fn trouble_at(path: &Path, error: TrainError) -> Failure {
    if let TrainError::Checkpoint(why) = &error {
        return Failure::new(Exit::Damaged, format!("{}: {why}", path.display()));
    }
    trouble(error)
}

/// An update as the log of updates has it.
pub(crate) fn record(update: &Update) -> UpdateRecord {
    let by_kind = |of: fn(&learn::trainer::Learned) -> Digest| -> BTreeMap<Kind, Digest> {
        update.learned.iter().map(|it| (it.kind, of(it))).collect()
    };
    UpdateRecord {
        update: update.number,
        market: Some(update.market),
        sampling: by_kind(|it| it.sampling),
        gradient: by_kind(|it| it.gradient),
        metrics: figures(update),
    }
}

/// Every figure of an update by its name.
fn figures(update: &Update) -> BTreeMap<String, f64> {
    let quality = &update.quality;
    let mut all: BTreeMap<String, f64> = [
        ("market.spread", quality.spread),
        ("market.volatility", quality.volatility),
        ("market.kurtosis", quality.kurtosis),
        ("market.tracking", quality.tracking),
        ("market.volume", quality.volume),
        ("market.made", quality.made),
        ("market.quoted", quality.quoted),
        ("market.frozen", quality.frozen),
        ("presence", update.presence),
    ]
    .into_iter()
    .map(|(name, figure)| (name.to_owned(), figure))
    .collect();
    for learned in &update.learned {
        let of = &learned.statistics;
        let epochs = f64::from(of.epochs);
        for (name, figure) in [
            ("reward", Some(learned.reward)),
            ("policy_loss", Some(of.policy_loss)),
            ("value_loss", Some(of.value_loss)),
            ("entropy", Some(of.entropy)),
            ("approx_kl", Some(of.approx_kl)),
            ("clip_fraction", Some(of.clip_fraction)),
            ("first_ratio_deviation", Some(of.first_ratio_deviation)),
            ("explained_variance", of.explained_variance),
            ("actor_norm", Some(of.actor_norm)),
            ("critic_norm", Some(of.critic_norm)),
            ("epochs", Some(epochs)),
        ] {
            let figure = figure.map(|figure| (format!("{}.{name}", learned.kind.name()), figure));
            all.extend(figure);
        }
    }
    all
}

/// A figure's name with the group that it is shown in.
fn tag(name: &str) -> String {
    name.replace('.', "/")
}

#[expect(clippy::cast_possible_truncation, reason = "TensorBoard takes no more")]
fn narrow(figure: f64) -> f32 {
    figure as f32
}
