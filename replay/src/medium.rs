//! What a log is written to. Paths and locks are the caller's; a test's medium can fail at will.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};

/// Bytes that grow at the end. A file in use; a `Vec<u8>` in memory.
pub trait Medium {
    /// Writes all bytes at the end.
    ///
    /// # Errors
    /// Of the device. Part of the bytes may have been written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns once everything written so far would survive a loss of power.
    ///
    /// # Errors
    /// Of the device. What was not synced before must then be taken as lost.
    fn sync(&mut self) -> io::Result<()>;

    /// Empties the medium.
    ///
    /// # Errors
    /// Of the device.
    fn clear(&mut self) -> io::Result<()>;
}

impl Medium for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn clear(&mut self) -> io::Result<()> {
        self.set_len(0)?;
        self.seek(SeekFrom::Start(0)).map(|_| ())
    }
}

impl Medium for Vec<u8> {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        Self::clear(self);
        Ok(())
    }
}

impl<M: Medium + ?Sized> Medium for &mut M {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        (**self).append(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        (**self).sync()
    }

    fn clear(&mut self) -> io::Result<()> {
        (**self).clear()
    }
}
