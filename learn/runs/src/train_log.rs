//! `train.log`: a log like any other, whose entries are a run's updates.
//!
//! An update is, in this order:
//!
//! | entry | what |
//! |---|---|
//! | `Update` of learner 1 | digest of the heads of all market logs behind the rollout |
//! | `Update` of learner 16 + type | digest of what the type saw and drew: [`digests::sampling`] |
//! | `Update` of learner 32 + type | digest of the type's weights and optimisers: [`digests::gradient`] |
//! | `Mark` of a figure's name | the figure: the bits of a 64-bit float |
//! | `Mark` `update` | the update's number; closes it |
//!
//! Types count as [`Kind::ALL`] has them, from 0. Types and names ascend. Updates are numbered from 1;
//! what was there before the first, random weights or cloned ones, is update 0, which has no market
//! and no samples. An update without its last mark was interrupted and is none.
//!
//! Heads of two runs are equal up to their first difference, so [`replay::bisect`] finds it; what it
//! is about, [`first_parting`] says.

use std::collections::BTreeMap;
use std::io::Read;

use agents::Kind;
use replay::{
    Digest, Entry, Genesis, LogError, Mark, MarkName, Medium, PlayError, Player, Reader, Recorder,
    Update,
};

pub mod digests;
mod genesis;
mod parting;

pub use genesis::{
    GenesisError, MACHINE, PARENT, PRODUCER, Parent, check_genesis, config_of, genesis,
    genesis_of_fork, is_setting, parent_of,
};
pub use parting::{Parting, What, differing_parameters, first_parting, first_parting_update};

/// The learner of market heads.
const MARKET: u32 = 1;
/// The learner of the first type's samples.
const SAMPLING: u32 = 16;
/// The learner of the first type's weights.
const GRADIENT: u32 = 32;
/// The mark that closes an update.
const CLOSE: &str = "update";

/// One update of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UpdateRecord {
    /// Its number, from 1; 0 for what was there before.
    pub update: u64,
    /// Digest of the heads of all market logs behind the rollout; `None` for update 0 only.
    pub market: Option<Digest>,
    /// Digest of what each learning type saw and drew.
    pub sampling: BTreeMap<Kind, Digest>,
    /// Digest of the weights and optimisers that each learning type has afterwards.
    pub gradient: BTreeMap<Kind, Digest>,
    /// Figures by name, bit for bit. Names are those of marks, but `update`.
    pub metrics: BTreeMap<String, f64>,
}

/// A `train.log` that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainLog {
    /// What it starts from.
    pub genesis: Genesis,
    /// Its updates, ascending.
    pub updates: Vec<UpdateRecord>,
    /// Entries of an update that was interrupted, behind the last whole one.
    pub open_entries: u64,
    /// Whether the run finished.
    pub is_ended: bool,
}

