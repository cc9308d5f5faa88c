//! The `replay` command: one file for each subcommand in `commands/`.

mod args;
mod commands;
mod signing;

use cli::{Exit, Failure};

use crate::args::{Args, Command};

fn main() -> Exit {
    cli::program("replay", |args: &Args| run(&args.command))
}

fn run(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Demo(args) => commands::demo::run(args),
        Command::Simulate(args) => commands::simulate::run(args),
        Command::Config(args) => commands::config::run(args),
        Command::Scenario(args) => commands::scenario::run(args),
        Command::Fork(args) => commands::fork::run(args),
        Command::Inevitable(args) => commands::inevitable::run(args),
        Command::Run(args) => commands::run::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::State(args) => commands::state::run(args),
        Command::Step(args) => commands::step::run(args),
        Command::When(args) => commands::when::run(args),
        Command::Bisect(args) => commands::bisect::run(args),
        Command::Blame(args) => commands::blame::run(args),
        Command::Stats(args) => commands::stats::run(args),
        Command::Report(args) => commands::report::run(args),
        Command::Info(args) => commands::info::run(args),
        Command::Cat(args) => commands::cat::run(args),
        Command::Export(args) => commands::export::run(args),
        Command::Hashes(args) => commands::hashes::run(args),
        Command::Prove(args) => commands::prove::run(args),
        Command::CheckProof(args) => commands::check_proof::run(args),
        Command::Sign(args) => commands::sign::run(args),
        Command::Key(args) => commands::key::run(args),
        Command::Diff(args) => commands::diff::run(args),
        Command::Import(args) => commands::import::run(args),
        Command::Doctor(args) => commands::doctor::run(args),
        Command::Cut(args) => commands::cut::run(args),
        Command::Filter(args) => commands::filter::run(args),
        Command::Recover(args) => commands::recover::run(args),
        Command::Compact(args) => commands::compact::run(args),
        Command::Golden(args) => commands::golden::run(args),
        Command::Bench(args) => commands::bench::run(args),
        Command::Completions(args) => commands::completions::run(args),
        Command::Man(args) => commands::man::run(args),
    }
}
