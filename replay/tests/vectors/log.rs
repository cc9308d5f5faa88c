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
        display: None,
        stop: None,
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
    895245504c0d0a1a 0000 0000 57000000 00001000 00000100 00001000 01000000 01000000 ffffff7f \
    01000000 ffffff7f 0000000000000040 00 00 00000000 00000000 00000000 00000000 00000000 \
    00000000 0000000000000000 0600 766563746f72 00000000 00 \
    cde2526cf47185443f2df527fa82572ea78bc4583c0eee00de3d6ded75df6e85";

const BLOCK: &str = "\
    52424c4b 03000000 0100000000000000 0100000000000000 05000000 55000000 e803000000000000 \
    0100000000000000 6ad67349355832bc9db5a5ec99152119ad1ef2b185e4198e22ab599ef9a0c1f2 \
    3d9a78a0d95b69455b6d69a86d8b10b6e9cea686a22fc6784df095c67fce21dd \
    77037e63bb313c7db1f0fee65d36b56f421a9dd4a1c9221c9797ac6dfb0b87bb \
    0000000000000000000000000000000000000000000000000000000000000000 \
    87e4a6c5dbf07c42cf0c330d8df2440d5f9b9d4b887087424e00268ae26ab373 d8d1ef86 \
    06e8030000000000000100000000000000 010100000001000000000000000005000000000000e803000000 \
    110400686572650100000000000000 010200000002000000000000000103000000000000e803000000 1f";

/// Two frames: of the first entry, then of the others.
const TAIL: &str = "\
    895254414c0d0a1a cde2526cf47185443f2df527fa82572ea78bc4583c0eee00de3d6ded75df6e85 c0a42cf2 \
    11000000 918160e2 0100000000000000 01000000 06e8030000000000000100000000000000 43000000 \
    da18515f 0200000000000000 03000000 010100000001000000000000000005000000000000e803000000 \
    110400686572650100000000000000 010200000002000000000000000103000000000000e803000000";

const HEAD: &str = "6ad67349355832bc9db5a5ec99152119ad1ef2b185e4198e22ab599ef9a0c1f2";
const OUTCOME: &str = "3d9a78a0d95b69455b6d69a86d8b10b6e9cea686a22fc6784df095c67fce21dd";
const STATE: &str = "77037e63bb313c7db1f0fee65d36b56f421a9dd4a1c9221c9797ac6dfb0b87bb";
const SEAL: &str = "87e4a6c5dbf07c42cf0c330d8df2440d5f9b9d4b887087424e00268ae26ab373";

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
