//! Logs for the tests: the hand-written day, the LOBSTER fixture, an interrupted recording, and a
//! forged log whose digests are all right.

use std::fs;
use std::path::Path;

use cli::{Recording, tail_path};
use kernel::{ClientId, Command, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side};
use kernel::{TimeInForce, Venue};
use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES, Chain, Closing, PAYLOAD_BYTES_MAX};
use replay::slot::Slot;
use replay::{BlockHeader, Digest, Genesis, SyncPolicy, header};
use tempfile::TempDir;

use crate::lab::Lab;

/// A hand-written plain CSV with every operation, in canonical form.
pub(crate) const DAY: &str = include_str!("day.csv");

/// Makes `day.log` out of [`DAY`].
pub(crate) fn day(lab: &Lab) {
    lab.write("day.csv", DAY);
    lab.run("import csv day.csv -o day.log").data();
}

/// Brings the LOBSTER fixture: `messages.csv` and `orderbook.csv`.
pub(crate) fn lobster_files(lab: &Lab) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/lobster");
    for (from, to) in
        [("fixture_message_5.csv", "messages.csv"), ("fixture_orderbook_5.csv", "orderbook.csv")]
    {
        fs::copy(golden.join(from), lab.path(to)).expect("the fixture");
    }
}

/// The import of the fixture; an output and more options follow.
pub(crate) const IMPORT_LOBSTER: &str =
    "import lobster --messages messages.csv --orderbook orderbook.csv";

/// Makes `fixture.log` out of the LOBSTER fixture.
pub(crate) fn fixture(lab: &Lab) {
    lobster_files(lab);
    lab.run(&format!("{IMPORT_LOBSTER} -o fixture.log")).data();
}

/// Brings a golden log: `NAME.log`.
pub(crate) fn golden(lab: &Lab, name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/ecology");
    let name = format!("{name}.log");
    fs::copy(folder.join(&name), lab.path(&name)).expect("the golden log");
}

/// Makes a demo's log of several blocks: `demo/day.log`.
pub(crate) fn demo(lab: &Lab) {
    lab.run("demo --steps 700 -o demo").data();
}

/// A limit order of client 1.
pub(crate) fn place(reference: u64, side: Side, price: u32) -> Command {
    let kind = OrderKind::Limit { price: Price::new(price).expect("a price"), post_only: false };
    Command::Place(Place {
        client: ClientId(1),
        reference: Reference(reference),
        side,
        kind,
        tif: TimeInForce::Gtc,
        qty: Qty::new(5).expect("a quantity"),
        display: None,
        stop: None,
        self_trade: SelfTrade::Allow,
    })
}

/// Records so many entries, synced after every tenth, and stops without an end, as a run that died.
///
/// The files are copies: a process that another test starts inherits every open file until it has
/// become another program, and with it, for that moment, the recording's lock.
pub(crate) fn interrupted(path: &Path, entries: u64) {
    let folder = TempDir::new().expect("a temporary folder");
    let recorded = folder.path().join("log");
    record(&recorded, entries);
    fs::copy(&recorded, path).expect("the log");
    fs::copy(tail_path(&recorded), tail_path(path)).expect("the tail");
}

fn record(path: &Path, entries: u64) {
    let genesis = Genesis::new(kernel::Genesis::open(), "test");
    let mut recording =
        Recording::create(path, &genesis, SyncPolicy::Block).expect("a new recording");
    for entry in 1..=entries {
        let side = if entry % 3 == 0 { Side::Buy } else { Side::Sell };
        let command = place(entry, side, 100 + u32::try_from(entry % 7).expect("small"));
        recording.recorder().submit(command).expect("recorded");
        if entry % 10 == 0 || entry == entries {
            recording.recorder().sync().expect("synced");
        }
    }
}

/// A log's blocks, one of its blocks' closing changed, every digest and checksum computed anew.
pub(crate) fn forge(log: &[u8], change: impl Fn(u64, &mut Closing)) -> Vec<u8> {
    let start = header::read(&mut &log[..]).expect("a header");
    let at = usize::try_from(start.bytes).expect("a short header");
    let mut chain = Chain::new(start.seal);
    let mut forged = log[..at].to_vec();
    for block in log[at..].chunks(BLOCK_BYTES) {
        let (bytes, rest) = block.split_first_chunk::<BLOCK_HEADER_BYTES>().expect("a block");
        let old = BlockHeader::decode(bytes).expect("a block's header");
        let payload = &rest[..old.payload_bytes as usize];
        let mut closing = Closing {
            is_final: old.is_final(),
            count: old.count,
            time: old.time,
            step: old.step,
            outcome: old.outcome,
            state: old.has_state().then_some(old.state),
        };
        change(old.number, &mut closing);
        let new = chain.close(&closing, &mut Slot::from(payload));
        forged.extend_from_slice(&new.encode());
        forged.extend_from_slice(payload);
        if !closing.is_final {
            forged.resize(forged.len() + PAYLOAD_BYTES_MAX - payload.len(), 0);
        }
        chain.advance(&new);
    }
    forged
}

/// A digest that nothing has.
pub(crate) const WRONG: Digest = Digest([0xee; 32]);
