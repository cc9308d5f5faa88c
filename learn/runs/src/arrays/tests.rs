//! Tests of files of arrays.

use quickcheck::{Arbitrary, Gen, quickcheck};

use super::*;

impl Arbitrary for Arrays {
    fn arbitrary(g: &mut Gen) -> Self {
        let mut arrays = Self::default();
        for index in 0..usize::arbitrary(g) % 6 {
            let name = format!("{}.{index}", g.choose(&["actor/weight", "b", "Z-_"]).unwrap());
            let sides: Vec<u64> =
                (0..usize::arbitrary(g) % 4).map(|_| u64::arbitrary(g) % 4).collect();
            let len = usize::try_from(sides.iter().product::<u64>()).unwrap();
            let numbers = match u8::arbitrary(g) % 4 {
                // Any bits but those of NaN, which equal nothing.
                0 => Numbers::F32(
                    (0..len).map(|_| f32::from_bits(u32::arbitrary(g) & !(1 << 30))).collect(),
                ),
                1 => Numbers::I64((0..len).map(|_| i64::arbitrary(g)).collect()),
                2 => Numbers::U64((0..len).map(|_| u64::arbitrary(g)).collect()),
                _ => Numbers::U8((0..len).map(|_| u8::arbitrary(g)).collect()),
            };
            arrays.arrays.insert(name, Array::new(&sides, numbers).unwrap());
        }
        for index in 0..usize::arbitrary(g) % 4 {
            arrays.texts.insert(format!("text.{index}"), String::arbitrary(g));
        }
        arrays
    }
}

quickcheck! {
    fn what_is_written_is_read_as_the_same(arrays: Arrays) -> bool {
        let bytes = arrays.encode().unwrap();
        Arrays::decode(&bytes).as_ref() == Ok(&arrays)
    }

    /// Without texts, whose order theirs leaves open, the bytes are those of the format's own library.
    fn the_bytes_are_those_of_the_formats_library(arrays: Arrays) -> bool {
        let arrays = Arrays { texts: BTreeMap::new(), ..arrays };
        let data: Vec<(String, Vec<u8>, Dtype, Vec<usize>)> = arrays.arrays.iter().map(|(name, it)| {
            let mut bytes = Vec::new();
            it.numbers.append_to(&mut bytes);
            let dtype = match it.numbers {
                Numbers::F32(_) => Dtype::F32,
                Numbers::I64(_) => Dtype::I64,
                Numbers::U64(_) => Dtype::U64,
                Numbers::U8(_) => Dtype::U8,
            };
            let shape = it.shape.iter().map(|side| usize::try_from(*side).unwrap()).collect();
            (name.clone(), bytes, dtype, shape)
        }).collect();
        let views = data.iter().map(|(name, bytes, dtype, shape)| {
            (name, TensorView::new(*dtype, shape.clone(), bytes).unwrap())
        });
        safetensors::serialize(views, None).unwrap() == arrays.encode().unwrap()
    }
}

fn example() -> Arrays {
    let mut arrays = Arrays::default();
    let weights = Numbers::F32(vec![1.0, -0.0, f32::NAN, 0.5]);
    arrays.arrays.insert("weights".to_owned(), Array::new(&[2, 2], weights).unwrap());
    arrays.arrays.insert("steps".to_owned(), Array::list(Numbers::I64(vec![-1])));
    arrays.texts.insert("what".to_owned(), "a \"text\"\n".to_owned());
    arrays
}

#[test]
fn the_bytes_of_an_example() {
    let bytes = example().encode().unwrap();
    let (length, rest) = bytes.split_first_chunk().unwrap();
    let (header, data) = rest.split_at(usize::try_from(u64::from_le_bytes(*length)).unwrap());
    insta::assert_snapshot!(std::str::from_utf8(header).unwrap().trim_end());
    assert_eq!(data.len(), 8 + 16);
    assert_eq!(data[..8], (-1_i64).to_le_bytes());
    assert_eq!(data[8 + 8..8 + 12], f32::NAN.to_le_bytes(), "bits are kept");
}

#[test]
fn every_cut_and_every_flipped_bit_of_the_header_is_told() {
    let bytes = example().encode().unwrap();
    let header = 8 + usize::try_from(u64::from_le_bytes(*bytes.first_chunk().unwrap())).unwrap();
    for len in 0..bytes.len() {
        assert!(Arrays::decode(&bytes[..len]).is_err(), "{len} bytes");
    }
    let whole = Arrays::decode(&bytes).unwrap().encode().unwrap();
    assert_eq!(whole, bytes);
    for bit in 0..header * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        // A letter of a name or a text may be another: then the content is, and has these bytes.
        if let Ok(read) = Arrays::decode(&flipped) {
            assert_eq!(read.encode().unwrap(), flipped, "bit {bit}");
        }
    }
}

fn with_header(header: &str, data: &[u8]) -> Result<Arrays, ArraysError> {
    let mut header = header.as_bytes().to_vec();
    header.resize(header.len().next_multiple_of(8), b' ');
    let len = (header.len() as u64).to_le_bytes();
    Arrays::decode(&[&len[..], &header, data].concat())
}

#[test]
fn foreign_files_are_refused_by_name() {
    let told = |header: &str, data: &[u8]| with_header(header, data).unwrap_err().to_string();
    let mut huge = vec![0xFF; 16];
    huge[7] = 0x7F;
    insta::assert_snapshot!([
        Arrays::decode(&huge).unwrap_err().to_string(),
        told("{\"w\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[0,2]}}", &[0; 2]),
        told("{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", &[0; 4]),
        told("{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", &[0; 5]),
        told("{\"w w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", &[0; 1]),
        told("{ \"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", &[0; 1]),
        told("{\"w\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,1],\"data_offsets\":[0,1]}}", &[0]),
        told("{\"w\":{\"dtype\":\"U8\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,0]}}", &[]),
        told("[1]", &[]),
    ]
    .join("\n"));
}

#[test]
fn names_that_no_reader_takes_are_not_written() {
    for name in ["", "a b", METADATA, "ä", "a\n"] {
        let mut arrays = Arrays::default();
        arrays.arrays.insert(name.to_owned(), Array::list(Numbers::U8(vec![1])));
        let is_metadata = name == METADATA;
        assert_eq!(arrays.encode(), Err(ArraysError::Name), "{name:?} {is_metadata}");
    }
    assert_eq!(Array::new(&[2], Numbers::U8(vec![1])), None);
}
