//! One moment, and what there is to tell of it.

use std::path::Path;

use cli::Failure;
use formats::render::{entry_json, entry_text};
use formats::state::spread_text;
use replay::{Entry, PlayError};
use serde_json::{Value, json};

use super::Instant;
use crate::commands::seeking::LogSeeker;

/// A moment, its entry, and the market before and behind it.
pub(crate) struct First {
    pub(crate) at: Instant,
    entry: Option<Entry>,
    before: String,
    behind: String,
}

impl First {
    /// What there is to tell of the moment behind an entry.
    ///
    /// # Errors
    /// Those of the replay, by what they say of the log at this path.
    pub(crate) fn tell(path: &Path, seeker: &mut LogSeeker, entry: u64) -> Result<Self, Failure> {
        Self::try_tell(seeker, entry).map_err(|error| Failure::play(path, &error))
    }

    fn try_tell(seeker: &mut LogSeeker, number: u64) -> Result<Self, PlayError> {
        let player = seeker.seek(number.saturating_sub(1), |_| ())?;
        let before = spread_text(player.engine());
        let entry = if number == 0 { None } else { player.advance()?.map(|it| it.entry.clone()) };
        let engine = player.engine();
        Ok(Self { at: Instant::of(number, engine), entry, before, behind: spread_text(engine) })
    }

    /// Rows of a table. `name` says which moment it is.
    pub(crate) fn rows(self, name: &'static str) -> [(&'static str, String); 4] {
        let entry = self.entry.as_ref().map_or_else(|| "none yet".to_owned(), entry_text);
        [
            (name, format!("entry {}, step {}", self.at.entry, self.at.step)),
            ("entry", entry),
            ("before", self.before),
            ("behind it", self.behind),
        ]
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "entry": self.at.entry,
            "step": self.at.step,
            "time_ns": self.at.time_ns,
            "what": self.entry.as_ref().map(entry_json),
        })
    }
}
