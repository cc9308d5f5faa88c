//! What a fork changes, and what cannot be changed any more.

use agents::Kind;
use cli::{Exit, Failure};
use runs::config::{Config, Layers, MARKET};

/// The setting that resets all parameters of the market.
const PRESET: &str = "market.preset";
/// Settings, or beginnings of such, with which markets become others.
const OF_MARKETS: [&str; 7] =
    ["seed", "system", "learners", "market.", "actions.", "train.environments", "train.life"];
/// Settings that networks have their shape and their actions from, with what stands in the way.
const OF_NETWORKS: [(&str, &str); 3] = [
    ("network.hidden", "layers of other sizes have no place for the weights"),
    ("critic", "a critic that sees something else has learned nothing of it"),
    ("actions.maker", "the maker has learned to choose among other actions"),
];

/// A configuration with some settings changed, in the order of these texts `KEY=VALUE`.
///
/// # Errors
/// Exit 2 for settings that are none.
pub(super) fn changed(config: &Config, overrides: &[String]) -> Result<Config, Failure> {
    let usage = |error: runs::config::ConfigError| Failure::new(Exit::Usage, error.to_string());
    let mut text = config.to_string();
    let is_preset = |it: &String| it.split_once('=').is_some_and(|(key, _)| key.trim() == PRESET);
    if overrides.iter().any(is_preset) {
        text = without_parameters(&text);
    }
    let mut layers =
        Layers::new("maker").and_then(|it| it.file("RUN", text.as_bytes())).map_err(usage)?;
    for setting in overrides {
        layers = layers.set(setting).map_err(usage)?;
    }
    Ok(layers.resolve().map_err(usage)?.config)
}

/// The text of a configuration without the parameters of its market.
fn without_parameters(text: &str) -> String {
    let mut is_parameter = false;
    let mut rest = String::new();
    for line in text.lines() {
        if line.starts_with('[') {
            is_parameter = MARKET.strip_suffix('.') == line.get(1..line.len() - 1);
        }
        if !is_parameter {
            rest.push_str(line);
            rest.push('\n');
        }
    }
    rest
}

/// What is another in a fork.
pub(super) struct Changes {
    /// Settings that differ.
    keys: Vec<String>,
    /// Whether every environment begins a new life, in another market.
    pub(super) are_markets_new: bool,
    /// Types that learn only from now on.
    pub(super) new_learners: Vec<Kind>,
}

impl Changes {
    pub(super) fn between(old: &Config, new: &Config) -> Self {
        let (before, after) = (old.parameters(), new.parameters());
        let keys = before.keys().chain(after.keys().filter(|key| !before.contains_key(*key)));
        let keys: Vec<_> =
            keys.filter(|key| before.get(*key) != after.get(*key)).cloned().collect();
        let is_of_markets = |key: &String| {
            OF_MARKETS.iter().any(|it| key == it || (it.ends_with('.') && key.starts_with(it)))
        };
        let new_learners = new.learners.iter().filter(|kind| !old.learners.contains(kind));
        Self {
            are_markets_new: keys.iter().any(is_of_markets),
            new_learners: new_learners.copied().collect(),
            keys,
        }
    }

    /// Refuses what a run can be no more once it has learned.
    pub(super) fn check(&self, old: &Config, new: &Config, update: u64) -> Result<(), Failure> {
        let refused = |message: String| Err(Failure::new(Exit::Usage, message));
        for (key, why) in OF_NETWORKS {
            let is_changed = self.keys.iter().any(|it| it == key);
            let counts = key != "actions.maker" || old.learners.contains(&Kind::Maker);
            if is_changed && counts {
                return refused(format!("`{key}` cannot be changed by a fork: {why}"));
            }
        }
        if let Some(kind) = old.learners.iter().find(|kind| !new.learners.contains(kind)) {
            let name = kind.name();
            return refused(format!(
                "`learners` can only grow in a fork: what the {name} has learned has no place"
            ));
        }
        let cloning = self.keys.iter().find(|key| key.starts_with("cloning."));
        if let Some(key) = cloning
            && self.new_learners.is_empty()
        {
            return refused(format!(
                "`{key}` changes nothing in a fork: rules are imitated before the first update"
            ));
        }
        if new.train.updates <= update {
            let updates = new.train.updates;
            let failure = Failure::new(
                Exit::Usage,
                format!("nothing is left behind update {update} of {updates}"),
            );
            let hint = format!("--override train.updates={}", update.saturating_mul(2).max(1));
            return Err(failure.with_hint(hint));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changes(overrides: &[&str]) -> Result<Changes, String> {
        let old = Config::preset("smoke").unwrap();
        let overrides: Vec<_> = overrides.iter().map(|it| (*it).to_owned()).collect();
        let new = changed(&old, &overrides).map_err(|error| error.message)?;
        let changes = Changes::between(&old, &new);
        changes.check(&old, &new, 2).map_err(|error| error.message)?;
        Ok(changes)
    }

    #[test]
    fn markets_go_on_unless_one_of_their_settings_is_another() {
        for same in ["reward.clip=2", "ppo.gamma=0.5", "train.updates=9", "train.steps=32"] {
            assert!(!changes(&[same]).unwrap().are_markets_new, "{same}");
        }
        let new = [
            "seed=7",
            "learners=maker value",
            "market.parameters.market.tax=1",
            "market.preset=crash",
            "actions.must_quote=true",
            "train.environments=9",
            "train.life=300",
        ];
        for other in new {
            match changes(&[other]) {
                Ok(changes) => assert!(changes.are_markets_new, "{other}"),
                Err(error) => panic!("{other}: {error}"),
            }
        }
        assert!(!changes(&["seed=42"]).unwrap().are_markets_new, "it is 42 already");
    }

    #[test]
    fn a_preset_of_the_market_resets_its_parameters() {
        let mut old = Config::preset("smoke").unwrap();
        old.set("market.parameters.market.tax", "1").unwrap();
        let kept = changed(&old, &["seed=7".to_owned()]).unwrap();
        assert_eq!(kept.market_parameters()["market.tax"], "1");
        let reset = changed(&old, &["market.preset=realistic".to_owned()]).unwrap();
        assert_eq!(reset.market_parameters()["market.tax"], "0");
    }
}
