//! A device that fails at its k-th call, for every k: what was acknowledged is never lost.

use std::cell::RefCell;
use std::io;

use kernel::{ClientId, Command, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side};
use kernel::{TimeInForce, Venue};
use replay::entry::DecisionEntry;
use replay::{
    Digest, Entry, LogError, Medium, Player, ReadLimits, Reader, Recorder, SyncPolicy, salvage,
};

use super::common::genesis;
use super::record_open;

/// One file: what a reader of it sees now, and what it would see after a loss of power.
#[derive(Clone, Default)]
struct Image {
    present: Vec<u8>,
    durable: Vec<u8>,
}

/// Two files on a device that fails once and then works again, as devices do.
#[derive(Default)]
struct Device {
    log: Image,
    tail: Image,
    calls: usize,
    fails_at: usize,
}

impl Device {
    fn call(&mut self) -> bool {
        self.calls += 1;
        self.calls != self.fails_at
    }
}

struct File<'a> {
    device: &'a RefCell<Device>,
    is_tail: bool,
}

impl File<'_> {
    fn touch(&self, act: impl FnOnce(&mut Image, bool)) -> io::Result<()> {
        let mut device = self.device.borrow_mut();
        let works = device.call();
        let image = if self.is_tail { &mut device.tail } else { &mut device.log };
        act(image, works);
        if works { Ok(()) } else { Err(io::Error::other("no space left on device")) }
    }
}

impl Medium for File<'_> {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let half = bytes.len() / 2;
        self.touch(|image, works| {
            image.present.extend_from_slice(if works { bytes } else { &bytes[..half] });
        })
    }

    fn sync(&mut self) -> io::Result<()> {
        self.touch(|image, works| {
            if works {
                image.durable.clone_from(&image.present);
            }
        })
    }

    fn clear(&mut self) -> io::Result<()> {
        self.touch(|image, works| {
            if works {
                image.present.clear();
            }
        })
    }
}

/// Four blocks of few entries: long decisions, and an order now and then.
fn entries() -> Vec<Entry> {
    let place = |number: u32| {
        Entry::Command(Command::Place(Place {
            client: ClientId(number % 3),
            reference: Reference(number.into()),
            side: if number.is_multiple_of(2) { Side::Buy } else { Side::Sell },
            qty: Qty::new(number + 1).unwrap(),
            kind: OrderKind::Limit { price: Price::new(100).unwrap(), post_only: false },
            tif: TimeInForce::Gtc,
            display: None,
            stop: None,
            self_trade: SelfTrade::Allow,
        }))
    };
    let decision = |number: u32| {
        Entry::Decision(DecisionEntry {
            agent: number,
            policy: 0,
            action: vec![5; 512],
            first_reference: Reference(0),
            commands: 1,
            observation: None,
        })
    };
    (0..150).map(|number| if number % 4 == 3 { place(number) } else { decision(number) }).collect()
}

/// Records with a sync now and then; returns how many entries were acknowledged, and whether all
/// went well.
fn record_on(device: &RefCell<Device>, policy: SyncPolicy, every: usize) -> (u64, bool) {
    let file = |is_tail| File { device, is_tail };
    let created = Recorder::create(&genesis(), file(false), file(true), policy);
    let Ok(mut recorder) = created else { return (0, false) };
    for (number, entry) in (1..).zip(&entries()) {
        let mut result = recorder.take(entry).map(|_| ());
        if result.is_ok() && number % every == 0 {
            result = recorder.sync();
        }
        if let Err(error) = result {
            assert!(matches!(error, LogError::Io { .. }), "{error}");
            let acknowledged = recorder.acknowledged();
            check_closed(recorder);
            return (acknowledged, false);
        }
    }
    let acknowledged = recorder.acknowledged();
    match recorder.finish() {
        Ok(finished) => (finished.entries, true),
        Err(error) => {
            assert!(matches!(error, LogError::Io { .. }), "{error}");
            (acknowledged, false)
        }
    }
}

