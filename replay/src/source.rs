//! What a log is read from at any place. Paths are the caller's.

use std::io::{self, Read};
use std::rc::Rc;

/// Bytes that can be read at any offset, by several readers at once.
pub trait Source {
    /// Reads bytes from an offset on; fewer than asked for only at the end, or when interrupted.
    ///
    /// # Errors
    /// Of the device.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// How many bytes there are now; a file that is being written grows.
    ///
    /// # Errors
    /// Of the device.
    fn size(&self) -> io::Result<u64>;

    /// Reads as many of the bytes at an offset as there are; returns how many that was.
    ///
    /// # Errors
    /// Of the device.
    fn read_all_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut have = 0;
        while have < buffer.len() {
            match self.read_at(offset + have as u64, &mut buffer[have..]) {
                Ok(0) => break,
                Ok(read) => have += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(have)
    }
}

impl Source for [u8] {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset).ok().and_then(|offset| self.get(offset..));
        let rest = rest.unwrap_or_default();
        let len = rest.len().min(buffer.len());
        buffer[..len].copy_from_slice(&rest[..len]);
        Ok(len)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

impl Source for Vec<u8> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self[..].read_at(offset, buffer)
    }

    fn size(&self) -> io::Result<u64> {
        self[..].size()
    }
}

#[cfg(unix)]
impl Source for std::fs::File {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(self, buffer, offset)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

/// Moves the file's one offset: threads must not share it here.
#[cfg(not(unix))]
impl Source for std::fs::File {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self;
        io::Seek::seek(&mut file, io::SeekFrom::Start(offset))?;
        file.read(buffer)
    }

    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(offset, buffer)
    }

    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }
}

impl<S: Source + ?Sized> Source for Rc<S> {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        (**self).read_at(offset, buffer)
    }

    fn size(&self) -> io::Result<u64> {
        (**self).size()
    }
}

/// Reads a source from an offset on, one byte after the other.
#[derive(Clone, Debug)]
pub struct Stream<S> {
    source: S,
    offset: u64,
}

impl<S: Source> Stream<S> {
    /// Starts at an offset.
    pub const fn new(source: S, offset: u64) -> Self {
        Self { source, offset }
    }

    /// What is read from.
    pub const fn source(&self) -> &S {
        &self.source
    }

    /// Goes on at another offset.
    pub const fn go_to(&mut self, offset: u64) {
        self.offset = offset;
    }
}

impl<S: Source> Read for Stream<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(self.offset, buffer)?;
        self.offset += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_reads_on_from_its_offset() {
        let bytes: Vec<u8> = (0..100).collect();
        let mut read = Vec::new();
        Stream::new(&bytes, 90).read_to_end(&mut read).unwrap();
        assert_eq!(read, &bytes[90..]);
        assert_eq!(Stream::new(&bytes, 1 << 40).read_to_end(&mut read).unwrap(), 0);
    }

    #[test]
    fn what_is_not_there_is_not_read() {
        let bytes = vec![7; 10];
        let mut buffer = [0; 8];
        assert_eq!(bytes.read_all_at(4, &mut buffer).unwrap(), 6);
        assert_eq!(buffer, [7, 7, 7, 7, 7, 7, 0, 0]);
    }
}
