//! Keys and their one-line texts. Of a private key nothing is ever shown, and its bytes are wiped
//! when they are done with.

use std::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use formats::base64;
use formats::note::{KeyName, Note, SignatureLine};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// How the text of a private key begins.
const PRIVATE: &str = "PRIVATE+KEY+";
/// The byte that says Ed25519 in front of a key.
const ALGORITHM: u8 = 1;

/// A key that signs.
pub(crate) struct PrivateKey {
    name: KeyName,
    /// Wiped when it is dropped.
    key: SigningKey,
}

/// A key that verifies.
#[derive(Debug)]
pub(crate) struct PublicKey {
    name: KeyName,
    key: VerifyingKey,
}

/// A text that is no key, or not the one that belongs there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotAKey {
    /// No text of this form at all.
    Form,
    /// A private key in place of a public one.
    IsPrivate,
    /// A public key in place of a private one.
    IsPublic,
    /// The id is not that of name and key: one of them was changed.
    Id,
    /// Of another algorithm, or no point of the curve that may be a key.
    Algorithm,
}

impl fmt::Display for NotAKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "is no key: one line NAME+ID+BASE64 belongs there",
            Self::IsPrivate => "is a private key, where a public one belongs",
            Self::IsPublic => "is a public key, where a private one belongs",
            Self::Id => "is a damaged key: its id is not that of its name and bytes",
            Self::Algorithm => "is no Ed25519 key that can be used",
        })
    }
}

/// What the signature lines of a note say of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Signed by it.
    Signed,
    /// No line is of this key.
    Unsigned,
    /// A line of this key does not fit the text.
    Forged,
}

impl PrivateKey {
    /// A new key, from the randomness of the operating system.
    ///
    /// # Errors
    /// The operating system has none.
    pub(crate) fn generate(name: KeyName) -> Result<Self, getrandom::Error> {
        let mut seed = Zeroizing::new([0; 32]);
        getrandom::fill(&mut seed[..])?;
        Ok(Self { name, key: SigningKey::from_bytes(&seed) })
    }

    /// Reads the line of a private key.
    pub(crate) fn parse(text: &str) -> Result<Self, NotAKey> {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let Some(rest) = line.strip_prefix(PRIVATE) else {
            let is_public = PublicKey::parse(text).is_ok();
            return Err(if is_public { NotAKey::IsPublic } else { NotAKey::Form });
        };
        let (name, id, bytes) = split(rest)?;
        let seed: Zeroizing<[u8; 32]> = Zeroizing::new(key_bytes(&bytes)?);
        let key = Self { name, key: SigningKey::from_bytes(&seed) };
        if key.public().id() == id { Ok(key) } else { Err(NotAKey::Id) }
    }

    /// The line of the private key, its end included.
    pub(crate) fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([ALGORITHM; 33]);
        bytes[1..].copy_from_slice(self.key.as_bytes());
        let encoded = Zeroizing::new(base64::encode(&bytes[..]));
        let id = hex(self.public().id());
        // Reserved at once, so that no part is left behind where the text grew.
        let mut text = Zeroizing::new(String::with_capacity(512));
        for part in [PRIVATE, self.name.as_str(), "+", &id, "+", &encoded, "\n"] {
            text.push_str(part);
        }
        text
    }

    /// The key that verifies what this one signs.
    pub(crate) fn public(&self) -> PublicKey {
        PublicKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Signs a text.
    pub(crate) fn sign(&self, text: String) -> Note {
        let line = SignatureLine {
            name: self.name.clone(),
            id: self.public().id(),
            signature: self.key.sign(text.as_bytes()).to_bytes().to_vec(),
        };
        Note { text, signatures: vec![line] }
    }
}

impl PublicKey {
    /// Reads the line of a public key.
    pub(crate) fn parse(text: &str) -> Result<Self, NotAKey> {
        let line = text.strip_suffix('\n').unwrap_or(text);
        if line.starts_with(PRIVATE) {
            return Err(NotAKey::IsPrivate);
        }
        let (name, id, bytes) = split(line)?;
        let key = VerifyingKey::from_bytes(&key_bytes(&bytes)?);
        let key = key.ok().filter(|key| !key.is_weak()).ok_or(NotAKey::Algorithm)?;
        let key = Self { name, key };
        if key.id() == id { Ok(key) } else { Err(NotAKey::Id) }
    }

