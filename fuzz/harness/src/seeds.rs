//! Seeds: small inputs from which fuzzing starts, made out of the golden files.
//!
//! `cargo xtask seeds` writes them; a test compares the folder with what it would write. Each is
//! what a target reads, of every form that it knows, and one for each class that is refused.

use std::path::Path;
use std::{fs, io};

use replay::packed::pack;
use replay::tail::{append_frame, encode_header};
use replay::{Digest, Player, Reader, Recorder, SyncPolicy, header};

use crate::plan::LIMITS;

mod files;
mod runs;
mod texts;

/// One seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The target that reads it.
    pub target: &'static str,
    /// Name of its file.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The golden files that seeds are made of.
#[derive(Clone, Copy, Debug)]
pub struct Goldens<'a> {
    /// Logs by name.
    pub logs: &'a [(&'a str, &'a [u8])],
    /// A proof of an entry of a last block.
    pub proof: &'a [u8],
    /// Message and orderbook file of a day.
    pub day: [&'a str; 2],
}

/// Entries of a golden log that a seed has.
const ENTRIES: usize = 24;

/// All seeds, by target and name.
pub fn all(goldens: &Goldens<'_>) -> Vec<Seed> {
    let mut seeds = Seeds(Vec::new());
    for (name, log) in goldens.logs {
        let parts = Parts::new(log);
        files::logs(&mut seeds, name, &parts);
        files::entries(&mut seeds, name, &parts);
        files::states(&mut seeds, name, log);
    }
    seeds.add("proof", "golden", &[&[0, 0], goldens.proof]);
    seeds.add("proof", "golden-cut", &[&[0, 1], &goldens.proof[..goldens.proof.len() / 2]]);
    files::zones(&mut seeds);
    files::plans(&mut seeds);
    texts::lobster(&mut seeds, goldens.day);
    texts::all(&mut seeds);
    runs::all(&mut seeds);
    let Seeds(mut seeds) = seeds;
    seeds.sort_by(|one, other| (one.target, &one.name).cmp(&(other.target, &other.name)));
    seeds
}

/// All seeds, of the golden files in a folder.
///
/// # Errors
/// Those of reading files.
pub fn of_folder(folder: &Path) -> io::Result<Vec<Seed>> {
    let read = |path: &str| fs::read(folder.join(path));
    let names = ["crash-short", "realistic-short", "seed-short"];
    let mut logs = Vec::new();
    for name in names {
        logs.push((name, read(&format!("ecology/{name}.log"))?));
    }
    let logs: Vec<_> = logs.iter().map(|(name, log)| (*name, &log[..])).collect();
    let messages = fs::read_to_string(folder.join("lobster/fixture_message_5.csv"))?;
    let orderbook = fs::read_to_string(folder.join("lobster/fixture_orderbook_5.csv"))?;
    let proof = read("proofs/last.proof")?;
    Ok(all(&Goldens { logs: &logs, proof: &proof, day: [&messages, &orderbook] }))
}

/// Seeds so far.
struct Seeds(Vec<Seed>);

impl Seeds {
    /// Adds one, out of parts.
    fn add(&mut self, target: &'static str, name: &str, parts: &[&[u8]]) {
        self.0.push(Seed { target, name: name.to_owned(), bytes: parts.concat() });
    }
}

/// The first entries of a golden log as logs of their own.
struct Parts {
    /// Header of the golden log.
    header: Vec<u8>,
    /// Ended.
    ended: Vec<u8>,
    /// Open, with a tail of two frames.
    open: [Vec<u8>; 2],
    /// Ended and compacted.
    packed: Vec<u8>,
    /// The bytes of the entries.
    entries: Vec<u8>,
}

impl Parts {
    fn new(log: &[u8]) -> Self {
        let mut player = Player::new(Reader::open(log, Vec::new(), LIMITS).unwrap()).unwrap();
        let genesis = player.reader().header().genesis.clone();
        let mut all = Vec::new();
        while all.len() < ENTRIES {
            let Some(moment) = player.advance().unwrap() else { break };
            all.push(moment.entry.clone());
        }
        let record = |is_ended: bool| {
            let (mut log, mut tail) = (Vec::new(), Vec::new());
            let recorder = Recorder::create(&genesis, &mut log, &mut tail, SyncPolicy::None);
            let mut recorder = recorder.unwrap();
            for (index, entry) in all.iter().enumerate() {
                recorder.take(entry).unwrap();
                if !is_ended && (index == ENTRIES / 2 || index == ENTRIES - 1) {
                    recorder.sync().unwrap();
                }
            }
            if is_ended {
                recorder.finish().unwrap();
            }
            [log, tail]
        };
        let [ended, _] = record(true);
        let mut packed = Vec::new();
        pack(Reader::open(&ended[..], Vec::new(), LIMITS).unwrap(), &mut packed, 9).unwrap();
        let header = header::encode(&genesis).unwrap();
        let entries = ended[header.len() + replay::block::BLOCK_HEADER_BYTES..].to_vec();
        Self { header, ended, open: record(false), packed, entries }
    }

    /// The open log with a tail of one frame that nobody wrote.
    fn foreign_tail() -> Vec<u8> {
        let mut tail = encode_header(Digest([9; 32])).to_vec();
        append_frame(1, 1, &[8], &mut tail);
        tail
    }
}
