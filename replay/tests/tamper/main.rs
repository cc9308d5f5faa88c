//! Whatever is done to a log or its media, a reader refuses it or gives a valid prefix.
#![expect(clippy::unwrap_used, reason = "a test")]

use replay::codec::decode_entry;
use replay::error::Damage;
use replay::{Digest, Entry, LogError, Player, ReadLimits, Reader, Recorder, SyncPolicy};

#[path = "../common/mod.rs"]
mod common;

mod cuts;
mod doctor;
mod flips;
mod forged_blocks;
mod forged_frames;
mod hostile;
mod media;
mod random;
mod zeros;

use tests::forge;

/// What a reader gives: every entry, and whether the log is ended.
fn read(log: &[u8], tail: &[u8]) -> Result<(Vec<Entry>, bool), LogError> {
    let mut reader = Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT)?;
    let mut entries = Vec::new();
    while let Some(block) = reader.next_block()? {
        let mut rest = block.payload();
        while !rest.is_empty() {
            let (entry, used) = decode_entry(rest).unwrap();
            entries.push(entry);
            rest = &rest[used..];
        }
    }
    Ok((entries, reader.is_ended()))
}

/// Whether a reader goes through all blocks, entries left undecoded.
fn verify(log: &[u8], tail: &[u8]) -> Result<(), LogError> {
    let mut reader = Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT)?;
    while reader.next_block()?.is_some() {}
    Ok(())
}

fn player<'a>(log: &'a [u8], tail: &[u8]) -> Player<&'a [u8]> {
    Player::new(Reader::open(log, tail.to_vec(), ReadLimits::DEFAULT).unwrap()).unwrap()
}

/// Why a log is refused as damaged.
#[track_caller]
fn damage(result: Result<(), LogError>) -> Damage {
    match result {
        Err(LogError::Damaged { what, .. }) => what,
        other => panic!("not damaged: {other:?}"),
    }
}

/// An open log: its bytes, its tail, and the head after every entry, from none on.
struct Open {
    log: Vec<u8>,
    tail: Vec<u8>,
    heads: Vec<Digest>,
}

/// Records entries, makes them durable behind each of the `syncs`, and stops.
fn record_open(entries: &[Entry], syncs: &[usize]) -> Open {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let policy = SyncPolicy::None;
    let mut recorder = Recorder::create(&common::genesis(), &mut log, &mut tail, policy).unwrap();
    let mut heads = vec![recorder.head()];
    for (number, entry) in (1..).zip(entries) {
        recorder.take(entry).unwrap();
        heads.push(recorder.head());
        if syncs.contains(&number) {
            recorder.sync().unwrap();
        }
    }
    drop(recorder);
    Open { log, tail, heads }
}
