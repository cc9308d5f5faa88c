//! Ctrl-C: the first asks the command to stop where it can, the second ends it at once.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::temporary;

/// Whether the user has asked to stop.
#[derive(Clone, Debug)]
pub struct Interrupt {
    flags: Arc<Flags>,
}

#[derive(Debug, Default)]
struct Flags {
    asked: AtomicBool,
    /// The program that has nothing to save.
    at_once: OnceLock<&'static str>,
}

impl Interrupt {
    /// Listens from now on, once for the whole process.
    pub fn listen() -> Self {
        static LISTENING: OnceLock<Interrupt> = OnceLock::new();
        LISTENING.get_or_init(Self::start).clone()
    }

    /// Listens, and the first Ctrl-C ends the process at once: for work that may wait for input,
    /// has nothing to save, and writes under temporary names only. Those are removed.
    ///
    /// * `program` - who says so, as all its messages begin.
    pub fn at_once(program: &'static str) {
        let _ = Self::listen().flags.at_once.set(program);
    }

    fn start() -> Self {
        let interrupt = Self { flags: Arc::default() };
        let flags = Arc::clone(&interrupt.flags);
        // Where no handler can be set, the default one ends the process: nothing is left half
        // written under a final name either way.
        let _ = ctrlc::set_handler(move || {
            let is_second = flags.asked.swap(true, Ordering::SeqCst);
            let at_once = flags.at_once.get();
            if let Some(program) = at_once {
                let _ = writeln!(io::stderr(), "{program}: {}", Failure::interrupted());
            }
            if is_second || at_once.is_some() {
                temporary::remove_all_and_exit(Exit::Interrupted);
            }
        });
        interrupt
    }

    /// Stops a loop when asked to.
    ///
    /// # Errors
    /// Exit 130 once the user has interrupted.
    pub fn check(&self) -> Result<(), Failure> {
        if self.flags.asked.load(Ordering::Relaxed) { Err(Failure::interrupted()) } else { Ok(()) }
    }
}
