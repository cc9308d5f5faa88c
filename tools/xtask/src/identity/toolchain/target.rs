//! The targets that Debian's compiler builds for: how their programs are linked and started.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::output;

/// One target.
#[derive(Debug)]
pub(in super::super) struct Target {
    pub(in super::super) triple: &'static str,
    /// Whether programs are modules for node.
    pub(in super::super) is_module: bool,
    /// Whether Debian packs the standard library for it.
    pub(super) has_library: bool,
    /// Flags of the compiler.
    pub(super) flags: &'static str,
    /// The C compiler that links, and a flag that chooses the target; the linker for WebAssembly comes
    /// with every Rust toolchain.
    gcc: Option<(&'static str, &'static str)>,
    /// Names by which what starts a program is called; none if the machine does.
    starters: &'static [&'static str],
    /// The packages that bring linker and starter.
    packages: &'static str,
}

/// Programs without shared libraries need no files of their target to run.
const STATIC: &str = "-C target-feature=+crt-static";

/// This machine's own.
pub(in super::super) const HOST: Target = Target {
    triple: "x86_64-unknown-linux-gnu",
    is_module: false,
    has_library: true,
    flags: "",
    gcc: Some(("gcc", "-m64")),
    starters: &[],
    packages: "gcc libc6-dev",
};

/// 32 bits; an x86-64 processor runs it.
pub(in super::super) const I686: Target = Target {
    triple: "i686-unknown-linux-gnu",
    is_module: false,
    has_library: false,
    flags: STATIC,
    gcc: Some(("gcc", "-m32")),
    starters: &[],
    packages: "libc6-dev-i386 lib32gcc-12-dev",
};

/// 32 bits, in node.
pub(in super::super) const WASM32: Target = Target {
    triple: "wasm32-unknown-unknown",
    is_module: true,
    has_library: false,
    flags: "",
    gcc: None,
    starters: &["node", "nodejs"],
    packages: "nodejs",
};

/// Another instruction set, with fused multiply-add in every processor.
pub(in super::super) const AARCH64: Target = Target {
    triple: "aarch64-unknown-linux-gnu",
    is_module: false,
    has_library: false,
    flags: STATIC,
    gcc: Some(("aarch64-linux-gnu-gcc", "")),
    starters: &["qemu-aarch64-static", "qemu-aarch64"],
    packages: "gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static",
};

/// Big-endian.
pub(in super::super) const S390X: Target = Target {
    triple: "s390x-unknown-linux-gnu",
    is_module: false,
    has_library: false,
    flags: STATIC,
    gcc: Some(("s390x-linux-gnu-gcc", "")),
    starters: &["qemu-s390x-static", "qemu-s390x"],
    packages: "gcc-s390x-linux-gnu libc6-dev-s390x-cross qemu-user-static",
};

impl Target {
    /// What starts its programs here.
    ///
    /// # Errors
    /// What is missing, and the packages that have it.
    pub(in super::super) fn starter(&self) -> Result<Option<&'static str>, String> {
        let hint = |what: &str| format!("{what}; apt-get install {}", self.packages);
        if let Some((gcc, flag)) = self.gcc {
            // A file that is found is named with its folder.
            let arguments =
                [flag, "-print-file-name=libc.a"].into_iter().filter(|it| !it.is_empty());
            let library =
                output(Command::new(gcc).args(arguments)).map_err(|error| hint(&error))?;
            if !Path::new(library.trim()).is_absolute() {
                return Err(hint(&format!("{gcc} {flag} has no C library")));
            }
        }
        let starts = |name: &&&str| {
            let version = Command::new(name).arg("--version").stdout(Stdio::null()).status();
            version.is_ok_and(|status| status.success())
        };
        match self.starters {
            [] => Ok(None),
            names => {
                let found = names.iter().find(starts).copied().map(Some);
                found.ok_or_else(|| hint(&format!("{} does not start", names.join(" or "))))
            }
        }
    }

    /// The variable by which cargo is told the linker.
    pub(super) fn linker_variable(&self) -> String {
        format!("CARGO_TARGET_{}_LINKER", self.triple.to_uppercase().replace('-', "_"))
    }

    /// The program that links.
    pub(super) fn linker(&self) -> Result<PathBuf, String> {
        if let Some((gcc, _)) = self.gcc {
            return Ok(PathBuf::from(gcc));
        }
        let root = output(Command::new("rustc").args(["--print", "sysroot"]))?;
        let words = output(Command::new("rustc").arg("-vV"))?;
        let host = words.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default();
        let linker = Path::new(root.trim()).join("lib/rustlib").join(host).join("bin/rust-lld");
        if linker.is_file() { Ok(linker) } else { Err(format!("{}: is absent", linker.display())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linkers_are_told_by_the_name_of_the_target() {
        assert_eq!(S390X.linker_variable(), "CARGO_TARGET_S390X_UNKNOWN_LINUX_GNU_LINKER");
        assert_eq!(S390X.linker(), Ok(PathBuf::from("s390x-linux-gnu-gcc")));
    }

    #[test]
    fn what_is_missing_is_named_with_its_packages() {
        let no_gcc = Target { gcc: Some(("no-such-gcc", "")), ..HOST };
        let no_starter = Target { starters: &["no-such-node"], ..HOST };
        for (target, what) in [(no_gcc, "no-such-gcc"), (no_starter, "no-such-node")] {
            let reason = target.starter().unwrap_err();
            assert!(reason.contains(what) && reason.ends_with(HOST.packages), "{reason}");
        }
        assert_eq!(HOST.starter(), Ok(None));
    }
}
