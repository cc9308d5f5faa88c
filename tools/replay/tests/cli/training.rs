//! Training runs: the page of one, and their market logs among other logs.

use std::fs;
use std::path::{Path, PathBuf};

use cli::Exit;

use crate::lab::{Lab, table};

/// The longer one of its markets.
const MARKET: &str = "run/markets/000-0001.log";

/// A lab with a copy of the golden run.
fn lab() -> Lab {
    let lab = Lab::new();
    let golden = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../golden/training/run"));
    copy(&golden, &lab.path("run"));
    lab
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}

fn page(lab: &Lab, line: &str) -> String {
    assert_eq!(lab.run(&format!("report {line} -o page.html --force")).data(), "");
    String::from_utf8(lab.read("page.html")).expect("UTF-8")
}

fn left_out(html: &str) -> String {
    let left_out = html.split("Left out: ").skip(1).filter_map(|rest| rest.split("</p>").next());
    left_out.collect::<Vec<_>>().join("\n")
}

/// What a reader reads: the text outside drawings, without the lists of figures.
fn words(html: &str) -> String {
    let (_, body) = html.split_once("<body>").expect("a body");
    let (mut text, mut is_tag, mut is_drawing) = (String::new(), false, false);
    for (place, letter) in body.char_indices() {
        let rest = body.get(place..).unwrap_or_default();
        is_drawing = (is_drawing || rest.starts_with("<svg")) && !rest.starts_with("</svg>");
        is_tag |= letter == '<';
        if !is_tag && !is_drawing {
            text.push(letter);
        }
        for tag in ["</td>", "</th>", "</li>"] {
            text.push_str(if rest.starts_with(tag) { " | " } else { "" });
        }
        text.push_str(if rest.starts_with("</p>") { "\n" } else { "" });
        is_tag &= letter != '>';
    }
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && *line != "|");
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn the_page_of_a_run_says_what_it_came_to() {
    let lab = lab();
    let html = page(&lab, "run");
    insta::assert_snapshot!(words(&html));
    assert_eq!(left_out(&html), "");
    assert!(html == page(&lab, "run"), "the same run gives the same bytes");
    assert!(!html.contains("<script") && !html.contains("http:"), "it needs nothing else");
}

#[test]
fn a_log_of_fixed_makers_takes_the_place_of_the_simulated_one() {
    let lab = lab();
    lab.run("simulate --preset realistic --steps 60 -o fixed.log").data();
    let simulated = page(&lab, "run");
    let given = page(&lab, "run fixed.log");
    assert!(given.contains("Fixed rule: fixed.log."));
    let fixed = |html: &str| {
        let (_, offsets) = html.split_once("<section id=\"offsets\">").expect("the panel");
        let (_, fixed) = offsets.split_once("<p>Fixed rule: ").expect("its words");
        fixed.split("</p>").next().map(str::to_owned)
    };
    assert!(fixed(&given) != fixed(&simulated), "{:?}", fixed(&given));
    let mut same = lab.command("simulate --preset realistic --steps 26 -o same.log");
    let seed = lab.run(&format!("info {MARKET} --json")).data();
    let (_, seed) = seed.split_once("\"seed\":").expect("a seed");
    let seed: String = seed.chars().take_while(char::is_ascii_digit).collect();
    assert!(same.args(["--seed", &seed]).output().expect("a log").status.success());
    assert_eq!(fixed(&page(&lab, "run same.log")), fixed(&simulated), "the same seed and market");
}

#[test]
fn what_a_run_cannot_show_is_left_out_with_the_way_to_it() {
    let lab = lab();
    fs::remove_file(lab.path("run/evaluation.json")).expect("removed");
    insta::assert_snapshot!(left_out(&page(&lab, "run")));
}

