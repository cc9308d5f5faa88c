//! What a run of cases met.

use std::fmt;

use crate::crash::device::{Call, Fault};
use crate::crash::left::Left;

const FAULTS: usize = Fault::ALL.len();

/// Counts of cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cases.
    pub cases: u64,
    /// Cases in which the power was lost after whatever else went wrong.
    pub cuts: u64,
    /// By fault, in the order of [`Fault::ALL`].
    pub faults: [u64; FAULTS],
    /// By the call that met it: append, sync, clear.
    pub calls: [u64; 3],
    /// Cases of a log that goes on after an earlier crash.
    pub resumed: u64,
    /// Cases with at least one sealed block that is not the final one.
    pub blocks: u64,
    /// Logs without a header.
    pub no_log: u64,
    /// Logs of which nothing was dropped.
    pub whole: u64,
    /// Finished ones among them.
    pub ended: u64,
    /// Logs of which the end was dropped.
    pub dropped: u64,
    /// Logs that recovery refused, none with an acknowledged entry in its tail.
    pub refused: u64,
    /// Cases with holes: sectors that were not written before others that were.
    pub holes: u64,
    /// Cases in which an emptied tail came back.
    pub back: u64,
    /// Entries that were acknowledged.
    pub acknowledged: u64,
    /// Entries that were kept.
    pub kept: u64,
}

impl Counts {
    /// Counts a verdict.
    pub fn take(&mut self, left: &Left) {
        let kept = match left {
            Left::NoLog => {
                self.no_log += 1;
                return;
            }
            Left::Whole(kept) => {
                self.whole += 1;
                kept
            }
            Left::Dropped(kept) => {
                self.dropped += 1;
                kept
            }
            Left::Refused(kept) => {
                self.refused += 1;
                kept
            }
        };
        self.ended += u64::from(kept.is_ended);
        self.kept += kept.entries;
    }

    /// Counts the fault of a case, and the call that met it.
    pub fn fault(&mut self, fault: Fault, met: Option<Call>) {
        self.faults[fault as usize] += 1;
        if let Some(call) = met {
            self.calls[call as usize] += 1;
        }
    }

    /// Adds the counts of others.
    pub fn add(&mut self, mut other: Self) {
        for (sum, more) in self.all_mut().into_iter().zip(other.all_mut()) {
            *sum += *more;
        }
    }

    fn all_mut(&mut self) -> Vec<&mut u64> {
        let Self {
            cases,
            cuts,
            faults,
            calls,
            resumed,
            blocks,
            no_log,
            whole,
            ended,
            dropped,
            refused,
            holes,
            back,
            acknowledged,
            kept,
        } = self;
        let mut all = vec![
            cases,
            cuts,
            resumed,
            blocks,
            no_log,
            whole,
            ended,
            dropped,
            refused,
            holes,
            back,
            acknowledged,
            kept,
        ];
        all.extend(faults);
        all.extend(calls);
        all
    }

    /// Names of counts that are still zero, though a long run should meet everything.
    pub fn unmet(&self) -> Vec<String> {
        let rows = self.rows();
        rows.into_iter().filter(|(_, count)| *count == 0).map(|(name, _)| name).collect()
    }

    fn rows(&self) -> Vec<(String, u64)> {
        let fault = |fault: Fault| {
            let name = match fault {
                Fault::None => "no fault: killed where the script ends, or finished",
                Fault::Once => "EIO once, the device works again afterwards",
                Fault::Lasting => "EIO from then on",
                Fault::NoSpace => "ENOSPC from then on",
                Fault::Power => "power lost in a call",
            };
            (name.to_owned(), self.faults[fault as usize])
        };
        let mut rows: Vec<_> = Fault::ALL.map(fault).to_vec();
        let [append, sync, clear] = self.calls;
        let more = [
            ("  met by an append", append),
            ("  met by a sync", sync),
            ("  met by an emptying", clear),
            ("what the disk had not synced was lost", self.cuts),
            ("  with holes: a sector lost, a later one kept", self.holes),
            ("  an emptied tail came back", self.back),
            ("log of several blocks", self.blocks),
            ("log that goes on after an earlier crash", self.resumed),
            ("recovery: no log yet", self.no_log),
            ("recovery: nothing dropped", self.whole),
            ("  of these finished", self.ended),
            ("recovery: the end dropped, and said so", self.dropped),
            ("recovery: refused, all that is good can be cut off", self.refused),
            ("entries acknowledged", self.acknowledged),
            ("entries kept", self.kept),
        ];
        rows.extend(more.map(|(name, count)| (name.to_owned(), count)));
        rows
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, count) in self.rows() {
            writeln!(f, "{name:<52} {count:>12}")?;
        }
        Ok(())
    }
}
