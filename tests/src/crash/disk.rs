//! What a file is while the power is on, and what it may be after the power was lost.
//!
//! Bytes that no sync has covered live and die by the sector, each for itself; the length of the file
//! may run ahead of them; a file that was emptied may come back as it was.

use std::ops::Range;

/// One file.
#[derive(Debug, Default)]
pub struct Image {
    now: Content,
    /// Contents that the file had before it was emptied, oldest first: each may come back.
    older: Vec<Content>,
    /// How many of them no later sync disposes of, because one that covered them has failed.
    older_doubtful: usize,
}

/// The bytes of a file between one emptying and the next.
#[derive(Clone, Debug, Default)]
struct Content {
    bytes: Vec<u8>,
    /// Bytes that a failed sync has covered: no later sync makes them durable.
    doubtful: Vec<Range<usize>>,
    /// From here on the next sync covers.
    synced: usize,
}

/// What stands where a sector was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Zeros, as most file systems give.
    Zeros,
    /// Anything.
    Garbage(u8),
}

/// One way to lose the power.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    /// Which content: 0 the present one, 1 the one before the last emptying, and so on.
    pub back: usize,
    /// Bytes of it, at most [`Image::len`] and at least [`Image::len_min`].
    pub len: usize,
    /// Bytes of a sector.
    pub sector: usize,
    /// What stands in lost sectors.
    pub fill: Fill,
}

/// What became of the bytes that were not durable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lost {
    /// Bytes were cut off at the end.
    pub cut: bool,
    /// Bytes within the length were not written.
    pub holes: bool,
    /// A file that was emptied came back.
    pub back: bool,
}

impl Image {
    /// A durable file.
    pub fn durable(bytes: &[u8]) -> Self {
        let mut image = Self::default();
        image.restore(bytes);
        image
    }

    /// Makes it a durable file with these bytes, with the memory that it has.
    pub fn restore(&mut self, bytes: &[u8]) {
        self.older.clear();
        self.older_doubtful = 0;
        self.now.doubtful.clear();
        self.now.bytes.clear();
        self.now.bytes.extend_from_slice(bytes);
        self.now.synced = bytes.len();
    }

    /// What a reader sees while the power is on.
    pub fn present(&self) -> &[u8] {
        &self.now.bytes
    }

    /// Appends.
    pub fn append(&mut self, bytes: &[u8]) {
        self.now.bytes.extend_from_slice(bytes);
    }

    /// Empties.
    pub fn clear(&mut self) {
        self.older.push(std::mem::take(&mut self.now));
    }

    /// A sync that succeeds.
    pub fn sync(&mut self) {
        self.now.synced = self.now.bytes.len();
        self.older.truncate(self.older_doubtful);
    }

    /// A sync that fails. The device believes that it is done with what it covered.
    pub fn fail_sync(&mut self) {
        let covered = self.now.synced..self.now.bytes.len();
        if !covered.is_empty() {
            self.now.doubtful.push(covered);
        }
        self.now.synced = self.now.bytes.len();
        self.older_doubtful = self.older.len();
    }

    /// How many contents may come back, the present one included.
    pub const fn contents(&self) -> usize {
        self.older.len() + 1
    }

    fn content(&self, back: usize) -> &Content {
        if back == 0 { &self.now } else { &self.older[self.older.len() - back] }
    }

    /// Bytes of a content.
    pub fn len(&self, back: usize) -> usize {
        self.content(back).bytes.len()
    }

    /// Bytes of a content that cannot be cut off.
    pub fn len_min(&self, back: usize) -> usize {
        let content = self.content(back);
        if content.synced < content.bytes.len() {
            // A failed sync may have left the bytes right before them in doubt too.
            match content.doubtful.last() {
                Some(doubtful) if doubtful.end == content.synced => doubtful.start,
                Some(_) | None => content.synced,
            }
        } else {
            match content.doubtful.last() {
                Some(doubtful) if doubtful.end == content.bytes.len() => doubtful.start,
                Some(_) | None => content.bytes.len(),
            }
        }
    }

    /// Whether the power may be lost without any loss here.
    pub fn is_durable(&self) -> bool {
        self.older.is_empty() && self.loose(0).next().is_none()
    }

