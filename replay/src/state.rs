//! The digest of a market's state: one for each section, one over those.

use blake3::Hasher;
use kernel::{Engine, Section, Sink};

use crate::chain::{Digest, Role, digest, finish};

struct Buffered {
    hasher: Hasher,
    buffer: Vec<u8>,
}

/// BLAKE3 runs at full speed on long inputs only, so short records are gathered first.
const BUFFER_BYTES: usize = 1 << 16;

impl Sink for Buffered {
    fn put(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if BUFFER_BYTES <= self.buffer.len() {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }
}

/// The digest of one section: `H(section number u8 ‖ canonical bytes)`. Cost: O(section).
pub fn section_digest(engine: &Engine, section: Section) -> Digest {
    let mut sink = Buffered { hasher: Role::Section.hasher(), buffer: Vec::new() };
    sink.put(&[section_number(section)]);
    engine.write_section(section, &mut sink);
    sink.hasher.update(&sink.buffer);
    finish(&sink.hasher)
}

/// The digest of the whole state: `H` of the section digests in order. Cost: O(state).
pub fn state_digest(engine: &Engine) -> Digest {
    let sections = Section::ALL.map(|section| section_digest(engine, section).0);
    digest(Role::State, &sections.each_ref().map(|section| &section[..]))
}

/// The digest of a state that is given as the canonical bytes of its sections, in order.
pub fn digest_of_sections(sections: [&[u8]; 6]) -> Digest {
    let mut digests = [Digest::ZERO; 6];
    for ((digest_of, section), bytes) in digests.iter_mut().zip(Section::ALL).zip(sections) {
        *digest_of = digest(Role::Section, &[&[section_number(section)], bytes]);
    }
    digest(Role::State, &digests.each_ref().map(|section| &section.0[..]))
}

/// Orders that a state digest has to look at.
pub(crate) fn live_orders(engine: &Engine) -> u32 {
    engine.orders_live() + engine.orders_waiting()
}

const fn section_number(section: Section) -> u8 {
    match section {
        Section::Bids => 1,
        Section::Asks => 2,
        Section::Stops => 3,
        Section::Accounts => 4,
        Section::Rules => 5,
        Section::Clock => 6,
    }
}
