//! What a choice means, in words.

use super::space::{
    FLOW_WEIGHTS, HALF_SPREADS, LEANS, MOMENTUM_LOTS, SIZES, SKEWS, Space, VALUE_LOTS,
};

/// A head of a space: what it decides, and its values by index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What it decides: `half-spread`.
    pub name: &'static str,
    /// Its unit; empty where the values say what they are.
    pub unit: &'static str,
    /// Its values, as many as [`Space::heads`] says.
    pub values: Vec<String>,
}

impl Space {
    /// The space with this number in decisions.
    pub fn of_policy(policy: u32) -> Option<Self> {
        Self::ALL.into_iter().find(|space| space.policy() == policy)
    }

    /// Its heads in their order.
    pub fn words(self) -> Vec<Head> {
        let numbers = |name, unit, values: &[f64]| Head {
            name,
            unit,
            values: values.iter().map(f64::to_string).collect(),
        };
        let lots = |values: &[i64]| Head {
            name: "lots",
            unit: "",
            values: values.iter().map(i64::to_string).collect(),
        };
        let named = |name, values: &[&str]| Head {
            name,
            unit: "",
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        };
        let half_spread = || numbers("half-spread", "ticks", &HALF_SPREADS);
        let size = || numbers("size", "times the rule's", &SIZES);
        match self {
            Self::MakerFlow => vec![
                half_spread(),
                numbers("flow", "ticks a lot", &FLOW_WEIGHTS),
                size(),
                numbers("skew", "ticks a lot", &SKEWS),
            ],
            Self::MakerNeutral => vec![half_spread(), numbers("lean", "ticks", &LEANS), size()],
            Self::Momentum => {
                vec![named("act", &["hold", "buy", "sell", "unwind"]), lots(&MOMENTUM_LOTS)]
            }
            Self::Value => vec![
                named("act", &["nothing", "buy", "sell", "both"]),
                named("price", &["reach", "join", "far"]),
                lots(&VALUE_LOTS),
            ],
            Self::Noise => vec![named(
                "act",
                &[
                    "nothing",
                    "buy at once",
                    "sell at once",
                    "buy near",
                    "sell near",
                    "buy far",
                    "sell far",
                ],
            )],
        }
    }

    /// What was chosen, a name and a value for each head: `half-spread` `2.5`. `None` for an action
    /// that is none of this space.
    pub fn chosen(self, action: &[i32]) -> Option<Vec<(&'static str, String)>> {
        let heads = self.words();
        if action.len() != heads.len() {
            return None;
        }
        let chosen = heads.into_iter().zip(action).map(|(head, index)| {
            let value = head.values.get(usize::try_from(*index).ok()?)?.clone();
            Some((head.name, value))
        });
        chosen.collect()
    }

    /// The same in one line, without what makes no difference: `half-spread 2.5 flow 0.3 size 0.7
    /// skew 0.036`, `buy 6`, `both 8`, `hold`.
    pub fn describe(self, action: &[i32]) -> Option<String> {
        let chosen = self.chosen(action)?;
        let words = |heads: &[usize]| {
            let values = heads.iter().filter_map(|head| Some(chosen.get(*head)?.1.as_str()));
            values.collect::<Vec<_>>().join(" ")
        };
        let first = chosen.first().map_or("", |(_, value)| value.as_str());
        Some(match (self, first) {
            (Self::MakerFlow | Self::MakerNeutral, _) => {
                let pairs = chosen.iter().map(|(name, value)| format!("{name} {value}"));
                pairs.collect::<Vec<_>>().join(" ")
            }
            (Self::Momentum | Self::Value, "hold" | "nothing") | (Self::Noise, _) => words(&[0]),
            (Self::Momentum, _) => words(&[0, 1]),
            // Backstops have a price of their own.
            (Self::Value, "both") => words(&[0, 2]),
            (Self::Value, _) => words(&[0, 1, 2]),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learned::{Choice, MakerPrice, MomentumChoice, NoiseChoice, ValueChoice};

    #[test]
    fn every_head_has_a_word_for_each_value() {
        for space in Space::ALL {
            let words: Vec<_> = space.words().iter().map(|head| head.values.len()).collect();
            let heads: Vec<_> = space.heads().iter().map(|values| usize::from(*values)).collect();
            assert_eq!(words, heads, "{space:?}");
            assert_eq!(Space::of_policy(space.policy()), Some(space));
        }
        assert_eq!((Space::of_policy(3), Space::of_policy(21)), (None, None));
    }

    #[test]
    fn a_choice_is_told_as_it_is_carried_out() {
        let told = |space: Space, action: &[i32]| space.describe(action).unwrap_or_default();
        assert_eq!(
            told(Space::MakerFlow, &[4, 6, 0, 1]),
            "half-spread 2.5 flow 0.3 size 0.7 skew 0.036"
        );
        let choice = Choice { heads: [4, 6, 0, 1], ..Choice::default() }.maker(Space::MakerFlow, 0);
        let price = MakerPrice::Flow { weight: 0.3, skew: 0.036 };
        assert_eq!((choice.half_spread, choice.size, choice.price), (2.5, 0.7, price));
        assert_eq!(told(Space::MakerNeutral, &[0, 1, 2]), "half-spread 0.5 lean -1 size 1.5");
        let of = |heads| Choice { heads, ..Choice::default() };
        assert_eq!(told(Space::Momentum, &[3, 2]), "unwind 13");
        assert_eq!(of([3, 2, 0, 0]).momentum(), MomentumChoice::Unwind(13));
        assert_eq!(told(Space::Momentum, &[0, 2]), "hold");
        assert_eq!(told(Space::Value, &[2, 1, 1]), "sell join 8");
        assert_eq!(of([2, 1, 1, 0]).value(), ValueChoice::Join(-8));
        assert_eq!(told(Space::Value, &[3, 1, 2]), "both 24");
        assert_eq!(of([3, 1, 2, 0]).value(), ValueChoice::Both(24));
        assert_eq!(told(Space::Noise, &[4]), "sell near");
        assert_eq!(of([4, 0, 0, 0]).noise(), NoiseChoice::Near(false));
        assert_eq!(told(Space::Noise, &[5]), "buy far");
        assert_eq!(of([5, 0, 0, 0]).noise(), NoiseChoice::Far(true));
    }

    #[test]
    fn what_is_no_choice_has_no_words() {
        for action in [&[][..], &[0], &[0, 0, 0, 3], &[6, 0, 0, 0], &[-1, 0, 0, 0], &[0; 5]] {
            assert_eq!(Space::MakerFlow.describe(action), None, "{action:?}");
        }
    }
}
