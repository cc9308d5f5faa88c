//! Seeds that are files, or bytes of them.

use replay::block::BLOCK_HEADER_BYTES;
use replay::{Digest, Player, Reader};

use super::{Parts, Seeds};
use crate::history::with_history;
use crate::market::state_bytes;
use crate::plan::LIMITS;

/// Logs with their tails, whole and of each class that is refused, for the targets that read them.
pub(super) fn logs(seeds: &mut Seeds, golden: &str, parts: &Parts) {
    let [open, tail] = &parts.open;
    let start = parts.header.len();
    let flipped = |at: usize| {
        let mut log = parts.ended.clone();
        log[at] ^= 1;
        log
    };
    let mut later = parts.ended.clone();
    later.push(0);
    let mut zeros = parts.ended.clone();
    zeros[start + BLOCK_HEADER_BYTES..].fill(0);
    let (cut, none): (_, &[u8]) = (parts.ended.len() - 7, &[]);
    let foreign = Parts::foreign_tail();
    let cases: [(&str, &[u8], &[u8]); 17] = [
        ("ended", &parts.ended, none),
        ("open", open, tail),
        ("header-only", &parts.header, none),
        ("not-a-log", &flipped(0), none),
        ("other-format", &flipped(8), none),
        ("other-kernel", &flipped(10), none),
        ("long-genesis", &flipped(15), none),
        ("header-digest", &flipped(20), none),
        ("header-cut", &parts.header[..40], none),
        ("block-cut", &parts.ended[..cut], none),
        ("block-header-cut", &parts.ended[..start + 99], none),
        ("block-to-zeros", &zeros, none),
        ("block-checksum", &flipped(start + 40), none),
        ("entry-changed", &flipped(start + BLOCK_HEADER_BYTES + 3), none),
        ("after-end", &later, none),
        ("frame-cut", open, &tail[..tail.len() - 3]),
        ("foreign-tail", open, &foreign),
    ];
    for (name, log, tail) in cases {
        let len = u16::try_from(log.len()).unwrap().to_le_bytes();
        let name = format!("{golden}-{name}");
        seeds.add("reader", &name, &[&[0], &len, log, tail]);
        seeds.add("recover", &name, &[&[0], &len, log, tail]);
    }
    let len = u16::try_from(parts.ended.len()).unwrap().to_le_bytes();
    seeds.add("reader", &format!("{golden}-to-fit"), &[&[1], &len, &parts.ended]);
    seeds.add("recover", &format!("{golden}-to-fit"), &[&[1], &len, &parts.ended]);
    seeds.add("packed", &format!("{golden}-ended"), &[&[0, 0], &parts.packed]);
    seeds.add("packed", &format!("{golden}-to-fit"), &[&[0, 1], &parts.packed]);
    let cut = &parts.packed[..parts.packed.len() - 20];
    seeds.add("packed", &format!("{golden}-no-footer"), &[&[0, 0], cut]);
}

/// The forms that the codec reads.
pub(super) fn entries(seeds: &mut Seeds, golden: &str, parts: &Parts) {
    let header = &parts.header;
    let block = &parts.ended[header.len()..header.len() + BLOCK_HEADER_BYTES];
    let [_, tail] = &parts.open;
    let mut add = |name: &str, kind: u8, bytes: &[u8]| {
        seeds.add("codec", &format!("{golden}-{name}"), &[&[kind], bytes]);
    };
    add("genesis", 0, &header[16..header.len() - 32]);
    add("header", 1, header);
    add("block-header", 2, block);
    add("frame", 3, &tail[44..]);
    add("tail-header", 4, &tail[..44]);
    add("entries", 6, &parts.entries);
}

/// State bytes of a golden market after some entries.
pub(super) fn states(seeds: &mut Seeds, golden: &str, log: &[u8]) {
    let mut player = Player::new(Reader::open(log, Vec::new(), LIMITS).unwrap()).unwrap();
    for entries in [30, 300] {
        while player.number() < entries && player.advance().unwrap().is_some() {}
        let state = state_bytes(player.engine());
        let mut bytes = vec![0];
        for section in &state {
            bytes.extend_from_slice(&u16::try_from(section.len()).unwrap().to_le_bytes());
        }
        bytes.extend(state.iter().flatten());
        seeds.add("restore", &format!("{golden}-{entries}"), &[&bytes]);
    }
}

/// Zones, and a file of them.
pub(super) fn zones(seeds: &mut Seeds) {
    let mut zones = Vec::new();
    with_history(|history| {
        let mut maker = query::Zoner::default();
        let moments = history.moments();
        zones.extend(moments.filter_map(|it| crate::query::zone(&mut maker, &it, 8)).take(2));
    });
    let mut writer = query::ZoneWriter::new(Vec::new(), Digest([1; 32])).unwrap();
    for (number, zone) in (1..).zip(&zones) {
        seeds.add("zones", &format!("zone-{number}"), &[&[0], &zone.encode()]);
        writer.push(zone).unwrap();
    }
    let file = writer.finish(Digest([2; 32])).unwrap();
    seeds.add("zones", "file", &[&[1], &file]);
    seeds.add("zones", "file-cut", &[&[1], &file[..file.len() - 9]]);
    for kind in 2..4_u8 {
        seeds.add("zones", &format!("changed-{kind}"), &[&[kind, 20, kind - 2, 1, 50, 0, 7, 1]]);
    }
}

/// Plans: bytes that every target of markets and logs reads as it likes.
pub(super) fn plans(seeds: &mut Seeds) {
    let content: Vec<u8> = (0..500_u32).map(|byte| (byte * 89 % 251).to_le_bytes()[0]).collect();
    let targets = [
        ("kernel_vs_reference", 0..1),
        ("lobster", 1..4),
        ("csv", 1..4),
        ("codec", 5..6),
        ("packed", 1..8),
        ("proof", 1..2),
        ("reader", 2..4),
        ("recover", 2..4),
        ("restore", 1..4),
        ("snapshot", 1..4),
    ];
    for (target, kinds) in targets {
        for kind in kinds {
            for (number, shape) in [1_u8, 0xF3, 0xFA].into_iter().enumerate() {
                for treatment in [0, 2, 4, 7] {
                    let head = [kind, shape, treatment, 1, 40];
                    let name = format!("plan-{kind}-{number}-{treatment}");
                    seeds.add(target, &name, &[&head, &content[number * 50..number * 50 + 300]]);
                }
            }
        }
    }
}
