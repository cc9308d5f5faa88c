//! The synthetic day through converter, kernel and comparer, with controls that must fail.

use std::error::Error;

use formats::lobster::compare::{self, Report};
use formats::lobster::{Body, Conversion, Day, Options, convert};
use kernel::{Engine, Genesis, Unlogged};

const MESSAGES: &str = include_str!("../../../golden/lobster/fixture_message_5.csv");
const ORDERBOOK: &str = include_str!("../../../golden/lobster/fixture_orderbook_5.csv");
const SINGLE: Options = Options { group: false, plain: false };
const PLAIN: Options = Options { group: true, plain: true };

fn run(messages: &str, orderbook: &str, options: Options) -> Result<Run, Box<dyn Error>> {
    let day = Day::read(messages.as_bytes(), orderbook.as_bytes(), None)?;
    let conversion = convert(&day, options);
    let mut venue = Unlogged::new(Engine::new(&Genesis::open())?);
    let report = compare::replay(&day, &conversion.items, &mut venue)?;
    Ok(Run { day, conversion, report })
}

struct Run {
    day: Day,
    conversion: Conversion,
    report: Report,
}

impl Run {
    /// Converted without an anomaly and equal everywhere.
    fn is_clean(&self) -> bool {
        self.conversion.summary.anomalies.total() == 0 && self.report.is_equal()
    }
}

/// Whether a changed message file goes unnoticed.
fn goes_unnoticed(messages: &str) -> bool {
    run(messages, ORDERBOOK, Options::RECORDED).is_ok_and(|run| run.is_clean())
}

#[test]
fn the_fixture_holds_every_case() {
    let Run { day, conversion, .. } = run(MESSAGES, ORDERBOOK, Options::RECORDED).expect("a day");
    let count = |is: fn(&Body) -> bool| day.messages().iter().filter(|it| is(&it.body)).count();
    assert_eq!((day.rows(), day.orderbook().depth()), (1_500, 5));
    assert!(100 < count(|body| matches!(body, Body::Submitted(_))));
    assert!(10 < count(|body| matches!(body, Body::Reduced(_))));
    assert!(100 < count(|body| matches!(body, Body::Deleted(_))));
    assert!(100 < count(|body| matches!(body, Body::Executed(_))));
    assert!(10 < count(|body| matches!(body, Body::HiddenExecuted(_))));
    assert_eq!(count(|body| matches!(body, Body::StatusChanged)), 3);
    let summary = conversion.summary;
    assert!(0 < summary.aggressors_resting && 0 < summary.aggressors_multi_fill);
    assert!(0 < summary.replaced_in_place && 0 < summary.levels.stale);
    assert!(0 < summary.levels.revealed_seeded && 0 < summary.levels.revealed_unchanged);
    let is_thin = |row: &usize| day.book(*row).asks.len() < 4 || day.book(*row).bids.len() < 4;
    assert!(0 < (0..day.rows()).filter(is_thin).count());
}

#[test]
fn every_comparable_row_and_every_execution_is_equal() {
    for options in [Options::RECORDED, SINGLE] {
        let Run { day, conversion, report } = run(MESSAGES, ORDERBOOK, options).expect("a day");
        assert!(report.is_equal(), "{report:?}");
        assert_eq!(report.rows, conversion.summary.rows_comparable);
        assert_eq!(conversion.summary.anomalies.total(), 0, "{:?}", conversion.summary.anomalies);
        let executions = day.messages().iter().skip(1).filter_map(|it| it.body.executed()).count();
        assert_eq!(report.executions_expected, executions as u64);
        assert_eq!(conversion.summary.executions, executions as u64);
        assert!(options.group || report.rows == conversion.summary.rows);
    }
}

#[test]
fn control_another_size_in_any_row_is_noticed() {
    let lines: Vec<&str> = MESSAGES.lines().collect();
    let mut changed = 0;
    for row in (1..lines.len()).step_by(29) {
        let mut columns: Vec<String> = lines[row].split(',').map(str::to_owned).collect();
        if !matches!(columns[1].as_str(), "1" | "2" | "3" | "4") {
            continue;
        }
        let size: u32 = columns[3].parse().expect("a size");
        columns[3] = (size + 10).to_string();
        let mut lines = lines.clone();
        let line = columns.join(",");
        lines[row] = &line;
        assert!(!goes_unnoticed(&(lines.join("\n") + "\n")), "row {row}: {line}");
        changed += 1;
    }
    assert!(40 < changed, "{changed}");
}

#[test]
fn control_a_missing_execution_is_noticed() {
    let hidden = |line: &str| {
        let columns: Vec<&str> = line.split(',').collect();
        [columns[0], "5", "0", columns[3], columns[4], columns[5]].join(",")
    };
    let mut lines: Vec<String> = MESSAGES.lines().map(str::to_owned).collect();
    let row = (1..lines.len()).find(|row| lines[*row].split(',').nth(1) == Some("4"));
    let row = row.expect("an execution");
    lines[row] = hidden(&lines[row]);
    assert!(!goes_unnoticed(&(lines.join("\n") + "\n")));
}

#[test]
fn control_another_direction_is_noticed() {
    let (from, to) = (",-1\n", ",1\n");
    let place = MESSAGES.rfind(from).expect("a sell");
    let messages = [&MESSAGES[..place], to, &MESSAGES[place + from.len()..]].concat();
    assert!(!goes_unnoticed(&messages));
}

#[test]
fn control_plain_priority_trades_with_other_orders() {
    let Run { report, .. } = run(MESSAGES, ORDERBOOK, PLAIN).expect("a day");
    assert!(report.executions_equal < report.executions_expected, "{report:?}");
}

/// Changes digits, columns and lines of both files at places that a fixed generator draws.
fn damaged(draws: &mut impl FnMut(usize) -> usize, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for _ in 0..=draws(3) {
        let (one, other) = (draws(lines.len()), draws(lines.len()));
        let mut columns: Vec<String> = lines[one].split(',').map(str::to_owned).collect();
        let column = draws(columns.len());
        match draws(5) {
            0 => lines.swap(one, other),
            1 => columns[column] = draws(10).to_string(),
            2 => columns = lines[other].split(',').map(str::to_owned).collect(),
            3 => columns[column].insert(0, '-'),
            _ => columns[column] = i32::MAX.to_string(),
        }
        lines[one] = columns.join(",");
    }
    lines.join("\n") + "\n"
}

#[test]
fn damaged_files_are_refused_or_converted_but_never_panic() {
    let mut state = 7_u64;
    let mut draws = move |bound: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % bound
    };
    let (mut refused, mut noticed) = (0, 0);
    for round in 0..400 {
        let (mut messages, mut book) = (MESSAGES.to_owned(), ORDERBOOK.to_owned());
        if round % 4 < 3 {
            messages = damaged(&mut draws, &messages);
        } else {
            book = damaged(&mut draws, &book);
        }
        let options = if round % 2 == 0 { Options::RECORDED } else { SINGLE };
        match run(&messages, &book, options) {
            Ok(run) => noticed += u32::from(!run.is_clean()),
            Err(_) => refused += 1,
        }
    }
    assert!(50 < refused && 50 < noticed, "{refused} refused, {noticed} noticed");
}
