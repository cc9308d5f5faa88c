//! What is proven, what cannot be, and how long a proof is.

use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES, PAYLOAD_BYTES_MAX};
use replay::error::Damage;
use replay::proof::{PROOF_BYTES_MAX, PROOF_FIELDS_BYTES};
use replay::{
    Archive, Digest, LogError, OtherSeal, Proof, ProveError, ReadLimits, Recorder, SyncPolicy,
    header, prove,
};

use crate::Log;
use crate::common::{genesis, mixed_entries, record};

#[test]
fn every_border_is_proven_against_every_later_seal() {
    let log = Log::of(26_000);
    let blocks = log.archive.blocks();
    assert!(8 < blocks, "{blocks} blocks");
    for sealer in 1..=blocks {
        for holder in 1..=sealer {
            let (first, last) = log.borders(holder);
            for entry in [first, u64::midpoint(first, last), last] {
                let proof = Proof::decode(&log.prove(entry, sealer).encode()).unwrap();
                let proven = proof.check(log.seal(sealer)).unwrap();
                assert_eq!((proven.entry, proven.block), (entry, holder));
                assert_eq!(proven.entries, (first, last));
                assert_eq!(proven.what, log.entry(entry));
                assert_eq!(*proven.sealing, log.archive.block_header(sealer).unwrap());
            }
        }
    }
}

#[test]
fn every_entry_is_proven() {
    let log = Log::of(300);
    for entry in 1..=301 {
        let proof = Proof::decode(&log.prove(entry, 1).encode()).unwrap();
        assert_eq!(proof.check(log.seal(1)).unwrap().what, log.entry(entry));
    }
}

/// 32 bytes for each doubling of the number of blocks, and eight times as much; a block's payload;
/// a block header. Of the fixed part nothing is left over, so a field more would be seen here.
#[test]
fn a_proof_is_no_longer_than_announced() {
    let log = Log::of(26_000);
    let blocks = log.archive.blocks();
    for holder in 1..=blocks {
        let header = log.archive.block_header(holder).unwrap();
        let proof = log.prove(header.first, blocks);
        let len = proof.encode().len();
        let doublings = blocks.next_power_of_two().ilog2() as usize;
        assert!(len <= 250 + header.payload_bytes as usize + 32 * doublings);
        assert!(len <= 32 * (doublings + 8) + PAYLOAD_BYTES_MAX + BLOCK_HEADER_BYTES);
        assert!(len <= PROOF_BYTES_MAX);
        let exact = PROOF_FIELDS_BYTES + header.payload_bytes as usize + 32 * proof.path_len() + 4;
        assert_eq!(len, exact);
    }
}

/// A header that nobody looks at twice: the work is one pass, whatever the entry.
#[test]
fn making_one_looks_at_each_header_once() {
    let log = Log::of(26_000);
    let blocks = log.archive.blocks();
    for entry in [1, 13_000, 26_000] {
        let mut looks = 0;
        prove(&log.archive, entry, None, &mut |seen| looks = seen).unwrap();
        let is_last = log.archive.find(entry).unwrap() == Some(blocks);
        // All heads before the sealing block's, but that of the entry's own block.
        assert_eq!(looks, if is_last { 0 } else { blocks - 2 });
    }
}

#[test]
fn what_is_not_sealed_is_not_proven() {
    let (mut bytes, mut tail) = (Vec::new(), Vec::new());
    let mut recorder =
        Recorder::create(&genesis(), &mut bytes, &mut tail, SyncPolicy::None).unwrap();
    for entry in mixed_entries(6_000) {
        recorder.take(&entry).unwrap();
    }
    recorder.sync().unwrap();
    drop(recorder);
    let log = Archive::open(&bytes[..], tail, ReadLimits::DEFAULT).unwrap();
    let sealed = log.open_block().unwrap().first - 1;
    let prove = |entry, against| prove(&log, entry, against, &mut |_| ());
    assert!(prove(sealed, None).is_ok());
    assert!(matches!(prove(0, None), Err(ProveError::NoEntry { entry: 0, entries: 6_000 })));
    assert!(matches!(prove(6_001, None), Err(ProveError::NoEntry { .. })));
    let open = prove(sealed + 1, None);
    assert!(matches!(open, Err(ProveError::Open { sealed: last, .. }) if last == sealed));
    let blocks = log.blocks();
    for block in [0, blocks + 1, u64::MAX] {
        assert!(matches!(prove(1, Some(block)), Err(ProveError::NoBlock { .. })), "{block}");
    }
    assert!(matches!(prove(sealed, Some(1)), Err(ProveError::Later { block: 1, .. })));
}

#[test]
fn a_proof_is_against_one_seal() {
    let log = Log::of(6_000);
    let proof = log.prove(1, 2);
    for (block, expected) in [(1, log.seal(1)), (3, log.seal(3)), (0, Digest([7; 32]))] {
        let other = OtherSeal { found: log.seal(2), expected, block: 2 };
        assert_eq!(proof.check(expected), Err(other), "{block}");
    }
}

/// A log of several blocks, one byte of a block's header changed behind a repaired checksum.
fn forged(block: usize, at: usize) -> Archive<std::rc::Rc<Vec<u8>>> {
    let (mut bytes, _) = record(&mixed_entries(26_000));
    let start = header::read(&mut &bytes[..]).unwrap().bytes;
    let start = usize::try_from(start).unwrap() + (block - 1) * BLOCK_BYTES;
    let header = &mut bytes[start..start + BLOCK_HEADER_BYTES];
    header[at] ^= 1;
    let checksum = crc32c::crc32c(&header[..208]);
    header[208..].copy_from_slice(&checksum.to_le_bytes());
    Archive::open(std::rc::Rc::new(bytes), Vec::new(), ReadLimits::DEFAULT).unwrap()
}

/// The maker believes no header: what does not come to the seal is damage.
#[test]
fn a_forged_log_makes_no_proof() {
    let what = |log: &Archive<_>, entry, against| match prove(log, entry, against, &mut |_| ()) {
        Err(ProveError::Log(LogError::Damaged { what, place })) => (what, place.block),
        other => panic!("{other:?}"),
    };
    // A head beside the way; of the sealing block its root, its time and the seal before it; the
    // head before the block of the entry.
    let (head, time, root, seal) = (48, 32, 144, 176);
    assert_eq!(what(&forged(3, head), 1, Some(5)), (Damage::Root, 5));
    assert_eq!(what(&forged(5, root), 1, Some(5)), (Damage::Root, 5));
    assert_eq!(what(&forged(5, time), 1, Some(5)), (Damage::Seal, 5));
    assert_eq!(what(&forged(4, seal), 1, Some(5)), (Damage::Seal, 5));
    let log = forged(2, head);
    let first = log.block_header(3).unwrap().first;
    assert_eq!(what(&log, first, Some(5)), (Damage::Head, 3));
}
