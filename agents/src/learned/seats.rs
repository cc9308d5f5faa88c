//! Who sits in a seat, and what for: a part of a configuration that stands in a log's header.

use std::collections::BTreeMap;

use super::{MakerChoice, MakerPrice, Space};
use crate::agent::Kind;
use crate::config::Decimal;

/// The agents of one type, when they do not follow their fixed rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// A policy chooses from this space.
    Learned(Space),
    /// Makers by Avellaneda and Stoikov (2008), eqs. 29 and 30, with a constant variance and a horizon
    /// of one step: they quote the centre less γσ²·inventory, at most 30 ticks, and half a spread of
    /// γσ²/2 + ln(1 + γ/k)/γ.
    AvellanedaStoikov {
        /// Risk aversion γ, in 1/(tick·lot).
        gamma: Decimal,
        /// How fast fills become rare with distance, k, in 1/ticks.
        k: Decimal,
        /// Variance σ² of the mid, in square ticks a step.
        variance: Decimal,
    },
}

/// Farthest that inventory moves the quotes of [`Seat::AvellanedaStoikov`], in ticks.
const STOIKOV_SKEW_MAX: f64 = 30.0;

impl Seat {
    /// How a log's header tells it.
    fn text(self) -> String {
        match self {
            Self::Learned(space) => space.name().to_owned(),
            Self::AvellanedaStoikov { gamma, k, variance } => {
                format!("avellaneda-stoikov {gamma} {k} {variance}")
            }
        }
    }

    fn parse(kind: Kind, text: &str) -> Option<Self> {
        if let Some(space) = Space::named(kind, text) {
            return Some(Self::Learned(space));
        }
        let words: Vec<_> = text.split(' ').collect();
        let [name, gamma, k, variance] = words[..] else { return None };
        let number = |word: &str| Decimal::parse(word).filter(|number| Decimal::ZERO < *number);
        let found = Self::AvellanedaStoikov {
            gamma: number(gamma)?,
            k: number(k)?,
            variance: number(variance)?,
        };
        let is_theirs = kind == Kind::Maker && name == "avellaneda-stoikov";
        (is_theirs && found.text() == text).then_some(found)
    }

    /// What a maker in this seat quotes without being told; `None` where a policy chooses.
    pub(crate) fn quotes(self) -> Option<MakerChoice> {
        let Self::AvellanedaStoikov { gamma, k, variance } = self else { return None };
        let (gamma, k, variance) = (gamma.to_f64(), k.to_f64(), variance.to_f64());
        Some(MakerChoice {
            half_spread: gamma * variance * 0.5 + libm::log(1.0 + gamma / k) / gamma,
            size: 1.0,
            price: MakerPrice::Skewed { skew: gamma * variance, max: STOIKOV_SKEW_MAX },
            lots_min: 0,
        })
    }
}

/// Which types do not follow their fixed rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seats {
    by_kind: [Option<Seat>; Kind::ALL.len()],
    /// Learned makers quote one lot on each side even at their inventory limit.
    pub must_quote: bool,
}

/// A parameter that names no seat.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} = {value}: {expected}")]
pub struct SeatsError {
    /// The parameter.
    pub key: String,
    /// Its text.
    pub value: String,
    /// What it may be.
    pub expected: &'static str,
}

const MUST_QUOTE: &str = "learned.must_quote";

impl Seats {
    /// Gives a type a seat, in place of another one.
    ///
    /// # Errors
    /// [`SeatsError`] for a space of another type.
    pub fn put(&mut self, kind: Kind, seat: Seat) -> Result<(), SeatsError> {
        if Seat::parse(kind, &seat.text()) != Some(seat) {
            return Err(bad(kind, &seat.text()));
        }
        self.by_kind[kind as usize] = Some(seat);
        Ok(())
    }

    /// The seat of a type.
    pub const fn of(&self, kind: Kind) -> Option<Seat> {
        self.by_kind[kind as usize]
    }

    /// The space from which a policy chooses for this type.
    pub const fn space(&self, kind: Kind) -> Option<Space> {
        match self.of(kind) {
            Some(Seat::Learned(space)) => Some(space),
            Some(Seat::AvellanedaStoikov { .. }) | None => None,
        }
    }

