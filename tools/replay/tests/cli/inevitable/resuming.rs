//! Finished forks are kept, and nothing depends on when or by how many threads they were made.

use std::process::Stdio;

use cli::Exit;
use serde_json::{Value, json};

use super::{CRASH, RANGE, WIDE, answer, ask, crash, list};
use crate::interrupted::{interrupt, wait_for};
use crate::lab::Lab;

#[test]
fn neither_threads_nor_an_interruption_change_a_byte() {
    let lab = Lab::new();
    crash(&lab);
    let files = |name: &str| format!("-o {name}.json --svg {name}.svg");
    let line = format!("{CRASH} {WIDE} {RANGE}");
    let whole = ask(&lab, &format!("{line} --threads 1 {}", files("one"))).data();
    assert_eq!(ask(&lab, &format!("{line} --threads 2 {}", files("two"))).data(), whole);
    assert_eq!(
        ask(&lab, &format!("{line} --threads 7 --json {}", files("seven"))).data().into_bytes(),
        lab.read("one.json")
    );
    for name in ["two", "seven"] {
        for kind in ["json", "svg"] {
            let (one, other) = (format!("one.{kind}"), format!("{name}.{kind}"));
            assert!(lab.read(&one) == lab.read(&other), "{other}");
        }
    }
    // As if it had been interrupted: forks in any order, the last line torn.
    let answer: Value = serde_json::from_slice(&lab.read("one.json")).expect("JSON");
    let header = kept_header(&answer);
    let forks = list(&answer, "forks").iter().rev().step_by(3).map(kept_line);
    let lines: Vec<_> = [header].into_iter().chain(forks).collect();
    lab.write(
        "three.json.forks",
        format!("{}\n{}", lines.join("\n"), &kept_line(&answer["forks"][0])[..20]),
    );
    let ran = ask(&lab, &format!("{line} {}", files("three"))).expect(Exit::Ok);
    assert_eq!(ran.stdout, whole);
    assert_eq!(
        ran.stderr,
        format!(
            "replay: {} of {} forks are there already\n",
            lines.len() - 1,
            list(&answer, "forks").len()
        )
    );
    assert!(lab.read("three.json") == lab.read("one.json"));
    assert!(!lab.names(".").contains("forks"), "what is in the curve is kept once");
    // What the file says is believed: it is not carried out again.
    let mut other = answer["forks"][0].clone();
    other["firsts"][0] = json!({ "entry": 77_777, "step": 119 });
    lab.write("four.json.forks", format!("{}\n{}\n", lines[0], kept_line(&other)));
    ask(&lab, &format!("{line} {}", files("four"))).expect(Exit::Ok);
    assert!(String::from_utf8_lossy(&lab.read("four.json")).contains("77777"));
}

/// The first line of a file of finished forks.
fn kept_header(answer: &Value) -> String {
    let when = list(answer, "outcomes").iter();
    let when = when.map(|it| json!({ "name": it["name"], "predicate": it["predicate"] }));
    let points = list(answer, "points").iter();
    let points = points.map(|it| json!({ "entry": it["entry"], "step": it["step"] }));
    json!({
        "schema": "replay.inevitable-forks/1",
        "head": answer["head"],
        "entries": answer["entries"],
        "when": when.collect::<Vec<_>>(),
        "points": points.collect::<Vec<_>>(),
        "seeds": answer["seeds"],
        "seed": answer["seed"],
    })
    .to_string()
}

fn kept_line(fork: &Value) -> String {
    let (entry, number, firsts) = (&fork["entry"], &fork["number"], &fork["firsts"]);
    json!({ "entry": entry, "number": number, "firsts": firsts }).to_string()
}

#[test]
fn an_interrupted_question_goes_on() {
    let lab = Lab::new();
    crash(&lab);
    lab.run("fork crash.log --at s:119 --set steps=3000 -o long.log").expect(Exit::Ok);
    let line =
        "inevitable long.log --when best_bid<1 --from s:10..s:110 --points 4 --seeds 40 -o c.json";
    let mut command = lab.command(line);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().expect("the binary starts");
    let kept = lab.path("c.json.forks");
    let lines = || std::fs::read_to_string(&kept).map_or(0, |text| text.lines().count());
    assert!(wait_for(|| 3 < lines()));
    interrupt(&child);
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!(output.status.code(), Some(i32::from(Exit::Interrupted.code())));
    insta::assert_snapshot!(String::from_utf8_lossy(&output.stderr).into_owned());
    let names = "c.json.forks crash.log crash.log.note long.log long.log.note";
    assert_eq!(lab.names("."), names);
    let done = lines() - 1;
    assert!(2 < done && done < 160, "{done}");
    let ran = lab.run(line).expect(Exit::Ok);
    assert_eq!(ran.stderr, format!("replay: {done} of 160 forks are there already\n"));
    let whole = lab.run(&line.replace("-o c.json", "-o whole.json")).data();
    assert_eq!(ran.stdout, whole);
    assert!(lab.read("c.json") == lab.read("whole.json"));
}

#[test]
fn a_file_of_another_question_is_refused() {
    let lab = Lab::new();
    crash(&lab);
    let options = "--from s:10..s:110 --points 2 --seeds 2";
    let answer = answer(&lab, &format!("{CRASH} {options}"));
    let header = kept_header(&answer);
    let line = |options: &str| {
        format!("inevitable crash.log --when crash:best_bid<9920 {options} -o c.json")
    };
    let with = |kept: String, options: &str, exit: Exit| {
        lab.write("c.json.forks", kept);
        let ran = lab.run(&line(options)).expect(exit);
        assert!(!lab.names(".").contains("partial"), "{}", lab.names("."));
        ran.transcript()
    };
    let fork = kept_line(&answer["forks"][0]);
    let foreign = fork.replace("\"number\":1", "\"number\":3");
    let mut told = vec![
        with(format!("{header}\n"), "--from s:10..s:110 --points 3 --seeds 2", Exit::CannotCreate),
        with(
            format!("{header}\n"),
            "--from s:10..s:110 --points 2 --seeds 3 --seed 7",
            Exit::CannotCreate,
        ),
        with("not ours\n".to_owned(), options, Exit::CannotCreate),
        with("not even a line".to_owned(), options, Exit::CannotCreate),
        with(format!("{header}\n{fork}\n{{}}\n"), options, Exit::Damaged),
        with(format!("{header}\n{foreign}\n"), options, Exit::Damaged),
        with(format!("{header}\n{fork}\n{fork}\n"), options, Exit::Damaged),
    ];
    // Nothing of it was touched, and --force begins anew.
    assert_eq!(lab.read("c.json.forks"), format!("{header}\n{fork}\n{fork}\n").into_bytes());
    told.push(with("not ours\n".to_owned(), &format!("{options} --force"), Exit::Ok));
    lab.write("c.json.forks", format!("{header}\n"));
    let held = std::fs::File::open(lab.path("c.json.forks")).expect("a file");
    held.lock().expect("a lock");
    told.push(lab.run(&line(&format!("{options} --force"))).expect(Exit::TryAgain).transcript());
    insta::assert_snapshot!(told.join("\n\n"));
}
