//! What to do about a log: words and the command line.

use std::path::Path;

use replay::LogError;
use replay::doctor::{Diagnosis, TailState};

/// One thing to do.
pub(super) struct Advice {
    pub(super) why: String,
    pub(super) command: Option<String>,
}

fn advice(why: impl Into<String>, command: impl Into<Option<String>>) -> Advice {
    Advice { why: why.into(), command: command.into() }
}

/// What to do, the first thing first.
///
/// * `is_busy` - whether a writer has the log now.
pub(super) fn find(log: &Path, diagnosis: &Diagnosis, is_busy: bool) -> Vec<Advice> {
    let mut list = Vec::new();
    if diagnosis.is_healthy() {
        return list;
    }
    if is_busy {
        let why = "another process is writing the log: what looks torn may be under way; look again \
                   when it is done";
        list.push(advice(why, None));
    }
    if let Err(error) = &diagnosis.header {
        list.push(about_header(error));
        return list;
    }
    let path = quoted(log);
    if diagnosis.is_merely_torn() {
        let why = "the log ends early and what is there is good: keep all of it";
        list.push(advice(why, format!("replay recover {path} -o NEW")));
        return list;
    }
    if 0 < diagnosis.bytes_after_end && diagnosis.bad_blocks == 0 {
        let why = "the log is whole up to its end: keep that";
        let bytes = diagnosis.bytes - diagnosis.bytes_after_end;
        list.push(advice(why, format!("head -c {bytes} {path} > NEW")));
        return list;
    }
    match diagnosis.tail {
        TailState::Foreign | TailState::TooLong if diagnosis.bad_blocks == 0 => {
            let why = "the sealed blocks are good and the tail is not theirs: put it aside, or find \
                       the tail that belongs here";
            list.push(advice(why, format!("mv {path}.tail {path}.tail-foreign")));
            return list;
        }
        TailState::Empty
        | TailState::Stale
        | TailState::Left
        | TailState::Open { .. }
        | TailState::Torn { .. }
        | TailState::Damaged { .. }
        | TailState::Foreign
        | TailState::TooLong
        | TailState::Unknown => {}
    }
    about_damage(&path, diagnosis, &mut list);
    list
}

fn about_damage(path: &str, diagnosis: &Diagnosis, list: &mut Vec<Advice>) {
    list.push(advice("best: restore the log from a copy", "replay verify COPY".to_owned()));
    let (entries, blocks) = (diagnosis.entries(), diagnosis.good_blocks);
    if entries == 0 {
        list.push(advice("no entry before the damage can be kept", None));
        return;
    }
    let position =
        if entries == diagnosis.good_entries { format!("b:{blocks}") } else { entries.to_string() };
    let why = format!("without a copy: keep the {entries} entries before the damage");
    list.push(advice(why, format!("replay cut {path} --to {position} -o NEW")));
    if entries == diagnosis.good_entries {
        let head = diagnosis.good_head;
        let why = "a copy holds the same entries up to there if it is cut there and this is well";
        let verify = format!(
            "replay cut COPY --to {entries} -o PART && replay verify PART --expect-head {head}"
        );
        list.push(advice(why, verify));
    }
}

fn about_header(error: &LogError) -> Advice {
    match error {
        LogError::UnsupportedFormat { .. } | LogError::UnsupportedKernel { .. } => {
            advice("read it with the build that wrote it", None)
        }
        LogError::NotALog => advice("this is another file, or its first bytes are lost", None),
        LogError::HeaderCut { .. } => advice("nothing was recorded: delete it", None),
        LogError::HeaderDigest
        | LogError::Genesis(_)
        | LogError::Torn { .. }
        | LogError::TornToZeros { .. }
        | LogError::TornUnsynced { .. }
        | LogError::TornFrame { .. }
        | LogError::Damaged { .. }
        | LogError::Limit { .. }
        | LogError::Io { .. }
        | LogError::UnwritableGenesis(_)
        | LogError::Unwritable(_)
        | LogError::Fits { .. }
        | LogError::Closed
        | LogError::Ended
        | _ => advice(
            "nothing can be replayed without the header: restore the log from a copy, or the header \
             alone, if a copy of the log's first bytes is all there is",
            "replay verify COPY".to_owned(),
        ),
    }
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./,+@%:=".contains(letter);
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(is_plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
