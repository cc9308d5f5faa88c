//! What runs came to beside each other.

use agents::adversarial::measures::{Bounds, Detection, Measures, Twins};
use cli::Failure;
use replay::Digest;

use super::carry::Ran;
use super::plan::Plan;
use crate::commands::pool;

/// Everything that was found.
pub(super) struct Results {
    /// In the order of the plan's.
    pub(super) modes: Vec<ModeResults>,
    /// Entries and head of each kept log, in the order of the plan's runs.
    pub(super) logs: Vec<Option<(u64, Digest)>>,
}

pub(super) struct ModeResults {
    /// Of type z = 0, the twins of all others.
    pub(super) zero: Measures,
    /// What no trader escapes; `None` where z = 0 buys as much.
    pub(super) bounds: Option<Bounds>,
    /// Each trader, in the order of the plan's.
    pub(super) traders: Vec<TraderResults>,
    /// Each maker, and each rule against it.
    pub(super) makers: Vec<Vec<Twins>>,
}

pub(super) struct TraderResults {
    pub(super) measures: Measures,
    pub(super) twins: Twins,
    pub(super) detection: Detection,
}

impl Results {
    /// Measures and judges the runs of a plan.
    ///
    /// # Errors
    /// Exit 130.
    pub(super) fn of(plan: &Plan, runs: &[Ran], threads: usize) -> Result<Self, Failure> {
        let places: Vec<(usize, usize)> = plan
            .modes
            .iter()
            .enumerate()
            .flat_map(|(mode, it)| (0..it.traders.len()).map(move |trader| (mode, trader)))
            .collect();
        let traders = pool::for_each(&places, (threads, 0), |(mode, trader), pace| {
            pace.advance(0)?;
            let mode = &plan.modes[mode];
            let (_, run) = mode.traders[trader];
            let [one, _] = &runs[run].samples;
            let [twins, strangers] = &runs[mode.zero].samples;
            Ok(TraderResults {
                measures: Measures::of(one),
                twins: Twins::of(one, twins),
                detection: Detection::of(strangers, one, mode.settings.lots()),
            })
        })?;
        let mut traders = traders.into_iter();
        let modes = plan.modes.iter().map(|mode| ModeResults {
            zero: Measures::of(&runs[mode.zero].samples[0]),
            bounds: Bounds::of(&mode.settings),
            traders: traders.by_ref().take(mode.traders.len()).collect(),
            makers: mode
                .makers
                .iter()
                .map(|maker| {
                    let rules = maker.rules.iter();
                    let twins = rules.map(|(_, [one, zero])| {
                        Twins::of(&runs[*one].samples[0], &runs[*zero].samples[0])
                    });
                    twins.collect()
                })
                .collect(),
        });
        Ok(Self {
            modes: modes.collect(),
            logs: runs.iter().map(|ran| ran.log.as_ref().map(|log| (log.1, log.2))).collect(),
        })
    }
}
