//! What `--help` says.

use cli::Exit;

use crate::lab::Lab;

/// As in the enum of commands.
const COMMANDS: [&str; 9] =
    ["train", "evaluate", "tune", "config", "rewind", "fork", "verify", "diff", "bisect"];

#[test]
fn every_command_is_listed_and_has_examples() {
    let lab = Lab::new();
    let mut text = lab.run("--help").expect(Exit::Ok).transcript();
    let (_, commands) = text.split_once("Commands:\n").expect("commands");
    let listed: Vec<_> =
        commands.lines().map_while(|line| line.split_whitespace().next()).collect();
    assert_eq!(listed[..COMMANDS.len()], COMMANDS);
    for command in COMMANDS {
        let ran = lab.run(&format!("{command} -h")).expect(Exit::Ok);
        assert!(ran.stdout.contains(&format!("Examples:\n  learn {command} ")), "{}", ran.stdout);
        text += "\n\n";
        text += &ran.transcript();
    }
    insta::assert_snapshot!(text);
}
