//! Behind which entry a command fails.

use cli::{Exit, Failure};

use crate::args::Bisect;

pub(super) fn run(_: &Bisect, _: &str) -> Result<Exit, Failure> {
    Ok(Exit::Ok)
}
