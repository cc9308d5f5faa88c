//! Pages of adversarial markets, panel by panel.

use agents::adversarial::Game;
use agents::adversarial::measures::HORIZONS;
use agents::adversarial::watch::{Episode, Watch, Watched, play};
use kernel::{Engine, Unlogged};

use super::gathering::Spreads;
use super::*;
use crate::html::Panel;
use crate::number::count;

fn settings(changes: &[(&str, &str)]) -> Settings {
    let mut settings = Settings::preset("default").unwrap();
    settings.set_all([("type.mode", "silent"), ("episode.steps", "12")]).unwrap();
    settings.set_all([("trader.lots", "6")]).unwrap();
    settings.set_all(changes.iter().copied()).unwrap();
    settings
}

/// Closed episodes, of the types in this order.
fn played(settings: &Settings, types: &[bool]) -> Vec<Episode> {
    let engine = Engine::new(&settings.genesis()).unwrap();
    let mut venue = Watched::new(Unlogged::new(engine), Watch::new(settings));
    let mut game = Game::new(settings, 7);
    let play = |is_informed: &bool| {
        play(&mut game, &mut venue, *is_informed).unwrap();
        venue.watch.take().unwrap()
    };
    types.iter().map(play).collect()
}

fn episodes(changes: &[(&str, &str)], types: &[bool]) -> Episodes {
    let settings = settings(changes);
    let mut found = Gathering::new(&settings);
    for episode in played(&settings, types) {
        found.add(0, &episode);
    }
    let of = |z: bool| types.iter().filter(|it| **it == z).count() as u64;
    let log = EpisodeLog {
        name: "x.log".to_owned(),
        producer: "adversarial".to_owned(),
        preset: Some("default".to_owned()),
        seed: 7,
        entries: 12_345,
        head: "00ff".to_owned(),
        episodes: [of(false), of(true)],
        unclosed: 1,
        command: Some("replay simulate --system adversarial -o x.log".to_owned()),
    };
    Episodes { settings, logs: vec![log], found, command: "replay stats x.log".to_owned() }
}

/// Both types, in turn.
fn both(changes: &[(&str, &str)]) -> Episodes {
    let types: Vec<_> = (0..16).map(|place| place % 2 == 1).collect();
    episodes(changes, &types)
}

fn seen(episodes: &Episodes) -> Seen<'_> {
    let [zero, one] = &episodes.found.samples;
    Seen {
        all: episodes,
        measures: [Measures::of(zero), Measures::of(one)],
        detection: Detection::of(zero, one, episodes.settings.lots()),
    }
}

