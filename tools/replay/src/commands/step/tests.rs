//! The model on a golden log, compared with a plain replay of it.

use std::path::{Path, PathBuf};

use formats::render::{entry_text, event_text};
use query::{Evaluator, Query};
use ratatui::style::{Color, Modifier};
use replay::{Entry, Player};

use super::app::{App, Effect};
use super::script::{Item, lines, parse, screen};
use super::session::Session;
use crate::args::{Log, StepSize};
use crate::commands::seeking;

const CRASH: &str = "crash-short";

fn path(name: &str) -> PathBuf {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/ecology");
    golden.join(format!("{name}.log"))
}

fn log(name: &str) -> Log {
    Log { path: path(name), limits: crate::args::Limits::default() }
}

fn app(has_colour: bool) -> App {
    let archive = seeking::archive(&log(CRASH)).unwrap();
    App::new(Session::new(archive, None), path(CRASH), has_colour).unwrap()
}

fn press(app: &mut App, script: &str) -> Effect {
    let mut effect = Effect::Stay;
    for item in parse(script).unwrap() {
        if let Item::Press(key) = item {
            effect = app.update(key);
        }
        while app.is_working() {
            app.work();
        }
    }
    effect
}

fn text(app: &App) -> String {
    lines(&screen(app, StepSize { width: 120, height: 40 }).unwrap()).join("\n")
}

