//! Random questions: a text, and a tree of its own that says what the text means.

use tests::random::Dice;

use crate::logs::MARKS;

/// A query as text and as a tree.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) text: String,
    pub(crate) tree: Truth,
}

/// Something true or false.
#[derive(Debug)]
pub(crate) enum Truth {
    /// `halted` and the like, `mark(a)`, `after(a)`, `trade.side == buy`.
    Word(String),
    Exists(Number),
    Compare(Number, &'static str, Number),
    Not(Box<Truth>),
    Both(Box<Truth>, Box<Truth>),
    Either(Box<Truth>, Box<Truth>),
}

/// A number.
#[derive(Debug)]
pub(crate) enum Number {
    Literal(i128),
    Word(String),
    Minus(Box<Number>),
    /// Behind the first mark of a name.
    At(&'static str, Box<Number>),
    Two(Box<Number>, &'static str, Box<Number>),
}

/// Every number of the market, with random arguments.
pub(crate) fn number_names(dice: &mut Dice) -> Vec<String> {
    let plain = "spread best_bid best_ask mid2 last_trade orders stops taxes fees time step entry \
                 placed trades volume cancelled rejected agent client trade.qty trade.price \
                 trade.maker trade.taker";
    let mut names: Vec<String> = plain.split_whitespace().map(str::to_owned).collect();
    for name in ["position", "cash", "equity", "open_buy", "open_sell"] {
        names.push(format!("{name}(client {})", dice.below(6)));
    }
    let side = |dice: &mut Dice| dice.pick(&["bid", "ask"]);
    names.push(format!("levels({})", side(dice)));
    names.push(format!("depth({}, {})", side(dice), dice.within(1, 12)));
    names.push(format!("qty({}, {})", side(dice), dice.within(94, 106)));
    names
}

impl Question {
    pub(crate) fn random(dice: &mut Dice) -> Self {
        let depth = dice.below(4);
        let tree = truth(depth, dice);
        Self { text: tree.text(dice), tree }
    }

    /// Whether it names a trade.
    pub(crate) fn is_about_trades(&self) -> bool {
        self.text.contains("trade.")
    }
}

fn truth(depth: u32, dice: &mut Dice) -> Truth {
    let deeper = |dice: &mut Dice| Box::new(truth(depth - 1, dice));
    match if depth == 0 { 0 } else { dice.below(8) } {
        0 => word_or_comparison(dice),
        1 | 2 => Truth::Not(deeper(dice)),
        3 => Truth::Exists(number(depth, dice)),
        4 | 5 => Truth::Both(deeper(dice), deeper(dice)),
        _ => Truth::Either(deeper(dice), deeper(dice)),
    }
}

fn word_or_comparison(dice: &mut Dice) -> Truth {
    if dice.one_in(4) {
        let sides = ["trade.side == buy", "sell == trade.side", "trade.side != buy"];
        return Truth::Word(match dice.below(10) {
            0 => "halted".to_owned(),
            1 => "auction".to_owned(),
            2 => "continuous".to_owned(),
            3 => "short_ban".to_owned(),
            4 | 5 => format!("mark({})", dice.pick(&MARKS)),
            6 | 7 => format!("after({})", dice.pick(&MARKS)),
            8 => dice.pick(&["true", "false"]).to_owned(),
            _ => dice.pick(&sides).to_owned(),
        });
    }
    let how = dice.pick(&["<", "<=", ">", ">=", "==", "!="]);
    if dice.one_in(3) {
        let rising = ["time", "step", "entry", "placed", "trades", "cancelled", "rejected"];
        let name = dice.pick(&rising).to_owned();
        return Truth::Compare(Number::Word(name), how, Number::Literal(literal(dice)));
    }
    let depth = dice.below(3);
    Truth::Compare(number(depth, dice), how, number(0, dice))
}

fn literal(dice: &mut Dice) -> i128 {
    match dice.below(8) {
        0 => 0,
        1 => i128::from(dice.within(95, 105)),
        2 => i128::from(dice.within(0, 1_000_000)),
        3 => dice.pick(&[i128::MAX, 1 << 64, 1 << 100]),
        _ => i128::from(dice.within(0, 12)),
    }
}

fn number(depth: u32, dice: &mut Dice) -> Number {
    let deeper = |dice: &mut Dice| Box::new(number(depth - 1, dice));
    match if depth == 0 { dice.below(3) } else { dice.below(7) } {
        0 => Number::Literal(literal(dice)),
        1 | 2 => {
            let mut names = number_names(dice);
            let count = u32::try_from(names.len()).unwrap();
            Number::Word(names.swap_remove(dice.below(count) as usize))
        }
        3 => Number::Minus(deeper(dice)),
        4 => match deeper(dice) {
            // There is no trade at a mark.
            inner if inner.text(dice).contains("trade.") => Number::Minus(inner),
            inner => Number::At(dice.pick(&MARKS), inner),
        },
        _ => Number::Two(deeper(dice), dice.pick(&["+", "-", "*", "/"]), deeper(dice)),
    }
}

impl Truth {
    /// Brackets stand wherever the order matters, and sometimes where it does not.
    fn text(&self, dice: &mut Dice) -> String {
        let text = match self {
            Self::Word(word) => word.clone(),
            Self::Exists(number) => format!("exists({})", number.text(dice)),
            Self::Compare(left, how, right) => {
                format!("{} {how} {}", left.text(dice), right.text(dice))
            }
            Self::Not(truth) => match &**truth {
                Self::Both(..) | Self::Either(..) => format!("not({})", truth.text(dice)),
                Self::Word(_) | Self::Exists(_) | Self::Compare(..) | Self::Not(_) => {
                    format!("not {}", truth.text(dice))
                }
            },
            Self::Both(left, right) => {
                let part = |truth: &Self, dice: &mut Dice| match truth {
                    Self::Either(..) => format!("({})", truth.text(dice)),
                    Self::Word(_)
                    | Self::Exists(_)
                    | Self::Compare(..)
                    | Self::Not(_)
                    | Self::Both(..) => truth.text(dice),
                };
                format!("{} and {}", part(left, dice), part(right, dice))
            }
            Self::Either(left, right) => format!("{} or {}", left.text(dice), right.text(dice)),
        };
        if dice.one_in(6) { format!("( {text})") } else { text }
    }
}

impl Number {
    fn text(&self, dice: &mut Dice) -> String {
        let text = match self {
            Self::Literal(literal) => literal.to_string(),
            Self::Word(word) => word.clone(),
            Self::Minus(number) => format!("-{}", number.operand(3, dice)),
            Self::At(name, number) => format!("at({name},{} )", number.text(dice)),
            Self::Two(left, how, right) => {
                let rank = rank(how);
                let (left, right) = (left.operand(rank, dice), right.operand(rank + 1, dice));
                format!("{left}{how}{right}")
            }
        };
        if dice.one_in(8) { format!("({text} )") } else { text }
    }

    /// As the operand of an operator that binds as tightly as this.
    fn operand(&self, rank_of_operator: u32, dice: &mut Dice) -> String {
        match self {
            Self::Two(_, how, _) if rank(how) < rank_of_operator => {
                format!("({})", self.text(dice))
            }
            Self::Two(..) | Self::Literal(_) | Self::Word(_) | Self::Minus(_) | Self::At(..) => {
                self.text(dice)
            }
        }
    }
}

/// How tightly an operator binds.
fn rank(how: &str) -> u32 {
    1 + u32::from(matches!(how, "*" | "/"))
}
