//! The CPU time of the present thread: what a measurement on a shared machine can trust.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// Counts from its start.
#[derive(Clone, Copy, Debug)]
pub struct CpuClock {
    start: u64,
}

impl CpuClock {
    /// Starts now.
    pub fn start() -> Self {
        Self { start: now() }
    }

    /// Nanoseconds of CPU time that this thread has used since the start.
    pub fn nanoseconds(&self) -> u64 {
        now().saturating_sub(self.start)
    }
}

fn now() -> u64 {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(tv_sec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(tv_nsec).unwrap_or(0))
}
