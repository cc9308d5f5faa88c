//! What a fork says of its parent: is it so?

use std::path::Path;

use cli::Failure;
use replay::Parent;

use super::open;
use crate::args::Log;

/// Compares what the genesis of a log says of its parent with the log itself, and with the parent
/// where that is at hand. Returns what differs.
///
/// * `named` - what the genesis says.
///
/// Cost: both logs up to where they part, no replay.
///
/// # Errors
/// Those of reading either log.
pub(super) fn check(
    log: &Log,
    named: Option<Parent>,
    parent: Option<&Path>,
) -> Result<Vec<String>, Failure> {
    let Some(named) = named else {
        let missing = "it is no fork: its genesis names no parent";
        return Ok(parent.map(|_| missing.to_owned()).into_iter().collect());
    };
    let entry = named.entry;
    let mut differences = Vec::new();
    let fail = |path: &Path, error| Failure::log(path, &error);
    match Parent::find(&mut open(log)?, entry).map_err(|error| fail(&log.path, error))? {
        Some(own) if own.head != named.head => differences.push(format!(
            "its head at entry {entry} is {}, but its genesis says that it shares {} with its parent",
            own.head, named.head
        )),
        Some(_) => {}
        None => differences.push(format!("it ends before entry {entry}, where it left its parent")),
    }
    let Some(path) = parent else { return Ok(differences) };
    let parent = Log { path: path.to_owned(), limits: log.limits.clone() };
    let found = Parent::find(&mut open(&parent)?, entry).map_err(|error| fail(path, error))?;
    let shown = path.display();
    let Some(found) = found else {
        differences
            .push(format!("{shown} ends before entry {entry}, where the fork left its parent"));
        return Ok(differences);
    };
    for (name, found, named) in
        [("head", found.head, named.head), ("last seal", found.seal, named.seal)]
    {
        if found != named {
            differences.push(format!(
                "{shown} is not the parent: its {name} at entry {entry} is {found}, the genesis of the \
                 fork says {named}"
            ));
        }
    }
    Ok(differences)
}
