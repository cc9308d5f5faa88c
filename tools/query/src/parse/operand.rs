//! What stands beside an operator, and whether it has the type that the operator wants.

use std::fmt::Display;

use kernel::Side;

use crate::error::{Fault, Problem, quoted};
use crate::tree::{Comparison, Number, Truth};

/// Something that has been read.
pub(super) struct Operand {
    pub(super) start: usize,
    pub(super) is: Is,
}

pub(super) enum Is {
    Truth(Truth),
    Number(Number),
    /// `trade.side`
    TradeSide,
    /// `buy` or `sell`
    Side(Side),
}

impl Operand {
    /// A truth, which this operator joins.
    pub(super) fn truth(self, operator: &str) -> Result<Truth, Fault> {
        match self.is {
            Is::Truth(truth) => Ok(truth),
            Is::Number(_) | Is::TradeSide | Is::Side(_) => {
                let wanted = format!("`{operator}` takes what is true or false");
                Err(self.mistyped(wanted))
            }
        }
    }

    /// A number, which this operator takes.
    pub(super) fn number(self, operator: impl Display) -> Result<Number, Fault> {
        match self.is {
            Is::Number(number) => Ok(number),
            Is::Truth(_) | Is::TradeSide | Is::Side(_) => {
                Err(self.mistyped(format!("`{operator}` takes numbers")))
            }
        }
    }

    /// All of a query.
    pub(super) fn whole_truth(self) -> Result<Truth, Fault> {
        match self.is {
            Is::Truth(truth) => Ok(truth),
            Is::Number(_) | Is::TradeSide | Is::Side(_) => {
                Err(self.mistyped("a query is true or false".to_owned()))
            }
        }
    }

    /// What may stand behind it where a query ends.
    pub(super) const fn what_may_follow(&self) -> &'static str {
        match self.is {
            Is::Truth(_) => "`and`, `or` or the end",
            Is::Number(_) => "an operator or the end",
            Is::TradeSide | Is::Side(_) => "`==` or `!=`",
        }
    }

    pub(super) const fn is_side(&self) -> bool {
        matches!(self.is, Is::TradeSide | Is::Side(_))
    }

    fn mistyped(self, wanted: String) -> Fault {
        let found = match &self.is {
            Is::Truth(truth) => format!("{} is true or false", quoted(&truth.to_string())),
            Is::Number(number) => {
                format!(
                    "{} is a number; compare it, as `spread > 20` does",
                    quoted(&number.to_string())
                )
            }
            Is::TradeSide => "`trade.side` is a side; compare it, as in `trade.side == buy`".into(),
            Is::Side(side) => format!("`{side}` is a side; compare `trade.side` with it"),
        };
        Fault { offset: self.start, problem: Problem::Type { wanted, found } }
    }
}

/// `trade.side == buy` and what means the same.
pub(super) fn side_comparison(
    left: &Operand,
    how: Comparison,
    right: &Operand,
) -> Result<Truth, Fault> {
    let side = match (&left.is, &right.is) {
        (Is::TradeSide, Is::Side(side)) | (Is::Side(side), Is::TradeSide) => Some(*side),
        (Is::Truth(_) | Is::Number(_) | Is::TradeSide | Is::Side(_), _) => None,
    };
    match (side, how) {
        (Some(side), Comparison::Equal) => Ok(Truth::TradeSide(side)),
        (Some(side), Comparison::Unequal) => Ok(Truth::TradeSide(side.opposite())),
        (
            Some(_) | None,
            Comparison::Less
            | Comparison::AtMost
            | Comparison::Greater
            | Comparison::AtLeast
            | Comparison::Equal
            | Comparison::Unequal,
        ) => {
            let wanted = "sides are compared as in `trade.side == buy`".to_owned();
            let found = "`==` and `!=` take `trade.side` and one of `buy` and `sell`".to_owned();
            Err(Fault { offset: left.start, problem: Problem::Type { wanted, found } })
        }
    }
}
