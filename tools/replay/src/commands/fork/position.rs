//! The entry that `--at` names.

use cli::{Exit, Failure};

/// The number of the entry that a position names in a log of so many entries, its end entry left
/// out; that entry names the last one before it.
///
/// # Errors
/// Exit 2 for any other text and for a place behind the end.
pub(super) fn resolve(at: &str, entries: u64, is_ended: bool) -> Result<u64, Failure> {
    let behind = || {
        let message = format!("--at {at}: the log has {entries} entries to leave at");
        Failure::new(Exit::Usage, message).with_hint("--at end is the last of them")
    };
    if at == "end" {
        return Ok(entries);
    }
    let (is_back, digits) = match at.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, at.strip_prefix('#').unwrap_or(at)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!("--at {at}: it takes an entry's number, -N from the end, or end");
        return Err(Failure::new(Exit::Usage, message));
    }
    let number: u64 = digits.parse().map_err(|_| behind())?;
    if is_back {
        return entries.checked_sub(number).ok_or_else(behind);
    }
    if is_ended && number == entries + 1 {
        return Ok(entries);
    }
    if entries < number { Err(behind()) } else { Ok(number) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_numbers_from_either_end() {
        for (at, entry) in [
            ("0", 0),
            ("7", 7),
            ("#7", 7),
            ("10", 10),
            ("end", 10),
            ("-0", 10),
            ("-1", 9),
            ("-10", 0),
        ] {
            assert_eq!(resolve(at, 10, false).unwrap(), entry, "{at}");
        }
        assert_eq!(resolve("11", 10, true).unwrap(), 10, "the end entry");
        let huge = "99999999999999999999999";
        for at in ["11", "-11", "", "-", "#", "##1", "+1", "1.5", "ende", huge, "١"] {
            assert_eq!(resolve(at, 10, false).unwrap_err().exit, Exit::Usage, "{at}");
        }
        assert!(resolve("12", 10, true).is_err());
    }
}
