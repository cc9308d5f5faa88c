//! A diagnosis as one object.

use replay::doctor::{Diagnosis, Link, Run, TailState, Verdict};
use serde_json::{Value, json};

use super::Findings;
use super::beside::LISTED_MAX;

pub(super) fn object(findings: &Findings<'_>) -> Value {
    let Findings { args, diagnosis, is_busy, beside, replayed, advice } = findings;
    json!({
        "schema": "replay.doctor/1",
        "log": args.log.path.display().to_string(),
        "ok": findings.exit() == cli::Exit::Ok,
        "bytes": diagnosis.bytes,
        "header": header(diagnosis),
        "blocks": diagnosis.runs.iter().map(run).collect::<Vec<_>>(),
        "blocks_left_out": diagnosis.blocks_left_out,
        "bad_blocks": diagnosis.bad_blocks,
        "good": {
            "blocks": diagnosis.good_blocks,
            "entries": diagnosis.good_entries,
            "head": diagnosis.good_head.to_string(),
            "seal": diagnosis.good_seal.to_string(),
        },
        "entries": diagnosis.entries(),
        "ended": diagnosis.is_ended,
        "bytes_after_end": diagnosis.bytes_after_end,
        "tail": tail(diagnosis.tail),
        "busy": is_busy,
        "beside": beside.iter().take(LISTED_MAX).map(|beside| json!({
            "name": beside.name,
            "what": beside.what,
            "deletable": beside.is_deletable,
        })).collect::<Vec<_>>(),
        "beside_left_out": beside.len().saturating_sub(LISTED_MAX),
        "replay": replayed.as_ref().map(|replayed| json!({
            "entries": replayed.entries,
            "diverged_blocks": replayed.count,
            "first": replayed.diverged,
            "refused": replayed.refused,
        })),
        "advice": advice.iter().map(|advice| json!({
            "why": advice.why,
            "command": advice.command,
        })).collect::<Vec<_>>(),
    })
}

fn header(diagnosis: &Diagnosis) -> Value {
    match &diagnosis.header {
        Ok(header) => json!({
            "ok": true,
            "format": replay::header::FORMAT_VERSION,
            "kernel": kernel::SEMANTICS_VERSION,
            "bytes": header.bytes,
            "seal": header.seal.to_string(),
        }),
        Err(error) => json!({
            "ok": false,
            "error": error.to_string(),
            "blocks_from": diagnosis.start,
        }),
    }
}

fn run(run: &Run) -> Value {
    let known = |number: u64| (number != 0).then_some(number);
    let (verdict, what) = match run.verdict {
        Verdict::Good => ("good", None),
        Verdict::Follows => ("follows", None),
        Verdict::Apart(what) => ("apart", Some(what.to_string())),
        Verdict::Bad { what, .. } => ("bad", Some(what.to_string())),
        Verdict::Torn { zeros: false, .. } => ("torn", Some("bytes are missing".to_owned())),
        Verdict::Torn { zeros: true, .. } => ("torn", Some("bytes are zeros".to_owned())),
        Verdict::Unsynced(what) => ("torn", Some(what.to_string())),
        Verdict::Unreadable(kind) => ("unreadable", Some(kind.to_string())),
    };
    let mut object = json!({
        "first": run.first,
        "last": run.last,
        "numbered": known(run.numbered),
        "offset": run.offset,
        "first_entry": known(run.first_entry),
        "last_entry": known(run.last_entry),
        "verdict": verdict,
        "what": what,
    });
    match run.verdict {
        Verdict::Torn { need, have, .. } => {
            object["need"] = need.into();
            object["have"] = have.into();
        }
        Verdict::Bad { link, .. } => {
            object["header"] = match link {
                Link::Right => "right",
                Link::Doubtful => "doubtful",
                Link::Lost => "lost",
            }
            .into();
        }
        Verdict::Good
        | Verdict::Follows
        | Verdict::Apart(_)
        | Verdict::Unsynced(_)
        | Verdict::Unreadable(_) => {}
    }
    object
}

fn tail(tail: TailState) -> Value {
    match tail {
        TailState::Empty => json!({ "state": "empty" }),
        TailState::Stale => json!({ "state": "stale" }),
        TailState::Left => json!({ "state": "left" }),
        TailState::Open { first, last } => json!({ "state": "open", "first": first, "last": last }),
        TailState::Torn { first, last, offset } => {
            json!({ "state": "torn", "first": first, "last": last, "offset": offset })
        }
        TailState::Damaged { first, last, offset, what } => json!({
            "state": "damaged",
            "first": first,
            "last": last,
            "offset": offset,
            "what": what.to_string(),
        }),
        TailState::Foreign => json!({ "state": "foreign" }),
        TailState::TooLong => json!({ "state": "too-long" }),
        TailState::Unknown => json!({ "state": "unknown" }),
    }
}
