//! Random entries and random bytes.

use kernel::{
    ClientId, Command, MarketState, OrderId, OrderKind, Place, Ppm, Price, Qty, Reference,
    RuleChange, SelfTrade, Side, Step, TimeInForce, TimeNs,
};
use quickcheck::{Arbitrary, Gen, QuickCheck};
use replay::codec::{ENTRY_BYTES_MAX, decode_entry, decode_genesis, encode_entry, encode_genesis};
use replay::entry::DecisionEntry;
use replay::{Entry, Mark, Update};

use super::common::{mixed_entries, record};
use super::{read, record_open};

/// An entry with any numbers that the format allows.
#[derive(Clone, Debug)]
struct Any(Entry);

fn within(source: &mut Gen, bound: u32) -> u32 {
    u32::arbitrary(source) % bound
}

fn price(source: &mut Gen) -> Price {
    Price::new(1 + within(source, i32::MAX.cast_unsigned())).unwrap()
}

fn qty(source: &mut Gen) -> Qty {
    Qty::new(1 + within(source, i32::MAX.cast_unsigned())).unwrap()
}

fn ppm(source: &mut Gen) -> Ppm {
    Ppm::new(within(source, 2_000_001).cast_signed() - 1_000_000).unwrap()
}

fn digest(source: &mut Gen) -> [u8; 32] {
    [(); 32].map(|()| u8::arbitrary(source))
}

fn place(source: &mut Gen) -> Place {
    let limit = OrderKind::Limit { price: price(source), post_only: bool::arbitrary(source) };
    let expiry = TimeNs(u64::arbitrary(source));
    let times = [TimeInForce::Gtc, TimeInForce::Gtt(expiry), TimeInForce::Ioc, TimeInForce::Fok];
    let choices = [
        SelfTrade::Allow,
        SelfTrade::CancelNewest,
        SelfTrade::CancelOldest,
        SelfTrade::CancelBoth,
        SelfTrade::Decrement,
    ];
    Place {
        client: ClientId(u32::arbitrary(source)),
        reference: Reference(u64::arbitrary(source)),
        side: *source.choose(&[Side::Buy, Side::Sell]).unwrap(),
        qty: qty(source),
        kind: *source.choose(&[limit, OrderKind::Market, OrderKind::MarketToLimit]).unwrap(),
        tif: *source.choose(&times).unwrap(),
        display: bool::arbitrary(source).then(|| qty(source)),
        stop: bool::arbitrary(source).then(|| price(source)),
        self_trade: *source.choose(&choices).unwrap(),
    }
}

fn rule(source: &mut Gen) -> RuleChange {
    match within(source, 11) {
        0 => RuleChange::Tick(price(source)),
        1 => RuleChange::Lot(qty(source)),
        2 => RuleChange::QtyMax(qty(source)),
        3 => RuleChange::PriceRange { min: price(source), max: price(source) },
        4 => RuleChange::PositionMax(i64::arbitrary(source)),
        5 => RuleChange::State(
            *source
                .choose(&[MarketState::Continuous, MarketState::Halted, MarketState::Auction])
                .unwrap(),
        ),
        6 => RuleChange::ShortBan(bool::arbitrary(source)),
        7 => RuleChange::Exempt {
            client: ClientId(u32::arbitrary(source)),
            exempt: bool::arbitrary(source),
        },
        8 => RuleChange::Tax(u32::arbitrary(source)),
        9 => RuleChange::Band(u32::arbitrary(source)),
        _ => RuleChange::Fees { maker: ppm(source), taker: ppm(source) },
    }
}

fn command(source: &mut Gen) -> Command {
    let (client, order) = (ClientId(u32::arbitrary(source)), OrderId(u64::arbitrary(source)));
    match within(source, 9) {
        0 => Command::Cancel { client, order },
        1 => Command::Reduce { client, order, by: qty(source) },
        2 => Command::Replace { client, order, price: price(source), qty: qty(source) },
        3 => Command::MassCancel { client },
        4 => Command::Clock {
            time: TimeNs(u64::arbitrary(source)),
            step: Step(u64::arbitrary(source)),
        },
        5 => Command::SetRule(rule(source)),
        6 => Command::Uncross,
        _ => Command::Place(place(source)),
    }
}

