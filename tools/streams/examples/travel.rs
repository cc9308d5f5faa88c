//! What going to any moment of a long log costs, and finding where two such logs part.
//!
//! ```text
//! travel make DIR ENTRIES      records DIR/long.log: about 4,096 live orders, a clock every 20 entries
//! travel seek DIR              1,000 random positions, then one step back from each
//! travel bisect DIR EDITS      edits one random entry of the log, and finds it; so many times
//! ```
//!
//! The first `seek` makes the snapshots in DIR/long.log.snap. Every figure is wall time of a fresh
//! opening, as a command does it: the files lie in the page cache.

#![expect(clippy::print_stdout, reason = "figures are its output")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::Instant;

use cli::SnapshotFolder;
use kernel::{ClientId, Command, Genesis, OrderId, Place, Qty, Step, TimeNs};
use replay::bisect::compare;
use replay::block::{BLOCK_BYTES, BLOCK_HEADER_BYTES, Chain, Closing};
use replay::codec::{decode_entry, encode_command};
use replay::slot::Slot;
use replay::state::state_digest;
use replay::{Archive, Entry, ReadLimits, Reader, Recorder, Seeker, SyncPolicy};
use streams::{Generator, Operation, Recipe, S4K};

type Done = Result<(), Box<dyn Error>>;
type LogSeeker = Seeker<Rc<File>, SnapshotFolder>;

const POSITIONS: usize = 1_000;
/// Commands between two clocks.
const STEP: u64 = 19;

fn main() -> Done {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = args.iter().map(String::as_str).collect();
    match words[..] {
        ["make", folder, entries] => make(Path::new(folder), entries.parse()?),
        ["seek", folder] => seek(Path::new(folder)),
        ["bisect", folder, edits] => bisect(Path::new(folder), edits.parse()?),
        _ => Err("travel make DIR ENTRIES | seek DIR | bisect DIR EDITS".into()),
    }
}

fn log_path(folder: &Path) -> PathBuf {
    folder.join("long.log")
}

fn make(folder: &Path, entries: u64) -> Done {
    fs::create_dir_all(folder)?;
    let genesis = replay::Genesis::new(Genesis::open(), "travel");
    let log = File::create_new(log_path(folder))?;
    let mut recorder = Recorder::create(&genesis, log, tail(folder)?, SyncPolicy::None)?;
    let operations = u32::try_from(entries)?;
    let mut generator = Generator::new(Recipe { name: "long", operations, ..S4K });
    let mut live = 0;
    // The last entry is the end.
    for number in 1..entries {
        let entry = if number % (STEP + 1) == 0 {
            let step = number / (STEP + 1);
            Command::Clock { time: TimeNs(step * 1_000_000), step: Step(step) }
        } else {
            let Some(operation) = generator.next() else { return Err("the stream ended".into()) };
            operation.command(client(operation))
        };
        recorder.take(&Entry::Command(entry))?;
        live = live.max(kernel::Venue::engine(&recorder).orders_live());
    }
    let finished = recorder.finish()?;
    println!("{} entries, head {}, at most {live} live orders", finished.entries, finished.head);
    println!("{} bytes", fs::metadata(log_path(folder))?.len());
    Ok(())
}

/// Thirteen clients take turns.
const fn client(operation: Operation) -> ClientId {
    let (Operation::Limit { id, .. } | Operation::Market { id, .. } | Operation::Cancel { id }) =
        operation;
    ClientId(1 + id % 13)
}

/// A tail that is never written to, because nothing is synced before the end.
fn tail(folder: &Path) -> Result<File, Box<dyn Error>> {
    Ok(File::create(folder.join("unused.tail"))?)
}

fn archive(path: &Path) -> Result<Archive<Rc<File>>, Box<dyn Error>> {
    Ok(Archive::open(Rc::new(File::open(path)?), Vec::new(), ReadLimits::DEFAULT)?)
}

fn seeker(path: &Path) -> Result<LogSeeker, Box<dyn Error>> {
    Ok(Seeker::new(archive(path)?, SnapshotFolder::beside(path)))
}

/// Numbers that are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Least, median, 99th percentile and most, in milliseconds.
fn print_quantiles(what: &str, mut nanoseconds: Vec<u128>) {
    nanoseconds.sort_unstable();
    let top = nanoseconds.len() - 1;
    let [least, median, high, highest] =
        [0, top / 2, top * 99 / 100, top].map(|at| nanoseconds[at] / 1_000);
    println!("{what:<24} least {least} us, median {median} us, p99 {high} us, most {highest} us");
}

