//! Which markets are run, and which of them are compared.

use agents::adversarial::{
    ArbitrageurPolicy, MakerPolicy, Mode, Settings, SettingsError, TraderPolicy,
};
use cli::{Exit, Failure};

use crate::args::Execution;
use crate::commands::adversarial::value;

/// Everything that a call does.
pub(super) struct Plan {
    pub(super) preset: String,
    pub(super) seed: u64,
    /// Episodes of each type.
    pub(super) episodes: u64,
    /// What is common to all runs.
    pub(super) settings: Settings,
    pub(super) runs: Vec<Run>,
    pub(super) modes: Vec<ModePlan>,
}

/// Episodes of one type in one market.
pub(super) struct Run {
    /// Its log, where logs are kept.
    pub(super) file: Option<String>,
    pub(super) settings: Settings,
    pub(super) is_informed: bool,
    pub(super) episodes: u64,
}

/// A mode, with places in the list of runs.
pub(super) struct ModePlan {
    pub(super) mode: Mode,
    pub(super) settings: Settings,
    /// Type z = 0: twins of every other run, and as many episodes more.
    pub(super) zero: usize,
    pub(super) traders: Vec<(TraderPolicy, usize)>,
    pub(super) makers: Vec<MakerPlan>,
}

/// A maker against a trader, under each rule of the arbitrageur: that rule, and the runs of type z = 1
/// and of type z = 0.
pub(super) struct MakerPlan {
    pub(super) maker: MakerPolicy,
    pub(super) trader: TraderPolicy,
    pub(super) rules: Vec<(ArbitrageurPolicy, [usize; 2])>,
    /// The place of the rule that the settings have.
    pub(super) usual: usize,
}

/// Who trades in the table of makers.
const TRADERS: [TraderPolicy; 2] = [TraderPolicy::Twap, TraderPolicy::Copy];

const TRADER: &str = "trader.policy";
const MAKER: &str = "maker.policy";
const ARBITRAGEUR: &str = "arbitrageur.policy";
const MODE: &str = "type.mode";

/// Settings that the command itself varies, and what to do instead of setting them.
const VARIED: [(&str, &str); 4] = [
    (TRADER, "--policy names the policies"),
    (MODE, "--mode names the modes"),
    ("type.informed", "both types come equally often"),
    ("episodes", "--episodes says how many"),
];

/// What the arguments ask for.
///
/// # Errors
/// Exit 2 for settings that are none.
pub(super) fn plan(args: &Execution) -> Result<Plan, Failure> {
    let mut plan = Plan {
        preset: args.preset.clone(),
        seed: args.seed,
        episodes: args.episodes.into(),
        settings: settings(args)?,
        runs: Vec::new(),
        modes: Vec::new(),
    };
    let modes = chosen(&args.mode, Mode::ALL, Mode::parse);
    let policies = chosen(&args.policy, TraderPolicy::ALL, TraderPolicy::parse);
    for mode in modes {
        let mode = plan.mode(mode, &policies).map_err(usage)?;
        plan.modes.push(mode);
    }
    Ok(plan)
}

/// Those that are named, in the order of the list; all of them if none is.
fn chosen<T: Copy + PartialEq>(
    names: &[String],
    all: &[T],
    parse: fn(&str) -> Option<T>,
) -> Vec<T> {
    let wanted: Vec<T> = names.iter().filter_map(|name| parse(name)).collect();
    all.iter().copied().filter(|it| wanted.is_empty() || wanted.contains(it)).collect()
}

fn settings(args: &Execution) -> Result<Settings, Failure> {
    let mut settings = Settings::preset(&args.preset).map_err(usage)?;
    let mut pairs = Vec::new();
    for text in &args.set {
        let Some((key, value)) = text.split_once('=') else {
            let message = format!("--set {text}: it takes KEY=VALUE, such as noise.rate=4");
            return Err(Failure::new(Exit::Usage, message));
        };
        let (key, value) = (key.trim(), value.trim());
        if let Some((_, instead)) = VARIED.iter().find(|(varied, _)| *varied == key) {
            let message = format!("--set {key}: this scenario varies it");
            return Err(Failure::new(Exit::Usage, message).with_hint(*instead));
        }
        pairs.push((key, value));
    }
    settings.set_all(pairs).map_err(usage)?;
    Ok(settings)
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn usage(error: SettingsError) -> Failure {
    Failure::new(Exit::Usage, error.to_string())
}

impl Plan {
    fn mode(&mut self, mode: Mode, traders: &[TraderPolicy]) -> Result<ModePlan, SettingsError> {
        let mut settings = self.settings.clone();
        settings.set(MODE, mode.name())?;
        let name = mode.name();
        let zero = self.zero(&settings, 2 * self.episodes)?;
        self.runs[zero].file = Some(format!("{name}-z0.log"));
        let mut rows = Vec::new();
        for trader in traders {
            let run = self.one(&settings, *trader)?;
            self.runs[run].file = Some(format!("{name}-{}.log", trader.name()));
            rows.push((*trader, run));
        }
        let mut makers = Vec::new();
        for maker in MakerPolicy::ALL {
            for trader in TRADERS.into_iter().filter(|trader| traders.contains(trader)) {
                makers.push(self.maker(&settings, *maker, trader)?);
            }
        }
        Ok(ModePlan { mode, settings, zero, traders: rows, makers })
    }

    fn maker(
        &mut self,
        settings: &Settings,
        maker: MakerPolicy,
        trader: TraderPolicy,
    ) -> Result<MakerPlan, SettingsError> {
        let usual = value(settings, ARBITRAGEUR);
        let mut settings = settings.clone();
        settings.set(MAKER, maker.name())?;
        let mut rules = Vec::new();
        for rule in ArbitrageurPolicy::ALL {
            settings.set(ARBITRAGEUR, rule.name())?;
            let (one, zero) = (self.one(&settings, trader)?, self.zero(&settings, self.episodes)?);
            rules.push((*rule, [one, zero]));
        }
        let usual = rules.iter().position(|(rule, _)| rule.name() == usual).unwrap_or(0);
        Ok(MakerPlan { maker, trader, rules, usual })
    }

    fn one(&mut self, settings: &Settings, trader: TraderPolicy) -> Result<usize, SettingsError> {
        let mut settings = settings.clone();
        settings.set(TRADER, trader.name())?;
        Ok(self.run(settings, true, self.episodes))
    }

    /// No policy of the informed trader has a part in type z = 0.
    fn zero(&mut self, settings: &Settings, episodes: u64) -> Result<usize, SettingsError> {
        let mut settings = settings.clone();
        settings.set(TRADER, TraderPolicy::Twap.name())?;
        Ok(self.run(settings, false, episodes))
    }

    /// The place of a run, which others may share.
    fn run(&mut self, settings: Settings, is_informed: bool, episodes: u64) -> usize {
        let is_it = |run: &Run| run.is_informed == is_informed && run.settings == settings;
        if let Some(place) = self.runs.iter().position(is_it) {
            let run = &mut self.runs[place];
            run.episodes = run.episodes.max(episodes);
            return place;
        }
        self.runs.push(Run { file: None, settings, is_informed, episodes });
        self.runs.len() - 1
    }
}
