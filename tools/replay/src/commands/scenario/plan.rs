//! What is run, what is compared, and what is claimed of it.

use agents::{Config, Decimal, Happening, Kind, Schedule, Scheduled};
use cli::{Exit, Failure};
use kernel::RuleChange;

use super::arm::Arm;
use super::measure::Measure;
use super::path::Window;
use crate::args::{Scenario, ScenarioKind};
use crate::commands::simulate;

/// Everything that a call of the command does.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) name: String,
    /// Each is run for every seed.
    pub(super) arms: Vec<Arm>,
    pub(super) sections: Vec<Section>,
}

/// A scenario.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) name: String,
    /// What happens, in a sentence or two.
    pub(super) about: String,
    pub(super) preset: String,
    pub(super) window: Window,
    pub(super) cases: Vec<Case>,
    pub(super) measures: &'static [Measure],
    pub(super) claims: &'static [Claim],
    pub(super) recovery: Option<Recovery>,
}

/// Two arms that are compared, as places in the plan's list.
#[derive(Debug)]
pub(super) struct Case {
    /// What tells it from the others of its section; may be empty.
    pub(super) label: String,
    pub(super) without: usize,
    pub(super) with: usize,
}

/// A third run, in which makers return.
#[derive(Clone, Copy, Debug)]
pub(super) struct Recovery {
    pub(super) arm: usize,
    /// The step of their return.
    pub(super) from: u64,
}

/// What was published of an effect.
#[derive(Clone, Copy, Debug)]
pub(super) struct Claim {
    pub(super) measure: Measure,
    /// What was claimed, with the published number.
    pub(super) text: &'static str,
    pub(super) holds: Holds,
}

/// When a claim is supported.
#[derive(Clone, Copy, Debug)]
pub(super) enum Holds {
    /// The whole 95 % interval is below 0, and the ranks' p below 0.05.
    Falls,
    /// The same above 0.
    Rises,
    /// The whole interval is above this.
    Above(f64),
    /// The measure's own mean with the change is between these.
    Reaches(f64, f64),
}

const EFFECTS: &[Measure] =
    &[Measure::Volume, Measure::TrackingError, Measure::Spread, Measure::Volatility];
const CRASH_EFFECTS: &[Measure] = &[
    Measure::SpreadFactor,
    Measure::Drawdown,
    Measure::Volume,
    Measure::TrackingError,
    Measure::Volatility,
];
const CRASH_CLAIMS: &[Claim] = &[
    Claim {
        measure: Measure::SpreadFactor,
        text: "spread grows more than 5 times (published: 3 -> 52 ticks, 17 x)",
        holds: Holds::Above(5.0),
    },
    Claim {
        measure: Measure::Drawdown,
        text: "drawdown is 0.2 to 1 % (published)",
        holds: Holds::Reaches(0.2, 1.0),
    },
];
const BAN_CLAIMS: &[Claim] = &[
    Claim {
        measure: Measure::Volume,
        text: "volume falls (published: -98 %)",
        holds: Holds::Falls,
    },
    Claim {
        measure: Measure::TrackingError,
        text: "tracking error rises (published: 40 -> 65 ticks)",
        holds: Holds::Rises,
    },
];
const TAX_CLAIMS: &[Claim] = &[
    Claim { measure: Measure::Volume, text: "volume falls (published: -7 %)", holds: Holds::Falls },
    Claim {
        measure: Measure::TrackingError,
        text: "tracking error rises (published: mild drag)",
        holds: Holds::Rises,
    },
];

/// Steps after the makers left that are measured.
const CRASH_STEPS: u64 = 500;
/// Steps until they return, where they do.
pub(super) const OUTAGE: u64 = 100;
/// Steps from the start that are never measured: the market finds itself.
const BURN_IN: u64 = 200;
/// Length of a run.
const STEPS: u32 = 20_000;
/// What everybody holds where somebody holds something, in lots.
const HELD: &str = "20";
const CRASH_PRESET: &str = "crash";
const PRESET: &str = "seed";

pub(super) fn bad(message: impl Into<String>) -> Failure {
    Failure::new(Exit::Usage, message)
}

