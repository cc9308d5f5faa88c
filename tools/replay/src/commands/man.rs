//! `replay man`: the manual.

use clap::CommandFactory;
use cli::{Exit, Failure};

use super::print;
use crate::args::{Args, Man};

pub(crate) fn run(args: &Man) -> Result<Exit, Failure> {
    let command = Args::command();
    let Some(folder) = &args.output else {
        let mut page = Vec::new();
        let rendered = clap_mangen::Man::new(command).render(&mut page);
        rendered.map_err(|error| Failure::new(Exit::Io, error.to_string()))?;
        print(&String::from_utf8_lossy(&page))?;
        return Ok(Exit::Ok);
    };
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .map_err(|error| {
            Failure::new(Exit::CannotCreate, format!("{}: {error}", folder.display()))
        })?;
    Ok(Exit::Ok)
}
