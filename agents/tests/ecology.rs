//! The ecology as a whole: determinism, conservation, twin runs, limits.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::convert::Infallible;

use agents::config::PRESETS;
use agents::{Config, Ecology, FAIR_VALUE_POLICY, Kind, NATURE, TURNS_POLICY};
use kernel::{Command, Decision, Engine, Event, RuleChange, Unlogged, Venue};

/// A market that keeps what reached it.
struct Kept {
    venue: Unlogged,
    commands: Vec<Command>,
    decisions: Vec<Noted>,
    rejected: Vec<(Command, Event)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Noted {
    agent: u32,
    policy: u32,
    action: Vec<i32>,
    first_reference: u64,
    commands: u32,
    /// Commands before it.
    at: usize,
}

impl Venue for Kept {
    type Error = Infallible;

    fn submit(&mut self, command: Command) -> Result<&[Event], Self::Error> {
        self.commands.push(command);
        let events = self.venue.submit(command)?;
        if let Some(refusal @ Event::Rejected { .. }) = events.first() {
            self.rejected.push((command, *refusal));
        }
        Ok(events)
    }

    fn note(&mut self, decision: Decision<'_>) -> Result<(), Self::Error> {
        self.decisions.push(Noted {
            agent: decision.agent,
            policy: decision.policy,
            action: decision.action.to_vec(),
            first_reference: decision.first_reference.0,
            commands: decision.commands,
            at: self.commands.len(),
        });
        Ok(())
    }

    fn mark(&mut self, _: &str, _: u64) -> Result<(), Self::Error> {
        Ok(())
    }

    fn engine(&self) -> &Engine {
        self.venue.engine()
    }
}

fn config(preset: &str, changes: &[(&str, &str)]) -> Config {
    let mut config = Config::preset(preset).unwrap();
    for (key, value) in changes {
        config.set(key, value).unwrap();
    }
    config
}

struct Run {
    ecology: Ecology,
    kept: Kept,
}

impl Run {
    fn new(config: &Config, seed: u64) -> Self {
        let venue = Unlogged::new(Engine::new(&config.genesis()).unwrap());
        let kept =
            Kept { venue, commands: Vec::new(), decisions: Vec::new(), rejected: Vec::new() };
        Self { ecology: Ecology::new(config, seed), kept }
    }

    fn step(&mut self) {
        let Ok(()) = self.ecology.step(&mut self.kept);
    }

    fn steps(mut self, steps: u32) -> Self {
        (0..steps).for_each(|_| self.step());
        self
    }

    fn engine(&self) -> &Engine {
        self.kept.venue.engine()
    }

