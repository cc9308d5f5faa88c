//! Bytes of entries, genesis, headers and frames: what is read is written the same way, and what is
//! written is read as the same.

use kernel::{Command, Engine};
use replay::block::BLOCK_HEADER_BYTES;
use replay::codec::{
    ENTRY_BYTES_MAX, decode_entry, decode_entry_into, decode_genesis, encode_command,
    encode_decision, encode_entry, encode_genesis,
};
use replay::tail::{self, Beginning, TAIL_HEADER_BYTES};
use replay::{BlockHeader, Entry, Genesis, header};

use crate::input::Input;
use crate::market;
use crate::patch::repair_checksum;
use crate::plan::{entry, repair_header};
use crate::reader::check_entries;

/// Reads one of the forms, or writes values.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(8) {
        0 => check_genesis(input.rest()),
        1 => check_header(input.rest()),
        2 => check_block_header(&mut input),
        3 => check_frame(input.rest()),
        4 => check_tail_header(&mut input),
        5 => check_values(&mut input),
        _ => {
            check_entries(input.rest());
            check_into(&bytes[1..]);
        }
    }
}

/// An entry is read into a place that held another one as into an empty one.
fn check_into(mut bytes: &[u8]) {
    let mut place = Entry::End;
    while let Ok(used) = decode_entry_into(bytes, &mut place) {
        assert_eq!(decode_entry(bytes), Ok((place.clone(), used)));
        let mut buffer = [0; ENTRY_BYTES_MAX];
        let len = encode(&place, &mut buffer);
        assert_eq!(buffer[..len], bytes[..used], "an entry has one form");
        bytes = &bytes[used..];
    }
}

/// As [`encode_entry`], by the ways of a recorder.
fn encode(entry: &Entry, bytes: &mut [u8]) -> usize {
    match entry {
        Entry::Command(command) => encode_command(command, bytes).unwrap(),
        Entry::Decision(decision) => encode_decision(&decision.view(), bytes).unwrap(),
        Entry::Mark(_) | Entry::Update(_) | Entry::End => encode_entry(entry, bytes).unwrap(),
    }
}

fn check_genesis(bytes: &[u8]) {
    let Ok(genesis) = decode_genesis(bytes) else { return };
    assert_eq!(encode_genesis(&genesis).as_deref(), Ok(bytes), "a genesis has one form");
    assert_eq!(genesis.market.check(), Ok(()));
}

/// Bytes of a log's header; length and digest are made to fit.
fn check_header(bytes: &[u8]) {
    let mut bytes = bytes.to_vec();
    repair_header(&mut bytes);
    let Ok(read) = header::read(&mut &bytes[..]) else { return };
    assert_eq!(header::encode(&read.genesis).unwrap(), bytes, "a header has one form");
    assert_eq!(read.bytes, bytes.len() as u64);
}

fn check_block_header(input: &mut Input<'_>) {
    let mut bytes = [0; BLOCK_HEADER_BYTES];
    let found = input.slice(BLOCK_HEADER_BYTES);
    bytes[..found.len()].copy_from_slice(found);
    if input.below(8) != 0 || input.is_empty() {
        repair_checksum(&mut bytes);
    }
    let Ok(header) = BlockHeader::decode(&bytes) else { return };
    assert_eq!(header.encode(), bytes, "a block header has one form");
    assert!(0 < header.count && header.count <= header.payload_bytes);
}

/// Bytes of a frame; its checksum is made to fit.
fn check_frame(bytes: &[u8]) {
    let mut bytes = bytes.to_vec();
    let Some(len) = bytes.first_chunk().map(|len| u32::from_le_bytes(*len)) else { return };
    let end = usize::try_from(len).unwrap_or(usize::MAX).saturating_add(20);
    if let Some(frame) = bytes.get_mut(..end) {
        let checksum = crc32c::crc32c_append(crc32c::crc32c(&frame[..4]), &frame[8..]);
        frame[4..8].copy_from_slice(&checksum.to_le_bytes());
    }
    let frame = tail::frame_at(&bytes, 0);
    let is_allowed = 0 < len && end <= bytes.len() && bytes[16..20] != [0; 4];
    assert_eq!(frame.is_some(), is_allowed, "every frame that fits is good");
    let Some(frame) = frame else { return };
    let mut again = Vec::new();
    tail::append_frame(frame.first, frame.count, frame.payload, &mut again);
    assert_eq!(again, bytes[..frame.bytes()], "a frame has one form");
}

fn check_tail_header(input: &mut Input<'_>) {
    let mut bytes = input.slice(TAIL_HEADER_BYTES).to_vec();
    if input.flag() || input.is_empty() {
        repair_checksum(&mut bytes);
    }
    match tail::beginning(&bytes) {
        Beginning::Continues(seal) => assert_eq!(tail::encode_header(seal)[..], bytes),
        Beginning::Empty => assert!(bytes.is_empty()),
        Beginning::Bad => assert!(!bytes.is_empty()),
    }
}

/// Values of every kind are read back, one behind the other.
fn check_values(input: &mut Input<'_>) {
    let market = market::genesis(input);
    let mut genesis = Genesis::new(market, "fuzz");
    for _ in 0..input.below(3) {
        let (key, value) = (input.u8(), input.u16());
        genesis.parameters.insert(key.to_string(), value.to_string());
    }
    let bytes = encode_genesis(&genesis).unwrap();
    assert_eq!(decode_genesis(&bytes).as_ref(), Ok(&genesis));
    let Ok(mut engine) = Engine::new(&genesis.market) else { panic!("a genesis: {genesis:?}") };
    let (mut events, mut buffer) = (Vec::new(), [0; ENTRY_BYTES_MAX]);
    for _ in 0..32 {
        if input.is_empty() {
            break;
        }
        let Some(entry) = entry(input, &engine, true) else { continue };
        if let Entry::Command(command @ (Command::Place(_) | Command::Clock { .. })) = &entry {
            events.clear();
            engine.apply(command, &mut events);
        }
        let len = encode_entry(&entry, &mut buffer).unwrap();
        assert_eq!(decode_entry(&buffer[..len]), Ok((entry.clone(), len)), "{entry:?}");
        let mut other = [0; ENTRY_BYTES_MAX];
        assert_eq!(encode(&entry, &mut other), len);
        assert_eq!(other[..len], buffer[..len], "two ways to write {entry:?}");
        assert!(decode_entry(&buffer[..len - 1]).is_err(), "no entry is the beginning of another");
    }
}
