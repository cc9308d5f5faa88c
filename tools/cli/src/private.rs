//! Files that hold a secret: nobody but their owner may read them, and none is ever replaced.

use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::open_at_once;
use crate::output::{check_free, sync_folder};

/// What of a file's mode lets others than its owner at it.
const OTHERS: u32 = 0o077;

/// Creates a file that only its owner may read or write, durable when this returns. The name must be
/// free: not even a link to nowhere may have it.
///
/// # Errors
/// Exit 73 when the name is taken or nothing can be created there, 74 when the device fails; then
/// there is no such file.
pub fn create_private(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    check_free(path, false).map_err(|failure| Failure { hint: None, ..failure })?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(
        |error| Failure::new(Exit::CannotCreate, format!("{}: {error}", path.display())),
    )?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.and_then(|()| sync_folder(path)).map_err(|error| {
        let _ = fs::remove_file(path);
        Failure::io(path, &error)
    })
}

/// Reads a file that holds a secret into a buffer of the caller, who knows how to forget it; returns
/// how many bytes it has. Where it has more than fit, the buffer is filled.
///
/// # Errors
/// Exit 66 when it is absent, unreadable or no regular file, and when others than its owner may read
/// or write it; 74 when the device fails.
pub fn read_private(path: &Path, buffer: &mut [u8]) -> Result<usize, Failure> {
    let refused = |what: &str| Failure::new(Exit::NoInput, format!("{}: {what}", path.display()));
    // A pipe of that name would be waited for; what was opened is what is looked at.
    let mut file = open_at_once(path).map_err(|error| refused(&error.to_string()))?;
    let metadata = file.metadata().map_err(|error| refused(&error.to_string()))?;
    if !metadata.is_file() {
        return Err(refused("is no regular file, as a private key has to be"));
    }
    let mode = metadata.permissions().mode() & 0o777;
    if mode & OTHERS != 0 {
        let what = format!("others than its owner may use this private key (mode {mode:03o})");
        let hint = format!("if nobody has read it yet: chmod 600 {}", path.display());
        return Err(refused(&what).with_hint(hint));
    }
    let mut have = 0;
    while have < buffer.len() {
        match file.read(&mut buffer[have..]) {
            Ok(0) => break,
            Ok(read) => have += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::io(path, &error)),
        }
    }
    Ok(have)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[test]
    fn a_private_file_is_its_owners_alone() {
        let folder = TempDir::new().expect("a folder");
        let path = folder.path().join("key");
        create_private(&path, b"secret").expect("created");
        let mode = fs::metadata(&path).expect("metadata").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let mut buffer = [0; 16];
        assert_eq!(read_private(&path, &mut buffer).expect("read"), 6);
        assert_eq!(&buffer[..6], b"secret");
        let again = create_private(&path, b"other").expect_err("it is there");
        assert_eq!(again.exit, Exit::CannotCreate);
        assert_eq!(fs::read(&path).expect("the file"), b"secret");
        for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
            let refused = read_private(&path, &mut buffer).expect_err("others may use it");
            assert_eq!(refused.exit, Exit::NoInput, "{mode:o}");
        }
    }

    #[test]
    fn a_link_is_never_followed_to_write() {
        let folder = TempDir::new().expect("a folder");
        let (path, target) = (folder.path().join("key"), folder.path().join("target"));
        std::os::unix::fs::symlink(&target, &path).expect("a link");
        let refused = create_private(&path, b"secret").expect_err("the name is taken");
        assert_eq!(refused.exit, Exit::CannotCreate);
        assert!(!target.exists());
    }

    #[test]
    fn a_device_is_no_key() {
        let refused = read_private(Path::new("/dev/zero"), &mut [0; 4]).expect_err("a device");
        assert_eq!(refused.exit, Exit::NoInput);
    }
}
