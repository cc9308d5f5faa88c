//! `replay report`: the page that it writes.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use cli::Exit;

use crate::lab::{Lab, table};
use crate::logs;

/// Records a crash, its twin, a taxed run, and one with another maker.
fn record(lab: &Lab) {
    let leave = "--set 'schedule.0001=step 350: makers leave' --set 'schedule.0002=step 400: makers return'";
    let tax = "--set 'schedule.0001=step 300: set tax 1.8'";
    for (name, options) in
        [("crash", leave), ("twin", ""), ("taxed", tax), ("three", "--market-makers 3")]
    {
        let line = format!("replay simulate --preset crash --steps 600 {options} -o {name}.log");
        lab.shell(&line).data();
    }
}

fn page(lab: &Lab, line: &str) -> String {
    assert_eq!(lab.run(&format!("report {line} -o page.html --force")).data(), "");
    String::from_utf8(lab.read("page.html")).expect("UTF-8")
}

/// What a reader reads: the text outside drawings, styles and the last panel's tables, a line for
/// each block.
fn words(html: &str) -> String {
    let (_, body) = html.split_once("<body>").expect("a body");
    let (body, _) = body
        .split_once("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">figure")
        .expect("statistics");
    let (mut text, mut is_tag, mut drawing) = (String::new(), false, false);
    for (place, letter) in body.char_indices() {
        let rest = body.get(place..).unwrap_or_default();
        drawing |= rest.starts_with("<svg");
        if rest.starts_with("</svg>") {
            drawing = false;
        }
        is_tag |= letter == '<';
        if !is_tag && !drawing {
            text.push(letter);
        }
        let ends_block = ["</td>", "</th>", "</li>"].iter().any(|tag| rest.starts_with(tag));
        text.push_str(if ends_block {
            " | "
        } else if rest.starts_with("</p>") {
            "\n"
        } else {
            ""
        });
        is_tag &= letter != '>';
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "|");
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_page_says_what_the_logs_show() {
    let lab = Lab::new();
    record(&lab);
    let html = page(&lab, "crash.log twin.log taxed.log three.log --title Crash");
    insta::assert_snapshot!(words(&html));
    assert!(html.len() < 1_500_000, "{} bytes", html.len());
    assert!(!html.contains("Left out"), "every panel has its data");
}

#[test]
fn the_same_logs_give_the_same_bytes() {
    let lab = Lab::new();
    record(&lab);
    let first = page(&lab, "crash.log twin.log");
    assert!(first == page(&lab, "crash.log twin.log"));
    assert!(first != page(&lab, "twin.log crash.log"), "logs stand in their order");
}

#[test]
fn what_a_log_cannot_show_is_left_out_with_the_way_to_it() {
    let lab = Lab::new();
    logs::day(&lab);
    let html = page(&lab, "day.log");
    let left_out = html.split("Left out: ").skip(1).filter_map(|rest| rest.split("</p>").next());
    insta::assert_snapshot!(left_out.collect::<Vec<_>>().join("\n"));
}

#[test]
fn names_and_titles_are_no_markup() {
    let lab = Lab::new();
    lab.run("simulate --steps 300 -o <b>&.log").data();
    let html = page(&lab, "<b>&.log --title <script>alert(1)</script>");
    assert!(!html.contains("<b>") && !html.contains("<script"), "markup");
    assert!(html.contains("<title>&lt;script&gt;alert(1)&lt;/script&gt;</title>"));
    assert!(html.contains("-o &#39;&lt;b&gt;&amp;.log&#39;"), "a command for a shell");
}

#[test]
fn what_cannot_be_reported_is_refused() {
    let lab = Lab::new();
    lab.run("simulate --steps 300 -o day.log").data();
    lab.write("there.html", "mine");
    let mut bytes = lab.read("day.log");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    lab.write("damaged.log", bytes);
    lab.write("foreign.log", "not a log");
    let rows = [
        ("report", Exit::Usage),
        ("report day.log", Exit::Usage),
        ("report -o page.html", Exit::Usage),
        ("report day.log -o day.log --force", Exit::Usage),
        ("report day.log -o there.html", Exit::CannotCreate),
        ("report day.log -o missing/page.html", Exit::CannotCreate),
        ("report day.log -o . --force", Exit::CannotCreate),
        ("report day.log missing.log -o page.html", Exit::NoInput),
        ("report day.log foreign.log -o page.html", Exit::Damaged),
        ("report day.log damaged.log -o page.html", Exit::Damaged),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "damaged.log day.log day.log.note foreign.log there.html");
    assert_eq!(lab.read("there.html"), b"mine");
}

/// A browser, where there is one.
pub(crate) fn browser() -> Option<&'static str> {
    let names = ["chromium", "chromium-browser", "google-chrome"];
    names.into_iter().find(|name| {
        let mut command = Command::new(name);
        command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    })
}

/// The page as a browser has it after loading, and what it complained about.
pub(crate) fn open(browser: &str, page: &Path, profile: &Path) -> (String, String) {
    let mut command = Command::new(browser);
    command.args(["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]);
    command.args(["--enable-logging=stderr", "--log-level=0"]);
    command.arg(format!("--user-data-dir={}", profile.display()));
    let output = command.arg(format!("file://{}", page.display())).output().expect("a browser");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_browser_shows_every_figure_without_complaint() {
    let Some(browser) = browser() else {
        let _ = writeln!(std::io::stderr(), "NOT RUN: there is no Chromium to open the page with");
        return;
    };
    let lab = Lab::new();
    record(&lab);
    let html = page(&lab, "crash.log twin.log taxed.log three.log");
    let (dom, talk) = open(browser, &lab.path("page.html"), &lab.path("profile"));
    assert!(!talk.contains("CONSOLE"), "{talk}");
    let figures = html.matches("<figure>").count();
    assert!(10 < figures, "{figures}");
    for sign in ["<figure>", "role=\"img\"", "<desc", "<path"] {
        assert_eq!(dom.matches(sign).count(), html.matches(sign).count(), "{sign}");
    }
}