/// After an error of its device a recorder takes nothing more, though the device works again.
fn check_closed(mut recorder: Recorder<File<'_>>) {
    let before = (recorder.entries(), recorder.acknowledged());
    let command = Command::MassCancel { client: ClientId(1) };
    assert!(matches!(recorder.submit(command), Err(LogError::Closed)));
    assert!(matches!(recorder.take(&entries()[0]), Err(LogError::Closed)));
    assert!(matches!(recorder.sync(), Err(LogError::Closed)));
    assert_eq!((recorder.entries(), recorder.acknowledged()), before);
    assert!(matches!(recorder.finish(), Err(LogError::Closed)));
}

/// What is left is good up to what was acknowledged, and goes on to the same log.
fn check_left(log: &[u8], tail: &[u8], acknowledged: u64, heads: &[Digest], whole: &[u8]) {
    let reader = match Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT) {
        Ok(reader) => reader,
        Err(LogError::HeaderCut { .. }) => {
            assert_eq!(acknowledged, 0, "an entry was acknowledged before its header");
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let kept = salvage(reader).unwrap();
    let len = kept.sealed_entries + kept.open_entries;
    assert!(acknowledged <= len, "{acknowledged} acknowledged, {len} kept");
    let entries = entries();
    if let Some(head) = heads.get(usize::try_from(len).unwrap()) {
        assert_eq!(kept.head, *head);
    } else {
        assert_eq!((len, log), (entries.len() as u64 + 1, whole), "ended");
        return;
    }
    let mut log = log[..usize::try_from(kept.log_bytes).unwrap()].to_vec();
    let mut tail = kept.tail;
    let (stored_log, stored_tail) = (log.clone(), tail.clone());
    let reader = Reader::open(&stored_log[..], stored_tail, ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    player.run().unwrap();
    let policy = SyncPolicy::Block;
    let mut recorder = Recorder::resume(player, &mut log, &mut tail, policy).unwrap();
    for entry in &entries[usize::try_from(len).unwrap()..] {
        recorder.take(entry).unwrap();
    }
    recorder.finish().unwrap();
    assert!(log == whole, "resumed behind {len} entries");
}

#[track_caller]
fn check_every_failure(policy: SyncPolicy, every: usize) {
    let heads = record_open(&entries(), &[]).heads;
    let device = RefCell::new(Device::default());
    assert!(record_on(&device, policy, every).1);
    let (whole, calls) = (device.borrow().log.present.clone(), device.borrow().calls);
    assert!(2 * 65_536 < whole.len() && 4 < calls);
    for fails_at in 1..=calls {
        let device = RefCell::new(Device { fails_at, ..Device::default() });
        let (acknowledged, went_well) = record_on(&device, policy, every);
        // Emptying the tail behind a finished log is the last call.
        assert!(!went_well, "call {fails_at} of {calls}");
        let Device { log, tail, .. } = device.into_inner();
        for log in [&log.present, &log.durable] {
            for tail in [&tail.present, &tail.durable] {
                check_left(log, tail, acknowledged, &heads, &whole);
            }
        }
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_blocks_are_synced() {
    check_every_failure(SyncPolicy::Block, 7);
    check_every_failure(SyncPolicy::Block, 40);
}

#[test]
fn nothing_acknowledged_is_lost_when_entries_are_synced() {
    check_every_failure(SyncPolicy::Entry, 1_000);
}

#[test]
fn nothing_acknowledged_is_lost_when_only_the_producer_syncs() {
    check_every_failure(SyncPolicy::None, 7);
    check_every_failure(SyncPolicy::None, 40);
    // Two blocks are sealed between two syncs: the second one is not durable before the next sync.
    check_every_failure(SyncPolicy::None, 70);
}

/// The emptying of a tail may become durable late: then a tail that is older than the last block
/// comes back.
#[test]
fn an_old_tail_that_comes_back_is_ignored() {
    let device = RefCell::new(Device::default());
    let file = |is_tail| File { device: &device, is_tail };
    let policy = SyncPolicy::Block;
    let mut recorder = Recorder::create(&genesis(), file(false), file(true), policy).unwrap();
    for (number, entry) in (1..).zip(&entries()) {
        recorder.take(entry).unwrap();
        if number == 5 {
            recorder.sync().unwrap();
        }
    }
    drop(recorder);
    let Device { log, tail, .. } = device.into_inner();
    assert!(tail.present.is_empty() && !tail.durable.is_empty());
    let (kept, _) = super::read(&log.durable, &tail.durable).unwrap();
    assert!(kept.len() > 60 && kept[..] == entries()[..kept.len()]);
}
