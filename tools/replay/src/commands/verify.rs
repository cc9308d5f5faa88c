//! `replay verify`: is the log whole, and does it replay?

mod signed;

use cli::{Exit, Failure, Interrupt, Progress};
use formats::checkpoint::Checkpoint;
use replay::{BlockHeader, Digest, Diverged, Parent};
use serde_json::json;

use super::bundle::{self, Scene};
use super::{LogPlayer, LogReader};
use super::{bytes_of, lineage, open, play, player, print, print_json, producer, say};
use crate::args::{Log, Verify};
use crate::signing::Signed;

/// What a verification found of a log that could be read to its end.
pub(super) struct Found {
    pub(super) entries: u64,
    head: Digest,
    is_ended: bool,
    /// What its genesis says of a parent.
    parent: Option<Parent>,
    diverged: Vec<Diverged>,
    /// The last block border.
    pub(super) border: Checkpoint,
    /// The block that was looked for on the way.
    sought: Option<BlockHeader>,
}

pub(crate) fn run(args: &Verify) -> Result<Exit, Failure> {
    bundle::check_free(args.bundle.as_deref())?;
    let read = signed::read(args).and_then(|signed| {
        let sought = signed.as_ref().map_or(0, |signed| signed.checkpoint.block);
        let found =
            if args.chain_only { read_chain(&args.log, sought) } else { replay(args, sought) };
        Ok((found?, signed))
    });
    let (found, signed) = match read {
        Err(failure) if failure.exit == Exit::Differs && args.json => {
            print_json(&json!({
                "schema": "replay.verify/1",
                "ok": false,
                "level": level(args),
                "differences": [&failure.message],
            }))?;
            return Err(failure);
        }
        read => read?,
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
        [("head", args.expect_head, found.head), ("seal", args.expect_seal, found.border.seal)]
    {
        if let Some(expected) = expected.filter(|expected| *expected != is) {
            let Found { entries, .. } = found;
            differences
                .push(format!("{name} is {is} after {entries} entries, expected {expected}"));
        }
    }
    if let Some(signed) = &signed {
        differences.extend(signed::difference(args, signed, &found));
    }
    let printed = report(args, (&found, signed.as_ref()), &differences);
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

fn report(
    args: &Verify,
    (found, signed): (&Found, Option<&Signed>),
    differences: &[String],
) -> Result<(), Failure> {
    if args.json {
        let mut object = json!({
            "schema": "replay.verify/1",
            "ok": differences.is_empty(),
            "level": level(args),
            "entries": found.entries,
            "ended": found.is_ended,
            "head": found.head.to_string(),
            "seal": found.border.seal.to_string(),
            "differences": differences,
        });
        if let Some(parent) = &args.parent {
            object["parent"] = parent.display().to_string().into();
        }
        if let Some(signed) = signed.filter(|_| differences.is_empty()) {
            object["signed"] = signed::object(signed);
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
    let Found { entries, head, .. } = found;
    let signed = signed.map(|signed| signed::text(signed, *entries)).unwrap_or_default();
    print(&format!("ok: {level} of {entries} entries{end}, head {head}{parent}{signed}\n"))
}

/// How much is checked.
const fn level(args: &Verify) -> &'static str {
    match (args.chain_only, args.producer) {
        (true, _) => "chain",
        (false, false) => "replay",
        (false, true) => "producer",
    }
}

/// Reads a log to its end, and replays it unless told otherwise.
///
/// # Errors
/// Whatever is wrong with it.
pub(super) fn chain(log: &Log, chain_only: bool) -> Result<Found, Failure> {
    if chain_only {
        return read_chain(log, 0);
    }
    let mut player = player(log)?;
    play(log, &mut player, |_| Ok(()))?;
    Ok(played(&player, None))
}

/// * `sought` - number of a block whose header is wanted; 0 for none.
fn read_chain(log: &Log, sought: u64) -> Result<Found, Failure> {
    let mut reader = open(log)?;
    let interrupt = Interrupt::listen();
    let mut progress = Progress::new("reading", bytes_of(&reader));
    let mut seen = None;
    loop {
        match reader.next_block() {
            Ok(Some(block)) => {
                seen = seen.or(block.header.filter(|header| header.number == sought));
                interrupt.check()?;
                progress.at(reader.offset());
            }
            Ok(None) => break,
            Err(error) => return Err(Failure::log(&log.path, &error)),
        }
    }
    Ok(Found {
        entries: reader.entries(),
        head: reader.head(),
        is_ended: reader.is_ended(),
        parent: reader.header().genesis.parent,
        diverged: Vec::new(),
        border: border(&reader),
        sought: seen,
    })
}

fn replay(args: &Verify, sought: u64) -> Result<Found, Failure> {
    let mut player = player(&args.log)?;
    if args.all {
        player = player.collecting();
    }
    let mut seen = None;
    let ended = play(&args.log, &mut player, |moment| {
        seen = seen.or(moment.closes.copied().filter(|header| header.number == sought));
        Ok(())
    });
    bundle::after(ended, args.bundle.as_deref(), &args.log, &player)?;
    Ok(played(&player, seen))
}

fn played(player: &LogPlayer, sought: Option<BlockHeader>) -> Found {
    let summary = player.summary();
    Found {
        entries: summary.entries,
        head: summary.head,
        is_ended: summary.is_ended,
        parent: player.reader().header().genesis.parent,
        diverged: player.divergences().to_vec(),
        border: border(player.reader()),
        sought,
    }
}

/// The last block border of a log that was read to its end.
fn border(reader: &LogReader) -> Checkpoint {
    let chain = reader.chain();
    Checkpoint {
        origin: reader.header().seal,
        entries: chain.entries,
        seal: chain.seal,
        block: chain.blocks,
        head: chain.head,
    }
}
