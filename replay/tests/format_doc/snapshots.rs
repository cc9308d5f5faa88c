//! §13: a snapshot against bytes.

use kernel::Section;
use replay::snapshot::{SNAPSHOT_MAGIC, SNAPSHOT_VERSION, encode};
use replay::{Genesis, Player, ReadLimits, Reader, Recorder, SyncPolicy};

use super::page::{FIELDS, magic, offsets, tables};

#[test]
fn a_snapshot_is_that_of_the_page() {
    let mut found = tables("## 13. Snapshots");
    found.retain(|table| table[0] == FIELDS);
    let fields = found.remove(0).split_off(2);
    let expected = [
        (0, 8, "magic"),
        (8, 2, "layout"),
        (10, 2, "kernel"),
        (12, 8, "block"),
        (20, 32, "seal"),
        (52, 24, "lengths"),
    ];
    assert_eq!(offsets(&fields), expected);
    assert!(fields[0][3].starts_with(&magic(&SNAPSHOT_MAGIC)));
    assert!(fields[1][3].ends_with(&format!(": {SNAPSHOT_VERSION}")));

    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(kernel::Genesis::open(), "x");
    let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    recorder.finish().unwrap();
    let reader = Reader::open(&log[..], tail, ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    player.run().unwrap();
    let header = player.reader().block().header.unwrap();
    let bytes = encode(&header, player.engine()).unwrap();
    let (mut lengths, mut sections) = (Vec::new(), Vec::new());
    for section in Section::ALL {
        let before = sections.len();
        player.engine().write_section(section, &mut sections);
        lengths.extend(u32::try_from(sections.len() - before).unwrap().to_le_bytes());
    }
    let mut page = SNAPSHOT_MAGIC.to_vec();
    page.extend(SNAPSHOT_VERSION.to_le_bytes());
    page.extend(kernel::SEMANTICS_VERSION.to_le_bytes());
    page.extend(1_u64.to_le_bytes());
    page.extend(header.seal.0);
    page.extend(lengths);
    page.extend(sections);
    page.extend(crc32c::crc32c(&page).to_le_bytes());
    assert_eq!(bytes, page);
}
