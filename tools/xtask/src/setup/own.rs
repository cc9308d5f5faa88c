//! A libtorch of the user's own, which LIBTORCH names.

use std::fs;
use std::path::{Path, PathBuf};

use crate::say;

/// The folder that the user set, if it is not the one `cargo` itself sets (`.cargo/config.toml`).
pub(super) fn find(folder: &Path) -> Option<PathBuf> {
    let set = PathBuf::from(std::env::var_os("LIBTORCH")?);
    (!is_same(&set, &folder.join("torch"))).then_some(set)
}

/// Whether two paths name one folder, which need not exist.
fn is_same(one: &Path, other: &Path) -> bool {
    let absolute = |path: &Path| match (path.parent().map(fs::canonicalize), path.file_name()) {
        (Some(Ok(parent)), Some(name)) => parent.join(name),
        _ => path.to_owned(),
    };
    // `..` of a path to the checkout is not resolved where the folder above does not exist yet.
    absolute(one) == absolute(other) || clean(one) == clean(other)
}

/// The path without `.` and `..`.
fn clean(path: &Path) -> PathBuf {
    let mut clean = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                clean.pop();
            }
            std::path::Component::Prefix(_)
            | std::path::Component::RootDir
            | std::path::Component::Normal(_) => clean.push(part),
        }
    }
    clean
}

/// Whether `learn` can be built with a folder; says that it will be.
///
/// # Errors
/// It is no libtorch, or one of another version.
pub(super) fn check(own: &Path, version: &str) -> Result<(), String> {
    let name = own.display();
    let help = format!("set LIBTORCH to a folder with libtorch {version}, or unset it");
    if !own.is_absolute() {
        return Err(format!("LIBTORCH is {name}, which must be an absolute path\n{help}"));
    }
    for needed in ["lib", "include"] {
        if !own.join(needed).is_dir() {
            return Err(format!("LIBTORCH is {name}, which has no folder `{needed}`\n{help}"));
        }
    }
    match found_version(own) {
        Some(found) if found == version => {
            say(&format!("LIBTORCH is used: {name}, version {found}; nothing is fetched"));
            Ok(())
        }
        Some(found) => {
            Err(format!("LIBTORCH is {name}, which has version {found}, not {version}\n{help}"))
        }
        None => {
            say(&format!(
                "LIBTORCH is used: {name}; nothing is fetched\nits version is not known, as it has \
                 no file `build-version`: {version} is needed"
            ));
            Ok(())
        }
    }
}

/// The version without what follows a `+`: of libtorch's archive, or of Python's package.
fn found_version(own: &Path) -> Option<String> {
    let archive = fs::read_to_string(own.join("build-version")).ok();
    let text = archive.or_else(|| {
        let python = fs::read_to_string(own.join("version.py")).ok()?;
        let line = python.lines().find_map(|line| line.strip_prefix("__version__ = "))?;
        Some(line.trim_matches(['\'', '"', ' ']).to_owned())
    })?;
    text.trim().split('+').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::super::tests::scratch;
    use super::*;

    #[test]
    fn cargos_own_setting_is_not_the_users() {
        let folder = scratch("same");
        assert!(is_same(&folder.join("a/../torch"), &folder.join("torch")));
        assert!(is_same(&folder.join("torch"), &folder.join("./torch")));
        assert!(is_same(
            Path::new("/nowhere/a/../.libtorch/torch"),
            Path::new("/nowhere/.libtorch/torch")
        ));
        assert!(!is_same(&folder.join("torch"), &folder.join("torch2")));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_folder_of_the_right_version_is_used_and_no_other() {
        let folder = scratch("own");
        let error = |needle: &str| {
            let error = check(&folder, "2.13.0").unwrap_err();
            assert!(error.contains(needle) && error.contains("unset it"), "{error}");
        };
        error("no folder `lib`");
        fs::create_dir(folder.join("lib")).unwrap();
        error("no folder `include`");
        fs::create_dir(folder.join("include")).unwrap();
        assert_eq!(check(&folder, "2.13.0"), Ok(()), "its version is not known");
        fs::write(folder.join("version.py"), "x = 1\n__version__ = '2.12.0+cu130'\n").unwrap();
        error("has version 2.12.0, not 2.13.0");
        fs::write(folder.join("build-version"), "2.13.0+cpu\n").unwrap();
        assert_eq!(check(&folder, "2.13.0"), Ok(()));
        assert!(check(Path::new("torch"), "2.13.0").unwrap_err().contains("absolute"));
        fs::remove_dir_all(folder).unwrap();
    }
}
