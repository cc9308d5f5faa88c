//! Which queries, once true, stay true whatever the market does. When in doubt, none.

use crate::tree::{Comparison, Number, Term, Truth};

impl Truth {
    /// Whether it can go from false to true but not back.
    pub(crate) fn only_rises(&self) -> bool {
        match self {
            Self::Constant(_) | Self::After { .. } => true,
            Self::Flag(_) | Self::Mark(_) | Self::TradeSide(_) | Self::Not(_) => false,
            // The first trade is never forgotten.
            Self::Exists(number) => *number == Number::Term(Term::LastTrade),
            Self::Compare(left, how, right) => match how {
                Comparison::Greater | Comparison::AtLeast => left.rises() && right.is_constant(),
                Comparison::Less | Comparison::AtMost => left.is_constant() && right.rises(),
                Comparison::Equal | Comparison::Unequal => false,
            },
            Self::All(truths) | Self::Any(truths) => truths.iter().all(Self::only_rises),
        }
    }
}

impl Number {
    fn rises(&self) -> bool {
        matches!(self, Self::Term(term) if term.only_rises())
    }

    /// Whether nothing of the market is in it.
    fn is_constant(&self) -> bool {
        match self {
            Self::Literal(_) => true,
            Self::Term(_) | Self::At { .. } => false,
            Self::Minus(number) => number.is_constant(),
            Self::Sum(first, rest) => {
                first.is_constant() && rest.iter().all(|(_, number)| number.is_constant())
            }
            Self::Product(first, rest) => {
                first.is_constant() && rest.iter().all(|(_, number)| number.is_constant())
            }
        }
    }
}
