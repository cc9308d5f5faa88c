//! An adversarial market as a page: its logs replayed, their episodes gathered.

use std::io::Write;

use agents::adversarial::Settings;
use cli::{Exit, Failure, NewFile};
use report::{EpisodeLog, Episodes, Gathering, Page};

use super::command;
use crate::args::{Log, Report};
use crate::commands::adversarial::{self, Seen};
use crate::commands::simulate::PRESET;
use crate::commands::words::quoted;

/// Writes the page of logs of one market.
///
/// # Errors
/// Exit 2 for a curve, which no such log has; whatever replaying and writing gives.
pub(super) fn write(args: &Report, logs: &[Log], settings: Settings) -> Result<Exit, Failure> {
    if let Some(curve) = args.inevitable.first() {
        let message =
            format!("--inevitable {}: it is nothing to an adversarial market", curve.display());
        let hint = "replay inevitable forks ecologies";
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    let mut file = NewFile::create(&args.output, args.force)?;
    let mut found = Gathering::new(&settings);
    let seen = adversarial::replay(logs, &settings, |log, episode| found.add(log, episode))?;
    let names: Vec<_> = seen.iter().map(|log| log.path.clone()).collect();
    let shown: Vec<_> = names.iter().map(String::as_str).collect();
    let page = Page {
        title: args.title.clone().unwrap_or_else(|| super::title(&shown)),
        command: command::of_page(args, &shown),
    };
    let words: Vec<_> = shown.iter().map(|name| quoted(name)).collect();
    let episodes = Episodes {
        logs: seen.into_iter().map(log).collect(),
        command: format!("replay stats {}", words.join(" ")),
        settings,
        found,
    };
    let html = report::episodes_page(&page, &episodes);
    file.write_all(html.as_bytes()).map_err(|error| Failure::io(&args.output, &error))?;
    file.commit()?;
    Ok(Exit::Ok)
}

fn log(seen: Seen) -> EpisodeLog {
    EpisodeLog {
        command: command::of_episodes(&seen.genesis, &seen.path),
        preset: seen.genesis.parameters.get(PRESET).cloned(),
        seed: seen.genesis.seed,
        producer: seen.genesis.producer,
        name: seen.path,
        entries: seen.entries,
        head: seen.head,
        episodes: seen.episodes,
        unclosed: seen.unclosed,
    }
}
