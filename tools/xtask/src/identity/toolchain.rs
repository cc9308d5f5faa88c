//! A compiler for other targets, put together below the target folder. Nothing is installed.
//!
//! Debian builds its browsers with a recent Rust and packs it as `rustc-web`, with the sources of
//! the same release's standard library as `rust-web-src`. The packages are unpacked into a folder,
//! the library is compiled for each target once and laid beside the compiler; from then on it is an
//! ordinary toolchain. The release follows Debian's and is not pinned: what is compared are digests.

mod target;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(super) use self::target::{AARCH64, HOST, I686, S390X, Target, WASM32};
use super::builds::PROBE;
use crate::say;

/// The packages to begin with; others follow from what they depend on.
const PACKAGES: [&str; 3] = ["rustc-web", "libstd-rust-web-dev", "rust-web-src"];
/// How the names of dependencies begin that are unpacked too; all others any Debian has.
const FOLLOWED: [&str; 2] = ["libstd-rust-web", "libllvm"];

/// Debian's compiler.
#[derive(Debug)]
pub(super) struct Debian {
    folder: PathBuf,
    rustc: PathBuf,
    release: String,
}

impl Debian {
    /// Puts the compiler together, unless this folder has it already.
    ///
    /// # Errors
    /// What is missing on this machine or cannot be downloaded.
    pub(super) fn prepare(folder: &Path) -> Result<Self, String> {
        let folder = absolute(folder)?;
        let (root, ready) = (folder.join("root"), folder.join("ready"));
        let mut debian =
            Self { rustc: folder.join("rustc"), release: String::new(), folder: folder.clone() };
        if !ready.exists() {
            download(&folder.join("packages"), &root)?;
            debian.write_wrapper(&root)?;
        }
        debian.release = debian.find_release(&root)?;
        fs::write(&ready, "").map_err(|error| format!("{}: {error}", ready.display()))?;
        Ok(debian)
    }

    pub(super) fn release(&self) -> &str {
        &self.release
    }

    /// Builds the probe for a target; returns the program or module.
    ///
    /// # Errors
    /// It does not build.
    pub(super) fn build(&self, package: &Path, target: &Target) -> Result<PathBuf, String> {
        let folder = &self.build_folder(target);
        let mut cargo = self.cargo(package, target, folder)?;
        cargo.arg("--locked");
        let built = folder.join(target.triple).join("release");
        let program = if target.is_module {
            cargo.args(["--lib", "--crate-type", "cdylib"]);
            built.join("probe.wasm")
        } else {
            cargo.args(["--bin", PROBE]);
            built.join(PROBE)
        };
        finish("the probe does not build", &mut cargo)?;
        Ok(program)
    }

    fn build_folder(&self, target: &Target) -> PathBuf {
        self.folder.join("build").join(target.triple)
    }

    fn cargo(&self, package: &Path, target: &Target, folder: &Path) -> Result<Command, String> {
        let mut cargo = Command::new("cargo");
        cargo
            .args(["rustc", "--quiet", "--release", "--target", target.triple, "--target-dir"])
            .arg(folder)
            .current_dir(package)
            .env("RUSTC", &self.rustc)
            .env("RUSTFLAGS", target.flags)
            .env(target.linker_variable(), target.linker()?)
            .env_remove("CARGO_ENCODED_RUSTFLAGS");
        Ok(cargo)
    }

    /// The compiler finds its own libraries, not the machine's.
    fn write_wrapper(&self, root: &Path) -> Result<(), String> {
        let fail = |error: std::io::Error| format!("{}: {error}", self.rustc.display());
        let arch = std::env::consts::ARCH;
        let text = format!(
            "#!/bin/sh\nLD_LIBRARY_PATH='{root}/usr/lib/{arch}-linux-gnu' \
             exec '{root}/usr/bin/rustc' \"$@\"\n",
            root = root.display(),
        );
        fs::write(&self.rustc, text).map_err(fail)?;
        fs::set_permissions(&self.rustc, fs::Permissions::from_mode(0o755)).map_err(fail)
    }

    /// Compiler and library sources must be of one release.
    fn find_release(&self, root: &Path) -> Result<String, String> {
        let version = output(Command::new(&self.rustc).arg("--version"))?;
        let release = version.split(' ').nth(1).unwrap_or_default().trim().to_owned();
        let sources = root.join("usr/src").join(format!("rustc-{release}"));
        if sources.join("library/std").is_dir() {
            return Ok(release);
        }
        Err(format!("rustc-web is {release}, and rust-web-src has no sources of that release"))
    }

