//! `learn evaluate`: what the policies of a run are worth, on seeds that training never saw.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use agents::stats::moments::{deviation, mean};
use cli::{Exit, Failure};
use learn::environment::World;
use learn::evaluate::{Market, evaluate};
use learn::policy::Policy;
use learn::rivals::{Rival, STOIKOV, TUNED_RULE};
use learn::rollout::RolloutError;
use learn::trainer::load;
use runs::config::Config;
use runs::folder::Run;
use serde_json::{Value, json};

use super::{print, print_json};
use crate::args::{Against, Evaluate};
use crate::keeper::failure;
use crate::session::trouble_at;

/// One who was let decide.
struct Contender {
    name: String,
    markets: Vec<Market>,
}

pub(crate) fn run(args: &Evaluate) -> Result<Exit, Failure> {
    let run = Run::open(&args.run).map_err(failure)?;
    let config = run.config();
    let seeds = config.evaluate.seeds;
    let first = args.first_seed.unwrap_or(seeds.first);
    let count = args.episodes.unwrap_or(seeds.count);
    let steps = args.steps.unwrap_or(config.evaluate.steps);
    let warm_up = config.evaluate.warm_up;
    if steps <= warm_up {
        let message = format!("of {steps} steps none is left behind {warm_up} of warm-up");
        let hint = format!("--steps {} at the least", warm_up.saturating_add(1));
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    let last = run.last_checkpoint();
    let Some(update) = args.update.or(last) else {
        let message = format!("{}: has no checkpoint yet", args.run.display());
        return Err(Failure::new(Exit::NoInput, message));
    };
    let usage = |error: String| Failure::new(Exit::Usage, error);
    let world = World::new(config).map_err(|error| usage(error.to_string()))?;
    let ecology = config.ecology(steps);
    let world = world.lasting(ecology.clone());
    if args.against.contains(&Against::Clones) && config.cloning.minibatches == 0 {
        let message = format!("{}: did not begin with clones", args.run.display());
        let hint = "--against untrained is what it began with";
        return Err(Failure::new(Exit::Usage, message).with_hint(hint));
    }
    let mut rivals = vec![(format!("learned at {update}"), at_update(&run, &world, update)?)];
    for against in &args.against {
        let rival = match against {
            Against::Fixed => Rival::fixed(&world),
            Against::Untrained => {
                Rival::untrained(&world, config).map_err(|error| usage(error.to_string()))?
            }
            Against::Clones => at_update(&run, &world, 0)?,
            Against::AvellanedaStoikov => Rival::stoikov(&world, STOIKOV),
            Against::TunedRule => Rival::ruled(&world, &ecology, TUNED_RULE)
                .map_err(|error| usage(error.to_string()))?,
        };
        rivals.push((name(*against).to_owned(), rival));
    }
    let mut contenders = Vec::new();
    for (name, Rival { world, policies }) in rivals {
        let seeds = first..first.saturating_add(u64::from(count));
        let markets = evaluate(&world, &policies, seeds, steps, warm_up);
        let markets = markets.map_err(|error: RolloutError| {
            Failure::new(Exit::Differs, format!("{name}: {error}"))
        })?;
        contenders.push(Contender { name, markets });
    }
    if args.json {
        print_json(&to_json(&contenders, steps, warm_up))?;
    } else {
        print(&table(&contenders, first, count, steps, warm_up))?;
    }
    Ok(Exit::Ok)
}

/// The policies of a checkpoint.
fn at_update(run: &Run, world: &World, update: u64) -> Result<Rival, Failure> {
    let checkpoint = run.checkpoint(update).map_err(failure)?;
    let config: &Config = run.config();
    let mut policies =
        Policy::all(config).map_err(|error| Failure::new(Exit::Usage, error.to_string()))?;
    let path = run.checkpoint_path(update);
    load(&mut policies, &checkpoint).map_err(|error| trouble_at(&path, error))?;
    Ok(Rival { world: world.clone(), policies })
}

const fn name(against: Against) -> &'static str {
    match against {
        Against::Fixed => "fixed",
        Against::Untrained => "untrained",
        Against::Clones => "clones",
        Against::AvellanedaStoikov => "avellaneda-stoikov",
        Against::TunedRule => "tuned-rule",
    }
}

