//! The command line of `replay step`.

use std::fmt;
use std::str::FromStr;

use replay::Position;

use super::SoughtLog;
use super::seek::positions_help;

#[derive(Debug, clap::Args)]
#[command(after_help = positions_help(EXAMPLES), after_long_help = long_help())]
pub(crate) struct Step {
    #[command(flatten)]
    pub(crate) sought: SoughtLog,

    /// Start right behind this entry
    #[arg(
        long,
        value_name = "P",
        default_value = "0",
        allow_hyphen_values = true,
        conflicts_with = "when"
    )]
    pub(crate) at: Position,

    /// Start at the first moment at which this holds
    #[arg(long, value_name = "PREDICATE", allow_hyphen_values = true)]
    pub(crate) when: Option<String>,

    /// Follow the order of this id, as events and `state --client` name it
    #[arg(long, value_name = "ORDER", conflicts_with = "client",
        value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) follow: Option<u64>,

    /// Follow this client
    #[arg(long, value_name = "N")]
    pub(crate) client: Option<u32>,

    /// Press these keys instead of opening a terminal, and print the screen as text
    #[arg(long, value_name = "KEYS", allow_hyphen_values = true)]
    pub(crate) script: Option<String>,

    /// Columns and rows of the screens that a script prints
    #[arg(long, value_name = "WxH", default_value_t = Size { width: 80, height: 24 }, requires = "script")]
    pub(crate) size: Size,

    /// One JSON object for each screen that a script prints
    #[arg(long, requires = "script")]
    pub(crate) json: bool,
}

/// Columns and rows of a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) width: u16,
    pub(crate) height: u16,
}

/// Most columns or rows: what any terminal has, and small enough for memory.
const SIDE_MAX: u16 = 1000;

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let side = |text: &str| text.parse().ok().filter(|side| (1..=SIDE_MAX).contains(side));
        let sides = text.split_once('x').and_then(|(width, height)| {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'x');
            if is_plain { side(width).zip(side(height)) } else { None }
        });
        let (width, height) = sides.ok_or_else(|| {
            format!("a size is two numbers from 1 to {SIDE_MAX} with an x between them: 80x24")
        })?;
        Ok(Self { width, height })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}", self.width, self.height)
    }
}

const EXAMPLES: &str = "\
Examples:
  replay step day.log                              from the start, in a terminal
  replay step day.log --at @makers-leave --client 1
  replay step day.log --when 'spread > 20'
  replay step day.log --script '/spread > 20<Enter> h' --size 100x30

In the terminal, ? lists the keys. --help shows them, the language of scripts and of predicates.";

/// The same, the keys, and how scripts and predicates are written.
fn long_help() -> String {
    format!(
        "{EXAMPLES}\n\n{}\n{SCRIPTS}\n\nPositions: {}\n\nPredicates:\n\n{}",
        crate::commands::step::keys_help(),
        replay::POSITIONS_HELP,
        query::Query::help()
    )
}

const SCRIPTS: &str = "\
Scripts: the keys one after the other. A character is its key; spaces mean nothing outside a prompt.
Other keys stand in angle brackets: <Enter> <Esc> <Tab> <S-Tab> <BS> <Left> <Right> <Up> <Down>
<PageUp> <PageDown> <Home> <End> <C-c> <C-u> <Space>, and <lt> for < before a letter. <Print> prints
the screen there; the last one is printed in any case. Every search is carried through. What a key
cannot do stands on the screen. The exit code is 0, or that of the log when it turns out damaged.";