    /// Parameters of a log's header, beside those of the ecology: `learned.maker = flow`.
    pub fn parameters(&self) -> BTreeMap<String, String> {
        let seated = Kind::ALL.into_iter().filter_map(|kind| Some((kind, self.of(kind)?)));
        let mut all: BTreeMap<_, _> =
            seated.map(|(kind, seat)| (format!("learned.{}", kind.name()), seat.text())).collect();
        if self.must_quote {
            all.insert(MUST_QUOTE.to_owned(), "1".to_owned());
        }
        all
    }

    /// Takes what [`Seats::parameters`] wrote out of parameters; what it does not know stays there.
    ///
    /// # Errors
    /// [`SeatsError`] for a value that is none.
    pub fn take(parameters: &mut BTreeMap<String, String>) -> Result<Self, SeatsError> {
        let mut seats = Self::default();
        for kind in Kind::ALL {
            if let Some(text) = parameters.remove(&format!("learned.{}", kind.name())) {
                let seat = Seat::parse(kind, &text).ok_or_else(|| bad(kind, &text))?;
                seats.by_kind[kind as usize] = Some(seat);
            }
        }
        if let Some(value) = parameters.remove(MUST_QUOTE) {
            if value != "1" {
                return Err(SeatsError { key: MUST_QUOTE.to_owned(), value, expected: "1" });
            }
            seats.must_quote = true;
        }
        Ok(seats)
    }
}

fn bad(kind: Kind, value: &str) -> SeatsError {
    let expected = match kind {
        Kind::Maker => {
            "flow, neutral or avellaneda-stoikov GAMMA K VARIANCE, three numbers above 0"
        }
        Kind::Momentum | Kind::Value | Kind::Noise => "plain",
    };
    SeatsError { key: format!("learned.{}", kind.name()), value: value.to_owned(), expected }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_they_were_written() {
        let mut seats = Seats { must_quote: true, ..Seats::default() };
        let number = |text| Decimal::parse(text).unwrap();
        let stoikov = Seat::AvellanedaStoikov {
            gamma: number("0.02"),
            k: number("0.25"),
            variance: number("47"),
        };
        for seat in [Seat::Learned(Space::MakerFlow), Seat::Learned(Space::MakerNeutral), stoikov] {
            seats.put(Kind::Maker, seat).unwrap();
            seats.put(Kind::Value, Seat::Learned(Space::Value)).unwrap();
            let mut parameters = seats.parameters();
            parameters.insert("steps".to_owned(), "5".to_owned());
            assert_eq!(Seats::take(&mut parameters), Ok(seats));
            assert_eq!(parameters.len(), 1, "what is not theirs stays");
        }
        assert_eq!(seats.parameters()["learned.maker"], "avellaneda-stoikov 0.02 0.25 47");
    }

    #[test]
    fn seats_of_other_types_are_refused() {
        let mut seats = Seats::default();
        let error = seats.put(Kind::Noise, Seat::Learned(Space::Value)).unwrap_err();
        assert_eq!(error.to_string(), "learned.noise = plain: plain");
        assert!(seats.put(Kind::Maker, Seat::Learned(Space::Noise)).is_err());
    }

    #[test]
    fn a_text_that_is_no_seat_is_named() {
        for (key, value) in [
            ("learned.maker", "plain"),
            ("learned.maker", "avellaneda-stoikov 0 1 1"),
            ("learned.maker", "avellaneda-stoikov 0.10 1 1"),
            ("learned.noise", "avellaneda-stoikov 1 1 1"),
            ("learned.must_quote", "0"),
        ] {
            let mut parameters = BTreeMap::from([(key.to_owned(), value.to_owned())]);
            let error = Seats::take(&mut parameters).unwrap_err();
            assert_eq!((error.key.as_str(), error.value.as_str()), (key, value));
        }
    }

    #[test]
    fn avellaneda_and_stoikov_quote_by_their_formulas() {
        let seat = Seat::parse(Kind::Maker, "avellaneda-stoikov 0.02 0.25 47").unwrap();
        let quotes = seat.quotes().unwrap();
        // .02 · 47 / 2 + ln(1.08) / .02 = .47 + 3.848
        assert!((quotes.half_spread - 4.318_052).abs() < 1e-6, "{quotes:?}");
        assert_eq!(quotes.price, MakerPrice::Skewed { skew: 0.02 * 47.0, max: 30.0 });
    }
}
