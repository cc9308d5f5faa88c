//! Looks at one block after the other, behind damage too.

use std::io;

use crate::block::{
    BLOCK_BYTES, BLOCK_HEADER_BYTES, Block, BlockHeader, Chain, Cursor, PAYLOAD_BYTES_MAX,
};
use crate::chain::Digest;
use crate::codec::decode_entry;
use crate::doctor::RUNS_MAX;
use crate::entry::Entry;
use crate::error::Damage;
use crate::slot::Slot;
use crate::source::{Source, Stream};
use crate::tail::{Beginning, beginning};
use crate::zeros;

/// What was found of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It follows from the header on.
    Good,
    /// It is whole and follows the block before it, but something is wrong earlier.
    Follows,
    /// It is whole in itself and does not follow what the wrong block before it says of itself.
    Apart(Damage),
    /// It is wrong.
    Bad {
        /// The first thing that a reader finds.
        what: Damage,
        /// What its own header is worth.
        link: Link,
    },
    /// The log ends inside it.
    Torn {
        /// Bytes that belong there.
        need: u64,
        /// Bytes there.
        have: u64,
        /// Whether zeros stand in place of the missing bytes.
        zeros: bool,
    },
    /// It is the last, it is wrong, and the tail continues the block before it: so it was not
    /// durable yet, and what was acknowledged of it is in the tail.
    Unsynced(Damage),
    /// The device does not give it.
    Unreadable(io::ErrorKind),
}

/// What the header of a wrong block is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// It follows the block before, so only the entries or the padding are wrong.
    Right,
    /// It has the right checksum or the right place, no more.
    Doubtful,
    /// It says nothing.
    Lost,
}

impl Verdict {
    /// Whether a reader takes the block.
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Good)
    }

    const fn is_wrong(&self) -> bool {
        !matches!(self, Self::Good | Self::Follows)
    }

    /// Whether two blocks in a row belong to one range.
    fn is_like(&self, next: &Self) -> bool {
        // What stands apart begins anew each time.
        self == next && !matches!(self, Self::Apart(_)) && !self.is_torn()
    }

    /// Whether the log merely ends early with this block.
    pub const fn is_torn(&self) -> bool {
        matches!(self, Self::Torn { .. } | Self::Unsynced(_))
    }
}

/// Blocks in a row with one verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// What they have in common.
    pub verdict: Verdict,
    /// Number of the first block.
    pub first: u64,
    /// Number of the last one.
    pub last: u64,
    /// Offset of the first block.
    pub offset: u64,
    /// First entry, as far as the headers say; 0 where they do not.
    pub first_entry: u64,
    /// Last entry, as far as the headers say; 0 where they do not.
    pub last_entry: u64,
    /// The number that the first block gives itself; 0 where its header does not say.
    pub numbered: u64,
}

/// The blocks so far.
pub(super) struct Walk {
    pub(super) runs: Vec<Run>,
    pub(super) left_out: u64,
    pub(super) bad: u64,
    /// Behind the last block that follows from the header on, and the bytes that were left in it.
    pub(super) good: Chain,
    pub(super) good_room: Option<usize>,
    /// Bytes behind the final block; `None` when there is no such block.
    pub(super) after_end: Option<u64>,
    /// Behind the last block whose header says anything.
    pub(super) chain: Option<Chain>,
    /// Bytes that were left in the block before; `None` when nobody knows.
    pub(super) room: Option<usize>,
    /// Whether the tail continues a seal behind which a block stands.
    pub(super) is_tail_stale: bool,
    /// Whether something was wrong, in the header or in a block.
    is_broken: bool,
    /// Whether the block before was wrong, so that a block that does not follow it may be right.
    is_after_wrong: bool,
    block: Block,
}

/// What one block is.
struct Look {
    verdict: Verdict,
    header: Option<BlockHeader>,
    bytes: u64,
}

impl Walk {
    /// Stands before the first block, with the chain of the header if that is known.
    pub(super) fn new(chain: Option<Chain>, is_header_good: bool) -> Self {
        Self {
            runs: Vec::new(),
            left_out: 0,
            bad: 0,
            good: chain.clone().unwrap_or_else(|| Chain::new(Digest::ZERO)),
            good_room: None,
            after_end: None,
            is_broken: !is_header_good,
            is_after_wrong: !is_header_good,
            chain,
            room: None,
            is_tail_stale: false,
            block: Block {
                header: None,
                number: 0,
                first: 1,
                count: 0,
                slot: Slot::new(),
                offset: 0,
            },
        }
    }

