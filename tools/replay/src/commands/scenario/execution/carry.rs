//! One run: its episodes carried out and watched, or recorded, replayed and watched.

use std::path::Path;

use agents::adversarial::measures::Sample;
use agents::adversarial::watch::{Watch, Watched, play};
use agents::adversarial::{Game, Settings};
use cli::{Exit, Failure, NewLog};
use kernel::{Engine, Unlogged};
use replay::{Digest, Genesis, Player, ReadLimits, Recorder, SyncPolicy};

use super::plan::{Plan, Run};
use crate::commands::observers::show;
use crate::commands::pool::{Pace, Stopped};
use crate::commands::simulate::adversarial;

/// What a run came to.
pub(super) struct Ran {
    /// The first episodes, which all runs have, and the others.
    pub(super) samples: [Sample; 2],
    /// Its log, under a temporary name, with its entries and head; `None` if it is not kept.
    pub(super) log: Option<(NewLog, u64, Digest)>,
}

/// Samples of a run's episodes.
struct Gathering {
    samples: [Sample; 2],
    /// Episodes of the first sample.
    first: u64,
}

impl Gathering {
    fn new(run: &Run, plan: &Plan) -> Self {
        let sample = || Sample::new(&run.settings);
        Self { samples: [sample(), sample()], first: plan.episodes }
    }

    fn take(&mut self, watch: &mut Watch) {
        while let Some(episode) = watch.take() {
            let [first, others] = &mut self.samples;
            let sample = if episode.number <= self.first { first } else { others };
            sample.add(&episode);
        }
    }
}

/// Carries out a run; with a folder, its log is recorded there and read again.
///
/// # Errors
/// `None` when other work failed. Exit 3 when recording and replay disagree, 73 and 74 of files.
pub(super) fn carry(
    run: &Run,
    plan: &Plan,
    folder: Option<&Path>,
    pace: &Pace<'_>,
) -> Result<Ran, Stopped> {
    if let Some((folder, file)) = folder.zip(run.file.as_ref()) {
        return record(run, plan, &folder.join(file), pace);
    }
    let engine = Engine::new(&run.settings.genesis());
    let engine = engine.map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    let mut venue = Watched::new(Unlogged::new(engine), Watch::new(&run.settings));
    let mut game = Game::new(&run.settings, plan.seed);
    let mut gathering = Gathering::new(run, plan);
    while game.episode() < run.episodes {
        let Ok(()) = play(&mut game, &mut venue, run.is_informed);
        gathering.take(&mut venue.watch);
        pace.advance(run.settings.steps())?;
    }
    Ok(Ran { samples: gathering.samples, log: None })
}

fn record(run: &Run, plan: &Plan, file: &Path, pace: &Pace<'_>) -> Result<Ran, Stopped> {
    let log = NewLog::create(file, false)?;
    let fail = |error| Failure::log(file, &error);
    let genesis = genesis(run, plan);
    let recorder = Recorder::create(&genesis, log.log()?, log.tail()?, SyncPolicy::None);
    let mut recorder = recorder.map_err(fail)?;
    let mut game = Game::new(&run.settings, plan.seed);
    while game.episode() < run.episodes {
        play(&mut game, &mut recorder, run.is_informed).map_err(fail)?;
        pace.advance(run.settings.steps())?;
    }
    let finished = recorder.finish().map_err(fail)?;
    let (samples, head) = read(run, plan, log.partial(), pace)?;
    if head != finished.head {
        let message = format!("{}: recording and replay disagree", file.display());
        return Err(Some(Failure::new(Exit::Nondeterministic, message)));
    }
    Ok(Ran { samples, log: Some((log, finished.entries, head)) })
}

/// Replays a log, checks it on the way, and measures what it tells.
fn read(
    run: &Run,
    plan: &Plan,
    file: &Path,
    pace: &Pace<'_>,
) -> Result<([Sample; 2], Digest), Stopped> {
    let reader = cli::open_log(file, ReadLimits::DEFAULT)?;
    let mut player = Player::new(reader).map_err(|error| Failure::log(file, &error))?;
    let mut watch = Watch::new(&run.settings);
    let mut gathering = Gathering::new(run, plan);
    while let Some(moment) = player.advance().map_err(|error| Failure::play(file, &error))? {
        show(&mut watch, &moment);
        gathering.take(&mut watch);
        if moment.closes.is_some() {
            pace.advance(0)?;
        }
    }
    Ok((gathering.samples, player.summary().head))
}

/// What the log of a run starts from: that of `replay simulate`, with one type alone.
fn genesis(run: &Run, plan: &Plan) -> Genesis {
    let mut settings: Settings = run.settings.clone();
    let informed = if run.is_informed { "1" } else { "0" };
    let episodes = run.episodes.to_string();
    // Within the ranges of the settings: clap takes no more episodes.
    let _ = settings.set_all([("episodes", &*episodes), ("type.informed", informed)]);
    adversarial::genesis(&settings, &plan.preset, plan.seed)
}
