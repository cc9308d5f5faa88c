//! `cargo xtask identity`: do all builds of one checkout come to the same digests?
//!
//! `tools/probe` is built by several compilers, with several options and for several targets. Each of
//! its programs records and replays every golden run, makes and checks every golden proof, reads the
//! files of the golden training run and writes them again, and goes through one long stream. Goldens
//! and proofs must be what is written down; the files must be written as the same bytes, and what was
//! read of them, like the stream, must be what the first build made of it.

mod answers;
mod builds;
mod requests;
mod toolchain;

use std::path::{Path, PathBuf};
use std::time::Instant;

use self::answers::Answers;
use self::builds::{BUILDS, Build, Made, Maker};
use self::requests::Request;
use crate::{print, say};

/// What is asked for on the command line.
#[derive(Debug)]
pub(crate) struct Wanted {
    /// One build, beside the first, instead of all.
    pub(crate) only: Option<String>,
    /// Least entries of the stream.
    pub(crate) entries: u64,
    /// Builds that need nothing but a Rust toolchain.
    pub(crate) quick: bool,
    /// What each run came to.
    pub(crate) verbose: bool,
}

/// Makes the builds, runs each and prints a table.
///
/// # Errors
/// Files that are missing, builds that differ or do not run, and one that was asked for by name and
/// cannot be made here.
pub(crate) fn run(root: &Path, wanted: &Wanted) -> Result<(), String> {
    let chosen = choose(wanted)?;
    let request = Request::of_checkout(root, wanted.entries)?;
    let maker = Maker::new(root, target_folder()?.join("identity"));
    print(answers::HEADING);
    let (mut first, mut equal, mut wrong, mut absent) = (None, 0_u32, Vec::new(), Vec::new());
    for build in chosen {
        let program = match maker.make(build) {
            Ok(Made::Program(program)) => program,
            Ok(Made::Absent(reason)) => {
                print(&format!("{:<10}  not made: {reason}", build.name));
                absent.push(build.name);
                continue;
            }
            Err(error) => {
                print(&format!("{:<10}  FAILED: {error}", build.name));
                wrong.push(build.name);
                continue;
            }
        };
        let start = Instant::now();
        let answers = program.run(&request.text).map(|text| Answers::read(&text));
        let seconds = start.elapsed().as_secs_f64();
        let answers = match answers {
            Ok(answers) => answers,
            Err(error) => {
                print(&format!("{:<10}  FAILED: {error}", build.name));
                wrong.push(build.name);
                continue;
            }
        };
        let differences = answers.compare(&request, first.as_ref());
        print(&answers.row(build.name, &request, &differences, seconds));
        if wanted.verbose {
            print(&answers.details());
        }
        for difference in &differences {
            print(&format!("{:<10}  DIFFERS  {difference}", ""));
        }
        if differences.is_empty() {
            equal += 1;
        } else {
            wrong.push(build.name);
        }
        first.get_or_insert(answers);
    }
    conclude(wanted, equal, &wrong, &absent)
}

fn conclude(wanted: &Wanted, equal: u32, wrong: &[&str], absent: &[&str]) -> Result<(), String> {
    if !wrong.is_empty() {
        return Err(format!("not identical: {}", wrong.join(", ")));
    }
    if let Some(name) = wanted.only.as_deref().filter(|name| absent.contains(name)) {
        return Err(format!("{name} cannot be made here"));
    }
    let rest = if absent.is_empty() {
        String::new()
    } else {
        format!("; not made: {}", absent.join(", "))
    };
    say(&format!("{equal} identical{rest}"));
    Ok(())
}

/// The builds to make. The first is always among them: the others are compared with it.
fn choose(wanted: &Wanted) -> Result<Vec<&'static Build>, String> {
    let names = || BUILDS.iter().map(|build| build.name).collect::<Vec<_>>().join(", ");
    if let Some(only) = &wanted.only
        && BUILDS.iter().all(|build| build.name != only)
    {
        return Err(format!("no build `{only}`: one of {}", names()));
    }
    let is_wanted = |(index, build): &(usize, &'static Build)| match &wanted.only {
        Some(only) => *index == 0 || build.name == only,
        None => !wanted.quick || build.is_quick,
    };
    Ok(BUILDS.iter().enumerate().filter(is_wanted).map(|(_, build)| build).collect())
}

/// A number of entries: `1000000`, `1_000_000` or `1e6`.
///
/// # Errors
/// Anything else.
pub(crate) fn parse_entries(text: &str) -> Result<u64, String> {
    let digits = text.replace('_', "");
    let (number, zeros) = digits.split_once('e').unwrap_or((&digits, "0"));
    let parse = || {
        let zeros = zeros.parse().ok()?;
        number.parse::<u64>().ok()?.checked_mul(10_u64.checked_pow(zeros)?)
    };
    parse().filter(|entries| 0 < *entries).ok_or_else(|| {
        "a number of entries is expected, at least 1: 1000000, 1_000_000 or 1e6".to_owned()
    })
}

/// The folder into which this program was built.
fn target_folder() -> Result<PathBuf, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let target = own.ancestors().nth(2);
    target.map(Path::to_owned).ok_or_else(|| "this program lies in no target folder".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(only: Option<&str>, quick: bool) -> Result<Vec<&'static str>, String> {
        let only = only.map(str::to_owned);
        let chosen = choose(&Wanted { only, entries: 1, quick, verbose: false })?;
        Ok(chosen.into_iter().map(|build| build.name).collect())
    }

    #[test]
    fn the_first_build_is_always_there() {
        assert_eq!(names(None, false).unwrap().len(), BUILDS.len());
        assert_eq!(names(Some("s390x"), false).unwrap(), ["release", "s390x"]);
        assert_eq!(names(Some("release"), false).unwrap(), ["release"]);
        assert_eq!(names(None, true).unwrap().first(), Some(&"release"));
        assert!(names(Some("vax"), false).unwrap_err().contains("i686"));
    }

    #[test]
    fn the_help_names_every_build() {
        let help = include_str!("main.rs");
        let (_, list) = help.split_once("compared with the first: ").unwrap();
        let (list, _) = list.split_once("#[arg").unwrap();
        let list = list.replace(" or ", ", ").replace("///", "");
        let list: Vec<_> = list.split(',').map(str::trim).collect();
        assert_eq!(list, BUILDS.iter().map(|build| build.name).collect::<Vec<_>>());
    }

    #[test]
    fn entries_are_numbers() {
        for (text, entries) in [("7", 7), ("1e6", 1_000_000), ("1_000", 1_000), ("20e1", 200)] {
            assert_eq!(parse_entries(text), Ok(entries), "{text}");
        }
        for text in ["", "0", "0e3", "e", "1e", "e6", "1e30", "-1", "1.5e3", "1e6e1", "ten"] {
            assert!(parse_entries(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_was_named_and_is_absent_is_an_error() {
        let wanted = |only: Option<&str>| Wanted {
            only: only.map(str::to_owned),
            entries: 1,
            quick: false,
            verbose: false,
        };
        assert_eq!(conclude(&wanted(None), 3, &[], &["s390x"]), Ok(()));
        assert!(conclude(&wanted(Some("s390x")), 1, &[], &["s390x"]).is_err());
        assert_eq!(conclude(&wanted(Some("i686")), 2, &[], &[]), Ok(()));
        assert!(conclude(&wanted(None), 3, &["i686"], &[]).is_err());
    }
}
