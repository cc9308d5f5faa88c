//! The `replay` command: one file for each subcommand in `commands/`.

mod args;
mod commands;

use std::io::Write;

use clap::Parser;
use cli::{Exit, Failure};

use crate::args::{Args, Command};

fn main() -> Exit {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Ok };
            // Where even help cannot be shown there is nobody to tell.
            let _ = error.print();
            return exit;
        }
    };
    match run(&args.command) {
        Ok(exit) => exit,
        Err(failure) => {
            // The next program of a pipe has seen enough: nobody asked for more.
            if failure.exit != Exit::Ok {
                tell(&failure);
            }
            failure.exit
        }
    }
}

fn run(command: &Command) -> Result<Exit, Failure> {
    match command {
        Command::Demo(args) => commands::demo::run(args),
        Command::Run(args) => commands::run::run(args),
        Command::Verify(args) => commands::verify::run(args),
        Command::Info(args) => commands::info::run(args),
        Command::Cat(args) => commands::cat::run(args),
        Command::Export(args) => commands::export::run(args),
        Command::Hashes(args) => commands::hashes::run(args),
        Command::Import(args) => commands::import::run(args),
        Command::Recover(args) => commands::recover::run(args),
        Command::Completions(args) => commands::completions::run(args),
        Command::Man(args) => commands::man::run(args),
    }
}

/// Says on standard error what failed.
fn tell(failure: &Failure) {
    let _ = writeln!(std::io::stderr(), "replay: {failure}");
}
