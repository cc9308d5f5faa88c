//! `learn verify`: whether a run is what its logs say, and comes about once more.

use cli::{Exit, Failure, Interrupt, Progress};
use learn::trainer::{TrainError, Trainer};
use replay::recorder::Finished;
use runs::folder::MarketId;
use runs::train_log::{Parent, Parting, What, parent_of};
use serde_json::{Value, json};

use super::{print, print_json, table};
use crate::args::Verify;
use crate::keeper::{Replica, failure};
use crate::machine;
use crate::past::{Past, described};
use crate::session::{record, start, trouble};

mod replayed;

use replayed::{Replayed, replayed};

/// What training once more came to.
struct Trained {
    /// The first update that was made.
    from: u64,
    parting: Option<Parting>,
    /// A market whose log ended otherwise.
    market: Option<MarketId>,
    /// In what the machine differs from where the run was made.
    machine: Vec<String>,
}

pub(crate) fn run(args: &Verify) -> Result<Exit, Failure> {
    let interrupt = Interrupt::listen();
    let past = Past::open(&args.run)?;
    let replayed = replayed(&past, &interrupt)?;
    let trained = if args.replay_only || !replayed.wrong.is_empty() {
        None
    } else {
        Some(trained(&past, &interrupt)?)
    };
    let exit = exit_of(&replayed, trained.as_ref());
    if args.json {
        print_json(&to_json(args, &past, &replayed, trained.as_ref(), exit))?;
    } else {
        print(&text(args, &past, &replayed, trained.as_ref()))?;
    }
    Ok(exit)
}

fn exit_of(replayed: &Replayed, trained: Option<&Trained>) -> Exit {
    if !replayed.wrong.is_empty() {
        return Exit::Differs;
    }
    match trained {
        Some(trained) if trained.differs() => {
            if trained.is_of_machine() {
                Exit::CannotTest
            } else {
                Exit::Differs
            }
        }
        Some(_) | None => Exit::Ok,
    }
}

impl Trained {
    const fn differs(&self) -> bool {
        self.parting.is_some() || self.market.is_some()
    }

    /// Whether another machine may be all there is to it: it computes other weights, and what it draws
    /// by them, but equal markets from equal choices.
    fn is_of_machine(&self) -> bool {
        let is_computed = self.parting.as_ref().is_none_or(|it| it.what != What::Genesis);
        !self.machine.is_empty() && is_computed
    }
}

/// Trains the run once more, as far as it came, and compares every update.
fn trained(past: &Past, interrupt: &Interrupt) -> Result<Trained, Failure> {
    let config = past.run.config();
    let parent = parent_of(&past.log.genesis)
        .map_err(|error| Failure::new(Exit::Damaged, error.to_string()))?;
    let machine = machine::differences(&past.log.genesis);
    let last = past.last();
    let from = parent.map_or(0, |parent| parent.update);
    let mut found = Trained { from: from + 1, parting: None, market: None, machine };
    let mut progress = Progress::new("training once more", last);
    progress.say(from, "the start is being made");
    let mut trainer = if parent.is_some() {
        let checkpoint = past.run.checkpoint(from).map_err(failure)?;
        let keeper = Replica::new(past.run.clone(), checkpoint.environments.clone());
        Trainer::restore(config, &checkpoint, keeper).map_err(not_kept)?
    } else {
        let keeper = Replica::new(past.run.clone(), Vec::new());
        let trainer = Trainer::begin(config, keeper).map_err(trouble)?;
        found.parting = past.parting(&start(&trainer)?);
        trainer
    };
    while trainer.updates() < last && found.parting.is_none() {
        interrupt.check()?;
        let made = record(&trainer.update().map_err(trouble)?);
        progress.say(made.update, &format!("update {}: compared", made.update));
        found.parting = past.parting(&made);
    }
    if found.parting.is_none() {
        let is_over = past.log.is_ended;
        let ends = if is_over {
            trainer.finish().map_err(trouble)?.1.ends
        } else {
            std::mem::take(&mut trainer.keeper().ends)
        };
        found.market = ends.iter().find(|it| !is_known(past, it)).map(|(id, _)| *id);
    }
    Ok(found)
}

