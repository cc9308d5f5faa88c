//! `tamper flips`: every bit of a log of 1 MiB, of a tail and of the log compacted is flipped, one
//! at a time; a reader must refuse each in the block that it lies in.
//!
//! `tamper splices --cases N --seed S`: a forger cuts logs up, puts them together otherwise, and in
//! half of the cases repairs every checksum and digest. Nothing but the original may have the pinned
//! seal, and no other entries the pinned head.
//!
//! A failure names its case, which `--case` tries again alone.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that reports")]
#![expect(clippy::disallowed_methods, reason = "how long it took is told, and decides nothing")]

use std::num::NonZeroUsize;
use std::process::ExitCode;
use std::time::Instant;

use tests::tamper::Failure;
use tests::tamper::flips::{Subject, Target};
use tests::tamper::splices::Workshop;

const USAGE: &str =
    "usage: tamper flips [--bytes N] [--every N] [--case BIT --of TARGET] [--threads N]
       tamper splices [--cases N] [--seed S] [--case N] [--threads N]
TARGET is log, tail or packed";

/// What was asked for.
struct Asked {
    bytes: usize,
    every: u64,
    cases: u64,
    seed: u64,
    case: Option<u64>,
    of: Target,
    threads: NonZeroUsize,
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let asked = match parse(words) {
        Ok(asked) => asked,
        Err(word) => return usage(&word),
    };
    let result = match command.as_str() {
        "flips" => flips(&asked),
        "splices" => splices(&asked),
        other => return usage(other),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure { case, what }) => {
            eprintln!("case {case}: {what}");
            ExitCode::FAILURE
        }
    }
}

fn flips(asked: &Asked) -> Result<(), Failure> {
    let subject = Subject::of_bytes(asked.bytes);
    if let Some(bit) = asked.case {
        if subject.bytes(asked.of).len() as u64 * 8 <= bit {
            return Err(Failure { case: bit, what: format!("the {} is shorter", asked.of.name()) });
        }
        subject.flip_one(asked.of, bit)?;
        println!("bit {bit} of the {}: refused", asked.of.name());
        return Ok(());
    }
    for target in Target::ALL {
        let start = Instant::now();
        let flips = subject.flip(target, asked.every, asked.threads)?;
        let (bytes, seconds) = (subject.bytes(target).len(), start.elapsed().as_secs());
        println!("{}: {bytes} bytes, {flips} flips, each refused ({seconds} s)", target.name());
    }
    println!("{} sealed blocks; every {}. bit", subject.blocks(), asked.every);
    Ok(())
}

fn splices(asked: &Asked) -> Result<(), Failure> {
    let workshop = Workshop::new(asked.seed);
    if let Some(case) = asked.case {
        println!("case {case}: {:?}", workshop.try_one(case)?);
        return Ok(());
    }
    let start = Instant::now();
    let tally = workshop.try_all(asked.cases, asked.threads)?;
    let seconds = start.elapsed().as_secs();
    println!("{} cases, seed {} ({seconds} s)", tally.cases, asked.seed);
    println!("{:>10} refused without any pin", tally.refused);
    println!("{:>10} whole in themselves, and told by head or seal alone", tally.whole);
    println!("{:>10} of these do not replay", tally.diverged);
    println!("{:>10} of these have the pinned head, and not the pinned seal", tally.same_head);
    println!("{:>10} came out as the original", tally.same);
    println!("no other log has the pinned seal, no other entries have the pinned head");
    Ok(())
}

fn parse(mut words: impl Iterator<Item = String>) -> Result<Asked, String> {
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let mut asked = Asked {
        bytes: 1 << 20,
        every: 1,
        cases: 100_000,
        seed: 1,
        case: None,
        of: Target::Log,
        threads,
    };
    while let Some(word) = words.next() {
        let value = words.next().ok_or_else(|| word.clone())?;
        let number =
            || value.replace('_', "").parse::<u64>().map_err(|_| format!("{word} {value}"));
        match word.as_str() {
            "--bytes" => {
                // So that a tail is left open behind at least one block, and memory suffices.
                let bytes = number()?.clamp(1 << 17, 1 << 26);
                asked.bytes = usize::try_from(bytes).unwrap_or(asked.bytes);
            }
            "--every" => asked.every = number()?.max(1),
            "--cases" => asked.cases = number()?,
            "--seed" => asked.seed = number()?,
            "--case" => asked.case = Some(number()?),
            "--of" => {
                asked.of = match value.as_str() {
                    "log" => Target::Log,
                    "tail" => Target::Tail,
                    "packed" => Target::Packed,
                    _ => return Err(format!("{word} {value}")),
                }
            }
            "--threads" => {
                let threads = usize::try_from(number()?).ok().and_then(NonZeroUsize::new);
                asked.threads = threads.ok_or_else(|| format!("{word} {value}"))?;
            }
            _ => return Err(word),
        }
    }
    Ok(asked)
}

fn usage(word: &str) -> ExitCode {
    eprintln!("`{word}`: {USAGE}");
    ExitCode::FAILURE
}
