//! The keys, and what each of them asks for: one table for the model, its help and the manual.

use std::fmt::Write as _;

/// A key as the model knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Char(char),
    /// With the control key.
    Ctrl(char),
    Enter,
    Escape,
    Tab,
    BackTab,
    Backspace,
    Left,
    Right,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
}

/// Which way through the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Forward,
    Back,
}

/// What a key asks for, outside of prompts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    /// So many entries.
    Entries(u64, Way),
    /// The next market step.
    Clock(Way),
    Trade(Way),
    Mark(Way),
    Start,
    End,
    Jump,
    Search,
    /// Where the predicate holds.
    Holds(Way),
    /// Where the predicate begins to hold.
    Begins(Way),
    FollowOrder,
    FollowClient,
    Unfollow,
    /// What touches what is followed.
    Touch(Way),
    Panel(Way),
    Scroll(Way),
    Help,
    Quit,
}

use Action::{
    Begins, Clock, End, Entries, FollowClient, FollowOrder, Help, Holds, Jump, Mark, Panel, Quit,
    Scroll, Search, Start, Touch, Trade, Unfollow,
};
use Way::{Back, Forward};

/// Keys with one meaning.
struct Binding {
    keys: &'static [Key],
    action: Action,
}

const fn bind(keys: &'static [Key], action: Action) -> Binding {
    Binding { keys, action }
}

const BINDINGS: &[Binding] = &[
    bind(&[Key::Char('l'), Key::Right], Entries(1, Forward)),
    bind(&[Key::Char('h'), Key::Left], Entries(1, Back)),
    bind(&[Key::Char('j'), Key::Down], Entries(10, Forward)),
    bind(&[Key::Char('k'), Key::Up], Entries(10, Back)),
    bind(&[Key::PageDown], Entries(100, Forward)),
    bind(&[Key::PageUp], Entries(100, Back)),
    bind(&[Key::Char('s')], Clock(Forward)),
    bind(&[Key::Char('S')], Clock(Back)),
    bind(&[Key::Char('t')], Trade(Forward)),
    bind(&[Key::Char('T')], Trade(Back)),
    bind(&[Key::Char('m')], Mark(Forward)),
    bind(&[Key::Char('M')], Mark(Back)),
    bind(&[Key::Home, Key::Char('^')], Start),
    bind(&[Key::End, Key::Char('G'), Key::Char('$')], End),
    bind(&[Key::Char('g'), Key::Char(':')], Jump),
    bind(&[Key::Char('/')], Search),
    bind(&[Key::Char('n')], Holds(Forward)),
    bind(&[Key::Char('N')], Holds(Back)),
    bind(&[Key::Char('e')], Begins(Forward)),
    bind(&[Key::Char('E')], Begins(Back)),
    bind(&[Key::Char('f')], FollowOrder),
    bind(&[Key::Char('a')], FollowClient),
    bind(&[Key::Char('x')], Unfollow),
    bind(&[Key::Char(']')], Touch(Forward)),
    bind(&[Key::Char('[')], Touch(Back)),
    bind(&[Key::Tab], Panel(Forward)),
    bind(&[Key::BackTab], Panel(Back)),
    bind(&[Key::Char('J')], Scroll(Forward)),
    bind(&[Key::Char('K')], Scroll(Back)),
    bind(&[Key::Char('?')], Help),
    bind(&[Key::Char('q')], Quit),
];

/// What a key asks for.
pub(super) fn action(key: Key) -> Option<Action> {
    let binding = BINDINGS.iter().find(|binding| binding.keys.contains(&key));
    binding.map(|binding| binding.action)
}

/// The keys in the order of the help: forward, back, meaning.
pub(super) const HELP: &[(&str, &str, &str)] = &[
    ("l Right", "h Left", "one entry forward, back"),
    ("j Down", "k Up", "10 entries"),
    ("PageDown", "PageUp", "100 entries"),
    ("s", "S", "market step: the next clock entry, the previous one"),
    ("t", "T", "trade"),
    ("m", "M", "mark"),
    ("End G", "Home ^", "end, start"),
    ("g :", "", "go to a position: 1234 b:12 s:800 @mark t:90s -10 end"),
    ("/", "", "run to where a predicate holds: spread > 20"),
    ("n", "N", "the next entry where it holds, the previous one"),
    ("e", "E", "the next entry where it begins to hold, the previous one"),
    ("f", "", "follow an order by its id; alone, that of this entry"),
    ("a", "", "follow a client by number or name; alone, that of this entry"),
    ("]", "[", "the next entry that touches what is followed, the previous"),
    ("x", "", "follow nothing"),
    ("Tab", "S-Tab", "next, previous panel where not all have room"),
    ("J", "K", "scroll the accounts down, up"),
    ("Esc", "", "stop a search, leave a prompt; Ctrl-C too"),
    ("q", "", "quit; Ctrl-C where nothing runs"),
];

/// A number before a key repeats it.
pub(super) const COUNTS: &str = "A number before a key repeats it: 25l, 3t.";

/// The keys as the long help of the command has them.
pub(crate) fn keys_help() -> String {
    let mut text = String::from("Keys:\n");
    for (forward, back, meaning) in HELP {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {forward:<9} {back:<8} {meaning}");
    }
    let _ = writeln!(text, "{COUNTS}");
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The help's names of a key.
    fn name(key: Key) -> String {
        match key {
            Key::Char(character) => character.to_string(),
            Key::Enter => "Enter".to_owned(),
            Key::Escape => "Esc".to_owned(),
            Key::BackTab => "S-Tab".to_owned(),
            Key::Ctrl(_)
            | Key::Tab
            | Key::Backspace
            | Key::Left
            | Key::Right
            | Key::Up
            | Key::Down
            | Key::PageUp
            | Key::PageDown
            | Key::Home
            | Key::End => format!("{key:?}"),
        }
    }

    #[test]
    fn the_help_lists_every_key_and_no_other() {
        let mut listed: Vec<_> = HELP
            .iter()
            .flat_map(|(forward, back, _)| forward.split(' ').chain(back.split(' ')))
            .filter(|name| !name.is_empty() && *name != "Esc")
            .map(str::to_owned)
            .collect();
        listed.extend(["?".to_owned(), "$".to_owned()]);
        listed.sort();
        let keys = BINDINGS.iter().flat_map(|binding| binding.keys);
        let mut bound: Vec<_> = keys.map(|key| name(*key)).collect();
        bound.sort();
        assert_eq!(listed, bound);
    }

    #[test]
    fn no_key_has_two_meanings() {
        let keys: Vec<_> = BINDINGS.iter().flat_map(|binding| binding.keys).collect();
        for (place, key) in keys.iter().enumerate() {
            assert!(!keys[..place].contains(key), "{key:?}");
        }
    }
}
