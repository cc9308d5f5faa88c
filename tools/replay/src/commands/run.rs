//! `replay run`: reproduce a log exactly.

use cli::{Exit, Failure};
use replay::Summary;
use serde_json::json;

use super::tally::Tally;
use super::{bundle, play, player, print, print_json, table};
use crate::args::Run;

pub(crate) fn run(args: &Run) -> Result<Exit, Failure> {
    bundle::check_free(args.bundle.as_deref())?;
    let mut player = player(&args.log)?;
    let mut tally = Tally::default();
    let ended = play(&args.log, &mut player, |moment| {
        tally.observe(moment);
        Ok(())
    });
    bundle::after(ended, args.bundle.as_deref(), &args.log, &player)?;
    let summary = player.summary();
    let engine = player.engine();
    if args.json {
        print_json(&json!({
            "schema": "replay.run/1",
            "entries": summary.entries,
            "blocks": summary.blocks,
            "ended": summary.is_ended,
            "head": summary.head.to_string(),
            "outcome": summary.outcome.to_string(),
            "seal": summary.seal.to_string(),
            "sealed_entries": summary.sealed_entries,
            "state": summary.state.to_string(),
            "time_ns": engine.time().0,
            "step": engine.step().0,
            "orders_live": engine.orders_live(),
            "counts": tally.json(),
        }))?;
    } else {
        let mut rows = vec![
            ("entries", entries_text(&summary)),
            ("head", summary.head.to_string()),
            ("outcome", summary.outcome.to_string()),
            ("seal", seal_text(&summary)),
            ("state", summary.state.to_string()),
        ];
        rows.extend(tally.rows());
        rows.push(("clock", format!("{} ns, step {}", engine.time(), engine.step())));
        rows.push(("resting", format!("{} orders", engine.orders_live())));
        print(&table(&rows))?;
    }
    Ok(Exit::Ok)
}

pub(super) fn entries_text(summary: &Summary) -> String {
    let end = if summary.is_ended { "ended" } else { "open, without an end entry" };
    format!("{} in {} blocks ({end})", summary.entries, summary.blocks)
}

pub(super) fn seal_text(summary: &Summary) -> String {
    if summary.sealed_entries == summary.entries {
        summary.seal.to_string()
    } else {
        format!("{} (of the first {} entries)", summary.seal, summary.sealed_entries)
    }
}
