//! §12: the container of compacted logs against bytes.

use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES};
use replay::packed::{
    FOOTER_BYTES, FOOTER_MAGIC, FRAME_HEADER_BYTES, LEVEL, LOG_HEADER_BYTES_MAX, PACKED_MAGIC,
    PACKED_VERSION, ZSTD_BYTES_MAX, pack,
};
use replay::{Genesis, ReadLimits, Reader, Recorder, SyncPolicy, header};

use super::page::{FIELDS, PAGE, Rows, magic, offsets, tables};

/// The field tables of the section: opening, frame, footer.
fn field_tables() -> [Rows; 3] {
    let mut found = tables("## 12. Compacted logs");
    found.retain(|table| table[0] == FIELDS);
    let mut rows = found.into_iter().map(|mut table| table.split_off(2));
    std::array::from_fn(|_| rows.next().unwrap())
}

/// A log that has only its end, plain and compacted.
fn logs() -> (Vec<u8>, Vec<u8>) {
    let (mut log, mut tail, mut packed) = (Vec::new(), Vec::new(), Vec::new());
    let genesis = Genesis::new(kernel::Genesis::open(), "x");
    let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    recorder.finish().unwrap();
    pack(Reader::open(&log[..], tail, ReadLimits::DEFAULT).unwrap(), &mut packed, LEVEL).unwrap();
    (log, packed)
}

/// The integer that these bytes are.
fn number(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[test]
fn a_compacted_log_is_that_of_the_page() {
    let [opening, frame, footer] = field_tables();
    let (log, packed) = logs();
    let n = usize::try_from(header::read(&mut &log[..]).unwrap().bytes).unwrap();
    assert_eq!(offsets(&opening), [(0, 8, "magic"), (8, 2, "version"), (10, 4, "n")]);
    assert!(opening[0][3].starts_with(&magic(&PACKED_MAGIC)) && packed.starts_with(&PACKED_MAGIC));
    assert!(opening[1][3].ends_with(&format!(": {PACKED_VERSION}")));
    assert_eq!(number(&packed[8..10]), PACKED_VERSION.into());
    assert!(opening[2][3].ends_with(&format!("at most {LOG_HEADER_BYTES_MAX}")));
    assert_eq!(number(&packed[10..14]), n as u64);
    assert_eq!(packed[14..14 + n], log[..n]);
    let checksum = |bytes: &[u8]| u64::from(crc32c::crc32c(bytes));
    assert_eq!(number(&packed[14 + n..18 + n]), checksum(&packed[..14 + n]));

    assert_eq!(offsets(&frame), [(0, 4, "c"), (4, 4, "checksum")]);
    assert_eq!(frame[2][0], FRAME_HEADER_BYTES.to_string());
    assert!(frame[0][3].ends_with(&format!("1 to {ZSTD_BYTES_MAX}")));
    let at = 18 + n;
    let c = usize::try_from(number(&packed[at..at + 4])).unwrap();
    let zstd = &packed[at + 8..at + 8 + c];
    let checked = [&packed[at..at + 4], zstd].concat();
    assert_eq!(number(&packed[at + 4..at + 8]), checksum(&checked));
    assert_eq!(zstd::bulk::decompress(zstd, BLOCK_BYTES).unwrap(), log[n..]);
    assert!(PAGE.contains(&format!("exactly {BLOCK_HEADER_BYTES} + payload bytes of\n")));

    let index = at + 8 + c;
    assert_eq!(packed.len(), index + 8 + FOOTER_BYTES);
    assert_eq!(number(&packed[index..index + 8]), at as u64);
    let found = &packed[index + 8..];
    let names = ["count", "log bytes", "index", "checksum", "magic"];
    let fields = offsets(&footer);
    assert_eq!(fields.iter().map(|field| field.2).collect::<Vec<_>>(), names);
    let values = [1, log.len() as u64, index as u64, checksum(&packed[index..index + 8 + 24])];
    for ((at, len, name), value) in fields.iter().zip(values) {
        assert_eq!(number(&found[*at..at + len]), value, "{name}");
    }
    let (last, len, _) = fields[4];
    assert_eq!((last + len, &found[last..]), (FOOTER_BYTES, &FOOTER_MAGIC[..]));
    assert!(footer[4][3].starts_with(&magic(&FOOTER_MAGIC)));
    let steps = (FRAME_HEADER_BYTES + 1, FRAME_HEADER_BYTES + ZSTD_BYTES_MAX);
    assert!(PAGE.contains(&format!("each step {} to {}\nbytes", steps.0, steps.1)));
    assert!(PAGE.contains(&format!("compresses at level {LEVEL} unless")));
}
