//! Forks of runs: equal to their parent up to the entry, and to what one would expect behind it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use agents::config::PARAMETERS;
use kernel::{ClientId, Command, Engine, Side};
use replay::Entry;

mod branching;
mod recorded;

use recorded::{Recorded, config, record, record_from};

const EVENTFUL: &[(&str, &str)] = &[
    ("market.endowment", "20"),
    ("schedule.0001", "step 10: makers leave"),
    ("schedule.0002", "step 12: 2 noise join"),
    ("schedule.0003", "step 12: set exempt noise on"),
    ("schedule.0004", "step 14: fair value times 1.01 plus 5"),
    ("schedule.0005", "step 15: set short-ban on"),
    ("schedule.0006", "step 20: makers return"),
    ("schedule.0007", "step 25: set exempt noise off"),
];

#[test]
fn an_unchanged_fork_at_any_entry_is_its_parent() {
    let config = config(30, EVENTFUL);
    let parent = Recorded::of(&config);
    let len = parent.entries.len();
    assert!(300 < len);
    for entry in 0..len {
        let forks = [parent.fork(entry, ""), parent.fork(entry / 2, "")];
        let child = record(&config, &forks[entry % 2..], |_, _| ());
        assert_eq!(child.digests, parent.digests, "entry {entry}");
    }
}

#[test]
fn another_schedule_is_as_if_it_had_been_there_from_the_start() {
    // Without an endowment, which agents that a fork brings do not have.
    let before = &EVENTFUL[1..3];
    let schedules: [&[(&str, &str)]; 4] = [
        &[("schedule.0003", "step 22: 1 makers join")],
        &[("schedule.0003", "step 21: momentum leave"), ("schedule.0004", "step 25: uncross")],
        &[("schedule.0003", "step 21: set exempt makers on"), ("schedule.0004", "step 28: mark x")],
        &[("schedule.0003", "step 30: fair value times 1.5 plus 0")],
    ];
    for schedule in schedules {
        let (old, new) = (config(40, before), config(40, &[before, schedule].concat()));
        let (parent, whole) = (Recorded::of(&old), Recorded::of(&new));
        let changes: Vec<_> =
            schedule.iter().map(|(key, value)| format!("{key}={value}")).collect();
        for entry in [parent.up_to_clock(20), parent.before(21)] {
            let fork = parent.fork(entry, &changes.join("; "));
            let child = record(&old, &[fork], |_, _| ());
            assert_eq!(child.digests, whole.digests, "{schedule:?} at entry {entry}");
            assert_ne!(child.digests, parent.digests, "{schedule:?}");
        }
    }
    // Taken away, it is as if it had ended there.
    let (old, new) = (config(40, EVENTFUL), config(40, &EVENTFUL[..6]));
    let (parent, short) = (Recorded::of(&old), Recorded::of(&new));
    let fork = parent.fork(parent.before(20), "schedule none");
    assert_eq!(record(&old, &[fork], |_, _| ()).digests, short.digests);
}

#[test]
fn a_parameter_changed_at_the_start_is_as_if_it_had_always_been_so() {
    let base = config(60, &[]);
    let parent = Recorded::of(&base);
    let (mut tried, mut felt) = (0, 0);
    for parameter in PARAMETERS.iter().filter(|parameter| parameter.key.contains('.')) {
        if parameter.key.starts_with("market.") && !parameter.key.contains('_') {
            continue;
        }
        let old = &base.parameters()[parameter.key];
        for value in [parameter.min.to_string(), parameter.max.to_string()] {
            let mut changed = base.clone();
            if value == *old
                || parameter.key == "market.short_ban"
                || changed.set(parameter.key, &value).is_err()
            {
                continue;
            }
            let fork = parent.fork(0, &format!("set {}={value}", parameter.key));
            let (child, whole) = (record(&base, &[fork], |_, _| ()), Recorded::of(&changed));
            assert_eq!(child.digests, whole.digests, "{}={value}", parameter.key);
            tried += 1;
            felt += u32::from(child.digests != parent.digests);
        }
    }
    assert!(90 < tried && 70 < felt, "{felt} of {tried} changes were felt");
}

#[test]
fn a_rule_stands_right_behind_the_entry() {
    let config = config(40, &[("schedule.0001", "step 20: set state auction")]);
    let parent = Recorded::of(&config);
    for rule in [
        "set tax 1.5",
        "set short-ban on",
        "set exempt makers on",
        "set band 3",
        "set state halted",
        "set state continuous",
        "set tick 5",
        "set fees -20 30",
    ] {
        // Behind the clock of a step it is what a schedule sets, but for the mark.
        let mut scheduled = config.clone();
        scheduled.set("schedule.0002", &format!("step 30: {rule}")).unwrap();
        let fork = parent.fork(parent.up_to_clock(30), rule);
        let child = record(&config, &[fork], |_, _| ());
        let whole = Recorded::of(&scheduled);
        assert!(child.without_marks() == whole.without_marks(), "{rule}");
        // In the middle of a step.
        for entry in [1, 7, 100, 101, 102, 103] {
            let child = record(&config, &[parent.fork(entry, rule)], |_, _| ());
            assert_eq!(child.entries[..entry], parent.entries[..entry], "{rule} at {entry}");
            let is_rule = matches!(child.entries[entry], Entry::Command(Command::SetRule(_)));
            assert!(is_rule, "{rule} at {entry}");
        }
    }
}

