//! Texts through the language of queries: nothing panics, what is read is printed and read again as
//! the same, and what zones say of whole blocks is what is seen entry by entry.
//!
//! The first byte says where zones end; the others are the text.
#![no_main]

use std::sync::LazyLock;

use kernel::{
    ClientId, Command, OrderKind, Place, Price, Qty, Reference, RuleChange, SelfTrade, Side, Step,
    TimeInForce, TimeNs,
};
use libfuzzer_sys::fuzz_target;
use query::{Evaluator, Expectation, Query, Survey, Zone, Zoner};
use replay::entry::DecisionEntry;
use replay::{Entry, Genesis, Mark, Player, ReadLimits, Reader, Recorder, SyncPolicy};

/// A short market with something of everything that a query can ask about.
static LOG: LazyLock<Vec<u8>> = LazyLock::new(record);

fn record() -> Vec<u8> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(kernel::Genesis::open(), "fuzz");
    let mut recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    for number in 0..64_u32 {
        for entry in entries(number) {
            recorder.take(&entry).unwrap();
        }
    }
    recorder.finish().unwrap();
    log
}

fn entries(number: u32) -> Vec<Entry> {
    let side = if number % 3 == 0 { Side::Sell } else { Side::Buy };
    let place = Command::Place(Place {
        client: ClientId(number % 5),
        reference: Reference(number.into()),
        side,
        qty: Qty::new(1 + number % 7).unwrap(),
        kind: OrderKind::Limit { price: Price::new(95 + number % 11).unwrap(), post_only: false },
        tif: TimeInForce::Gtc,
        display: None,
        stop: (number % 13 == 5).then(|| Price::new(102).unwrap()),
        self_trade: if number % 4 == 0 { SelfTrade::Decrement } else { SelfTrade::Allow },
    });
    let aside = match number % 8 {
        0 => Entry::Mark(Mark {
            name: if number < 30 { "a" } else { "crash" }.parse().unwrap(),
            number: number.into(),
        }),
        1 => Entry::Command(Command::Clock {
            time: TimeNs(u64::from(number) * 1_000_000_000),
            step: Step(number.into()),
        }),
        2 => Entry::Command(Command::SetRule(RuleChange::Tax(number))),
        3 => Entry::Command(Command::MassCancel { client: ClientId(number % 5) }),
        _ => Entry::Decision(DecisionEntry {
            agent: number % 4,
            policy: 1,
            action: vec![1],
            first_reference: Reference(number.into()),
            commands: 1,
            observation: None,
        }),
    };
    vec![aside, Entry::Command(place)]
}

fuzz_target!(|bytes: &[u8]| {
    let Some((every, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let query = match Query::parse(text) {
        Ok(query) => query,
        Err(error) => {
            assert!(text.is_char_boundary(error.offset()) && error.to_string().contains('^'));
            return;
        }
    };
    let canonical = query.to_string();
    let again = Query::parse(&canonical).unwrap();
    assert_eq!(again, query);
    assert_eq!(again.to_string(), canonical);
    follow(&query, u64::from(*every % 32) + 1);
});

/// Compares zones of so many entries with what is seen in them.
fn follow(query: &Query, every: u64) {
    let reader = Reader::open(&LOG[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let mut evaluator = Evaluator::new(query);
    let (mut passing, mut survey) = (evaluator.clone(), Survey::new(query, player.engine()));
    let (mut zoner, mut truths) = (Zoner::default(), Vec::new());
    let mut was_true = evaluator.start(player.engine());
    while let Some(moment) = player.advance().unwrap() {
        let found = evaluator.see(&moment);
        assert!(found || !was_true || !query.monotone(), "{query} was true and is not");
        was_true = found;
        truths.push(found);
        let ended = zoner.see(&moment);
        let zone = if moment.number % every == 0 { ended.or_else(|| zoner.close()) } else { ended };
        let Some(zone) = zone else { continue };
        let zone = Zone::decode(&zone.encode()).unwrap();
        match survey.expect(&zone, &passing) {
            Expectation::All(expected) => {
                assert!(truths.iter().all(|truth| *truth == expected), "{query}: {expected}");
                survey.pass(&zone, &mut passing);
            }
            Expectation::Open => {
                passing = evaluator.clone();
                survey.arrive(moment.engine);
            }
        }
        truths.clear();
    }
}
