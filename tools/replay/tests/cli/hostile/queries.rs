//! Numbers and questions of a command line that are meant to hurt, and texts that are read as JSON.

use cli::Exit;

use super::bounded;
use crate::lab::Lab;
use crate::logs;

#[test]
fn questions_have_a_longest_length_and_a_depth() {
    let lab = Lab::new();
    logs::day(&lab);
    let questions = [
        format!("{}spread > 1{}", "(".repeat(1_000_000 / 16), ")".repeat(1_000_000 / 16)),
        format!("{}spread > 1{}", "(".repeat(2_000), ")".repeat(2_000)),
        format!("{}spread > 1", "not ".repeat(1_000)),
        format!("spread{} > 1", " + spread".repeat(400)),
        "spread > 99999999999999999999999999999999999999999999".to_owned(),
        "\u{1b}[31m\u{202e} > 1".to_owned(),
    ];
    for question in questions {
        // Not by a shell, which has a limit of its own.
        let ran = lab.run_with("when day.log", &[&question]);
        assert!(![-1, 101].contains(&ran.exit), "{}", ran.stderr);
        assert!(ran.stderr.len() < 2_000, "{}", ran.stderr);
        assert!(!ran.stderr.contains(['\u{1b}', '\u{202e}']), "{}", ran.stderr.escape_debug());
    }
}

#[test]
fn numbers_of_a_command_line_are_bounded() {
    let lab = Lab::new();
    logs::day(&lab);
    let usage = "state day.log --at 99999999999999999999999999|state day.log --at -9223372036854775808|\
        state day.log --at 18446744073709551615|state day.log --at b:18446744073709551615|\
        state day.log --at t:99999999999:99|state day.log --at t:1e400|\
        step day.log --script n --size 99999x99999|step day.log --script n --size 0x0|\
        blame day.log --order 18446744073709551615|blame day.log --trade 18446744073709551615|\
        blame day.log --price 4294967295|prove day.log --entry 1 --block 18446744073709551615|\
        cat day.log --from 18446744073709551615|simulate --noise 4000000000 -o new.log|\
        simulate --steps 18446744073709551615 -o new.log|inevitable day.log --when a>1 --from 1..2";
    for line in usage.split('|') {
        bounded(&lab, line).expect(Exit::Usage);
    }
    for line in [
        "stats day.log --every 18446744073709551615ns",
        "stats day.log --every 1ns",
        "stats day.log --burn-in 18446744073709551615",
        "export day.log --table book --levels 18446744073709551615",
    ] {
        bounded(&lab, line);
    }
}

#[test]
fn curves_that_are_none_are_refused() {
    let lab = Lab::new();
    logs::day(&lab);
    let deep = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let many = format!(r#"{{"schema":"replay.inevitable/1","x":[{}0]}}"#, "[],".repeat(5_000_000));
    let files = [
        ("deep.json", deep),
        ("many.json", many),
        ("schema.json", r#"{"schema":"\u001b[31m\u202e"}"#.to_owned()),
        ("number.json", r#"{"schema":"replay.inevitable/1","seeds":1e400}"#.to_owned()),
        ("text.json", "\u{1b}[31m\u{202e}".to_owned()),
    ];
    for (name, text) in files {
        lab.write(name, text);
        let line = format!("report day.log --inevitable {name} -o page.html --force");
        bounded(&lab, &line).expect(Exit::Damaged);
    }
}

#[test]
fn manifests_are_bounded() {
    let lab = Lab::new();
    std::fs::create_dir(lab.path("golden")).expect("a folder");
    std::os::unix::fs::symlink("/dev/zero", lab.path("golden/MANIFEST")).expect("a link");
    let told = bounded(&lab, "golden check --dir golden").expect(Exit::Damaged).stderr;
    assert_eq!(told, "replay: golden/MANIFEST: too large for a manifest\n");
}
