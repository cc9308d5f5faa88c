//! Pages of training runs, panel by panel.

use agents::learned::Space;

use super::*;
use crate::quotes::Quote;

fn row(update: u64) -> (u64, BTreeMap<String, f64>) {
    let share = crate::number::big(update.into());
    let figures = [
        ("maker.reward", share - 3.0),
        ("maker.policy_loss", -0.01 / share),
        ("maker.value_loss", 100.0 / (share * share * share)),
        ("maker.entropy", 5.0 - 0.25 * share),
        ("maker.approx_kl", if update == 2 { f64::NAN } else { 0.001 }),
        ("maker.clip_fraction", 0.0),
        ("noise.reward", 0.5 * share),
        ("market.spread", 3.0 + 0.5 * share),
        ("market.tracking", 10.0),
        ("presence", 2.0),
    ];
    (update, figures.map(|(name, figure)| (name.to_owned(), figure)).into())
}

fn quotes(space: Option<Space>, skew: f64) -> Quotes {
    let quote = |place: u8| {
        let inventory = i64::from(place) - 10;
        let price = -skew * crate::number::real(inventory);
        Quote {
            choice: space.map(|_| [place % 6, place % 7, place % 3, place % 2]),
            inventory,
            flow: crate::number::real(inventory % 4),
            bid: (place != 19).then_some(price - 2.0),
            ask: Some(price + 1.5),
        }
    };
    Quotes { space, list: (0..20).map(quote).collect() }
}

fn contender(name: &str, shift: f64) -> Contender {
    let market = |gain: f64| {
        let figures = [
            ("maker_gain", 100.0 * gain + shift),
            ("maker_gain_per_lot", 0.001 * gain),
            ("spread", 4.0),
            ("tracking", 20.0 + shift),
        ];
        figures.map(|(name, figure)| (name.to_owned(), figure)).into()
    };
    Contender { name: name.to_owned(), markets: [-900.0, -1000.0, -1100.0].map(market).into() }
}

/// A run of some updates that has everything.
pub(crate) fn training() -> Training {
    let log = |name: &str, is_kept: bool| TrainingLog {
        name: name.to_owned(),
        seed: Some(7),
        entries: 12_345,
        head: "00ff".to_owned(),
        seal: is_kept.then(|| "ee11".to_owned()),
        is_kept,
    };
    Training {
        name: "RUN".to_owned(),
        state: "finished with 5 updates".to_owned(),
        settings: vec![("ppo".to_owned(), "gamma 0.97, lambda 0.95".to_owned())],
        commands: vec!["learn verify RUN".to_owned()],
        learners: vec!["maker".to_owned(), "noise".to_owned()],
        logs: vec![log("train.log", true), log("markets/000-0001.log", false)],
        updates: (1..=5).map(row).collect(),
        makers: Ok(Makers {
            learned: quotes(Some(Space::MakerFlow), 0.1),
            learned_in: "market 000-0001".to_owned(),
            fixed: quotes(None, 0.05),
            fixed_in: "fixed.log".to_owned(),
        }),
        evaluation: Ok(Evaluation {
            steps: 300,
            warm_up: 200,
            contenders: vec![contender("learned at 5", 0.0), contender("avellaneda-stoikov", 9.0)],
        }),
    }
}

fn html(training: &Training) -> String {
    let page = Page { title: "A page".to_owned(), command: "replay report RUN".to_owned() };
    training_page(&page, training)
}

fn lines(panel: &Panel) -> String {
    panel.html(1).replace("><", ">\n<")
}

#[test]
fn learning_is_drawn_over_updates() {
    insta::assert_snapshot!(lines(&progress::learning(&training())));
}

#[test]
fn the_market_is_drawn_over_updates() {
    insta::assert_snapshot!(lines(&progress::market(&training())));
}

#[test]
fn choices_are_a_map_and_bars() {
    insta::assert_snapshot!(lines(&choices::panel(&training())));
}

#[test]
fn quotes_are_drawn_by_inventory_and_flow() {
    insta::assert_snapshot!(lines(&offsets::panel(&training())));
}

#[test]
fn contenders_are_points_with_intervals() {
    insta::assert_snapshot!(lines(&evaluation::panel(&training())));
}

#[test]
fn what_a_run_is_stands_above_its_panels() {
    let html = html(&training());
    let (_, head) = html.split_once("<h1>").unwrap();
    let (head, _) = head.split_once("<section").unwrap();
    let (_, logs) = html.split_once("<section id=\"logs\">").unwrap();
    insta::assert_snapshot!(format!("{head}\n{logs}"));
}

#[test]
fn a_figure_over_two_decades_has_a_logarithmic_axis() {
    let mut training = training();
    let names = |training: &Training| {
        let html = progress::learning(training).html(1);
        let (_, loss) = html.split_once("Value loss over updates").unwrap();
        let (loss, _) = loss.split_once("</svg>").unwrap();
        loss.contains(">0.1</text>") && loss.contains(">100</text>")
    };
    assert!(names(&training), "100 to 0.8");
    for (update, figures) in &mut training.updates {
        let value = crate::number::big((*update).into());
        figures.insert("maker.value_loss".to_owned(), value);
    }
    assert!(!names(&training), "1 to 5");
}

#[test]
fn what_a_run_has_not_is_left_out_with_the_way_to_it() {
    let mut training = training();
    training.updates.clear();
    training.makers = Err("the run kept no <logs>".to_owned());
    training.evaluation = Err("no evaluation".to_owned());
    let html = html(&training);
    let missing: Vec<_> = html.split("Left out: ").skip(1).collect();
    let missing: Vec<_> =
        missing.iter().filter_map(|rest| rest.split_once("</p>")).map(|(it, _)| it).collect();
    insta::assert_snapshot!(missing.join("\n"));
    assert_eq!(html.matches("<figure>").count(), 0);
}

#[test]
fn nothing_of_a_run_is_markup() {
    let evil = "<script>alert(\"1\")</script>'&";
    let mut training = training();
    for text in [&mut training.name, &mut training.state, &mut training.learners[0]] {
        evil.clone_into(text);
    }
    training.settings[0].1 = evil.to_owned();
    training.commands[0] = evil.to_owned();
    training.logs[0].name = evil.to_owned();
    training.evaluation.as_mut().unwrap().contenders[0].name = evil.to_owned();
    training.makers.as_mut().unwrap().fixed_in = evil.to_owned();
    let html = html(&training);
    assert!(!html.contains("<script") && !html.contains("\"1\""), "markup from a run");
    for sign in ["src=", "url(", "@import", "http://", "https://", "<link"] {
        assert!(!html.contains(sign), "{sign}");
    }
    assert!(html == self::html(&training), "the same run gives the same bytes");
}
