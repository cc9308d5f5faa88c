//! Blocks that a forger made: some break the chain, some only the rules.

use kernel::{ClientId, Command, OrderId, Step, TimeNs};
use replay::block::{BLOCK_BYTES, Chain, FLAG_STATE, PAYLOAD_BYTES_MAX};
use replay::chain::{Role, digest};
use replay::codec::{CodecError, decode_entry};
use replay::error::{Damage, Difference, Diverged};
use replay::{BlockHeader, Digest, Entry, LogError, PlayError, header};

use super::common::{mixed_entries, record};
use super::forge::{Draft, append_block, assemble, block_header, blocks, patch, take_apart};
use super::{damage, player, verify};

fn three_blocks() -> Vec<u8> {
    let (log, _) = record(&mixed_entries(6_000));
    assert_eq!(blocks(&log).len(), 3);
    log
}

/// What a replay stops at.
#[track_caller]
fn play(log: &[u8]) -> PlayError {
    player(log, &[]).run().unwrap_err()
}

#[track_caller]
fn diverged(log: &[u8]) -> Diverged {
    verify(log, &[]).unwrap();
    let error = play(log);
    let PlayError::Diverged(diverged) = error else { panic!("not diverged: {error}") };
    *diverged
}

fn mass_cancel(client: u32) -> Entry {
    Entry::Command(Command::MassCancel { client: ClientId(client) })
}

#[test]
fn a_log_taken_apart_and_assembled_is_the_same() {
    let log = three_blocks();
    let (header, drafts) = take_apart(&log);
    assert!(assemble(&header, &drafts) == log);
}

#[test]
fn a_header_field_with_a_repaired_checksum_is_refused() {
    let log = three_blocks();
    let at = blocks(&log)[1];
    let stored = block_header(&log, at);
    let (max, longer) = (u32::MAX.to_le_bytes(), (stored.payload_bytes + 1).to_le_bytes());
    let beyond = u32::try_from(PAYLOAD_BYTES_MAX + 1).unwrap().to_le_bytes();
    for (field, bytes, expected) in [
        (0, &b"RBLQ"[..], Damage::Field),
        (4, &[4, 0, 0, 0], Damage::Field),
        (7, &[0x80], Damage::Field),
        (8, &3_u64.to_le_bytes(), Damage::Sequence),
        (8, &u64::MAX.to_le_bytes(), Damage::Sequence),
        (16, &(stored.first + 1).to_le_bytes(), Damage::Sequence),
        (16, &u64::MAX.to_le_bytes(), Damage::Field),
        (24, &[0; 4], Damage::Field),
        (24, &max, Damage::Field),
        (24, &(stored.count + 1).to_le_bytes(), Damage::Head),
        (28, &[0; 4], Damage::Field),
        (28, &max, Damage::Field),
        (28, &beyond, Damage::Field),
        // The head has a zero there in any case.
        (28, &longer, Damage::Seal),
        (32, &u64::MAX.to_le_bytes(), Damage::Seal),
        (40, &u64::MAX.to_le_bytes(), Damage::Seal),
        (48, &[7], Damage::Head),
        (80, &[7], Damage::Seal),
        (112, &[7], Damage::Field),
        (144, &[7], Damage::Root),
        (176, &[7], Damage::Seal),
    ] {
        let forged = patch(&log, at, field, bytes);
        assert_eq!(damage(verify(&forged, &[])), expected, "{bytes:?} at {field}");
    }
    // As a final block its padding would be bytes after the end; the seal is checked before that.
    assert_eq!(damage(verify(&patch(&log, at, 4, &[1]), &[])), Damage::Seal);
}

/// Every field of a block header is part of its seal.
#[test]
fn a_seal_takes_in_every_field() {
    let log = three_blocks();
    let at = blocks(&log)[1];
    for field in [4, 8, 16, 24, 28, 32, 40, 48, 80, 112, 144] {
        let mut bytes = log[at..at + 208].to_vec();
        bytes[field] ^= 1;
        let previous = block_header(&log, blocks(&log)[0]).seal;
        let parts = [&previous.0[..], &bytes[48..144], &bytes[4..48], &bytes[144..176]];
        assert_ne!(digest(Role::Seal, &parts), block_header(&log, at).seal, "field at {field}");
        bytes[field] ^= 1;
        let parts = [&previous.0[..], &bytes[48..144], &bytes[4..48], &bytes[144..176]];
        assert_eq!(digest(Role::Seal, &parts), block_header(&log, at).seal);
    }
}

/// A single-block log whose header was changed and sealed anew, as FORMAT.md §6.3 has it.
fn resealed(change: impl Fn(&mut BlockHeader)) -> Vec<u8> {
    let (log, _) = record(&mixed_entries(10));
    let (file_header, drafts) = take_apart(&log);
    let mut header = block_header(&log, file_header.len());
    change(&mut header);
    let fields = header.encode();
    let previous = header::read(&mut &log[..]).unwrap().seal;
    let parts = [&previous.0[..], &fields[48..144], &fields[4..48], &fields[144..176]];
    header.seal = digest(Role::Seal, &parts);
    let mut forged = file_header;
    append_block(&header, &drafts[0].payload, &mut forged);
    forged
}

