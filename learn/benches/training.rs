//! Where the time of training goes: markets, decisions, learning.
//!
//! ```text
//! cargo bench -p learn --bench training
//! ```
//!
//! The presets `maker` and `everyone`, some updates of each, on one thread, heads of logs computed and
//! nothing written. The markets' share is that of the same number of steps in which choices are
//! random; the decisions' that of the same number of forward passes and draws; learning is what is
//! left of the whole.

use std::error::Error;
use std::io::Write;

use agents::learned::{Choice, HEADS_MAX};
use agents::streams::Stream;
use learn::environment::{Life, World};
use learn::policy::Policy;
use learn::trainer::{Heads, Keeper, Trainer};
use runs::config::Config;

/// Updates that are timed, behind one that is not.
const UPDATES: u32 = 4;

fn main() -> Result<(), Box<dyn Error>> {
    learn::use_one_thread();
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:10} {:>10} {:>8} {:>9} {:>8}",
        "preset", "steps/s", "markets", "decisions", "learning"
    )?;
    for preset in ["maker", "everyone"] {
        let mut config = Config::preset(preset)?;
        config.set("cloning.minibatches", "0")?;
        let steps = config.train.environments * config.train.steps * UPDATES;
        let whole = whole(&config)?;
        let markets = markets(&config)?;
        let decisions = decisions(&config)?;
        let share = |part: f64| 100.0 * part / whole;
        writeln!(
            out,
            "{preset:10} {:10.0} {:7.1}% {:8.1}% {:7.1}%",
            f64::from(steps) / whole,
            share(markets),
            share(decisions),
            share(whole - markets - decisions),
        )?;
    }
    Ok(())
}

/// CPU seconds of training.
fn whole(config: &Config) -> Result<f64, Box<dyn Error>> {
    let mut trainer = Trainer::begin(config, Heads::default())?;
    trainer.update()?;
    let start = cpu();
    for _ in 0..UPDATES {
        trainer.update()?;
    }
    Ok(cpu() - start)
}

/// CPU seconds of the markets alone.
fn markets(config: &Config) -> Result<f64, Box<dyn Error>> {
    let world = World::new(config)?;
    let mut keeper = Heads::default();
    let mut lives = Vec::new();
    for environment in 0..config.train.environments {
        let seed = world.seed(environment, 1);
        let recorder = keeper.begin(environment, 1, &world.genesis(seed, environment, 1))?;
        lives.push(Life::begin(&world, seed, (environment, 1), recorder));
    }
    let spaces: Vec<_> = lives
        .first()
        .map_or_else(Vec::new, |life| life.ecology().seated().map(|(.., space)| space).collect());
    let mut stream = Stream::new(1, "bench");
    let mut choices = vec![None; spaces.len()];
    let start = cpu();
    for _ in 0..config.train.steps * UPDATES {
        for life in &mut lives {
            for (choice, space) in choices.iter_mut().zip(&spaces) {
                let mut drawn = Choice::default();
                let words: [u64; HEADS_MAX] = stream.words();
                for ((head, size), word) in drawn.heads.iter_mut().zip(space.heads()).zip(words) {
                    *head = u8::try_from(word % u64::from(*size))?;
                }
                *choice = Some(drawn);
            }
            life.step(choices.iter().copied())?;
        }
    }
    Ok(cpu() - start)
}

/// CPU seconds of what policies are asked.
fn decisions(config: &Config) -> Result<f64, Box<dyn Error>> {
    let policies = Policy::all(config)?;
    let mut stream = Stream::new(1, "bench");
    let mut drawn = Vec::new();
    let start = cpu();
    for _ in 0..config.train.steps * UPDATES {
        for policy in &policies {
            let agents = config.agents(policy.kind) * config.train.environments;
            let observations: Vec<_> = (0..agents)
                .map(|_| {
                    let words: [u64; 6] = stream.words();
                    std::array::from_fn(|place| {
                        let word = words[place / 4] >> (16 * (place % 4));
                        i16::try_from(word % 8_192).unwrap_or(0) - 4_096
                    })
                })
                .collect();
            policy.draw(&observations, |_| stream.words(), &mut drawn)?;
        }
    }
    Ok(cpu() - start)
}

/// CPU seconds of this process.
fn cpu() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    std::time::Duration::try_from(time).map_or(0.0, |time| time.as_secs_f64())
}
