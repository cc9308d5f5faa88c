//! A player that follows a writer, at every single step of it, comes to what a replay of the finished
//! log comes to: no entry twice, none missing, none before it is whole.
#![expect(clippy::unwrap_used, reason = "a test")]

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use kernel::Event;
use replay::error::Damage;
use replay::{
    Entry, LogError, Medium, PlayError, Player, ReadLimits, Reader, Recorder, Source, Stream,
    Summary, SyncPolicy,
};

mod common;

use common::{genesis, mixed_entries, record};

/// Bytes that one writes and another reads.
#[derive(Clone, Default)]
struct Shared(Rc<RefCell<Vec<u8>>>);

impl Source for Shared {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow().read_at(offset, buffer)
    }

    fn size(&self) -> io::Result<u64> {
        self.0.borrow().size()
    }
}

/// What was shown of one entry.
type Shown = (u64, Entry, Vec<Event>);

/// One who looks at a log whenever its writer has done anything.
#[derive(Default)]
struct Follower {
    log: Shared,
    tail: Shared,
    player: Option<Player<Stream<Shared>>>,
    shown: Vec<Shown>,
    looks: u64,
    /// Looks only now and then, and then sees much at once.
    every: u64,
}

impl Follower {
    fn look(&mut self) {
        self.looks += 1;
        if !self.looks.is_multiple_of(self.every) {
            return;
        }
        let tail = self.tail.0.borrow().clone();
        if let Some(player) = &mut self.player {
            player.refresh(tail).unwrap();
        } else {
            let source = Stream::new(self.log.clone(), 0);
            match Reader::open(source, tail, ReadLimits::DEFAULT) {
                Ok(reader) => self.player = Some(Player::new(reader.growing()).unwrap()),
                Err(LogError::HeaderCut { .. }) => return,
                Err(error) => panic!("{error}"),
            }
        }
        let Some(player) = &mut self.player else { return };
        while let Some(moment) = player.advance().unwrap() {
            self.shown.push((moment.number, moment.entry.clone(), moment.events.to_vec()));
        }
        assert_eq!(player.number(), self.shown.len() as u64);
    }
}

/// A file whose every half write is looked at.
struct Watched {
    file: Shared,
    follower: Rc<RefCell<Follower>>,
}

impl Medium for Watched {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        for part in [&bytes[..bytes.len() / 2], &bytes[bytes.len() / 2..]] {
            self.file.0.borrow_mut().extend_from_slice(part);
            self.follower.borrow_mut().look();
        }
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.follower.borrow_mut().look();
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.file.0.borrow_mut().clear();
        self.follower.borrow_mut().look();
        Ok(())
    }
}