#[test]
fn what_is_no_run_is_refused() {
    let lab = lab();
    fs::create_dir(lab.path("empty")).expect("a folder");
    for (name, text) in
        [("schema", "{}"), ("json", "{"), ("none", "{\"schema\":\"learn.evaluate/1\"}")]
    {
        copy(&lab.path("run"), &lab.path(name));
        lab.write(&format!("{name}/evaluation.json"), text);
    }
    for (name, file) in
        [("damaged", MARKET), ("torn", "run/MANIFEST"), ("metrics", "run/metrics.jsonl")]
    {
        copy(&lab.path("run"), &lab.path(name));
        let mut bytes = lab.read(file);
        // The middle of a log; what texts begin with.
        let place = if file == MARKET { bytes.len() / 3 } else { 0 };
        bytes[place] ^= 1;
        lab.write(&file.replace("run/", &format!("{name}/")), bytes);
    }
    copy(&lab.path("run"), &lab.path("foreign"));
    fs::copy(lab.path("run/markets/000-0002.log"), lab.path("foreign/markets/000-0001.log"))
        .expect("a copy");
    let rows = [
        ("report empty -o page.html", Exit::NoInput),
        ("report run run -o page.html", Exit::Usage),
        ("report run -o run/MANIFEST --force", Exit::Usage),
        ("report run -o run/evaluation.json --force", Exit::Usage),
        ("report run --inevitable curve.json -o page.html", Exit::Usage),
        ("report run run/markets/000-0002.log -o page.html", Exit::Differs),
        ("report run missing.log -o page.html", Exit::NoInput),
        ("report schema -o page.html", Exit::Damaged),
        ("report json -o page.html", Exit::Damaged),
        ("report none -o page.html", Exit::Damaged),
        ("report damaged -o page.html", Exit::Damaged),
        ("report torn -o page.html", Exit::Damaged),
        ("report metrics -o page.html", Exit::Damaged),
        ("report foreign -o page.html", Exit::Damaged),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert!(!lab.names(".").contains("page.html"), "nothing is left behind");
}

#[test]
fn decisions_of_policies_are_told_in_words() {
    let lab = lab();
    let info = lab.run(&format!("info {MARKET}")).data();
    let learned: Vec<_> = info.lines().filter(|line| line.starts_with("learned")).collect();
    let cat = lab.run(&format!("cat {MARKET} --to 40")).data();
    let decisions: Vec<_> = cat.lines().filter(|line| line.contains(" by policy ")).collect();
    let json = lab.run(&format!("cat {MARKET} --to 40 --format ndjson")).data();
    let object = json.lines().find(|line| line.contains("\"learned\"")).unwrap_or_default();
    let blame = lab.run(&format!("blame {MARKET} --order 5 --depth 1 --limit 2")).data();
    let text = [&learned.join("\n"), &decisions.join("\n"), object, &blame];
    insta::assert_snapshot!(text.map(str::trim_end).join("\n\n"));
    let update = lab.run("cat run/train.log --to 3").data();
    assert!(!update.contains("learned"), "{update}");
    let json = lab.run(&format!("info {MARKET} --json")).data();
    assert!(json.contains("\"learned\":[{\"heads\":[{\"name\":\"half-spread\""), "{json}");
}

#[test]
fn a_market_of_policies_is_a_market_like_any_other() {
    let lab = lab();
    lab.run(&format!("run {MARKET}")).data();
    lab.run(&format!("verify {MARKET}")).data();
    // As an ecology's: a sample each step, mids behind wide spreads left out, steps that have a length.
    let stats = lab.run(&format!("stats {MARKET} --burn-in 0 --every 2steps")).data();
    assert!(
        stats.contains("by learn; a sample every 2 s; no mid behind spreads over 150"),
        "{stats}"
    );
    let html = page(&lab, MARKET);
    for sign in [">maker</li>", ">fair value</li>"] {
        assert!(html.contains(sign), "{sign}");
    }
    let train = lab.run("stats run/train.log").stdout;
    assert!(!train.contains("no mid behind spreads"), "the log of updates is no market: {train}");
}

#[test]
fn policies_are_not_re_run_here() {
    let lab = lab();
    let verify = format!("verify --producer {MARKET}");
    let fork = format!("fork {MARKET} --at 5 -o child.log");
    let rows = [
        (verify.as_str(), Exit::CannotTest),
        ("verify --producer run/train.log", Exit::CannotTest),
        (fork.as_str(), Exit::CannotTest),
        ("fork run/train.log --at 5 --set tax=1 -o child.log", Exit::CannotTest),
    ];
    insta::assert_snapshot!(table(&lab, &rows));
    assert_eq!(lab.names("."), "run", "nothing is left behind");
}
