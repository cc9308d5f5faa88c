//! Recording and replaying: what is written is read, wherever the writing was interrupted.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;

use common::{genesis, mixed_entries, record};
use kernel::{
    ClientId, Command, Event, OrderId, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side,
    TimeInForce, Venue,
};
use replay::entry::DecisionEntry;
use replay::{Entry, LogError, Mark, Player, ReadLimits, Reader, Recorder, SyncPolicy};

mod common;

fn player<'a>(log: &'a [u8], tail: &[u8]) -> Player<&'a [u8]> {
    Player::new(Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT).unwrap()).unwrap()
}

#[test]
fn a_replay_reproduces_the_recording() {
    let entries = mixed_entries(20_000);
    let (log, finished) = record(&entries);
    let mut player = player(&log, &[]);
    let mut replayed = Vec::new();
    while let Some(moment) = player.advance().unwrap() {
        assert_eq!(moment.number, replayed.len() as u64 + 1);
        replayed.push(moment.entry.clone());
    }
    assert_eq!(replayed.pop(), Some(Entry::End));
    assert!(replayed == entries, "entries come back as they were");
    let summary = player.summary();
    assert_eq!(summary.entries, 20_001);
    assert!(summary.is_ended && 3 < summary.blocks);
    assert_eq!(
        (summary.head, summary.seal, summary.state),
        (finished.head, finished.seal, finished.state)
    );
}

/// More live orders than make a replay look ahead.
#[test]
fn a_deep_book_replays_the_same() {
    let orders = 40_000;
    let place = |number: u32| {
        Entry::Command(Command::Place(Place {
            client: ClientId(1),
            reference: Reference(number.into()),
            side: Side::Buy,
            qty: Qty::MIN,
            kind: OrderKind::Limit {
                price: Price::new(number % 500 + 1).unwrap(),
                post_only: false,
            },
            tif: TimeInForce::Gtc,
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        }))
    };
    let cancel = |number: u64| {
        let order = OrderId(number * 7 % u64::from(orders) + 1);
        Entry::Command(Command::Cancel { client: ClientId(1), order })
    };
    let entries: Vec<Entry> = (0..orders).map(place).chain((0..6_000).map(cancel)).collect();
    let (log, finished) = record(&entries);
    let mut player = player(&log, &[]);
    let summary = player.run().unwrap();
    assert_eq!((summary.head, summary.state), (finished.head, finished.state));
    assert_eq!(player.engine().orders_live(), orders - 6_000);
}

#[test]
fn the_same_entries_give_the_same_bytes_under_every_sync_policy() {
    let entries = mixed_entries(6_000);
    let (expected, _) = record(&entries);
    for policy in [SyncPolicy::Block, SyncPolicy::Entry] {
        let (mut log, mut tail) = (Vec::new(), Vec::new());
        let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, policy).unwrap();
        for entry in &entries {
            recorder.take(entry).unwrap();
        }
        recorder.finish().unwrap();
        assert!(log == expected, "{policy:?}");
        assert!(tail.is_empty(), "{policy:?}");
    }
}

#[test]
fn an_interrupted_and_resumed_recording_is_the_uninterrupted_one() {
    let entries = mixed_entries(9_000);
    let (expected, finished) = record(&entries);
    for cut in [0, 1, 2_500, 2_700, 5_000, 8_999, 9_000] {
        let (mut log, mut tail) = (Vec::new(), Vec::new());
        let (before, after) = entries.split_at(cut);
        let mut recorder =
            Recorder::create(&genesis(), &mut log, &mut tail, SyncPolicy::Block).unwrap();
        for entry in before {
            recorder.take(entry).unwrap();
        }
        recorder.sync().unwrap();
        assert_eq!(recorder.acknowledged(), cut as u64);
        let head = recorder.head();
        drop(recorder);

        let (stored_log, stored_tail) = (log.clone(), tail.clone());
        let mut player = player(&stored_log, &stored_tail);
        let summary = player.run().unwrap();
        assert_eq!((summary.entries, summary.head), (cut as u64, head));
        assert!(!summary.is_ended);
        let mut recorder =
            Recorder::resume(player, &mut log, &mut tail, SyncPolicy::Block).unwrap();
        for entry in after {
            recorder.take(entry).unwrap();
        }
        assert_eq!(recorder.finish().unwrap(), finished, "cut at {cut}");
        assert!(log == expected, "cut at {cut}");
    }
}

