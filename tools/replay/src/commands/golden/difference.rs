//! Where a golden's log and the run's first differ, in words.

use formats::render::entry_text;
use replay::codec::decode_entry;
use replay::{Block, Entry, Genesis, ReadLimits, Reader};

/// The first difference, the golden's side before the run's; `None` when the bytes are equal.
///
/// * `golden` - what the file holds: anything;
/// * `run` - what was just recorded, and replayed without a difference.
pub(super) fn first(golden: &[u8], run: &[u8]) -> Option<String> {
    if golden == run {
        return None;
    }
    let at = golden.iter().zip(run).take_while(|(golden, run)| golden == run).count();
    Some(find(golden, run, at).unwrap_or_else(|| format!("byte {at} differs")))
}

/// The first difference by what it means.
///
/// * `at` - offset of the first byte that differs.
fn find(golden: &[u8], run: &[u8], at: usize) -> Option<String> {
    let open = |bytes| Reader::open(bytes, Vec::new(), ReadLimits::DEFAULT);
    let mut now = open(run).ok()?;
    let mut then = match open(golden) {
        Ok(then) => then,
        Err(error) => return Some(format!("byte {at} differs, in the header: {error}")),
    };
    if then.header().genesis != now.header().genesis {
        return Some(genesis(&then.header().genesis, &now.header().genesis));
    }
    loop {
        let block = now.next_block().ok()?;
        let stored = match then.next_block() {
            Ok(stored) => stored,
            Err(error) => {
                let entry = block.and_then(|block| entry_at(block, at));
                let place = entry.map_or_else(String::new, |(number, entry)| {
                    format!(", in entry {number} ({})", entry_text(&entry))
                });
                return Some(format!("byte {at} differs{place}: {error}"));
            }
        };
        if let Some(found) = blocks(stored, block) {
            return Some(found);
        }
        block?;
    }
}

fn genesis(then: &Genesis, now: &Genesis) -> String {
    if (&then.producer, then.seed) != (&now.producer, now.seed) {
        let (then, now) = ((&then.producer, then.seed), (&now.producer, now.seed));
        return format!(
            "genesis: {} with seed {} -> {} with seed {}",
            then.0, then.1, now.0, now.1
        );
    }
    let mut keys: Vec<_> = then.parameters.keys().chain(now.parameters.keys()).collect();
    keys.sort_unstable();
    let value = |genesis: &Genesis, key: &String| {
        genesis.parameters.get(key).map_or_else(|| "none".to_owned(), Clone::clone)
    };
    for key in keys {
        let (then, now) = (value(then, key), value(now, key));
        if then != now {
            return format!("genesis: parameter {key}: {then} -> {now}");
        }
    }
    "genesis: rules, limits or endowments differ".to_owned()
}

/// The first difference of two blocks at the same place, either of which may be missing.
fn blocks(then: Option<&Block>, now: Option<&Block>) -> Option<String> {
    let (mut old, mut new) = (Walk::of(then), Walk::of(now));
    loop {
        let number = new.number.max(old.number);
        match (old.next(), new.next()) {
            (None, None) => break,
            (then, now) if then == now => {}
            (then, now) => {
                let text = |entry: Option<Entry>| {
                    entry.map_or_else(|| "nothing".to_owned(), |entry| entry_text(&entry))
                };
                return Some(format!("entry {number}: {} -> {}", text(then), text(now)));
            }
        }
    }
    let (then, now) = (then?.header?, now?.header?);
    let place = format!("block {} (entries {} to {})", now.number, now.first, now.last());
    for (name, then, now) in
        [("outcome", then.outcome, now.outcome), ("state", then.state, now.state)]
    {
        if then != now {
            return Some(format!("{place}: entries are equal, {name} {then} -> {now}"));
        }
    }
    (then != now).then(|| format!("{place}: entries are equal, the header differs"))
}

/// The run's entry that holds this byte.
fn entry_at(block: &Block, at: usize) -> Option<(u64, Entry)> {
    let start = usize::try_from(block.offset).ok()? + replay::block::BLOCK_HEADER_BYTES;
    let offset = at.checked_sub(start)?;
    let mut walk = Walk::of(Some(block));
    loop {
        let number = walk.number;
        let entry = walk.next()?;
        if offset < block.payload().len() - walk.rest.len() {
            return Some((number, entry));
        }
    }
}

/// Walks the entries of a block.
struct Walk<'a> {
    rest: &'a [u8],
    number: u64,
}

impl<'a> Walk<'a> {
    fn of(block: Option<&'a Block>) -> Self {
        block.map_or(Walk { rest: &[], number: 0 }, |block| Walk {
            rest: block.payload(),
            number: block.first,
        })
    }
}

impl Iterator for Walk<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let (entry, used) = decode_entry(self.rest).ok()?;
        self.rest = self.rest.get(used..)?;
        self.number += 1;
        Some(entry)
    }
}

#[cfg(test)]
mod tests;
