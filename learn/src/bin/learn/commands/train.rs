//! `learn train`: a training run from its start, or from its last checkpoint.

use std::fmt::Write as _;
use std::path::Path;

use cli::{Exit, Failure, Interrupt, Progress};
use learn::trainer::Update;
use replay::recorder::Finished;
use runs::folder::Run;
use serde_json::json;

use super::{print, print_json, resolve};
use crate::args::Train;
use crate::machine;
use crate::session::Session;

pub(crate) fn run(args: &Train) -> Result<Exit, Failure> {
    machine::check(args.device)?;
    let root = &args.output;
    let session = if args.resume {
        let (session, files) = Session::resume(root, None)?;
        if !files.is_empty() && !args.settings.json {
            print(&format!("kept aside: {}\n", files.join(", ")))?;
        }
        session
    } else {
        Session::begin(root, &resolve(&args.settings)?.config)?
    };
    let (end, run, last) = train(session)?;
    if args.settings.json {
        print_json(&json!({
            "schema": "learn.train/1",
            "run": root.display().to_string(),
            "updates": run.config().train.updates,
            "head": end.head.to_string(),
            "seal": end.seal.to_string(),
            "markets": run.manifest().markets.len(),
        }))?;
    } else {
        print(&summary(root, &end, &run, last.as_ref()))?;
    }
    Ok(Exit::Ok)
}

/// Makes all updates that are left.
fn train(mut session: Session) -> Result<(Finished, Run, Option<Update>), Failure> {
    let interrupt = Interrupt::listen();
    let all = session.config().train.updates;
    let mut progress = Progress::new("training", all);
    progress.say(session.done(), "");
    let mut last = None;
    while !session.is_done() {
        if let Err(interrupted) = interrupt.check() {
            session.save()?;
            let hint = "the last update is kept; go on: learn train --resume -o RUN";
            return Err(interrupted.with_hint(hint));
        }
        match session.update() {
            Ok(update) => {
                progress.say(update.number, &words(&update));
                last = Some(update);
            }
            Err(failure) => {
                if failure.exit == Exit::Differs {
                    session.fail(&failure.message)?;
                }
                return Err(failure);
            }
        }
    }
    drop(progress);
    let (end, run) = session.finish()?;
    Ok((end, run, last))
}

/// What an update was like, in a few words.
fn words(update: &Update) -> String {
    let mut text = format!(
        "spread {:.2} tracking {:.1} volume {:.2}",
        update.quality.spread, update.quality.tracking, update.quality.volume
    );
    for learned in &update.learned {
        let of = &learned.statistics;
        let name = learned.kind.name();
        let _ = write!(
            text,
            " | {name} reward {:.3} entropy {:.2} kl {:.4} value loss {:.3}",
            learned.reward, of.entropy, of.approx_kl, of.value_loss
        );
    }
    text
}

fn summary(root: &Path, end: &Finished, run: &Run, last: Option<&Update>) -> String {
    let mut text = format!(
        "run      {}\nupdates  {}\nmarkets  {} logs\nhead     {}\nseal     {}\n",
        root.display(),
        run.config().train.updates,
        run.manifest().markets.len(),
        end.head,
        end.seal
    );
    if let Some(update) = last {
        let _ = writeln!(text, "last     {}", words(update));
    }
    text
}
