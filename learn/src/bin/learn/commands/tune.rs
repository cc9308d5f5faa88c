//! `learn tune`: the best rules that policies are compared with.

use agents::streams::Stream;
use cli::{Exit, Failure, Interrupt, Progress};
use learn::environment::World;
use learn::rivals::Rival;
use learn::rollout::RolloutError;
use learn::tune::{STEPS, Trial, draw_rule, stoikov_grid, try_rule};
use serde_json::{Value, json};

use super::{print, print_json, resolve};
use crate::args::{Tune, Tuned};

/// How many of the best are shown.
const SHOWN: usize = 10;

pub(crate) fn run(args: &Tune) -> Result<Exit, Failure> {
    let config = resolve(&args.settings)?.config;
    let usage = |error: String| Failure::new(Exit::Usage, error);
    let (steps, _) = STEPS;
    let ecology = config.ecology(steps);
    let world = World::new(&config).map_err(|error| usage(error.to_string()))?;
    let world = world.lasting(ecology.clone());
    let failed = |error: RolloutError| Failure::new(Exit::Io, error.to_string());
    let fixed = Trial::of(&Rival::fixed(&world), Vec::new(), None).map_err(failed)?;
    let interrupt = Interrupt::listen();
    let mut trials = Vec::new();
    match args.rule {
        Tuned::AvellanedaStoikov => {
            let grid: Vec<_> = stoikov_grid(args.variance).collect();
            let mut progress = Progress::new("trying", u64::try_from(grid.len()).unwrap_or(0));
            for ([gamma, k, variance], number) in grid.into_iter().zip(1..) {
                interrupt.check()?;
                let parameters = vec![
                    ("gamma", gamma.to_string()),
                    ("k", k.to_string()),
                    ("variance", variance.to_string()),
                ];
                let rival = Rival::stoikov(&world, [gamma, k, variance]);
                trials.push(Trial::of(&rival, parameters, Some(&fixed)).map_err(failed)?);
                progress.at(number);
            }
        }
        Tuned::FlowRule => {
            let mut stream = Stream::new(config.seed, "tune");
            let mut progress = Progress::new("trying", args.draws);
            for number in 1..=args.draws {
                interrupt.check()?;
                // First anywhere, then around the best.
                let good =
                    trials.iter().reduce(|best: &Trial, it| if it.beats(best) { it } else { best });
                let good = good.filter(|_| args.draws < 2 * number);
                let rule = draw_rule(&mut stream, good.map(|it| &it.parameters[..]));
                let trial = try_rule(&world, &ecology, rule, &fixed);
                trials.extend(trial.map_err(failed)?);
                progress.at(number);
            }
        }
    }
    let better = |one: &Trial, other: &Trial| {
        (other.is_present, other.gain)
            .partial_cmp(&(one.is_present, one.gain))
            .unwrap_or(std::cmp::Ordering::Equal)
    };
    trials.sort_by(better);
    if args.settings.json {
        let all: Vec<_> = trials.iter().map(to_json).collect();
        let object = json!({"schema": "learn.tune/1", "fixed": to_json(&fixed), "trials": all});
        print_json(&object)?;
    } else {
        let lines = std::iter::once(&fixed).chain(trials.iter().take(SHOWN)).map(line);
        print(&lines.collect::<String>())?;
    }
    Ok(Exit::Ok)
}

fn line(trial: &Trial) -> String {
    let parameters: Vec<_> =
        trial.parameters.iter().map(|(name, text)| format!("{name}={text}")).collect();
    let parameters = if parameters.is_empty() { "fixed".to_owned() } else { parameters.join(" ") };
    let Trial { gain, quoted, spread, volume, is_present, .. } = trial;
    let word = if *is_present { "" } else { "  leaves the market" };
    format!(
        "gain {gain:9.0}  quoted {quoted:.3}  spread {spread:5.2}  volume {volume:5.2}  {parameters}{word}\n"
    )
}

fn to_json(trial: &Trial) -> Value {
    let parameters: serde_json::Map<_, _> = trial
        .parameters
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Value::String(text.clone())))
        .collect();
    json!({
        "parameters": parameters,
        "gain": trial.gain,
        "quoted": trial.quoted,
        "spread": trial.spread,
        "volume": trial.volume,
        "is_present": trial.is_present,
    })
}
