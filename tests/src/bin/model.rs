//! `model --operations N --seed S`: random commands of every kind in every state of the market
//! through both kernels. Events are compared after each command, state bytes, views and invariants
//! after every 16th; a difference ends the run with the shrunk script that leads to it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program that reports")]

use std::process::ExitCode;

use tests::census::Census;
use tests::random::Dice;
use tests::run::{Compare, run, seeded, shrunk};

const COMPARE: Compare = Compare::Every(16);

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut numbers = [100_000, 1];
    for pair in arguments.chunks(2) {
        let place = match pair[0].as_str() {
            "--operations" => 0,
            "--seed" => 1,
            other => return usage(other),
        };
        match pair.get(1).and_then(|number| number.replace('_', "").parse().ok()) {
            Some(number) => numbers[place] = number,
            None => return usage(&pair[0]),
        }
    }
    let [operations, seed] = numbers;
    let mut dice = Dice::new(seed);
    let mut census = Census::new();
    let (mut done, mut scenarios): (u64, u64) = (0, 0);
    while done < operations {
        // Many short ones, in which limits bind; a few long ones, in which orders pile up.
        let moves = dice.pick(&[50, 100, 100, 200, 400, 1000, 4000]);
        let moves = u32::try_from((operations - done).min(u64::from(moves))).unwrap_or(moves);
        let scenario = seeded(dice.bits(), moves);
        if run(&scenario, COMPARE, &mut census).is_err() {
            let smallest = shrunk(&scenario);
            let told = run(&smallest, Compare::Always, &mut Census::new());
            eprintln!("scenario {scenarios}: {}", told.err().unwrap_or_default());
            return ExitCode::FAILURE;
        }
        done += u64::from(moves);
        scenarios += 1;
    }
    println!("{}", census.table());
    println!("{done} operations in {scenarios} scenarios, seed {seed}: the kernels agree");
    let rare = census.rarer_than(20);
    if rare.is_empty() {
        return ExitCode::SUCCESS;
    }
    eprintln!("met fewer than 20 times: {rare:?}");
    ExitCode::FAILURE
}

fn usage(word: &str) -> ExitCode {
    eprintln!("{word}: usage: model [--operations N] [--seed S]");
    ExitCode::FAILURE
}
