//! Texts of schedules, forks and settings: nothing panics, and what is read is printed and read
//! again as the same.

use std::fmt::Display;
use std::str::FromStr;

use agents::config::{Config, Decimal};
use agents::fork::{Change, Fork};
use agents::{Happening, Scheduled};

use crate::input::Input;

/// Reads one kind of text.
pub(crate) fn run(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let kind = input.below(8);
    let Ok(text) = std::str::from_utf8(input.rest()) else { return };
    match kind {
        0 => check::<Happening>(text),
        1 => check::<Change>(text),
        2 => check::<Fork>(text),
        3 => {
            let Some(number) = Decimal::parse(text) else { return };
            assert_eq!(Decimal::parse(&number.to_string()), Some(number));
        }
        4 => check::<Scheduled>(text),
        _ => check_settings(text),
    }
}

/// What is read is printed in one form, which is read as the same.
fn check<T>(text: &str)
where
    T: FromStr<Err: Display> + Display + PartialEq + std::fmt::Debug,
{
    match text.parse::<T>() {
        Ok(value) => {
            let printed = value.to_string();
            match printed.parse::<T>() {
                Ok(again) => assert_eq!(again, value, "{printed}"),
                Err(error) => panic!("{printed}: {error}"),
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Settings on top of the defaults stand in the parameters of a log and come out of them.
fn check_settings(text: &str) {
    let base = Config::preset("seed").unwrap();
    let mut config = base.clone();
    match config.set_all(text) {
        Ok(()) => {
            let parameters = config.parameters();
            let again = Config::from_parameters(&parameters);
            assert_eq!(again.as_ref().ok(), Some(&config), "{parameters:?}");
            assert_eq!(config.genesis().check(), Ok(()));
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            assert_eq!(config, base, "nothing has changed");
        }
    }
}
