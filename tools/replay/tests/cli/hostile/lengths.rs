//! Lengths that lie, under checksums and digests that do not: headers, blocks, tails, compacted
//! logs, proofs. What is announced is compared with what is there before anything is reserved.

use cli::Exit;
use kernel::Command;
use replay::block::{BLOCK_HEADER_BYTES, PAYLOAD_BYTES_MAX};
use replay::chain::{Role, digest};
use replay::packed::{FOOTER_BYTES, LEVEL, pack};
use replay::tail::{append_frame, encode_header};
use replay::{Genesis, ReadLimits, Reader, header};

use super::{bounded, readers, recorded};
use crate::lab::Lab;
use crate::logs;

/// Values for a length of so many bytes: all ones, the sign alone, one more than 64 KiB.
fn lies(bytes: usize) -> Vec<Vec<u8>> {
    let values = [u64::MAX, 1 << (8 * bytes - 1), (1 << 16) + 1, 0];
    values.map(|value| value.to_le_bytes()[..bytes].to_vec()).into()
}

/// Writes each lie in turn to a place of a file, has it repaired, and runs commands: each ends.
#[track_caller]
fn lie(
    lab: &Lab,
    name: &str,
    (at, bytes): (usize, usize),
    repair: impl Fn(&mut [u8]),
    lines: &[&str],
) {
    let honest = lab.read(name);
    for lie in lies(bytes) {
        let mut lying = honest.clone();
        lying[at..at + bytes].copy_from_slice(&lie);
        repair(&mut lying);
        if lying == honest {
            continue;
        }
        lab.write(name, &lying);
        for line in lines {
            let ran = bounded(lab, line);
            let exit = i32::from(Exit::Damaged.code());
            assert_eq!(ran.exit, exit, "{line}: {lie:?} at {at}\n{}{}", ran.stdout, ran.stderr);
        }
    }
    lab.write(name, honest);
}

fn crc(bytes: &mut [u8], checked: std::ops::Range<usize>, at: usize) {
    let checksum = crc32c::crc32c(&bytes[checked]);
    bytes[at..at + 4].copy_from_slice(&checksum.to_le_bytes());
}

#[test]
fn lengths_of_header_and_block_are_not_believed() {
    let lab = Lab::new();
    logs::day(&lab);
    let log = lab.read("day.log");
    let block =
        usize::try_from(header::read(&mut &log[..]).expect("a header").bytes).expect("small");
    let commands = ["run day.log", "doctor day.log", "state day.log", "recover day.log -o new.log"];
    lie(&lab, "day.log", (12, 4), |_| (), &commands);
    // Counts of the exempt and the endowed, and the length of the producer's name.
    let redigest = |log: &mut [u8]| {
        let seal = digest(Role::Header, &[&log[..block - 32]]);
        log[block - 32..block].copy_from_slice(&seal.0);
    };
    for (at, bytes) in [(16 + 58, 4), (16 + 66, 4), (16 + 66 + 4 + 56 + 8, 2)] {
        lie(&lab, "day.log", (at, bytes), redigest, &commands);
    }
    for (at, bytes) in [(4, 4), (8, 8), (16, 8), (24, 4), (28, 4)] {
        let repair = |log: &mut [u8]| crc(log, block..block + 208, block + BLOCK_HEADER_BYTES - 4);
        lie(&lab, "day.log", (block + at, bytes), repair, &commands);
    }
}

#[test]
fn lengths_of_a_tail_are_not_believed() {
    let lab = Lab::new();
    logs::interrupted(&lab.path("open.log"), 25);
    let tail = lab.read("open.log.tail");
    let len = u32::from_le_bytes(tail[44..48].try_into().expect("four bytes")) as usize;
    let repair = |tail: &mut [u8]| {
        let parts = [&tail[44..48], &tail[52..64 + len]].concat();
        tail[48..52].copy_from_slice(&crc32c::crc32c(&parts).to_le_bytes());
    };
    for field in [(44, 4), (52, 8), (60, 4)] {
        lie(
            &lab,
            "open.log.tail",
            field,
            repair,
            &["run open.log", "cat open.log", "doctor open.log"],
        );
    }
}

/// As many frames of as little as a tail can hold, and one more.
#[test]
fn a_tail_of_the_most_frames_is_read() {
    let lab = Lab::new();
    let genesis = Genesis::new(kernel::Genesis::open(), "test");
    let log = header::encode(&genesis).expect("a header");
    let mut tail = encode_header(header::read(&mut &log[..]).expect("a header").seal).to_vec();
    let uncross = {
        let one = recorded(&genesis, &[Command::Uncross]);
        one[log.len() + BLOCK_HEADER_BYTES]
    };
    for number in 1..=PAYLOAD_BYTES_MAX as u64 {
        append_frame(number, 1, &[uncross], &mut tail);
    }
    lab.write("frames.log", log);
    lab.write("frames.log.tail", &tail);
    logs::day(&lab);
    bounded(&lab, "run frames.log").expect(Exit::Ok);
    for line in readers("frames.log") {
        bounded(&lab, &line);
    }
    append_frame(PAYLOAD_BYTES_MAX as u64 + 1, 1, &[uncross], &mut tail);
    lab.write("frames.log.tail", &tail);
    let told = bounded(&lab, "run frames.log").expect(Exit::Damaged).stderr;
    assert!(told.contains("over the limit: bytes of tail"), "{told}");
}