    /// Whose key it is.
    pub(crate) const fn name(&self) -> &KeyName {
        &self.name
    }

    /// First bytes of the digest of name and key.
    fn id(&self) -> [u8; 4] {
        let mut hasher = Sha256::new();
        hasher.update(self.name.as_str());
        hasher.update([b'\n', ALGORITHM]);
        hasher.update(self.key.as_bytes());
        let [a, b, c, d, ..] = <[u8; 32]>::from(hasher.finalize());
        [a, b, c, d]
    }

    /// The id in hexadecimal digits.
    pub(crate) fn id_text(&self) -> String {
        hex(self.id())
    }

    /// What a note's signature lines say of this key.
    pub(crate) fn verify(&self, note: &Note) -> Verdict {
        let id = self.id();
        let is_own = |line: &&SignatureLine| line.id == id && line.name == self.name;
        let mut verdict = Verdict::Unsigned;
        for line in note.signatures.iter().filter(is_own) {
            let signature = Signature::from_slice(&line.signature).ok();
            let fits = |signature| self.key.verify_strict(note.text.as_bytes(), &signature).is_ok();
            if !signature.is_some_and(fits) {
                return Verdict::Forged;
            }
            verdict = Verdict::Signed;
        }
        verdict
    }
}

/// The line of the public key, without its end.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = [ALGORITHM; 33];
        bytes[1..].copy_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name.as_str(), self.id_text(), base64::encode(&bytes))
    }
}

/// Name, id and bytes of a key's line.
type Line = (KeyName, [u8; 4], Zeroizing<Vec<u8>>);

fn split(line: &str) -> Result<Line, NotAKey> {
    // Base64 may hold a plus; a name and an id do not.
    let mut parts = line.splitn(3, '+');
    let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(NotAKey::Form);
    };
    let name = name.parse().map_err(|_| NotAKey::Form)?;
    let number = u32::from_str_radix(id, 16).map_err(|_| NotAKey::Form)?;
    let [a, b, c, d] = number.to_le_bytes();
    let bytes = [d, c, b, a];
    if hex(bytes) != id {
        return Err(NotAKey::Form);
    }
    let key = base64::decode(encoded).map(Zeroizing::new).ok_or(NotAKey::Form)?;
    Ok((name, bytes, key))
}

/// The 32 bytes behind the algorithm.
fn key_bytes(bytes: &[u8]) -> Result<[u8; 32], NotAKey> {
    match bytes.split_first() {
        Some((&ALGORITHM, key)) => key.try_into().map_err(|_| NotAKey::Algorithm),
        Some(_) => Err(NotAKey::Algorithm),
        None => Err(NotAKey::Form),
    }
}

