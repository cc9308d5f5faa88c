//! The genesis, with nothing and with everything.

use kernel::{ClientId, Endowment, Limits, MarketState, Ppm, Price, Qty, Rules};
use replay::codec::{CodecError, GENESIS_BYTES_MAX, decode_genesis, encode_genesis};
use replay::{Digest, Genesis, Parent, header};

use super::{bytes, digits, hex};

fn plain() -> Genesis {
    Genesis::new(kernel::Genesis::open(), "p")
}

fn full() -> Genesis {
    let market = kernel::Genesis {
        limits: Limits { orders_max: 1_000, clients_max: 16, levels_max: 500 },
        rules: Rules {
            tick: Price::new(5).unwrap(),
            lot: Qty::new(10).unwrap(),
            qty_max: Qty::new(1_000).unwrap(),
            price_min: Price::new(100).unwrap(),
            price_max: Price::new(200).unwrap(),
            position_max: 1 << 40,
            state: MarketState::Halted,
            short_ban: true,
            tax: 3,
            maker_fee: Ppm::new(-10).unwrap(),
            taker_fee: Ppm::new(20).unwrap(),
            band: 0x71,
        },
        exempt: vec![ClientId(1), ClientId(15)],
        endowments: vec![
            Endowment { client: ClientId(0), position: -1, cash: -2 },
            Endowment { client: ClientId(2), position: 1 << 61, cash: 1 << 100 },
        ],
    };
    let parameters = [("agents", "100"), ("κ", "")];
    let parameters = parameters.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let parent = Parent { seal: Digest([0x51; 32]), entry: 77, head: Digest([0x52; 32]) };
    Genesis { market, seed: 42, producer: "demo".to_owned(), parameters, parent: Some(parent) }
}

/// Blanks part the fields.
const PLAIN: &str = "\
    00001000 00000100 00001000 01000000 01000000 ffffff7f 01000000 ffffff7f 0000000000000040 00 \
    00 00000000 00000000 00000000 00000000 00000000 00000000 0000000000000000 0100 70 00000000 00";

const FULL: &str = "\
    e8030000 10000000 f4010000 05000000 0a000000 e8030000 64000000 c8000000 0000000000010000 01 \
    01 03000000 f6ffffff 14000000 71000000 02000000 01000000 0f000000 02000000 00000000 \
    ffffffffffffffff \
    feffffffffffffffffffffffffffffff 02000000 0000000000000020 00000000000000000000000010000000 \
    2a00000000000000 0400 64656d6f 02000000 0600 6167656e7473 0300 313030 0200 ceba 0000 01 \
    5151515151515151515151515151515151515151515151515151515151515151 4d00000000000000 \
    5252525252525252525252525252525252525252525252525252525252525252";

#[test]
fn a_genesis_has_these_bytes_and_no_others() {
    for (genesis, vector) in [(plain(), PLAIN), (full(), FULL)] {
        assert_eq!(hex(&encode_genesis(&genesis).unwrap()), digits(vector));
        assert_eq!(decode_genesis(&bytes(vector)), Ok(genesis));
    }
}

#[test]
fn a_genesis_takes_all_of_its_bytes() {
    for vector in [PLAIN, FULL] {
        let mut bytes = bytes(vector);
        for len in 0..bytes.len() {
            assert_eq!(decode_genesis(&bytes[..len]), Err(CodecError::CutShort), "{len}");
        }
        bytes.push(0);
        let refused = CodecError::Malformed("bytes are left over after the genesis");
        assert_eq!(decode_genesis(&bytes), Err(refused));
    }
}

#[test]
fn no_byte_of_a_genesis_is_idle() {
    for vector in [PLAIN, FULL] {
        let (bytes, original) = (bytes(vector), decode_genesis(&bytes(vector)));
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let read = decode_genesis(&flipped);
            assert_ne!(read, original, "bit {bit}");
            if let Ok(genesis) = read {
                assert_eq!(encode_genesis(&genesis), Ok(flipped), "bit {bit}");
            }
        }
    }
}

/// Replaces bytes of the full genesis.
fn patched(at: usize, with: &[u8]) -> Result<Genesis, CodecError> {
    let mut bytes = bytes(FULL);
    bytes[at..at + with.len()].copy_from_slice(with);
    decode_genesis(&bytes)
}

