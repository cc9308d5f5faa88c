//! The zones of a log as one file: a cache, bound to the log by the seal of its last block.
//! FORMAT.md §13.
//!
//! ```text
//! magic 8, version u16, kernel semantics u16, seal of the log's header 32
//! for each block from the first on: length u32, CRC-32C u32, bytes of the zone
//! 0xFFFF_FFFF u32, blocks u64, seal of the last of them 32, CRC-32C of these u32
//! ```

use std::io::{self, Read, Seek, SeekFrom, Write};

use replay::Digest;

use super::Zone;

const MAGIC: [u8; 8] = *b"\x89RZON\r\n\x1a";
/// Version of the layout of zones. Another one is made anew.
const VERSION: u16 = 0;
const HEADER_BYTES: usize = 8 + 2 + 2 + 32;
const FOOTER_BYTES: usize = 4 + 8 + 32 + 4;
/// Stands in place of a length where the zones end.
const END: u32 = u32::MAX;
/// Longest zone that is read: sixty-four accounts and as many marks are far below.
const ZONE_BYTES_MAX: u32 = 1 << 16;

/// Why a file of zones is of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ZonesError {
    /// The bytes are no zones, or not all of them.
    #[error("is no file of zones, or damaged")]
    Damaged,
    /// Zones of another layout or of other matching rules.
    #[error("is of another version")]
    Version,
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Io(io::Error),
}

impl From<io::Error> for ZonesError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::UnexpectedEof { Self::Damaged } else { Self::Io(error) }
    }
}

/// Reads zones one after the other.
#[derive(Debug)]
pub struct ZoneReader<R> {
    input: R,
    log: Digest,
    blocks: u64,
    seal: Digest,
    read: u64,
    /// Where the footer begins: zones end there and nowhere before.
    footer: u64,
}

impl<R: Read + Seek> ZoneReader<R> {
    /// Reads what the file says of itself. Whether it belongs to a log is for the caller to see: by
    /// [`ZoneReader::log`] and [`ZoneReader::seal`].
    ///
    /// # Errors
    /// [`ZonesError`].
    pub fn open(mut input: R) -> Result<Self, ZonesError> {
        let mut header = [0; HEADER_BYTES];
        input.read_exact(&mut header)?;
        let mut header = Fields(&header);
        if header.take() != MAGIC {
            return Err(ZonesError::Damaged);
        }
        let versions = (u16::from_le_bytes(header.take()), u16::from_le_bytes(header.take()));
        if versions != (VERSION, kernel::SEMANTICS_VERSION) {
            return Err(ZonesError::Version);
        }
        let log = Digest(header.take());
        let mut footer = [0; FOOTER_BYTES];
        let back = i64::try_from(FOOTER_BYTES).map_err(|_| ZonesError::Damaged)?;
        let footer_at = input.seek(SeekFrom::End(-back)).map_err(|_| ZonesError::Damaged)?;
        input.read_exact(&mut footer)?;
        let checked = crc32c::crc32c(&footer[..FOOTER_BYTES - 4]);
        let mut footer = Fields(&footer);
        let end = u32::from_le_bytes(footer.take());
        let (blocks, seal) = (u64::from_le_bytes(footer.take()), Digest(footer.take()));
        if end != END || u32::from_le_bytes(footer.take()) != checked {
            return Err(ZonesError::Damaged);
        }
        input.seek(SeekFrom::Start(HEADER_BYTES as u64))?;
        Ok(Self { input, log, blocks, seal, read: 0, footer: footer_at })
    }

    /// Seal of the header of the log that the zones are of.
    pub const fn log(&self) -> Digest {
        self.log
    }

    /// How many blocks have a zone, from the first on.
    pub const fn blocks(&self) -> u64 {
        self.blocks
    }

    /// Seal of the last of them.
    pub const fn seal(&self) -> Digest {
        self.seal
    }

    /// The zone of the next block; `None` behind the last.
    ///
    /// # Errors
    /// [`ZonesError`]; nothing that was read of the file holds then.
    pub fn next_zone(&mut self) -> Result<Option<Zone>, ZonesError> {
        let mut number = [0; 4];
        self.input.read_exact(&mut number)?;
        let length = u32::from_le_bytes(number);
        if length == END && self.read == self.blocks {
            // Once more, should anyone ask again.
            let at = self.input.seek(SeekFrom::Current(-4))?;
            return if at == self.footer { Ok(None) } else { Err(ZonesError::Damaged) };
        }
        if ZONE_BYTES_MAX < length || self.read == self.blocks {
            return Err(ZonesError::Damaged);
        }
        self.input.read_exact(&mut number)?;
        let mut bytes = Vec::new();
        self.input.by_ref().take(length.into()).read_to_end(&mut bytes)?;
        if crc32c::crc32c(&bytes) != u32::from_le_bytes(number) {
            return Err(ZonesError::Damaged);
        }
        self.read += 1;
        Zone::decode(&bytes).map(Some).map_err(|_| ZonesError::Damaged)
    }
}

