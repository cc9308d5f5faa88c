//! Compacted logs: what is compacted comes out again, and hostile bytes give a typed error or bytes
//! that fit into the blocks that are announced.

use std::io;

use replay::block::BLOCK_BYTES;
use replay::packed::{FOOTER_MAGIC, LEVEL_MAX, PACKED_MAGIC, pack};
use replay::{Packed, PackedError, Reader, Source};

use crate::input::Input;
use crate::patch::{patch, repair_checksum};
use crate::plan::{LIMITS, record};

/// Most bytes that are restored: a file of some kilobytes may announce hundreds of blocks.
const RESTORED_MAX: usize = 4 * BLOCK_BYTES;

/// A log and what it is compacted to.
#[derive(Debug)]
struct Base {
    log: Vec<u8>,
    packed: Vec<u8>,
}

thread_local! {
    /// Logs of different ends, compacted once.
    static BASES: Vec<Base> = bases();
}

fn bases() -> Vec<Base> {
    let content: Vec<u8> = (0..400_u32).map(|byte| (byte * 89 % 251).to_le_bytes()[0]).collect();
    [(1, 30), (1, 0), (0, 0), (0, 60), (0xF1, 20), (0xF8, 3)]
        .map(|(shape, entries)| {
            let mut plan = vec![entries];
            plan.extend(&content);
            base(&mut Input::new(&plan), shape, 1)
        })
        .into()
}

fn base(input: &mut Input<'_>, shape: u8, level: i32) -> Base {
    let log = record(input, shape).bytes;
    let mut packed = Vec::new();
    pack(Reader::open(&log[..], Vec::new(), LIMITS).unwrap(), &mut packed, level).unwrap();
    Base { log, packed }
}

/// Restores raw bytes, changed compacted logs, hostile frames, or what was compacted just now.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(8) {
        0 => {
            let is_repaired = input.flag();
            let mut bytes = input.rest().to_vec();
            if is_repaired {
                bytes = repaired(&bytes);
            }
            check(&bytes);
        }
        1 => fresh(&mut input),
        2 | 3 => BASES.with(|bases| hostile(&mut input, bases)),
        _ => BASES.with(|bases| changed(&mut input, bases)),
    }
}

/// What is compacted at any level is restored, from the start and from any place.
fn fresh(input: &mut Input<'_>) {
    let shape = input.u8();
    let level = 1 + i32::from(input.u8()) % 4;
    assert!(level <= LEVEL_MAX);
    let Base { log, packed } = base(input, shape, level);
    let restored = Packed::open(&packed[..]).unwrap();
    assert_eq!(restored.size().unwrap(), log.len() as u64);
    let at = input.place(log.len());
    let mut part = vec![0xAA; log.len() - at + 9];
    let have = restored.read_all_at(at as u64, &mut part).unwrap();
    assert!(part[..have] == log[at..], "from {at} on");
    assert!(restore(&restored).unwrap() == log, "what was compacted is restored");
}

fn changed(input: &mut Input<'_>, bases: &[Base]) {
    let base = &bases[input.index(bases.len())];
    let kind = input.below(4);
    let mut bytes = base.packed.clone();
    if kind == 0 {
        bytes.truncate(input.place(bytes.len()));
        return cut(base, &bytes);
    }
    for _ in 0..=input.below(3) {
        patch(input, &mut bytes, &base.log);
    }
    if kind == 1 {
        bytes = repaired(&bytes);
    }
    check(&bytes);
}

/// Of a file that lost its end, everything that is whole is kept.
fn cut(base: &Base, bytes: &[u8]) {
    let Ok((kept, good)) = Packed::open_cut(bytes) else { return };
    assert!(good <= bytes.len() as u64);
    let plain = restore(&kept).unwrap();
    assert!(base.log.starts_with(&plain), "a prefix of what was compacted");
    let whole = frames(&base.packed).unwrap_or_default();
    let end = whole.iter().filter(|frame| frame.end <= bytes.len()).count();
    assert_eq!(kept.blocks(), end, "every frame that is whole");
}

/// A compacted log with zstd frames of the input's making.
fn hostile(input: &mut Input<'_>, bases: &[Base]) {
    let base = &bases[input.index(bases.len())];
    let Some(start) = opening(&base.packed) else { return };
    let mut frames = Vec::new();
    for _ in 0..=input.below(3) {
        if input.flag() {
            let len = input.u16() % 512;
            frames.push(input.slice(len.into()).to_vec());
        } else {
            let found = self::frames(&base.packed).unwrap_or_default();
            let Some(place) = found.get(input.index(found.len())) else { continue };
            let mut frame = base.packed[place.start + 8..place.end].to_vec();
            patch(input, &mut frame, &base.log);
            frames.push(frame);
        }
    }
    let log_bytes = match input.below(4) {
        0 => base.log.len() as u64,
        1 => input.u64(),
        _ => (start - 18 + frames.len() * BLOCK_BYTES) as u64,
    };
    check(&assemble(&base.packed[..start], &frames, log_bytes));
}

