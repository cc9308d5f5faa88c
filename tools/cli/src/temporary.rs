//! Files under temporary names. However the process ends by its own doing, none stays behind.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::exit::Exit;

/// Every temporary file of this process.
static TEMPORARY: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn temporary() -> MutexGuard<'static, Vec<PathBuf>> {
    // A list of paths is whole whatever its holder did.
    TEMPORARY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Creates a file that must not exist.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let mut temporary = temporary();
    let file = File::create_new(path)?;
    temporary.push(path.to_owned());
    Ok(file)
}

/// Removes a file that [`create`] made, unless it has another name by now.
pub(crate) fn remove(path: &Path) {
    let mut temporary = temporary();
    if let Some(at) = temporary.iter().position(|old| old == path) {
        temporary.swap_remove(at);
        let _ = fs::remove_file(path);
    }
}

/// Renames, with nobody ending the process in between.
pub(crate) fn undisturbed<T>(rename: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let _held = temporary();
    rename()
}

/// Removes all of them and ends the process. None can be created meanwhile.
#[expect(clippy::exit, reason = "nothing is left to unwind for")]
pub(crate) fn remove_all_and_exit(exit: Exit) -> ! {
    let temporary = temporary();
    for path in &*temporary {
        let _ = fs::remove_file(path);
    }
    std::process::exit(exit.code().into())
}
