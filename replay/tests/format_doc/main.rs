//! FORMAT.md and the code say the same: its tables are read and compared with constants and bytes.
#![expect(clippy::unwrap_used, reason = "a test")]

use kernel::{Command, Ppm, Price, Qty};
use replay::block::{
    BLOCK_BYTES, BLOCK_HEADER_BYTES, ENTRIES_MAX, PAYLOAD_BYTES_MAX, STATE_EVERY_MIN,
};
use replay::chain::Role;
use replay::codec::{ENTRY_BYTES_MAX, GENESIS_BYTES_MAX};
use replay::entry::MarkName;
use replay::tail::{FRAME_HEADER_BYTES, TAIL_BYTES_MAX, TAIL_HEADER_BYTES};
use replay::{Digest, Entry, LimitName, ReadLimits};

use entries::{bytes_of, decision};
use page::{FIELDS, PAGE, name, numbered, table};

mod entries;
mod events;
mod layouts;
mod packed;
mod page;
mod proofs;
mod snapshots;

#[test]
fn the_contexts_are_those_of_the_code() {
    let page = table("## 6. Digests", &["Role", "Context"]);
    let roles = [
        Role::Header,
        Role::Head,
        Role::Outcome,
        Role::Seal,
        Role::Leaf,
        Role::Node,
        Role::Section,
        Role::State,
    ];
    let code = roles.map(|role| (name(&role), format!("`{}`", role.context())));
    assert_eq!(page.len(), code.len());
    assert!(page.iter().zip(&code).all(|(row, (role, context))| row[..] == [role, context]));
    let sections = numbered("### 6.5 State: where it got to", &["Number", "Section"]);
    let names = kernel::Section::ALL.map(|section| name(&section));
    assert_eq!(sections.iter().map(|row| row.1).collect::<Vec<_>>(), names);
}

/// The numbers of the sections are in the state digest: computed here as the page has it.
#[test]
fn the_state_digest_is_that_of_the_page() {
    let engine = kernel::Engine::new(&kernel::Genesis::open()).unwrap();
    let page = numbered("### 6.5 State: where it got to", &["Number", "Section"]);
    let sections = page.iter().zip(kernel::Section::ALL).map(|((number, _), section)| {
        let mut bytes = vec![*number];
        engine.write_section(section, &mut bytes);
        blake3::derive_key(Role::Section.context(), &bytes)
    });
    let digest = blake3::derive_key(Role::State.context(), &sections.collect::<Vec<_>>().concat());
    assert_eq!(replay::state::state_digest(&engine), Digest(digest));
}

#[test]
fn the_limits_are_those_of_the_code() {
    let page = table("## 8. Limits", &["Limit", "Value", "Name in the code"]);
    let code = [
        ("block::BLOCK_BYTES", BLOCK_BYTES as u64),
        ("block::BLOCK_HEADER_BYTES", BLOCK_HEADER_BYTES as u64),
        ("block::PAYLOAD_BYTES_MAX", PAYLOAD_BYTES_MAX as u64),
        ("block::ENTRIES_MAX", ENTRIES_MAX),
        ("codec::ENTRY_BYTES_MAX", ENTRY_BYTES_MAX as u64),
        ("codec::GENESIS_BYTES_MAX", GENESIS_BYTES_MAX as u64),
        ("kernel::decision::ACTION_MAX", kernel::decision::ACTION_MAX.into()),
        ("MarkName::BYTES_MAX", MarkName::BYTES_MAX as u64),
        ("tail::TAIL_HEADER_BYTES", TAIL_HEADER_BYTES as u64),
        ("tail::FRAME_HEADER_BYTES", FRAME_HEADER_BYTES as u64),
        ("tail::TAIL_BYTES_MAX", TAIL_BYTES_MAX),
        ("block::STATE_EVERY_MIN", STATE_EVERY_MIN),
    ];
    assert_eq!(page.len(), code.len());
    for (row, (name, value)) in page.iter().zip(code) {
        assert_eq!((row[2], row[1]), (name, value.to_string().as_str()));
    }
    let longest = bytes_of(&decision(512, Some([0; 8]))).len();
    assert!(PAGE.contains(&format!("with 512 numbers: {longest} bytes")));
    let uncross = bytes_of(&Entry::Command(Command::Uncross)).len();
    assert!(PAGE.contains(&format!("at most {} of them", PAYLOAD_BYTES_MAX / uncross)));
}