/// Whatever the bytes are.
fn check(bytes: &[u8]) {
    let opened = Packed::open(bytes);
    match Packed::open_cut(bytes) {
        Ok((kept, good)) => {
            assert!(good <= bytes.len() as u64);
            assert!(opened.is_err() || good == bytes.len() as u64, "nothing is lost");
            // What is kept was decompressed to see that it is whole.
            if opened.is_err() && kept.blocks() * BLOCK_BYTES <= RESTORED_MAX {
                restore(&kept).unwrap();
            }
        }
        Err(error) => assert!(opened.is_err(), "a whole file needs no recovery: {error}"),
    }
    let Ok(packed) = opened else { return };
    let Ok(plain) = restore(&packed) else { return };
    let Ok(mut reader) = Reader::open(&plain[..], Vec::new(), LIMITS) else { return };
    while let Ok(Some(_)) = reader.next_block() {}
}

/// The bytes of the plain log, as far as they are restored here. An error is one of the container.
fn restore<S: Source>(packed: &Packed<S>) -> io::Result<Vec<u8>> {
    let size = usize::try_from(packed.size()?).unwrap();
    assert!(size <= (1 << 21) + packed.blocks() * BLOCK_BYTES, "no more than is announced");
    let mut bytes = vec![0xAA; size.min(RESTORED_MAX)];
    let read = packed.read_all_at(0, &mut bytes).inspect_err(|error| {
        let is_typed =
            error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<PackedError>);
        assert!(is_typed, "an error of the container: {error}");
    })?;
    assert_eq!(read, bytes.len(), "all that is announced");
    Ok(bytes)
}

/// Where the first frame begins.
fn opening(bytes: &[u8]) -> Option<usize> {
    let len = bytes.get(10..14)?.first_chunk()?;
    let end = usize::try_from(u32::from_le_bytes(*len)).ok()?.checked_add(18)?;
    (bytes.starts_with(&PACKED_MAGIC) && end <= bytes.len()).then_some(end)
}

/// Where the frames stand, as far as lengths lead; index and footer do not count.
fn frames(bytes: &[u8]) -> Option<Vec<std::ops::Range<usize>>> {
    let mut at = opening(bytes)?;
    let index = bytes.len().checked_sub(20)?;
    let index = u64::from_le_bytes(*bytes.get(index..)?.first_chunk()?);
    let end = usize::try_from(index).ok()?.min(bytes.len());
    let mut frames = Vec::new();
    while let Some(len) = bytes.get(at..end).and_then(<[u8]>::first_chunk) {
        let len = usize::try_from(u32::from_le_bytes(*len)).ok()?;
        let next = at.checked_add(8)?.checked_add(len)?;
        if end < next {
            break;
        }
        frames.push(at..next);
        at = next;
    }
    Some(frames)
}

/// The same opening and frames, and every checksum, the index and the footer fit.
fn repaired(bytes: &[u8]) -> Vec<u8> {
    let (Some(start), Some(found)) = (opening(bytes), frames(bytes)) else {
        return bytes.to_vec();
    };
    let frames: Vec<_> =
        found.iter().map(|frame| bytes[frame.start + 8..frame.end].to_vec()).collect();
    assemble(&bytes[..start], &frames, (start - 18 + frames.len() * BLOCK_BYTES) as u64)
}

fn assemble(opening: &[u8], frames: &[Vec<u8>], log_bytes: u64) -> Vec<u8> {
    let mut bytes = opening.to_vec();
    repair_checksum(&mut bytes);
    let mut ending = Vec::new();
    for frame in frames {
        ending.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        let len = u32::try_from(frame.len()).unwrap().to_le_bytes();
        let checksum = crc32c::crc32c_append(crc32c::crc32c(&len), frame);
        bytes.extend_from_slice(&len);
        bytes.extend_from_slice(&checksum.to_le_bytes());
        bytes.extend_from_slice(frame);
    }
    for number in [frames.len() as u64, log_bytes, bytes.len() as u64] {
        ending.extend_from_slice(&number.to_le_bytes());
    }
    ending.extend_from_slice(&crc32c::crc32c(&ending).to_le_bytes());
    ending.extend_from_slice(&FOOTER_MAGIC);
    bytes.extend_from_slice(&ending);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repaired_file_is_read_as_the_one_that_was_written() {
        for Base { log, packed } in bases() {
            assert!(restore(&Packed::open(&packed[..]).unwrap()).unwrap() == log);
            let again = repaired(&packed);
            assert!(
                again.len() == packed.len()
                    && again[..opening(&packed).unwrap()] == packed[..opening(&packed).unwrap()]
            );
            let _ = Packed::open(&again[..]).unwrap();
        }
    }
}
