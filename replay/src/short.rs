//! Appending a few bytes, many times a block.

/// Room for the longest event and for every entry but decisions, marks and updates.
pub(crate) const SHORT_BYTES: usize = 64;

/// Appends the first `len` bytes of `from`. A copy of constant size is far cheaper than one whose
/// size the processor has to be told, so short ones are copied with what follows them, which is
/// taken off again.
pub(crate) fn append(to: &mut Vec<u8>, from: &[u8], len: usize) {
    match from.first_chunk::<SHORT_BYTES>() {
        Some(short) if len <= SHORT_BYTES => {
            let end = to.len() + len;
            to.extend_from_slice(short);
            to.truncate(end);
        }
        Some(_) | None => to.extend(from.iter().take(len)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_bytes_as_asked_for_are_appended() {
        let from: Vec<u8> = (0..200).collect();
        for len in 0..=200 {
            let mut to = vec![7];
            append(&mut to, &from, len);
            assert_eq!(to[0], 7);
            assert_eq!(to[1..], from[..len]);
        }
        let mut to = Vec::new();
        append(&mut to, &from[..5], 5);
        assert_eq!(to, from[..5]);
    }
}