#[test]
fn values_that_the_format_does_not_allow_are_refused() {
    let flag = CodecError::Malformed("a flag is neither 0 nor 1");
    let bound = CodecError::Malformed("the genesis breaks a bound of the kernel");
    let number = |number: u32| number.to_le_bytes();
    let parent_at = bytes(FULL).len() - 73;
    for (at, with, refused) in [
        (40, vec![3], CodecError::Malformed("unknown market state")),
        (41, vec![2], flag),
        (parent_at, vec![2], flag),
        // The limits: none is 0, none above its bound.
        (0, number(0).to_vec(), bound),
        (0, number((1 << 28) + 1).to_vec(), bound),
        (4, number((1 << 20) + 1).to_vec(), bound),
        (8, number(0).to_vec(), bound),
        (12, number(0).to_vec(), CodecError::Malformed("a price is outside 1..=2^31-1")),
        (16, number(1 << 31).to_vec(), CodecError::Malformed("a quantity is outside 1..=2^31-1")),
        // The price range is empty.
        (24, number(201).to_vec(), bound),
        (32, (-1_i64).to_le_bytes().to_vec(), bound),
        (32, ((1_i64 << 62) + 1).to_le_bytes().to_vec(), bound),
        // Exempt: twice, descending, not below clients_max.
        (62, number(15).to_vec(), bound),
        (66, number(0).to_vec(), bound),
        (66, number(16).to_vec(), bound),
        // Endowments: twice; too many lots; too much cash.
        (102, number(0).to_vec(), bound),
        (106, ((1_i64 << 61) + 1).to_le_bytes().to_vec(), bound),
        (114, ((1_i128 << 100) + 1).to_le_bytes().to_vec(), bound),
    ] {
        assert_eq!(patched(at, &with), Err(refused), "{with:?} at {at}");
    }
}

#[test]
fn parameters_ascend_by_key() {
    let good = bytes(FULL);
    let key_at = good.windows(6).position(|bytes| bytes == b"agents").unwrap();
    let refused = CodecError::Malformed("parameters are not ascending");
    // Above the second key, "κ".
    assert_eq!(patched(key_at, "λλλ".as_bytes()), Err(refused));
    let genesis = Genesis { parameters: [("a".into(), "1".into())].into(), ..plain() };
    let mut twice = encode_genesis(&genesis).unwrap();
    let parameter = [1, 0, b'a', 1, 0, b'1'];
    let at = twice.len() - 1;
    twice.splice(at..at, parameter);
    twice[at - parameter.len() - 4] = 2;
    assert_eq!(decode_genesis(&twice), Err(refused));
    assert_eq!(patched(key_at, &[0xFF]), Err(CodecError::Malformed("a text is not UTF-8")));
}

/// A genesis of this many bytes.
fn genesis_of(len: usize) -> Genesis {
    let mut genesis = plain();
    let mut left = len - encode_genesis(&genesis).unwrap().len();
    while 0 < left {
        let key = format!("{:04}", genesis.parameters.len());
        let value = (left - 8).min(60_000);
        left -= value + 8;
        genesis.parameters.insert(key, "v".repeat(value));
    }
    genesis
}

#[test]
fn a_genesis_of_exactly_the_limit_is_written_and_read() {
    let genesis = genesis_of(GENESIS_BYTES_MAX);
    let bytes = encode_genesis(&genesis).unwrap();
    assert_eq!(bytes.len(), GENESIS_BYTES_MAX);
    assert_eq!(decode_genesis(&bytes).as_ref(), Ok(&genesis));
    let log = header::encode(&genesis).unwrap();
    assert_eq!(header::read(&mut &log[..]).unwrap().genesis, genesis);
    let longer = genesis_of(GENESIS_BYTES_MAX + 1);
    assert_eq!(encode_genesis(&longer), Err(CodecError::TooLong));
}

#[test]
fn a_text_has_at_most_65_535_bytes() {
    let with = |len: usize| Genesis { producer: "x".repeat(len), ..plain() };
    let bytes = encode_genesis(&with(65_535)).unwrap();
    assert_eq!(decode_genesis(&bytes), Ok(with(65_535)));
    let refused = CodecError::Malformed("a text has more than 65,535 bytes");
    assert_eq!(encode_genesis(&with(65_536)), Err(refused));
}
