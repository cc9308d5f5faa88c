//! `replay diff`: how two logs differ, by what happened in them.

mod accounts;
mod align;
pub(super) mod difference;
mod diverged;
mod figures;
pub(super) mod genesis;
mod json;
mod lockstep;
mod notes;
mod orders;
#[cfg(test)]
pub(super) mod tests;
mod text;
mod waiting;

use std::path::Path;

use cli::{Exit, Failure, Interrupt, Progress};
use kernel::Section;
use replay::state::section_digest;
use replay::{Genesis, Summary};

use super::names::Names;
use super::{bytes_of, player, print, print_json};
use crate::args::{Diff, Log};

use accounts::Account;
use align::Counts;
use difference::{Differences, Field};
use figures::Figures;
use genesis::Kinship;
use lockstep::Parting;

/// How two logs differ.
struct Found {
    paths: [String; 2],
    geneses: [Genesis; 2],
    summaries: [Summary; 2],
    genesis: Vec<Field>,
    kinship: Option<Kinship>,
    parting: Option<Parting>,
    counts: Counts,
    differences: Differences,
    accounts: Vec<Account>,
    sections: Vec<Section>,
    figures: [Figures; 2],
    names: Names,
    limit: Option<usize>,
}

impl Found {
    /// Whether genesis and entries are equal, and with them all that follows.
    const fn is_equal(&self) -> bool {
        self.genesis.is_empty() && self.parting.is_none()
    }
}

pub(crate) fn run(args: &Diff) -> Result<Exit, Failure> {
    // Nothing is written, so there is nothing to save.
    Interrupt::at_once("replay");
    let found = find(args)?;
    let printed = if args.json {
        print_json(&json::object(&found, args.stat))
    } else {
        print(&text::words(&found, args.stat))
    };
    match printed {
        Err(failure) if failure.exit != Exit::Ok => Err(failure),
        // A difference counts, whether somebody reads the rest or not.
        Ok(()) | Err(_) if !found.is_equal() => Ok(Exit::Differs),
        Ok(()) | Err(_) => Ok(Exit::Ok),
    }
}

fn find(args: &Diff) -> Result<Found, Failure> {
    let log = |path: &Path| Log { path: path.to_owned(), limits: args.limits.clone() };
    let logs = [log(&args.a), log(&args.b)];
    let players = [player(&logs[0])?, player(&logs[1])?];
    let geneses = players.each_ref().map(|player| player.reader().header().genesis.clone());
    let limit = usize::try_from(args.limit).ok().filter(|limit| 0 < *limit);
    let [a, b] = players.each_ref().map(|player| bytes_of(player.reader()));
    let mut progress = Progress::new("comparing", a.saturating_add(b));
    // What is not shown need not be kept.
    let kept = if args.stat { Some(0) } else { limit };
    let played = lockstep::play(players, kept, |bytes| progress.at(bytes))
        .map_err(|(which, error)| diverged::failure(&logs, which, &error))?;
    drop(progress);
    let [a, b] = &geneses;
    let sides = &played.sides;
    let engines = sides.each_ref().map(lockstep::Side::engine);
    let [one, other] = engines;
    let differs =
        |section: &Section| section_digest(one, *section) != section_digest(other, *section);
    Ok(Found {
        paths: logs.each_ref().map(|log| log.path.display().to_string()),
        summaries: sides.each_ref().map(lockstep::Side::summary),
        genesis: genesis::differences(a, b),
        kinship: genesis::kinship(&logs, [a, b])?,
        accounts: accounts::differing(engines),
        sections: Section::ALL.into_iter().filter(differs).collect(),
        figures: sides.each_ref().map(Figures::of),
        names: Names::of(&geneses),
        parting: played.parting,
        counts: played.counts,
        differences: played.differences,
        geneses,
        limit,
    })
}
