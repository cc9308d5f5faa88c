//! The command lines over runs that are there.

use std::path::PathBuf;

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  learn rewind run --update 20\n  learn train --resume -o run\n\n\
Where update K has no checkpoint, the run is trained up to it from the last one before, and every\n\
update compared with what it was. What came after K is kept in RUN/aside."
)]
pub(crate) struct Rewind {
    /// The run's directory
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,

    /// The update that shall be the last one
    #[arg(long, value_name = "K")]
    pub(crate) update: u64,

    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  learn fork run --update 20 --override reward.clip=5 -o clipped\n  \
learn fork run --update 60 --override train.updates=120 -o longer\n  \
learn fork run --update 20 --override market.parameters.market.tax=1.5 -o taxed\n\n\
NEW goes on with update K + 1: policies, optimisers and the pay for presence carry over. Its\n\
train.log has the updates up to K, and names RUN as its parent. Markets go on where they are, their\n\
logs repeated into NEW, unless seed, learners, market.*, actions.*, train.environments or\n\
train.life change: then every environment begins its next life.\n\n\
Networks cannot change their shape, nor learners become fewer."
)]
pub(crate) struct Fork {
    /// The run's directory
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,

    /// The last update that both share
    #[arg(long, value_name = "K")]
    pub(crate) update: u64,

    /// A setting to change, such as ppo.gamma=0.99; can be given again
    #[arg(long = "override", value_name = "KEY=VALUE")]
    pub(crate) overrides: Vec<String>,

    /// The new run's directory, which must not be there
    #[arg(short, long, value_name = "NEW")]
    pub(crate) output: PathBuf,

    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  learn verify run\n  learn verify run --replay-only\n\n\
First every log is replayed, and heads, seals, checkpoints and weights are compared with what\n\
MANIFEST and train.log say. Then the run is trained once more from its start, a fork from where it\n\
left its parent, with nothing written: every update must be the same to the last bit.\n\n\
Weights are bound to the kind of machine: where it is another one and weights differ, nothing is\n\
said about the run (exit 125). Replaying is not bound to anything.")]
pub(crate) struct Verify {
    /// The run's directory
    #[arg(value_name = "RUN")]
    pub(crate) run: PathBuf,

    /// Train nothing: only replay the logs and compare what is there
    #[arg(long)]
    pub(crate) replay_only: bool,

    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args, Debug)]
#[command(after_help = "Examples:\n  learn diff run other\n  learn diff run other --json\n\n\
Figures are those of the last update that both have. Exit 1 when anything differs.")]
pub(crate) struct Diff {
    /// A run's directory
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,

    /// Another one's
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,

    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(clap::Args, Debug)]
#[command(
    after_help = "Examples:\n  learn bisect run other\n  learn bisect run other --arrays\n\n\
Update k draws with the weights of update k - 1, in markets that it moves, and learns from that.\n\
What differs first in this order is told: market, sampling, gradient (the weights that come out),\n\
or a figure alone. Market logs that both have kept tell the entry; checkpoints, the weight.\n\
Exit 1 when the runs part, 0 when they are equal."
)]
pub(crate) struct Bisect {
    /// A run's directory
    #[arg(value_name = "A")]
    pub(crate) a: PathBuf,

    /// Another one's
    #[arg(value_name = "B")]
    pub(crate) b: PathBuf,

    /// List every array of weights and optimisers that differs
    #[arg(long)]
    pub(crate) arrays: bool,

    /// One JSON object
    #[arg(long)]
    pub(crate) json: bool,
}
