//! `replay inevitable`: how likely an outcome already was, from forks along a log.

mod carry;
mod curve;
mod future;
mod json;
mod kept;
mod outcome;
mod question;
mod survey;
mod text;

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use agents::{Config, Fork, Run};
use cli::{Exit, Failure, NewFile};
use replay::Genesis;
use serde_json::Value;

use self::carry::Carrier;
use self::curve::{Answer, Finished};
use self::kept::Kept;
use self::outcome::Watch;
use self::question::{Question, Task};
use super::{
    curves, is_same_file, player, pool, print, print_json, producer, refuse_in_place, say,
};
use crate::args::Inevitable;

pub(crate) fn run(args: &Inevitable) -> Result<Exit, Failure> {
    let outcomes = outcome::read(&args.when)?;
    let (genesis, config) = asked_of(args)?;
    let files = Files::start(args)?;
    let survey = survey::survey(args, &outcomes)?;
    let question = Question {
        head: survey.head,
        entries: survey.entries,
        outcomes,
        points: survey.points.clone(),
        seeds: args.seeds,
        seed: args.seed,
    };
    if question.points.len() < usize::try_from(args.points).unwrap_or(usize::MAX) {
        let all = match question.points.len() {
            1 => "1 step ends in the range: it is the only point".to_owned(),
            steps => format!("{steps} steps end in the range: each of them is a point"),
        };
        say(&format!("replay: {all}"));
    }
    let tasks = question.tasks(&survey);
    let kept = files.forks.as_deref();
    let kept = kept.map(|path| Kept::open(path, (&question, &tasks), args.force)).transpose()?;
    let (kept, done) = kept.unzip();
    let done = done.unwrap_or_default();
    if !done.is_empty() {
        say(&format!("replay: {} of {} forks are there already", done.len(), tasks.len()));
    }
    let run = Start { genesis: &genesis, config: &config, done: &done, kept: kept.as_ref() };
    let mut forks = carry_out(args, &question, &tasks, &run)?;
    forks.extend(done);
    let answer = Answer::of(question, &survey, forks);
    let object = json::object(&answer, &args.log.path);
    files.finish(&object)?;
    if let Some(kept) = kept {
        kept.remove()?;
    }
    if args.json {
        print_json(&object)?;
    } else {
        print(&text::whole(&answer, &args.log.path))?;
    }
    Ok(Exit::Ok)
}

/// What the agents of the log started from.
///
/// # Errors
/// Exit 125 for a log without agents that can decide again.
fn asked_of(args: &Inevitable) -> Result<(Genesis, Config), Failure> {
    let genesis = super::open(&args.log)?.header().genesis.clone();
    let Some(config) = producer::configured(&args.log, &genesis)? else {
        let (path, name) = (args.log.path.display(), genesis.producer.escape_debug());
        let message =
            format!("{path}: made by `{name}`: nobody is there to decide otherwise in a fork");
        let hint =
            "ecologies of replay simulate, and forks of them, have agents that can be carried on";
        return Err(Failure::new(Exit::CannotTest, message).with_hint(hint));
    };
    Ok((genesis, config))
}

/// Where a command begins.
struct Start<'a> {
    genesis: &'a Genesis,
    config: &'a Config,
    done: &'a [Finished],
    kept: Option<&'a Kept>,
}

/// Carries out the forks that are not done yet.
///
/// # Errors
/// Exit 1 where the agents decide otherwise than the log says, 130 when interrupted.
fn carry_out(
    args: &Inevitable,
    question: &Question,
    tasks: &[Task],
    start: &Start<'_>,
) -> Result<Vec<Finished>, Failure> {
    let refused = |error| producer::refused(&args.log, &error);
    let forks = Fork::all(&start.genesis.parameters).map_err(refused)?;
    let run = Run::new(start.config, start.genesis.seed, &forks).map_err(refused)?;
    let done: BTreeSet<_> = start.done.iter().map(|fork| fork.task).collect();
    let open: Vec<_> = tasks.iter().copied().filter(|task| !done.contains(task)).collect();
    let length = run.ecology().length();
    let steps = |task: &Task| {
        let from = question.points.get(task.point).map_or(0, |point| point.step);
        length.saturating_sub(from)
    };
    let total = open.iter().map(steps).fold(0_u64, u64::saturating_add);
    let player = player(&args.log)?;
    let watch = Watch::new(&question.outcomes, player.engine());
    let carrier = Carrier::new(&args.log, &question.points, (player, run, watch));
    let first_at = |point| open.partition_point(|task: &Task| task.point < point);
    let forks_at = |point| first_at(point + 1) - first_at(point);
    let threads = pool::threads(args.threads);
    let found = pool::for_each(&open, (threads, total), |task, pace| {
        let standing = carrier.at(task.point, forks_at, pace)?;
        let entry = standing.run.entries();
        let seed = question.fork_seed(entry, task.number);
        let fork = Finished { task, firsts: future::firsts(&standing, seed, pace)? };
        if let Some(kept) = start.kept {
            kept.add(question, &fork)?;
        }
        Ok(fork)
    });
    found.map_err(|failure| interrupted(failure, args))
}

/// What is left when the user interrupts.
fn interrupted(failure: Failure, args: &Inevitable) -> Failure {
    if failure.exit != Exit::Interrupted {
        return failure;
    }
    match &args.output {
        Some(path) => {
            let path = forks_path(path);
            let path = path.display();
            failure.with_hint(format!("finished forks stay in {path}: the same command goes on"))
        }
        None => failure.with_hint("with -o, finished forks would be kept"),
    }
}

/// Where finished forks of a curve are kept.
fn forks_path(output: &Path) -> PathBuf {
    let mut name = output.as_os_str().to_owned();
    name.push(".forks");
    PathBuf::from(name)
}

/// What is written, under temporary names until it is whole.
struct Files {
    curve: Option<(PathBuf, NewFile)>,
    svg: Option<(PathBuf, NewFile)>,
    forks: Option<PathBuf>,
}

impl Files {
    /// Finds whatever cannot be written before the first fork.
    fn start(args: &Inevitable) -> Result<Self, Failure> {
        let forks = args.output.as_deref().map(forks_path);
        let all = [args.output.as_deref(), args.svg.as_deref(), forks.as_deref()];
        let all: Vec<_> = all.into_iter().flatten().collect();
        for (place, path) in all.iter().enumerate() {
            refuse_in_place(&args.log.path, path)?;
            if let Some(other) = all.iter().take(place).find(|other| is_same_file(other, path)) {
                let message = format!("{}: two outputs cannot be one file", other.display());
                return Err(Failure::new(Exit::Usage, message));
            }
        }
        let create = |path: &PathBuf| Ok((path.clone(), NewFile::create(path, args.force)?));
        let curve = args.output.as_ref().map(create).transpose()?;
        Ok(Self { curve, svg: args.svg.as_ref().map(create).transpose()?, forks })
    }

    fn finish(self, object: &Value) -> Result<(), Failure> {
        let write = |(path, mut file): (PathBuf, NewFile), text: &str| {
            file.write_all(text.as_bytes()).map_err(|error| Failure::io(&path, &error))?;
            file.commit()
        };
        if let Some(file) = self.svg {
            let Ok(named) = curves::of_value("", object.clone()) else {
                unreachable!("an answer is a curve")
            };
            write(file, &report::picture(&named.curve))?;
        }
        self.curve.map_or(Ok(()), |file| write(file, &format!("{object}\n")))
    }
}
