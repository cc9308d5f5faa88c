//! What is no entry: unknown tags, numbers out of range, flags that are neither 0 nor 1.

use kernel::Reference;
use replay::Entry;
use replay::codec::{CodecError, ENTRY_BYTES_MAX, decode_entry, encode_entry};
use replay::entry::{DecisionEntry, MarkName};

use super::bytes;
use super::entries::vectors;

/// The first vector of an entry with this tag; of `SetRule`, with this rule.
fn vector(tag: u8, rule: Option<u8>) -> Vec<u8> {
    let mut all = vectors().into_iter().map(|(_, vector)| bytes(vector));
    let is_wanted =
        |bytes: &Vec<u8>| bytes[0] == tag && rule.is_none_or(|rule| bytes.get(1) == Some(&rule));
    all.find(is_wanted).unwrap()
}

/// The vectors of a good-till-time limit order and of a market order, both with display and stop.
fn with_both() -> [Vec<u8>; 2] {
    let find = |tif: u8, len: usize, extras_at: usize| {
        let mut all = vectors().into_iter().map(|(_, vector)| bytes(vector));
        all.find(|bytes| {
            bytes[0] == 1 && bytes[18] == tif && bytes.len() == len && bytes[extras_at] == 3
        })
    };
    [find(3, 42, 33).unwrap(), find(1, 30, 21).unwrap()]
}

/// Every byte but the first `known` ones is refused at this place of a vector.
#[track_caller]
fn check_tag(mut bytes: Vec<u8>, at: usize, known: u8, message: &'static str) {
    for tag in known..=u8::MAX {
        bytes[at] = tag;
        assert_eq!(decode_entry(&bytes), Err(CodecError::Malformed(message)), "{tag} at {at}");
    }
}

#[track_caller]
fn check_number(bytes: &[u8], at: usize, good: &[i32], bad: &[i32], message: &'static str) {
    let with = |number: &i32| {
        let mut bytes = bytes.to_vec();
        bytes[at..at + 4].copy_from_slice(&number.to_le_bytes());
        decode_entry(&bytes).map(|(_, len)| len)
    };
    for number in good {
        assert_eq!(with(number), Ok(bytes.len()), "{number} at {at}");
    }
    for number in bad {
        assert_eq!(with(number), Err(CodecError::Malformed(message)), "{number} at {at}");
    }
}

#[test]
fn unknown_entries_are_refused() {
    let known = [1, 2, 3, 4, 5, 6, 7, 8, 16, 17, 18, 31];
    for tag in (0..=u8::MAX).filter(|tag| !known.contains(tag)) {
        let mut bytes = [0; 64];
        bytes[0] = tag;
        let message = "unknown tag of an entry";
        assert_eq!(decode_entry(&bytes), Err(CodecError::Malformed(message)), "tag {tag}");
    }
}

#[test]
fn unknown_tags_inside_an_entry_are_refused() {
    let place = vector(1, None);
    check_tag(place.clone(), 13, 2, "unknown side");
    check_tag(place.clone(), 18, 4, "unknown time in force");
    check_tag(place.clone(), 19, 5, "unknown self-trade choice");
    check_tag(place, 20, 4, "unknown order kind");
    check_tag(vector(7, Some(6)), 2, 3, "unknown market state");
    check_tag(vector(7, Some(10)), 1, 12, "unknown rule");
    let mut zero = vector(7, Some(10));
    zero[1] = 0;
    assert_eq!(decode_entry(&zero), Err(CodecError::Malformed("unknown rule")));
}

#[test]
fn unknown_extras_of_an_order_are_refused() {
    let message = "unknown extras of an order";
    let (limit, [long, market]) = (vector(1, None), with_both());
    assert_eq!((limit.len(), limit[25]), (26, 0));
    check_tag(limit, 25, 4, message);
    check_tag(long, 33, 4, message);
    check_tag(market, 21, 4, message);
}

