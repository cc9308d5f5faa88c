//! What is scheduled happens at its step, leaves its mark, and changes nothing before.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use agents::{Config, Ecology, FAIR_VALUE_POLICY, Kind, NATURE, STEP_NS, TURNS_POLICY};
use kernel::{ClientId, Command, Engine, Event, MarketState, RuleChange, Step, TimeNs};
use replay::{Digest, Entry, Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

/// A recorded run, read back.
struct Run {
    entries: Vec<Entry>,
    /// Events of each entry.
    events: Vec<Vec<Event>>,
    /// Head after each sealed block, with the number of its last entry.
    heads: Vec<(u64, Digest)>,
    engine: Engine,
}

/// Records so many steps of a schedule and replays them; `look` sees the market after each step.
fn run(
    (preset, changes): (&str, &[(&str, &str)]),
    schedule: &[&str],
    steps: u64,
    mut look: impl FnMut(u64, &Engine),
) -> Run {
    let mut config = Config::preset(preset).unwrap();
    for (key, value) in changes {
        config.set(key, value).unwrap();
    }
    for (number, text) in (1..).zip(schedule) {
        config.set(&format!("schedule.{number:04}"), text).unwrap();
    }
    let genesis = Genesis::new(config.genesis(), "ecology");
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    let mut ecology = Ecology::new(&config, 3);
    for step in 1..=steps {
        ecology.step(&mut recorder).unwrap();
        look(step, kernel::Venue::engine(&recorder));
    }
    recorder.finish().unwrap();
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let (mut entries, mut events, mut heads) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(moment) = player.advance().unwrap() {
        entries.push(moment.entry.clone());
        events.push(moment.events.to_vec());
        heads.extend(moment.closes.map(|block| (moment.number, block.head)));
    }
    Run { entries, events, heads, engine: player.engine().clone() }
}

const REALISTIC: (&str, &[(&str, &str)]) = ("realistic", &[]);

impl Run {
    /// Names and numbers of the marks, each with the step of the clock right before it.
    fn marks(&self) -> Vec<(u64, &str, u64)> {
        let mut step = 0;
        let mut marks = Vec::new();
        for entry in &self.entries {
            match entry {
                Entry::Command(Command::Clock { step: now, .. }) => step = now.0,
                Entry::Mark(mark) => marks.push((step, mark.name.as_str(), mark.number)),
                Entry::Command(_) | Entry::Decision(_) | Entry::Update(_) | Entry::End => {}
            }
        }
        marks
    }

    /// What stands between the clock of a step and the fair value of it.
    fn scheduled(&self, step: u64) -> &[Entry] {
        let clock = Command::Clock { time: TimeNs(step * STEP_NS), step: Step(step) };
        let is_clock = |entry: &Entry| *entry == Entry::Command(clock);
        let from = self.entries.iter().position(is_clock).unwrap() + 1;
        let is_fair = |entry: &Entry| matches!(entry, Entry::Decision(it) if it.policy == 1);
        let many = self.entries[from..].iter().position(is_fair).unwrap();
        &self.entries[from..from + many]
    }

    /// Actions of nature, one for each step.
    fn of_nature(&self, policy: u32) -> Vec<&[i32]> {
        let actions = self.entries.iter().filter_map(|entry| match entry {
            Entry::Decision(it) if (it.agent, it.policy) == (NATURE, policy) => {
                Some(&it.action[..])
            }
            Entry::Command(_)
            | Entry::Decision(_)
            | Entry::Mark(_)
            | Entry::Update(_)
            | Entry::End => None,
        });
        actions.collect()
    }

    fn rejected(&self) -> usize {
        let refusals = self.events.iter().flatten();
        refusals.filter(|event| matches!(event, Event::Rejected { .. })).count()
    }
}

fn orders_of(engine: &Engine, kind: Kind) -> usize {
    let is_of = |client: ClientId| client.0.div_ceil(100) == kind.client(0).0.div_ceil(100);
    let sides = [kernel::Side::Buy, kernel::Side::Sell];
    sides.map(|side| engine.queue(side).filter(|order| is_of(order.client)).count()).iter().sum()
}

#[test]
fn twins_are_equal_up_to_the_clock_of_the_first_event() {
    let base = run(REALISTIC, &[], 1_500, |_, _| ());
    for text in
        ["makers leave", "set tax 1", "2 noise join", "fair value times 1.1 plus 0", "mark x"]
    {
        let treated = run(REALISTIC, &[&format!("step 1200: {text}")], 1_500, |_, _| ());
        let pairs = base.entries.iter().zip(&treated.entries);
        let equal = pairs.take_while(|(one, other)| one == other).count();
        let clock = Command::Clock { time: TimeNs(1_200 * STEP_NS), step: Step(1_200) };
        assert_eq!(treated.entries[equal - 1], Entry::Command(clock), "{text}");
        assert!(matches!(treated.entries[equal], Entry::Mark(_)), "{text}");
        let equal = u64::try_from(equal).unwrap();
        let (mut shared, mut others) = (0, 0);
        for ((last, head), (_, treated)) in base.heads.iter().zip(&treated.heads) {
            assert_eq!(head == treated, *last <= equal, "{text}, entry {last}");
            if *last <= equal { shared += 1 } else { others += 1 }
        }
        assert!(5 < shared && 0 < others, "{shared} and {others} blocks");
    }
}

#[test]
fn a_mark_and_its_command_stand_behind_the_clock() {
    let schedule = ["step 5: mark lunch", "step 9: set tax 1.5", "step 9: set exempt makers on"];
    let found = run(REALISTIC, &schedule, 12, |_, _| ());
    assert_eq!(found.marks(), [(5, "lunch", 1), (9, "tobin-tax", 2), (9, "exempt", 3)]);
    let exempt = |client| {
        let change = RuleChange::Exempt { client: ClientId(client), exempt: true };
        Entry::Command(Command::SetRule(change))
    };
    let [Entry::Mark(_), tax, Entry::Mark(_), one, two] = found.scheduled(9) else {
        panic!("{:?}", found.scheduled(9));
    };
    assert_eq!(*tax, Entry::Command(Command::SetRule(RuleChange::Tax(15_000))));
    assert_eq!((one, two), (&exempt(1), &exempt(2)));
    assert_eq!(found.engine.rules().tax, 15_000);
    assert!(
        found.engine.account(ClientId(2)).exempt && !found.engine.account(ClientId(201)).exempt
    );
}

#[test]
fn a_log_takes_names_of_marks_only() {
    let genesis = Genesis::new(Config::preset("seed").unwrap().genesis(), "ecology");
    let mut recorder =
        Recorder::create(&genesis, Vec::new(), Vec::new(), SyncPolicy::None).unwrap();
    let longest = "x".repeat(64);
    for (name, is_one) in [("lunch", true), (&longest, true), ("a b", false), ("", false)] {
        assert_eq!(kernel::Venue::mark(&mut recorder, name, 1).is_ok(), is_one, "{name}");
    }
    assert!(kernel::Venue::mark(&mut recorder, &format!("{longest}x"), 1).is_err());
}

#[test]
fn types_leave_and_come_back_at_their_steps() {
    for kind in Kind::ALL {
        let who = kind.plural();
        let schedule = [format!("step 301: {who} leave"), format!("step 351: {who} return")];
        let schedule = [&*schedule[0], &*schedule[1]];
        let (mut before, mut after) = (0, 0);
        let found = run(("crash", &[]), &schedule, 400, |step, engine| match step {
            301..=350 => assert_eq!(orders_of(engine, kind), 0, "{who}, step {step}"),
            ..301 => before += orders_of(engine, kind),
            _ => after += orders_of(engine, kind),
        });
        let is_of = |agent: u32| agent.div_ceil(100) == kind.client(0).0.div_ceil(100);
        let mut step = 0;
        for entry in &found.entries {
            match entry {
                Entry::Command(Command::Clock { step: now, .. }) => step = now.0,
                Entry::Decision(it) if is_of(it.agent) && (302..=350).contains(&step) => {
                    panic!("{who} decide in step {step}");
                }
                Entry::Command(_)
                | Entry::Decision(_)
                | Entry::Mark(_)
                | Entry::Update(_)
                | Entry::End => {}
            }
        }
        // What momentum traders send never rests.
        assert!(kind == Kind::Momentum || (0 < before && 0 < after), "{who}");
        assert_eq!(found.rejected(), 0);
    }
}

#[test]
fn joiners_take_the_next_numbers_and_move_nobody() {
    let endowed = ("realistic", &[("market.endowment", "50")][..]);
    let base = run(endowed, &[], 300, |_, _| ());
    let joined =
        run(endowed, &["step 201: 2 noise join", "step 251: 1 makers join"], 300, |_, _| ());
    assert_eq!(joined.marks(), [(201, "agents-join", 1), (251, "agents-join", 2)]);
    let turns = joined.of_nature(TURNS_POLICY);
    assert_eq!([turns[199].len(), turns[200].len(), turns[250].len()], [13, 15, 16]);
    for (order, longer) in base.of_nature(TURNS_POLICY).iter().zip(turns) {
        let others: Vec<_> =
            longer.iter().copied().filter(|client| ![3, 305, 306].contains(client)).collect();
        assert_eq!(order[..], others[..]);
    }
    assert_eq!(base.of_nature(FAIR_VALUE_POLICY), joined.of_nature(FAIR_VALUE_POLICY));
    let clients: Vec<_> = joined.engine.accounts().map(|account| account.client.0).collect();
    assert!([3, 305, 306].iter().all(|client| clients.contains(client)), "{clients:?}");
    let lots: i64 = joined.engine.accounts().map(|account| account.position).sum();
    assert_eq!(lots, 16 * 50, "the endowment of those that join is there from the start");
    assert!(0 < orders_of(&joined.engine, Kind::Noise));
}

#[test]
fn the_fair_value_is_shocked_at_its_step() {
    let plain = run(("seed", &[]), &[], 60, |_, _| ());
    let schedule = ["step 50: fair value times 0.9 plus -20"];
    let shocked = run(("seed", &[]), &schedule, 60, |_, _| ());
    assert_eq!(shocked.marks(), [(50, "fair-value-shock", 1)]);
    let (plain, shocked) =
        (plain.of_nature(FAIR_VALUE_POLICY), shocked.of_nature(FAIR_VALUE_POLICY));
    assert_eq!(plain[..49], shocked[..49]);
    let expected = f64::from(plain[49][0]) * 0.9 - 20.0 * 256.0;
    assert!((f64::from(shocked[49][0]) - expected).abs() <= 0.5);
    for (plain, shocked) in plain.windows(2).zip(shocked.windows(2)).skip(49) {
        assert_eq!(plain[1][0] - plain[0][0], shocked[1][0] - shocked[0][0], "the same walk");
    }
}

#[test]
fn a_ban_binds_from_its_step_and_spares_the_exempt() {
    let schedule = [
        "step 100: set exempt makers on",
        "step 100: set short-ban on",
        "step 300: set short-ban off",
    ];
    let mut shorts = 0;
    let found = run(REALISTIC, &schedule, 400, |step, engine| {
        let is_ban = (100..300).contains(&step);
        assert_eq!(engine.rules().short_ban, is_ban, "step {step}");
        let makers = engine.accounts().filter(|it| it.exempt && it.position < it.open_sell);
        shorts += if is_ban { makers.count() } else { 0 };
    });
    assert!(150 < shorts, "exempt makers go on offering what they do not hold: {shorts}");
    let mut step = 0;
    let mut sales = [0, 0];
    for entry in &found.entries {
        match entry {
            Entry::Command(Command::Clock { step: now, .. }) => step = now.0,
            Entry::Command(Command::Place(place)) if 100 < place.client.0 => {
                let is_sale = place.side == kernel::Side::Sell;
                let is_ban = usize::from((100..300).contains(&step));
                sales[is_ban] += u32::from(is_sale);
            }
            Entry::Command(_)
            | Entry::Decision(_)
            | Entry::Mark(_)
            | Entry::Update(_)
            | Entry::End => {}
        }
    }
    assert!(3 * sales[1] < 2 * sales[0], "the others sell what they hold only: {sales:?}");
    assert_eq!(found.rejected(), 0, "agents keep to the ban by themselves");
}

#[test]
fn halts_and_auctions_are_scheduled_too() {
    let schedule = [
        "step 50: set state halted",
        "step 60: set state auction",
        "step 70: uncross",
        "step 71: set state continuous",
    ];
    let mut states = Vec::new();
    let found = run(REALISTIC, &schedule, 100, |step, engine| {
        states.push((step, engine.rules().state));
    });
    let at = |step| states.iter().find(|(of, _)| *of == step).unwrap().1;
    assert_eq!(
        [at(49), at(50), at(60)],
        [MarketState::Continuous, MarketState::Halted, MarketState::Auction]
    );
    let mut step = 0;
    for (entry, events) in found.entries.iter().zip(&found.events) {
        if let Entry::Command(Command::Clock { step: now, .. }) = entry {
            step = now.0;
        }
        let trades = events.iter().any(|event| matches!(event, Event::Traded { .. }));
        let is_uncross = matches!(entry, Entry::Command(Command::Uncross));
        assert!(!(50..71).contains(&step) || !trades || is_uncross, "step {step}: {entry:?}");
        let uncrossed = events.iter().any(|event| matches!(event, Event::Uncrossed { .. }));
        assert!(!is_uncross || (step == 70 && uncrossed), "step {step}: {events:?}");
    }
    assert_eq!(at(71), MarketState::Continuous);
}
