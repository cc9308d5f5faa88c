//! Tests of configurations.

use quickcheck::{Arbitrary, Gen, TestResult, quickcheck};

use super::*;

fn refusal(file: &str) -> String {
    let layers = Layers::new("maker").and_then(|it| it.file("run.toml", file.as_bytes()));
    layers.and_then(|it| it.resolve()).map(|_| ()).unwrap_err().to_string()
}

fn resolved(preset: &str, file: &str, overrides: &[&str]) -> Result<Resolved, ConfigError> {
    let layers = Layers::new(preset)?.file("run.toml", file.as_bytes())?;
    overrides.iter().try_fold(layers, |layers, it| layers.set(it))?.resolve()
}

fn reread(config: &Config) -> Config {
    // Over another preset: a resolved file leaves nothing to it.
    resolved("everyone", &config.to_string(), &[]).unwrap().config
}

#[test]
fn presets_are_what_they_say_and_are_read_back() {
    for preset in PRESETS {
        let config = Config::preset(preset.name).unwrap();
        assert_eq!(reread(&config), config, "{}", preset.name);
        assert_eq!(Config::from_parameters(&config.parameters()), Ok(config));
    }
    let digests: Vec<_> =
        PRESETS.iter().map(|it| Config::preset(it.name).unwrap().digest()).collect();
    for (index, digest) in digests.iter().enumerate() {
        assert!(!digests[..index].contains(digest), "{}", PRESETS[index].name);
    }
    let everyone = Config::preset("everyone").unwrap();
    assert_eq!(everyone.learners, Kind::ALL);
    assert_eq!(Config::preset("mappo").unwrap().critic, Critic::Central);
    assert_eq!(Config::preset("subsidy").unwrap().reward.subsidy_value.to_bits(), 400f64.to_bits());
}

#[test]
fn the_canonical_text() {
    insta::assert_snapshot!(Config::preset("maker").unwrap());
}

#[test]
fn later_layers_count_and_are_known() {
    let file = "[ppo]\ngamma = 0.9\nclip = 1e-1\n[market]\nparameters.noise.act = 0.5\n";
    let overrides = ["ppo.gamma=0.99", "market.preset=crash", "seed=7", "seed=8"];
    let resolved = resolved("smoke", file, &overrides).unwrap();
    assert_eq!(resolved.config.ppo.gamma.to_bits(), 0.99f64.to_bits());
    assert_eq!(resolved.config.seed, 8);
    assert_eq!(resolved.config.market_parameters()["noise.act"], "0.5");
    assert_eq!(resolved.config.market_parameters()["noise.life"], "1.6", "that of crash");
    for (key, origin) in [
        ("ppo.gamma", Origin::Override),
        ("ppo.clip", Origin::File),
        ("ppo.lambda", Origin::Preset),
        ("train.updates", Origin::Preset),
        ("market.parameters.noise.act", Origin::File),
        ("market.parameters.noise.life", Origin::Override),
    ] {
        assert_eq!(resolved.origin(key), origin, "{key}");
    }
    let rows = resolved.rows();
    assert_eq!(rows.len(), resolved.config.parameters().len());
    assert!(rows.iter().all(|row| resolved.config.parameters()[&row.key] == row.value));
}

#[test]
fn the_length_of_a_market_is_the_callers() {
    let config = Config::preset("maker").unwrap();
    assert_eq!(config.ecology(123).steps(), 123);
    assert_eq!(config.ecology(config.train.life).steps(), 5_000);
}