    /// Compiles the standard library for a target, unless it is there, and lays it where the compiler
    /// looks for it.
    ///
    /// # Errors
    /// It does not compile.
    pub(super) fn prepare_library(&self, target: &Target) -> Result<(), String> {
        let ready = self.folder.join(format!("ready-{}", target.triple));
        if target.has_library || ready.exists() {
            return Ok(());
        }
        say(&format!("{}: compiling the standard library, once", target.triple));
        let folder = &self.folder.join("library");
        let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::create_dir_all(folder.join("src")).map_err(fail)?;
        let manifest = "[package]\nname = \"nothing\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                        [workspace]\n\n[profile.release]\npanic = \"abort\"\n";
        fs::write(folder.join("Cargo.toml"), manifest).map_err(fail)?;
        fs::write(folder.join("src/lib.rs"), "").map_err(fail)?;
        let built = folder.join("target");
        let mut cargo = self.cargo(folder, target, &built)?;
        // Building the library is open to nightly compilers only, unless this is set.
        cargo.arg("-Zbuild-std=std,panic_abort").env("RUSTC_BOOTSTRAP", "1");
        finish("the standard library does not build", &mut cargo)?;
        let root = self.folder.join("root");
        let place = root.join("usr/lib/rustlib").join(target.triple).join("lib");
        // A second library of the same name, and what was built with another, would not fit.
        for stale in [&place, &self.build_folder(target)] {
            if stale.exists() {
                fs::remove_dir_all(stale).map_err(fail)?;
            }
        }
        fs::create_dir_all(&place).map_err(fail)?;
        for file in fs::read_dir(built.join(target.triple).join("release/deps")).map_err(fail)? {
            let path = file.map_err(fail)?.path();
            let name = path.file_name().unwrap_or_default();
            let text = name.to_string_lossy();
            if text.ends_with(".rlib") && !text.starts_with("libnothing") {
                fs::copy(&path, place.join(name)).map_err(fail)?;
            }
        }
        fs::write(&ready, "").map_err(|error| format!("{}: {error}", ready.display()))
    }
}

/// Downloads the packages and unpacks them.
fn download(packages: &Path, root: &Path) -> Result<(), String> {
    let fail = |error: std::io::Error| format!("{}: {error}", packages.display());
    for folder in [packages, root] {
        if folder.exists() {
            fs::remove_dir_all(folder).map_err(fail)?;
        }
        fs::create_dir_all(folder).map_err(fail)?;
    }
    let mut names: Vec<String> = PACKAGES.map(str::to_owned).to_vec();
    let mut followed = 0;
    while let Some(name) = names.get(followed) {
        for further in dependencies(&depends(name)?) {
            if !names.contains(&further) {
                names.push(further);
            }
        }
        followed += 1;
    }
    say(&format!("downloading {}", names.join(", ")));
    let mut apt = Command::new("apt-get");
    apt.args(["--quiet", "--quiet", "download"]).args(&names).current_dir(packages);
    finish("apt-get download failed; apt-get update may help", &mut apt)?;
    for file in fs::read_dir(packages).map_err(fail)? {
        let path = file.map_err(fail)?.path();
        finish("dpkg cannot unpack", Command::new("dpkg").arg("-x").arg(path).arg(root))?;
    }
    fs::remove_dir_all(packages).map_err(fail)
}

/// What apt says of a package's dependencies.
fn depends(name: &str) -> Result<String, String> {
    let words = output(Command::new("apt-cache").args(["depends", name]));
    words.map_err(|error| {
        format!(
            "{error}\nthe compiler comes from Debian's package {name}: this needs apt-get, dpkg and \
             Debian 12 or later, and package lists (apt-get update)"
        )
    })
}

/// The dependencies that are unpacked too.
fn dependencies(words: &str) -> Vec<String> {
    let names = words.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
    let is_followed = |name: &&str| FOLLOWED.iter().any(|start| name.starts_with(start));
    names.filter(is_followed).map(str::to_owned).collect()
}

/// Runs a program to its end.
pub(super) fn finish(what: &str, command: &mut Command) -> Result<(), String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name} does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{what}: {name}: {status}")) }
}

/// What a program writes to standard output.
pub(super) fn output(command: &mut Command) -> Result<String, String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("{name} does not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("{name}: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{name}: its output is not UTF-8"))
}

/// The folder, made, by a name that holds in every folder.
fn absolute(folder: &Path) -> Result<PathBuf, String> {
    let fail = |error: std::io::Error| format!("{}: {error}", folder.display());
    fs::create_dir_all(folder).map_err(fail)?;
    folder.canonicalize().map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_compilers_own_parts_are_followed() {
        let words = "rustc-web\n  Depends: libc6\n  Depends: libstd-rust-web-dev\n  Depends: gcc\n \
                     |Depends: <libc-dev>\n  Conflicts: libllvm9\n  Depends: libllvm22\n";
        assert_eq!(dependencies(words), ["libstd-rust-web-dev", "libllvm22"]);
    }
}
