//! Recording and replaying: what is written is read, wherever the writing was interrupted.
#![expect(clippy::unwrap_used, reason = "a test")]

use kernel::{
    ClientId, Command, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side, Step, TimeInForce,
    TimeNs, Venue,
};
use replay::recorder::Finished;
use replay::{Entry, Genesis, Mark, Player, ReadLimits, Reader, Recorder, SyncPolicy};

/// A deterministic stream of entries that trade, rest and cancel.
fn entries(len: u64) -> Vec<Entry> {
    let mut state = 42_u64;
    let mut draw = move |bound: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 33) % bound
    };
    let small = |number: u64| u32::try_from(number).unwrap();
    (1..=len)
        .map(|number| match draw(10) {
            0 => {
                Entry::Command(Command::Clock { time: TimeNs(number * 1_000), step: Step(number) })
            }
            1 | 2 => Entry::Command(Command::Cancel {
                client: ClientId(small(draw(4))),
                order: kernel::OrderId(1 + draw(number)),
            }),
            3 if draw(20) == 0 => Entry::Mark(Mark { name: "moment".parse().unwrap(), number }),
            _ => Entry::Command(Command::Place(Place {
                client: ClientId(small(draw(4))),
                reference: Reference(number),
                side: if draw(2) == 0 { Side::Buy } else { Side::Sell },
                qty: Qty::new(1 + small(draw(50))).unwrap(),
                kind: OrderKind::Limit {
                    price: Price::new(990 + small(draw(20))).unwrap(),
                    post_only: false,
                },
                tif: TimeInForce::Gtc,
                self_trade: SelfTrade::Allow,
            })),
        })
        .collect()
}

fn genesis() -> Genesis {
    Genesis::new(kernel::Genesis::open(), "test")
}

/// Records and finishes; returns the log, what is left in the tail, and the finish.
fn record(entries: &[Entry], policy: SyncPolicy) -> (Vec<u8>, Vec<u8>, Finished) {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, policy).unwrap();
    for entry in entries {
        recorder.take(entry).unwrap();
    }
    let finished = recorder.finish().unwrap();
    (log, tail, finished)
}

fn player<'a>(log: &'a [u8], tail: &[u8]) -> Player<&'a [u8]> {
    Player::new(Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT).unwrap()).unwrap()
}

#[test]
fn a_replay_reproduces_the_recording() {
    let entries = entries(20_000);
    let (log, tail, finished) = record(&entries, SyncPolicy::None);
    assert!(tail.is_empty());
    let mut player = player(&log, &tail);
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

#[test]
fn the_same_entries_give_the_same_bytes_under_every_sync_policy() {
    let entries = entries(6_000);
    let (expected, ..) = record(&entries, SyncPolicy::None);
    for policy in [SyncPolicy::Block, SyncPolicy::Entry] {
        let (log, tail, _) = record(&entries, policy);
        assert!(log == expected, "{policy:?}");
        assert!(tail.is_empty(), "{policy:?}");
    }
}

#[test]
fn an_interrupted_and_resumed_recording_is_the_uninterrupted_one() {
    let entries = entries(9_000);
    let (expected, _, finished) = record(&entries, SyncPolicy::None);
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

#[test]
fn the_recorder_answers_as_the_bare_kernel() {
    let entries = entries(3_000);
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, SyncPolicy::None).unwrap();
    let mut bare = kernel::Unlogged::new(kernel::Engine::new(&genesis().market).unwrap());
    for entry in &entries {
        let Entry::Command(command) = entry else { continue };
        assert_eq!(recorder.submit(*command).unwrap(), bare.submit(*command).unwrap());
    }
}