impl Arbitrary for Any {
    fn arbitrary(source: &mut Gen) -> Self {
        let letters: Vec<char> = ('a'..='z').chain(['-', '_', '.', 'A', '0']).collect();
        Self(match within(source, 10) {
            0 => Entry::End,
            1 => {
                let len = 1 + within(source, 64);
                let name: String = (0..len).map(|_| *source.choose(&letters).unwrap()).collect();
                Entry::Mark(Mark { name: name.parse().unwrap(), number: u64::arbitrary(source) })
            }
            2 => Entry::Update(Update {
                learner: u32::arbitrary(source),
                number: u64::arbitrary(source),
                digest: digest(source),
            }),
            3 | 4 => Entry::Decision(DecisionEntry {
                agent: u32::arbitrary(source),
                policy: u32::arbitrary(source),
                action: (0..within(source, 513)).map(|_| i32::arbitrary(source)).collect(),
                first_reference: Reference(u64::arbitrary(source)),
                commands: u32::arbitrary(source),
                observation: bool::arbitrary(source).then(|| [(); 8].map(|()| 7)),
            }),
            _ => Entry::Command(command(source)),
        })
    }
}

fn encoded(entry: &Entry) -> Vec<u8> {
    let mut bytes = [0; ENTRY_BYTES_MAX];
    let len = encode_entry(entry, &mut bytes).unwrap();
    bytes[..len].to_vec()
}

#[test]
fn every_entry_comes_back() {
    fn comes_back(Any(entry): Any) -> bool {
        let bytes = encoded(&entry);
        decode_entry(&bytes) == Ok((entry, bytes.len()))
            && (0..bytes.len()).all(|len| decode_entry(&bytes[..len]).is_err())
    }
    QuickCheck::new().tests(3_000).quickcheck(comes_back as fn(Any) -> bool);
}

#[test]
fn what_is_accepted_is_written_the_same_way() {
    fn is_canonical(mut bytes: Vec<u8>, tag: u8) -> bool {
        // Half of the time a tag that exists, or hardly any would be accepted.
        let tags = [1, 1, 2, 3, 4, 5, 6, 7, 7, 8, 16, 17, 18];
        if let (Some(first), Some(known)) = (bytes.first_mut(), tags.get(usize::from(tag) % 26)) {
            *first = *known;
        }
        decode_entry(&bytes).map_or(true, |(entry, len)| encoded(&entry) == bytes[..len])
    }
    QuickCheck::new().tests(50_000).quickcheck(is_canonical as fn(Vec<u8>, u8) -> bool);
}

#[test]
fn one_changed_byte_gives_another_entry_or_none() {
    fn differs(Any(entry): Any, at: usize, by: u8) -> bool {
        let mut bytes = encoded(&entry);
        let at = at % bytes.len();
        bytes[at] ^= by.max(1);
        decode_entry(&bytes)
            .map_or(true, |(read, len)| read != entry && encoded(&read) == bytes[..len])
    }
    QuickCheck::new().tests(20_000).quickcheck(differs as fn(Any, usize, u8) -> bool);
}

#[test]
fn random_bytes_are_no_log_and_no_tail() {
    fn is_refused(bytes: Vec<u8>) -> bool {
        let open = record_open(&[], &[]);
        let (ended, _) = record(&[]);
        let genesis = decode_genesis(&bytes)
            .map_or(true, |genesis| encode_genesis(&genesis).as_ref() == Ok(&bytes));
        read(&bytes, &[]).is_err()
            && (bytes.is_empty() || read(&open.log, &bytes).is_err())
            && (bytes.is_empty() || read(&[ended, bytes].concat(), &[]).is_err())
            && genesis
    }
    QuickCheck::new().tests(1_000).quickcheck(is_refused as fn(Vec<u8>) -> bool);
}

#[test]
fn a_spliced_log_is_refused_or_the_same() {
    fn is_refused(at: usize, len: usize, with: Vec<u8>) -> bool {
        let (log, _) = record(&mixed_entries(20));
        let (at, len) = (at % log.len(), len % 40);
        let end = log.len().min(at + len);
        let mut spliced = log.clone();
        spliced.splice(at..end, with);
        spliced == log || read(&spliced, &[]).map_or(true, |(_, is_ended)| !is_ended)
    }
    QuickCheck::new().tests(2_000).quickcheck(is_refused as fn(usize, usize, Vec<u8>) -> bool);
}
