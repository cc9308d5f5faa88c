//! CPU time of the process: a book that starts threads pays for them too.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// Nanoseconds of CPU time since the process began.
pub(crate) fn nanoseconds() -> u64 {
    let Timespec { tv_sec, tv_nsec } = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(tv_sec).unwrap_or(0);
    seconds.saturating_mul(1_000_000_000).saturating_add(u64::try_from(tv_nsec).unwrap_or(0))
}