/// The plan of a built-in scenario.
///
/// # Errors
/// Exit 2 for options that do not go together.
pub(super) fn plan(kind: ScenarioKind, args: &Scenario) -> Result<Plan, Failure> {
    let (name, crash, ban, tax) = match kind {
        ScenarioKind::FlashCrash => ("flash-crash", true, false, false),
        ScenarioKind::ShortBan => ("short-ban", false, true, false),
        ScenarioKind::TobinTax => ("tobin-tax", false, false, true),
        ScenarioKind::Compare => ("compare", true, true, true),
    };
    let mut plan = Plan { name: name.to_owned(), arms: Vec::new(), sections: Vec::new() };
    if crash {
        plan.add_crash(args)?;
    }
    if ban {
        plan.add_ban(args)?;
    }
    if tax {
        plan.add_tax(args)?;
    }
    Ok(plan)
}

/// A preset with the options that all runs share.
pub(super) fn base(args: &Scenario, preset: &str, steps: Option<u32>) -> Result<Config, Failure> {
    let mut config = Config::preset(preset).map_err(simulate::usage)?;
    let steps = args.steps.or(steps).unwrap_or(STEPS).to_string();
    config.set("steps", &steps).map_err(simulate::usage)?;
    simulate::set(&args.set, &mut config)?;
    if !config.schedule().entries().is_empty() {
        return Err(bad("--set: a scenario brings its own schedule"));
    }
    Ok(config)
}

fn scheduled(config: &Config, entries: Vec<(u64, Happening)>) -> Result<Config, Failure> {
    let entries = entries.into_iter().map(|(step, what)| Scheduled { step, what }).collect();
    let schedule = Schedule::new(entries).map_err(|error| bad(error.to_string()))?;
    let mut config = config.clone();
    config.set_schedule(schedule).map_err(simulate::usage)?;
    Ok(config)
}

impl Plan {
    /// The place of an arm; one that is there already is not run twice.
    fn arm(&mut self, name: &str, preset: &str, config: Config) -> usize {
        let is_same = |arm: &Arm| arm.config == config && arm.preset == preset;
        self.arms.iter().position(is_same).unwrap_or_else(|| {
            self.arms.push(Arm { name: name.to_owned(), preset: preset.to_owned(), config });
            self.arms.len() - 1
        })
    }

    fn add_crash(&mut self, args: &Scenario) -> Result<(), Failure> {
        let preset = args.preset.as_deref().unwrap_or(CRASH_PRESET);
        let config = base(args, preset, None)?;
        let steps = config.steps();
        let at = args.at.filter(|_| args.kind() != Some(ScenarioKind::Compare));
        let at = at.unwrap_or(steps / 2);
        if at < 2 || steps < (at + CRASH_STEPS).saturating_sub(1) {
            let message = format!("{CRASH_STEPS} steps are measured from step {at} on, of {steps}");
            return Err(bad(message).with_hint("--steps of 1000 at least, --at of 2 at least"));
        }
        let gone = vec![(at, Happening::Leave(Kind::Maker))];
        let mut back = gone.clone();
        back.push((at + OUTAGE, Happening::Return(Kind::Maker)));
        let (gone, back) = (scheduled(&config, gone)?, scheduled(&config, back)?);
        let without = self.arm("crash-base", preset, config);
        let with = self.arm("makers-leave", preset, gone);
        let arm = self.arm("makers-return", preset, back);
        self.sections.push(Section {
            name: "flash-crash".to_owned(),
            about: format!("all market makers leave at step {at}"),
            preset: preset.to_owned(),
            window: Window { first: at, last: at + CRASH_STEPS - 1 },
            cases: vec![Case { label: String::new(), without, with }],
            measures: CRASH_EFFECTS,
            claims: CRASH_CLAIMS,
            recovery: Some(Recovery { arm, from: at + OUTAGE }),
        });
        Ok(())
    }