fn drawn(panel: fn(&Seen<'_>) -> Panel, changes: &[(&str, &str)]) -> String {
    panel(&seen(&both(changes))).html(1).replace("><", ">\n<")
}

fn html(episodes: &Episodes) -> String {
    let page = Page { title: "A page".to_owned(), command: "replay report x.log".to_owned() };
    episodes_page(&page, episodes)
}

/// Anchor and reason of what is left out.
fn left_out(html: &str) -> String {
    let sections = html.split("<section id=\"").skip(1).filter_map(|it| it.split_once('"'));
    let missing = sections.filter_map(|(id, rest)| {
        let (_, why) = rest.split_once("<p class=\"none\">Left out: ")?;
        Some(format!("{id}: {}", why.split("</p>").next()?))
    });
    missing.collect::<Vec<_>>().join("\n")
}

#[test]
fn an_episode_of_each_type_is_drawn() {
    insta::assert_snapshot!(drawn(examples::panel, &[]));
}

#[test]
fn beliefs_are_drawn_over_steps() {
    insta::assert_snapshot!(drawn(beliefs::panel, &[]));
}

#[test]
fn orders_stand_beside_noise() {
    insta::assert_snapshot!(drawn(flow::panel, &[]));
}

#[test]
fn the_calibration_has_its_curve_and_counts() {
    insta::assert_snapshot!(drawn(calibration::panel, &[]));
}

#[test]
fn spreads_are_drawn_by_belief() {
    insta::assert_snapshot!(drawn(spreads::panel, &[]));
}

#[test]
fn shortfalls_of_both_buyers_are_drawn() {
    insta::assert_snapshot!(drawn(shortfall::panel, &[("type.mode", "uninformed")]));
}

#[test]
fn adverse_selection_is_drawn_by_horizon() {
    insta::assert_snapshot!(drawn(adverse::panel, &[]));
}

#[test]
fn every_measure_stands_in_a_table() {
    insta::assert_snapshot!(drawn(measures::panel, &[]));
}

#[test]
fn what_the_logs_are_stands_above_the_panels() {
    let html = html(&both(&[]));
    let (_, head) = html.split_once("<h1>").unwrap();
    let (head, _) = head.split_once("<section").unwrap();
    insta::assert_snapshot!(head);
    assert_eq!(left_out(&html), "");
}

#[test]
fn one_type_alone_leaves_out_what_takes_both() {
    let ones = html(&episodes(&[], &[true; 6]));
    assert_eq!(left_out(&ones), "calibration: it takes closed episodes of both types.");
    assert!(ones.contains("There is no closed episode of type z\u{a0}=\u{a0}0."));
    assert!(ones.contains("Nothing tells the types apart"));
    let zeros = html(&episodes(&[], &[false; 6]));
    insta::assert_snapshot!(left_out(&zeros));
}

#[test]
fn no_closed_episode_leaves_out_everything() {
    let html = html(&episodes(&[], &[]));
    insta::assert_snapshot!(left_out(&html));
    assert_eq!(html.matches("<figure>").count(), 0);
}

/// A belief that tells nothing is drawn where it stays, and has no curve.
#[test]
fn a_belief_that_never_moves_is_said_to() {
    let html = html(&both(&[("type.mode", "uninformed")]));
    assert_eq!(left_out(&html), "calibration: the belief never moved, so it tells nothing.");
    assert!(html.contains("no correlation, since spread or belief never changes"));
}

#[test]
fn what_is_gathered_is_what_the_measures_are_of() {
    let all = both(&[("type.mode", "uninformed")]);
    let seen = seen(&all);
    for (z, measures) in seen.measures.iter().enumerate() {
        for (place, horizon) in HORIZONS.iter().enumerate() {
            let each = &all.found.adverse[z][horizon - 1];
            let mean = each.iter().sum::<f64>() / count(each.len());
            let measured = measures.maker.adverse_selection[place].unwrap().value;
            assert!((mean - measured).abs() < 1e-9, "horizon {horizon}: {mean} {measured}");
        }
        let sample = &all.found.shortfalls[z];
        let mean = sample.iter().sum::<f64>() / count(sample.len());
        assert!((mean - measures.execution.shortfall.unwrap().value).abs() < 1e-9);
        let [trader, noise] = &all.found.flows[z];
        let orders = measures.splitting.orders.unwrap().value * count(measures.episodes);
        assert!((gathering::share_of(trader.len()) - orders).abs() < 1e-9, "orders of type {z}");
        assert!(0 < noise.len());
        for orders in [trader, noise] {
            let grid: u64 = orders.grid.iter().flatten().sum();
            let sums = [orders.sizes.iter().sum(), orders.times.iter().sum(), grid];
            assert_eq!(sums, [orders.len(); 3]);
        }
        let (spreads, sums) = (&all.found.spreads[z], |it: &Spreads| {
            it.means().map_or(0.0, |(_, mean)| mean * gathering::share_of(it.len()))
        });
        let steps: u64 = spreads.iter().map(Spreads::len).sum();
        let mean = spreads.iter().map(sums).sum::<f64>() / gathering::share_of(steps);
        assert!((mean - measures.market.spread.unwrap().value).abs() < 1e-9, "spread {mean}");
        assert_eq!(all.found.beliefs[z].len(), 12);
        assert!(all.found.beliefs[z].iter().all(|step| step.len() == measures.episodes));
    }
}

#[test]
fn quartiles_of_spreads_are_of_their_counts() {
    let counts = [(2, 1), (3, 2), (9, 1)].into();
    let spreads = Spreads { beliefs: 1.0, counts };
    assert_eq!(spreads.means(), Some((0.25, 4.25)));
    let quartiles = [0.25, 0.5, 0.75, 1.0].map(|it| spreads.quantile(it));
    assert_eq!(quartiles, [2.0, 3.0, 3.0, 9.0].map(Some));
    assert_eq!((Spreads::default().means(), Spreads::default().quantile(0.5)), (None, None));
}

/// A log may say that an episode had other steps and beliefs than its settings allow.
#[test]
fn an_episode_beyond_its_settings_is_drawn_within_them() {
    let settings = settings(&[]);
    let mut found = Gathering::new(&settings);
    for mut episode in played(&settings, &[true, false]) {
        let step = *episode.steps.last().unwrap();
        episode.steps.resize(1_000, step);
        for (belief, step) in [-7.0, 40_000.0].into_iter().zip(&mut episode.steps) {
            step.belief = belief;
        }
        episode.mode = None;
        found.add(0, &episode);
    }
    assert_eq!(found.beliefs.each_ref().map(Vec::len), [12, 12]);
    let mut all = both(&[]);
    all.found = found;
    let html = html(&all);
    assert!(!html.contains("NaN") && !html.contains("inf "), "no number");
}

#[test]
fn estimates_show_two_digits_of_their_error() {
    let shown = |value, error| estimate(value, Some(error)).replace('\u{a0}', " ");
    assert_eq!(shown(12.3456, 0.4321), "12.35 ± 0.43");
    assert_eq!(shown(-0.5, 0.0996), "−0.50 ± 0.10");
    assert_eq!(shown(1234.5, 432.1), "1235 ± 432");
    assert_eq!(
        (estimate(2.5, None), estimate(2.5, Some(0.0))),
        ("2.50".to_owned(), "2.50".to_owned())
    );
}

#[test]
fn nothing_of_a_log_is_markup() {
    let evil = "<script>alert(\"1\")</script>'&";
    let mut all = both(&[]);
    let log = &mut all.logs[0];
    for text in [&mut log.name, &mut log.producer, &mut log.head, &mut all.command] {
        evil.clone_into(text);
    }
    let log = &mut all.logs[0];
    (log.preset, log.command) = (Some(evil.to_owned()), Some(evil.to_owned()));
    let about = Page { title: evil.to_owned(), command: evil.to_owned() };
    let html = episodes_page(&about, &all);
    assert!(!html.contains("<script") && !html.contains("\"1\""), "markup from a log");
    assert!(8 < html.matches("&lt;script&gt;").count());
    for sign in ["src=", "url(", "@import", "http://", "https://", "<link"] {
        assert!(!html.contains(sign), "{sign}");
    }
    assert!(html == episodes_page(&about, &all), "the same episodes give the same bytes");
}

/// Bands over many steps do not make a page long.
#[test]
fn long_episodes_make_no_long_pages() {
    let settings = settings(&[("episode.steps", "2000"), ("trader.lots", "40")]);
    let mut all = both(&[]);
    all.found = Gathering::new(&settings);
    for episode in played(&settings, &[true, false]) {
        all.found.add(0, &episode);
    }
    all.settings = settings;
    let html = html(&all);
    assert!(html.len() < 200_000, "{} bytes", html.len());
}

#[test]
fn every_drawing_has_a_name_of_its_own() {
    let html = html(&both(&[("type.mode", "noise")]));
    let ids = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut ids: Vec<_> = ids.collect();
    let len = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), len);
    assert_eq!(html.matches("<figure>").count(), html.matches("<desc").count());
}
