//! Zones out of the folder of snapshots, and new ones into it. They are a cache: what is wrong with
//! them is said, and they are done without.

use std::fs::File;
use std::io::BufReader;

use cli::{CacheFile, SnapshotFolder};
use query::{Zone, ZoneReader, ZoneWriter, Zoner, ZonesError};
use replay::{Digest, Moment};

use crate::commands::seeking::LogArchive;

/// Zones that are there, block by block.
pub(super) struct Reading {
    reader: ZoneReader<BufReader<File>>,
    folder: SnapshotFolder,
}

impl Reading {
    /// Those of this log.
    pub(super) fn open(folder: &SnapshotFolder, archive: &LogArchive) -> Option<Self> {
        let file = folder.open_zones()?;
        let folder = folder.clone();
        match ZoneReader::open(BufReader::new(file)) {
            Ok(reader) if is_of(&reader, archive) => Some(Self { reader, folder }),
            Ok(_) => {
                folder.refuse_zones(&"belongs to another log");
                None
            }
            Err(error) => {
                folder.refuse_zones(&error);
                None
            }
        }
    }

    /// The zone of the next block; `None` behind the last, and when there is something wrong.
    pub(super) fn next(&mut self) -> Option<Zone> {
        self.reader.next_zone().unwrap_or_else(|error| {
            self.folder.refuse_zones(&error);
            None
        })
    }
}

/// Equal seals are equal logs up to there.
fn is_of(reader: &ZoneReader<BufReader<File>>, archive: &LogArchive) -> bool {
    let blocks = reader.blocks();
    reader.log() == archive.header().seal
        && blocks <= archive.blocks()
        && archive.seal(blocks).is_ok_and(|seal| seal == reader.seal())
}

/// Zones that are made of blocks as they are seen, one after the other from the first.
pub(super) struct Making {
    folder: SnapshotFolder,
    log: Digest,
    zoner: Zoner,
    /// Zones that are there already.
    old: u64,
    /// The old ones and further ones, once there are any.
    file: Option<ZoneWriter<CacheFile>>,
    /// Whether they could not be kept: then they are made again the next time.
    has_failed: bool,
}

impl Making {
    pub(super) fn new(folder: &SnapshotFolder, archive: &LogArchive) -> Self {
        Self {
            folder: folder.clone(),
            log: archive.header().seal,
            zoner: Zoner::default(),
            old: 0,
            file: None,
            has_failed: false,
        }
    }

    /// The next block has a zone.
    pub(super) fn pass(&mut self, zone: &Zone) {
        self.old += 1;
        self.zoner = Zoner::behind(zone);
    }

    /// Takes in a moment of a block that has none.
    pub(super) fn see(&mut self, moment: &Moment<'_>) {
        if !self.has_failed
            && let Some(zone) = self.zoner.see(moment)
        {
            self.has_failed = self.push(&zone).is_err();
        }
    }

    fn push(&mut self, zone: &Zone) -> Result<(), ZonesError> {
        if self.file.is_none() {
            let mut writer = ZoneWriter::new(self.folder.new_zones()?, self.log)?;
            copy(&self.folder, self.old, &mut writer)?;
            self.file = Some(writer);
        }
        self.file.as_mut().map_or(Ok(()), |writer| Ok(writer.push(zone)?))
    }

    /// Gives the new file its name, if there is one.
    pub(super) fn keep(self, archive: &LogArchive) {
        if let Some(writer) = self.file
            && !self.has_failed
            && let Ok(seal) = archive.seal(writer.blocks())
        {
            // A cache that cannot be kept is made again the next time.
            let _ = writer.finish(seal).and_then(CacheFile::commit);
        }
    }
}

/// Writes the first zones of the old file into a new one.
fn copy(
    folder: &SnapshotFolder,
    blocks: u64,
    writer: &mut ZoneWriter<CacheFile>,
) -> Result<(), ZonesError> {
    if blocks == 0 {
        return Ok(());
    }
    let file = folder.open_zones().ok_or(ZonesError::Damaged)?;
    let mut reader = ZoneReader::open(BufReader::new(file))?;
    for _ in 0..blocks {
        writer.push(&reader.next_zone()?.ok_or(ZonesError::Damaged)?)?;
    }
    Ok(())
}