#[test]
fn flags_are_0_or_1() {
    let message = "a flag is neither 0 nor 1";
    check_tag(vector(7, Some(7)), 2, 2, message);
    check_tag(vector(7, Some(8)), 6, 2, message);
    check_tag(vector(16, None), 21, 2, message);
}

#[test]
fn prices_quantities_and_fees_stay_in_their_range() {
    let (good, bad) = ([1, i32::MAX], [0, i32::MIN, -1]);
    let [long, _] = with_both();
    let message = "a price is outside 1..=2^31-1";
    for (bytes, at) in [
        (vector(1, None), 21),
        (long.clone(), 29),
        (long.clone(), 38),
        (vector(4, None), 13),
        (vector(7, Some(1)), 2),
        (vector(7, Some(4)), 2),
        (vector(7, Some(4)), 6),
    ] {
        check_number(&bytes, at, &good, &bad, message);
    }
    let message = "a quantity is outside 1..=2^31-1";
    for (bytes, at) in [
        (vector(1, None), 14),
        (long, 34),
        (vector(3, None), 13),
        (vector(4, None), 17),
        (vector(7, Some(2)), 2),
        (vector(7, Some(3)), 2),
    ] {
        check_number(&bytes, at, &good, &bad, message);
    }
    let (good, bad) = ([-1_000_000, 0, 1_000_000], [-1_000_001, 1_000_001, i32::MIN, i32::MAX]);
    let message = "a fee is outside -1,000,000..=1,000,000 ppm";
    let fees = vector(7, Some(10));
    check_number(&fees, 2, &good, &bad, message);
    check_number(&fees, 6, &good, &bad, message);
}

#[test]
fn an_action_has_at_most_512_numbers() {
    let with = |len: usize| {
        let action = vec![-7; len];
        let (agent, policy, commands) = (1, 1, 1);
        let first_reference = Reference(1);
        let observation = Some([3; 8]);
        let decision =
            DecisionEntry { agent, policy, action, first_reference, commands, observation };
        let mut bytes = vec![0; ENTRY_BYTES_MAX];
        let len = encode_entry(&Entry::Decision(decision), &mut bytes)?;
        bytes.truncate(len);
        Ok::<_, CodecError>(bytes)
    };
    let mut bytes = with(512).unwrap();
    assert_eq!(bytes.len(), 32 + 4 * 512);
    assert_eq!(decode_entry(&bytes).unwrap().1, bytes.len());
    let refused = CodecError::Malformed("an action has more than 512 numbers");
    assert_eq!(with(513), Err(refused));
    bytes.extend([0; 4]);
    bytes[30..32].copy_from_slice(&513_u16.to_le_bytes());
    assert_eq!(decode_entry(&bytes), Err(refused));
}

#[test]
fn a_mark_has_a_name_of_1_to_64_plain_characters() {
    let with = |name: &[u8]| {
        let len = u16::try_from(name.len()).unwrap();
        let bytes = [&[17], &len.to_le_bytes()[..], name, &[0; 8]].concat();
        decode_entry(&bytes).map(|_| ())
    };
    assert_eq!(MarkName::BYTES_MAX, 64);
    assert_eq!(with(&[b'a'; 64]), Ok(()));
    let refused = Err(CodecError::Malformed("not a mark's name"));
    assert_eq!(with(&[b'a'; 65]), refused);
    assert_eq!(with(b""), refused);
    for byte in 0..=127_u8 {
        let is_plain = byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        assert_eq!(with(&[byte]), if is_plain { Ok(()) } else { refused }, "{byte}");
    }
    assert_eq!(with("é".as_bytes()), refused);
    assert_eq!(with(&[0xFF]), Err(CodecError::Malformed("a text is not UTF-8")));
    // A name longer than an entry may be is refused by its length alone.
    assert_eq!(with(&[b'a'; 5_000]), Err(CodecError::TooLong));
}