/// The trades of an uncross that a fork causes between two steps belong to the next one.
#[test]
fn trades_that_a_rule_causes_are_seen() {
    let auction = [
        ("schedule.0001", "step 20: set state auction"),
        ("schedule.0002", "step 21: fair value times 1.02 plus 0"),
    ];
    let config = config(40, &auction);
    let parent = Recorded::of(&config);
    let fork = parent.fork(parent.before(30), "set state continuous");
    let mut volumes = BTreeMap::new();
    let child = record(&config, &[fork], |ecology, _| {
        volumes.insert(ecology.steps(), ecology.market().features().volume);
    });
    assert_eq!(volumes[&29], 0, "an auction does not trade");
    let mut scheduled = config.clone();
    scheduled.set("schedule.0003", "step 30: set state continuous").unwrap();
    let mut expected = 0;
    record(&scheduled, &[], |ecology, _| {
        if ecology.steps() == 30 {
            expected = ecology.market().features().volume;
        }
    });
    assert!(0 < expected);
    assert_eq!(volumes[&30], expected);
    assert!(child.engine.check().is_ok());
}

#[test]
fn another_seed_changes_everything_behind_and_nothing_before() {
    let config = config(60, &[]);
    let parent = Recorded::of(&config);
    let entry = parent.up_to_clock(30) + 5;
    let [seven, again, eight] = ["seed 7", "seed 7", "seed 8"]
        .map(|seed| record(&config, &[parent.fork(entry, seed)], |_, _| ()));
    let shared = parent.before(31) + 1;
    for child in [&seven, &eight] {
        assert_eq!(child.entries[..shared], parent.entries[..shared], "the step is finished");
        assert_ne!(child.entries[shared], parent.entries[shared], "another fair value");
    }
    assert_eq!(seven.digests, again.digests);
    assert_ne!(seven.digests, eight.digests);
    let child = record(&config, &[parent.fork(0, "seed 7")], |_, _| ());
    let whole = record_from(7, &config, &[], |_, _| ());
    assert_eq!(child.digests, whole.digests, "at the start it is the run of that seed");
}

#[test]
fn an_agent_leaves_for_good() {
    let config = config(60, &[("schedule.0001", "step 50: 1 noise join")]);
    let parent = Recorded::of(&config);
    for client in [1, 102, 203, 301] {
        let entry = parent.up_to_clock(30) + 9;
        let fork = parent.fork(entry, &format!("without {client}"));
        let mut rests = false;
        let child = record(&config, &[fork], |ecology, engine| {
            if ecology.steps() == 30 {
                let account = engine.account(ClientId(client));
                rests = account.open_buy != 0 || account.open_sell != 0;
            }
        });
        assert_eq!(child.entries[..parent.before(31)], parent.entries[..parent.before(31)]);
        let behind = child.commands_of(client, parent.before(31));
        let leaving = Command::MassCancel { client: ClientId(client) };
        assert!(
            behind.iter().all(|command| *command == leaving) && behind.len() <= 1,
            "{behind:?}"
        );
        assert_eq!(behind.len(), usize::from(rests), "{client} cancels what rests");
        let account = child.engine.account(ClientId(client));
        assert_eq!((account.open_buy, account.open_sell), (0, 0));
        let number = i32::try_from(client).unwrap();
        let turns = child.entries[child.before(33)..].iter().filter(|entry| {
            matches!(entry, Entry::Decision(it) if it.agent == 0 && it.action.contains(&number))
        });
        assert_eq!(turns.count(), 0, "{client} has no turns");
        assert!(!parent.commands_of(client, parent.before(31)).is_empty(), "it did act");
        assert!(!child.commands_of(305, 0).is_empty(), "the next number joins");
    }
}

#[test]
fn more_agents_are_as_if_a_schedule_had_called_them() {
    for (kind, count, joins) in [("noise", 6, 2), ("makers", 3, 1), ("value", 99, 96)] {
        let base = config(50, &[("schedule.0001", "step 40: 1 momentum join")]);
        let parent = Recorded::of(&base);
        let joined = config(
            50,
            &[
                ("schedule.0001", &format!("step 21: {joins} {kind} join")),
                ("schedule.0002", "step 40: 1 momentum join"),
            ],
        );
        let fork = parent.fork(parent.up_to_clock(20) + 3, &format!("population {kind} {count}"));
        let child = record(&base, &[fork], |_, _| ());
        assert!(child.without_marks() == Recorded::of(&joined).without_marks(), "{kind}");
        assert_ne!(child.digests, parent.digests);
    }
}

