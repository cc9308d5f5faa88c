//! Rule 9: bytes that no market of the genesis writes are refused, each flaw under its own name.

use kernel::Genesis;
use tests::restore::restore;
use tests::script::{genesis_of, run};
use tests::twin::StateBytes;

mod book;
mod holdings;

const BIDS: usize = 0;
const ASKS: usize = 1;
const STOPS: usize = 2;
const ACCOUNTS: usize = 3;
const RULES: usize = 4;
const CLOCK: usize = 5;

/// What is done to the bytes of one section.
#[derive(Clone, Copy, Debug)]
enum Change<'a> {
    /// Other bytes from an offset on.
    Put(usize, &'a [u8]),
    /// So many bytes and no more.
    Cut(usize),
    /// More bytes at the end.
    Add(&'a [u8]),
    /// Bytes from, to, at the end once more.
    Again(usize, usize),
    /// All of it.
    All(&'a [u8]),
}

fn change(bytes: &mut Vec<u8>, change: Change<'_>) {
    match change {
        Change::Put(offset, new) => bytes[offset..offset + new.len()].copy_from_slice(new),
        Change::Cut(len) => bytes.truncate(len),
        Change::Add(new) => bytes.extend(new),
        Change::Again(from, to) => bytes.extend_from_within(from..to),
        Change::All(new) => *bytes = new.to_vec(),
    }
}

/// The bytes of a script's market are taken, and refused with this message after the changes.
#[track_caller]
fn refused(script: &str, changes: &[(usize, Change<'_>)], message: &str) {
    let (genesis, mut bytes): (Genesis, StateBytes) =
        (genesis_of(script), run(script).state_bytes());
    assert!(restore(&genesis, &bytes).is_ok(), "the market's own bytes are taken");
    for (section, what) in changes {
        change(&mut bytes[*section], *what);
    }
    match restore(&genesis, &bytes) {
        Err(error) => assert_eq!(error.to_string(), message),
        Ok(_) => panic!("taken, and not: {message}"),
    }
}

const ZEROS: &[u8] = &[0; 16];
const ONES: &[u8] = &[255; 16];