fn seek(folder: &Path) -> Done {
    let path = log_path(folder);
    let entries = archive(&path)?.entries();
    let start = Instant::now();
    seeker(&path)?.seek(entries - 1, |_| ())?;
    println!("once through: {} ms", start.elapsed().as_millis());
    let (mut bytes, mut files) = (0, 0);
    for entry in fs::read_dir(folder.join("long.log.snap"))? {
        bytes += entry?.metadata()?.len();
        files += 1;
    }
    println!("{files} snapshots of {bytes} bytes");
    let (mut there, mut back, mut reads) = (Vec::new(), Vec::new(), 0);
    let mut dice = Dice(42);
    for _ in 0..POSITIONS {
        let entry = 1 + dice.below(entries - 1);
        let start = Instant::now();
        let mut seeker = seeker(&path)?;
        let player = seeker.seek(entry, |_| ())?;
        let state = state_digest(player.engine());
        there.push(start.elapsed().as_nanos());
        reads = reads.max(seeker.archive().reads());
        let start = Instant::now();
        let player = seeker.seek(entry - 1, |_| ())?;
        let before = state_digest(player.engine());
        back.push(start.elapsed().as_nanos());
        std::hint::black_box((state, before));
    }
    print_quantiles("state at a position", there);
    print_quantiles("one step back", back);
    println!("at most {reads} headers read for a position");
    println!("most memory: {} KiB", peak_kibibytes()?);
    Ok(())
}

fn bisect(folder: &Path, edits: u64) -> Done {
    let (path, edited) = (log_path(folder), folder.join("edited.log"));
    let entries = archive(&path)?.entries();
    let (mut taken, mut with_state, mut reads) = (Vec::new(), Vec::new(), 0);
    let mut dice = Dice(7);
    for _ in 0..edits {
        let at = 1 + dice.below(entries - 1);
        edit(&path, &edited, at)?;
        let start = Instant::now();
        let (a, b) = (archive(&path)?, archive(&edited)?);
        let found = compare(&a, &b)?;
        taken.push(start.elapsed().as_nanos());
        let parting = found.parting.ok_or("an edited log parts")?;
        assert_eq!(parting.entry, at, "the entry that was edited is named");
        // The state there too, as the command shows it.
        let mut seeker = Seeker::new(a, SnapshotFolder::beside(&path));
        let mut blocks = 1;
        let state = state_digest(seeker.seek(at - 1, |_| blocks += 1)?.engine());
        std::hint::black_box(state);
        with_state.push(start.elapsed().as_nanos());
        reads = reads.max(seeker.archive().reads() + b.reads() + blocks);
    }
    fs::remove_file(&edited)?;
    print_quantiles("bisect", taken);
    print_quantiles("with the state there", with_state);
    println!("{edits} edits, each named; at most {reads} headers and blocks read");
    println!("most memory: {} KiB", peak_kibibytes()?);
    Ok(())
}

/// Writes a log with another entry in one place, and heads, roots and seals that fit. What the kernel
/// would make of it is not computed: outcomes and states stay those of the old log, which no
/// comparison of entries looks at.
fn edit(from: &Path, to: &Path, at: u64) -> Done {
    let mut reader = Reader::open(File::open(from)?, Vec::new(), ReadLimits::DEFAULT)?;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(to)?);
    let header_bytes = usize::try_from(reader.header().bytes)?;
    let mut header = vec![0; header_bytes];
    File::open(from)?.read_exact(&mut header)?;
    out.write_all(&header)?;
    let mut chain = Chain::new(reader.header().seal);
    while let Some(block) = reader.next_block()? {
        let old = block.header.ok_or("the log has its end")?;
        let mut payload = block.payload().to_vec();
        if (old.first..=old.last()).contains(&at) {
            change(&mut payload, at - old.first)?;
        }
        let closing = Closing {
            is_final: old.is_final(),
            count: old.count,
            time: old.time,
            step: old.step,
            outcome: old.outcome,
            state: old.has_state().then_some(old.state),
        };
        // Up to the edit nothing changes, and nothing is computed.
        let new = if old.last() < at {
            old
        } else {
            chain.close(&closing, &mut Slot::from(&payload[..]))
        };
        out.write_all(&new.encode())?;
        out.write_all(&payload)?;
        if !new.is_final() {
            out.write_all(&vec![0; BLOCK_BYTES - BLOCK_HEADER_BYTES - payload.len()])?;
        }
        chain.advance(&new);
    }
    out.flush()?;
    Ok(())
}

/// Makes another entry of the same length out of one of a block's.
fn change(payload: &mut [u8], index: u64) -> Done {
    let mut start = 0;
    for _ in 0..index {
        start += decode_entry(&payload[start..])?.1;
    }
    let (entry, len) = decode_entry(&payload[start..])?;
    let other = match entry {
        Entry::Command(Command::Place(place)) => {
            let qty = Qty::new(place.qty.lots() % 1_000 + 1)?;
            Command::Place(Place { qty, ..place })
        }
        Entry::Command(Command::Cancel { client, order }) => {
            Command::Cancel { client, order: OrderId(order.0 + 1) }
        }
        Entry::Command(Command::Clock { time, step }) => {
            Command::Clock { time: TimeNs(time.0 + 1), step }
        }
        Entry::Command(_) | Entry::Decision(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => {
            return Err(format!("the log holds no such entry: {entry:?}").into());
        }
    };
    let mut bytes = [0; 64];
    let written = encode_command(&other, &mut bytes)?;
    assert_eq!(written, len, "an edit keeps the length");
    payload[start..start + len].copy_from_slice(&bytes[..len]);
    Ok(())
}

/// The most resident memory that this process has had, as Linux counts it.
fn peak_kibibytes() -> Result<u32, Box<dyn Error>> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let figure = line.ok_or("Linux says VmHWM")?.trim().trim_end_matches(" kB");
    Ok(figure.parse()?)
}
