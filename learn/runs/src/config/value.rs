//! Values of settings: one canonical text each, and what a setting accepts.

use std::fmt;

use agents::Kind;

/// What a setting accepts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    /// A whole number within bounds.
    Whole {
        /// Smallest.
        min: u64,
        /// Largest.
        max: u64,
    },
    /// A decimal number within bounds.
    Number {
        /// Smallest.
        min: f64,
        /// Largest.
        max: f64,
    },
    /// `true` or `false`.
    Flag,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of whole numbers.
    Wholes {
        /// Smallest.
        min: u32,
        /// Largest.
        max: u32,
        /// Longest list; the shortest has one.
        len_max: usize,
    },
    /// Types of agents, at least one.
    Kinds,
    /// The first seed and how many there are.
    Seeds {
        /// Most of them.
        count_max: u32,
    },
}

impl Domain {
    /// What is accepted, in words.
    pub fn accepted(&self) -> String {
        match self {
            Self::Whole { min, max } => format!("a whole number from {min} to {max}"),
            Self::Number { min, max } => format!("a number from {min} to {max}"),
            Self::Flag => "true or false".to_owned(),
            Self::Choice([word]) => format!("\"{word}\""),
            Self::Choice(words) => format!("one of \"{}\"", words.join("\", \"")),
            Self::Wholes { min, max, len_max } => {
                format!("a list of 1 to {len_max} whole numbers from {min} to {max}")
            }
            Self::Kinds => {
                format!("a list of different types among \"{}\"", kind_names().join("\", \""))
            }
            Self::Seeds { count_max } => {
                format!("[first, count]: a whole number and how many, 1 to {count_max}")
            }
        }
    }

    /// A canonical text of this domain as TOML writes it.
    pub(crate) fn toml(&self, text: &str) -> String {
        let list = |quote: &str| {
            let words: Vec<_> = text.split(' ').map(|it| format!("{quote}{it}{quote}")).collect();
            format!("[{}]", words.join(", "))
        };
        match self {
            Self::Whole { .. } | Self::Number { .. } | Self::Flag => text.to_owned(),
            Self::Choice(_) => format!("\"{text}\""),
            Self::Wholes { .. } | Self::Seeds { .. } => list(""),
            Self::Kinds => list("\""),
        }
    }
}

fn kind_names() -> Vec<&'static str> {
    Kind::ALL.into_iter().map(Kind::name).collect()
}

/// A type that settings have.
pub(crate) trait Value: Sized {
    /// The value of a text, canonical or not; `None` for one that the domain does not accept.
    fn parse(text: &str, domain: &Domain) -> Option<Self>;
    /// The canonical text.
    fn text(&self) -> String;
}

