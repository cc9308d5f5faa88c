//! Foreign bytes through the readers of a run's other files: MANIFEST, metrics, `TensorBoard` events.
//! Nothing panics, and what is read is written as the same.

use runs::folder::manifest::Manifest;
use runs::{metrics, tensorboard};

use crate::input::Input;

/// Reads one of the files, raw or with what would authenticate it made to fit.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    match input.below(5) {
        0 => check_manifest(input.rest()),
        1 => {
            let text = String::from_utf8_lossy(input.rest());
            check_manifest(Manifest::sealed(&text).as_bytes());
        }
        2 => check_metrics(input.rest()),
        3 => check_events(input.rest()),
        _ => {
            // Records of any content, whose checksums fit.
            let mut bytes = if input.flag() { tensorboard::start() } else { Vec::new() };
            while !input.is_empty() {
                let len = usize::from(input.u8());
                bytes.extend(tensorboard::record(input.slice(len)));
            }
            check_events(&bytes);
        }
    }
}

fn check_manifest(bytes: &[u8]) {
    match Manifest::parse(bytes) {
        Ok(manifest) => {
            assert_eq!(manifest.to_string().as_bytes(), bytes, "a MANIFEST has one form");
        }
        Err(error) => assert!(!error.to_string().contains(char::is_control)),
    }
}

fn check_metrics(bytes: &[u8]) {
    let Ok(read) = metrics::read(bytes) else { return };
    assert_eq!(read.bytes + read.torn_bytes, bytes.len());
    let lines: String = read.rows.iter().map(|row| row.line().unwrap()).collect();
    let again = metrics::read(lines.as_bytes()).unwrap();
    // No number is none, and equals nothing.
    let bits = |row: &metrics::Row| -> Vec<(String, u64)> {
        row.figures.iter().map(|(name, it)| (name.clone(), it.to_bits())).collect()
    };
    assert!(again.rows.iter().map(bits).eq(read.rows.iter().map(bits)));
    for update in [0, 1, u64::MAX] {
        let kept = metrics::until(bytes, update).unwrap();
        assert!(bytes.starts_with(kept));
        let kept = metrics::read(kept).unwrap();
        assert!(kept.torn_bytes == 0 && kept.rows.iter().all(|row| row.update <= update));
    }
}

fn check_events(bytes: &[u8]) {
    let Ok((events, end)) = tensorboard::read(bytes) else { return };
    let mut again = if end == 0 { Vec::new() } else { tensorboard::start() };
    again.extend(events.iter().flat_map(tensorboard::append));
    assert!(again == bytes[..end], "an event has one form");
    for step in [0, 1, u64::MAX] {
        assert!(bytes.starts_with(tensorboard::until(bytes, step).unwrap()));
    }
}
