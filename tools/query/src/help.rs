//! The language on one page.

use std::fmt::Write as _;

use crate::words::{GROUPS, all};

const GRAMMAR: &str = "\
A query is true or false after each entry of a log: spread > 20 and not halted

  operators    or, and, not, then < <= > >= == !=, then + -, then * /, then - before a number: those
               named later bind tighter; comparisons are not chained; / rounds down
  numbers      are whole: 20, 1_000_000; of nanoseconds, 7ns, 3us, 250ms, 5s; since midnight, 14:45,
               14:45:10

A number that does not exist is absent: the spread when a side of the book is empty, what is divided
by 0, what leaves 128 bits. A comparison with an absent number is false, so its `not` is true;
exists(NUMBER) tells which it is.

A query that names a trade.* anywhere is asked once for each trade of the entry, as a whole, and is
true when it is true for one of them. Where an entry has no trade it is false.
";

/// Grammar, then every word with its meaning.
pub(crate) fn page() -> String {
    let mut page = String::from(GRAMMAR);
    let width = all().map(|word| word.form.len()).max().unwrap_or_default();
    for group in GROUPS {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "\n{}:", group.title);
        for word in group.words {
            let _ = writeln!(page, "  {:width$}  {}", word.form, word.meaning);
        }
    }
    page
}
