//! Texts that people and files hold: positions, names, digests, checkpoints, signed notes, base64,
//! daily closes. Nothing panics, and what is read is printed and read again as the same.

use formats::checkpoint::Checkpoint;
use formats::note::{KeyName, NOTE_BYTES_MAX, Note};
use formats::{base64, daily};
use replay::{Digest, MarkName, Position};

use crate::input::Input;

/// Reads one kind of text.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let kind = input.below(8);
    let bytes = input.rest();
    let text = std::str::from_utf8(bytes);
    match (kind, text) {
        (0, _) => check_note(bytes),
        (1, _) => check_daily(bytes),
        (2, Ok(text)) => check_checkpoint(text),
        (3, Ok(text)) => {
            let Some(decoded) = base64::decode(text) else { return };
            assert_eq!(base64::encode(&decoded), text, "base64 has one form");
        }
        (4, _) => assert_eq!(base64::decode(&base64::encode(bytes)).as_deref(), Some(bytes)),
        (5, Ok(text)) => check_names(text),
        (_, Ok(text)) => {
            let Ok(position) = text.parse::<Position>() else { return };
            assert_eq!(position.to_string().parse(), Ok(position));
        }
        (_, Err(_)) => {}
    }
}

fn check_note(bytes: &[u8]) {
    let Ok(note) = Note::parse(bytes) else { return };
    assert!(bytes.len() <= NOTE_BYTES_MAX);
    assert_eq!(note.to_string().as_bytes(), bytes, "a note has one form");
    if let Ok(checkpoint) = Checkpoint::parse(&note.text) {
        assert!(note.text.starts_with(&checkpoint.to_string()));
    }
}

fn check_checkpoint(text: &str) {
    let Ok(checkpoint) = Checkpoint::parse(text) else { return };
    let printed = checkpoint.to_string();
    assert_eq!(Checkpoint::parse(&printed), Ok(checkpoint));
    let lines = || printed.lines().zip(text.lines());
    assert!(lines().all(|(one, other)| one == other), "a checkpoint has one form");
}

fn check_names(text: &str) {
    if let Ok(name) = text.parse::<KeyName>() {
        assert_eq!(name.as_str(), text);
        assert!(!name.to_string().contains(char::is_control));
    }
    if let Ok(name) = text.parse::<MarkName>() {
        assert_eq!((name.as_str(), name.to_string()), (text, text.to_owned()));
    }
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.to_string(), text.to_ascii_lowercase());
    }
}

fn check_daily(bytes: &[u8]) {
    match daily::read(bytes) {
        Ok(series) => {
            assert!(!series.closes.is_empty() && series.first <= series.last);
            assert!(series.closes.iter().all(|close| close.is_finite() && 0.0 < *close));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}
