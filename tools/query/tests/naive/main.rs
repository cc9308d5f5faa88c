//! Random queries over logs: the evaluator says what a second one says, which knows no more than the
//! entries, the events and the queues, remembers all of them and starts anew at every moment.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod history;
mod language;
mod logs;
mod second;

use std::collections::BTreeMap;

use kernel::Engine;
use query::{Counters, Evaluator, Expectation, Query, Survey, Zone, Zoner};
use replay::{Player, ReadLimits, Reader};
use tests::random::Dice;

use history::History;
use language::{Question, number_names};

/// One query on its way through a log, both ways.
struct Pair {
    question: Question,
    query: Query,
    evaluator: Evaluator,
    /// At the last border of zones, what knows of whole zones.
    survey: Survey,
    /// One that has seen only the zones of which not enough was known, as it stood at that border.
    passing: Evaluator,
    /// The same, shown what came since.
    looking: Evaluator,
    /// What was seen since.
    truths: Vec<bool>,
    was_true: bool,
}

/// How often a query was true and false, and how many were monotone.
#[derive(Default)]
struct Census {
    trues: u64,
    falses: u64,
    rises: u64,
    /// Zones that allow one answer only, both ways, and others.
    all_true: u64,
    all_false: u64,
    open: u64,
    /// Zones that seem to allow both answers and had one.
    needless: u64,
}

impl Pair {
    fn new(question: Question, engine: &Engine) -> Self {
        let query = Query::parse(&question.text).unwrap();
        let evaluator = Evaluator::new(&query);
        let was_true = evaluator.start(engine);
        let naive = second::ask(&question, &History::default(), engine);
        assert_eq!(was_true, naive, "{} before the first entry", question.text);
        let survey = Survey::new(&query, engine);
        let (passing, looking) = (evaluator.clone(), evaluator.clone());
        Self { question, query, evaluator, survey, passing, looking, truths: Vec::new(), was_true }
    }

    /// Compares what a zone allows with what was seen in it.
    fn cross(&mut self, zone: &Zone, engine: &Engine, census: &mut Census) {
        let truths = std::mem::take(&mut self.truths);
        match self.survey.expect(zone, &self.passing) {
            Expectation::All(expected) => {
                let is_right = truths.iter().all(|found| *found == expected);
                assert!(is_right, "{}: {expected} in {zone:?}: {truths:?}", self.question.text);
                *(if expected { &mut census.all_true } else { &mut census.all_false }) += 1;
                self.survey.pass(zone, &mut self.passing);
                self.looking = self.passing.clone();
            }
            Expectation::Open => {
                census.open += 1;
                census.needless += u64::from(truths.iter().all(|found| *found == truths[0]));
                self.passing = self.looking.clone();
                self.survey.arrive(engine);
            }
        }
    }
}

/// Replays a log and asks random questions at every entry.
fn compare(log: &[u8], most: usize, questions: u32, dice: &mut Dice, census: &mut Census) {
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let mut pairs: Vec<Pair> =
        (0..questions).map(|_| Pair::new(Question::random(dice), player.engine())).collect();
    let mut history = History::default();
    let (mut counters, mut zoner) = (Counters::default(), Zoner::default());
    while history.len() < most
        && let Some(moment) = player.advance().unwrap()
    {
        history.add(&moment);
        counters.count(&moment);
        assert_eq!(counters.placed, moment.engine.placed());
        let closed = zoner.see(&moment);
        let zone = if dice.one_in(9) { closed.or_else(|| zoner.close()) } else { closed };
        let zone = zone.map(|zone| Zone::decode(&zone.encode()).unwrap());
        if let Some(zone) = &zone {
            assert_eq!(zone.entries().1, moment.number);
            zoner = Zoner::behind(zone);
        }
        for pair in &mut pairs {
            let Question { text, .. } = &pair.question;
            let found = pair.evaluator.see(&moment);
            let naive = second::ask(&pair.question, &history, moment.engine);
            assert_eq!(found, naive, "{text} at entry {}: {:?}", moment.number, moment.entry);
            pair.truths.push(found);
            assert_eq!(
                pair.looking.see(&moment),
                found,
                "{text} behind zones that were passed over"
            );
            let rises = pair.query.monotone();
            assert!(!(rises && pair.was_true && !found), "{text} was true and is not");
            census.rises += u64::from(rises && !pair.was_true && found);
            pair.was_true = found;
            *(if found { &mut census.trues } else { &mut census.falses }) += 1;
            if let Some(zone) = &zone {
                pair.cross(zone, moment.engine, census);
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
    let Census { trues, falses, rises, all_true, all_false, open, needless } = census;
    assert!(trues.min(falses) * 10 > trues.max(falses), "{trues} true, {falses} false");
    assert!(20 < rises, "{rises} monotone queries became true");
    let told = format!("{all_true} true, {all_false} false, {open} open, {needless} needlessly");
    assert!(open < all_true.min(all_false) && needless * 3 < open * 2, "{told}");
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
            history.add(&moment);
        }
    }
    for (name, [is_zero, is_more]) in &reached {
        assert!(*is_zero && *is_more, "{name}: absent or zero {is_zero}, more {is_more}");
    }
}
