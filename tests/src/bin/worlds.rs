//! `worlds --length N [--threads N] [--world NAME]`: every sequence of commands over the alphabets of
//! small worlds, through both kernels; a difference ends the run with the commands that lead to it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that reports")]

use std::process::ExitCode;
use std::sync::Mutex;

use tests::census::Census;
use tests::worlds::{Explored, WORLDS, World};

struct Options {
    length: u32,
    threads: usize,
    world: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(options) = read(&arguments) else {
        eprintln!("usage: worlds [--length 1..] [--threads 1..] [--world NAME]");
        return ExitCode::FAILURE;
    };
    let census = Mutex::new(Census::new());
    let mut all = Explored::default();
    let wanted = |world: &&World| options.world.as_ref().is_none_or(|name| name == world.name);
    println!("world        letters   sequences    commands     refused");
    for world in WORLDS.iter().filter(wanted) {
        match explore(world, &options, &census) {
            Ok((letters, explored)) => {
                let Explored { sequences, commands, refused } = explored;
                let name = world.name;
                println!("{name:<12} {letters:>7} {sequences:>11} {commands:>11} {refused:>11}");
                all += explored;
            }
            Err(error) => {
                eprintln!("{}: {error}", world.name);
                return ExitCode::FAILURE;
            }
        }
    }
    println!(
        "{} sequences of length {}, {} commands: the kernels agree",
        all.sequences, options.length, all.commands
    );
    let missed = census.into_inner().map(|census| census.rarer_than(1)).unwrap_or_default();
    if options.world.is_none() {
        println!("never met: {missed:?}");
    }
    ExitCode::SUCCESS
}

fn read(arguments: &[String]) -> Option<Options> {
    let mut options = Options { length: 4, threads: 2, world: None };
    for pair in arguments.chunks(2) {
        let value = pair.get(1)?;
        match pair[0].as_str() {
            "--length" => options.length = value.parse().ok().filter(|length| 0 < *length)?,
            "--threads" => options.threads = value.parse().ok().filter(|threads| 0 < *threads)?,
            "--world" if WORLDS.iter().any(|world| world.name == value) => {
                options.world = Some(value.clone());
            }
            _ => return None,
        }
    }
    Some(options)
}

/// Explores a world: threads take one first command after the other.
fn explore(
    world: &World,
    options: &Options,
    census: &Mutex<Census>,
) -> Result<(usize, Explored), String> {
    let atlas = world.read()?;
    let found = Mutex::new((0, Ok(Explored::default())));
    std::thread::scope(|scope| {
        for _ in 0..options.threads {
            scope.spawn(|| {
                let mut met = Census::new();
                while let Some(first) = next(&found, atlas.letters()) {
                    let explored = atlas.explore(first, options.length, &mut met);
                    let Ok(mut found) = found.lock() else { return };
                    match (&mut found.1, explored) {
                        (Ok(all), Ok(explored)) => *all += explored,
                        (Ok(_), Err(error)) => found.1 = Err(error),
                        (Err(_), _) => {}
                    }
                }
                if let Ok(mut census) = census.lock() {
                    census.add(&met);
                }
            });
        }
    });
    let (_, explored) = found.into_inner().map_err(|_| "a thread broke off".to_owned())?;
    Ok((atlas.letters(), explored?))
}

/// The first command that no thread has taken yet.
fn next(found: &Mutex<(usize, Result<Explored, String>)>, letters: usize) -> Option<usize> {
    let mut found = found.lock().ok()?;
    let first = found.0;
    found.0 += 1;
    (first < letters && found.1.is_ok()).then_some(first)
}
