//! Tests of reading settings.

use super::*;

fn told(format: Format, text: &str) -> String {
    match read(format, text.as_bytes()) {
        Ok(pairs) => {
            let line = |it: &Pair| format!("{} {} = {}", it.spot.line, it.key, it.text);
            pairs.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(format: Format, cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(told(format, text), *expected, "{text:?}");
    }
}

#[test]
fn yaml_comes_to_keys_texts_and_lines() {
    check(
        Format::Yaml,
        &[
            (
                "a: 1\nb:\n  c: 3_000_000\n  d: 3.0e-4 # or so\n",
                "1 a = 1\n3 b.c = 3000000\n4 b.d = 0.0003",
            ),
            (
                "a: 10_000_000\nb: 0x10\nc: 010\nd: -0.0",
                "1 a = 10000000\n2 b = 16\n3 c = 8\n4 d = 0",
            ),
            ("a: null\nb:\nc: ~\nd: {}", "1 a = null\n2 b = null\n3 c = null\n4 d = {}"),
            ("a: true\nb: yes\nc: \"yes\"", "1 a = true\n2 b = true\n3 c = yes"),
            ("a: [market, \"limit\"]", "1 a = [market, limit]"),
            ("a:\n  - eval/x\n  - 0.10\n", "1 a = [eval/x, 0.1]"),
            (
                "a: [\"a b\", 'x,y', []]",
                "line 1, column 1: `a` is a list with a list or a table in it; only numbers and words can be",
            ),
            ("a: [\"a b\", 'x,y', \"\"]", "1 a = [\"a b\", \"x,y\", \"\"]"),
            ("a: {b: {c: 1}}\na.b.d: 2", "1 a.b.c = 1\n2 a.b.d = 2"),
            ("1: x\nnull: z", "1 1 = x\n2 null = z"),
            ("%YAML 1.1\n---\na: 1\n...\n", "3 a = 1"),
            ("\u{feff}a: 1\r\nb: 2\r\n", "1 a = 1\n2 b = 2"),
            ("", ""),
            ("# nothing\n\n", ""),
            ("{}", ""),
        ],
    );
}

#[test]
fn yaml_that_is_refused() {
    let anchor = |line, column| {
        format!(
            "line {line}, column {column}: anchors, aliases and merge keys are not read; write the value out"
        )
    };
    check(
        Format::Yaml,
        &[
            ("a: 1\na: 2", "line 2, column 1: `a` is set twice"),
            ("a:\n  b: 1\n  b: 1\n", "line 3, column 3: `b` is set twice"),
            ("a: {b: 1}\na.b: 2", "line 2, column 1: `a.b` is set twice"),
            ("a: &x 1\nb: *x", &anchor(1, 7)),
            ("b: *x", &anchor(1, 4)),
            ("<<: {a: 1}\nb: 1", &anchor(1, 1)),
            ("- a", "line 1, column 1: no table of settings, such as `seed: 42`"),
            ("null", "line 1, column 1: no table of settings, such as `seed: 42`"),
            ("a: 1\n---\nb: 2\n", "line 2, column 1: a second document; one file holds one"),
            ("a: [1, 2", "line 1, column 4: not YAML: unclosed bracket '['"),
            (
                "a: 1\n b: 2",
                "line 2, column 3: not YAML: mapping values are not allowed in this context",
            ),
            ("a: .nan", "line 1, column 4: not YAML: value `.nan` is not a finite number"),
            ("? [a, b]\n: 1", "line 1, column 3: not YAML: expected string scalar"),
            (
                "a: !!python/object 5",
                "line 1, column 20: not YAML: unsupported tag `!!python/object`",
            ),
        ],
    );
    let bytes = |bytes: &[u8]| read(Format::Yaml, bytes).unwrap_err().to_string();
    assert_eq!(bytes(b"a: 1\n\xc3\xa9: \xff"), "line 2, column 4: not UTF-8");
    let long = vec![b'#'; FILE_BYTES_MAX + 1];
    assert_eq!(bytes(&long), "line 1, column 1: longer than 1048576 bytes: no configuration");
    assert_eq!(read(Format::Yaml, &long[..FILE_BYTES_MAX]), Ok(Vec::new()));
}

/// Each would take memory or time out of proportion if it were followed.
#[test]
fn what_grows_is_bounded() {
    let mut bomb = vec!["a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned()];
    for level in 1..12 {
        let items = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push(format!("a{level}: &a{level} [{items}]\n"));
    }
    for format in [Format::Yaml, Format::Toml] {
        let deep = match format {
            Format::Yaml => format!("a: {}1{}", "{b: ".repeat(DEPTH_MAX), "}".repeat(DEPTH_MAX)),
            Format::Toml => format!("a = {}1{}", "{b = ".repeat(DEPTH_MAX), "}".repeat(DEPTH_MAX)),
        };
        assert!(told(format, &deep).ends_with("more than 16 tables and lists within each other"));
        let less = deep.replacen("{b: ", "", 1).replacen("{b = ", "", 1);
        assert!(told(format, &less[..less.len() - 1]).starts_with("1 a.b.b"), "{less}");
        let sign = if format == Format::Yaml { ':' } else { '=' };
        let many: Vec<_> = (0..=NODES_MAX).map(|it| format!("a{it}{sign} 1\n")).collect();
        assert!(
            told(format, &many.concat()).ends_with("more than 10000 keys and values"),
            "{format:?}"
        );
        let list = format!("a{sign} [{}]", "1, ".repeat(NODES_MAX));
        assert!(told(format, &list).ends_with("more than 10000 keys and values"), "{format:?}");
    }
    assert!(told(Format::Yaml, &bomb.concat()).contains("anchors, aliases"));
    for text in ["[", "{", "a: [", "- ", "? ", "a:\n "] {
        let text = text.repeat(FILE_BYTES_MAX / text.len());
        assert!(read(Format::Yaml, text.as_bytes()).is_err());
    }
}

#[test]
fn toml_comes_to_the_same() {
    check(
        Format::Toml,
        &[
            ("a = 1\n[b]\nd = 3.0e-4\nc = 3_000_000\n", "1 a = 1\n3 b.d = 0.0003\n4 b.c = 3000000"),
            ("a = 0x10\nb = true\nc = 'x y'", "1 a = 16\n2 b = true\n3 c = x y"),
            ("a = [\"market\", 1, 0.10]", "1 a = [market, 1, 0.1]"),
            ("[a]\n[b.c]\nd = {}", "1 a = {}\n3 b.c.d = {}"),
            ("a = 1\na = 2", "line 2, column 1: not TOML: duplicate key"),
            ("a.b = 1\n\"a.b\" = 2", "line 2, column 1: `a.b` is set twice"),
            (
                "a = ",
                "line 1, column 5: not TOML: string values must be quoted, expected literal string",
            ),
            (
                "é = 1\n a = 1979-05-27",
                "line 1, column 1: not TOML: invalid unquoted key, expected letters, numbers, `-`, `_`",
            ),
            ("\n a = 1979-05-27", "line 2, column 2: `a` is a date: no setting is"),
            (
                "a = [[1]]",
                "line 1, column 1: `a` is a list with a list or a table in it; only numbers and words can be",
            ),
            (
                "[[a]]\nb = 1",
                "line 1, column 3: `a` is a list with a list or a table in it; only numbers and words can be",
            ),
        ],
    );
}

#[test]
fn formats_have_extensions() {
    assert_eq!(Format::of_extension("yml"), Some(Format::Yaml));
    assert_eq!(Format::of_extension("yaml"), Some(Format::Yaml));
    assert_eq!(Format::of_extension("toml"), Some(Format::Toml));
    assert_eq!(Format::of_extension("json"), None);
}
