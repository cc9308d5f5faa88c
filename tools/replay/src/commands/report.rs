//! `replay report`: figures of logs as one page.

mod command;
mod episodes;
mod training;

use std::io::Write;
use std::path::Path;

use cli::{Exit, Failure, Interrupt, NewFile};
use report::{Page, Run, Tracker};

use super::observers::{Observers, show};
use super::stats::plan::{Kind, Plan};
use super::{adversarial, curves, play, player, refuse_in_place};
use crate::args::{Log, Report};

pub(crate) fn run(args: &Report) -> Result<Exit, Failure> {
    // Only a temporary file is written, so there is nothing to save.
    Interrupt::at_once("replay");
    for path in args.logs.iter().chain(&args.inevitable) {
        refuse_in_place(path, &args.output)?;
    }
    let (runs, logs): (Vec<_>, Vec<_>) = args.logs.iter().cloned().partition(|path| path.is_dir());
    match &runs[..] {
        [] => {}
        [root] => return training::write(args, root, &logs),
        [_, other, ..] => {
            let message = format!("{}: a page is about one training run", other.display());
            let hint = "learn diff compares two runs";
            return Err(Failure::new(Exit::Usage, message).with_hint(hint));
        }
    }
    // Whatever cannot work is found before the first replay.
    let logs = args.logs.iter();
    let logs: Vec<_> =
        logs.map(|path| Log { path: path.clone(), limits: args.limits.clone() }).collect();
    if let Some(settings) = adversarial::market(&logs)? {
        return episodes::write(args, &logs, settings);
    }
    let found = args.inevitable.iter().map(|path| Ok((path, curves::read(path)?)));
    let found = found.collect::<Result<Vec<_>, Failure>>()?;
    let mut file = NewFile::create(&args.output, args.force)?;
    let mut runs = logs.iter().map(see).collect::<Result<Vec<_>, _>>()?;
    for (path, found) in found {
        let Some(run) = runs.iter_mut().find(|run| run.head == found.head) else {
            let message = format!("{}: is about a log that is not on the page", path.display());
            let hint = format!("the head of its log is {}", found.head.escape_debug());
            return Err(Failure::new(Exit::Differs, message).with_hint(hint));
        };
        run.curves.push(found.curve);
    }
    let names: Vec<_> = runs.iter().map(|run| run.name.as_str()).collect();
    let title = args.title.clone().unwrap_or_else(|| title(&names));
    let page = Page { title, command: command::of_page(args, &names) };
    let html = report::page(&page, &runs);
    file.write_all(html.as_bytes()).map_err(|error| Failure::io(&args.output, &error))?;
    file.commit()?;
    Ok(Exit::Ok)
}

/// The title of a page about these logs.
fn title(names: &[&str]) -> String {
    match names {
        [one] => format!("Market report: {one}"),
        [one, two] => format!("Market report: {one} and {two}"),
        [one, rest @ ..] => format!("Market report: {one} and {} more logs", rest.len()),
        [] => "Market report".to_owned(),
    }
}

/// Replays a log and keeps what a page shows of it.
fn see(log: &Log) -> Result<Run, Failure> {
    let mut player = player(log)?;
    let genesis = player.reader().header().genesis.clone();
    let plan = Plan::of(Kind::of_genesis(&genesis));
    let mut observers = Observers::new(plan.sampling, plan.options);
    let mut tracker = Tracker::new(plan.sampling, &genesis.market);
    play(log, &mut player, |moment| {
        observers.observe(moment);
        show(&mut tracker, moment);
        Ok(())
    })?;
    let summary = player.summary();
    let (series, flow) = observers.finish(player.engine());
    Ok(Run {
        name: name(&log.path),
        command: command::of_log(&genesis, &name(&log.path)),
        is_ecology: plan.kind.has_ecology,
        is_recorded: plan.kind.is_recorded(),
        bands: plan.bands.bands(),
        seed: genesis.seed,
        entries: summary.entries,
        head: summary.head.to_string(),
        track: tracker.finish(player.engine()),
        series,
        flow,
        curves: Vec::new(),
        producer: genesis.producer,
        parameters: genesis.parameters,
    })
}

fn name(path: &Path) -> String {
    path.display().to_string()
}
