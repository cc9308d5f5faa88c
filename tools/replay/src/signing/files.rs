//! Keys and checkpoints from files.

use std::path::Path;

use cli::{Exit, Failure};
use formats::checkpoint::Checkpoint;
use formats::note::{NOTE_BYTES_MAX, Note};
use zeroize::Zeroizing;

use super::keys::{NotAKey, PrivateKey, PublicKey, Verdict};

/// Longest file of a key.
const KEY_BYTES_MAX: usize = 512;

/// A checkpoint and the key that signed it.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) key: PublicKey,
}

/// Reads a private key.
///
/// # Errors
/// As [`cli::read_private`]; exit 65 for a file that holds no private key.
pub(crate) fn read_private_key(path: &Path) -> Result<PrivateKey, Failure> {
    let mut buffer = Zeroizing::new([0; KEY_BYTES_MAX]);
    let read = cli::read_private(path, &mut buffer[..]);
    // A public key is not secret, and its place is not that of a key that was left open.
    let is_open = read.as_ref().is_err_and(|failure| failure.hint.is_some());
    if is_open && read_public_key(path).is_ok() {
        return Err(misplaced_public_key(path));
    }
    let len = read?;
    let text = buffer.get(..len).and_then(|bytes| std::str::from_utf8(bytes).ok());
    let key = text.ok_or(NotAKey::Form).and_then(PrivateKey::parse);
    key.map_err(|bad| {
        if bad == NotAKey::IsPublic { misplaced_public_key(path) } else { not_a_key(path, bad) }
    })
}

fn misplaced_public_key(path: &Path) -> Failure {
    not_a_key(path, NotAKey::IsPublic).with_hint("the private key is the file without .pub")
}

/// Reads a public key.
fn read_public_key(path: &Path) -> Result<PublicKey, Failure> {
    // The file may be a private key by mistake.
    let bytes = Zeroizing::new(cli::read_small(path, KEY_BYTES_MAX)?);
    let key = std::str::from_utf8(&bytes).map_err(|_| NotAKey::Form).and_then(PublicKey::parse);
    key.map_err(|bad| {
        let failure = not_a_key(path, bad);
        if bad == NotAKey::IsPrivate {
            failure.with_hint("signatures are checked with the public key: the same name and .pub")
        } else {
            failure
        }
    })
}

fn not_a_key(path: &Path, bad: NotAKey) -> Failure {
    Failure::new(Exit::Damaged, format!("{}: {bad}", path.display()))
}

fn read_note(path: &Path) -> Result<(Note, Checkpoint), Failure> {
    let bytes = cli::read_small(path, NOTE_BYTES_MAX)?;
    let bad = |what: String| {
        Failure::new(Exit::Damaged, format!("{}: is no checkpoint: {what}", path.display()))
    };
    let note = Note::parse(&bytes).map_err(|error| bad(error.to_string()))?;
    let checkpoint = Checkpoint::parse(&note.text).map_err(|error| bad(error.to_string()))?;
    Ok((note, checkpoint))
}

/// Reads a checkpoint and believes it, whoever signed it.
///
/// # Errors
/// Exit 66 when it is absent, 65 when it is none.
pub(crate) fn read_checkpoint(path: &Path) -> Result<Checkpoint, Failure> {
    read_note(path).map(|(_, checkpoint)| checkpoint)
}

/// Reads a checkpoint that a key has signed.
///
/// # Errors
/// Exit 66 when one of the files is absent, 65 when it is no key or no checkpoint; 1 when the key has
/// not signed it.
pub(crate) fn read_signed(path: &Path, key: &Path) -> Result<Signed, Failure> {
    let key = read_public_key(key)?;
    let (note, checkpoint) = read_note(path)?;
    let (name, id) = (key.name(), key.id_text());
    match key.verify(&note) {
        Verdict::Signed => Ok(Signed { checkpoint, key }),
        Verdict::Unsigned => {
            let shown = path.display();
            let failure =
                Failure::new(Exit::Differs, format!("{shown}: is not signed by {name} (key {id})"));
            let has = |line: &formats::note::SignatureLine| line.name.to_string();
            let names: Vec<_> = note.signatures.iter().map(has).collect();
            Err(failure.with_hint(format!("it has signatures of other keys: {}", names.join(", "))))
        }
        Verdict::Forged => {
            let message = format!(
                "{}: the signature of {name} (key {id}) does not fit the text",
                path.display()
            );
            Err(Failure::new(Exit::Differs, message)
                .with_hint("the checkpoint was changed after it was signed: believe nothing in it"))
        }
    }
}
