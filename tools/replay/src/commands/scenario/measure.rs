//! What is measured of a run, and how the effect of a change is told.

use super::path::{Path, Window};

/// A number that is measured of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Volume,
    TrackingError,
    Spread,
    /// The same, its effect told as a factor.
    SpreadFactor,
    Volatility,
    Drawdown,
}

/// How the effect on a measure is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scale {
    /// Difference in the measure's unit.
    Difference,
    /// Difference in % of the run without.
    Percent,
    /// Quotient; means and tests are of its logarithm.
    Factor,
}

impl Measure {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Volume => "volume, lots a step",
            Self::TrackingError => "tracking error, ticks",
            Self::Spread | Self::SpreadFactor => "spread, ticks",
            Self::Volatility => "volatility, ticks",
            Self::Drawdown => "drawdown, %",
        }
    }

    /// The name in tables for programs.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Volume => "volume",
            Self::TrackingError => "tracking_error",
            Self::Spread | Self::SpreadFactor => "spread",
            Self::Volatility => "volatility",
            Self::Drawdown => "drawdown",
        }
    }

    pub(super) const fn scale(self) -> Scale {
        match self {
            Self::Volume => Scale::Percent,
            Self::SpreadFactor => Scale::Factor,
            Self::TrackingError | Self::Spread | Self::Volatility | Self::Drawdown => {
                Scale::Difference
            }
        }
    }

    pub(super) fn of(self, path: &Path, window: Window) -> Option<f64> {
        match self {
            Self::Volume => path.volume(window),
            Self::TrackingError => path.tracking_error(window),
            Self::Spread | Self::SpreadFactor => path.spread(window),
            Self::Volatility => path.volatility(window),
            Self::Drawdown => path.drawdown(window),
        }
    }
}

impl Scale {
    /// The effect of one pair; `None` where there is none, as of a volume that was 0.
    pub(super) fn effect(self, without: f64, with: f64) -> Option<f64> {
        match self {
            Self::Difference => Some(with - without),
            Self::Percent => (0.0 < without).then(|| 100.0 * (with - without) / without),
            Self::Factor => {
                (0.0 < without && 0.0 < with).then(|| libm::log(with) - libm::log(without))
            }
        }
    }

    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Difference => "difference",
            Self::Percent => "percent",
            Self::Factor => "log_factor",
        }
    }
}
