//! A compacted log that lost its end is refused; what is whole of it is a prefix of the log.

use replay::packed::PackedDamage;
use replay::{Packed, PackedError};

use super::{expand, logs, read_through};

/// Offsets at which frames begin, and the one of the index.
fn borders(packed: &[u8]) -> Vec<usize> {
    let word = |at: usize| {
        let bytes = packed[at..].first_chunk().unwrap();
        usize::try_from(u64::from_le_bytes(*bytes)).unwrap()
    };
    let footer = packed.len() - 36;
    let index = word(footer + 16);
    (0..word(footer)).map(|block| word(index + 8 * block)).chain([index]).collect()
}

#[test]
fn a_log_cut_anywhere_gives_its_whole_frames() {
    let (log, packed) = logs(20_000);
    let borders = borders(&packed);
    let (whole, index) = (borders.len() - 1, borders[borders.len() - 1]);
    assert!(5 < whole);
    let near = borders.iter().flat_map(|border| border - 9..border + 9);
    let cuts = (0..packed.len()).step_by(971).chain(near).chain(index..packed.len());
    for cut in cuts {
        let bytes = packed[..cut].to_vec();
        let refused = expand(&bytes).unwrap_err();
        match Packed::open_cut(bytes) {
            Err(error) => {
                assert!(cut < borders[0], "cut at {cut}: {error}");
                let is_at_start = matches!(error, PackedError::NotPacked) == (cut == 0);
                assert!(is_at_start && !refused.is_cut(), "cut at {cut}: {error}");
            }
            Ok((kept, good)) => {
                assert!(refused.is_cut(), "cut at {cut}: {refused}");
                let blocks = borders.iter().filter(|border| **border <= cut).count() - 1;
                assert_eq!((kept.blocks(), good), (blocks, borders[blocks] as u64));
                let kept = read_through(&kept).unwrap();
                assert!(log.starts_with(&kept), "cut at {cut}");
                assert_eq!(kept.len() == log.len(), blocks == whole);
            }
        }
    }
}

#[test]
fn a_whole_log_has_nothing_to_cut_off() {
    let (log, packed) = logs(6_000);
    let size = packed.len() as u64;
    let (kept, good) = Packed::open_cut(packed).unwrap();
    assert_eq!(good, size);
    assert!(read_through(&kept).unwrap() == log);
}

/// What is merely cut off ends anyhow; what is wrong while more follows is damage.
#[test]
fn damage_is_no_cut() {
    let (_, packed) = logs(20_000);
    let borders = borders(&packed);
    let damage = |bytes: &[u8]| match Packed::open_cut(bytes.to_vec()) {
        Err(PackedError::Damaged { what, offset }) => (what, usize::try_from(offset).unwrap()),
        other => panic!("not damaged: {other:?}"),
    };
    let mut flipped = packed[..borders[4] + 100].to_vec();
    flipped[borders[2] + 50] ^= 1;
    assert_eq!(damage(&flipped), (PackedDamage::Checksum, borders[2]));
    // A length that no frame has.
    let mut long = packed[..borders[4]].to_vec();
    long[borders[3] + 2] = 0x7F;
    assert_eq!(damage(&long), (PackedDamage::Length, borders[3]));
    // An index that is not that of the frames, so long that it is no frame that was cut.
    let index = borders[borders.len() - 1];
    let mut wrong = packed[..packed.len() - 1].to_vec();
    wrong[index + 2] = 0x7F;
    assert_eq!(damage(&wrong), (PackedDamage::Length, index));
    for more in [1, 8, 36, 100_000] {
        let longer = [&packed[..], &vec![0; more]].concat();
        assert!(expand(&longer).unwrap_err().is_cut());
        assert_eq!(damage(&longer), (PackedDamage::AfterFooter, index));
    }
}
