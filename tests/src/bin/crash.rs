//! `crash --cases N --seed S`: crashes of the recorder on a device in memory, N of them. Every
//! acknowledged entry must be there afterwards, and nothing that was not appended; the first case
//! that shows otherwise ends the run, and `--only CASE` carries it out again.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that reports")]
#![expect(clippy::disallowed_methods, reason = "threads share the cases; a rate needs a clock")]

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use tests::crash::case::{Bench, Failed};
use tests::crash::count::Counts;

/// Cases of one recording.
const IMAGES: u64 = 16;
/// Recordings that a thread takes at once.
const SHARE: u64 = 256;

struct Settings {
    cases: u64,
    seed: u64,
    threads: u64,
    only: Option<u64>,
}

fn main() -> ExitCode {
    let mut settings = Settings { cases: 200_000, seed: 1, threads: 1, only: None };
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    for pair in arguments.chunks(2) {
        let number = pair.get(1).and_then(|number| number.replace('_', "").parse().ok());
        let Some(number) = number else { return usage(&pair[0]) };
        match pair[0].as_str() {
            "--cases" => settings.cases = number,
            "--seed" => settings.seed = number,
            "--threads" => settings.threads = number,
            "--only" => settings.only = Some(number),
            other => return usage(other),
        }
    }
    match settings.only {
        Some(case) => only(&settings, case),
        None => all(&settings),
    }
}

fn only(settings: &Settings, case: u64) -> ExitCode {
    let done =
        Bench::new(settings.seed).map_err(|error| error.to_string()).and_then(|mut bench| {
            bench.run(case / IMAGES, Some(case)).map_err(|failed| told(settings, &failed))
        });
    match done {
        Ok(()) => {
            println!("case {case} of seed {}: nothing is lost", settings.seed);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn all(settings: &Settings) -> ExitCode {
    let recordings = settings.cases.div_ceil(IMAGES);
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let (sum, worst) = (Mutex::new(Counts::default()), Mutex::new(None::<Failed>));
    let started = Instant::now();
    let work = || -> Result<(), String> {
        let mut bench = Bench::new(settings.seed).map_err(|error| error.to_string())?;
        'shares: while !stop.load(Ordering::Relaxed) {
            let first = next.fetch_add(SHARE, Ordering::Relaxed);
            if recordings <= first {
                break;
            }
            for recording in first..(first + SHARE).min(recordings) {
                if let Err(failed) = bench.run(recording, None) {
                    stop.store(true, Ordering::Relaxed);
                    let mut worst = worst.lock().map_err(|error| error.to_string())?;
                    // The one with the lowest number, whichever thread was first.
                    if worst.as_ref().is_none_or(|worst| failed.case < worst.case) {
                        *worst = Some(failed);
                    }
                    break 'shares;
                }
            }
        }
        sum.lock().map_err(|error| error.to_string())?.add(*bench.counts());
        Ok(())
    };
    let result = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..settings.threads.max(1)).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| match thread.join() {
            Ok(result) => result,
            Err(_) => Err("a case panicked: its message is above".to_owned()),
        })
    });
    let seconds = started.elapsed().as_secs_f64();
    let (sum, worst) = match (result, sum.into_inner(), worst.into_inner()) {
        (Ok(()), Ok(sum), Ok(worst)) => (sum, worst),
        (Err(error), ..) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
        (Ok(()), ..) => return ExitCode::FAILURE,
    };
    print!("{sum}");
    if let Some(failed) = worst {
        eprintln!("{}", told(settings, &failed));
        return ExitCode::FAILURE;
    }
    #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = sum.cases as f64 / seconds.max(1e-9);
    println!("{:<52} {:>12}", "acknowledged entries lost", 0);
    println!(
        "{} cases, seed {}, {seconds:.1} s, {rate:.0} a second on {} threads",
        sum.cases, settings.seed, settings.threads
    );
    ExitCode::SUCCESS
}

fn told(settings: &Settings, failed: &Failed) -> String {
    let Failed { case, what, how } = failed;
    let seed = settings.seed;
    format!("seed {seed}, case {case}: {what}\n{how}again: crash --seed {seed} --only {case}")
}

fn usage(word: &str) -> ExitCode {
    eprintln!("{word}: usage: crash [--cases N] [--seed S] [--threads N] [--only CASE]");
    ExitCode::FAILURE
}
