//! Tests of event files.

use quickcheck::{Arbitrary, Gen, TestResult, quickcheck};

use super::*;

impl Arbitrary for Event {
    fn arbitrary(g: &mut Gen) -> Self {
        let number = |g: &mut Gen| f64::from(i32::arbitrary(g)) / 3.0;
        let histogram = |g: &mut Gen| Histogram {
            min: number(g),
            max: number(g),
            count: number(g),
            sum: number(g),
            sum_of_squares: number(g),
            buckets: (0..u8::arbitrary(g) % 4).map(|_| (number(g), number(g))).collect(),
        };
        let scalar = |g: &mut Gen| f32::from(i16::arbitrary(g)) / 7.0;
        Self {
            step: u64::arbitrary(g),
            scalars: (0..u8::arbitrary(g) % 4).map(|_| (String::arbitrary(g), scalar(g))).collect(),
            histograms: (0..u8::arbitrary(g) % 3)
                .map(|_| (String::arbitrary(g), histogram(g)))
                .collect(),
        }
    }
}

fn file(events: &[Event]) -> Vec<u8> {
    events.iter().fold(start(), |bytes, event| [bytes, append(event)].concat())
}

quickcheck! {
    fn what_is_written_is_read_as_the_same(events: Vec<Event>) -> bool {
        let bytes = file(&events);
        let len = bytes.len();
        read(&bytes) == Ok((events, len))
    }

    fn a_cut_record_is_left_out(events: Vec<Event>, cut: usize) -> TestResult {
        let bytes = file(&events);
        let cut = cut % (bytes.len() + 1);
        let (whole, end) = read(&bytes[..cut]).unwrap();
        TestResult::from_bool(end <= cut && events.starts_with(&whole))
    }

    fn a_flipped_bit_is_told_or_cuts(events: Vec<Event>, bit: usize) -> TestResult {
        let mut bytes = file(&events);
        let bit = bit % (bytes.len() * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        TestResult::from_bool(read(&bytes).is_err())
    }
}

/// Made by hand out of the format's definition: bytes of a field's number and type, its content; the
/// checksums by another program.
#[test]
fn the_bytes_of_two_records() {
    let first: &[u8] = &[
        24, 0, 0, 0, 0, 0, 0, 0, // Length.
        0xA3, 0x7F, 0x4B, 0x22, // Its masked checksum.
        0x09, 0, 0, 0, 0, 0, 0, 0, 0, // 1: wall time 0.0.
        0x1A, 13, b'b', b'r', b'a', b'i', b'n', b'.', b'E', b'v', b'e', b'n', b't', b':',
        b'2', // 3
        0xEE, 0xDF, 0x28, 0xA3, // The masked checksum of these.
    ];
    assert_eq!(start(), first);
    let event = Event { step: 300, scalars: vec![("a/b".to_owned(), 0.5)], ..Event::default() };
    let bytes = append(&event);
    let content: &[u8] = &[
        0x09, 0, 0, 0, 0, 0, 0xC0, 0x72, 0x40, // 1: wall time 300.0.
        0x10, 0xAC, 0x02, // 2: step 300.
        0x2A, 12, // 5: the summary.
        0x0A, 10, // 1: a value.
        0x0A, 3, b'a', b'/', b'b', // 1: its tag.
        0x15, 0, 0, 0, 0x3F, // 2: 0.5 in single precision.
    ];
    assert_eq!(&bytes[..8], [26, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!(&bytes[12..38], content);
    assert_eq!(bytes.len(), 42);
}

/// The vector of RFC 3720 for CRC-32C, masked.
#[test]
fn the_checksum_is_masked() {
    let plain = 0x8A91_36AA_u32;
    assert_eq!(crc32c::crc32c(&[0; 32]), plain);
    // The upper 17 bits below the lower 15, and 0xA282EAD8 added, by hand.
    assert_eq!(checksum(&[0; 32]), 0x0FD7_FFFA);
}

#[test]
fn the_records_up_to_a_step() {
    let of = |step| Event { step, ..Event::default() };
    let events = [of(1), of(2), of(4)];
    let mut torn = file(&events);
    torn.extend_from_slice(&[1, 2, 3]);
    for (step, count) in [(0, 0), (1, 1), (3, 2), (9, 3)] {
        assert_eq!(until(&torn, step), Ok(&file(&events[..count])[..]), "{step}");
    }
    assert_eq!(until(&[], 1), Ok(&[][..]));
}

#[test]
fn foreign_records_are_refused() {
    assert_eq!(read(&append(&Event::default())), Err(EventsError::Event { offset: 0 }));
    let foreign = [start(), record(b"\x09")].concat();
    assert_eq!(read(&foreign), Err(EventsError::Event { offset: start().len() }));
    let huge = record(&[]);
    let length = u64::MAX.to_le_bytes();
    let huge = [&length[..], &checksum(&length).to_le_bytes(), &huge[12..]].concat();
    assert_eq!(read(&huge), Err(EventsError::Event { offset: 0 }));
}

#[test]
fn values_are_counted_in_buckets() {
    let histogram = Histogram::of(&[1.0, 2.0, 2.5, 5.0], 4).unwrap();
    assert_eq!(histogram.buckets, [(2.0, 2.0), (3.0, 1.0), (4.0, 0.0), (5.0, 1.0)]);
    assert_eq!((histogram.count, histogram.sum, histogram.sum_of_squares), (4.0, 10.5, 36.25));
    let same = Histogram::of(&[3.0; 5], 3).unwrap();
    assert_eq!(same.buckets.iter().map(|(_, count)| count).sum::<f64>().to_bits(), 5f64.to_bits());
    assert_eq!(Histogram::of(&[], 3), None);
    assert_eq!(Histogram::of(&[f64::NAN], 3), None);
    assert_eq!(Histogram::of(&[1.0], 0), None);
}