/// Both pages tell what a reader accepts, by the names of the command line.
#[test]
fn the_limits_of_a_reader_are_those_of_the_code() {
    let head = ["Reader's limit", "Unless told otherwise", "What follows it", "Name in the code"];
    let page = table("## 8. Limits", &head);
    assert_eq!(page.len(), LimitName::ALL.len());
    for (row, name) in page.iter().zip(LimitName::ALL) {
        let value = ReadLimits::DEFAULT.get(name).to_string();
        assert_eq!((row[0], row[1]), (format!("`{name}`").as_str(), value.as_str()));
        let grouped =
            value.as_bytes().rchunks(3).rev().map(|digits| str::from_utf8(digits).unwrap());
        let grouped = grouped.collect::<Vec<_>>().join(",");
        let line = format!("{grouped}, unless `--max {name}=N` says otherwise");
        assert!(include_str!("../../../SECURITY.md").contains(&line), "{line}");
    }
}

#[test]
fn the_ranges_are_those_of_the_code() {
    let rows = table("## 1. Files and conventions", &["Notation", "Bytes", "Meaning"]);
    let meaning = |name: &str| rows.iter().find(|row| row[0] == name).unwrap()[2];
    assert!(meaning("price").ends_with(&format!("{} to {}", Price::MIN, Price::MAX)));
    assert!(meaning("qty").ends_with(&format!("{} to {}", Qty::MIN, Qty::MAX)));
    assert!(meaning("ppm").ends_with(&format!("-{} to {}", Ppm::MAX, Ppm::MAX)));
    let genesis = table("### 4.1 Genesis", &FIELDS);
    let bound = |row: usize| genesis[row][3].rsplit(' ').next().unwrap();
    assert_eq!(bound(0), kernel::Limits::ORDERS_MAX.to_string());
    assert_eq!(bound(1), kernel::Limits::CLIENTS_MAX.to_string());
    assert_eq!(bound(2), kernel::Limits::ORDERS_MAX.to_string());
    assert_eq!(bound(8), kernel::POSITION_MAX.to_string());
    assert_eq!(kernel::rules::ENDOWMENT_POSITION_MAX, 1 << 61);
    assert_eq!(kernel::rules::ENDOWMENT_CASH_MAX, 1 << 100);
}

/// Sources that point to a section of the page point to one that there is.
#[test]
fn references_to_the_page_hold() {
    let sources = [
        include_str!("../../src/block.rs"),
        include_str!("../../src/chain.rs"),
        include_str!("../../src/codec.rs"),
        include_str!("../../src/header.rs"),
        include_str!("../../src/outcome.rs"),
        include_str!("../../src/packed.rs"),
        include_str!("../../src/packed/cut.rs"),
        include_str!("../../src/packed/ending.rs"),
        include_str!("../../src/packed/frame.rs"),
        include_str!("../../src/packed/opening.rs"),
        include_str!("../../src/packed/packer.rs"),
        include_str!("../../src/proof.rs"),
        include_str!("../../src/proof/bytes.rs"),
        include_str!("../../src/proof/path.rs"),
        include_str!("../../src/tail.rs"),
    ];
    for source in sources {
        assert!(source.contains("FORMAT.md §"));
        for part in source.split("FORMAT.md §").skip(1) {
            let number: String = part.chars().take_while(char::is_ascii_digit).collect();
            assert!(PAGE.contains(&format!("\n## {number}. ")), "§{number}");
        }
    }
}