/// Takes arrays off the front of bytes that are known to hold them.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let (field, rest) = self.0.split_at(N);
        self.0 = rest;
        let mut array = [0; N];
        array.copy_from_slice(field);
        array
    }
}

/// Writes zones one after the other.
#[derive(Debug)]
pub struct ZoneWriter<W> {
    output: W,
    blocks: u64,
}

impl<W: Write> ZoneWriter<W> {
    /// Begins a file for the log with this header.
    ///
    /// # Errors
    /// Those of the output.
    pub fn new(mut output: W, log: Digest) -> io::Result<Self> {
        output.write_all(&MAGIC)?;
        output.write_all(&VERSION.to_le_bytes())?;
        output.write_all(&kernel::SEMANTICS_VERSION.to_le_bytes())?;
        output.write_all(&log.0)?;
        Ok(Self { output, blocks: 0 })
    }

    /// Adds the zone of the next block.
    ///
    /// # Errors
    /// Those of the output.
    pub fn push(&mut self, zone: &Zone) -> io::Result<()> {
        let bytes = zone.encode();
        let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= ZONE_BYTES_MAX);
        let length = length.ok_or(io::ErrorKind::FileTooLarge)?;
        self.output.write_all(&length.to_le_bytes())?;
        self.output.write_all(&crc32c::crc32c(&bytes).to_le_bytes())?;
        self.output.write_all(&bytes)?;
        self.blocks += 1;
        Ok(())
    }

    /// How many zones it has.
    pub const fn blocks(&self) -> u64 {
        self.blocks
    }

    /// Ends the file.
    ///
    /// * `seal` - of the last block that has a zone.
    ///
    /// # Errors
    /// Those of the output.
    pub fn finish(mut self, seal: Digest) -> io::Result<W> {
        let mut footer = Vec::with_capacity(FOOTER_BYTES);
        footer.extend_from_slice(&END.to_le_bytes());
        footer.extend_from_slice(&self.blocks.to_le_bytes());
        footer.extend_from_slice(&seal.0);
        footer.extend_from_slice(&crc32c::crc32c(&footer).to_le_bytes());
        self.output.write_all(&footer)?;
        self.output.flush()?;
        Ok(self.output)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn zones() -> Vec<Zone> {
        (1..4)
            .map(|number| {
                let mut zone = Zone::new(number);
                zone.include_mark(&"crash".parse().unwrap());
                zone.state[0].include(Some(i128::from(number) << 70));
                zone
            })
            .collect()
    }

    fn file(zones: &[Zone]) -> Vec<u8> {
        let mut writer = ZoneWriter::new(Vec::new(), Digest([1; 32])).unwrap();
        for zone in zones {
            writer.push(zone).unwrap();
        }
        writer.finish(Digest([2; 32])).unwrap()
    }

    fn read(bytes: &[u8]) -> Result<Vec<Zone>, ZonesError> {
        let mut reader = ZoneReader::open(Cursor::new(bytes))?;
        let mut zones = Vec::new();
        while let Some(zone) = reader.next_zone()? {
            zones.push(zone);
        }
        assert!(reader.next_zone()?.is_none(), "still none");
        assert_eq!((reader.log(), reader.seal()), (Digest([1; 32]), Digest([2; 32])));
        assert_eq!(reader.blocks(), zones.len() as u64);
        Ok(zones)
    }

    #[test]
    fn what_is_written_is_read() {
        assert_eq!(read(&file(&zones())).unwrap(), zones());
        assert_eq!(read(&file(&[])).unwrap(), []);
    }

    #[test]
    fn a_file_that_is_cut_or_changed_is_refused() {
        let whole = file(&zones());
        for cut in 0..whole.len() {
            assert!(read(&whole[..cut]).is_err(), "cut at {cut}");
        }
        // The seal of the log's header is for the caller to compare.
        for at in (0..HEADER_BYTES - 32).chain(HEADER_BYTES..whole.len()) {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert!(read(&changed).is_err(), "changed at {at}");
        }
        let mut longer = whole.clone();
        longer.splice(HEADER_BYTES..HEADER_BYTES, 1_u32.to_le_bytes());
        assert!(read(&longer).is_err());
        // An end ahead of the footer, with bytes behind it that nobody reads.
        let mut early = whole.clone();
        let behind = whole.len() - FOOTER_BYTES;
        early.splice(behind..behind, [END.to_le_bytes(), [7; 4]].concat());
        assert!(read(&early).is_err());
    }

    #[test]
    fn no_bytes_ask_for_memory() {
        let mut bytes = file(&[]);
        bytes.splice(HEADER_BYTES..HEADER_BYTES, ZONE_BYTES_MAX.to_le_bytes());
        assert!(read(&bytes).is_err());
        assert_eq!(Zone::decode(&[0xFF; 40]), Err(super::super::NotAZone));
    }
}
