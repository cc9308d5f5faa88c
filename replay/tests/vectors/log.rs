//! One whole log and one tail, byte by byte.

use kernel::{
    ClientId, Command, OrderKind, Place, Price, Qty, Reference, SelfTrade, Side, Step, TimeInForce,
    TimeNs,
};
use replay::{Entry, Genesis, Mark, Player, ReadLimits, Reader, Recorder, SyncPolicy};

use super::{bytes, digits, hex};

fn place(client: u32, side: Side, lots: u32) -> Entry {
    let price = Price::new(1_000).unwrap();
    Entry::Command(Command::Place(Place {
        client: ClientId(client),
        reference: Reference(client.into()),
        side,
        qty: Qty::new(lots).unwrap(),
        kind: OrderKind::Limit { price, post_only: false },
        tif: TimeInForce::Gtc,
        self_trade: SelfTrade::Allow,
    }))
}

fn entries() -> [Entry; 4] {
    [
        Entry::Command(Command::Clock { time: TimeNs(1_000), step: Step(1) }),
        place(1, Side::Buy, 5),
        Entry::Mark(Mark { name: "here".parse().unwrap(), number: 1 }),
        place(2, Side::Sell, 3),
    ]
}

fn genesis() -> Genesis {
    Genesis::new(kernel::Genesis::open(), "vector")
}

const HEADER: &str = "\
    895245504c0d0a1a 0000 0000 53000000 00001000 00000100 00001000 01000000 01000000 ffffff7f \
    01000000 ffffff7f 0000000000000040 00 00 00000000 00000000 00000000 00000000 00000000 \
    0000000000000000 0600 766563746f72 00000000 00 \
    44ef6fca1145f8e9364063072715cec517f0bd5c8640ac1d9cd4d2819c1c08d9";

const BLOCK: &str = "\
    52424c4b 03000000 0100000000000000 0100000000000000 05000000 53000000 e803000000000000 \
    0100000000000000 38fcf64493dbd63bab568c0bb44b1d6632e2bd73cfab1832aef8c8f89b88bc85 \
    6707cdb4d7a533fbf01947e6955906ef8691229e3783914ba4d15b494aa3ba14 \
    f0d6c91605d6222558932e44e7a01327e9f5972282dc96f980860f9e8883d6b3 \
    0000000000000000000000000000000000000000000000000000000000000000 \
    3c812e44b90c09406b2dfb07092bc221a346a455894031a95f1a66682e3a052b 047f0725 \
    06e8030000000000000100000000000000 010100000001000000000000000005000000000000e8030000 \
    110400686572650100000000000000 010200000002000000000000000103000000000000e8030000 1f";

/// Two frames: of the first entry, then of the others.
const TAIL: &str = "\
    895254414c0d0a1a 44ef6fca1145f8e9364063072715cec517f0bd5c8640ac1d9cd4d2819c1c08d9 721fb5a2 \
    11000000 918160e2 0100000000000000 01000000 06e8030000000000000100000000000000 41000000 \
    0106bef9 0200000000000000 03000000 010100000001000000000000000005000000000000e8030000 \
    110400686572650100000000000000 010200000002000000000000000103000000000000e8030000";

const HEAD: &str = "38fcf64493dbd63bab568c0bb44b1d6632e2bd73cfab1832aef8c8f89b88bc85";
const OUTCOME: &str = "6707cdb4d7a533fbf01947e6955906ef8691229e3783914ba4d15b494aa3ba14";
const STATE: &str = "f0d6c91605d6222558932e44e7a01327e9f5972282dc96f980860f9e8883d6b3";
const SEAL: &str = "3c812e44b90c09406b2dfb07092bc221a346a455894031a95f1a66682e3a052b";

#[test]
fn a_log_has_these_bytes_and_digests() {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, SyncPolicy::None).unwrap();
    for entry in entries() {
        recorder.take(&entry).unwrap();
    }
    let finished = recorder.finish().unwrap();
    assert_eq!(hex(&log), digits(HEADER) + &digits(BLOCK));
    assert!(tail.is_empty());
    assert_eq!(
        [finished.head, finished.state, finished.seal].map(|digest| digest.to_string()),
        [HEAD, STATE, SEAL]
    );
    let log = [bytes(HEADER), bytes(BLOCK)].concat();
    let reader = Reader::open(&log[..], Vec::new(), ReadLimits::DEFAULT).unwrap();
    let summary = Player::new(reader).unwrap().run().unwrap();
    assert!(summary.is_ended);
    assert_eq!(
        [summary.head, summary.outcome, summary.state, summary.seal]
            .map(|digest| digest.to_string()),
        [HEAD, OUTCOME, STATE, SEAL]
    );
}

#[test]
fn a_tail_has_these_bytes() {
    let (mut log, mut tail) = (Vec::new(), Vec::new());
    let mut recorder = Recorder::create(&genesis(), &mut log, &mut tail, SyncPolicy::None).unwrap();
    let entries = entries();
    let (first, others) = entries.split_first().unwrap();
    recorder.take(first).unwrap();
    recorder.sync().unwrap();
    for entry in others {
        recorder.take(entry).unwrap();
    }
    recorder.sync().unwrap();
    assert_eq!((hex(&log), hex(&tail)), (digits(HEADER), digits(TAIL)));
    let log = bytes(HEADER);
    let reader = Reader::open(&log[..], bytes(TAIL), ReadLimits::DEFAULT).unwrap();
    let mut player = Player::new(reader).unwrap();
    for entry in entries {
        assert_eq!(player.advance().unwrap().map(|moment| moment.entry.clone()), Some(entry));
    }
    assert!(player.advance().unwrap().is_none());
}
