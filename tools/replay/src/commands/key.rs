//! `replay key`: a new pair of keys.

use std::io::Write;

use cli::{Exit, Failure, NewFile};
use serde_json::json;

use super::{print, print_json, say};
use crate::args::Key;
use crate::signing::PrivateKey;

pub(crate) fn run(args: &Key) -> Result<Exit, Failure> {
    let public_path = cli::with_suffix(&args.file, ".pub");
    // The public file is begun first: a private key without it would be of no use, and is made last.
    let mut public_file = NewFile::create(&public_path, false).map_err(without_force)?;
    let key = PrivateKey::generate(args.name.clone())
        .map_err(|error| Failure::new(Exit::Io, format!("no randomness for a key: {error}")))?;
    let public = key.public();
    writeln!(public_file, "{public}").map_err(|error| Failure::io(&public_path, &error))?;
    cli::create_private(&args.file, key.to_text().as_bytes())?;
    if let Err(failure) = public_file.commit() {
        // Nobody has seen it.
        let _ = std::fs::remove_file(&args.file);
        return Err(failure);
    }
    if args.json {
        print_json(&json!({
            "schema": "replay.key/1",
            "name": args.name.as_str(),
            "key_id": public.id_text(),
            "public_key": public.to_string(),
            "private_file": args.file.display().to_string(),
            "public_file": public_path.display().to_string(),
        }))?;
        return Ok(Exit::Ok);
    }
    print(&format!("{public}\n"))?;
    say(&format!(
        "{} signs: keep it secret. {} is for everybody who verifies: publish it.",
        args.file.display(),
        public_path.display()
    ));
    Ok(Exit::Ok)
}

/// There is no `--force` that would replace a key.
fn without_force(failure: Failure) -> Failure {
    let is_taken = failure.hint.is_some();
    let failure = Failure { hint: None, ..failure };
    if is_taken {
        failure.with_hint("keys are never replaced: choose another name")
    } else {
        failure
    }
}