/// Whether a market ended as MANIFEST says, where that has its end.
fn is_known(past: &Past, (id, end): &(MarketId, Finished)) -> bool {
    let Some(known) = past.run.manifest().markets.get(id) else {
        // What came after the last checkpoint of a run that was interrupted is not known yet.
        return !past.log.is_ended;
    };
    known.end.seal.is_none_or(|seal| {
        (known.end.entries, known.end.head, seal) == (end.entries, end.head, end.seal)
    })
}

/// A fork whose first markets have gone cannot be made once more by itself.
fn not_kept(error: TrainError) -> Failure {
    let is_gone = matches!(error, TrainError::Keeper { .. });
    let failure = trouble(error);
    if !is_gone {
        return failure;
    }
    Failure::new(Exit::CannotTest, failure.message)
        .with_hint("a fork is trained once more from its own logs; --replay-only needs none of it")
}

fn text(args: &Verify, past: &Past, replayed: &Replayed, trained: Option<&Trained>) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, text: String| rows.push((name.to_owned(), text));
    put("run", format!("{}: {}", args.run.display(), replayed.state));
    put("train.log", format!("updates 0 to {}, head {}", past.last(), replayed.head));
    put(
        "markets",
        format!(
            "{} logs replayed, {} entries{}",
            replayed.markets,
            replayed.entries,
            dropped(replayed.dropped)
        ),
    );
    put(
        "checkpoints",
        format!("{}: whole, their weights those of train.log", replayed.checkpoints),
    );
    for (place, wrong) in replayed.wrong.iter().enumerate() {
        put(if place == 0 { "WRONG" } else { "" }, wrong.clone());
    }
    if !replayed.wrong.is_empty() {
        rows.retain(|(name, _)| name != "checkpoints");
    }
    if let Ok(Some(Parent { config, update, .. })) = parent_of(&past.log.genesis) {
        let words = format!("updates 0 to {update} are those of a run of configuration {config}");
        rows.push(("parent".to_owned(), words));
    }
    match trained {
        None if args.replay_only => {}
        None => rows.push(("training".to_owned(), "not made once more".to_owned())),
        Some(trained) => rows.push(("training".to_owned(), trained.words(past.last()))),
    }
    if let Some(trained) = trained
        && !trained.machine.is_empty()
    {
        rows.push(("machine".to_owned(), trained.machine.join(", ")));
    }
    table(&rows)
}

fn dropped(count: usize) -> String {
    if count == 0 { String::new() } else { format!("; of {count} more only heads were kept") }
}

impl Trained {
    fn words(&self, last: u64) -> String {
        let Self { from, parting, market, .. } = self;
        let word = if self.is_of_machine() {
            "cannot be tested on another kind of machine: "
        } else {
            "DIFFERS: "
        };
        if let Some(parting) = parting {
            return format!("{word}{}", described(parting));
        }
        if let Some(market) = market {
            return format!("{word}market {market} ends otherwise");
        }
        if last < *from {
            return "there is no update yet".to_owned();
        }
        format!("updates {from} to {last} made once more: the same to the last bit")
    }
}

fn to_json(
    args: &Verify,
    past: &Past,
    replayed: &Replayed,
    trained: Option<&Trained>,
    exit: Exit,
) -> Value {
    let trained = trained.map(|it| {
        let parting = it.parting.as_ref().map(super::bisect::parting_json);
        json!({
            "from": it.from,
            "to": past.last(),
            "equal": !it.differs(),
            "parting": parting,
            "market": it.market.map(|id| id.to_string()),
            "machine": it.machine,
        })
    });
    let parent = parent_of(&past.log.genesis).ok().flatten();
    json!({
        "schema": "learn.verify/1",
        "run": args.run.display().to_string(),
        "state": replayed.state,
        "updates": past.last(),
        "head": replayed.head.to_string(),
        "markets": replayed.markets,
        "markets_dropped": replayed.dropped,
        "entries": replayed.entries,
        "checkpoints": replayed.checkpoints,
        "wrong": replayed.wrong,
        "parent": parent.map(|it| json!({
            "config": it.config.to_string(),
            "update": it.update,
            "head": it.head.to_string(),
        })),
        "trained": trained,
        "exit": exit.code(),
    })
}
