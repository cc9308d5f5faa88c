//! The command line of `replay fork`.

use std::path::PathBuf;

use replay::Position;

use super::Log;

#[derive(Debug, clap::Args)]
#[command(
    after_help = super::seek::positions_help("Examples:\n  replay fork day.log --at 12000 --set tax=1.5 -o taxed.log\n  \
replay fork day.log --at 12000 --seed 7 --without 301 -o other.log\n  \
replay fork crash.log --at s:7999 --set schedule=none -o calm.log\n  \
replay fork day.log --at end --set steps=40000 -o longer.log\n\n\
--set takes a rule of the market (short-ban, tax, fees, band, state, exempt, tick, lot, qty-max,\n\
price-range, position-max), which changes right behind the entry; schedule=none; an entry of the\n\
schedule such as 'schedule.0001=step 900: makers leave'; steps; or any other parameter of the agents\n\
(replay simulate --list), which changes from the next step on. At entry 0 parameters change as\n\
replay simulate --set changes them.\n\n\
The agents of a simulated log are re-run up to the entry, every decision checked, and go on from\n\
there. The remaining commands of any other log are carried out as they stand: there only rules and\n\
--without change anything.\n\n\
The fork is a whole log: replay verify, with --producer too, needs nothing else, and with\n\
--parent LOG checks that both share their entries.")
)]
pub(crate) struct Fork {
    #[command(flatten)]
    pub(crate) log: Log,

    /// Last entry that both share, as a position; an end entry is never shared
    #[arg(long, value_name = "P", allow_hyphen_values = true)]
    pub(crate) at: Position,

    /// Change a rule or a parameter; in this order
    #[arg(long = "set", value_name = "KEY=VALUE", allow_hyphen_values = true)]
    pub(crate) set: Vec<String>,

    /// Begin every stream of draws anew, from this seed
    #[arg(long)]
    pub(crate) seed: Option<u64>,

    /// Bring the agents of a type to a number: makers, momentum, value or noise
    #[arg(long, value_name = "TYPE=N", value_delimiter = ',')]
    pub(crate) population: Vec<String>,

    /// Send an agent away for good: it cancels what rests and never acts again
    #[arg(long, value_name = "CLIENT", value_delimiter = ',')]
    pub(crate) without: Vec<u32>,

    /// The new log
    #[arg(short, long, value_name = "NEW")]
    pub(crate) output: PathBuf,

    /// Replace the new log if it exists
    #[arg(long)]
    pub(crate) force: bool,

    /// One JSON object instead of text
    #[arg(long)]
    pub(crate) json: bool,
}
