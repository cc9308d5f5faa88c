//! Texts through the language of queries: nothing panics, what is read is printed and read again as
//! the same, and what zones say of whole blocks is what is seen entry by entry.
//!
//! The first byte says where zones end; the others are the text.

use query::{Evaluator, Expectation, Query, Survey, Zone, Zoner};
use replay::Moment;

use crate::history::{History, with_history};

/// Reads a query and asks it.
pub(crate) fn run(bytes: &[u8]) {
    let Some((every, text)) = bytes.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let query = match Query::parse(text) {
        Ok(query) => query,
        Err(error) => {
            assert!(text.is_char_boundary(error.offset()) && error.to_string().contains('^'));
            return;
        }
    };
    let canonical = query.to_string();
    let again = Query::parse(&canonical).unwrap();
    assert_eq!(again, query);
    assert_eq!(again.to_string(), canonical);
    with_history(|history| follow(&query, history, u64::from(*every % 32) + 1));
}

/// Compares zones of so many entries with what is seen in them.
fn follow(query: &Query, history: &History, every: u64) {
    let mut evaluator = Evaluator::new(query);
    let (mut passing, mut survey) = (evaluator.clone(), Survey::new(query, &history.start));
    let (mut zoner, mut truths) = (Zoner::default(), Vec::new());
    let mut was_true = evaluator.start(&history.start);
    for moment in history.moments() {
        let found = evaluator.see(&moment);
        assert!(found || !was_true || !query.monotone(), "{query} was true and is not");
        was_true = found;
        truths.push(found);
        let Some(zone) = zone(&mut zoner, &moment, every) else { continue };
        let zone = Zone::decode(&zone.encode()).unwrap();
        match survey.expect(&zone, &passing) {
            Expectation::All(expected) => {
                assert!(truths.iter().all(|truth| *truth == expected), "{query}: {expected}");
                survey.pass(&zone, &mut passing);
            }
            Expectation::Open => {
                passing = evaluator.clone();
                survey.arrive(moment.engine);
            }
        }
        truths.clear();
    }
}

/// The zone that ends with this moment.
pub(crate) fn zone(zoner: &mut Zoner, moment: &Moment<'_>, every: u64) -> Option<Zone> {
    let ended = zoner.see(moment);
    if moment.number.is_multiple_of(every) { ended.or_else(|| zoner.close()) } else { ended }
}
