//! §14: a proof against bytes.

use replay::proof::{PROOF_BYTES_MAX, PROOF_FIELDS_BYTES, PROOF_MAGIC, PROOF_VERSION};
use replay::{Archive, Genesis, ReadLimits, Recorder, SyncPolicy, prove};

use super::page::{FIELDS, PAGE, magic, offsets, tables};

#[test]
fn a_proof_is_that_of_the_page() {
    let mut found = tables("## 14. Proofs");
    found.retain(|table| table[0] == FIELDS);
    let rows = found.remove(0).split_off(2);
    let fields = offsets(&rows);
    assert!(rows[0][3].starts_with(&magic(&PROOF_MAGIC)));
    assert!(rows[1][3].ends_with(&format!(": {PROOF_VERSION}")));
    let (at, len, _) = fields[fields.len() - 1];
    assert_eq!((at + len, fields.len()), (PROOF_FIELDS_BYTES, 19));
    assert!(PAGE.contains(&format!("no more than {PROOF_BYTES_MAX} of them")));

    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let genesis = Genesis::new(kernel::Genesis::open(), "x");
    let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None).unwrap();
    recorder.finish().unwrap();
    let log = Archive::open(&log[..], tail, ReadLimits::DEFAULT).unwrap();
    let header = log.block_header(1).unwrap();
    let bytes = prove(&log, 1, None, &mut |_| ()).unwrap().encode();
    let values: Vec<Vec<u8>> = vec![
        PROOF_MAGIC.to_vec(),
        PROOF_VERSION.to_le_bytes().to_vec(),
        1_u64.to_le_bytes().to_vec(),
        1_u64.to_le_bytes().to_vec(),
        log.header().seal.0.to_vec(),
        header.flags.to_le_bytes().to_vec(),
        header.number.to_le_bytes().to_vec(),
        header.first.to_le_bytes().to_vec(),
        header.count.to_le_bytes().to_vec(),
        header.payload_bytes.to_le_bytes().to_vec(),
        header.time.0.to_le_bytes().to_vec(),
        header.step.0.to_le_bytes().to_vec(),
        header.outcome.0.to_vec(),
        header.state.0.to_vec(),
        header.root.0.to_vec(),
        vec![0; 32],
        1_u64.to_le_bytes().to_vec(),
        1_u32.to_le_bytes().to_vec(),
        1_u32.to_le_bytes().to_vec(),
    ];
    for ((at, len, name), value) in fields.iter().zip(&values) {
        assert_eq!(bytes[*at..at + len], value[..], "{name}");
    }
    // Its entries: one End.
    let page = [values.concat(), vec![31]].concat();
    let page = [&page[..], &crc32c::crc32c(&page).to_le_bytes()].concat();
    assert_eq!(bytes, page);
}