    /// Looks at all blocks.
    pub(super) fn run(
        &mut self,
        source: &impl Source,
        start: u64,
        size: u64,
        tail: &[u8],
        mut watch: impl FnMut(u64),
    ) {
        let beginning = beginning(tail);
        let (mut number, mut offset) = (1, start);
        while offset < size {
            watch(offset);
            let is_last = size - offset <= BLOCK_BYTES as u64;
            let look = match self.block.slot.read(&mut Stream::new(source, offset)) {
                Ok(have) => {
                    let look = self.look(number, have, is_last);
                    if is_last { self.or_unsynced(look, have, beginning) } else { look }
                }
                Err(error) => Look::without_header(Verdict::Unreadable(error.kind())),
            };
            if let (Some(chain), Beginning::Continues(seal)) = (&self.chain, beginning) {
                self.is_tail_stale |= !look.verdict.is_wrong() && chain.seal == seal;
            }
            self.take(number, offset, &look);
            let is_final = look.header.is_some_and(|header| header.is_final());
            if is_final && !look.verdict.is_torn() {
                self.after_end = Some(size.saturating_sub(offset + look.bytes));
                return;
            }
            offset += BLOCK_BYTES as u64;
            number += 1;
        }
    }

    /// What the block in the slot is, `have` bytes of which are there.
    fn look(&mut self, number: u64, have: usize, is_last: bool) -> Look {
        let torn = |need: usize, have: usize, zeros| {
            let verdict = Verdict::Torn { need: need as u64, have: have as u64, zeros };
            Look::without_header(verdict)
        };
        if have < BLOCK_HEADER_BYTES {
            return torn(BLOCK_HEADER_BYTES, have, false);
        }
        let header = match BlockHeader::decode(self.block.slot.header()) {
            Ok(header) => header,
            Err(what) => {
                let behind = self.block.slot.behind_header(have);
                let is_cut = is_last
                    && what == Damage::Checksum
                    && self.chain.as_ref().is_some_and(|chain| {
                        zeros::is_header_cut(self.block.slot.header(), behind, chain)
                    });
                if is_cut {
                    return torn(BLOCK_BYTES, zeros::kept(self.block.slot.header()), true);
                }
                return self.look_at_bad_header(number, what);
            }
        };
        let len = header.payload_bytes as usize;
        let need = if header.is_final() { BLOCK_HEADER_BYTES + len } else { BLOCK_BYTES };
        if have < need {
            return torn(need, have, false);
        }
        let bytes = need as u64;
        let is_padded =
            self.block.slot.set_len(len).iter().all(|byte| *byte == 0) || header.is_final();
        let is_right = self.chain.as_ref().is_some_and(|chain| chain.is_header_next(&header));
        let cut =
            is_last && have == need && is_right && zeros::is_payload_cut(self.block.slot.payload());
        let found = if is_padded { self.check(&header) } else { Err(Damage::Padding) };
        let verdict = match found {
            Ok(()) if !self.is_broken => Verdict::Good,
            Ok(()) => Verdict::Follows,
            Err(Damage::Head) if cut && !self.is_broken => {
                let kept = BLOCK_HEADER_BYTES + zeros::kept(self.block.slot.payload());
                return torn(need, kept, true);
            }
            Err(what) if self.is_after_wrong && is_relative(what) => Verdict::Apart(what),
            Err(what) => {
                let link = if is_right { Link::Right } else { Link::Doubtful };
                Verdict::Bad { what, link }
            }
        };
        Look { verdict, header: Some(header), bytes }
    }

    /// The look at a last block, which is not wrong but torn when the tail says that it was not
    /// durable yet.
    fn or_unsynced(&self, look: Look, have: usize, beginning: Beginning) -> Look {
        let Verdict::Bad { what, link } = look.verdict else { return look };
        let is_content = matches!(what, Damage::Padding | Damage::Head);
        let is_all_there = what == Damage::Padding || look.bytes == have as u64;
        let is_lost = what == Damage::Checksum || is_content && is_all_there && link == Link::Right;
        let is_before = |chain: &Chain| beginning == Beginning::Continues(chain.seal);
        if is_lost && !self.is_broken && self.chain.as_ref().is_some_and(is_before) {
            return Look::without_header(Verdict::Unsynced(what));
        }
        look
    }

