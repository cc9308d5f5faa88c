//! `learn rewind`: a run back to an earlier update.

use cli::{Exit, Failure, Interrupt, Progress};
use runs::train_log::Parting;
use serde_json::json;

use super::{print, print_json, table};
use crate::args::Rewind;
use crate::machine;
use crate::past::Past;
use crate::session::{Resumed, Session};

pub(crate) fn run(args: &Rewind) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let past = Past::open(&args.run)?;
    past.check_made(args.update)?;
    let base = past.checkpoint_before(args.update)?;
    let machine = machine::differences(&past.log.genesis);
    if base < args.update && !machine.is_empty() {
        let message = format!(
            "{}: update {} has no checkpoint, and this machine is another one than where the run was \
             made: {}",
            args.run.display(),
            args.update,
            machine.join(", ")
        );
        let there: Vec<_> =
            past.run.manifest().checkpoints.keys().map(ToString::to_string).collect();
        let hint = format!("go back to an update that has one: {}", there.join(", "));
        return Err(Failure::new(Exit::CannotTest, message).with_hint(hint));
    }
    let Resumed { mut session, aside, files, .. } = Session::resume(&args.run, Some(base))?;
    let other = train_until(&mut session, &past, base, args.update, &interrupt)?;
    if let Some(parting) = other {
        return Err(past.other_update(&parting));
    }
    let aside = aside.map(|path| path.display().to_string());
    if args.json {
        print_json(&json!({
            "schema": "learn.rewind/1",
            "run": args.run.display().to_string(),
            "update": args.update,
            "checkpoint": base,
            "aside": aside,
            "files": files,
        }))?;
        return Ok(Exit::Ok);
    }
    let mut rows = vec![
        ("run".to_owned(), args.run.display().to_string()),
        ("update".to_owned(), args.update.to_string()),
    ];
    if base < args.update {
        let words = format!("the checkpoint of update {base}, trained on and equal");
        rows.push(("from".to_owned(), words));
    }
    match aside {
        Some(aside) => {
            rows.push(("aside".to_owned(), format!("{aside}: {} files", files.len())));
            rows.extend(files.into_iter().map(|file| (String::new(), file)));
        }
        None => rows.push(("aside".to_owned(), "nothing came after it".to_owned())),
    }
    let next = format!("\ngo on: learn train --resume -o {}\n", args.run.display());
    print(&(table(&rows) + &next))?;
    Ok(Exit::Ok)
}

/// Trains up to an update, with a checkpoint there; stops where an update is not what it was.
fn train_until(
    session: &mut Session,
    past: &Past,
    base: u64,
    update: u64,
    interrupt: &Interrupt,
) -> Result<Option<Parting>, Failure> {
    let mut progress = Progress::new("rewinding", update - base);
    while session.done() < update {
        if let Err(interrupted) = interrupt.check() {
            session.save()?;
            return Err(
                interrupted.with_hint("rewind once more, or go on with learn train --resume")
            );
        }
        let (_, made) = session.update()?;
        progress.say(made.update - base, &format!("update {}", made.update));
        if let Some(parting) = past.parting(&made) {
            return Ok(Some(parting));
        }
    }
    session.save()?;
    Ok(None)
}
