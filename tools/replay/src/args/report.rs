//! The command line of `replay report`.

use std::path::PathBuf;

use super::Limits;

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  replay report day.log -o day.html\n  replay simulate --preset crash -o stay.log\n  \
replay simulate --preset crash \
--set 'schedule.0001=step 9000: makers leave' -o leave.log\n  replay report leave.log stay.log -o crash.html\n  \
replay simulate --system adversarial --episodes 200 --mode silent -o x.log\n  replay report x.log -o x.html\n  \
learn evaluate RUN --against fixed --json > RUN/evaluation.json\n  replay report RUN -o run.html\n\n\
Every log is replayed and checked as by `replay run`. The page holds everything that it shows: no\n\
script, nothing from elsewhere. The same logs give the same bytes on every machine.\n\n\
Logs of one preset, seed and set of parameters are compared: one whose makers leave, or whose market\n\
is taxed or banned from selling short, with the one to which nothing is done. Logs that differ by\n\
seed are judged together, and those that differ by --market-makers give their own figure.\n\n\
Logs of one adversarial market are pooled: the page shows an episode of each type, the belief, the\n\
trader's orders beside noise, calibration, spread by belief, shortfall and adverse selection, and\n\
every measure of replay stats. They are on no page with others.\n\n\
A directory is a training run: the page shows how learning went, what became of the market, what\n\
its makers choose and where they quote (in its last kept markets, beside the fixed rule: of the\n\
logs given with it, or simulated from the same seeds), and what RUN/evaluation.json says."
)]
pub(crate) struct Report {
    /// The logs; or the directory of a training run, and logs of fixed makers to compare it with
    #[arg(value_name = "LOG", required = true)]
    pub(crate) logs: Vec<PathBuf>,

    /// The page to write
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,

    /// Draw a curve of one of them too, which replay inevitable -o wrote
    #[arg(long, value_name = "CURVE")]
    pub(crate) inevitable: Vec<PathBuf>,

    /// Title of the page; by default the logs' names
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,

    /// Replace the file if it exists
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) limits: Limits,
}
