//! `replay verify`: is the log whole, and does it replay?

use cli::{Exit, Failure, Interrupt, Progress};
use replay::{Digest, Diverged, Parent};
use serde_json::json;

use super::bundle::{self, Scene};
use super::{bytes_of, lineage, open, play, player, print, print_json, producer, say};
use crate::args::Verify;

/// What a verification found of a log that could be read to its end.
struct Found {
    entries: u64,
    head: Digest,
    seal: Digest,
    is_ended: bool,
    /// What its genesis says of a parent.
    parent: Option<Parent>,
    diverged: Vec<Diverged>,
}

pub(crate) fn run(args: &Verify) -> Result<Exit, Failure> {
    bundle::check_free(args.bundle.as_deref())?;
    let found = if args.chain_only { read_chain(args) } else { replay(args) };
    let found = match found {
        Err(failure) if failure.exit == Exit::Differs && args.json => {
            print_json(&json!({
                "schema": "replay.verify/1",
                "ok": false,
                "level": level(args),
                "differences": [&failure.message],
            }))?;
            return Err(failure);
        }
        found => found?,
    };
    let mut differences: Vec<_> = found.diverged.iter().map(ToString::to_string).collect();
    let mut scene = found.diverged.first().map(Scene::of_block);
    if args.producer
        && let Some(otherwise) = producer::check(&args.log)?
    {
        scene = scene.or_else(|| Some(Scene::of_entry(otherwise.number())));
        differences.push(otherwise.to_string());
    }
    if let (Some(folder), Some(scene)) = (&args.bundle, scene) {
        let repeat = format!("replay verify --producer {}", args.log.path.display());
        let written = bundle::write(folder, &args.log, scene, (&differences.join("\n"), &repeat));
        if let Err(unwritten) = written {
            say(&format!("replay: {}", unwritten.message));
        }
    }
    let lineage = lineage::check(&args.log, found.parent, args.parent.as_deref())?;
    differences.extend(lineage);
    for (name, expected, is) in
        [("head", args.expect_head, found.head), ("seal", args.expect_seal, found.seal)]
    {
        if let Some(expected) = expected.filter(|expected| *expected != is) {
            let Found { entries, .. } = found;
            differences
                .push(format!("{name} is {is} after {entries} entries, expected {expected}"));
        }
    }
    let printed = report(args, &found, &differences);
    for difference in &differences {
        say(&format!("replay: {}: {difference}", args.log.path.display()));
    }
    if differences.is_empty() {
        printed.map(|()| Exit::Ok)
    } else {
        // A difference counts, whether somebody reads the rest or not.
        Ok(Exit::Differs)
    }
}

fn report(args: &Verify, found: &Found, differences: &[String]) -> Result<(), Failure> {
    if args.json {
        let mut object = json!({
            "schema": "replay.verify/1",
            "ok": differences.is_empty(),
            "level": level(args),
            "entries": found.entries,
            "ended": found.is_ended,
            "head": found.head.to_string(),
            "seal": found.seal.to_string(),
            "differences": differences,
        });
        if let Some(parent) = &args.parent {
            object["parent"] = parent.display().to_string().into();
        }
        return print_json(&object);
    }
    if !differences.is_empty() {
        return Ok(());
    }
    let level = match level(args) {
        "chain" => "chain",
        "replay" => "chain and replay",
        _ => "chain, replay and producer",
    };
    let end = if found.is_ended { "" } else { ", open" };
    // What shares no entry with its parent may be another future of it, or made out of it.
    let shares = found.parent.is_some_and(|parent| 0 < parent.entry);
    let how = if shares { "a fork of" } else { "derived from" };
    let parent = args.parent.as_ref().map(|parent| format!(", {how} {}", parent.display()));
    let parent = parent.unwrap_or_default();
    print(&format!("ok: {level} of {} entries{end}, head {}{parent}\n", found.entries, found.head))
}

/// How much is checked.
const fn level(args: &Verify) -> &'static str {
    match (args.chain_only, args.producer) {
        (true, _) => "chain",
        (false, false) => "replay",
        (false, true) => "producer",
    }
}

fn read_chain(args: &Verify) -> Result<Found, Failure> {
    let mut reader = open(&args.log)?;
    let interrupt = Interrupt::listen();
    let mut progress = Progress::new("reading", bytes_of(&reader));
    loop {
        match reader.next_block() {
            Ok(Some(_)) => {
                interrupt.check()?;
                progress.at(reader.offset());
            }
            Ok(None) => break,
            Err(error) => return Err(Failure::log(&args.log.path, &error)),
        }
    }
    Ok(Found {
        entries: reader.entries(),
        head: reader.head(),
        seal: reader.chain().seal,
        is_ended: reader.is_ended(),
        parent: reader.header().genesis.parent,
        diverged: Vec::new(),
    })
}

fn replay(args: &Verify) -> Result<Found, Failure> {
    let mut player = player(&args.log)?;
    if args.all {
        player = player.collecting();
    }
    let ended = play(&args.log, &mut player, |_| Ok(()));
    bundle::after(ended, args.bundle.as_deref(), &args.log, &player)?;
    let summary = player.summary();
    Ok(Found {
        entries: summary.entries,
        head: summary.head,
        seal: summary.seal,
        is_ended: summary.is_ended,
        parent: player.reader().header().genesis.parent,
        diverged: player.divergences().to_vec(),
    })
}