/// For every entry of the log, from 0, whether something holds of it.
fn replayed(mut holds: impl FnMut(&replay::Moment<'_>) -> bool, start: bool) -> Vec<bool> {
    let mut player: Player<_> = crate::commands::player(&log(CRASH)).unwrap();
    let mut found = vec![start];
    while let Some(moment) = player.advance().unwrap() {
        found.push(holds(&moment));
    }
    found
}

/// Where a walk over these goes from an entry.
fn next(found: &[bool], from: usize) -> Option<usize> {
    (from + 1..found.len()).find(|at| found[*at])
}

fn previous(found: &[bool], from: usize) -> Option<usize> {
    (0..from).rev().find(|at| found[*at])
}

/// Both ways from many entries, by keys that go forward and back.
fn check(keys: (&str, &str), found: &[bool], app: &mut App) {
    let entries = found.len() - 1;
    for from in (0..=entries).step_by(157).chain([1, entries - 1, entries]) {
        for (key, expected) in [(keys.0, next(found, from)), (keys.1, previous(found, from))] {
            press(app, &format!("g{from}<Enter>"));
            assert_eq!(app.entry(), from as u64);
            press(app, key);
            assert_eq!(app.entry(), expected.unwrap_or(from) as u64, "{key} from entry {from}");
        }
    }
}

#[test]
fn trades_steps_and_marks_are_found_both_ways() {
    let mut app = app(false);
    let is_trade = |event: &kernel::Event| matches!(event, kernel::Event::Traded { .. });
    let trades = replayed(|moment| moment.events.iter().any(is_trade), false);
    check(("t", "T"), &trades, &mut app);
    let is_clock = |event: &kernel::Event| matches!(event, kernel::Event::ClockMoved { .. });
    let clocks = replayed(|moment| moment.events.iter().any(is_clock), false);
    check(("s", "S"), &clocks, &mut app);
    let marks = replayed(|moment| matches!(moment.entry, Entry::Mark(_)), false);
    check(("m", "M"), &marks, &mut app);
}

#[test]
fn predicates_are_found_both_ways_with_history_and_without() {
    for text in [
        "spread > 20",
        "not exists(spread)",
        "entry >= 0 and spread < 3",
        "trade.qty >= 3",
        "trades > 10 and trades < 20",
        "after(makers-leave) and not after(makers-return)",
        "client == 1",
    ] {
        let query = Query::parse(text).unwrap();
        let mut evaluator = Evaluator::new(&query);
        let engine =
            kernel::Engine::new(&seeking::archive(&log(CRASH)).unwrap().header().genesis.market);
        let start = evaluator.start(&engine.unwrap());
        let found = replayed(|moment| evaluator.see(moment), start);
        let begins: Vec<_> =
            (0..found.len()).map(|at| found[at] && (at == 0 || !found[at - 1])).collect();
        let mut app = app(false);
        press(&mut app, &format!("/{}<Enter>", text.replace('<', "<lt>")));
        assert_eq!(app.entry(), next(&found, 0).unwrap() as u64, "{text}");
        check(("n", "N"), &found, &mut app);
        check(("e", "E"), &begins, &mut app);
        // One after the other, as a search that goes on where it was left.
        press(&mut app, "g1000<Enter>");
        let mut at = 1000;
        for key in ["n", "n", "e", "n", "e", "e"] {
            press(&mut app, key);
            let list = if key == "n" { &found } else { &begins };
            at = next(list, at).unwrap_or(at);
            assert_eq!(app.entry(), at as u64, "{text}: {key}");
        }
    }
}

#[test]
fn a_count_is_so_many_times_the_key() {
    for (key, way) in [("t", "g100<Enter>"), ("T", "G"), ("n", "g9<Enter>"), ("N", "G"), ("m", "^")]
    {
        let mut once = app(false);
        press(&mut once, "/spread > 4<Enter>");
        press(&mut once, way);
        press(&mut once, &key.repeat(2));
        let mut counted = app(false);
        press(&mut counted, "/spread > 4<Enter>");
        press(&mut counted, way);
        press(&mut counted, &format!("2{key}"));
        assert_eq!(once.entry(), counted.entry(), "2{key}");
    }
    let mut app = app(false);
    press(&mut app, "25l");
    assert_eq!(app.entry(), 25);
    press(&mut app, "3m");
    assert!(text(&app).contains("1 fewer than asked for"));
    press(&mut app, "99999999999999999999l");
    assert_eq!(app.entry(), app.entries());
}

/// A moment has one screen, however it was reached.
#[test]
fn a_moment_looks_the_same_from_everywhere() {
    for target in [0, 1, 66, 1046, 2478, 2500, 3325] {
        let mut jumped = app(false);
        press(&mut jumped, &format!("g{target}<Enter>"));
        let mut forward = app(false);
        for _ in 0..target / 100 {
            press(&mut forward, "<PageDown>");
        }
        press(&mut forward, &"l".repeat(target % 100));
        let mut back = app(false);
        press(&mut back, "G");
        while (target as u64) < back.entry() {
            let far = if back.entry() - target as u64 > 50 { "50h" } else { "h" };
            press(&mut back, far);
        }
        assert_eq!(jumped.entry(), target as u64);
        assert_eq!(text(&jumped), text(&forward).replace("? lists the keys", ""), "{target}");
        assert_eq!(text(&jumped), text(&back), "entry {target}");
    }
}

#[test]
fn what_touches_an_order_is_found_and_its_place_in_the_queue_told() {
    let mut app = app(false);
    press(&mut app, "g68<Enter>f#1<Enter>");
    let shown = text(&app);
    assert!(shown.contains("1 order, 9 lots ahead"), "{shown}");
    assert!(shown.contains("ends at 1046"), "{shown}");
    // Told from the words that the log is listed in, as a reader of `replay cat --events` would.
    let names_it = |text: &str| {
        text.split(|character: char| !character.is_ascii_alphanumeric() && character != '#')
            .any(|word| word == "#1")
    };
    let touches = replayed(
        |moment| {
            names_it(&entry_text(moment.entry))
                || moment.events.iter().any(|event| names_it(&event_text(event)))
        },
        false,
    );
    check(("]", "["), &touches, &mut app);
    let maker = kernel::ClientId(1);
    let touches =
        replayed(|moment| super::follow::Followed::Client(maker).is_touched(moment), false);
    press(&mut app, "amaker/1<Enter>");
    check(("]", "["), &touches, &mut app);
}

/// An order's life is the same wherever one starts to follow it.
#[test]
fn a_life_is_read_whole_from_everywhere() {
    for order in [1, 22, 500, 900] {
        let mut lives = Vec::new();
        for from in [0, 30, 1046, 2600, 3325] {
            let mut app = app(false);
            press(&mut app, &format!("g{from}<Enter>f{order}<Enter>"));
            assert!(app.story.is_whole);
            assert!(app.story.birth().is_some());
            // Behind its end it may be named again: that is no part of its life.
            let end = app.story.end().map_or(u64::MAX, |(entry, _)| entry);
            let life: Vec<_> = app.story.touches.range(..=end).map(|it| it.1.clone()).collect();
            lives.push((end, life));
        }
        for life in &lives {
            assert_eq!(*life, lives[0], "order {order}");
        }
    }
    let mut app = app(false);
    press(&mut app, "f99999<Enter>");
    assert!(text(&app).contains("the log places no order 99999"));
}

#[test]
fn a_search_stops_and_leaves_one_where_one_was() {
    let mut app = app(false);
    press(&mut app, "66l");
    for key in parse("/spread > 99999<Enter>").unwrap() {
        if let Item::Press(key) = key {
            app.update(key);
        }
    }
    assert!(app.is_busy());
    assert!(text(&app).contains("Esc stops: looking for entry at which spread > 99999"));
    app.stop();
    assert!(!app.is_busy());
    let shown = text(&app);
    assert!(shown.contains("66 of 3325") && shown.contains("stopped"), "{shown}");
}

#[test]
fn no_key_and_no_size_breaks_the_screen() {
    let mut app = app(true);
    let keys = "l/x<Esc>tG?hTaf<Enter>gs:5<Enter>MJKxe<Tab><Tab>/spread<Enter><C-u>é\u{301}世<BS>";
    for item in parse(keys).unwrap() {
        let Item::Press(key) = item else { continue };
        app.update(key);
        for (width, height) in [(1, 1), (39, 8), (40, 7), (40, 8), (75, 30), (76, 18), (300, 90)] {
            screen(&app, StepSize { width, height }).unwrap();
        }
        while app.is_working() {
            app.work();
        }
    }
}

/// Every size from nothing on: panels stand side by side and none is drawn outside of the screen.
#[test]
fn every_size_is_drawn() {
    let mut app = app(false);
    press(&mut app, "g1046<Enter>f#1<Enter>");
    for width in (1..140).step_by(3) {
        for height in (1..50).step_by(3) {
            let drawn = screen(&app, StepSize { width, height }).unwrap();
            assert_eq!(drawn.content.len(), usize::from(width) * usize::from(height));
        }
    }
}

#[test]
fn colours_say_nothing_that_signs_do_not() {
    let (mut plain, mut coloured) = (app(false), app(true));
    for app in [&mut plain, &mut coloured] {
        press(app, "g68<Enter>f#1<Enter>");
    }
    let size = StepSize { width: 80, height: 24 };
    let (plain, coloured) = (screen(&plain, size).unwrap(), screen(&coloured, size).unwrap());
    assert_eq!(lines(&plain), lines(&coloured));
    let has_colour =
        |cell: &ratatui::buffer::Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
    assert!(!plain.content.iter().any(has_colour));
    assert!(coloured.content.iter().any(has_colour));
    let is_bold = |cell: &ratatui::buffer::Cell| cell.modifier.contains(Modifier::BOLD);
    assert!(plain.content.iter().any(is_bold));
    // The followed order's level is marked by a sign.
    assert!(lines(&plain).iter().any(|line| line.starts_with(">  ") && line.contains("9998")));
}

#[test]
fn quitting_and_interrupting_differ() {
    let mut app = app(false);
    assert_eq!(press(&mut app, "q"), Effect::Quit);
    assert_eq!(press(&mut app, "<C-c>"), Effect::Interrupt);
    // In a prompt they are text, and the way out of it.
    assert_eq!(press(&mut app, "/q"), Effect::Stay);
    assert_eq!(press(&mut app, "<C-c>"), Effect::Stay);
    assert!(app.prompt.is_none());
    assert_eq!(press(&mut app, "?q"), Effect::Stay);
}