#[test]
fn a_forged_head_root_or_place_is_refused_under_a_good_seal() {
    verify(&resealed(|_| {}), &[]).unwrap();
    let check = |change: fn(&mut BlockHeader), expected| {
        assert_eq!(damage(verify(&resealed(change), &[])), expected);
    };
    check(|header| header.head = Digest([1; 32]), Damage::Head);
    check(|header| header.root = Digest([1; 32]), Damage::Root);
    check(|header| header.number = 2, Damage::Sequence);
    check(|header| header.first = 2, Damage::Sequence);
    check(|header| header.flags &= !FLAG_STATE, Damage::Field);
    // A head that leaves out the count.
    let forged = resealed(|header| {
        header.head = digest(Role::Head, &[&Digest::ZERO.0, &header.first.to_le_bytes()]);
    });
    assert_eq!(damage(verify(&forged, &[])), Damage::Head);
}

#[test]
fn blocks_in_another_order_are_refused() {
    let log = three_blocks();
    let at = blocks(&log);
    let (first, second) = (&log[at[0]..at[1]], &log[at[1]..at[2]]);
    let (header, last) = (&log[..at[0]], &log[at[2]..]);
    for (name, parts) in [
        ("swapped", [header, second, first, last].concat()),
        ("doubled", [header, first, first, second, last].concat()),
        ("left out", [header, second, last].concat()),
        ("without its middle", [header, first, last].concat()),
    ] {
        assert_eq!(damage(verify(&parts, &[])), Damage::Sequence, "{name}");
    }
}

#[test]
fn a_block_of_another_log_is_refused() {
    let (log, mut other) = (three_blocks(), mixed_entries(6_000));
    // Of the same length, or the first border might move.
    let is_cancel = |entry: &Entry| matches!(entry, Entry::Command(Command::Cancel { .. }));
    let first = other.iter().position(is_cancel).unwrap();
    other[first] = Entry::Command(Command::Cancel { client: ClientId(77), order: OrderId(1) });
    let (other, _) = record(&other);
    let at = blocks(&log);
    assert_eq!(blocks(&other)[..2], at[..2]);
    let spliced = [&log[..at[1]], &other[at[1]..]].concat();
    assert_eq!(damage(verify(&spliced, &[])), Damage::Head);
}

#[test]
fn nothing_follows_the_final_block() {
    let log = three_blocks();
    let at = blocks(&log);
    let zeros = vec![0; BLOCK_BYTES];
    for extra in [&[0][..], &zeros, &log[at[1]..at[2]], &log[at[2]..]] {
        let longer = [&log[..], extra].concat();
        assert_eq!(damage(verify(&longer, &[])), Damage::AfterEnd, "{} bytes", extra.len());
    }
    let (header, mut drafts) = take_apart(&log);
    drafts.push(Draft::of(&[mass_cancel(1), Entry::End]));
    let forged = assemble(&header, &drafts);
    assert_eq!(damage(verify(&forged, &[])), Damage::AfterEnd, "a final block in the middle");
}

#[test]
fn borders_follow_from_the_entries() {
    let log = three_blocks();
    let (header, mut drafts) = take_apart(&log);
    // One entry less in the first block, one more in the last.
    let mut rest = &drafts[0].payload[..];
    let mut last = rest;
    while !rest.is_empty() {
        last = rest;
        rest = &rest[decode_entry(rest).unwrap().1..];
    }
    let (moved, kept) = (last.to_vec(), drafts[0].payload.len() - last.len());
    drafts[0].payload.truncate(kept);
    drafts[0].closing.count -= 1;
    drafts.remove(1);
    drafts[1].payload.splice(..0, moved);
    drafts[1].closing.count += 1;
    assert_eq!(damage(verify(&assemble(&header, &drafts), &[])), Damage::Border);
}

#[test]
fn a_block_border_has_no_room_to_spare() {
    // 13,064 mass cancels of 5 bytes leave 4 bytes: the next one does not fit, End would.
    let full = vec![mass_cancel(1); 13_064];
    let (header, _) = take_apart(&record(&[]).0);
    let full = Draft::of(&full);
    assert_eq!(full.payload.len(), PAYLOAD_BYTES_MAX - 4);
    let good = assemble(&header, &[full.clone(), Draft::of(&[mass_cancel(1)])]);
    verify(&good, &[]).unwrap();
    let early = assemble(&header, &[full.clone(), Draft::of(&[Entry::End])]);
    assert_eq!(damage(verify(&early, &[])), Damage::Border);
    let mut garbage = Draft::of(&[mass_cancel(1)]);
    garbage.payload[0] = 0;
    let what = damage(verify(&assemble(&header, &[full, garbage]), &[]));
    assert_eq!(what, Damage::Entry(CodecError::Malformed("unknown tag of an entry")));
}

