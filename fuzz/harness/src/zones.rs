//! Zones and files of them: what is read is written the same way, and changed files are refused.

use std::io::Cursor;

use query::{Zone, ZoneReader, ZoneWriter, Zoner, ZonesError};
use replay::Digest;

use crate::history::with_history;
use crate::input::Input;
use crate::patch::{patch, repair_checksum};
use crate::query::zone;

/// Bytes of the header, and of the footer, of a file.
const HEADER_BYTES: usize = 44;
const FOOTER_BYTES: usize = 48;

/// Reads a zone, a file, or a file that was written and changed.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(4) {
        0 => check_zone(input.rest()),
        1 => {
            let mut bytes = input.rest().to_vec();
            repair(&mut bytes);
            check(&bytes);
        }
        _ => {
            let (every, patches) = (1 + input.u8() % 32, input.below(4));
            let (zones, mut bytes) = written(every.into());
            for _ in 0..patches {
                patch(&mut input, &mut bytes, &[]);
            }
            if patches == 0 {
                assert_eq!(read(&bytes).unwrap().2, zones, "what was written");
            } else if input.flag() {
                repair(&mut bytes);
            }
            check(&bytes);
        }
    }
}

/// A file of the zones of so many entries each.
fn written(every: u64) -> (Vec<Zone>, Vec<u8>) {
    let mut zones = Vec::new();
    with_history(|history| {
        let mut maker = Zoner::default();
        let moments = history.moments();
        zones.extend(moments.filter_map(|moment| zone(&mut maker, &moment, every)).take(6));
    });
    let bytes = write(&zones, Digest([1; 32]), Digest([2; 32]));
    (zones, bytes)
}

fn write(zones: &[Zone], log: Digest, seal: Digest) -> Vec<u8> {
    let mut writer = ZoneWriter::new(Vec::new(), log).unwrap();
    for zone in zones {
        writer.push(zone).unwrap();
    }
    writer.finish(seal).unwrap()
}

fn read(bytes: &[u8]) -> Result<(Digest, Digest, Vec<Zone>), ZonesError> {
    let mut reader = ZoneReader::open(Cursor::new(bytes))?;
    let mut zones = Vec::new();
    while let Some(zone) = reader.next_zone()? {
        zones.push(zone);
    }
    assert_eq!(reader.blocks(), zones.len() as u64);
    Ok((reader.log(), reader.seal(), zones))
}

fn check(bytes: &[u8]) {
    let Ok((log, seal, zones)) = read(bytes) else { return };
    assert!(write(&zones, log, seal) == bytes, "a file of zones has one form");
    for zone in &zones {
        check_zone(&zone.encode());
    }
}

fn check_zone(bytes: &[u8]) {
    let Ok(zone) = Zone::decode(bytes) else { return };
    assert_eq!(zone.encode(), bytes, "a zone has one form");
    let _ = zone.entries();
}

/// Makes the checksums of footer and zones fit.
fn repair(bytes: &mut [u8]) {
    let Some(footer) = bytes.len().checked_sub(FOOTER_BYTES) else { return };
    repair_checksum(&mut bytes[footer..]);
    let mut at = HEADER_BYTES;
    while let Some(len) = bytes.get(at..footer).and_then(<[u8]>::first_chunk) {
        let len = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX);
        let end = at.saturating_add(8).saturating_add(len);
        let Some(zone) = bytes.get(at + 8..end) else { return };
        let checksum = crc32c::crc32c(zone).to_le_bytes();
        bytes[at + 4..at + 8].copy_from_slice(&checksum);
        at = end;
    }
}
