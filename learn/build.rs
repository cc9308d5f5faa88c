//! Programs and tests find libtorch from any folder: its own path is written into them.

use std::env;
use std::fs;
use std::path::PathBuf;

fn main() {
    for variable in ["LIBTORCH", "LIBTORCH_LIB", "LIBTORCH_USE_PYTORCH"] {
        println!("cargo::rerun-if-env-changed={variable}");
    }
    let version = env::var_os("LIBTORCH").map(|it| PathBuf::from(it).join("build-version"));
    let version = version.and_then(|path| fs::read_to_string(path).ok());
    let version = version.as_deref().map_or("unknown", str::trim);
    println!("cargo::rustc-env=LEARN_LIBTORCH_VERSION={version}");
    // Where Python's torch is used, torch-sys asks Python, and whoever starts programs says where.
    if env::var_os("LIBTORCH_USE_PYTORCH").is_some() {
        return;
    }
    let Some(folder) = env::var_os("LIBTORCH_LIB").or_else(|| env::var_os("LIBTORCH")) else {
        return;
    };
    let folder = PathBuf::from(folder).join("lib");
    println!("cargo::rerun-if-changed={}", folder.display());
    match fs::canonicalize(&folder) {
        Ok(path) => {
            // Not by -Wl, which would part a path at its commas.
            for argument in ["-Xlinker", "-rpath", "-Xlinker", &path.to_string_lossy()] {
                println!("cargo::rustc-link-arg={argument}");
            }
        }
        Err(error) => {
            let folder = folder.display();
            println!("cargo::error=no libtorch: {folder}: {error}: run `cargo xtask setup` first");
        }
    }
}
