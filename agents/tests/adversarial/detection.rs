//! How well fixed policies hide, pooled over many episodes: bands, not numbers.

use agents::adversarial::measures::{Bounds, Detection, Guess, Measures, Sample};
use agents::adversarial::watch::{Watch, Watched, play};
use agents::adversarial::{Game, Settings};
use kernel::{Engine, Unlogged};

fn settings(set: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::preset("default").unwrap();
    settings.set_all(set.iter().copied()).unwrap();
    settings
}

fn sample(settings: &Settings, is_informed: bool, seed: u64, episodes: u32) -> Sample {
    let engine = Engine::new(&settings.genesis()).unwrap();
    let mut venue = Watched::new(Unlogged::new(engine), Watch::new(settings));
    let mut game = Game::new(settings, seed);
    let mut sample = Sample::new(settings);
    for _ in 0..episodes {
        let Ok(()) = play(&mut game, &mut venue, is_informed);
        sample.add(&venue.watch.take().unwrap());
    }
    sample
}

/// Both types share no draws: their seeds differ.
fn judge(set: &[(&str, &str)], episodes: u32) -> (Detection, Measures) {
    let settings = settings(set);
    let [zero, one] = [(false, 11), (true, 12)]
        .map(|(is_informed, seed)| sample(&settings, is_informed, seed, episodes));
    (Detection::of(&zero, &one, settings.lots()), Measures::of(&one))
}

fn both(found: &Detection) -> [f64; 2] {
    [found.ridge.unwrap().accuracy, found.logistic.unwrap().guess.accuracy]
}

/// Half of the width of three standard errors.
fn three(guess: Guess) -> f64 {
    let share = guess.accuracy;
    3.0 * libm::sqrt(share * (1.0 - share) / f64::from(u32::try_from(guess.episodes).unwrap()))
}

#[test]
fn twap_is_the_most_detectable_policy() {
    let of = |policy| judge(&[("type.mode", "uninformed"), ("trader.policy", policy)], 400);
    let (twap, market) = of("twap");
    assert!(both(&twap).into_iter().all(|it| 0.98 < it), "{twap:?}");
    assert!(0.99 < market.execution.completion.unwrap().value);
    for (policy, low, high) in
        [("vwap", 0.9, 1.0), ("camouflage", 0.75, 0.97), ("pov", 0.75, 1.0), ("abstain", 0.5, 0.9)]
    {
        let (found, market) = of(policy);
        for (one, twap) in both(&found).into_iter().zip(both(&twap)) {
            assert!(low <= one && one <= high, "{policy}: {one}");
            assert!(one <= twap, "{policy}: {one} beyond {twap}");
        }
        let completion = market.execution.completion.unwrap().value;
        assert_eq!(completion == 0.0, policy == "abstain");
    }
}

#[test]
fn the_exact_copy_is_not_detectable_by_any_judge() {
    let (found, market) = judge(&[("type.mode", "uninformed"), ("trader.policy", "copy")], 2_000);
    let [ridge, logistic] = both(&found);
    let nets = [found.net_half, found.net_best].map(|it| it.unwrap().accuracy);
    for accuracy in [ridge, logistic, nets[0], nets[1]] {
        assert!((accuracy - 0.5).abs() < 0.03, "{found:?}");
    }
    assert!(found.logistic.unwrap().information < 0.005, "{found:?}");
    assert!(found.logistic.unwrap().divergence < 0.02, "{found:?}");
    assert_eq!(found.belief, None, "nobody can count what both types do");
    let flow = market.flow;
    assert!(
        flow.divergence.unwrap().value < 0.05,
        "cut last slices, and ends that crowd: {flow:?}"
    );
    assert!(0.85 < market.execution.completion.unwrap().value);
}

/// Whoever buys N lots while others do not look at prices shifts the net volume by N: a judge who is
/// given that number alone reaches the bound, and not more.
#[test]
fn the_net_imbalance_reaches_the_bound_in_silent() {
    let set = [
        ("type.mode", "silent"),
        ("trader.policy", "twap"),
        ("noise.elasticity", "0"),
        ("noise.cancel", "0.01"),
        ("maker.inventory_max", "1000"),
    ];
    let (found, market) = judge(&set, 2_000);
    assert!(1.0 <= market.execution.completion.unwrap().value, "every episode completes");
    let bounds = Bounds::of(&settings(&set)).unwrap();
    let exact = bounds.exact.unwrap().accuracy;
    assert!((exact - bounds.normal.unwrap().accuracy).abs() < 0.01);
    let (half, best) = (found.net_half.unwrap(), found.net_best.unwrap());
    for guess in [half, best] {
        assert!(exact - three(guess) <= guess.accuracy, "{guess:?} is below {exact}");
        assert!(guess.accuracy <= exact + three(guess), "{guess:?} beats {exact}");
    }
    // A belief that counts buys sees the style too: twenty orders where noise's law has four.
    let belief = found.belief.unwrap().last;
    assert!(exact + three(belief) < belief.accuracy, "{belief:?}");
    // Without any trade nothing is seen.
    let silence = [("trader.policy", "abstain")];
    let (nothing, _) = judge(&[&set[..], &silence[..]].concat(), 500);
    let net = nothing.net_half.unwrap();
    assert!((net.accuracy - 0.5).abs() < three(net), "{net:?}");
}
