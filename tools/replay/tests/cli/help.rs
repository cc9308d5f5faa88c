//! Help, manual and completions.

use cli::Exit;

use crate::lab::{Lab, table};

const COMMANDS: [&str; 38] = [
    "demo",
    "simulate",
    "scenario",
    "scenario execution",
    "fork",
    "inevitable",
    "run",
    "verify",
    "state",
    "step",
    "when",
    "bisect",
    "blame",
    "stats",
    "report",
    "info",
    "cat",
    "export",
    "hashes",
    "prove",
    "check-proof",
    "sign",
    "key",
    "diff",
    "import",
    "import lobster",
    "import csv",
    "doctor",
    "recover",
    "cut",
    "filter",
    "compact",
    "golden",
    "golden check",
    "golden refresh",
    "bench",
    "completions",
    "man",
];

/// Every exit code. The match below does not compile without a new one, which then belongs here.
const EXITS: [Exit; 11] = [
    Exit::Ok,
    Exit::Differs,
    Exit::Usage,
    Exit::Nondeterministic,
    Exit::Damaged,
    Exit::NoInput,
    Exit::CannotCreate,
    Exit::Io,
    Exit::TryAgain,
    Exit::CannotTest,
    Exit::Interrupted,
];

const fn place_in_list(exit: Exit) -> usize {
    match exit {
        Exit::Ok => 0,
        Exit::Differs => 1,
        Exit::Usage => 2,
        Exit::Nondeterministic => 3,
        Exit::Damaged => 4,
        Exit::NoInput => 5,
        Exit::CannotCreate => 6,
        Exit::Io => 7,
        Exit::TryAgain => 8,
        Exit::CannotTest => 9,
        Exit::Interrupted => 10,
    }
}

#[test]
fn help_lists_exactly_the_exit_codes() {
    for (place, exit) in EXITS.into_iter().enumerate() {
        assert_eq!(place_in_list(exit), place);
    }
    let lab = Lab::new();
    let expected: Vec<_> = EXITS.iter().map(|exit| exit.code().to_string()).collect();
    for line in ["--help", "-h", "help"] {
        let help = lab.run(line).data();
        let (_, list) = help.split_once("Exit codes:\n").expect("a list of exit codes");
        let codes: Vec<_> =
            list.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(codes, expected, "{line}");
    }
}

#[test]
fn help_of_every_command() {
    let lab = Lab::new();
    insta::assert_snapshot!("help", lab.run("--help").expect(Exit::Ok).transcript());
    insta::assert_snapshot!("help_short", lab.run("-h").expect(Exit::Ok).transcript());
    for command in COMMANDS {
        let name = format!("help_{}", command.replace(' ', "_"));
        let ran = lab.run(&format!("{command} --help")).expect(Exit::Ok);
        insta::assert_snapshot!(name, ran.transcript());
    }
}

#[test]
fn help_knows_every_command() {
    let lab = Lab::new();
    let help = lab.run("--help").data();
    let (_, list) = help.split_once("Commands:\n").expect("a list of commands");
    let (list, _) = list.split_once("\n\n").expect("an end of the list");
    let listed: Vec<_> = list
        .lines()
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .collect();
    let known: Vec<_> = COMMANDS.into_iter().filter(|name| !name.contains(' ')).collect();
    assert_eq!(listed, known);
}

#[test]
fn version() {
    let lab = Lab::new();
    let expected = format!("replay {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(lab.run("--version").data(), expected);
    assert_eq!(lab.run("-V").data(), expected);
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let lab = Lab::new();
    assert_eq!(lab.run("man -o pages/man1").data(), "");
    let mut expected = vec!["replay.1".to_owned()];
    expected.extend(COMMANDS.map(|name| format!("replay-{}.1", name.replace(' ', "-"))));
    expected.sort();
    assert_eq!(lab.names("pages/man1"), expected.join(" "));
    for name in expected {
        let page = String::from_utf8(lab.read(&format!("pages/man1/{name}"))).expect("UTF-8");
        assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name}");
    }
    let page = lab.run("man").data().replace(env!("CARGO_PKG_VERSION"), "VERSION");
    insta::assert_snapshot!("man", page);
    insta::assert_snapshot!(
        "man_verify",
        String::from_utf8(lab.read("pages/man1/replay-verify.1")).expect("UTF-8")
    );
}

#[test]
fn every_shell_has_completions() {
    let lab = Lab::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = lab.run(&format!("completions {shell}")).data();
        for word in ["expect-head", "recover", "lobster"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    let help = table(&lab, &[("completions --help", Exit::Ok)]);
    assert!(help.contains("bash, elvish, fish, powershell, zsh") || help.contains("- bash"));
}
