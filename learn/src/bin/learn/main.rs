//! The `learn` command: trains policies, and looks into training runs.

mod args;
mod commands;
mod keeper;
mod machine;
mod past;
mod session;

use cli::{Exit, Failure};

use crate::args::{Args, Command};

fn main() -> Exit {
    cli::program("learn", |args: &Args| {
        learn::use_one_thread();
        run(&args.command)
    })
}

fn run(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Train(args) => commands::train::run(args),
        Command::Evaluate(args) => commands::evaluate::run(args),
        Command::Tune(args) => commands::tune::run(args),
        Command::Config(args) => commands::config::run(&args.settings),
        Command::Rewind(args) => commands::rewind::run(args),
        Command::Fork(args) => commands::fork::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Diff(args) => commands::diff::run(args),
        Command::Bisect(args) => commands::bisect::run(args),
    }
}
