//! Random queries over logs: the evaluator says what a second one says, which knows no more than the
//! entries, the events and the queues, remembers all of them and starts anew at every moment.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod history;
mod language;
mod logs;
mod second;

use std::collections::BTreeMap;

use kernel::Engine;
use query::{Counters, Evaluator, Query};
use replay::{Entry, MarkName, Player, ReadLimits, Reader};
use tests::random::Dice;

use history::History;
use language::{Question, number_names};

/// One query on its way through a log, both ways.
struct Pair {
    question: Question,
    query: Query,
    evaluator: Evaluator,
    /// Begun in the middle of the log.
    resumed: Option<Evaluator>,
    was_true: bool,
}

/// How often a query was true and false, and how many were monotone.
#[derive(Default)]
struct Census {
    trues: u64,
    falses: u64,
    rises: u64,
}

impl Pair {
    fn new(question: Question, engine: &Engine) -> Self {
        let query = Query::parse(&question.text).unwrap();
        let evaluator = Evaluator::new(&query);
        let was_true = evaluator.start(engine);
        let naive = second::ask(&question, &History::default(), engine);
        assert_eq!(was_true, naive, "{} before the first entry", question.text);
        Self { question, query, evaluator, resumed: None, was_true }
    }

    /// Begins a second evaluator behind this moment. It is told what it needs and no more.
    fn resume(&mut self, counters: Counters, marks: &[MarkName]) {
        self.resumed = Some(if self.query.needs_history() {
            Evaluator::resume(&self.query, counters, marks)
        } else {
            Evaluator::new(&self.query)
        });
    }
}

/// Replays a log and asks random questions at every entry.
fn compare(log: &[u8], most: usize, questions: u32, dice: &mut Dice, census: &mut Census) {
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let mut pairs: Vec<Pair> =
        (0..questions).map(|_| Pair::new(Question::random(dice), player.engine())).collect();
    let middle = dice.within(0, u32::try_from(most / 2).unwrap()) as usize;
    let mut history = History::default();
    let (mut counters, mut marks) = (Counters::default(), Vec::new());
    while history.len() < most
        && let Some(moment) = player.advance().unwrap()
    {
        history.add(moment.entry, moment.events);
        counters.count(&moment);
        assert_eq!(counters.placed, moment.engine.placed());
        if let Entry::Mark(mark) = moment.entry {
            marks.push(mark.name.clone());
        }
        for pair in &mut pairs {
            let Question { text, .. } = &pair.question;
            let found = pair.evaluator.see(&moment);
            let naive = second::ask(&pair.question, &history, moment.engine);
            assert_eq!(found, naive, "{text} at entry {}: {:?}", moment.number, moment.entry);
            if let Some(resumed) = &mut pair.resumed {
                assert_eq!(resumed.see(&moment), found, "{text} from the middle");
            }
            let rises = pair.query.monotone();
            assert!(!(rises && pair.was_true && !found), "{text} was true and is not");
            census.rises += u64::from(rises && !pair.was_true && found);
            pair.was_true = found;
            *(if found { &mut census.trues } else { &mut census.falses }) += 1;
            if history.len() == middle {
                pair.resume(counters, &marks);
            }
        }
    }
}

#[test]
fn random_markets() {
    let mut census = Census::default();
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let log = logs::random(seed, 120, &mut dice);
        compare(&log, 120, 60, &mut dice, &mut census);
    }
    let Census { trues, falses, rises } = census;
    assert!(trues.min(falses) * 10 > trues.max(falses), "{trues} true, {falses} false");
    assert!(20 < rises, "{rises} monotone queries became true");
}

#[test]
fn a_recorded_ecology() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden/ecology/crash-short.log");
    let log = std::fs::read(path).unwrap();
    let mut dice = Dice::new(42);
    compare(&log, 1_200, 120, &mut dice, &mut Census::default());
}

/// The random markets give every number a value above zero and another one, or none.
#[test]
fn every_number_is_reached() {
    let mut reached: BTreeMap<String, [bool; 2]> = BTreeMap::new();
    for seed in 0..40 {
        let mut dice = Dice::new(seed);
        let log = logs::random(seed, 150, &mut dice);
        let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
        let mut player = Player::new(reader).unwrap();
        let mut history = History::default();
        let names = number_names(&mut dice);
        loop {
            let trade = history.trades_of_last().next();
            for name in &names {
                let value = second::term(name, &history, trade, player.engine());
                let kind = name.split('(').next().unwrap().to_owned();
                let [is_zero, is_more] = reached.entry(kind).or_default();
                *is_zero |= value.is_none_or(|value| value <= 0);
                *is_more |= value.is_some_and(|value| 0 < value);
            }
            let Some(moment) = player.advance().unwrap() else { break };
            history.add(moment.entry, moment.events);
        }
    }
    for (name, [is_zero, is_more]) in &reached {
        assert!(*is_zero && *is_more, "{name}: absent or zero {is_zero}, more {is_more}");
    }
}
