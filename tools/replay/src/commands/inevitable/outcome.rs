//! The outcomes that are asked about, and watching for them.

use cli::{Exit, Failure};
use kernel::{Decision, Engine, Event};
use query::{Evaluator, Query};
use replay::entry::DecisionEntry;
use replay::{Entry, Moment};
use serde::{Deserialize, Serialize};

use crate::commands::curves::OUTCOMES_MAX;

/// Longest name, so that tables fit.
const NAME_MAX: usize = 24;

/// Something that may happen: a predicate comes to hold.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) query: Query,
}

/// The first moment at which an outcome was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct First {
    /// Number of the entry; 0 before the first.
    pub(super) entry: u64,
    pub(super) step: u64,
}

/// Reads what `--when` says: each a predicate, or a name, a colon and one.
///
/// # Errors
/// Exit 2 for a text that is no predicate, with the place; for names that are no names or given
/// twice; for more outcomes than there can be.
pub(super) fn read(texts: &[String]) -> Result<Vec<Outcome>, Failure> {
    if OUTCOMES_MAX < texts.len() {
        let message = format!("--when: {} outcomes, of which {OUTCOMES_MAX} can be", texts.len());
        return Err(Failure::new(Exit::Usage, message));
    }
    let mut outcomes: Vec<Outcome> = Vec::new();
    for (number, text) in (1..).zip(texts) {
        let (name, predicate) = match text.split_once(':') {
            Some((name, predicate)) if is_name(name.trim()) => (name.trim().to_owned(), predicate),
            Some(_) | None if number == 1 => ("outcome".to_owned(), text.as_str()),
            Some(_) | None => (format!("outcome-{number}"), text.as_str()),
        };
        let query = Query::parse(predicate.trim()).map_err(|error| {
            let hint = "the words of predicates: replay inevitable --help";
            Failure::new(Exit::Usage, format!("--when: {error}")).with_hint(hint)
        })?;
        if outcomes.iter().any(|outcome| outcome.name == name) {
            let message = format!("--when: two outcomes are called `{name}`");
            let hint = "a name stands before its predicate: --when 'wide: spread > 20'";
            return Err(Failure::new(Exit::Usage, message).with_hint(hint));
        }
        outcomes.push(Outcome { name, query });
    }
    Ok(outcomes)
}

/// Letters, digits, `-` and `_`, beginning with a letter: no predicate begins so before a colon.
fn is_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    text.len() <= NAME_MAX
        && text.bytes().all(is_allowed)
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// Watches a run, entry by entry, for the first moment of each outcome.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    outcomes: Vec<(Evaluator, Option<First>)>,
    /// Entries seen.
    entries: u64,
    /// A decision in the form of a log.
    decision: Entry,
}

impl Watch {
    /// Before the first entry of a market.
    pub(super) fn new(outcomes: &[Outcome], engine: &Engine) -> Self {
        let outcomes = outcomes.iter().map(|outcome| {
            let evaluator = Evaluator::new(&outcome.query);
            let first = evaluator.start(engine).then_some(First { entry: 0, step: 0 });
            (evaluator, first)
        });
        Self { outcomes: outcomes.collect(), entries: 0, decision: Entry::End }
    }

    /// Whether every outcome has been there.
    pub(super) fn has_all(&self) -> bool {
        self.outcomes.iter().all(|(_, first)| first.is_some())
    }

    /// The first moment of each outcome that has been there.
    pub(super) fn firsts(&self) -> Vec<Option<First>> {
        self.outcomes.iter().map(|(_, first)| *first).collect()
    }

    /// Sees the next entry, with what the kernel answered and the state behind it.
    pub(super) fn see(&mut self, entry: &Entry, events: &[Event], engine: &Engine) {
        self.entries += 1;
        look(&mut self.outcomes, self.entries, (entry, events, engine));
    }

    /// Sees a decision that no log holds.
    pub(super) fn see_decision(&mut self, decision: Decision<'_>, engine: &Engine) {
        self.entries += 1;
        // An action that was long once leaves its room to the next.
        let mut action = match std::mem::replace(&mut self.decision, Entry::End) {
            Entry::Decision(old) => old.action,
            Entry::Command(_) | Entry::Mark(_) | Entry::Update(_) | Entry::End => Vec::new(),
        };
        action.clear();
        action.extend_from_slice(decision.action);
        self.decision = Entry::Decision(DecisionEntry {
            agent: decision.agent,
            policy: decision.policy,
            action,
            first_reference: decision.first_reference,
            commands: decision.commands,
            observation: decision.observation,
        });
        look(&mut self.outcomes, self.entries, (&self.decision, &[], engine));
    }
}

/// Looks whether outcomes are there that have not been so far.
fn look(
    outcomes: &mut [(Evaluator, Option<First>)],
    number: u64,
    (entry, events, engine): (&Entry, &[Event], &Engine),
) {
    let moment = Moment { number, entry, events, engine, closes: None };
    for (evaluator, first) in outcomes.iter_mut().filter(|(_, first)| first.is_none()) {
        if evaluator.see(&moment) {
            *first = Some(First { entry: number, step: engine.step().0 });
        }
    }
}

#[cfg(test)]
mod tests {
    fn read(texts: &[&str]) -> Result<Vec<(String, String)>, String> {
        let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
        let outcomes = super::read(&texts).map_err(|failure| failure.to_string())?;
        Ok(outcomes.into_iter().map(|it| (it.name, it.query.to_string())).collect())
    }

    #[test]
    fn outcomes_have_names() {
        let found = read(&["spread > 20", " wide-1 :spread > 30", "step >= 5", "mark(a)"]).unwrap();
        let found: Vec<_> = found.iter().map(|(name, text)| (&name[..], &text[..])).collect();
        let expected = [
            ("outcome", "spread > 20"),
            ("wide-1", "spread > 30"),
            ("outcome-3", "step >= 5"),
            ("outcome-4", "mark(a)"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_outcome_is_refused() {
        for (texts, message) in [
            (&["a: spread > 1", "a: spread > 2"][..], "--when: two outcomes are called `a`"),
            (
                &["outcome-2: spread > 1", "spread > 2"],
                "--when: two outcomes are called `outcome-2",
            ),
            (&["a:"], "--when: the query is empty"),
            (&["7: spread > 1"], "--when: "),
            (&["spread > 1"; 7], "--when: 7 outcomes, of which 6 can be"),
        ] {
            let error = read(texts).unwrap_err();
            assert!(error.starts_with(message), "{texts:?}: {error}");
        }
    }
}
