//! The simulated ecology in a WebAssembly module: does another target come to the same digests?
//!
//! A request is the lines of one golden in `golden/MANIFEST`; the answer is what its run comes to
//! here, as lines of the same form. Nothing of a request's measured values is looked at.
//!
//! A request of `golden/proofs/MANIFEST` names an entry besides, and brings a proof that was made
//! elsewhere: the answer is the proof that is made here, and whether the other one is accepted.

pub mod abi;
mod proof;

use std::collections::BTreeMap;
use std::fmt::{Display, Write as _};

use agents::{Config, Ecology};
use replay::recorder::Finished;
use replay::{Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

/// Records the run of a request into memory, replays it, and tells what both came to.
///
/// Returns lines `KEY = VALUE`, or one line `error = …`.
pub fn answer(request: &str) -> String {
    match run(request) {
        Ok(text) => text,
        Err(error) => format!("error = {error}\n"),
    }
}

fn run(request: &str) -> Result<String, String> {
    let fields: BTreeMap<_, _> = request
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim(), value.trim()))
        .collect();
    let (log, finished) = record(&fields)?;
    if fields.contains_key("entry") {
        return proof::answer(&fields, log);
    }
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).map_err(text)?;
    let mut player = Player::new(reader).map_err(text)?;
    let summary = player.run().map_err(text)?;
    if (finished.head, finished.seal, finished.state) != (summary.head, summary.seal, summary.state)
    {
        return Err("the replay does not come to what was recorded".to_owned());
    }
    let mut answer = format!("entries = {}\n", summary.entries);
    for (key, digest) in [
        ("head", summary.head),
        ("outcome", summary.outcome),
        ("seal", summary.seal),
        ("state", summary.state),
    ] {
        // Writing to a string cannot fail.
        let _ = writeln!(answer, "{key} = {digest}");
    }
    Ok(answer)
}

type Fields<'a> = BTreeMap<&'a str, &'a str>;

fn field<'a>(fields: &Fields<'a>, key: &str) -> Result<&'a str, String> {
    fields.get(key).copied().ok_or_else(|| format!("no `{key}` is given"))
}

/// The log of a request's run.
fn record(fields: &Fields<'_>) -> Result<(Vec<u8>, Finished), String> {
    let field = |key: &str| field(fields, key);
    let (preset, seed) = (field("preset")?, field("seed")?.parse().map_err(text)?);
    let mut config = Config::preset(preset).map_err(text)?;
    config.set("steps", field("steps")?).map_err(text)?;
    config.set_all(fields.get("set").copied().unwrap_or_default()).map_err(text)?;
    let mut parameters = config.parameters();
    parameters.insert("preset".to_owned(), preset.to_owned());
    let genesis = Genesis { seed, parameters, ..Genesis::new(config.genesis(), "ecology") };

    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None);
    let (mut recorder, mut ecology) = (recorder.map_err(text)?, Ecology::new(&config, seed));
    while ecology.steps() < config.steps() {
        ecology.step(&mut recorder).map_err(text)?;
    }
    let finished = recorder.finish().map_err(text)?;
    Ok((log, finished))
}

fn text(error: impl Display) -> String {
    error.to_string()
}
