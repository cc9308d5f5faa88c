//! What an update costs, beside the same update in PyTorch: CPU seconds, one thread each.
//!
//! ```text
//! cargo bench -p learn --bench update -- --python VENV/bin/python
//! ```
//!
//! Both go through 16,384 samples of a 24-64-64 actor with three heads and a 24-64-64 critic, in 3
//! epochs of 8 minibatches of 2,048 samples; the setting up is not counted. They take turns, as a
//! machine changes its speed; what is told is the fastest turn of each, and all of them.
//! `tools/torch_update.py` is the other side, and says what its Python needs.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use agents::draws;
use agents::streams::Stream;
use learn::adam::Moments;
use learn::nets::{ActorCritic, Shape};
use learn::ppo::{Batch, Optimisers, Settings, update};
use tch::{Kind, Tensor};

const SAMPLES: i64 = 16_384;
const HEADS: [usize; 3] = [6, 7, 3];
/// Updates of a turn, after one that is not counted.
const UPDATES: u32 = 10;
const TURNS: u32 = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).filter(|argument| argument != "--bench");
    let python = match (arguments.next(), arguments.next(), arguments.next()) {
        (None, ..) => None,
        (Some(flag), Some(path), None) if flag == "--python" => Some(PathBuf::from(path)),
        _ => return Err("usage: cargo bench -p learn --bench update -- [--python FILE]".into()),
    };
    learn::use_one_thread();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        ours.push(turn()?);
        if let Some(python) = &python {
            theirs.push(other(python)?);
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "CPU milliseconds of an update: 24 minibatches of 2048 samples, one thread")?;
    for (name, turns) in [("learn", &ours), ("PyTorch", &theirs)] {
        let fastest = turns.iter().copied().fold(f64::INFINITY, f64::min);
        if fastest.is_finite() {
            let all: Vec<_> = turns.iter().map(|turn| format!("{:.1}", turn * 1e3)).collect();
            writeln!(out, "{name:8} {:7.1}   turns: {}", fastest * 1e3, all.join(" "))?;
        }
    }
    if theirs.is_empty() {
        writeln!(out, "PyTorch  not run: --python names a Python that has it")?;
    }
    Ok(())
}

/// CPU seconds of one of our updates.
fn turn() -> Result<f64, Box<dyn Error>> {
    let shape =
        Shape { observation: 24, critic_input: 24, hidden: vec![64, 64], heads: HEADS.to_vec() };
    let mut stream = Stream::new(1, "bench");
    let mut net = ActorCritic::new(shape, &mut stream)?;
    let mut optimisers = Optimisers::new(&net, Moments::ppo());
    let batch = batch(&mut stream);
    let settings = Settings {
        epochs: 3,
        minibatch: 2048,
        clip: 0.2,
        entropy: 0.01,
        huber: 2.0,
        actor_rate: 5e-4,
        critic_rate: 1e-3,
        actor_norm_max: 0.5,
        critic_norm_max: 5.0,
        kl_max: None,
        critic_only: false,
    };
    update(&mut net, &mut optimisers, &batch, &settings, &mut stream)?;
    let start = cpu();
    for _ in 0..UPDATES {
        update(&mut net, &mut optimisers, &batch, &settings, &mut stream)?;
    }
    Ok((cpu() - start) / f64::from(UPDATES))
}

fn batch(stream: &mut Stream) -> Batch {
    let mut normal = |columns: i64| {
        let mut draw = || draws::normal(stream.words::<1>()[0]);
        let numbers: Vec<f64> = (0..SAMPLES * columns).map(|_| draw()).collect();
        Tensor::from_slice(&numbers).view([SAMPLES, columns]).to_kind(Kind::Float)
    };
    let observations = normal(24);
    let actions: Vec<Tensor> = HEADS
        .iter()
        .map(|&head| {
            let choices = f64::from(u32::try_from(head).unwrap_or(1));
            (normal(1).abs() * 2.0).clamp_max(choices - 1.0).to_kind(Kind::Int64)
        })
        .collect();
    let choices: f64 =
        HEADS.iter().map(|&head| f64::from(u32::try_from(head).unwrap_or(1))).product();
    Batch {
        critic_inputs: observations.shallow_clone(),
        observations,
        masks: None,
        actions: Tensor::cat(&actions, 1),
        log_probabilities: normal(1).squeeze_dim(1) * 0.0 - libm::log(choices),
        advantages: normal(1).squeeze_dim(1),
        returns: normal(1).squeeze_dim(1),
        active: (0..SAMPLES).map(|_| true).collect(),
    }
}

/// CPU seconds of one of PyTorch's.
fn other(python: &Path) -> Result<f64, Box<dyn Error>> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tools/torch_update.py");
    let output = Command::new(python)
        .arg(script)
        .arg(UPDATES.to_string())
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("{}: {error}", python.display()))?;
    if !output.status.success() {
        return Err(format!("{}: {}", python.display(), output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// CPU seconds of this process.
fn cpu() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    std::time::Duration::try_from(time).map_or(0.0, |time| time.as_secs_f64())
}
