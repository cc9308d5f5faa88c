//! Configurations with a name.

/// A preset: settings on top of the table's first values.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// Its name.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// What it sets.
    pub(crate) settings: &'static [(&'static str, &'static str)],
}

impl Preset {
    /// The preset of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        PRESETS.iter().find(|preset| preset.name == name)
    }
}

/// All four types, from the cloned fixed rules, in actions that begin at them.
const EVERYONE: [(&str, &str); 9] = [
    ("learners", "maker momentum value noise"),
    ("actions.maker", "neutral"),
    ("actions.must_quote", "true"),
    ("train.environments", "32"),
    ("train.updates", "100"),
    ("train.critic_only", "4"),
    ("cloning.minibatches", "600"),
    ("reward.presence_target", "0"),
    ("market.preset", "realistic"),
];

/// Every preset.
pub const PRESETS: &[Preset] = &[
    Preset { name: "maker", about: "the maker learns among fixed rules", settings: &[] },
    Preset {
        name: "everyone",
        about: "all four types learn, from cloned fixed rules",
        settings: &EVERYONE,
    },
    Preset {
        name: "subsidy",
        about: "everyone, with value traders paid for nearing the fair value",
        settings: &with(("reward.subsidy_value", "400")),
    },
    Preset {
        name: "mappo",
        about: "everyone, with critics that see the whole market",
        settings: &with(("critic", "central")),
    },
    Preset {
        name: "smoke",
        about: "the maker in a run of seconds, to see that everything works",
        settings: &[
            ("train.environments", "8"),
            ("train.steps", "64"),
            ("train.updates", "6"),
            ("train.life", "256"),
            ("train.checkpoint_every", "2"),
            ("ppo.minibatch", "256"),
            ("evaluate.seeds", "101 2"),
            ("evaluate.steps", "1000"),
        ],
    },
];

/// Those of [`EVERYONE`] and one more.
const fn with(
    more: (&'static str, &'static str),
) -> [(&'static str, &'static str); EVERYONE.len() + 1] {
    let mut settings = [more; EVERYONE.len() + 1];
    let mut index = 0;
    while index < EVERYONE.len() {
        settings[index] = EVERYONE[index];
        index += 1;
    }
    settings
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn presets_are_everyone_with_one_difference_each() {
        let everyone = Config::preset("everyone").unwrap();
        for (name, key, value) in
            [("subsidy", "reward.subsidy_value", "400"), ("mappo", "critic", "central")]
        {
            let preset = Config::preset(name).unwrap();
            assert_eq!(preset.parameters()[key], value);
            let mut same = everyone.clone();
            same.set(key, value).unwrap();
            assert_eq!(same, preset);
            assert_ne!(everyone, preset);
        }
    }
}
