//! Foreign texts through the reader of configurations: nothing panics, and what is accepted is
//! printed and read again as the same.

use std::collections::BTreeMap;

use runs::config::{Config, ConfigError, Layers};

use crate::input::Input;

/// Reads a file, overrides, a file under overrides, or the parameters of a genesis.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let (kind, preset) = (input.below(4), ["smoke", "everyone"][input.index(2)]);
    let bytes = input.rest();
    let text = std::str::from_utf8(bytes).unwrap_or_default();
    let layers = Layers::new(preset).unwrap();
    match kind {
        0 => check(layers.file("fuzz", bytes)),
        1 => check(set(layers, text)),
        2 => {
            let (file, overrides) = text.split_once('\0').unwrap_or((text, ""));
            check(layers.file("fuzz", file.as_bytes()).and_then(|it| set(it, overrides)));
        }
        _ => {
            let mut parameters: BTreeMap<_, _> = Config::preset(preset).unwrap().parameters();
            let changes = text.lines().filter_map(|line| line.split_once('='));
            parameters.extend(changes.map(|(key, text)| (key.to_owned(), text.to_owned())));
            match Config::from_parameters(&parameters) {
                Ok(config) => check_config(&config),
                Err(error) => check_error(&error),
            }
        }
    }
}

fn set(layers: Layers, overrides: &str) -> Result<Layers, ConfigError> {
    overrides.lines().try_fold(layers, Layers::set)
}

fn check(layers: Result<Layers, ConfigError>) {
    match layers.and_then(|layers| layers.resolve()) {
        Ok(resolved) => {
            check_config(&resolved.config);
            assert_eq!(resolved.rows().len(), resolved.config.parameters().len());
        }
        Err(error) => check_error(&error),
    }
}

fn check_config(config: &Config) {
    let printed = config.to_string();
    let again = Layers::new("maker").unwrap().file("again", printed.as_bytes());
    let again = again.and_then(|layers| layers.resolve()).map(|it| it.config);
    assert_eq!(again.as_ref(), Ok(config), "{printed}");
    assert_eq!(Config::from_parameters(&config.parameters()).as_ref(), Ok(config));
    assert_eq!(config.ecology(7).genesis().check(), Ok(()));
}

fn check_error(error: &ConfigError) {
    let told = error.to_string();
    assert!(!told.is_empty() && !told.contains(char::is_control), "{told:?}");
}