    fn add_ban(&mut self, args: &Scenario) -> Result<(), Failure> {
        let (preset, config) = interventions_base(args)?;
        let (at, window) = from_the_change(args, &config)?;
        let ban = || (at, Happening::Rule(RuleChange::ShortBan(true)));
        let exempt = (at, Happening::Exempt(Kind::Maker, true));
        let at_first = config.parameters().remove("market.endowment").unwrap_or_default();
        let mut held = config.clone();
        held.set("market.endowment", HELD).map_err(simulate::usage)?;
        let literal = scheduled(&config, vec![ban()])?;
        let spared = scheduled(&held, vec![exempt, ban()])?;
        let agents: u32 = Kind::ALL.iter().map(|kind| config.count(*kind)).sum();
        let cases = vec![
            Case {
                label: "(a)".to_owned(),
                without: self.arm("base", preset, config),
                with: self.arm("short-ban", preset, literal),
            },
            Case {
                label: "(b)".to_owned(),
                without: self.arm("endowed-base", preset, held),
                with: self.arm("endowed-short-ban", preset, spared),
            },
        ];
        self.sections.push(Section {
            name: "short-ban".to_owned(),
            about: format!(
                "nobody sells what it does not hold, from step {at}: (a) each of the {agents} agents holds \
                 {at_first} lots at first; (b) each holds {HELD}, and makers are exempt"
            ),
            preset: preset.to_owned(),
            window,
            cases,
            measures: EFFECTS,
            claims: BAN_CLAIMS,
            recovery: None,
        });
        Ok(())
    }

    fn add_tax(&mut self, args: &Scenario) -> Result<(), Failure> {
        let (preset, config) = interventions_base(args)?;
        let (at, window) = from_the_change(args, &config)?;
        let without = self.arm("base", preset, config.clone());
        let mut cases = Vec::new();
        for rate in rates(args)? {
            let text = rate.to_string();
            let tax = Happening::set_rule("tax", &[&text]);
            let tax = tax.map_err(|error| bad(format!("--rates: {error}")))?;
            let taxed = scheduled(&config, vec![(at, tax)])?;
            let with = self.arm(&format!("tax-{text}"), preset, taxed);
            cases.push(Case { label: text, without, with });
        }
        self.sections.push(Section {
            name: "tobin-tax".to_owned(),
            about: format!(
                "each fill costs both of its sides a tax from step {at}, by its rate in ticks a lot"
            ),
            preset: preset.to_owned(),
            window,
            cases,
            measures: EFFECTS,
            claims: TAX_CLAIMS,
            recovery: None,
        });
        Ok(())
    }

    /// The plan of a schedule of the user's own.
    pub(super) fn of_schedule(
        (name, preset): (&str, &str),
        config: &Config,
        entries: Vec<Scheduled>,
    ) -> Result<Self, Failure> {
        let first = entries.first().map_or(1, |entry| entry.step);
        let lines: Vec<_> = entries.iter().map(ToString::to_string).collect();
        let entries = entries.into_iter().map(|entry| (entry.step, entry.what)).collect();
        let treated = scheduled(config, entries)?;
        let window = measured(first, config)?;
        let mut plan = Self { name: name.to_owned(), arms: Vec::new(), sections: Vec::new() };
        let without = plan.arm("base", preset, config.clone());
        let with = plan.arm("scheduled", preset, treated);
        plan.sections.push(Section {
            name: name.to_owned(),
            about: lines.join("; "),
            preset: preset.to_owned(),
            window,
            cases: vec![Case { label: String::new(), without, with }],
            measures: EFFECTS,
            claims: &[],
            recovery: None,
        });
        Ok(plan)
    }
}

fn interventions_base(args: &Scenario) -> Result<(&str, Config), Failure> {
    let preset = args.preset.as_deref().unwrap_or(PRESET);
    Ok((preset, base(args, preset, None)?))
}

fn from_the_change(args: &Scenario, config: &Config) -> Result<(u64, Window), Failure> {
    let at = args.at.unwrap_or(1);
    Ok((at, measured(at, config)?))
}

/// From a change to the end, without the start of the run.
fn measured(at: u64, config: &Config) -> Result<Window, Failure> {
    let window = Window { first: at.max(BURN_IN + 1), last: config.steps() };
    if at == 0 || window.last <= window.first {
        let steps = config.steps();
        let message = format!("a change at step {at} of {steps} leaves nothing to measure");
        let hint = format!("the first {BURN_IN} steps are left out");
        return Err(bad(message).with_hint(hint));
    }
    Ok(window)
}

fn rates(args: &Scenario) -> Result<Vec<Decimal>, Failure> {
    let mut rates: Vec<Decimal> = Vec::new();
    for text in &args.rates {
        let rate = Decimal::parse(text.trim()).filter(|rate| Decimal::ZERO < *rate);
        let Some(rate) = rate.filter(|rate| !rates.contains(rate)) else {
            let message = format!("--rates: `{text}` is not a number above 0, or stands twice");
            return Err(bad(message));
        };
        rates.push(rate);
    }
    Ok(rates)
}
