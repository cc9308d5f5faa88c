//! Records logs once more, with the kernel that this program was built with: for kernels that were
//! changed on purpose.
//!
//! ```text
//! rerecord make GOLDEN DIR      ten logs: the golden ones, and random commands of every kind
//! rerecord again FROM TO        every log of FROM by this kernel, and its events entry by entry
//! ```
#![expect(clippy::print_stderr, reason = "a program that reports")]

use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::Path;
use std::process::ExitCode;

use kernel::Command;
use replay::block::Cursor;
use replay::outcome::{EVENT_BYTES_MAX, write_event};
use replay::{Entry, Genesis, ReadLimits, Reader, Recorder, SyncPolicy};
use tests::run::seeded;
use tests::twin::Twin;

type Done = Result<(), Box<dyn Error>>;

/// Seeds whose scenarios have many commands of many kinds.
const SEEDS: [u64; 7] = [3, 11, 24, 31, 48, 57, 66];
/// Commands of a random log: several blocks.
const MOVES: u32 = 9_000;

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = args.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["make", golden, folder] => make(Path::new(golden), Path::new(folder)),
        ["again", from, to] => again(Path::new(from), Path::new(to)),
        _ => Err("rerecord make GOLDEN DIR | again FROM TO".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rerecord: {error}");
            ExitCode::FAILURE
        }
    }
}

fn make(golden: &Path, folder: &Path) -> Done {
    fs::create_dir_all(folder)?;
    for entry in fs::read_dir(golden)? {
        let path = entry?.path();
        if let Some(name) =
            path.file_name().filter(|_| path.extension().is_some_and(|it| it == "log"))
        {
            fs::copy(&path, folder.join(name))?;
        }
    }
    for seed in SEEDS {
        let scenario = seeded(seed, MOVES);
        let genesis = Genesis { seed, ..Genesis::new(scenario.genesis.clone(), "random") };
        let mut recorder = create(&genesis, &folder.join(format!("random-{seed}.log")))?;
        let mut market = Twin::new(&scenario.genesis)?;
        for planned in &scenario.moves {
            let command = planned.command(&market);
            market.apply_unchecked(command)?;
            recorder.take(&Entry::Command(command))?;
        }
        recorder.finish()?;
    }
    Ok(())
}

fn again(from: &Path, to: &Path) -> Done {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".log"))
        else {
            continue;
        };
        rerecord(&path, &to.join(format!("{name}.log")), &to.join(format!("{name}.events")))?;
    }
    Ok(())
}

fn create(genesis: &Genesis, path: &Path) -> Result<Recorder<File>, Box<dyn Error>> {
    let tail = File::create(path.with_extension("unused"))?;
    Ok(Recorder::create(genesis, File::create(path)?, tail, SyncPolicy::None)?)
}

/// Only entries are read of the old log: what its kernel made of them does not matter.
fn rerecord(from: &Path, to: &Path, events: &Path) -> Done {
    let mut reader = Reader::open(File::open(from)?, Vec::new(), ReadLimits::DEFAULT)?;
    let mut recorder = create(&reader.header().genesis.clone(), to)?;
    let mut lines = String::new();
    let mut number = 0;
    while let Some(block) = reader.next_block()? {
        let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
        while cursor.next(block, &mut entry)? {
            number += 1;
            if entry == Entry::End {
                continue;
            }
            let made = recorder.take(&entry)?;
            if matches!(entry, Entry::Command(Command::Place(_))) || !made.is_empty() {
                write!(lines, "{number}")?;
                for event in made {
                    let mut bytes = [0; EVENT_BYTES_MAX];
                    let len = write_event(event, &mut bytes);
                    lines.push(' ');
                    bytes[..len].iter().try_for_each(|byte| write!(lines, "{byte:02x}"))?;
                }
                lines.push('\n');
            }
        }
    }
    recorder.finish()?;
    fs::write(events, lines)?;
    Ok(())
}
