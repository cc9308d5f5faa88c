//! Commands that make a page and its logs again, as a shell takes them.

use std::collections::BTreeMap;

use agents::Config;
use agents::adversarial::Settings;
use replay::Genesis;

use crate::args::Report;
use crate::commands::simulate::{self, PRESET, adversarial};
use crate::commands::words::quoted;

/// The command that makes a page.
pub(super) fn of_page(args: &Report, names: &[&str]) -> String {
    let mut words = vec!["replay report".to_owned()];
    words.extend(names.iter().map(|name| quoted(name)));
    for curve in &args.inevitable {
        words.extend(["--inevitable".to_owned(), quoted(&curve.display().to_string())]);
    }
    words.extend(["-o".to_owned(), quoted(&args.output.display().to_string())]);
    if let Some(title) = &args.title {
        words.extend(["--title".to_owned(), quoted(title)]);
    }
    words.join(" ")
}

/// The command that simulates a log; `None` for one that was made otherwise, or of which more than
/// options decided.
pub(super) fn of_log(genesis: &Genesis, name: &str) -> Option<String> {
    let preset = genesis.parameters.get(PRESET)?;
    // Parameters that the ecology does not know, such as a calibration, no option sets.
    simulate::config(genesis)?.ok()?;
    let known = Config::preset(preset).ok()?.parameters();
    let settings = settings(&genesis.parameters, &known)?;
    let seed = genesis.seed;
    Some(format!(
        "replay simulate --preset {} --seed {seed}{settings} -o {}",
        quoted(preset),
        quoted(name)
    ))
}

/// The command that simulates a log of an adversarial market; `None` for one that was made otherwise.
pub(super) fn of_episodes(genesis: &Genesis, name: &str) -> Option<String> {
    adversarial::settings(genesis)?.ok()?;
    let preset = genesis.parameters.get(PRESET)?;
    let known = Settings::preset(preset).ok()?.parameters();
    let settings = settings(&genesis.parameters, &known)?;
    let seed = genesis.seed;
    Some(format!(
        "replay simulate --system adversarial --preset {} --seed {seed}{settings} -o {}",
        quoted(preset),
        quoted(name)
    ))
}

/// What differs from a preset, as options; `None` when an option cannot say it. A schedule is no
/// part of a preset.
fn settings(
    parameters: &BTreeMap<String, String>,
    preset: &BTreeMap<String, String>,
) -> Option<String> {
    let mut options = String::new();
    for (key, value) in parameters.iter().filter(|(key, _)| key.as_str() != PRESET) {
        let usual = preset.get(key);
        if usual.is_none() && !key.starts_with("schedule.") {
            return None;
        }
        if usual != Some(value) {
            options += " --set ";
            options += &quoted(&format!("{key}={value}"));
        }
    }
    Some(options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_made_again_by_what_differs_from_its_preset() {
        let mut config = Config::preset("crash").unwrap();
        config.set("steps", "4000").unwrap();
        config.set("market.tax", "1.8").unwrap();
        let mut genesis = simulate::genesis(&config, "crash", 7);
        let line = "replay simulate --preset crash --seed 7 --set market.tax=1.8 --set steps=4000 -o a.log";
        assert_eq!(of_log(&genesis, "a.log").as_deref(), Some(line));
        config.set("schedule.0001", "step 5: makers leave").unwrap();
        genesis.parameters = simulate::genesis(&config, "crash", 7).parameters;
        let line = of_log(&genesis, "a.log").unwrap();
        assert!(line.contains(" --set 'schedule.0001=step 5: makers leave' "), "{line}");
        genesis.parameters.insert("calibration".to_owned(), "20 daily returns".to_owned());
        assert_eq!(of_log(&genesis, "a.log"), None);
        genesis.producer = "import-csv".to_owned();
        assert_eq!(of_log(&genesis, "a.log"), None);
    }

    #[test]
    fn a_log_of_episodes_is_made_again_by_what_differs_from_its_preset() {
        let mut settings = Settings::preset("debug").unwrap();
        settings.set_all([("type.mode", "silent"), ("episodes", "200")]).unwrap();
        let mut genesis = adversarial::genesis(&settings, "debug", 7);
        let line = of_episodes(&genesis, "a b.log").unwrap();
        assert!(line.starts_with("replay simulate --system adversarial --preset debug --seed 7 "));
        assert!(
            line.ends_with(" -o 'a b.log'") && line.contains(" --set type.mode=silent"),
            "{line}"
        );
        assert!(line.contains(" --set episodes=200"), "{line}");
        genesis.parameters.insert("schedule.0001".to_owned(), "x".to_owned());
        assert_eq!(of_episodes(&genesis, "a.log"), None);
        genesis.parameters.remove("schedule.0001");
        genesis.producer = "ecology".to_owned();
        assert_eq!(of_episodes(&genesis, "a.log"), None);
    }
}
