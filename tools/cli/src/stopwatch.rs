//! Time that long work has taken, for people: nothing ever compares it.

use std::time::Instant;

use crate::cpu::CpuClock;

/// Counts from its start.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    start: Instant,
    cpu: CpuClock,
}

impl Stopwatch {
    /// Starts now.
    pub fn start() -> Self {
        Self { start: Instant::now(), cpu: CpuClock::start() }
    }

    /// Seconds since the start.
    pub fn seconds(&self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }

    /// Seconds of CPU time that this thread has used since the start.
    pub fn cpu_seconds(&self) -> f64 {
        std::time::Duration::from_nanos(self.cpu.nanoseconds()).as_secs_f64()
    }
}
