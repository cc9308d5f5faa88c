//! Makes logs whose digests are right and whose content is not: what a foreign writer could do.

#![expect(clippy::unwrap_used, reason = "for tests, of logs that were just made")]

use kernel::{Step, TimeNs};
use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES, Chain, Closing, PAYLOAD_BYTES_MAX};
use replay::codec::{ENTRY_BYTES_MAX, encode_entry};
use replay::slot::Slot;
use replay::{BlockHeader, Digest, Entry, header};

/// A block as a forger wants it; number, first entry, head, root and seal follow.
#[derive(Clone, Debug)]
pub struct Draft {
    /// All that a block adds to the chain but its entries.
    pub closing: Closing,
    /// Its entries.
    pub payload: Vec<u8>,
}

impl Draft {
    /// A draft of these entries, at time and step 0, with no outcome.
    pub fn of(entries: &[Entry]) -> Self {
        let payload: Vec<u8> = entries.iter().flat_map(bytes_of).collect();
        let is_final = entries.last() == Some(&Entry::End);
        let closing = Closing {
            is_final,
            count: u32::try_from(entries.len()).unwrap(),
            time: TimeNs(0),
            step: Step(0),
            outcome: Digest::ZERO,
            state: is_final.then_some(Digest::ZERO),
        };
        Self { closing, payload }
    }
}

/// An entry's bytes.
pub fn bytes_of(entry: &Entry) -> Vec<u8> {
    let mut bytes = [0; ENTRY_BYTES_MAX];
    let len = encode_entry(entry, &mut bytes).unwrap();
    bytes[..len].to_vec()
}

/// Length of a log's header.
pub fn header_bytes(log: &[u8]) -> usize {
    usize::try_from(header::read(&mut &log[..]).unwrap().bytes).unwrap()
}

/// Offsets of a log's blocks.
pub fn blocks(log: &[u8]) -> Vec<usize> {
    (header_bytes(log)..log.len()).step_by(BLOCK_BYTES).collect()
}

/// The header of the block at an offset.
pub fn block_header(log: &[u8], at: usize) -> BlockHeader {
    let bytes = log[at..at + BLOCK_HEADER_BYTES].try_into().unwrap();
    BlockHeader::decode(bytes).unwrap()
}

/// A log taken apart: its header, its blocks.
pub fn take_apart(log: &[u8]) -> (Vec<u8>, Vec<Draft>) {
    let draft = |at: usize| {
        let header = block_header(log, at);
        let start = at + BLOCK_HEADER_BYTES;
        let payload = log[start..start + header.payload_bytes as usize].to_vec();
        let closing = Closing {
            is_final: header.is_final(),
            count: header.count,
            time: header.time,
            step: header.step,
            outcome: header.outcome,
            state: header.has_state().then_some(header.state),
        };
        Draft { closing, payload }
    };
    (log[..header_bytes(log)].to_vec(), blocks(log).into_iter().map(draft).collect())
}

/// A log of these blocks, every digest and checksum computed anew.
pub fn assemble(header: &[u8], drafts: &[Draft]) -> Vec<u8> {
    assemble_chain(header, drafts).0
}

/// The same, and the chain behind its last block. The header may be anything: its last bytes are the
/// seal from which the first block follows.
pub fn assemble_chain(header: &[u8], drafts: &[Draft]) -> (Vec<u8>, Chain) {
    let mut log = header.to_vec();
    let mut chain = Chain::new(header.last_chunk().map_or(Digest::ZERO, |seal| Digest(*seal)));
    for Draft { closing, payload } in drafts {
        let header = chain.close(closing, &mut Slot::from(&payload[..]));
        append_block(&header, payload, &mut log);
        chain.advance(&header);
    }
    (log, chain)
}

/// Appends a block as a writer does.
pub fn append_block(header: &BlockHeader, payload: &[u8], log: &mut Vec<u8>) {
    log.extend_from_slice(&header.encode());
    log.extend_from_slice(payload);
    if !header.is_final() {
        log.resize(log.len() + PAYLOAD_BYTES_MAX.saturating_sub(payload.len()), 0);
    }
}

/// Overwrites bytes of the block header at an offset and repairs its checksum.
pub fn patch(log: &[u8], block: usize, at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut log = log.to_vec();
    log[block + at..block + at + bytes.len()].copy_from_slice(bytes);
    let checksum = crc32c::crc32c(&log[block..block + 208]);
    log[block + 208..block + 212].copy_from_slice(&checksum.to_le_bytes());
    log
}