    /// A header that cannot be read may still say what the next block follows from.
    fn look_at_bad_header(&self, number: u64, what: Damage) -> Look {
        let first = self.chain.as_ref().map(|chain| chain.entries + 1);
        let header = BlockHeader::decode_unchecked(self.block.slot.header()).filter(|header| {
            header.number == number && first.is_none_or(|first| first == header.first)
        });
        let link = if header.is_some() { Link::Doubtful } else { Link::Lost };
        // A flipped flag must not end the log here.
        let header = header.map(|header| BlockHeader { flags: 0, ..header });
        Look { verdict: Verdict::Bad { what, link }, header, bytes: BLOCK_BYTES as u64 }
    }

    /// Everything that a reader checks of a whole block, in its order; entries last.
    fn check(&mut self, header: &BlockHeader) -> Result<(), Damage> {
        // What is wrong by itself is told before what may be wrong with the block before.
        let entries = self.check_entries(header);
        if self.is_after_wrong {
            entries?;
        }
        match &self.chain {
            Some(chain) => chain.check(header, &mut self.block.slot)?,
            None => return Err(Damage::Sequence),
        }
        if let Some(room) = self.room {
            match decode_entry(self.block.slot.payload()) {
                Ok((_, len)) if len <= room => return Err(Damage::Border),
                Ok(_) => {}
                Err(error) => return Err(Damage::Entry(error)),
            }
        }
        entries
    }

    fn check_entries(&mut self, header: &BlockHeader) -> Result<(), Damage> {
        self.block.header = Some(*header);
        self.block.count = header.count;
        let (mut cursor, mut entry) = (Cursor::default(), Entry::End);
        while cursor.next(&self.block, &mut entry)? {}
        Ok(())
    }

    /// Notes a block and goes on behind it as far as its header leads.
    fn take(&mut self, number: u64, offset: u64, look: &Look) {
        let Look { verdict, header, .. } = look;
        self.bad += u64::from(verdict.is_wrong());
        self.is_broken |= verdict.is_wrong();
        self.is_after_wrong = verdict.is_wrong() && !matches!(verdict, Verdict::Apart(_));
        if !verdict.is_torn() {
            // Behind damage the tree over all heads is unknown: some of them may be wrong.
            self.chain = header.map(|header| match self.chain.take() {
                Some(mut chain) if !verdict.is_wrong() => {
                    chain.advance(&header);
                    chain
                }
                Some(_) | None => Chain::behind(&header),
            });
            self.room = header.map(|header| PAYLOAD_BYTES_MAX - header.payload_bytes as usize);
        }
        if let (Verdict::Good, Some(chain)) = (verdict, &self.chain) {
            self.good.clone_from(chain);
            self.good_room = self.room;
        }
        let (first_entry, last_entry, numbered) =
            header.map_or((0, 0, 0), |header| (header.first, header.last(), header.number));
        let is_full = self.runs.len() == RUNS_MAX;
        match self.runs.last_mut() {
            Some(run) if self.left_out == 0 && run.verdict.is_like(verdict) => {
                run.last = number;
                run.last_entry = last_entry;
            }
            Some(_) if is_full => self.left_out += 1,
            Some(_) | None => {
                let (verdict, first, last) = (*verdict, number, number);
                self.runs.push(Run {
                    verdict,
                    first,
                    last,
                    offset,
                    first_entry,
                    last_entry,
                    numbered,
                });
            }
        }
    }
}

impl Look {
    const fn without_header(verdict: Verdict) -> Self {
        Self { verdict, header: None, bytes: 0 }
    }
}

/// Whether a block may be found wrong because of what the block before says of itself.
const fn is_relative(what: Damage) -> bool {
    match what {
        Damage::Sequence | Damage::Head | Damage::Root | Damage::Seal | Damage::Border => true,
        Damage::Checksum
        | Damage::Field
        | Damage::Padding
        | Damage::Entry(_)
        | Damage::Count
        | Damage::End
        | Damage::AfterEnd
        | Damage::ForeignTail
        | Damage::Shrunk
        | Damage::Changed
        | Damage::Frame => false,
    }
}
