//! One golden run, carried out now: simulated into memory, replayed, counted.

use std::path::Path;

use cli::{Exit, Failure};
use kernel::ClientId;
use replay::{LogError, Player, ReadLimits, Reader, Recorder, SyncPolicy};

use super::figures::{FIGURES, Figures};
use super::manifest::Golden;

/// What a run came to.
#[derive(Clone, Debug)]
pub(super) struct Measured {
    /// The log, byte for byte.
    pub(super) log: Vec<u8>,
    /// Names and values, in the order in which the manifest has them.
    pub(super) values: Vec<(&'static str, String)>,
    figures: [i128; FIGURES.len()],
}

impl Measured {
    /// One value by its name.
    pub(super) fn value(&self, name: &str) -> &str {
        let found = self.values.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// What the run lacks to be of any use: one without trades compares little.
    pub(super) fn lacks(&self, golden: &Golden) -> Vec<String> {
        let mut lacks = Vec::new();
        for (name, least) in &golden.least {
            let found = FIGURES.iter().zip(self.figures).find(|(figure, _)| *figure == name);
            if let Some((_, is)) = found.filter(|(_, is)| is < least) {
                lacks.push(format!("vacuous: {name} is {is}, and its purpose asks for {least}"));
            }
        }
        lacks
    }
}

/// Simulates, replays and counts.
///
/// * `progress` - is told of every step.
///
/// # Errors
/// Exit 3 when the replay does not come to what was recorded.
pub(super) fn measure(golden: &Golden, mut progress: impl FnMut()) -> Result<Measured, Failure> {
    let path = Path::new(&golden.name);
    let fail = |error: LogError| Failure::log(path, &error);
    let genesis = golden.subject.genesis(&golden.preset, golden.seed);
    let mut producer = golden.subject.producer(golden.seed);
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None);
    let mut recorder = recorder.map_err(fail)?;
    while producer.step(&mut recorder).map_err(fail)? {
        progress();
    }
    let finished = recorder.finish().map_err(fail)?;
    let measured = count(golden, log, golden.subject.makers(golden.seed))?;
    let written = [finished.head, finished.seal, finished.state].map(|digest| digest.to_string());
    if written != ["head", "seal", "state"].map(|name| measured.value(name)) {
        return Err(differs(golden, "it comes to another head, seal or state"));
    }
    Ok(measured)
}

/// Replays a log that was just recorded.
fn count(golden: &Golden, log: Vec<u8>, makers: Vec<ClientId>) -> Result<Measured, Failure> {
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT);
    let player = reader.and_then(Player::new);
    let mut player = player.map_err(|error| differs(golden, &error.to_string()))?;
    let mut figures = Figures::new(makers);
    while let Some(moment) =
        player.advance().map_err(|error| differs(golden, &error.to_string()))?
    {
        figures.observe(&moment);
    }
    let summary = player.summary();
    let mut values = vec![
        ("entries", summary.entries.to_string()),
        ("head", summary.head.to_string()),
        ("outcome", summary.outcome.to_string()),
        ("seal", summary.seal.to_string()),
        ("state", summary.state.to_string()),
    ];
    let figures = figures.values();
    values.extend(FIGURES.into_iter().zip(figures.map(|figure| figure.to_string())));
    Ok(Measured { log, values, figures })
}

fn differs(golden: &Golden, what: &str) -> Failure {
    let message = format!("{}: the replay is not what was just recorded: {what}", golden.name);
    Failure::new(Exit::Nondeterministic, message)
}
