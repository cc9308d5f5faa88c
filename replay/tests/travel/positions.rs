//! What users write, and the entry that it means.

use kernel::{Command, Step, TimeNs};
use replay::{Entry, Position, PositionError};

use super::archives::{archive, entries, interrupted};
use crate::common::{mixed_entries, record};

#[track_caller]
fn check(text: &str, expected: &str) {
    let found = match text.parse::<Position>() {
        Ok(position) => {
            assert_eq!(position.to_string().parse(), Ok(position.clone()), "{position}");
            format!("{position:?}")
        }
        Err(error) => {
            assert!(error.to_string().contains(text));
            "no position".to_owned()
        }
    };
    assert_eq!(found, expected, "{text}");
}

#[test]
fn every_form_is_read() {
    check("1234", "Entry(1234)");
    check("#1_234", "Entry(1234)");
    check("0", "Entry(0)");
    check("-10", "BeforeEnd(10)");
    check("end", "End");
    check("b:812", "Block(812)");
    check("s:8000", "Step(Step(8000))");
    check("@makers-leave", "Mark(MarkName(\"makers-leave\"), None)");
    check("@row:17", "Mark(MarkName(\"row\"), Some(17))");
    check("t:34200000000000", "Time(TimeNs(34200000000000))");
    check("t:90s", "Time(TimeNs(90000000000))");
    check("t:1.5s", "Time(TimeNs(1500000000))");
    check("t:1500ms", "Time(TimeNs(1500000000))");
    check("t:2us", "Time(TimeNs(2000))");
    check("t:7ns", "Time(TimeNs(7))");
    check("t:14:45", "Time(TimeNs(53100000000000))");
    check("t:9:30:00.5", "Time(TimeNs(34200500000000))");
    check("t:9:30:00.000000001", "Time(TimeNs(34200000000001))");
    for text in [
        "",
        "#",
        "x",
        "1x",
        "-",
        "--1",
        "b:",
        "b:x",
        "s:-1",
        "@",
        "@a b",
        "@row:",
        "@row:x",
        "t:",
        "t:1.5",
        "t:0.1ns",
        "t:1h",
        "t:9:60",
        "t:9:30:60",
        "t:9:30:00.0000000001",
        "t:1.s",
        "t:99999999999s",
        "99999999999999999999",
        "END",
        "1.0",
        "+1",
    ] {
        check(text, "no position");
    }
}

/// The clock behind each entry, as RULES.md has it.
fn clocks(entries: &[Entry]) -> Vec<(TimeNs, Step)> {
    let mut clock = (TimeNs(0), Step(0));
    let step = |entry: &Entry| {
        if let Entry::Command(Command::Clock { time, step }) = *entry
            && clock.0 <= time
            && clock.1 <= step
        {
            clock = (time, step);
        }
        clock
    };
    entries.iter().map(step).collect()
}

#[test]
fn times_and_steps_are_behind_the_last_entry_of_them() {
    let (log, _) = record(&mixed_entries(9_000));
    let log_entries = entries(&log);
    let clocks = clocks(&log_entries);
    let archive = archive(&log, Vec::new());
    let (last_time, last_step) = clocks[clocks.len() - 1];
    let count = |within: &dyn Fn(&(TimeNs, Step)) -> bool| {
        clocks.iter().take_while(|clock| within(clock)).count() as u64
    };
    for step in (0..=last_step.0).step_by(37).chain([last_step.0]) {
        let expected = count(&|clock| clock.1.0 <= step);
        assert_eq!(Position::Step(Step(step)).resolve(&archive).unwrap(), expected, "step {step}");
        let time = TimeNs(step * 1_000 + 1);
        if time < last_time {
            let expected = count(&|clock| clock.0 <= time);
            assert_eq!(Position::Time(time).resolve(&archive).unwrap(), expected, "time {time}");
        }
    }
    for beyond in [Position::Step(Step(last_step.0 + 1)), Position::Time(TimeNs(last_time.0 + 1))] {
        let refused = beyond.resolve(&archive);
        assert!(matches!(refused, Err(PositionError::BehindEnd { .. })), "{refused:?}");
    }
}

/// A clock that the kernel refuses moves no position.
#[test]
fn refused_clocks_do_not_count() {
    let clock =
        |time, step| Entry::Command(Command::Clock { time: TimeNs(time), step: Step(step) });
    // The third goes back in time, the fourth in steps.
    let (log, _) = record(&[clock(10, 1), clock(20, 2), clock(5, 9), clock(30, 1), clock(30, 3)]);
    let archive = archive(&log, Vec::new());
    let resolve = |text: &str| text.parse::<Position>().unwrap().resolve(&archive).unwrap();
    for (position, entry) in
        [("s:1", 1), ("s:2", 4), ("s:3", 6), ("t:10", 1), ("t:29", 4), ("t:30", 6)]
    {
        assert_eq!(resolve(position), entry, "{position}");
    }
}

#[test]
fn marks_are_found_by_name_and_number() {
    let (log, _) = record(&mixed_entries(9_000));
    let archive = archive(&log, Vec::new());
    let marks: Vec<(u64, u64)> = (1..)
        .zip(entries(&log))
        .filter_map(|(number, entry)| match entry {
            Entry::Mark(mark) => Some((number, mark.number)),
            Entry::Command(_) | Entry::Decision(_) | Entry::Update(_) | Entry::End => None,
        })
        .collect();
    let resolve = |text: &str| text.parse::<Position>().unwrap().resolve(&archive);
    assert_eq!(resolve("@a-moment.1_X").unwrap(), marks[0].0);
    for (entry, number) in marks.iter().step_by(17) {
        assert_eq!(resolve(&format!("@a-moment.1_X:{number}")).unwrap(), *entry);
    }
    for text in ["@a-moment", "@a-moment.1_X:0"] {
        assert!(matches!(resolve(text), Err(PositionError::NoMark { .. })), "{text}");
    }
}

#[test]
fn numbers_blocks_and_the_end() {
    let (log, tail) = interrupted(9_000, true);
    let archive = archive(&log, tail);
    let resolve = |text: &str| text.parse::<Position>().unwrap().resolve(&archive);
    let first_block = archive.block_header(1).unwrap().last();
    for (text, entry) in [
        ("0", 0),
        ("#9000", 9_000),
        ("end", 9_000),
        ("-0", 9_000),
        ("-9000", 0),
        ("b:0", 0),
        ("b:1", first_block),
        ("t:0", 6),
    ] {
        let found = resolve(text).unwrap();
        assert!(found == entry || text == "t:0", "{text}: {found}");
    }
    let open = archive.blocks() + 1;
    assert_eq!(resolve(&format!("b:{open}")).unwrap(), 9_000, "the open block");
    let Err(error) = resolve("-9001") else { panic!("-9001 lies before the start") };
    assert!(error.to_string().contains("before the start"), "{error}");
    for text in ["9001", &format!("b:{}", open + 1)] {
        let Err(error) = resolve(text) else { panic!("{text} lies behind the end") };
        assert!(error.to_string().contains("behind the end"), "{error}");
    }
}
