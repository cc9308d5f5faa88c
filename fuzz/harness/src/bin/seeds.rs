//! Writes the seeds of all fuzz targets into a folder: `seeds FOLDER GOLDENS`. `cargo xtask seeds`
//! calls it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(folder), Some(goldens), None) = (args.next(), args.next(), args.next()) else {
        return fail("usage: seeds FOLDER GOLDENS");
    };
    match write(&folder, &goldens) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

fn write(folder: &Path, goldens: &Path) -> std::io::Result<()> {
    for seed in harness::seeds::of_folder(goldens)? {
        let folder = folder.join(seed.target);
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(&seed.name), &seed.bytes)?;
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "a chore")]
fn fail(message: &str) -> ExitCode {
    eprintln!("seeds: {message}");
    ExitCode::FAILURE
}
