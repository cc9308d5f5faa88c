//! `replay cut`.

use cli::Exit;
use replay::block::BLOCK_BYTES;
use replay::header;
use serde_json::Value;

use crate::lab::{Lab, table};
use crate::logs;

#[test]
fn a_cut_at_every_position() {
    let lab = Lab::new();
    logs::day(&lab);
    logs::demo(&lab);
    logs::interrupted(&lab.path("open.log"), 25);
    let rows = [
        ("cut day.log --to 10 -o ten.log", Exit::Ok),
        ("verify ten.log", Exit::Ok),
        ("cut day.log --to #10 -o ten.log", Exit::CannotCreate),
        ("cut day.log --to -1 -o last.log --json", Exit::Ok),
        ("cut day.log --to end -o whole.log", Exit::Ok),
        ("cut day.log --to 0 -o none.log", Exit::Ok),
        ("cut demo/day.log --to b:3 -o three.log", Exit::Ok),
        ("verify three.log", Exit::Ok),
        ("cut demo/day.log --to s:100 -o steps.log", Exit::Ok),
        ("cut open.log --to 7 -o seven.log", Exit::Ok),
        ("cut day.log --to 40 -o no.log", Exit::Usage),
        ("cut day.log --to b:9 -o no.log", Exit::Usage),
        ("cut day.log --to @nothing -o no.log", Exit::Usage),
        ("cut day.log --to noon -o no.log", Exit::Usage),
        ("cut day.log --to 5 -o day.log --force", Exit::Usage),
        ("cut missing.log --to 5 -o no.log", Exit::NoInput),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(lab.read("whole.log") == lab.read("day.log"), "the end included");
    assert!(!lab.path("no.log").exists());
}

/// The head of a cut is the original's head there, and its entries are the original's first ones.
#[test]
fn a_cut_is_a_prefix_wherever_it_is() {
    let lab = Lab::new();
    logs::demo(&lab);
    let whole = lab.run("cat demo/day.log").data();
    let entries = whole.lines().count();
    let border = lab.run("hashes demo/day.log").data();
    let border: usize = border
        .lines()
        .nth(1)
        .and_then(|row| row.split(',').next())
        .and_then(|entry| entry.parse().ok())
        .expect("a row");
    for to in [1, 2, border - 1, border, border + 1, 2 * border, entries - 2, entries - 1] {
        let cut = lab.run(&format!("cut demo/day.log --to {to} -o part.log --force --json")).data();
        let cut: Value = serde_json::from_str(&cut).expect("JSON");
        let head = cut["head"].as_str().expect("a head");
        lab.run(&format!("verify part.log --expect-head {head}")).data();
        let part = lab.run("cat part.log").data();
        assert_eq!(part.lines().count(), to);
        assert!(whole.starts_with(&part), "to {to}");
        let state = lab.run(&format!("state demo/day.log --at {to} --no-snapshots --json")).data();
        let state: Value = serde_json::from_str(&state).expect("JSON");
        assert_eq!(state["head"], head, "to {to}");
    }
}

#[test]
fn the_good_part_of_a_damaged_log_can_be_had() {
    let lab = Lab::new();
    logs::demo(&lab);
    let mut log = lab.read("demo/day.log");
    let start = usize::try_from(header::read(&mut &log[..]).expect("a header").bytes).expect("?");
    lab.write("cut.log", &log[..log.len() - 100]);
    log[start + 2 * BLOCK_BYTES + 5_000] ^= 1;
    lab.write("middle.log", &log);
    let last = log.len() - 1;
    log[last] ^= 1;
    lab.write("both.log", &log);
    let rows = [
        ("cut middle.log --to b:2 -o a.log", Exit::Ok),
        ("verify a.log", Exit::Ok),
        ("cut middle.log --to end -o b.log", Exit::Differs),
        ("cut middle.log --to -1 -o b2.log", Exit::Damaged),
        ("cut middle.log --to b:3 -o b3.log", Exit::Damaged),
        ("cut both.log --to b:2 -o c.log", Exit::Ok),
        ("cut both.log --to b:3 -o d.log", Exit::Damaged),
        ("cut both.log --to 10 -o e.log", Exit::Ok),
        ("cut both.log --to 12000 -o f.log", Exit::Damaged),
        ("cut both.log --to end -o g.log", Exit::Differs),
        ("cut both.log --to -1 -o h.log", Exit::Damaged),
        ("cut cut.log --to end -o i.log --json", Exit::Differs),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    for name in ["b2.log", "b3.log", "d.log", "f.log", "h.log"] {
        assert!(!lab.path(name).exists(), "{name}");
    }
    assert!(
        lab.read("a.log") == lab.read("b.log")
            && lab.read("a.log") == lab.read("c.log")
            && lab.read("a.log") == lab.read("g.log")
    );
}

/// Bytes behind the end spoil nothing before them.
#[test]
fn a_log_with_bytes_behind_its_end_is_cut_whole() {
    let lab = Lab::new();
    logs::demo(&lab);
    let log = lab.read("demo/day.log");
    lab.write("more.log", [&log[..], b"more"].concat());
    lab.run("cut more.log --to end -o whole.log").expect(Exit::Differs);
    assert!(lab.read("whole.log") == log);
    lab.run("cut more.log --to -1 -o short.log").expect(Exit::Damaged);
    lab.run("cut more.log --to 16000 -o short.log").expect(Exit::Ok);
    lab.run("verify short.log").expect(Exit::Ok);
}

/// No file of the output may be one of the input.
#[test]
fn a_tail_is_never_written_over() {
    let lab = Lab::new();
    logs::demo(&lab);
    lab.run("cut demo/day.log --to 500 -o n.log").data();
    let tail = lab.read("n.log.tail");
    lab.write("m.tail", lab.read("demo/day.log"));
    std::fs::hard_link(lab.path("n.log"), lab.path("linked.log")).expect("a link");
    for line in [
        "cut n.log --to 100 -o n.log.tail --force",
        "cut m.tail --to 100 -o m --force",
        "cut n.log --to 100 -o linked.log --force",
        "compact n.log -o linked.log --force",
        "recover n.log -o n.log.tail --force",
    ] {
        lab.run(line).expect(Exit::Usage);
    }
    assert!(lab.read("n.log.tail") == tail);
    assert!(lab.read("m.tail") == lab.read("demo/day.log"));
}
