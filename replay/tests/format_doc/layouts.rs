//! §2, §4 and §7: field tables against bytes.

use kernel::{MarketState, Ppm, Price, Qty, Step, TimeNs};
use replay::block::{BLOCK_HEADER_BYTES, BLOCK_MAGIC, FLAG_FINAL, FLAG_STATE};
use replay::codec::{GENESIS_BYTES_MAX, encode_genesis};
use replay::tail::{TAIL_MAGIC, append_frame, encode_header};
use replay::{BlockHeader, Digest, Genesis, header};

use super::page::{FIELDS, PAGE, magic, offsets, table, tables};

#[test]
fn field_tables_have_no_gaps() {
    let field_tables = PAGE
        .lines()
        .filter(|line| line.starts_with("##"))
        .flat_map(tables)
        .filter(|table| table[0] == FIELDS)
        .map(|mut table| offsets(&table.split_off(2)).len());
    assert_eq!(field_tables.collect::<Vec<_>>(), [4, 6, 6, 1, 3, 15, 14, 3, 4, 3, 2, 5, 6, 4, 19]);
}

#[test]
fn the_file_header_is_that_of_the_code() {
    let rows = table("## 2. File header", &FIELDS);
    let fields = offsets(&rows);
    assert_eq!(fields.iter().map(|field| field.0).collect::<Vec<_>>(), [0, 8, 10, 12]);
    let genesis = Genesis::new(kernel::Genesis::open(), "x");
    let bytes = header::encode(&genesis).unwrap();
    assert_eq!(rows[0][3], magic(&header::MAGIC));
    assert_eq!(bytes[..8], header::MAGIC);
    let version = header::FORMAT_VERSION;
    assert!(rows[1][3].ends_with(&format!("version: {version}")));
    assert_eq!(bytes[8..10], version.to_le_bytes());
    assert!(rows[2][3].ends_with(&format!("rules: {}", kernel::SEMANTICS_VERSION)));
    assert!(rows[3][3].ends_with(&format!("at most {GENESIS_BYTES_MAX}")));
    let len = encode_genesis(&genesis).unwrap().len();
    assert_eq!(bytes.len(), 16 + len + 32);
    assert!(PAGE.starts_with(&format!("# The log format, version {version}\n")));
    let versions = table("## 11. Who may change what", &["Version", "State", "Differences"]);
    assert_eq!(versions.last().unwrap()[0], version.to_string());
}

#[test]
fn the_genesis_is_that_of_the_code() {
    let fields = offsets(&table("### 4.1 Genesis", &FIELDS));
    let mut genesis = Genesis::new(kernel::Genesis::open(), "");
    let base = encode_genesis(&genesis).unwrap();
    assert_eq!(base.len(), 58 + 4 + 4 + 8 + 2 + 4 + 1);
    let mut check = |name: &str, change: fn(&mut kernel::Genesis)| {
        let (at, len, _) = fields.iter().find(|field| field.2 == name).unwrap();
        let before = genesis.market.clone();
        change(&mut genesis.market);
        let changed = encode_genesis(&genesis).unwrap();
        genesis.market = before;
        let differ: Vec<usize> = (0..base.len()).filter(|at| base[*at] != changed[*at]).collect();
        assert!(!differ.is_empty() && differ.iter().all(|byte| (*at..at + len).contains(byte)));
    };
    check("orders_max", |market| market.limits.orders_max = 7);
    check("clients_max", |market| market.limits.clients_max = 7);
    check("levels_max", |market| market.limits.levels_max = 7);
    check("tick", |market| market.rules.tick = Price::MAX);
    check("lot", |market| market.rules.lot = Qty::MAX);
    check("qty_max", |market| market.rules.qty_max = Qty::MIN);
    check("price_min", |market| market.rules.price_min = Price::MAX);
    check("price_max", |market| market.rules.price_max = Price::MIN);
    check("position_max", |market| market.rules.position_max = 7);
    check("state", |market| market.rules.state = MarketState::Halted);
    check("short_ban", |market| market.rules.short_ban = true);
    check("tax", |market| market.rules.tax = u32::MAX);
    check("maker_fee", |market| market.rules.maker_fee = Ppm::MAX);
    check("taker_fee", |market| market.rules.taker_fee = Ppm::MAX);
    check("band", |market| market.rules.band = u32::MAX);
}

#[test]
fn the_block_header_is_that_of_the_code() {
    let rows = table("### 4.2 Blocks", &FIELDS);
    let fields = offsets(&rows);
    let digest = |byte| Digest([byte; 32]);
    let header = BlockHeader {
        flags: FLAG_FINAL | FLAG_STATE,
        number: 2,
        first: 3,
        count: 4,
        payload_bytes: 5,
        time: TimeNs(6),
        step: Step(7),
        head: digest(8),
        outcome: digest(9),
        state: digest(10),
        root: digest(11),
        seal: digest(12),
    };
    let bytes = header.encode();
    let names = fields[1..13].iter().map(|field| field.2).collect::<Vec<_>>();
    assert_eq!(
        names,
        [
            "flags",
            "number",
            "first",
            "count",
            "payload bytes",
            "time",
            "step",
            "head",
            "outcome",
            "state",
            "root",
            "seal"
        ]
    );
    // Each field was given its place in this list: flags are 3 for want of a 1.
    for ((at, len, name), value) in
        fields[1..13].iter().zip([3, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    {
        assert_eq!(bytes[*at], value, "{name}");
        let rest = if *len == 32 { value } else { 0 };
        assert!(bytes[at + 1..at + len].iter().all(|byte| *byte == rest), "{name}");
    }
    assert_eq!((bytes[..4].to_vec(), &rows[0][3][..13]), (BLOCK_MAGIC.to_vec(), "`52 42 4C 4B`"));
    assert!(rows[1][3].starts_with(&format!("u32: {FLAG_FINAL} final, {FLAG_STATE} has a state")));
    assert_eq!(fields[13], (208, 4, "checksum"));
    assert_eq!(bytes[208..], crc32c::crc32c(&bytes[..208]).to_le_bytes());
    assert_eq!(rows[14][0], BLOCK_HEADER_BYTES.to_string());
}

#[test]
fn the_tail_is_that_of_the_code() {
    let mut rows = tables("## 7. The tail");
    rows.retain(|table| table[0] == FIELDS);
    let frame = offsets(&rows.remove(1).split_off(2));
    let rows = rows.remove(0).split_off(2);
    assert_eq!(offsets(&rows), [(0, 8, "magic"), (8, 32, "seal"), (40, 4, "checksum")]);
    assert_eq!(rows[0][3], magic(&TAIL_MAGIC));
    let header = encode_header(Digest([3; 32]));
    assert_eq!((header.len(), &header[8..40]), (44, &[3; 32][..]));
    assert_eq!(frame, [(0, 4, "n"), (4, 4, "checksum"), (8, 8, "first"), (16, 4, "count")]);
    let mut bytes = Vec::new();
    append_frame(9, 1, b"abc", &mut bytes);
    assert_eq!((bytes[0], bytes[8], bytes[16], &bytes[20..]), (3, 9, 1, &b"abc"[..]));
    let checked = [&bytes[..4], &bytes[8..]].concat();
    assert_eq!(bytes[4..8], crc32c::crc32c(&checked).to_le_bytes());
}
