//! Foreign bytes through reader and player: nothing panics, nothing that is accepted could have been
//! written another way.

use replay::block::BLOCK_BYTES;
use replay::codec::{ENTRY_BYTES_MAX, decode_entry, encode_entry};
use replay::{Entry, LogError, Player, Reader, Recorder, SyncPolicy, header};

use crate::input::Input;
use crate::plan::{LIMITS, Log, plan, repair_small};

/// Reads raw bytes, raw bytes made to fit, or the log of a plan.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let kind = input.below(4);
    check(&match kind {
        0 | 1 => raw(&mut input, kind == 1),
        _ => plan(&mut input).log,
    });
}

/// A log and a tail as they stand in the input, the length of the log ahead of both.
pub(crate) fn raw(input: &mut Input<'_>, is_repaired: bool) -> Log {
    let len = input.u16();
    let mut bytes = input.slice(len.into()).to_vec();
    if is_repaired {
        repair_small(&mut bytes);
    }
    Log { bytes, tail: input.rest().to_vec() }
}

fn check(log: &Log) {
    let Ok(reader) = Reader::open(&log.bytes[..], log.tail.clone(), LIMITS) else { return };
    let head = header::encode(&reader.header().genesis).unwrap();
    assert_eq!(log.bytes[..head.len()], head, "a header has one form");
    let read = read(reader);
    let reader = Reader::open(&log.bytes[..], log.tail.clone(), LIMITS).unwrap();
    let genesis = reader.header().genesis.clone();
    let Ok(player) = Player::new(reader) else { return };
    let mut player = player.collecting();
    let (mut number, mut entries) = (0, Vec::new());
    while let Ok(Some(moment)) = player.advance() {
        number += 1;
        assert_eq!(moment.number, number, "entries follow one another");
        entries.push(moment.entry.clone());
    }
    if !player.is_at_end() {
        return;
    }
    assert!(read.is_ok_and(|read| read == number), "a player reads what a reader reads");
    // Of a log of full blocks that is told by every fourth input: it costs as much as all the rest.
    if player.divergences().is_empty()
        && (log.bytes.len() < BLOCK_BYTES || log.tail.len().is_multiple_of(4))
    {
        // The same genesis and entries have one byte string. Whether the last block was closed where
        // it had to be, only an entry behind it could tell.
        let again = record(&genesis, &entries);
        let is_told = player.reader().is_ended() || player.reader().open_block().is_some();
        assert!(log.bytes.starts_with(&again), "a log has one form");
        assert!(!is_told || again == log.bytes, "a log has one form");
    }
}

/// Reads all blocks and returns how many entries they have.
fn read(mut reader: Reader<&[u8]>) -> Result<u64, LogError> {
    let mut entries = 0;
    while let Some(block) = reader.next_block()? {
        assert_eq!(block.first, entries + 1, "blocks follow one another");
        entries += u64::from(block.count);
        check_entries(block.payload());
    }
    Ok(entries)
}

fn record(genesis: &replay::Genesis, entries: &[Entry]) -> Vec<u8> {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    let (end, others) = match entries.split_last() {
        Some((Entry::End, others)) => (true, others),
        Some(_) | None => (false, entries),
    };
    for entry in others {
        recorder.take(entry).unwrap();
    }
    if end {
        recorder.finish().unwrap();
    }
    log
}

/// What can be read of these bytes is written the same way.
pub(crate) fn check_entries(mut bytes: &[u8]) {
    let mut buffer = [0; ENTRY_BYTES_MAX];
    while let Ok((entry, used)) = decode_entry(bytes) {
        let len = encode_entry(&entry, &mut buffer).unwrap();
        assert_eq!(buffer[..len], bytes[..used], "an entry has one form");
        bytes = &bytes[used..];
    }
}