/// Why a log is no `train.log`, or an update cannot be written to one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TrainLogError {
    /// The log cannot be read or does not replay.
    #[error(transparent)]
    Play(#[from] PlayError),
    /// The log cannot be written.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The genesis is not that of a `train.log`.
    #[error(transparent)]
    Genesis(#[from] GenesisError),
    /// An entry that is not in its place.
    #[error("entry {entry}: {what}")]
    Entry {
        /// Its number.
        entry: u64,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Updates that do not follow each other.
    #[error("entry {entry}: update {found} where update {wanted} is next")]
    Gap {
        /// Number of the entry.
        entry: u64,
        /// The update there.
        found: u64,
        /// The update that is next.
        wanted: u64,
    },
    /// A record that no reader would take.
    #[error("update {update} cannot be written: {what}")]
    Record {
        /// The update.
        update: u64,
        /// Why.
        what: &'static str,
    },
}

impl UpdateRecord {
    /// Its entries, the last mark included.
    ///
    /// # Errors
    /// [`TrainLogError::Record`] for a market or samples of update 0, another update without a
    /// market, or a name that no mark has.
    pub fn entries(&self) -> Result<Vec<Entry>, TrainLogError> {
        let refused = |what| TrainLogError::Record { update: self.update, what };
        let (number, is_first) = (self.update, self.update == 0);
        if is_first != self.market.is_none() || (is_first && !self.sampling.is_empty()) {
            return Err(refused(
                "update 0 has no market and no samples, every other one has a market",
            ));
        }
        let of =
            |learner, digest: &Digest| Entry::Update(Update { learner, number, digest: digest.0 });
        let mut entries: Vec<_> = self.market.iter().map(|it| of(MARKET, it)).collect();
        for (base, digests) in [(SAMPLING, &self.sampling), (GRADIENT, &self.gradient)] {
            entries.extend(digests.iter().map(|(kind, it)| of(base + *kind as u32, it)));
        }
        for (name, figure) in &self.metrics {
            let name: Option<MarkName> = name.parse().ok().filter(|_| name != CLOSE);
            let name = name.ok_or_else(|| refused("a figure cannot have this name"))?;
            entries.push(Entry::Mark(Mark { name, number: figure.to_bits() }));
        }
        let close = CLOSE.parse().map_err(|_| refused("no mark closes it"))?;
        entries.push(Entry::Mark(Mark { name: close, number }));
        Ok(entries)
    }
}

/// Writes an update. Nothing is written of one that is refused.
///
/// # Errors
/// [`TrainLogError::Record`], [`TrainLogError::Log`].
pub fn record<M: Medium>(
    recorder: &mut Recorder<M>,
    update: &UpdateRecord,
) -> Result<(), TrainLogError> {
    for entry in update.entries()? {
        recorder.take(&entry)?;
    }
    Ok(())
}

impl TrainLog {
    /// Reads a `train.log` and checks all of it. Cost: in proportion to the log.
    ///
    /// # Errors
    /// [`TrainLogError::Genesis`] for another log; [`TrainLogError::Entry`] and
    /// [`TrainLogError::Gap`] for entries that are none of it or not in their places, duplicates
    /// included; [`TrainLogError::Play`].
    pub fn read<R: Read>(reader: Reader<R>) -> Result<Self, TrainLogError> {
        let genesis = reader.header().genesis.clone();
        config_of(&genesis)?;
        let mut player = Player::new(reader)?;
        let mut log = Self { genesis, updates: Vec::new(), open_entries: 0, is_ended: false };
        let mut open = Open::default();
        while let Some(moment) = player.advance()? {
            let refused = |what| TrainLogError::Entry { entry: moment.number, what };
            match moment.entry {
                Entry::Update(update) => {
                    let wanted = log.updates.last().map_or(open.first(update), |it| it.update + 1);
                    if update.number != wanted {
                        let (entry, found) = (moment.number, update.number);
                        return Err(TrainLogError::Gap { entry, found, wanted });
                    }
                    open.take(update).map_err(refused)?;
                }
                Entry::Mark(mark) if mark.name.as_str() == CLOSE => {
                    log.updates.push(open.close(mark.number).map_err(refused)?);
                    open = Open::default();
                }
                Entry::Mark(mark) => open.mark(mark).map_err(refused)?,
                Entry::End if open.entries == 0 => log.is_ended = true,
                Entry::End => return Err(refused("the log ends inside an update")),
                Entry::Command(_) | Entry::Decision(_) => {
                    return Err(refused("a command or a decision, which no train.log has"));
                }
            }
        }
        log.open_entries = open.entries;
        Ok(log)
    }
}

/// An update that is being read.
#[derive(Default)]
struct Open {
    record: UpdateRecord,
    entries: u64,
    /// The learner that was read last.
    learner: u32,
}

impl Open {
    /// The number that the first update of a log may have.
    const fn first(&self, update: &Update) -> u64 {
        if self.entries == 0 { if update.number == 0 { 0 } else { 1 } } else { self.record.update }
    }

    fn take(&mut self, update: &Update) -> Result<(), &'static str> {
        if !self.record.metrics.is_empty() {
            return Err("an update behind the figures of the same update");
        }
        if update.learner <= self.learner {
            return Err("a learner twice, or not in its place");
        }
        let digest = Digest(update.digest);
        let kind = |base: u32| {
            let place = usize::try_from(update.learner.checked_sub(base)?).ok()?;
            Kind::ALL.get(place).copied()
        };
        if update.learner == MARKET {
            self.record.market = Some(digest);
        } else if let Some(kind) = kind(SAMPLING) {
            self.record.sampling.insert(kind, digest);
        } else if let Some(kind) = kind(GRADIENT) {
            self.record.gradient.insert(kind, digest);
        } else {
            return Err("a learner that no run has");
        }
        self.record.update = update.number;
        self.learner = update.learner;
        self.entries += 1;
        Ok(())
    }

    fn mark(&mut self, mark: &Mark) -> Result<(), &'static str> {
        if self.entries == 0 {
            return Err("a figure before any update");
        }
        let last = self.record.metrics.last_key_value();
        if last.is_some_and(|(last, _)| mark.name.as_str() <= last.as_str()) {
            return Err("a figure twice, or not in its place");
        }
        self.record.metrics.insert(mark.name.to_string(), f64::from_bits(mark.number));
        self.entries += 1;
        Ok(())
    }

    /// The update, once it is closed.
    fn close(&mut self, number: u64) -> Result<UpdateRecord, &'static str> {
        let record = std::mem::take(&mut self.record);
        if self.entries == 0 || record.update != number {
            return Err("the mark `update` closes another update");
        }
        let is_first = number == 0;
        if is_first != record.market.is_none() || (is_first && !record.sampling.is_empty()) {
            return Err("an update without its market, or a market before the first update");
        }
        Ok(record)
    }
}

#[cfg(test)]
mod tests;
