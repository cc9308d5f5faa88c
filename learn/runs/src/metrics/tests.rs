//! Tests of metrics.

use quickcheck::quickcheck;

use super::*;

fn row(update: u64, figures: &[(&str, f64)]) -> Row {
    Row { update, figures: figures.iter().map(|(name, it)| ((*name).to_owned(), *it)).collect() }
}

fn file(rows: &[Row]) -> String {
    rows.iter().map(|row| row.line().unwrap()).collect()
}

quickcheck! {
    fn what_is_written_is_read_as_the_same(figures: Vec<(u8, f64)>, updates: Vec<u16>) -> bool {
        let figures: BTreeMap<_, _> = figures
            .into_iter()
            .map(|(name, it)| (format!("it/{name}"), if it.is_finite() { it } else { 0.1 }))
            .collect();
        let mut updates: Vec<u64> = updates.into_iter().map(u64::from).collect();
        updates.sort_unstable();
        updates.dedup();
        let rows: Vec<_> =
            updates.into_iter().map(|update| Row { update, figures: figures.clone() }).collect();
        let text = file(&rows);
        read(text.as_bytes()) == Ok(Rows { rows, bytes: text.len(), torn_bytes: 0 })
    }
}

#[test]
fn a_file_of_metrics() {
    let rows = [
        row(1, &[("maker/loss", 0.1), ("market/spread", 3.0), ("a", 1e-7), ("b", -0.0)]),
        row(2, &[("nan", f64::NAN), ("infinite", f64::INFINITY), ("large", 1e300)]),
    ];
    let text = file(&rows);
    insta::assert_snapshot!(text);
    let read = read(text.as_bytes()).unwrap();
    assert_eq!(read.rows[0], rows[0]);
    assert!(read.rows[1].figures["nan"].is_nan() && read.rows[1].figures["infinite"].is_nan());
}

#[test]
fn a_torn_line_is_left_out_and_told() {
    let text = file(&[row(1, &[("a", 1.0)]), row(2, &[("a", 2.0)])]);
    let first = text.find('\n').unwrap() + 1;
    for len in 0..=text.len() {
        let read = read(&text.as_bytes()[..len]).unwrap();
        let whole = usize::from(first <= len) + usize::from(len == text.len());
        assert_eq!(read.rows.len(), whole, "{len} bytes");
        assert_eq!(read.bytes + read.torn_bytes, len);
    }
}

#[test]
fn the_rows_up_to_an_update() {
    let rows = [row(1, &[]), row(3, &[]), row(4, &[])];
    let text = file(&rows) + "{\"torn";
    for (update, count) in [(0, 0), (1, 1), (2, 1), (3, 2), (9, 3)] {
        assert_eq!(until(text.as_bytes(), update), Ok(file(&rows[..count]).as_bytes()), "{update}");
    }
}

#[test]
fn lines_that_are_no_rows_are_refused() {
    let good = file(&[row(2, &[])]);
    let told = |line: &str| read(format!("{good}{line}\n").as_bytes()).unwrap_err().to_string();
    insta::assert_snapshot!(
        [
            told(""),
            told("[]"),
            told("{\"update\":3}"),
            told("{\"schema\":\"learn.metrics/2\",\"update\":3}"),
            told("{\"schema\":\"learn.metrics/1\"}"),
            told("{\"schema\":\"learn.metrics/1\",\"update\":-1}"),
            told("{\"schema\":\"learn.metrics/1\",\"update\":2}"),
            told("{\"schema\":\"learn.metrics/1\",\"update\":3,\"a\":\"1\"}"),
            told("{\"schema\":\"learn.metrics/1\",\"update\":3,\"a b\":1}"),
            read(b"\xff\n").unwrap_err().to_string(),
        ]
        .join("\n")
    );
    for name in ["schema", "update", "", "a b", "ä"] {
        assert_eq!(row(1, &[(name, 1.0)]).line(), Err(MetricsError::Name), "{name}");
    }
}
