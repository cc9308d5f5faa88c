//! Ctrl-C: the first asks the command to stop where it can, the second ends it at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::exit::Exit;
use crate::failure::Failure;

/// Whether the user has asked to stop.
#[derive(Clone, Debug)]
pub struct Interrupt {
    asked: Arc<AtomicBool>,
}

impl Interrupt {
    /// Listens from now on, once for the whole process.
    pub fn listen() -> Self {
        static LISTENING: OnceLock<Interrupt> = OnceLock::new();
        LISTENING.get_or_init(Self::start).clone()
    }

    fn start() -> Self {
        let interrupt = Self { asked: Arc::new(AtomicBool::new(false)) };
        let asked = Arc::clone(&interrupt.asked);
        // Where no handler can be set, the default one ends the process: nothing is left half
        // written under a final name either way.
        let _ = ctrlc::set_handler(move || {
            if asked.swap(true, Ordering::SeqCst) {
                // The second request does not wait.
                std::process::exit(i32::from(Exit::Interrupted.code()));
            }
        });
        interrupt
    }

    /// Stops a loop when asked to.
    ///
    /// # Errors
    /// Exit 130 once the user has interrupted.
    pub fn check(&self) -> Result<(), Failure> {
        if self.asked.load(Ordering::Relaxed) { Err(Failure::interrupted()) } else { Ok(()) }
    }
}