#[test]
fn forged_entries_under_good_digests_are_refused() {
    let (header, _) = take_apart(&record(&[]).0);
    let with = |change: &dyn Fn(&mut Draft), entries: &[Entry]| {
        let mut draft = Draft::of(entries);
        change(&mut draft);
        let log = assemble(&header, &[draft]);
        verify(&log, &[]).unwrap();
        let error = play(&log);
        let PlayError::Log(LogError::Damaged { what, place }) = error else {
            panic!("not damaged: {error}")
        };
        assert_eq!(place.block, 1);
        what
    };
    let (one, end) = (mass_cancel(1), Entry::End);
    let both = [one.clone(), end.clone()];
    let none = |_: &mut Draft| {};
    let tag = Damage::Entry(CodecError::Malformed("unknown tag of an entry"));
    let cases = [
        with(&none, &[end.clone(), one.clone(), end.clone()]),
        with(&none, &[end.clone(), end.clone()]),
        with(&|draft| draft.closing.is_final = false, &both),
        with(&|draft| draft.closing.is_final = true, std::slice::from_ref(&one)),
    ];
    assert_eq!(cases, [Damage::End; 4]);
    let cases = [
        with(&|draft| draft.closing.count += 1, std::slice::from_ref(&one)),
        with(&|draft| draft.closing.count -= 1, &[one.clone(), one.clone()]),
    ];
    assert_eq!(cases, [Damage::Count; 2]);
    assert_eq!(with(&|draft| draft.payload[0] = 200, std::slice::from_ref(&one)), tag);
    let cut = |draft: &mut Draft| draft.payload.truncate(7);
    assert_eq!(with(&cut, &[one.clone(), one]), Damage::Entry(CodecError::CutShort));
}

#[test]
fn a_forged_outcome_diverges_in_its_block() {
    let (header, mut drafts) = take_apart(&three_blocks());
    drafts[1].closing.outcome = Digest([3; 32]);
    let log = assemble(&header, &drafts);
    let found = diverged(&log);
    assert_eq!(found.block, 2);
    assert_eq!(found.equal_head, block_header(&log, blocks(&log)[0]).head);
    assert!(matches!(found.what, Difference::Outcome { recorded: Digest([3, ..]), .. }));
    // Going on from what was recorded, the block behind differs too: its outcome was chained to
    // the true one.
    let mut player = player(&log, &[]).collecting();
    player.run().unwrap();
    let blocks: Vec<u64> = player.divergences().iter().map(|found| found.block).collect();
    assert_eq!(blocks, [2, 3]);
}

#[test]
fn a_forged_state_or_clock_diverges_in_its_block() {
    let (header, drafts) = take_apart(&three_blocks());
    let with = |block: usize, change: &dyn Fn(&mut Draft)| {
        let mut drafts = drafts.clone();
        change(&mut drafts[block]);
        let found = diverged(&assemble(&header, &drafts));
        (found.block, found.what)
    };
    let zero = Digest::ZERO;
    let (block, what) = with(2, &|draft| draft.closing.state = Some(Digest::ZERO));
    assert!(matches!(what, Difference::State { recorded, .. } if recorded == zero));
    assert_eq!(block, 3);
    let (block, what) = with(2, &|draft| draft.closing.state = None);
    assert_eq!((block, what), (3, Difference::StateDue { recorded: false }));
    let (block, what) = with(0, &|draft| draft.closing.state = Some(Digest::ZERO));
    assert_eq!((block, what), (1, Difference::StateDue { recorded: true }));
    let (block, what) = with(1, &|draft| draft.closing.time = TimeNs(u64::MAX));
    assert_eq!((block, what), (2, Difference::Clock));
    let (block, what) = with(1, &|draft| draft.closing.step = Step(0));
    assert_eq!((block, what), (2, Difference::Clock));
}

#[test]
fn a_forged_entry_diverges_where_it_changes_what_happens() {
    let (header, mut drafts) = take_apart(&three_blocks());
    // The first order asks for another quantity; its length and the borders stay.
    let payload = &mut drafts[0].payload;
    let mut at = 0;
    loop {
        let (entry, len) = decode_entry(&payload[at..]).unwrap();
        if matches!(entry, Entry::Command(Command::Place(_))) {
            break;
        }
        at += len;
    }
    payload[at + 14] = if payload[at + 14] == 9 { 8 } else { 9 };
    assert_eq!(diverged(&assemble(&header, &drafts)).block, 1);
}

#[test]
fn a_chain_of_many_blocks_keeps_its_numbers() {
    let (header, _) = take_apart(&record(&[]).0);
    let drafts = vec![Draft::of(&vec![mass_cancel(1); 13_064]); 9];
    let log = assemble(&header, &drafts);
    verify(&log, &[]).unwrap();
    let last = block_header(&log, blocks(&log)[8]);
    assert_eq!((last.number, last.last()), (9, 9 * 13_064));
    let chain = Chain::new(header::read(&mut &header[..]).unwrap().seal);
    assert_eq!((chain.blocks, chain.entries), (0, 0));
}