/// Mean and standard deviation over markets of every figure, a column for each contender.
fn table(contenders: &[Contender], first: u64, count: u32, steps: u64, warm_up: u64) -> String {
    let last = first + u64::from(count.max(1)) - 1;
    let mut rows = vec![vec![format!("seeds {first}-{last}, {steps} steps, {warm_up} warm-up")]];
    for contender in contenders {
        rows[0].push(contender.name.clone());
    }
    let columns: Vec<_> = contenders.iter().map(figures).collect();
    let names: Vec<_> =
        contenders.first().and_then(|it| it.markets.first()).map_or_else(Vec::new, |market| {
            market.figures().into_iter().map(|(name, _)| name).collect()
        });
    for name in names {
        let mut row = vec![name.clone()];
        for column in &columns {
            let series = &column[&name];
            let count = f64::from(u32::try_from(series.len()).unwrap_or(u32::MAX));
            let sd = deviation(series).unwrap_or(0.0) * (count / (count - 1.0).max(1.0)).sqrt();
            let mean = mean(series).unwrap_or(f64::NAN);
            row.push(format!("{} ± {}", shown(mean), shown(sd)));
        }
        rows.push(row);
    }
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|it| it.chars().count())
            .max()
            .unwrap_or(0)
    };
    let mut text = String::new();
    for row in &rows {
        for (column, cell) in row.iter().enumerate() {
            let width = width(column);
            let pad = " ".repeat(width - cell.chars().count());
            let cell = if column == 0 { format!("{cell}{pad}") } else { format!("  {pad}{cell}") };
            text.push_str(&cell);
        }
        text.push('\n');
    }
    text + &comparison(contenders)
}

/// On how many seeds the policies' makers gain more than those of each rival, and how probable that or
/// more would be if both were alike.
fn comparison(contenders: &[Contender]) -> String {
    let Some((first, rivals)) = contenders.split_first() else { return String::new() };
    let gain = |market: &Market| market.gains[0].at_mid;
    let mut text = String::new();
    for rival in rivals {
        let pairs = first.markets.iter().zip(&rival.markets);
        let better = pairs.filter(|(one, other)| gain(other) < gain(one)).count();
        let (count, name) = (first.markets.len(), &rival.name);
        let p = sign_test(better, count);
        let _ =
            writeln!(text, "makers gain more than {name} on {better} of {count} seeds (p {p:.4})");
    }
    text
}

/// Probability of at least so many heads of so many coins.
fn sign_test(heads: usize, coins: usize) -> f64 {
    let mut ways = 1.0_f64;
    let mut sum = 0.0;
    for count in 0..=coins {
        if heads <= count {
            sum += ways;
        }
        let number = |it: usize| f64::from(u32::try_from(it).unwrap_or(u32::MAX));
        ways *= number(coins - count) / number(count + 1);
    }
    sum * 0.5_f64.powi(i32::try_from(coins).unwrap_or(i32::MAX))
}

/// Four digits that count.
fn shown(number: f64) -> String {
    let size = number.abs();
    if 10_000.0 <= size {
        format!("{number:.0}")
    } else if 100.0 <= size {
        format!("{number:.1}")
    } else if 10.0 <= size {
        format!("{number:.2}")
    } else {
        format!("{number:.3}")
    }
}

fn figures(contender: &Contender) -> BTreeMap<String, Vec<f64>> {
    let mut all = BTreeMap::<String, Vec<f64>>::new();
    for market in &contender.markets {
        for (name, figure) in market.figures() {
            all.entry(name).or_default().push(figure);
        }
    }
    all
}

fn to_json(contenders: &[Contender], steps: u64, warm_up: u64) -> Value {
    let markets = |contender: &Contender| -> Vec<Value> {
        contender
            .markets
            .iter()
            .map(|market| {
                let figures: BTreeMap<_, _> = market.figures().into_iter().collect();
                json!({
                    "seed": market.seed,
                    "head": market.end.head.to_string(),
                    "seal": market.end.seal.to_string(),
                    "figures": figures,
                })
            })
            .collect()
    };
    let all: Vec<_> =
        contenders.iter().map(|it| json!({"name": it.name, "markets": markets(it)})).collect();
    json!({
        "schema": "learn.evaluate/1",
        "steps": steps,
        "warm_up": warm_up,
        "contenders": all,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_test_counts_coins() {
        for (heads, coins, expected) in
            [(10, 10, 1.0 / 1024.0), (9, 10, 11.0 / 1024.0), (0, 10, 1.0), (2, 3, 0.5)]
        {
            assert!((sign_test(heads, coins) - expected).abs() < 1e-12, "{heads} of {coins}");
        }
    }

    #[test]
    fn figures_are_shown_with_the_digits_that_count() {
        let all = [12_345.6, 123.456, -12.3456, 1.234_56].map(shown);
        assert_eq!(all, ["12346", "123.5", "-12.35", "1.235"]);
    }
}
