//! What was recorded, and whether a new count is a rise.

use std::fmt;
use std::str::FromStr;

/// Instructions for each operation, in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cost(u64);

impl Cost {
    /// The cost of each of `operations`, rounded down; nothing for none.
    pub(crate) fn new(instructions: u64, operations: u64) -> Option<Self> {
        instructions.checked_mul(100)?.checked_div(operations).map(Self)
    }

    /// More than a tenth above what was recorded. Exactly a tenth is not.
    pub(crate) fn is_rise_from(self, recorded: Self) -> bool {
        u128::from(recorded.0) * 11 < u128::from(self.0) * 10
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&format!("{}.{:02}", self.0 / 100, self.0 % 100))
    }
}

impl FromStr for Cost {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (whole, hundredths) = text.split_once('.').ok_or(())?;
        let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if hundredths.len() != 2 || !is_plain(whole) || !is_plain(hundredths) {
            return Err(());
        }
        let whole: u64 = whole.parse().map_err(|_| ())?;
        let hundredths: u64 = hundredths.parse().map_err(|_| ())?;
        whole.checked_mul(100).and_then(|it| it.checked_add(hundredths)).map(Self).ok_or(())
    }
}

/// One count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// As the compiler calls itself, and its host.
    pub(crate) compiler: String,
    /// What was done.
    pub(crate) name: String,
    pub(crate) cost: Cost,
}

const HEAD: &str = "# Instructions for each operation: compiler, name, count.\n\
                    # cargo xtask instructions --record\n";

/// The lines of a record; `#` begins a remark.
///
/// # Errors
/// The first line that is none, with its number.
pub(crate) fn parse(text: &str) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.starts_with('#') || line.is_empty() {
            continue;
        }
        let fields: Vec<_> = line.split(", ").collect();
        let [compiler, name, cost] = fields.as_slice() else {
            return Err(format!("line {number}: not `compiler, name, count`"));
        };
        let cost = cost.parse().map_err(|()| format!("line {number}: `{cost}` is no count"))?;
        lines.push(Line { compiler: (*compiler).into(), name: (*name).into(), cost });
    }
    Ok(lines)
}

/// The text of a record.
pub(crate) fn render(lines: &[Line]) -> String {
    let line = |Line { compiler, name, cost }: &Line| format!("{compiler}, {name}, {cost}\n");
    HEAD.to_owned() + &lines.iter().map(line).collect::<String>()
}

/// What a new count is beside the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Not more than a tenth above this.
    Fine(Cost),
    /// More than a tenth above this.
    Rise(Cost),
    /// The compiler is known, this count is not.
    Missing,
    /// Only another compiler has counted.
    OtherCompiler,
}

/// Judges a new count.
pub(crate) fn judge(new: &Line, recorded: &[Line]) -> Verdict {
    let mut same = recorded.iter().filter(|line| line.compiler == new.compiler).peekable();
    if same.peek().is_none() {
        return Verdict::OtherCompiler;
    }
    match same.find(|line| line.name == new.name) {
        Some(line) if new.cost.is_rise_from(line.cost) => Verdict::Rise(line.cost),
        Some(line) => Verdict::Fine(line.cost),
        None => Verdict::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(compiler: &str, name: &str, hundredths: u64) -> Line {
        Line { compiler: compiler.into(), name: name.into(), cost: Cost(hundredths) }
    }

    #[test]
    fn exactly_a_tenth_more_is_no_rise() {
        let recorded = [line("a", "match", 40_000)];
        let judged = |hundredths| judge(&line("a", "match", hundredths), &recorded);
        assert_eq!(judged(44_000), Verdict::Fine(Cost(40_000)));
        assert_eq!(judged(44_001), Verdict::Rise(Cost(40_000)));
        assert_eq!(judged(1), Verdict::Fine(Cost(40_000)));
        assert!(!Cost(u64::MAX).is_rise_from(Cost(u64::MAX)));
    }

    #[test]
    fn other_compilers_are_not_compared() {
        let recorded = [line("a", "match", 100), line("b", "record", 100)];
        assert_eq!(judge(&line("c", "match", 900), &recorded), Verdict::OtherCompiler);
        assert_eq!(judge(&line("c", "match", 900), &[]), Verdict::OtherCompiler);
        assert_eq!(judge(&line("b", "match", 900), &recorded), Verdict::Missing);
    }

    #[test]
    fn a_record_is_read_as_it_is_written() {
        let lines = vec![line("rustc 1.2.3 (abc) host", "match", 40_005), line("b", "replay", 7)];
        let text = render(&lines);
        assert!(text.ends_with("rustc 1.2.3 (abc) host, match, 400.05\nb, replay, 0.07\n"));
        assert_eq!(parse(&text), Ok(lines));
        assert_eq!(parse("# remark\n\n"), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_line_is_named() {
        let message = |text: &str| parse(text).unwrap_err();
        assert_eq!(message("# a\nb, c"), "line 2: not `compiler, name, count`");
        assert_eq!(message("a, b, 1.00, d"), "line 1: not `compiler, name, count`");
        for cost in ["", "1", "1.0", "1.000", "-1.00", "1.+1", ".", "99999999999999999999.00"] {
            assert_eq!(message(&format!("a, b, {cost}")), format!("line 1: `{cost}` is no count"));
        }
    }

    #[test]
    fn a_cost_is_a_share() {
        assert_eq!(Cost::new(1_000, 3), Some(Cost(33_333)));
        assert_eq!(Cost::new(1_000, 0), None);
        assert_eq!(Cost::new(u64::MAX, 1), None);
    }
}
