//! `replay sign`: a checkpoint that says how far a log has come, signed.

use std::io::Write;

use cli::{Exit, Failure, NewFile};
use formats::checkpoint::Checkpoint;
use serde_json::json;

use super::{is_same_file, print, print_json, refuse_in_place, verify};
use crate::args::Sign;
use crate::signing::{PrivateKey, read_private_key};

pub(crate) fn run(args: &Sign) -> Result<Exit, Failure> {
    let output = args.output.clone();
    let output = output.unwrap_or_else(|| cli::with_suffix(&args.log.path, ".checkpoint"));
    refuse_in_place(&args.log.path, &output)?;
    if is_same_file(&args.key, &output) {
        let message = format!("{}: is the key and cannot be the output too", output.display());
        return Err(Failure::new(Exit::Usage, message));
    }
    let key = read_private_key(&args.key)?;
    // Before the work: nothing is verified for an output that cannot be.
    let mut file = NewFile::create(&output, args.force)?;
    let found = verify::chain(&args.log, args.chain_only)?;
    let (checkpoint, entries) = (found.border, found.entries);
    let note = key.sign(checkpoint.to_string());
    write!(file, "{note}").map_err(|error| Failure::io(&output, &error))?;
    file.commit()?;
    tell(args, &key, &checkpoint, entries, &output.display().to_string())
}

fn tell(
    args: &Sign,
    key: &PrivateKey,
    checkpoint: &Checkpoint,
    entries: u64,
    output: &str,
) -> Result<Exit, Failure> {
    let public = key.public();
    let Checkpoint { entries: signed, seal, block, head, .. } = checkpoint;
    if args.json {
        print_json(&json!({
            "schema": "replay.sign/1",
            "checkpoint": output,
            "name": public.name().as_str(),
            "key_id": public.id_text(),
            "level": if args.chain_only { "chain" } else { "replay" },
            "signed_entries": signed,
            "entries": entries,
            "block": block,
            "head": head.to_string(),
            "seal": seal.to_string(),
        }))?;
        return Ok(Exit::Ok);
    }
    let name = public.name();
    print(&format!("signed by {name} up to entry {signed} of {entries}, seal {seal}: {output}\n"))?;
    Ok(Exit::Ok)
}
