//! What a step of the adversarial market costs, with what three players see in each: steps in a second of
//! CPU time, the most of so many runs (first argument, else 5) of some 100,000 steps.
//!
//! The players do the same in every step: the trader places one lot 3 ticks behind the reference, the maker
//! quotes 5 lots 2 ticks from it, the arbitrageur does nothing. `tools/adversarial_speed.py` has them do
//! so in release 0.1.0 of the published system as well.

#![expect(clippy::print_stdout, reason = "figures are its output")]

mod common;

use agents::adversarial::{
    ArbitrageurAction, Game, MakerAction, Observations, Reactions, Settings, Style, TraderAction,
    View,
};
use kernel::{Engine, Unlogged, Venue};
use replay::{Recorder, SyncPolicy};

use common::cpu_nanoseconds;

const SEED: u64 = 42;
const STEPS: u64 = 100_000;
const LOG_BYTES: usize = 1 << 26;

fn main() {
    let runs = std::env::args().nth(1).and_then(|runs| runs.parse().ok()).unwrap_or(5_u32);
    println!("{:10} {:>12} {:>12} {:>12}", "settings", "seen", "recorded", "unseen");
    for (name, preset) in [("default", "published"), ("fast_debug", "debug")] {
        let mut settings = match Settings::preset(preset) {
            Ok(settings) => settings,
            Err(error) => unreachable!("{error}"),
        };
        let set = [("noise.rate_rule", "release"), ("type.informed", "1"), ("maker.levels", "1")];
        assert_eq!(settings.set_all(set), Ok(()));
        let mut most = [0.0_f64; 3];
        for _ in 0..runs {
            let found =
                [unlogged(&settings, true), recorded(&settings), unlogged(&settings, false)];
            for (most, found) in most.iter_mut().zip(found) {
                *most = most.max(found);
            }
        }
        let [seen, recorded, unseen] = most;
        println!("{name:10} {seen:12.0} {recorded:12.0} {unseen:12.0}");
    }
}

fn unlogged(settings: &Settings, sees: bool) -> f64 {
    match Engine::new(&settings.genesis()) {
        Ok(engine) => run(settings, &mut Unlogged::new(engine), sees),
        Err(error) => unreachable!("{error}"),
    }
}

fn recorded(settings: &Settings) -> f64 {
    let genesis = replay::Genesis::new(settings.genesis(), "adversarial");
    // Room for the whole log: growing is the memory's business.
    let log = Vec::with_capacity(LOG_BYTES);
    match Recorder::create(&genesis, log, Vec::new(), SyncPolicy::None) {
        Ok(mut recorder) => run(settings, &mut recorder, true),
        Err(error) => unreachable!("{error}"),
    }
}

/// Steps in a second of CPU time.
fn run<V: Venue>(settings: &Settings, venue: &mut V, sees: bool) -> f64 {
    let mut game = Game::new(settings, SEED);
    let mut observations = Observations::default();
    let trader = TraderAction { lots: 1, style: Style::Limit(-3), observation: None };
    let maker = MakerAction { bid: 2, ask: 2, bid_lots: 5, ask_lots: 5, observation: None };
    let arbitrageur = ArbitrageurAction { side: None, lots: 0, observation: None };
    let reactions =
        Reactions { belief: Some(0.5), arbitrageur: Some(arbitrageur), maker: Some(maker) };
    let episodes = STEPS / settings.steps();
    let start = cpu_nanoseconds();
    for _ in 0..episodes {
        let went = (|| {
            game.begin(venue, None)?;
            for _ in 0..settings.steps() {
                if sees {
                    game.observe(venue.engine(), View::Published, &mut observations);
                }
                game.arrive(venue, Some(trader))?;
                game.react(venue, &reactions)?;
            }
            game.close(venue)
        })();
        assert!(went.is_ok(), "memory takes everything");
    }
    let nanoseconds = cpu_nanoseconds() - start;
    let steps = episodes * settings.steps();
    1e9 * f64::from(u32::try_from(steps).unwrap_or(u32::MAX))
        / f64::from(u32::try_from(nanoseconds).unwrap_or(u32::MAX))
}
