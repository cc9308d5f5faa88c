//! Snapshots: a state is taken up only when the log vouches for it, so of all bytes only those that
//! were written are.

use kernel::{Engine, Step, TimeNs};
use replay::block::{BlockHeader, Chain, Closing};
use replay::slot::Slot;
use replay::snapshot::{encode, restore};
use replay::state::{digest_of_sections, state_digest};
use replay::{Digest, snapshot};

use crate::input::Input;
use crate::market::{self, state_bytes};
use crate::patch::{patch, repair_checksum};

/// Most commands before the snapshot.
const COMMANDS_MAX: u8 = 64;

/// Writes a snapshot, changes it, and reads it.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let (kind, patches) = (input.below(4), input.below(4));
    let icebergs = input.flag();
    let genesis = if kind == 0 { kernel::Genesis::open() } else { market::genesis(&mut input) };
    let Ok(mut engine) = Engine::new(&genesis) else { panic!("a genesis: {genesis:?}") };
    let mut events = Vec::new();
    let commands = if kind == 0 { 0 } else { input.below(COMMANDS_MAX) };
    for _ in 0..commands {
        let command = market::command(&mut input, &engine, icebergs);
        events.clear();
        engine.apply(&command, &mut events);
    }
    let header = header(&engine);
    let written = encode(&header, &engine).unwrap();
    let mut bytes = written.clone();
    if kind == 0 {
        bytes = input.rest().to_vec();
    }
    for _ in 0..patches {
        patch(&mut input, &mut bytes, &written);
    }
    if kind < 3 {
        repair_checksum(&mut bytes);
    }
    match restore(&bytes, &header, &genesis) {
        Ok(restored) => {
            assert_eq!(state_bytes(&restored), state_bytes(&engine), "the state of the block");
            assert!(bytes == written, "a snapshot has one form");
        }
        Err(error) => assert!(bytes != written, "a snapshot that was written: {error}"),
    }
    vouched(&bytes, header, &genesis);
}

/// A log that vouches for whatever state the bytes hold, as one may that somebody forged: the state
/// is refused, or it is exactly the one in the bytes.
fn vouched(bytes: &[u8], mut header: BlockHeader, genesis: &kernel::Genesis) {
    const SECTIONS_AT: usize = 8 + 2 + 2 + 8 + 32 + 6 * 4;
    let Some((lengths, mut rest)) = bytes.split_at_checked(SECTIONS_AT) else { return };
    let lengths = &lengths[SECTIONS_AT - 24..];
    let mut sections = [&bytes[..0]; 6];
    for (section, len) in sections.iter_mut().zip(lengths.as_chunks::<4>().0) {
        let len = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX);
        let Some((taken, behind)) = rest.split_at_checked(len) else { return };
        (*section, rest) = (taken, behind);
    }
    header.state = digest_of_sections(sections);
    let Ok(engine) = restore(bytes, &header, genesis) else { return };
    assert_eq!(engine.check(), Ok(()));
    assert!(encode(&header, &engine).is_some_and(|again| again == bytes), "one form");
    assert!(bytes.starts_with(&snapshot::SNAPSHOT_MAGIC));
}

/// The header of a block behind which the market is in this state.
fn header(engine: &Engine) -> BlockHeader {
    thread_local! {
        // Head and seal cost far more than all the rest, and say nothing here.
        static BLOCK: BlockHeader = {
            let closing = Closing {
                is_final: false,
                count: 1,
                time: TimeNs(0),
                step: Step(0),
                outcome: Digest::ZERO,
                state: Some(Digest::ZERO),
            };
            Chain::new(Digest([5; 32])).close(&closing, &mut Slot::from(&[8][..]))
        };
    }
    let mut header = BLOCK.with(|header| *header);
    header.state = state_digest(engine);
    header
}
