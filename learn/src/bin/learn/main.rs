//! The `learn` command: trains policies, and looks into training runs.

mod args;
mod commands;
mod keeper;
mod machine;
mod past;
mod session;

use std::io::Write;

use clap::Parser;
use cli::{Exit, Failure, Output};

use crate::args::{Args, Command};

fn main() -> Exit {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let printed = error.print().map_err(Output::failure);
            return match printed {
                // Where not even an error can be shown there is nobody to tell.
                _ if error.use_stderr() => Exit::Usage,
                Ok(()) => Exit::Ok,
                Err(failure) => end(&failure),
            };
        }
    };
    learn::use_one_thread();
    match run(&args.command) {
        Ok(exit) => exit,
        Err(failure) => end(&failure),
    }
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

/// Says on standard error what failed.
fn end(failure: &Failure) -> Exit {
    // The next program of a pipe has seen enough: nobody asked for more.
    if failure.exit != Exit::Ok {
        let failure = failure.to_string();
        let _ = writeln!(std::io::stderr(), "learn: {}", cli::shown(&failure));
    }
    failure.exit
}
