//! Settings that are one of a few names.

/// Defines a setting of named values.
macro_rules! names {
    ($(
        $(#[$about:meta])*
        $type:ident { $( $(#[$each:meta])* $value:ident $name:literal, )* }
    )*) => {$(
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $type {
            $( $(#[$each])* $value, )*
        }

        impl $type {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$value),*];
            /// Their names, in the same order.
            pub const NAMES: &[&str] = &[$($name),*];

            /// The name.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$value => $name,)* }
            }

            /// The value of this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$value),)* _ => None }
            }
        }
    )*};
}

names! {
    /// What the trader's place does in an episode of type z = 0. In type z = 1 an informed trader
    /// buys its parent order.
    Mode {
        /// An uninformed buyer buys a parent order of the same size by the law of the noise.
        Uninformed "uninformed",
        /// Nobody is there: what comes is noise alone.
        Silent "silent",
        /// Orders of the noise's law come from there on both sides, as many lots.
        Noise "noise",
    }

    /// How the informed trader slices its parent order.
    TraderPolicy {
        /// Equal slices at the market, every step.
        Twap "twap",
        /// Slices at the market that follow a volume profile in the shape of a U.
        Vwap "vwap",
        /// TWAP, but some slices are drawn at random.
        Camouflage "camouflage",
        /// A share of the volume that others traded in the last step, at the market.
        Pov "pov",
        /// Exactly what the uninformed buyer does.
        Copy "copy",
        /// Nothing.
        Abstain "abstain",
    }

    /// How the maker quotes.
    MakerPolicy {
        /// The half-spread of the settings.
        Fixed "fixed",
        /// The half-spread × (1 + 2b).
        Belief "belief",
        /// Avellaneda and Stoikov's reservation price and spread.
        AvellanedaStoikov "avellaneda-stoikov",
    }

    /// When the arbitrageur trades against quotes that are old.
    ArbitrageurPolicy {
        /// Never.
        Idle "none",
        /// Behind the side that took more lots in this step's prints.
        Prints "prints",
        /// Behind a move of the belief.
        Belief "belief",
    }

    /// Who says what b is.
    BeliefPolicy {
        /// What was believed before anything was seen, always.
        Prior "prior",
        /// Bayes' rule for buys that come as a Poisson stream.
        Bayes "bayes",
    }

    /// What `noise.rate` counts.
    RateRule {
        /// Orders a step.
        Step "step",
        /// As in release 0.1.0 of the published system: rate ÷ steps × 10 orders a step.
        Release "release",
    }

    /// What the trader pays for in leakage.
    Leakage {
        /// Each step's increment of ln b.
        Increment "increment",
        /// One number for every step of every episode, the mean of ln 2b at the ends of the episodes
        /// before: a control, which teaches nothing.
        Episode "episode",
    }
}