fn replayed(log: &[u8]) -> (Vec<Shown>, Summary) {
    let reader = Reader::open(log, Vec::new(), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    let mut shown = Vec::new();
    while let Some(moment) = player.advance().unwrap() {
        shown.push((moment.number, moment.entry.clone(), moment.events.to_vec()));
    }
    (shown, player.summary())
}

#[track_caller]
fn check(entries: &[Entry], policy: SyncPolicy, sync_every: u64, look_every: u64) {
    let follower = Rc::new(RefCell::new(Follower { every: look_every, ..Follower::default() }));
    let (log, tail) = (follower.borrow().log.clone(), follower.borrow().tail.clone());
    let medium = |file: &Shared| Watched { file: file.clone(), follower: Rc::clone(&follower) };
    let (log_medium, tail_medium) = (medium(&log), medium(&tail));
    let mut recorder = Recorder::create(&genesis(), log_medium, tail_medium, policy).unwrap();
    for (number, entry) in (1..).zip(entries) {
        recorder.take(entry).unwrap();
        if number % sync_every == 0 {
            recorder.sync().unwrap();
        }
        let shown = follower.borrow().shown.len() as u64;
        assert!(shown <= recorder.entries());
        // What is acknowledged is shown at the very next look.
        if look_every == 1 {
            assert!(recorder.acknowledged() <= shown, "{} of {shown}", recorder.acknowledged());
        }
    }
    recorder.finish().unwrap();
    follower.borrow_mut().every = 1;
    follower.borrow_mut().look();
    assert!(*log.0.borrow() == record(entries).0, "the same bytes under every policy");
    let (expected, summary) = replayed(&log.0.borrow());
    let follower = follower.borrow();
    assert!(follower.shown == expected, "{policy:?}, {sync_every}, {look_every}");
    let player = follower.player.as_ref().unwrap();
    assert_eq!(player.summary(), summary);
    assert!(player.is_at_end() && player.reader().is_ended());
}

#[test]
fn every_step_of_a_writer_can_be_followed() {
    let entries = mixed_entries(3_000);
    check(&entries[..300], SyncPolicy::Entry, u64::MAX, 1);
    // More than one block, with syncs that cut it anywhere.
    for (sync_every, look_every) in [(u64::MAX, 1), (7, 1), (41, 1), (1_000, 1), (41, 3), (97, 20)]
    {
        check(&entries, SyncPolicy::Block, sync_every, look_every);
        check(&entries, SyncPolicy::None, sync_every, look_every);
    }
}

#[test]
fn borders_of_blocks_are_followed_entry_by_entry() {
    // Long entries: a block has some thirty.
    let long = Entry::Decision(replay::entry::DecisionEntry {
        agent: 1,
        policy: 1,
        action: vec![-1; 512],
        first_reference: kernel::Reference(0),
        commands: 0,
        observation: None,
    });
    let mut entries = mixed_entries(120);
    for at in (0..entries.len()).rev() {
        entries.insert(at, long.clone());
    }
    check(&entries, SyncPolicy::Entry, u64::MAX, 1);
    check(&entries, SyncPolicy::Entry, u64::MAX, 2);
    check(&entries, SyncPolicy::Entry, u64::MAX, 5);
}

/// A log with open entries, followed to its end.
fn followed() -> (Shared, Shared, Player<Stream<Shared>>) {
    let (mut bytes, mut frames) = (Vec::new(), Vec::new());
    let mut recorder =
        Recorder::create(&genesis(), &mut bytes, &mut frames, SyncPolicy::Block).unwrap();
    for entry in mixed_entries(3_000) {
        recorder.take(&entry).unwrap();
    }
    recorder.sync().unwrap();
    drop(recorder);
    let (log, tail) = (Shared::default(), Shared::default());
    *log.0.borrow_mut() = bytes;
    *tail.0.borrow_mut() = frames;
    let reader =
        Reader::open(Stream::new(log.clone(), 0), tail.0.borrow().clone(), ReadLimits::DEFAULT);
    let mut player = Player::new(reader.unwrap().growing()).unwrap();
    player.run().unwrap();
    assert_eq!(player.number(), 3_000);
    (log, tail, player)
}

#[track_caller]
fn damage(result: Result<(), LogError>) -> Damage {
    match result {
        Err(LogError::Damaged { what, .. }) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_log_that_shrinks_or_changes_is_damaged() {
    let (log, tail, mut player) = followed();
    let frames = tail.0.borrow().clone();
    let whole = log.0.borrow().clone();
    log.0.borrow_mut().truncate(whole.len() - 1);
    assert_eq!(damage(player.refresh(frames.clone())), Damage::Shrunk);
    log.0.borrow_mut().clone_from(&whole);
    let block = usize::try_from(player.reader().header().bytes).unwrap();
    log.0.borrow_mut()[block + 40] ^= 1;
    assert_eq!(damage(player.refresh(frames.clone())), Damage::Changed);
    log.0.borrow_mut().clone_from(&whole);
    player.refresh(frames).unwrap();
    assert!(player.advance().unwrap().is_none());
    assert_eq!(player.number(), 3_000);
}

#[test]
fn entries_that_were_shown_and_changed_are_damage() {
    let (_log, _tail, mut player) = followed();
    // Another open block behind the same sealed one.
    let (mut bytes, mut frames) = (Vec::new(), Vec::new());
    let mut recorder =
        Recorder::create(&genesis(), &mut bytes, &mut frames, SyncPolicy::Block).unwrap();
    let mut entries = mixed_entries(3_001);
    entries.remove(2_990);
    for entry in &entries {
        recorder.take(entry).unwrap();
    }
    recorder.sync().unwrap();
    drop(recorder);
    player.refresh(frames).unwrap();
    let error = player.advance().unwrap_err();
    let PlayError::Log(error) = error else { panic!("{error}") };
    assert_eq!(damage(Err(error)), Damage::Changed);
    assert_eq!(player.number(), 3_000);
}

#[test]
fn a_tail_that_cannot_be_read_is_waited_for() {
    let (_log, tail, mut player) = followed();
    let frames = tail.0.borrow().clone();
    let mut bad = frames.clone();
    let last = bad.len() - 1;
    bad[last] ^= 1;
    let foreign = replay::tail::encode_header(replay::Digest([9; 32])).to_vec();
    for bytes in [&bad[..], &frames[..frames.len() - 1], &frames[..20], &[], &foreign] {
        player.refresh(bytes.to_vec()).unwrap();
        assert!(player.advance().unwrap().is_none());
        assert_eq!(player.number(), 3_000, "what was applied stays");
        assert_eq!(player.reader().not_yet().is_some(), !bytes.is_empty());
        assert_eq!(player.is_at_end(), bytes.is_empty());
    }
    player.refresh(frames).unwrap();
    assert!(player.advance().unwrap().is_none() && player.is_at_end());
    assert!(player.reader().not_yet().is_none());
}

/// A writer that stops between a block and the emptying of its tail leaves a tail that is old: it is
/// no trouble, however often it is looked at.
#[test]
fn an_old_tail_is_no_trouble() {
    let (log, tail, mut player) = followed();
    let old = tail.0.borrow().clone();
    // The same writer, some entries on: the open block of before is sealed.
    let (mut bytes, mut frames) = (Vec::new(), Vec::new());
    let mut recorder =
        Recorder::create(&genesis(), &mut bytes, &mut frames, SyncPolicy::Block).unwrap();
    for entry in mixed_entries(9_000) {
        recorder.take(&entry).unwrap();
    }
    drop(recorder);
    let second = usize::try_from(player.reader().offset()).unwrap() + 65_536;
    // At first the tail is read before its first frame came, and the log after the block was sealed.
    for tail in [Vec::new(), old.clone(), old.clone()] {
        log.0.borrow_mut().clone_from(&bytes[..second].to_vec());
        player.refresh(tail).unwrap();
        while player.advance().unwrap().is_some() {}
        assert!(3_000 < player.number() && player.number() < 9_000);
        assert!(player.reader().not_yet().is_none(), "{:?}", player.reader().not_yet());
        assert!(player.is_at_end());
    }
    log.0.borrow_mut().clone_from(&bytes);
    for _ in 0..2 {
        player.refresh(old.clone()).unwrap();
        while player.advance().unwrap().is_some() {}
        assert!(player.reader().not_yet().is_none());
    }
    assert_eq!(player.reader().offset(), bytes.len() as u64);
}
