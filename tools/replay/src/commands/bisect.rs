//! `replay bisect`: where two logs part, when something came to hold, behind which entry a command
//! fails.

mod pair;
mod program;
mod when;

use cli::{Exit, Failure, Interrupt};

use crate::args::Bisect;

pub(crate) fn run(args: &Bisect) -> Result<Exit, Failure> {
    // Nothing is written but snapshots, each of them whole or not at all.
    Interrupt::at_once("replay");
    match (&args.other, &args.when, &args.run) {
        (Some(other), ..) => pair::run(args, other),
        (None, Some(predicate), _) => when::run(args, predicate),
        (None, None, Some(command)) => program::run(args, command),
        (None, None, None) => unreachable!("one of them is asked for"),
    }
}
