//! Whole pages.

use super::*;
use crate::run::tests::{run, with_moment};
use crate::run::{MAKERS_LEAVE, MAKERS_RETURN};

/// Tops of the book that move a little each second.
fn tops(len: u32) -> Vec<Option<(u32, u32)>> {
    let step = |at: u32| (at.wrapping_mul(2_654_435_761) >> 20) % 7;
    (0..len).map(|at| Some((10_000 - step(at), 10_002 - step(at)))).collect()
}

fn html(runs: &[Run]) -> String {
    let about = Page { title: "A page".to_owned(), command: "replay report".to_owned() };
    page(&about, runs)
}

/// What is left out of a page, by anchor.
fn left_out(html: &str) -> Vec<&str> {
    let sections = html.split("<section id=\"").skip(1);
    let missing = sections.filter(|section| section.contains("<p class=\"none\">Left out: "));
    missing.filter_map(|section| section.split('"').next()).collect()
}

#[test]
fn nothing_of_a_log_is_markup() {
    let evil = "<script>alert(\"1\")</script>'&";
    let mut run = with_moment(run(evil, &tops(300)), 20, evil);
    run.producer = evil.to_owned();
    run.head = evil.to_owned();
    run.command = Some(evil.to_owned());
    run.parameters.insert("preset".to_owned(), evil.to_owned());
    let about = Page { title: evil.to_owned(), command: evil.to_owned() };
    let html = page(&about, &[run]);
    assert!(!html.contains("<script") && !html.contains("\"1\""), "markup from a log");
    assert!(8 < html.matches("&lt;script&gt;").count());
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let html = html(&[run("a", &tops(300))]);
    for sign in ["<script", "src=", "url(", "@import", "http://", "https://", "<link"] {
        assert!(!html.contains(sign), "{sign}");
    }
}

#[test]
fn the_same_runs_give_the_same_bytes() {
    let runs = [run("a", &tops(3_000)), run("b", &tops(200))];
    assert!(html(&runs) == html(&runs.clone()));
}

#[test]
fn panels_without_data_are_left_out() {
    let alone = html(&[run("a", &tops(300))]);
    assert_eq!(left_out(&alone), ["depth", "makers", "crash", "interventions", "wealth"]);
    let empty = html(&[run("a", &[None; 300])]);
    assert_eq!(left_out(&empty).len(), 10);
    assert!(!empty.contains("<figure>"));
}

#[test]
fn spreads_are_compared_by_makers_where_their_number_differs() {
    let of = |makers: &str| {
        let mut run = run(makers, &tops(300));
        run.parameters.insert("market_makers".to_owned(), makers.to_owned());
        run
    };
    assert!(left_out(&html(&[of("2"), of("2")])).contains(&"makers"));
    let both = html(&[of("2"), of("3")]);
    assert!(!left_out(&both).contains(&"makers"));
    assert!(both.contains("2.00 ticks with 2 makers, 2.00 with 3: narrower at 0 of 1 step"));
    let mut other = of("3");
    other.parameters.insert("noise".to_owned(), "9".to_owned());
    assert!(left_out(&html(&[of("2"), other])).contains(&"makers"), "another market");
}

#[test]
fn a_crash_is_compared_with_its_twin_alone() {
    let twin = run("twin", &tops(900));
    let mut wide = tops(900);
    for (bid, ask) in wide.iter_mut().skip(299).take(100).flatten() {
        (*bid, *ask) = (*bid - 50, *ask + 50);
    }
    let crash = with_moment(run("crash", &wide), 300, MAKERS_LEAVE);
    let crash = with_moment(crash, 400, MAKERS_RETURN);
    let alone = html(std::slice::from_ref(&crash));
    assert!(left_out(&alone).contains(&"crash"));
    assert!(alone.contains("the twin is not among the logs"));
    let both = html(&[crash, twin]);
    assert!(!left_out(&both).contains(&"crash"));
    assert!(both.contains("102 ticks on average, 102 at the widest, against 2.00"), "spread");
    assert!(both.contains("51.0 times as wide; calm again 0 s after their return"), "recovery");
}

#[test]
fn long_runs_make_no_long_pages() {
    let long = run("long", &tops(50_000));
    let runs: Vec<_> = (0..7).map(|seed| Run { seed, ..long.clone() }).collect();
    let html = html(&runs);
    assert!(html.len() < 600_000, "{} bytes", html.len());
    assert!(html.contains("The first 6 of 7 logs are drawn."));
}

#[test]
fn every_drawing_has_a_name_of_its_own() {
    let html = html(&[run("a", &tops(300)), run("b", &tops(300))]);
    let mut ids: Vec<_> =
        html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let len = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(
        (ids.len(), html.matches("role=\"img\"").count()),
        (len, html.matches("<desc").count())
    );
}
