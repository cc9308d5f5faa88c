//! Foreign texts through the readers of settings and the layers of an adversarial market: nothing
//! panics, memory follows the input, and what is accepted is written and read again as the same.

use agents::adversarial::layers::{Layers, Resolved};
use agents::adversarial::{SETTINGS, Settings};
use formats::settings::{Format, NODES_MAX, read};

use crate::input::Input;

/// Files, behind each a zero, and behind two the overrides, one a line.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let kind = input.u8();
    let preset = ["default", "published", "debug"][usize::from(kind % 8 % 3)];
    let format = if kind < 8 { Format::Yaml } else { Format::Toml };
    let bytes = input.rest();
    let end = bytes.windows(2).position(|pair| pair == [0, 0]);
    let (files, overrides) = match end {
        Some(at) => (&bytes[..at], &bytes[at + 2..]),
        None => (bytes, &[][..]),
    };
    let mut layers = Layers::new(preset).unwrap();
    for file in files.split(|byte| *byte == 0) {
        let Some(pairs) = pairs(format, file) else { return };
        layers = layers.file("fuzz", pairs);
    }
    for setting in std::str::from_utf8(overrides).unwrap_or_default().lines() {
        match layers.clone().set(setting) {
            Ok(more) => layers = more,
            Err(error) => check_text(&error.to_string()),
        }
    }
    match layers.resolve() {
        Ok(resolved) => check(&resolved),
        Err(error) => check_text(&error.to_string()),
    }
}

/// What a file sets; `None` for one that is refused.
fn pairs(format: Format, file: &[u8]) -> Option<Vec<(String, String, usize)>> {
    match read(format, file) {
        Ok(pairs) => {
            assert!(pairs.len() <= NODES_MAX);
            let lines = 1 + file.iter().filter(|byte| **byte == b'\n' || **byte == b'\r').count();
            assert!(pairs.iter().all(|it| (1..=lines).contains(&it.spot.line)), "{pairs:?}");
            let again: Vec<_> = pairs.iter().map(|it| it.key.clone()).collect();
            let mut once = again.clone();
            once.sort();
            once.dedup();
            assert_eq!(once.len(), again.len(), "a key is set once");
            Some(pairs.into_iter().map(|it| (it.key, it.text, it.spot.line)).collect())
        }
        Err(error) => {
            assert!(1 <= error.spot.line && 1 <= error.spot.column);
            check_text(&error.to_string());
            None
        }
    }
}

fn check(resolved: &Resolved) {
    let parameters = resolved.settings.parameters();
    assert_eq!(Settings::from_parameters(&parameters).as_ref(), Ok(&resolved.settings));
    assert_eq!(resolved.settings.genesis().check(), Ok(()));
    let rows = resolved.rows();
    assert_eq!(rows.len(), SETTINGS.len());
    let pairs = rows.iter().map(|row| (row.key.to_owned(), row.value.clone(), 1));
    let again = Layers::new("default").unwrap().file("again", pairs).resolve();
    assert_eq!(again.map(|it| it.settings).as_ref(), Ok(&resolved.settings));
    // Published values mean the same when they are read again.
    let published = resolved.published_rows();
    for row in &published {
        check_text(&row.becomes);
        check_text(&row.origin.to_string());
    }
    let pairs = published.iter().map(|row| (row.key.to_owned(), row.value.clone(), 1));
    let again = Layers::new(resolved.preset()).unwrap().file("again", pairs).resolve();
    // A native setting may have stood in for one that does not fit.
    if let Ok(again) = again {
        let again = again.published_rows();
        assert_eq!(again.len(), published.len());
        assert!(again.iter().zip(&published).all(|(one, other)| one.value == other.value));
    }
    for line in resolved.warning().unwrap_or_default().lines() {
        check_text(line);
    }
}

fn check_text(text: &str) {
    assert!(!text.is_empty() && !text.contains(char::is_control), "{text:?}");
}
