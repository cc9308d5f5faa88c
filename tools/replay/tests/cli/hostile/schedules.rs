//! Schedules and tables that are meant to hurt.

use cli::Exit;

use super::bounded;
use crate::lab::Lab;
use crate::logs::{self, DAY};

const EVENT: &str = "[[event]]\nat = 20\nmark = \"a\"\n";

#[test]
fn a_bad_schedule_is_refused_with_key_and_line() {
    let lab = Lab::new();
    let deep = |open: &str, close: &str| {
        format!("name = {}{}\n{EVENT}", open.repeat(100_000), close.repeat(100_000))
    };
    let files = [
        ("key.toml", format!("colour = 3\n{EVENT}")),
        ("event-key.toml", format!("{EVENT}colour = 2\n")),
        ("set-key.toml", format!("steps = 50\n[set]\n\"momentum.colour\" = 4\n{EVENT}")),
        ("escape.toml", format!("steps = 50\n[set]\n\"\\u001b[31m\\u202e\" = 4\n{EVENT}")),
        ("raw-escape.toml", format!("\u{1b}[31m = 4\n{EVENT}")),
        ("arrays.toml", deep("[", "]")),
        ("tables.toml", deep("{a=", "}")),
        ("dots.toml", format!("a{} = 1\n{EVENT}", ".a".repeat(100_000))),
        ("integer.toml", format!("steps = 99999999999999999999999\n{EVENT}")),
        ("float.toml", format!("[set]\n\"momentum.act\" = 1e400\n{EVENT}")),
        ("agents.toml", "[[event]]\nat = 20\njoin = \"noise\"\ncount = 4000000000\n".to_owned()),
        ("twice.toml", format!("steps = 50\nsteps = 60\n{EVENT}")),
        ("late.toml", EVENT.replace("20", "18446744073709551615")),
    ];
    let mut texts = Vec::new();
    for (name, text) in files {
        lab.write(name, text);
        let line = format!("scenario --file {name} --seeds 2 --threads 1");
        texts.push(bounded(&lab, &line).expect(Exit::Damaged).transcript());
    }
    insta::assert_snapshot!(texts.join("\n\n"));
}

#[test]
fn bad_tables_are_refused_with_their_line() {
    let lab = Lab::new();
    let changed = |from: &str, to: &str| {
        assert!(DAY.contains(from), "{from}");
        DAY.replace(from, to).into_bytes()
    };
    let files: [(&str, Vec<u8>); 14] = [
        ("quotes.csv", changed("5,place,1,10,", "5,place,\"1\",10,")),
        ("return.csv", changed("\n", "\r")),
        ("mark.csv", [b"\xef\xbb\xbf", DAY.as_bytes()].concat()),
        ("bytes.csv", [DAY.as_bytes(), b"21,\xff\xfe\n"].concat()),
        ("null.csv", changed("5,place", "5,pl\0ace")),
        ("escape.csv", changed("5,place", "5,pl\u{1b}[31m\u{9b}\u{202e}ace")),
        (
            "columns.csv",
            changed("12,mass_cancel,1", &format!("12,mass_cancel,1{}", ",".repeat(3000))),
        ),
        ("wide.csv", changed("12,mass_cancel,1", &format!("12{}", ",".repeat(1_000_000)))),
        ("float.csv", changed("limit,gtc,105,", "limit,gtc,1e400,")),
        ("long.csv", changed("limit,gtc,105,", &format!("limit,gtc,{},", "9".repeat(99)))),
        ("negative.csv", changed("limit,gtc,105,", "limit,gtc,-105,")),
        ("orders.csv", changed("orders_max value=1000", "orders_max value=4000000000")),
        ("client.csv", changed("endow,1,", "endow,4294967295,")),
        ("line.csv", [DAY.as_bytes(), &vec![b'x'; 100_000_000]].concat()),
    ];
    let mut texts = Vec::new();
    for (name, bytes) in files {
        lab.write(name, bytes);
        let line = format!("import csv {name} -o out.log");
        texts.push(bounded(&lab, &line).expect(Exit::Damaged).transcript());
        std::fs::remove_file(lab.path(name)).expect("the table");
    }
    insta::assert_snapshot!(texts.join("\n\n"));
    // Line ends of other systems are read.
    lab.write("crlf.csv", changed("\n", "\r\n"));
    bounded(&lab, "import csv crlf.csv -o out.log").expect(Exit::Ok);
}

/// Rows of a genesis in the order that costs most.
#[test]
fn a_genesis_of_many_clients_costs_no_time() {
    let lab = Lab::new();
    let (head, _) = DAY.split_once('\n').expect("a header");
    let exempt = |client: u32| format!(",set_rule,{client},,,,,,,rule=exempt value=1\n");
    let endowed = |client: u32| format!(",endow,{client},,,,,,,position=0 cash=1\n");
    let rows = |row: &dyn Fn(u32) -> String, rows: u32| {
        let limit = ",set_rule,,,,,,,,rule=clients_max value=262144\n";
        format!("{head}\n{limit}{}", (0..rows).rev().map(row).collect::<String>())
    };
    lab.write("exempt.csv", rows(&exempt, 200_000));
    lab.write("endowed.csv", rows(&endowed, 35_000));
    bounded(&lab, "import csv exempt.csv -o exempt.log").expect(Exit::Ok);
    bounded(&lab, "import csv endowed.csv -o endowed.log").expect(Exit::Ok);
    // More than a genesis can hold.
    lab.write("many.csv", rows(&endowed, 250_000));
    let told = bounded(&lab, "import csv many.csv -o many.log").stderr;
    assert!(told.contains("genesis"), "{told}");
}

#[test]
fn bad_lobster_files_are_refused_with_their_line() {
    let lab = Lab::new();
    logs::lobster_files(&lab);
    let messages = lab.read("messages.csv");
    let first = String::from_utf8(messages.clone()).expect("text");
    let (first, rest) = first.split_once('\n').expect("a line");
    let with = |line: &str| format!("{line}\n{rest}").into_bytes();
    let fields: Vec<_> = first.split(',').collect();
    let field = |at: usize, value: &str| {
        let mut fields = fields.clone();
        fields[at] = value;
        with(&fields.join(","))
    };
    let files: [(&str, Vec<u8>); 10] = [
        ("quotes", field(2, "\"1\"")),
        ("mark", [b"\xef\xbb\xbf", &messages[..]].concat()),
        ("bytes", [b"\xff\xfe\n", &messages[..]].concat()),
        ("null", field(0, "34200.0\0")),
        ("escape", field(1, "\u{1b}[31m\u{202e}")),
        ("columns", with(&format!("{first}{}", ",".repeat(60_000)))),
        ("wide", with(&",".repeat(1_000_000))),
        ("float", field(4, "1e400")),
        ("long", field(0, &"9".repeat(60))),
        ("line", vec![b'1'; 100_000_000]),
    ];
    let mut texts = Vec::new();
    for (name, bytes) in files {
        lab.write(name, bytes);
        let line = format!("import lobster --messages {name} --orderbook orderbook.csv -o out.log");
        texts.push(bounded(&lab, &line).expect(Exit::Damaged).transcript());
        std::fs::remove_file(lab.path(name)).expect("the file");
    }
    insta::assert_snapshot!(texts.join("\n\n"));
}