fn packed(lab: &Lab) -> Vec<u8> {
    logs::day(lab);
    let log = lab.read("day.log");
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).expect("a log");
    let mut packed = Vec::new();
    pack(reader, &mut packed, LEVEL).expect("a compacted log");
    packed
}

#[test]
fn lengths_of_a_compacted_log_are_not_believed() {
    let lab = Lab::new();
    let bytes = packed(&lab);
    let header = u32::from_le_bytes(bytes[10..14].try_into().expect("four bytes")) as usize;
    let (frame, footer) = (14 + header + 4, bytes.len() - FOOTER_BYTES);
    lab.write("small.log", &bytes);
    let commands = ["run small.log", "info small.log", "compact small.log --expand -o new.log"];
    lie(&lab, "small.log", (10, 4), |_| (), &commands);
    lie(&lab, "small.log", (frame, 4), |_| (), &commands);
    // The offset of the only frame, and what the footer says.
    for (at, len) in [(footer - 8, 8), (footer, 8), (footer + 8, 8), (footer + 16, 8)] {
        let repair = |bytes: &mut [u8]| crc(bytes, footer - 8..footer + 24, footer + 24);
        lie(&lab, "small.log", (at, len), repair, &commands);
    }
}

/// A zstd frame that says how much it holds, and blocks of one repeated byte.
fn bomb(says: u32, blocks: u32) -> Vec<u8> {
    // Content size of four bytes, one segment.
    let mut zstd = vec![0x28, 0xb5, 0x2f, 0xfd, 0xa0];
    zstd.extend_from_slice(&says.to_le_bytes());
    for block in 1..=blocks {
        let is_last = u32::from(block == blocks);
        let header = is_last | 1 << 1 | (128 * 1024) << 3;
        zstd.extend_from_slice(&header.to_le_bytes()[..3]);
        zstd.push(0);
    }
    zstd
}

#[test]
fn bombs_in_compacted_blocks_are_refused() {
    let lab = Lab::new();
    let bytes = packed(&lab);
    let header = u32::from_le_bytes(bytes[10..14].try_into().expect("four bytes")) as usize;
    let frame = 14 + header + 4;
    // One yields 2 GiB and says little; one says what it yields; one says much and yields little.
    for zstd in [bomb(1_000, 16_000), bomb(2_097_152_000, 16_000), bomb(u32::MAX, 1)] {
        let mut bomb = bytes[..frame].to_vec();
        let len = u32::try_from(zstd.len()).expect("short").to_le_bytes();
        bomb.extend_from_slice(&len);
        bomb.extend_from_slice(&crc32c::crc32c(&[&len, &zstd[..]].concat()).to_le_bytes());
        bomb.extend_from_slice(&zstd);
        let mut ending = (frame as u64).to_le_bytes().to_vec();
        ending.extend_from_slice(&1_u64.to_le_bytes());
        ending.extend_from_slice(&(header as u64 + 60_000).to_le_bytes());
        ending.extend_from_slice(&(bomb.len() as u64).to_le_bytes());
        let checksum = crc32c::crc32c(&ending);
        ending.extend_from_slice(&checksum.to_le_bytes());
        ending.extend_from_slice(&bytes[bytes.len() - 8..]);
        lab.write("bomb.log", [bomb, ending].concat());
        for line in ["run bomb.log", "state bomb.log", "recover bomb.log -o new.log"] {
            let told = bounded(&lab, line).expect(Exit::Damaged).stderr;
            assert!(told.contains("zstd") || told.contains("decompress"), "{line}: {told}");
        }
    }
}

#[test]
fn lengths_of_a_proof_are_not_believed() {
    let lab = Lab::new();
    logs::demo(&lab);
    lab.run("prove demo/day.log --entry 1 -o one.proof").expect(Exit::Ok);
    let end = lab.read("one.proof").len() - 4;
    let line = format!("check-proof one.proof --expect-seal {}", "00".repeat(32));
    for field in
        [(10, 8), (18, 8), (62, 8), (70, 8), (78, 4), (82, 4), (230, 8), (238, 4), (242, 4)]
    {
        let honest = lab.read("one.proof");
        for lie in lies(field.1) {
            let mut lying = honest.clone();
            lying[field.0..field.0 + field.1].copy_from_slice(&lie);
            crc(&mut lying, 0..end, end);
            lab.write("one.proof", &lying);
            let ran = bounded(&lab, &line);
            // What may be so, and is of another seal, differs; the rest is damaged.
            let exits = [Exit::Differs, Exit::Damaged].map(|exit| i32::from(exit.code()));
            assert!(exits.contains(&ran.exit), "{lie:?} at {}: {}", field.0, ran.stderr);
        }
        lab.write("one.proof", honest);
    }
}
