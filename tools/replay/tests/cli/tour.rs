//! What the README shows is what the commands print.

use std::fs;
use std::path::Path;

use cli::Exit;

use crate::lab::Lab;

/// The lines of a page's console blocks.
fn console_lines(page: &str) -> Vec<&str> {
    let mut is_inside = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        match line {
            "```console" => is_inside = true,
            "```" => is_inside = false,
            line if is_inside => lines.push(line),
            _ => {}
        }
    }
    lines
}

#[test]
fn the_tour_of_the_readme_works_as_written() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../README.md");
    let page = fs::read_to_string(page).expect("the page");
    let lab = Lab::new();
    let mut commands: Vec<(&str, String)> = Vec::new();
    for line in console_lines(&page) {
        match (line.strip_prefix("$ "), commands.last_mut()) {
            (Some(command), _) => commands.push((command, String::new())),
            (None, Some((_, expected))) => expected.extend([line, "\n"]),
            (None, None) => panic!("output without a command: {line}"),
        }
    }
    assert!(7 <= commands.len(), "the page has a tour");
    for (command, expected) in commands {
        let ran = lab.shell(command).expect(Exit::Ok);
        assert_eq!(ran.stdout, expected, "{command}");
        assert_eq!(ran.stderr, "", "{command}");
    }
    let figure = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../golden/figures/inevitable.svg");
    let figure = fs::read_to_string(figure).expect("the figure");
    assert_eq!(String::from_utf8(lab.read("curve.svg")).expect("text"), figure);
}