fn hex(id: [u8; 4]) -> String {
    let [a, b, c, d] = id;
    format!("{a:02x}{b:02x}{c:02x}{d:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> PrivateKey {
        PrivateKey::generate(name.parse().expect("a name")).expect("randomness")
    }

    /// The example of C2SP signed-note's own documentation: its key id is over SHA-256.
    #[test]
    fn a_key_of_another_tool_is_read() {
        let line = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let key = PublicKey::parse(line).expect("a key");
        assert_eq!((key.name().as_str(), key.to_string().as_str()), ("PeterNeumann", line));
        let note = "If you think cryptography is the answer to your problem,\nthen you don't know \
                    what your problem is.\n\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLL\
                    r8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let mut note = Note::parse(note.as_bytes()).expect("a note");
        assert_eq!(key.verify(&note), Verdict::Signed);
        note.text.push('\n');
        assert_eq!(key.verify(&note), Verdict::Forged);
    }

    /// FORMAT.md §15: its checkpoint, its keys and its limits are those of the code.
    #[test]
    fn the_page_tells_the_truth() {
        use formats::checkpoint::Checkpoint;
        use formats::note::{KEY_NAME_BYTES_MAX, NOTE_BYTES_MAX, SIGNATURES_MAX};
        let page = include_str!("../../../../replay/FORMAT.md");
        let (_, page) = page.split_once("\n## 15. Checkpoints and keys\n").expect("a section");
        let blocks: Vec<_> = page.split("```\n").skip(1).step_by(2).collect();
        let [checkpoint, _key_id, keys] = blocks[..] else { panic!("three blocks") };
        let (public, private) = keys.split_once('\n').expect("two lines");
        let (public, private) = (PublicKey::parse(public), PrivateKey::parse(private));
        let (public, private) =
            (public.expect("a key"), private.unwrap_or_else(|_| panic!("a key")));
        assert_eq!(private.public().to_string(), public.to_string());
        let note = Note::parse(checkpoint.as_bytes()).expect("a note");
        assert_eq!(public.verify(&note), Verdict::Signed);
        let parsed = Checkpoint::parse(&note.text).expect("a checkpoint");
        assert_eq!(parsed.to_string(), note.text);
        assert_eq!(private.sign(parsed.to_string()).to_string(), checkpoint);
        for limit in [
            format!("one to {SIGNATURES_MAX} lines"),
            format!("at most {NOTE_BYTES_MAX}\nbytes"),
            format!("1 to {KEY_NAME_BYTES_MAX} bytes of UTF-8"),
        ] {
            assert!(page.contains(&limit), "{limit}");
        }
    }

    #[test]
    fn keys_read_what_they_write() {
        let key = key("a/b");
        let again = PrivateKey::parse(&key.to_text()).map_err(|bad| bad.to_string());
        assert_eq!(again.expect("the same").public().to_string(), key.public().to_string());
        let line = key.public().to_string();
        assert_eq!(PublicKey::parse(&line).expect("a key").to_string(), line);
        assert_eq!(PublicKey::parse(&format!("{line}\n")).expect("a key").to_string(), line);
        assert!(PublicKey::parse(&format!("{line}\n\n")).is_err());
    }

    #[test]
    fn keys_in_each_others_place_are_named() {
        let key = key("a");
        let refused = PublicKey::parse(&key.to_text()).expect_err("private");
        assert_eq!(refused, NotAKey::IsPrivate);
        let refused = PrivateKey::parse(&key.public().to_string()).err();
        assert_eq!(refused, Some(NotAKey::IsPublic));
    }

    /// Every byte of a key's line counts.
    #[test]
    fn a_changed_key_is_refused() {
        let key = key("ab");
        for line in [key.public().to_string(), key.to_text().trim_end().to_owned()] {
            for at in 0..line.len() {
                let mut bytes = line.clone().into_bytes();
                bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
                let text = String::from_utf8(bytes).expect("text");
                assert!(PublicKey::parse(&text).is_err() && PrivateKey::parse(&text).is_err());
            }
        }
        for line in ["", "a", "a+00000000", "a+00000000+", "a+0000000+AQ==", "a+00000000+AQ=="] {
            assert!(PublicKey::parse(line).is_err(), "{line}");
        }
        // The neutral element: every signature would fit it.
        let key = VerifyingKey::from_bytes(&{
            let mut bytes = [0; 32];
            bytes[0] = 1;
            bytes
        });
        let weak = PublicKey { name: "w".parse().expect("a name"), key: key.expect("a point") };
        assert_eq!(PublicKey::parse(&weak.to_string()).err(), Some(NotAKey::Algorithm));
    }

    #[test]
    fn a_signature_is_of_one_key_and_one_text() {
        let (one, other) = (key("a"), key("a"));
        let mut note = one.sign("text\n".to_owned());
        assert_eq!(one.public().verify(&note), Verdict::Signed);
        assert_eq!(other.public().verify(&note), Verdict::Unsigned);
        note.signatures.push(other.sign("text\n".to_owned()).signatures.remove(0));
        assert_eq!(one.public().verify(&note), Verdict::Signed);
        assert_eq!(other.public().verify(&note), Verdict::Signed);
        for byte in 0..64 {
            let mut forged = note.clone();
            forged.signatures[0].signature[byte] ^= 1;
            assert_eq!(one.public().verify(&forged), Verdict::Forged);
            assert_eq!(other.public().verify(&forged), Verdict::Signed);
        }
        let mut short = note.clone();
        short.signatures[0].signature.pop();
        assert_eq!(one.public().verify(&short), Verdict::Forged);
        let mut renamed = note;
        renamed.signatures[0].name = "b".parse().expect("a name");
        assert_eq!(one.public().verify(&renamed), Verdict::Unsigned);
    }
}
