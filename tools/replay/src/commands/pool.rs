//! Work on several threads; results in the order of the items, whatever the timing.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use cli::{Failure, Interrupt, Progress};

/// Why work on an item ended early; `None` because other work did.
pub(super) type Stopped = Option<Failure>;

/// How work tells that steps are done, and learns whether to go on.
pub(super) struct Pace<'a> {
    interrupt: &'a Interrupt,
    is_over: &'a AtomicBool,
    done: &'a AtomicU64,
}

impl Pace<'_> {
    /// Some steps are done.
    ///
    /// # Errors
    /// When the user has interrupted, or other work failed.
    pub(super) fn advance(&self, steps: u64) -> Result<(), Stopped> {
        self.done.fetch_add(steps, Ordering::Relaxed);
        if self.is_over.load(Ordering::Relaxed) {
            return Err(None);
        }
        self.interrupt.check().map_err(Some)
    }
}

/// As many threads as are asked for; by default as many as there are processors.
pub(super) fn threads(asked: Option<u16>) -> usize {
    let processors = || thread::available_parallelism().map_or(1, NonZero::get);
    asked.map_or_else(processors, usize::from)
}

/// Does work for every item, with a progress bar over all steps. Items are begun in their order.
///
/// # Errors
/// The failure of the first item, in their order, that has one.
pub(super) fn for_each<I: Copy + Sync, T: Send>(
    items: &[I],
    (threads, steps): (usize, u64),
    work: impl Fn(I, &Pace<'_>) -> Result<T, Stopped> + Sync,
) -> Result<Vec<T>, Failure> {
    let interrupt = Interrupt::listen();
    let (next, is_over, done) = (AtomicUsize::new(0), AtomicBool::new(false), AtomicU64::new(0));
    let mut results: Vec<_> = items.iter().map(|_| None).collect();
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            let (sender, work) = (sender.clone(), &work);
            let (next, is_over, done, interrupt) = (&next, &is_over, &done, &interrupt);
            scope.spawn(move || {
                let pace = Pace { interrupt, is_over, done };
                while let Some((place, item)) = take(next, items) {
                    let result = work(item, &pace);
                    if result.is_err() {
                        is_over.store(true, Ordering::Relaxed);
                    }
                    let is_last = result.is_err();
                    if sender.send((place, result)).is_err() || is_last {
                        break;
                    }
                }
            });
        }
        drop(sender);
        collect(&receiver, &done, steps, &mut results);
    });
    let mut whole = Vec::new();
    let mut failure = None;
    for result in results.into_iter().flatten() {
        match result {
            Ok(result) => whole.push(result),
            Err(stopped) => failure = failure.or(stopped),
        }
    }
    failure.map_or(Ok(whole), Err)
}

/// The next item, with its place.
fn take<I: Copy>(next: &AtomicUsize, items: &[I]) -> Option<(usize, I)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    items.get(place).map(|item| (place, *item))
}

/// How often the progress bar is looked after.
const GLANCE: std::time::Duration = std::time::Duration::from_millis(100);

/// Puts results into their places as they come.
fn collect<T>(
    receiver: &Receiver<(usize, T)>,
    done: &AtomicU64,
    steps: u64,
    results: &mut [Option<T>],
) {
    let mut progress = Progress::new("steps", steps);
    loop {
        match receiver.recv_timeout(GLANCE) {
            Ok((place, result)) => results[place] = Some(result),
            Err(mpsc::RecvTimeoutError::Timeout) => progress.at(done.load(Ordering::Relaxed)),
            Err(mpsc::RecvTimeoutError::Disconnected) => return,
        }
    }
}
