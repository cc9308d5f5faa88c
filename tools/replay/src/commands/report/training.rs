//! A training run as a page: its directory read, its last markets replayed.

mod evaluation;
mod makers;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use cli::{Exit, Failure, NewFile};
use report::{Page, Training, TrainingLog};
use runs::config::Config;
use runs::folder::manifest::LogEnd;
use runs::folder::{FolderError, Run, State, Trouble};
use runs::metrics;

use super::command;
use crate::args::Report;
use crate::commands::refuse_in_place;
use crate::commands::words::quoted;

/// Writes the page of a run.
///
/// * `logs` - logs of fixed makers to compare the learned ones with.
pub(super) fn write(args: &Report, root: &Path, logs: &[PathBuf]) -> Result<Exit, Failure> {
    if !args.inevitable.is_empty() {
        let message = "--inevitable goes with logs, not with a training run";
        return Err(Failure::new(Exit::Usage, message));
    }
    let run = Run::open(root).map_err(no_run)?;
    for path in files(&run) {
        refuse_in_place(&path, &args.output)?;
    }
    let name = root.display().to_string();
    let evaluation = evaluation::read(&run)?;
    let updates = updates(&run)?;
    let mut file = NewFile::create(&args.output, args.force)?;
    let makers = makers::of(args, &run, logs)?;
    let names: Vec<_> = args.logs.iter().map(|path| path.display().to_string()).collect();
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let title = args.title.clone().unwrap_or_else(|| format!("Training report: {name}"));
    let page = Page { title, command: command::of_page(args, &names) };
    let learners = run.config().learners.iter().map(|kind| kind.name().to_owned());
    let training = Training {
        state: state(&run, updates.len()),
        settings: settings(run.config()),
        commands: commands(&name),
        learners: learners.collect(),
        logs: known_logs(&run),
        name,
        updates,
        makers,
        evaluation,
    };
    let html = report::training_page(&page, &training);
    file.write_all(html.as_bytes()).map_err(|error| Failure::io(&args.output, &error))?;
    file.commit()?;
    Ok(Exit::Ok)
}

/// Commands that check a run and make it again.
fn commands(name: &str) -> Vec<String> {
    let (run, config) = (quoted(name), quoted(&format!("{name}/config.resolved.toml")));
    vec![format!("learn verify {run}"), format!("learn train --config {config} -o AGAIN")]
}

/// The files of a run, none of which a page may replace.
fn files(run: &Run) -> Vec<PathBuf> {
    let (root, manifest) = (run.root(), run.manifest());
    let mut files = vec![
        root.join("MANIFEST"),
        root.join("config.resolved.toml"),
        run.train_log_path(),
        run.metrics_path(),
        run.events_path(),
        evaluation::path(run),
    ];
    files.extend(manifest.markets.keys().map(|id| run.market_path(*id)));
    files.extend(manifest.checkpoints.keys().map(|update| run.checkpoint_path(*update)));
    files
}

/// An update and its figures by name.
type Figures = (u64, BTreeMap<String, f64>);

/// The figures of every update.
fn updates(run: &Run) -> Result<Vec<Figures>, Failure> {
    let path = run.metrics_path();
    let bytes = cli::read_small(&path, metrics::BYTES_MAX)?;
    let read = metrics::read(&bytes)
        .map_err(|error| Failure::new(Exit::Damaged, format!("{}: {error}", path.display())))?;
    Ok(read.rows.into_iter().map(|row| (row.update, row.figures)).collect())
}

/// How far the run has come, in words.
fn state(run: &Run, updates: usize) -> String {
    let all = run.config().train.updates;
    match &run.manifest().state {
        State::Running => format!("under way or interrupted: {updates} of {all} updates so far"),
        State::Finished => format!("finished with {updates} updates"),
        State::Failed(reason) => {
            format!("failed after {updates} of {all} updates: {}", reason.as_str())
        }
    }
}

/// The whole configuration in a few rows; of the market's parameters those that are not its preset's.
fn settings(config: &Config) -> Vec<(String, String)> {
    let parameters = config.parameters();
    let preset = parameters.get("market.preset").cloned().unwrap_or_default();
    let usual = agents::Config::preset(&preset).map(|preset| preset.parameters());
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    let groups =
        ["run", "market", "actions", "train", "network", "ppo", "cloning", "reward", "evaluate"];
    rows.extend(groups.map(|group| (group.to_owned(), Vec::new())));
    for (key, value) in &parameters {
        let market = key.strip_prefix("market.parameters.");
        let is_usual = |name: &str| usual.as_ref().is_ok_and(|it| it.get(name) == Some(value));
        if market.is_some_and(is_usual) {
            continue;
        }
        let (group, setting) = match (market, key.split_once('.')) {
            (Some(name), _) => ("market", name),
            (None, Some((group, setting))) => (group, setting),
            (None, None) => ("run", key.as_str()),
        };
        if let Some((_, settings)) = rows.iter_mut().find(|(name, _)| name == group) {
            settings.push(format!("{setting} {value}"));
        }
    }
    let filled = rows.into_iter().filter(|(_, settings)| !settings.is_empty());
    filled.map(|(group, settings)| (group, settings.join(", "))).collect()
}

/// What MANIFEST knows of every log, the one of the updates first.
fn known_logs(run: &Run) -> Vec<TrainingLog> {
    let manifest = run.manifest();
    let log = |name: String, seed, end: LogEnd, is_kept| TrainingLog {
        name,
        seed,
        entries: end.entries,
        head: end.head.to_string(),
        seal: end.seal.map(|seal| seal.to_string()),
        is_kept,
    };
    let mut logs = vec![log("train.log".to_owned(), Some(run.config().seed), manifest.train, true)];
    logs.extend(manifest.markets.iter().map(|(id, market)| {
        log(format!("markets/{id}.log"), Some(market.seed), market.end, market.is_kept)
    }));
    logs
}

/// Why a directory is no run.
#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn no_run(error: FolderError) -> Failure {
    let is_absent = matches!(error, FolderError::Absent { .. });
    let failure = failure(&error);
    if is_absent {
        let hint = "a directory on a page is a training run, as learn train -o RUN makes it";
        return failure.with_hint(hint);
    }
    failure
}

/// What is wrong with a run's directory, with its exit code.
fn failure(error: &FolderError) -> Failure {
    let exit = match error.trouble() {
        Trouble::CannotCreate => Exit::CannotCreate,
        Trouble::Absent => Exit::NoInput,
        Trouble::Device => Exit::Io,
        Trouble::Busy => Exit::TryAgain,
        Trouble::Usage | Trouble::Damaged => Exit::Damaged,
    };
    Failure::new(exit, cli::line(&error.to_string()).into_owned())
}