impl Value for u64 {
    fn parse(text: &str, domain: &Domain) -> Option<Self> {
        let Domain::Whole { min, max } = domain else { return None };
        let number = digits(text)?;
        (*min..=*max).contains(&number).then_some(number)
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Value for u32 {
    fn parse(text: &str, domain: &Domain) -> Option<Self> {
        Self::try_from(u64::parse(text, domain)?).ok()
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Value for f64 {
    fn parse(text: &str, domain: &Domain) -> Option<Self> {
        let Domain::Number { min, max } = domain else { return None };
        let number: Self = text.parse().ok()?;
        // A zero has one text.
        (*min <= number && number <= *max).then_some(number + 0.0)
    }

    fn text(&self) -> String {
        // The shortest text that is read as the same number; never with an exponent.
        self.to_string()
    }
}

impl Value for bool {
    fn parse(text: &str, _domain: &Domain) -> Option<Self> {
        text.parse().ok()
    }

    fn text(&self) -> String {
        self.to_string()
    }
}

impl Value for Vec<u32> {
    fn parse(text: &str, domain: &Domain) -> Option<Self> {
        let Domain::Wholes { min, max, len_max } = domain else { return None };
        let one = Domain::Whole { min: (*min).into(), max: (*max).into() };
        let numbers: Option<Self> =
            words(text)?.into_iter().map(|it| u32::parse(it, &one)).collect();
        numbers.filter(|numbers| !numbers.is_empty() && numbers.len() <= *len_max)
    }

    fn text(&self) -> String {
        join(self)
    }
}

impl Value for Vec<Kind> {
    fn parse(text: &str, _domain: &Domain) -> Option<Self> {
        let of = |name: &str| Kind::ALL.into_iter().find(|kind| kind.name() == name);
        let mut kinds: Self = words(text)?.into_iter().map(of).collect::<Option<_>>()?;
        let given = kinds.len();
        kinds.sort_unstable();
        kinds.dedup();
        (!kinds.is_empty() && kinds.len() == given).then_some(kinds)
    }

    fn text(&self) -> String {
        let names: Vec<_> = self.iter().map(|kind| kind.name()).collect();
        names.join(" ")
    }
}

/// Seeds that follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeds {
    /// The first.
    pub first: u64,
    /// How many.
    pub count: u32,
}

impl Seeds {
    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = u64> {
        (0..u64::from(self.count)).map(move |index| self.first.wrapping_add(index))
    }
}

impl Value for Seeds {
    fn parse(text: &str, domain: &Domain) -> Option<Self> {
        let Domain::Seeds { count_max } = domain else { return None };
        let [first, count] = words(text)?[..] else { return None };
        let first = u64::parse(first, &Domain::Whole { min: 0, max: SEED_MAX })?;
        let count = u32::parse(count, &Domain::Whole { min: 1, max: (*count_max).into() })?;
        (first.checked_add(count.into())? <= SEED_MAX).then_some(Self { first, count })
    }

    fn text(&self) -> String {
        format!("{} {}", self.first, self.count)
    }
}

/// Largest seed: the largest whole number of TOML.
pub(crate) const SEED_MAX: u64 = i64::MAX.unsigned_abs();

fn digits(text: &str) -> Option<u64> {
    let are_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if are_digits { text.parse().ok() } else { None }
}

/// The words of a list: `64 64`, `64,64` or `[64, 64]`; of words also with quotes.
fn words(text: &str) -> Option<Vec<&str>> {
    let inner = match text.trim().strip_prefix('[') {
        Some(rest) => rest.strip_suffix(']')?,
        None => text,
    };
    let words = inner.split([' ', ',']).filter(|word| !word.is_empty());
    words.map(unquoted).collect()
}

fn unquoted(word: &str) -> Option<&str> {
    match word.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"'),
        None => Some(word),
    }
}

fn join(numbers: &[u32]) -> String {
    let words: Vec<_> = numbers.iter().map(u32::to_string).collect();
    words.join(" ")
}

/// One of a few words, each of which is a variant.
macro_rules! choices {
    ($(
        $(#[$about:meta])*
        $name:ident { $($(#[$what:meta])* $variant:ident $word:literal)* }
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($(#[$what])* $variant,)* }

        impl $name {
            /// The words, in the order of the variants.
            pub const WORDS: &[&str] = &[$($word,)*];

            /// The word of this one.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl Value for $name {
            fn parse(text: &str, _domain: &Domain) -> Option<Self> {
                match text { $($word => Some(Self::$variant),)* _ => None }
            }

            fn text(&self) -> String {
                self.word().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }
    )*};
}

choices! {
    /// What is simulated.
    System {
        /// The population of four types.
        Ecology "ecology"
    }
    /// What a critic sees.
    Critic {
        /// What its actor sees.
        Own "own"
        /// That, and the state of the market that no actor sees.
        Central "central"
    }
    /// What the maker's actions are relative to.
    MakerActions {
        /// Parameters of a rule that follows signed flow.
        Rule "rule"
        /// The fixed rule itself, at which learning then starts.
        Neutral "neutral"
    }
    /// Which market logs are kept once a life has ended; their heads always are.
    KeepLogs {
        /// Each.
        All "all"
        /// Of each environment the last.
        Last "last"
        /// None.
        None "none"
    }
    /// The market's preset: those of [`agents::config::PRESETS`].
    MarketPreset {
        /// Fat tails and the autocorrelation of the published system.
        Seed "seed"
        /// The same tails without it.
        Realistic "realistic"
        /// A thin book behind the makers.
        Crash "crash"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_presets_of_the_market_are_those_of_the_ecology() {
        assert_eq!(MarketPreset::WORDS, agents::config::PRESETS);
    }

    #[test]
    fn lists_are_read_in_every_form_and_written_in_one() {
        let domain = Domain::Wholes { min: 1, max: 99, len_max: 3 };
        for text in ["64 32", "64,32", "[64, 32]", " [ 64,32 ] "] {
            let read = Vec::<u32>::parse(text, &domain).map(|numbers| numbers.text());
            assert_eq!(read.as_deref(), Some("64 32"), "{text}");
        }
        for text in ["", "[]", "0", "100", "1 2 3 4", "[1", "1]", "1;2", "-1", "1.0"] {
            assert_eq!(Vec::<u32>::parse(text, &domain), None, "{text}");
        }
    }

    #[test]
    fn types_stand_in_one_order_and_once() {
        let read = |text| Vec::<Kind>::parse(text, &Domain::Kinds);
        assert_eq!(read("value maker"), Some(vec![Kind::Maker, Kind::Value]));
        assert_eq!(read("[\"noise\"]"), Some(vec![Kind::Noise]));
        for text in ["", "[]", "maker maker", "makers", "\"maker"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn numbers_are_finite_and_within_bounds() {
        let domain = Domain::Number { min: 0.0, max: 1.0 };
        assert_eq!(f64::parse("5e-4", &domain).map(|it| it.text()).as_deref(), Some("0.0005"));
        assert_eq!(f64::parse("-0", &domain).map(|it| it.text()).as_deref(), Some("0"));
        for text in ["nan", "inf", "1.1", "-0.1", "", "0,5", " 1"] {
            assert_eq!(f64::parse(text, &domain), None, "{text}");
        }
    }
}
