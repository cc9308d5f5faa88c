//! Evidence of tampering: what is done to a log shows. [`flips`] changes single bits, [`splices`] is
//! a forger who repairs every checksum and digest.

pub mod flips;
mod forger;
pub mod splices;

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// Carries out the work of numbers from 0 to `count` on several threads, each of which takes every
/// n-th, so that what is found does not depend on how fast they are.
///
/// # Errors
/// The failure of the least number that has one, among those that were tried before it was found.
pub(crate) fn in_threads<R: Send>(
    threads: NonZeroUsize,
    count: u64,
    work: impl Fn(&mut dyn Iterator<Item = u64>) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let stop = AtomicBool::new(false);
    let results: Vec<Result<R, Failure>> = thread::scope(|scope| {
        let spawn = |first: usize| {
            let (stop, work) = (&stop, &work);
            scope.spawn(move || {
                let numbers = (first as u64..count).step_by(threads.get());
                let result = work(&mut numbers.take_while(|_| !stop.load(Ordering::Relaxed)));
                stop.fetch_or(result.is_err(), Ordering::Relaxed);
                result
            })
        };
        let running: Vec<_> = (0..threads.get()).map(spawn).collect();
        let joined = running.into_iter().map(thread::ScopedJoinHandle::join);
        joined
            .map(|result| result.unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    let failed = results.iter().filter_map(|result| result.as_ref().err().map(|it| it.case)).min();
    let of_failed = |result: &Result<R, Failure>| match (result, failed) {
        (Err(failure), Some(failed)) => failure.case == failed,
        (Ok(_), _) | (_, None) => failed.is_none(),
    };
    results.into_iter().filter(of_failed).collect()
}

/// What was not refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Number of the case: with it, the case can be tried again.
    pub case: u64,
    /// What was done and what came of it.
    pub what: String,
}
