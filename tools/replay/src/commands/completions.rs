//! `replay completions`: a shell's completions.

use clap::CommandFactory;
use cli::{Exit, Failure};

use super::print;
use crate::args::{Args, Completions};

pub(crate) fn run(args: &Completions) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "replay", &mut script);
    print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Ok)
}