#[test]
fn fewer_agents_are_without_the_newest() {
    let config = config(50, &[]);
    let parent = Recorded::of(&config);
    let entry = parent.up_to_clock(20);
    let child = |changes: &str| record(&config, &[parent.fork(entry, changes)], |_, _| ()).digests;
    assert_eq!(child("population noise 2"), child("without 304; without 303"));
    assert_ne!(child("population noise 2"), child("without 301; without 302"));
    assert_eq!(child("population noise 4"), parent.digests);
    // Whoever left does not come back: others do.
    let regrown =
        [parent.fork(entry, "population noise 2"), parent.fork(entry, "population noise 3")];
    let found = record(&config, &regrown, |_, _| ());
    assert!(!found.commands_of(305, 0).is_empty());
    assert!(found.commands_of(303, entry + 100).is_empty());
}

#[test]
fn agents_that_a_fork_brings_hold_nothing_and_are_not_exempt_before() {
    let config = config(40, EVENTFUL);
    let parent = Recorded::of(&config);
    let entry = parent.before(22);
    let fork = parent.fork(entry, "population noise 9; population makers 3");
    let child = record(&config, &[fork], |_, _| ());
    assert_eq!(child.entries[..entry], parent.entries[..entry], "exemptions name nobody else");
    let lots: i64 = child.engine.accounts().map(|account| account.position).sum();
    assert_eq!(lots, 15 * 20, "the endowment of the parent");
    // The exemption that comes later is about them too.
    let ends = child.entries[entry..].iter().filter(|entry| {
        matches!(
            entry,
            Entry::Command(Command::SetRule(kernel::RuleChange::Exempt { exempt: false, .. }))
        )
    });
    assert_eq!(ends.count(), 9);
}

#[test]
fn a_maker_cancels_the_quotes_of_levels_that_it_loses() {
    let config = config(60, &[]);
    let parent = Recorded::of(&config);
    let quotes = |engine: &Engine| {
        let is_makers = |client: ClientId| client.0 < 100;
        let of = |side| engine.queue(side).filter(|order| is_makers(order.client)).count();
        (of(Side::Buy), of(Side::Sell))
    };
    let mut counts = BTreeMap::new();
    let fork = parent.fork(parent.before(31), "set maker.levels=1");
    let child = record(&config, &[fork], |ecology, engine| {
        counts.insert(ecology.steps(), quotes(engine));
    });
    assert!(4 < counts[&30].0 && 4 < counts[&30].1, "{counts:?}");
    for step in 31..=60 {
        assert!(counts[&step].0 <= 2 && counts[&step].1 <= 2, "step {step}: {:?}", counts[&step]);
    }
    assert_eq!(child.entries[..parent.before(31)], parent.entries[..parent.before(31)]);
    // And it takes up more.
    let fork = parent.fork(parent.before(31), "set maker.levels=6");
    record(&config, &[fork], |ecology, engine| {
        counts.insert(ecology.steps(), quotes(engine));
    });
    assert!(9 < counts[&60].0 + counts[&60].1, "{:?}", counts[&60]);
}

#[test]
fn a_longer_future_is_the_longer_run() {
    let (short, long) = (config(30, EVENTFUL), config(50, EVENTFUL));
    let (parent, whole) = (Recorded::of(&short), Recorded::of(&long));
    let end = parent.entries.len() - 1;
    for entry in [0, 77, end] {
        let child = record(&short, &[parent.fork(entry, "set steps=50")], |_, _| ());
        assert_eq!(child.digests, whole.digests, "entry {entry}");
    }
    let child = record(&long, &[whole.fork(whole.before(31) - 3, "set steps=30")], |_, _| ());
    assert_eq!(child.digests, parent.digests, "and a shorter one the shorter");
    // Behind the last entry a rule still comes in.
    let child = record(&short, &[parent.fork(end, "set tax 1")], |_, _| ());
    assert_eq!(child.entries.len(), end + 2);
    assert_eq!(child.engine.rules().tax, 10_000);
}

#[test]
fn a_fork_of_a_fork_shares_what_it_says() {
    let config = config(40, EVENTFUL);
    let parent = Recorded::of(&config);
    let first =
        parent.fork(parent.up_to_clock(20) + 6, "set tax 1; set band 9; set maker.size=4; seed 9");
    let child = record(&config, std::slice::from_ref(&first), |_, _| ());
    for entry in
        [first.entry - 50, first.entry, first.entry + 1, first.entry + 2, first.entry + 300]
    {
        let entry = usize::try_from(entry).unwrap();
        let unchanged = [first.clone(), child.fork(entry, "")];
        assert_eq!(record(&config, &unchanged, |_, _| ()).digests, child.digests, "entry {entry}");
        let second =
            [first.clone(), child.fork(entry, "set tax 2; population noise 9; without 101")];
        let grandchild = record(&config, &second, |_, _| ());
        assert_eq!(grandchild.entries[..entry], child.entries[..entry], "entry {entry}");
        assert_ne!(grandchild.digests, child.digests);
        let is_last = usize::try_from(first.entry).unwrap() <= entry;
        let tax = if is_last { 20_000 } else { 10_000 };
        assert_eq!(grandchild.engine.rules().tax, tax, "the last fork has the last word");
    }
}
