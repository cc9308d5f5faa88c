//! One run of fixed rules: recorded, then replayed from the bytes that came out.

use std::fmt::Write as _;

use agents::adversarial::{Game, Settings};
use agents::{Config, Ecology};
use replay::recorder::Finished;
use replay::{Digest, Genesis, Player, ReadLimits, Reader, Recorder, Summary, SyncPolicy};

use crate::{Fields, bytes, field, text};

/// What a run came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Entries, `End` included.
    pub entries: u64,
    /// Head over all entries.
    pub head: Digest,
    /// Outcome of all events.
    pub outcome: Digest,
    /// Seal of the final block.
    pub seal: Digest,
    /// Digest of the final state.
    pub state: Digest,
}

impl Run {
    /// What a replay came to, if it reached the end of a whole log.
    pub(crate) fn of(summary: &Summary) -> Result<Self, String> {
        let Summary { entries, head, outcome, seal, state, .. } = *summary;
        let is_whole = summary.is_ended && summary.sealed_entries == entries;
        is_whole
            .then_some(Self { entries, head, outcome, seal, state })
            .ok_or_else(|| format!("the log ends behind entry {entries}, without its end"))
    }

    /// Lines `KEY = VALUE`.
    pub fn lines(&self) -> String {
        let mut lines = format!("entries = {}\n", self.entries);
        for (key, digest) in self.digests() {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{key} = {digest}");
        }
        lines
    }

    /// The four digests by name.
    pub const fn digests(&self) -> [(&'static str, Digest); 4] {
        [("head", self.head), ("outcome", self.outcome), ("seal", self.seal), ("state", self.state)]
    }
}

/// Records and replays the run of a section, and the log that it brings, if it does.
pub(crate) fn golden(fields: &Fields<'_>) -> Result<String, String> {
    let (log, finished) = record(fields)?;
    let mut lines = replayed(&log, &finished)?.lines();
    if let Some(digits) = fields.get("log") {
        let kept = bytes(digits).ok_or("`log` is not hexadecimal")?;
        let run = replayed(&kept, &finished)?;
        if kept != log {
            return Err("the kept log has other bytes than what was recorded".to_owned());
        }
        let _ = writeln!(lines, "replayed = {}", run.entries);
    }
    Ok(lines)
}

/// The log of a section's run.
pub(crate) fn record(fields: &Fields<'_>) -> Result<(Vec<u8>, Finished), String> {
    let field = |key: &str| field(fields, key);
    let (preset, seed) = (field("preset")?, field("seed")?.parse().map_err(text)?);
    if fields.get("system") == Some(&"adversarial") {
        return adversarial(fields, preset, seed);
    }
    let mut config = Config::preset(preset).map_err(text)?;
    config.set("steps", field("steps")?).map_err(text)?;
    config.set_all(fields.get("set").copied().unwrap_or_default()).map_err(text)?;
    ecology(&config, preset, seed)
}

/// The log of episodes of an adversarial market.
fn adversarial(
    fields: &Fields<'_>,
    preset: &str,
    seed: u64,
) -> Result<(Vec<u8>, Finished), String> {
    let mut settings = Settings::preset(preset).map_err(text)?;
    settings.set("episodes", field(fields, "episodes")?).map_err(text)?;
    settings.set_text(fields.get("set").copied().unwrap_or_default()).map_err(text)?;
    let mut parameters = settings.parameters();
    parameters.insert("preset".to_owned(), preset.to_owned());
    let genesis = Genesis { seed, parameters, ..Genesis::new(settings.genesis(), "adversarial") };
    recorded(&genesis, |recorder| {
        let mut game = Game::new(&settings, seed);
        while game.advance(recorder).map_err(text)?.is_some() {}
        Ok(())
    })
}

/// The log of a run of the ecology.
pub(crate) fn ecology(
    config: &Config,
    preset: &str,
    seed: u64,
) -> Result<(Vec<u8>, Finished), String> {
    let mut parameters = config.parameters();
    parameters.insert("preset".to_owned(), preset.to_owned());
    let genesis = Genesis { seed, parameters, ..Genesis::new(config.genesis(), "ecology") };
    recorded(&genesis, |recorder| {
        let mut ecology = Ecology::new(config, seed);
        while ecology.steps() < config.steps() {
            ecology.step(recorder).map_err(text)?;
        }
        Ok(())
    })
}

/// The log that a producer writes, in memory.
pub(crate) fn recorded(
    genesis: &Genesis,
    produce: impl FnOnce(&mut Recorder<&mut Vec<u8>>) -> Result<(), String>,
) -> Result<(Vec<u8>, Finished), String> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let recorder = Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None);
    let mut recorder = recorder.map_err(text)?;
    produce(&mut recorder)?;
    let finished = recorder.finish().map_err(text)?;
    Ok((log, finished))
}

/// Replays a log; it must come to what was recorded.
pub(crate) fn replayed(log: &[u8], finished: &Finished) -> Result<Run, String> {
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).map_err(text)?;
    let mut player = Player::new(reader).map_err(text)?;
    let run = Run::of(&player.run().map_err(text)?)?;
    let Run { entries, head, seal, state, .. } = run;
    if *finished != (Finished { entries, head, seal, state }) {
        return Err("the replay does not come to what was recorded".to_owned());
    }
    Ok(run)
}
