//! `learn train`: a training run from its start, or from its last checkpoint.

use std::fmt::Write as _;
use std::path::Path;

use cli::{Exit, Failure, Interrupt, Progress, Stopwatch};
use learn::trainer::Update;
use replay::recorder::Finished;
use runs::folder::Run;
use serde_json::json;

use super::{note, print, print_json, resolve};
use crate::args::Train;
use crate::machine;
use crate::session::{Resumed, Session};

pub(crate) fn run(args: &Train) -> Result<Exit, Failure> {
    machine::check(args.device)?;
    let root = &args.output;
    let session = if args.resume {
        let Resumed { session, update, aside, .. } = Session::resume(root, None)?;
        let aside = aside.map(|path| format!("; what came after it is kept in {}", path.display()));
        note(&format!("going on behind update {update}{}", aside.unwrap_or_default()));
        session
    } else {
        Session::begin(root, &resolve(&args.settings)?.config)?
    };
    let trained = train(session)?;
    report(&trained, &Report { root, is_json: args.settings.json, schema: "learn.train/1" })?;
    Ok(Exit::Ok)
}

/// A run that was trained to its end.
pub(crate) struct Trained {
    end: Finished,
    run: Run,
    last: Option<Update>,
}

/// Makes all updates that are left.
///
/// # Errors
/// Exit 130 behind a checkpoint; exit 1 for a loss, a gradient or logits that are no numbers, which
/// MANIFEST then tells.
pub(crate) fn train(mut session: Session) -> Result<Trained, Failure> {
    let interrupt = Interrupt::listen();
    let all = session.config().train.updates;
    let mut progress = Progress::new("training", all);
    progress.say(session.done(), "the first update is being made");
    let (mut speed, mut last) = (Speed::start(session.config()), None);
    while !session.is_done() {
        if let Err(interrupted) = interrupt.check() {
            session.save()?;
            let hint = "the last update is kept; go on: learn train --resume -o RUN";
            return Err(interrupted.with_hint(hint));
        }
        match session.update() {
            Ok((update, _)) => {
                speed.steps += speed.rollout;
                progress.say(update.number, &format!("{} | {}", speed.now(), words(&update)));
                last = Some(update);
            }
            Err(failure) => {
                if failure.exit != Exit::Differs {
                    return Err(failure);
                }
                session.fail(&failure.message)?;
                let hint = "all that was written is kept; back to a checkpoint: learn rewind RUN \
                            --update K, or on with other settings: learn fork";
                return Err(failure.with_hint(hint));
            }
        }
    }
    drop(progress);
    let (end, run) = session.finish()?;
    if 0 < speed.steps {
        note(&speed.whole());
    }
    Ok(Trained { end, run, last })
}

/// How fast markets and learners go.
struct Speed {
    watch: Stopwatch,
    /// Market steps of all environments together.
    steps: u64,
    /// Those of one update.
    rollout: u64,
}

impl Speed {
    fn start(config: &runs::config::Config) -> Self {
        let rollout = u64::from(config.train.environments) * u64::from(config.train.steps);
        Self { watch: Stopwatch::start(), steps: 0, rollout }
    }

    fn rate(&self) -> f64 {
        let steps = u32::try_from(self.steps).map_or(f64::MAX, f64::from);
        steps / self.watch.seconds().max(1e-9)
    }

    fn now(&self) -> String {
        format!("{:.0} steps/s", self.rate())
    }

    fn whole(&self) -> String {
        format!(
            "{} market steps in {:.1} s: {:.0} a second, {:.1} s of CPU",
            self.steps,
            self.watch.seconds(),
            self.rate(),
            self.watch.cpu_seconds()
        )
    }
}

/// What an update was like, in a few words: what matters most first, as lines are cut.
fn words(update: &Update) -> String {
    let mut text = String::new();
    for learned in &update.learned {
        let of = &learned.statistics;
        let name = learned.kind.name();
        let _ = write!(
            text,
            "{name} reward {:.3} loss {:.3} value {:.3} entropy {:.2} kl {:.4} | ",
            learned.reward, of.policy_loss, of.value_loss, of.entropy, of.approx_kl
        );
    }
    let quality = &update.quality;
    let _ = write!(
        text,
        "spread {:.2} tracking {:.1} volume {:.2}",
        quality.spread, quality.tracking, quality.volume
    );
    text
}

/// Where and how a trained run is told of.
pub(crate) struct Report<'a> {
    pub(crate) root: &'a Path,
    pub(crate) is_json: bool,
    pub(crate) schema: &'a str,
}

/// Tells what a trained run has come to.
pub(crate) fn report(trained: &Trained, of: &Report<'_>) -> Result<(), Failure> {
    let Trained { end, run, last } = trained;
    if of.is_json {
        return print_json(&json!({
            "schema": of.schema,
            "run": of.root.display().to_string(),
            "updates": run.config().train.updates,
            "head": end.head.to_string(),
            "seal": end.seal.to_string(),
            "markets": run.manifest().markets.len(),
        }));
    }
    let mut text = format!(
        "run      {}\nupdates  {}\nmarkets  {} logs\nhead     {}\nseal     {}\n",
        of.root.display(),
        run.config().train.updates,
        run.manifest().markets.len(),
        end.head,
        end.seal
    );
    if let Some(update) = last {
        let _ = writeln!(text, "last     {}", words(update));
    }
    print(&text)
}