    /// Actions of a kind, one for each step.
    fn of_nature(&self, policy: u32) -> Vec<&[i32]> {
        let decisions = self.kept.decisions.iter();
        let wanted = decisions.filter(|noted| (noted.agent, noted.policy) == (NATURE, policy));
        wanted.map(|noted| &noted.action[..]).collect()
    }
}

#[test]
fn the_same_seed_gives_the_same_commands_and_another_does_not() {
    let config = config("realistic", &[]);
    let [one, same, other] = [7, 7, 8].map(|seed| Run::new(&config, seed).steps(300));
    assert_eq!(one.kept.commands, same.kept.commands);
    assert_eq!(one.kept.decisions, same.kept.decisions);
    assert_ne!(one.kept.commands, other.kept.commands);
}

/// Every decision of 1,000 steps, to the last integer: another target, compiler or library must not
/// change them. A changed rule or preset does.
#[test]
fn decisions_are_frozen() {
    let digest = |preset: &str| {
        let run = Run::new(&config(preset, &[]), 42).steps(1_000);
        let mut digest = blake3::Hasher::new();
        for noted in &run.kept.decisions {
            for number in [noted.agent, noted.policy, noted.commands] {
                digest.update(&number.to_le_bytes());
            }
            for number in &noted.action {
                digest.update(&number.to_le_bytes());
            }
        }
        digest.finalize().to_hex()[..16].to_owned()
    };
    let found = PRESETS.iter().map(|preset| digest(preset)).collect::<Vec<_>>();
    assert_eq!(found, ["d99764eb53bbb5a9", "5643c14d45daa96e", "866b6466f2f9d7f7"]);
}

#[test]
fn nothing_is_refused_in_normal_running() {
    for preset in PRESETS {
        let run = Run::new(&config(preset, &[]), 1).steps(20_000);
        assert_eq!(run.kept.rejected, [], "{preset}");
        assert_eq!(run.engine().check(), Ok(()), "lots and cash are conserved");
    }
}

#[test]
fn nothing_is_refused_under_a_ban_or_a_tax() {
    for preset in PRESETS {
        for endowment in ["0", "20"] {
            let banned = [("market.short_ban", "1"), ("market.endowment", endowment)];
            let run = Run::new(&config(preset, &banned), 1).steps(3_000);
            assert_eq!(run.kept.rejected, [], "{preset}");
            let holdings = run.engine().accounts().map(|account| account.position);
            assert!(holdings.min() >= Some(0), "nobody is short");
            assert_eq!(run.engine().check(), Ok(()));
        }
    }
    let run = Run::new(&config("seed", &[("market.tax", "2")]), 1).steps(3_000);
    assert_eq!(run.kept.rejected, []);
    assert!(0 < run.engine().taxes());
}

#[test]
fn a_ban_in_the_middle_of_a_run_is_kept_to() {
    let mut run = Run::new(&config("realistic", &[]), 1).steps(1_000);
    run.kept.submit(Command::SetRule(RuleChange::ShortBan(true))).unwrap();
    let run = run.steps(1_000);
    assert_eq!(run.kept.rejected, []);
}

#[test]
fn one_step_is_one_second_and_begins_with_clock_value_and_turns() {
    let run = Run::new(&config("seed", &[]), 3).steps(50);
    assert_eq!((run.engine().time().0, run.engine().step().0), (50_000_000_000, 50));
    let fair = run.of_nature(FAIR_VALUE_POLICY);
    let turns = run.of_nature(TURNS_POLICY);
    assert_eq!((fair.len(), turns.len()), (50, 50));
    assert_eq!(fair[49], [i32::try_from(run.ecology.fair_value().value()).unwrap()]);
    let everybody: Vec<_> =
        run.ecology.agents().map(|(client, _)| i32::try_from(client.0).unwrap()).collect();
    assert_eq!(everybody.len(), 13);
    assert!(turns.iter().any(|order| order[..] != everybody[..]));
    for order in turns {
        let mut order = order.to_vec();
        order.sort_unstable();
        assert_eq!(order, everybody, "everybody has one turn");
    }
}

/// Everything that follows a decision, up to the number of commands that it announces, is its agent's.
#[test]
fn decisions_announce_the_commands_that_they_cause() {
    let run = Run::new(&config("seed", &[]), 3).steps(500);
    let mut references = BTreeMap::<u32, u64>::new();
    let mut explained = 0;
    for noted in run.kept.decisions.iter().filter(|noted| noted.agent != NATURE) {
        assert!(0 < noted.commands, "a turn without commands leaves nothing");
        let end = noted.at + usize::try_from(noted.commands).unwrap();
        let next = references.entry(noted.agent).or_insert(1);
        let first = *next;
        for command in &run.kept.commands[noted.at..end] {
            explained += 1;
            let client = match command {
                Command::Place(place) => {
                    assert_eq!(place.reference.0, *next, "references run on");
                    *next += 1;
                    place.client
                }
                Command::Cancel { client, .. }
                | Command::Replace { client, .. }
                | Command::MassCancel { client } => *client,
                other @ (Command::Reduce { .. }
                | Command::Clock { .. }
                | Command::SetRule(_)
                | Command::Uncross) => panic!("{other:?}"),
            };
            assert_eq!(client.0, noted.agent);
        }
        assert_eq!(noted.first_reference, if *next == first { 0 } else { first });
    }
    assert_eq!(explained + 500, run.kept.commands.len(), "all but the clock");
}

#[test]
fn turns_are_as_often_first_as_last() {
    let run = Run::new(&config("seed", &[]), 3).steps(13_000);
    let mut first = BTreeMap::<i32, u32>::new();
    let mut before = 0;
    for order in run.of_nature(TURNS_POLICY) {
        *first.entry(order[0]).or_default() += 1;
        let place = |client| order.iter().position(|found| *found == client);
        before += u32::from(place(1) < place(301));
    }
    assert!(first.values().all(|count| (850..1_150).contains(count)), "{first:?}");
    assert!((6_200..6_800).contains(&before), "{before}");
}

/// The rule that differs changes what is traded and nothing that was drawn.
#[test]
fn twin_runs_share_their_draws() {
    let plain = Run::new(&config("seed", &[]), 5).steps(400);
    let taxed = Run::new(&config("seed", &[("market.tax", "2")]), 5).steps(400);
    assert_ne!(plain.kept.commands, taxed.kept.commands);
    for policy in [FAIR_VALUE_POLICY, TURNS_POLICY] {
        assert_eq!(plain.of_nature(policy), taxed.of_nature(policy));
    }
    let sides_and_sizes = |run: &Run| -> Vec<(usize, i32)> {
        let noted = run.kept.decisions.iter().filter(|noted| noted.agent == 301);
        let step = |at: usize| {
            let clock = |command: &&Command| matches!(command, Command::Clock { .. });
            run.kept.commands[..at].iter().filter(clock).count()
        };
        noted.map(|noted| (step(noted.at), noted.action[1])).collect()
    };
    let (one, other) = (sides_and_sizes(&plain), sides_and_sizes(&taxed));
    let theirs: BTreeMap<_, _> = other.into_iter().collect();
    let shared: Vec<_> = one.iter().filter(|(step, _)| theirs.contains_key(step)).collect();
    assert!(200 < shared.len(), "both act in most steps: {}", shared.len());
    assert!(shared.iter().all(|(step, lots)| theirs[step] == *lots), "with one side and size");
}

#[test]
fn one_more_agent_moves_nobodys_draws() {
    let few = Run::new(&config("seed", &[]), 5).steps(400);
    let many = Run::new(&config("seed", &[("noise", "5"), ("market_makers", "3")]), 5).steps(400);
    assert_eq!(few.of_nature(FAIR_VALUE_POLICY), many.of_nature(FAIR_VALUE_POLICY));
    let newcomers = [3, 305];
    for (order, longer) in few.of_nature(TURNS_POLICY).iter().zip(many.of_nature(TURNS_POLICY)) {
        let others: Vec<_> =
            longer.iter().copied().filter(|client| !newcomers.contains(client)).collect();
        assert_eq!(longer.len(), 15);
        assert_eq!(order[..], others[..], "nobody's place among the others");
    }
}

#[test]
fn inventories_stay_within_their_limits() {
    let limits = [
        ("maker.inventory_max", "15"),
        ("momentum.inventory_max", "10"),
        ("value.inventory_max", "12"),
        ("market.endowment", "100"),
    ];
    let mut run = Run::new(&config("seed", &limits), 2);
    let mut reached = BTreeMap::new();
    for _ in 0..2_000 {
        run.step();
        for (client, kind) in run.ecology.agents() {
            let held = (run.engine().account(client).position - 100).abs();
            let most = reached.entry(kind).or_insert(0);
            *most = held.max(*most);
        }
    }
    assert_eq!((reached[&Kind::Maker], reached[&Kind::Momentum]), (15, 10));
    assert_eq!(reached[&Kind::Value], 12);
}

#[test]
fn noise_keeps_the_book_alive() {
    let alone = [("market_makers", "0"), ("momentum", "0"), ("value", "0")];
    let run = Run::new(&config("realistic", &alone), 2).steps(2_000);
    let traded = run.engine().accounts().any(|account| account.position != 0);
    assert!(traded && 0 < run.engine().orders_live());
    let silent = [("market_makers", "0"), ("momentum", "0"), ("value", "0"), ("noise", "0")];
    let run = Run::new(&config("realistic", &silent), 2).steps(10);
    assert_eq!(run.engine().placed(), 0, "nobody is there");
}