    /// Ranges of a content that are not durable, in order.
    fn loose(&self, back: usize) -> impl Iterator<Item = Range<usize>> {
        let content = self.content(back);
        let fresh = content.synced..content.bytes.len();
        let ranges = content.doubtful.iter().cloned().chain([fresh]);
        ranges.filter(|range| !range.is_empty())
    }

    /// Sectors that hold bytes which are not durable, up to the cut's length.
    pub fn sectors(&self, cut: Cut) -> usize {
        let mut sectors = 0;
        self.each_sector(cut, |_, _| sectors += 1);
        sectors
    }

    /// Calls with each part of a sector that is not durable, and the sector's number among them.
    fn each_sector(&self, cut: Cut, mut take: impl FnMut(usize, Range<usize>)) {
        let (mut number, mut last) = (0, None);
        for range in self.loose(cut.back) {
            let mut at = range.start;
            let end = range.end.min(cut.len);
            while at < end {
                let sector = at / cut.sector;
                let next = ((sector + 1) * cut.sector).min(end);
                if last.is_some_and(|last| last != sector) {
                    number += 1;
                }
                last = Some(sector);
                take(number, at..next);
                at = next;
            }
        }
    }

    /// The file after the power was lost.
    ///
    /// * `keeps` - whether the n-th of the sectors that are not durable was written;
    /// * `bytes` - takes the file.
    pub fn after(
        &self,
        cut: Cut,
        mut keeps: impl FnMut(usize) -> bool,
        bytes: &mut Vec<u8>,
    ) -> Lost {
        let content = self.content(cut.back);
        bytes.clear();
        bytes.extend_from_slice(&content.bytes[..cut.len]);
        let mut holes = false;
        let mut known: Option<(usize, bool)> = None;
        self.each_sector(cut, |number, range| {
            let kept = match known {
                Some((sector, kept)) if sector == number => kept,
                Some(_) | None => keeps(number),
            };
            known = Some((number, kept));
            if !kept {
                holes = true;
                let part = &mut bytes[range];
                match cut.fill {
                    Fill::Zeros => part.fill(0),
                    Fill::Garbage(seed) => {
                        for (at, byte) in (0_u8..=255).cycle().zip(part) {
                            *byte = at.wrapping_mul(167).wrapping_add(seed) ^ at.rotate_left(3);
                        }
                    }
                }
            }
        });
        Lost { cut: cut.len < content.bytes.len(), holes, back: cut.back != 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CUT: Cut = Cut { back: 0, len: 9, sector: 4, fill: Fill::Zeros };

    fn after(image: &Image, cut: Cut, keeps: &[usize]) -> Vec<u8> {
        let mut bytes = Vec::new();
        image.after(cut, |sector| keeps.contains(&sector), &mut bytes);
        bytes
    }

    #[test]
    fn only_what_was_not_synced_is_lost_sector_by_sector() {
        let mut image = Image::durable(b"ab");
        image.append(b"cdefghi");
        assert_eq!((image.len_min(0), image.sectors(CUT)), (2, 3));
        assert_eq!(after(&image, CUT, &[0, 1, 2]), b"abcdefghi");
        assert_eq!(after(&image, CUT, &[1]), b"ab\0\0efgh\0");
        assert_eq!(after(&image, Cut { len: 5, ..CUT }, &[1]), b"ab\0\0e");
        image.sync();
        assert!(image.is_durable());
        assert_eq!((image.len_min(0), after(&image, CUT, &[])), (9, b"abcdefghi".to_vec()));
    }

    #[test]
    fn a_later_sync_does_not_cover_what_a_failed_one_did() {
        let mut image = Image::durable(b"ab");
        image.append(b"cd");
        image.fail_sync();
        image.append(b"efghi");
        image.sync();
        assert_eq!((image.len_min(0), image.sectors(CUT)), (9, 1));
        assert_eq!(after(&image, CUT, &[]), b"ab\0\0efghi");
    }

    #[test]
    fn an_emptied_file_comes_back_until_it_is_synced() {
        let mut image = Image::durable(b"abcd");
        image.clear();
        image.append(b"xy");
        assert_eq!(image.contents(), 2);
        assert_eq!(after(&image, Cut { back: 1, len: 4, ..CUT }, &[]), b"abcd");
        assert_eq!(after(&image, Cut { len: 2, ..CUT }, &[]), b"\0\0");
        image.sync();
        assert_eq!((image.contents(), image.present()), (1, &b"xy"[..]));
    }
}