#[test]
fn bad_files_are_refused_with_line_key_and_what_is_allowed() {
    let cases = [
        "seed = \n",
        "\u{7}",
        "seed = 1\nseed = 2\n",
        "ppo.gamma = 1\n\"ppo.gamma\" = 1\n",
        "\n\nsede = 1\n",
        "[ppo]\nclipp = 1\n",
        "[pppo]\n",
        "[pppo]\nclip = 1\n",
        "[market.paramters]\n",
        "[market.parameters.foo]\n",
        "seed = -1\n",
        "seed = 9223372036854775808\n",
        "seed = 1.0\n",
        "seed = \"1\"\n",
        "seed = 1979-05-27\n",
        "ppo = 1\n",
        "learners = \"maker\"\n",
        "learners = [\"maker momentum\"]\n",
        "learners = []\n",
        "learners = [\"makers\"]\n",
        "critic = \"other\"\n",
        "system = \"adversarial\"\n",
        "[ppo]\n\ngamma = 1.5\n",
        "[ppo]\ngamma = nan\n",
        "[network]\nhidden = [64, 0]\n",
        "[network]\nhidden = []\n",
        "[actions]\nmust_quote = 1\n",
        "[evaluate]\nseeds = [1]\n",
        "[evaluate]\nseeds = [9223372036854775807, 1]\n",
        "[train]\nenvironments = 0\n",
        "[market.parameters]\n\nnoise.ac = 1\n",
        "[market.parameters]\nnoise.act = 2\n",
        "[market.parameters]\nnoise.act = true\n",
        "[market.parameters]\nsteps = 5\n",
        "[market.parameters]\n\"noise.activity_min\" = 2\n\"noise.activity_max\" = 1\n",
        "[market.parameters]\n\"schedule.0001\" = \"step 5: \\u0007\"\n",
        "[ppo]\nminibatch = 20000\n",
        "[train]\nlife = 100\n",
        "[train]\ncritic_only = 60\n",
        "[train]\nenvironments = 4096\nsteps = 65536\n",
        "[cloning]\nminibatches = 1\nsteps = 100\n",
        "[evaluate]\nwarm_up = 5000\n",
        "learners = [\"noise\"]\n[market.parameters]\nnoise = 0\n",
    ];
    let told: Vec<_> = cases.iter().map(|it| format!("{it:?}\n  {}", refusal(it))).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn bad_overrides_and_names_are_refused() {
    let told = |setting| resolved("maker", "", &[setting]).unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            told("ppo.gamma"),
            told("ppo.gama=1"),
            told("ppo.gamma=x"),
            told("\u{1b}[31m=x"),
            told("market.parameters.noise.act=7"),
            told("train.life=1"),
            Config::preset("everone").unwrap_err().to_string(),
            Layers::new("maker").unwrap().file("f", b"\xff").unwrap_err().to_string(),
            Layers::new("maker").unwrap().file("f", &vec![b'#'; 2 << 20]).unwrap_err().to_string(),
        ]
        .join("\n")
    );
}

#[test]
fn a_refused_setting_changes_nothing() {
    let before = Config::preset("maker").unwrap();
    let mut config = before.clone();
    for (key, text) in
        [("ppo.gamma", "2"), ("market.parameters.noise.act", "2"), ("x", "1"), ("learners", "")]
    {
        assert!(config.set(key, text).is_err(), "{key}");
        assert_eq!(config, before);
    }
}

/// Settings that hold by themselves.
#[derive(Clone, Debug)]
struct Any(Vec<(&'static str, String)>);

impl Arbitrary for Any {
    fn arbitrary(g: &mut Gen) -> Self {
        let count = usize::arbitrary(g) % 20;
        let one = |g: &mut Gen| {
            let setting = g.choose(SETTINGS).unwrap();
            (setting.key, text(&setting.domain, g))
        };
        Self((0..count).map(|_| one(g)).collect())
    }
}

fn text(domain: &Domain, g: &mut Gen) -> String {
    let within = |g: &mut Gen, min: u64, max: u64| min + u64::arbitrary(g) % (max - min + 1);
    match domain {
        Domain::Whole { min, max } => within(g, *min, *max).to_string(),
        Domain::Number { min, max } => {
            let share = f64::from(u32::arbitrary(g)) / f64::from(u32::MAX);
            (min + share * (max - min)).clamp(*min, *max).to_string()
        }
        Domain::Flag => bool::arbitrary(g).to_string(),
        Domain::Choice(words) => (*g.choose(words).unwrap()).to_owned(),
        Domain::Wholes { min, max, len_max } => {
            let len = 1 + usize::arbitrary(g) % len_max;
            let one = |g: &mut Gen| within(g, (*min).into(), (*max).into()).to_string();
            let numbers: Vec<_> = (0..len).map(|_| one(g)).collect();
            numbers.join(" ")
        }
        Domain::Kinds => g.choose(&["maker", "noise value", "momentum maker"]).unwrap().to_string(),
        Domain::Seeds { count_max } => {
            format!("{} {}", within(g, 0, 1 << 62), within(g, 1, (*count_max).into()))
        }
    }
}

quickcheck! {
    fn what_is_printed_is_read_as_the_same(settings: Any) -> TestResult {
        let mut config = Config::base();
        for (key, text) in &settings.0 {
            assert_eq!(config.set(key, text), Ok(()), "{key} {text}");
        }
        if config.check().is_err() {
            return TestResult::discard();
        }
        let printed = config.to_string();
        assert_eq!(reread(&config), config);
        assert_eq!(reread(&config).to_string(), printed);
        TestResult::from_bool(Config::from_parameters(&config.parameters()) == Ok(config))
    }
}