/// A block is sealed because a longer entry follows. If that one is lost, no shorter one may stand in
/// its place: a reader would refuse it.
#[test]
fn what_fits_into_a_sealed_last_block_is_not_put_behind_it() {
    let decision = Entry::Decision(DecisionEntry {
        agent: 1,
        policy: 1,
        action: vec![-1; 500],
        first_reference: Reference(0),
        commands: 0,
        observation: None,
    });
    let entries = vec![decision.clone(); 33];
    let (whole, _) = record(&entries);
    // The first block, without what followed.
    let sealed = Reader::open(&whole[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let start = usize::try_from(sealed.header().bytes).unwrap();
    let first_block = whole[..start + 65_536].to_vec();
    let resume = |log: &mut Vec<u8>, tail: &mut Vec<u8>, go_on: &dyn Fn(Recorder<&mut Vec<u8>>)| {
        let mut player = player(&first_block, &[]);
        assert_eq!(player.run().unwrap().entries, 32);
        go_on(Recorder::resume(player, log, tail, SyncPolicy::Entry).unwrap());
    };
    let (mut log, mut tail) = (first_block.clone(), Vec::new());
    resume(&mut log, &mut tail, &|mut recorder| {
        let mark = Entry::Mark(Mark { name: "m".parse().unwrap(), number: 1 });
        for _ in 0..2 {
            let refused = recorder.take(&mark).unwrap_err();
            assert!(matches!(refused, LogError::Fits { room, .. } if 50 < room), "{refused}");
        }
        assert_eq!((recorder.entries(), recorder.acknowledged()), (32, 32));
        assert!(matches!(recorder.finish(), Err(LogError::Fits { len: 1, .. })));
    });
    assert!(log == first_block && tail.is_empty(), "what is refused leaves no trace");
    resume(&mut log, &mut tail, &|mut recorder| {
        recorder.take(&decision).unwrap();
        recorder.take(&Entry::Mark(Mark { name: "m".parse().unwrap(), number: 1 })).unwrap();
    });
    assert_eq!(player(&log, &tail).run().unwrap().entries, 34);
}

#[test]
fn the_recorder_answers_as_the_bare_kernel() {
    let entries = mixed_entries(3_000);
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, SyncPolicy::None).unwrap();
    let mut bare = kernel::Unlogged::new(kernel::Engine::new(&genesis().market).unwrap());
    for entry in &entries {
        let Entry::Command(command) = entry else { continue };
        assert_eq!(recorder.submit(*command).unwrap(), bare.submit(*command).unwrap());
    }
}

/// What these tests record is worth recording: nearly everything that can happen does.
#[test]
fn every_event_and_most_reasons_come_up() {
    let (log, _) = record(&mixed_entries(20_000));
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let mut seen = BTreeSet::new();
    while let Some(moment) = player.advance().unwrap() {
        for event in moment.events {
            let text = format!("{event:?}");
            let (name, _) = text.split_once([' ', '(']).unwrap();
            let detail = if let Event::Rejected { reason, .. } = event {
                format!(" {reason}")
            } else if let Event::Cancelled { reason, .. } = event {
                format!(" {reason}")
            } else if let Event::Uncrossed { price, .. } = event {
                format!(" {}", price.is_some())
            } else if let Event::Rested { qty, displayed, .. } = event {
                format!(" {}", qty == displayed)
            } else {
                String::new()
            };
            seen.insert(name.to_owned() + &detail);
        }
    }
    assert_eq!(
        seen.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "Accepted",
            "BandHit",
            "Cancelled band",
            "Cancelled expired",
            "Cancelled mass cancel",
            "Cancelled remainder",
            "Cancelled requested",
            "Cancelled self trade",
            "ClockMoved",
            "Decremented",
            "MassCancelled",
            "Reduced",
            "Refilled",
            "Rejected display",
            "Rejected expired",
            "Rejected halted",
            "Rejected no liquidity",
            "Rejected not owner",
            "Rejected short sale",
            "Rejected unfillable",
            "Rejected unknown order",
            "Rejected unsupported",
            "Rejected would trade",
            "Rejected wrong state",
            "Replaced",
            "Rested false",
            "Rested true",
            "RuleChanged",
            "Traded",
            "Triggered",
            "Uncrossed false",
            "Uncrossed true",
        ]
    );
}
