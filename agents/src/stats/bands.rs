//! Which values of a statistic are those of a market.

use std::fmt;

/// One statistic of one log, or of several.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// The row of the list of facts, 1 to 23; 0 for what is beside it.
    pub fact: u8,
    /// A name for machines: `acf_abs_1`.
    pub key: String,
    /// What it is, in words, under the title of its fact.
    pub name: String,
    /// What its values count; empty for pure numbers.
    pub unit: &'static str,
    /// The value of each log; `None` where it has none.
    pub values: Vec<Option<f64>>,
    /// Values that the statistic is from, all logs together.
    pub samples: u64,
    /// Of a single log: the central 95 % of the bootstrap.
    pub interval: Option<(f64, f64)>,
    /// Which values pass.
    pub band: Band,
}

impl Figure {
    /// The value: of several logs, their mean. `None` unless each has one.
    pub fn value(&self) -> Option<f64> {
        let values: Option<Vec<f64>> = self.values.iter().copied().collect();
        super::moments::mean(&values?)
    }

    /// Standard error of the mean; `None` for one log.
    pub fn error(&self) -> Option<f64> {
        let values: Option<Vec<f64>> = self.values.iter().copied().collect();
        super::moments::standard_error(&values?)
    }

    /// Whether the value passes.
    pub fn verdict(&self) -> Verdict {
        match (self.band, self.value()) {
            (Band::Any, _) => Verdict::ReportOnly,
            (_, Some(value)) if self.band.holds(value) => Verdict::Pass,
            (_, Some(_)) => Verdict::Fail,
            (_, None) => Verdict::NoValue,
        }
    }
}

/// Values that pass. Ends belong to a band only where they are [`Band::Within`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Band {
    /// All: the value is reported and not judged.
    Any,
    /// Below this.
    Below(f64),
    /// Above this.
    Above(f64),
    /// Between these, ends excluded.
    Between(f64, f64),
    /// Between these, ends included.
    Within(f64, f64),
}

impl Band {
    /// Whether a value passes; no NaN does, but where all do.
    pub fn holds(self, value: f64) -> bool {
        match self {
            Self::Any => true,
            Self::Below(high) => value < high,
            Self::Above(low) => low < value,
            Self::Between(low, high) => low < value && value < high,
            Self::Within(low, high) => low <= value && value <= high,
        }
    }
}

impl fmt::Display for Band {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => Ok(()),
            Self::Below(high) => write!(f, "< {high}"),
            Self::Above(low) => write!(f, "> {low}"),
            Self::Between(low, high) => write!(f, "({low}, {high})"),
            Self::Within(low, high) => write!(f, "[{low}, {high}]"),
        }
    }
}

/// What becomes of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Within its band.
    Pass,
    /// Outside.
    Fail,
    /// Not judged.
    ReportOnly,
    /// A band, but no value to judge: too few samples, or none.
    NoValue,
}

impl Verdict {
    /// The verdict in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::ReportOnly => "report",
            Self::NoValue => "none",
        }
    }
}

/// A set of bands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bands {
    /// What liquid markets show: Cont, Quantitative Finance 1 (2001) 223–236; Gopikrishnan et al.,
    /// Physical Review E 60 (1999) 5305–5316; Lillo and Farmer, Studies in Nonlinear Dynamics and
    /// Econometrics 8 (2004); Bouchaud et al., Quantitative Finance 4 (2004) 176–190. Spreads are
    /// those of a book of a few ticks. For one-second steps.
    Realistic,
    /// The figures published for marl-market's ecology; realistic bands where it has none.
    MarlMarket,
    /// Nothing is judged: recorded days.
    None,
}

impl Bands {
    /// The band of a figure; [`Band::Any`] for one that is not judged.
    pub fn of(self, key: &str) -> Band {
        let find = |table: &[(&str, Band)]| {
            table.iter().find(|(name, _)| *name == key).map(|(_, band)| *band)
        };
        match self {
            Self::Realistic => find(REALISTIC).unwrap_or(Band::Any),
            Self::MarlMarket => find(MARL_MARKET).or_else(|| find(REALISTIC)).unwrap_or(Band::Any),
            Self::None => find(CONTROLS).unwrap_or(Band::Any),
        }
    }

    /// Keys of the figures that have a band of their own in this set.
    pub fn keys(self) -> impl Iterator<Item = &'static str> {
        let table = match self {
            Self::Realistic => REALISTIC,
            Self::MarlMarket => MARL_MARKET,
            Self::None => CONTROLS,
        };
        table.iter().map(|(key, _)| *key)
    }
}

const REALISTIC: &[(&str, Band)] = &[
    ("acf_r_1", Band::Between(-0.05, 0.05)),
    ("acf_r_max_2_20", Band::Below(0.05)),
    ("kurtosis", Band::Between(5.0, 60.0)),
    ("hill", Band::Between(2.0, 5.0)),
    ("hill_plateau", Band::Below(1.6)),
    ("kurtosis_50", Band::Below(3.0)),
    ("kurtosis_50_share", Band::Below(0.25)),
    ("acf_abs_1", Band::Within(0.1, 0.4)),
    ("acf_abs_trend", Band::Below(0.0)),
    ("acf_abs_exponent", Band::Within(0.1, 0.7)),
    ("acf_abs_power", Band::Above(0.0)),
    ("hurst_abs", Band::Above(0.55)),
    ("kurtosis_scaled", Band::Above(0.5)),
    ("kurtosis_scaled_share", Band::Below(1.0)),
    ("fano", Band::Above(1.5)),
    ("volume_volatility", Band::Above(0.15)),
    ("spread_mean", Band::Within(2.0, 6.0)),
    ("sign_acf_1", Band::Above(0.05)),
    ("sign_acf_10", Band::Above(0.02)),
    ("impact_exponent", Band::Within(0.3, 0.8)),
    ("impact_exponent_high", Band::Below(1.0)),
    ("response_ratio", Band::Within(0.5, 5.0)),
    ("variance_ratio_20", Band::Within(0.6, 1.6)),
    ("shuffled_acf_abs_1", Band::Between(-0.05, 0.05)),
    ("shuffled_kurtosis_share", Band::Between(0.999, 1.001)),
];

const MARL_MARKET: &[(&str, Band)] = &[
    ("acf_r_1", Band::Within(0.2, 0.4)),
    ("acf_r_max_2_20", Band::Any),
    ("kurtosis", Band::Between(15.0, 35.0)),
    ("acf_abs_1", Band::Within(0.09, 0.19)),
    ("acf_abs_5", Band::Within(0.04, 0.1)),
    ("variance_ratio_20", Band::Any),
    ("tracking_error", Band::Within(30.0, 50.0)),
];

/// What must hold of any series: the estimators' own controls.
const CONTROLS: &[(&str, Band)] = &[
    ("shuffled_acf_abs_1", Band::Between(-0.05, 0.05)),
    ("shuffled_kurtosis_share", Band::Between(0.999, 1.001)),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(key: &str, values: &[f64]) -> Figure {
        Figure {
            fact: 1,
            key: key.to_owned(),
            name: String::new(),
            unit: "",
            values: values.iter().copied().map(Some).collect(),
            samples: 0,
            interval: None,
            band: Bands::Realistic.of(key),
        }
    }

    #[test]
    fn ends_belong_to_closed_bands_only() {
        assert_eq!(figure("kurtosis", &[5.0]).verdict(), Verdict::Fail);
        assert_eq!(figure("kurtosis", &[5.0 + 1e-9]).verdict(), Verdict::Pass);
        assert_eq!(figure("kurtosis", &[60.0]).verdict(), Verdict::Fail);
        assert_eq!(figure("acf_abs_1", &[0.1]).verdict(), Verdict::Pass);
        assert_eq!(figure("acf_abs_1", &[0.4]).verdict(), Verdict::Pass);
        assert_eq!(figure("acf_abs_1", &[0.4 + 1e-9]).verdict(), Verdict::Fail);
        assert_eq!(figure("fano", &[1.5]).verdict(), Verdict::Fail);
        assert_eq!(figure("acf_abs_trend", &[0.0]).verdict(), Verdict::Fail);
    }

    #[test]
    fn several_logs_are_judged_by_their_mean() {
        let pooled = figure("acf_r_1", &[0.06, -0.04, 0.01]);
        assert_eq!(pooled.verdict(), Verdict::Pass);
        assert!((pooled.value().unwrap() - 0.01).abs() < 1e-15);
        // s = 0.05, over √3.
        assert!((pooled.error().unwrap() - 0.05 / libm::sqrt(3.0)).abs() < 1e-15);
        assert_eq!(figure("acf_r_1", &[0.06, 0.05, 0.06]).verdict(), Verdict::Fail);
        assert_eq!(figure("acf_r_1", &[0.06]).error(), None);
    }

    #[test]
    fn what_has_no_value_neither_passes_nor_fails() {
        let mut absent = figure("hill", &[3.0]);
        absent.values.push(None);
        assert_eq!(absent.verdict(), Verdict::NoValue);
        assert_eq!(figure("leverage_1", &[]).verdict(), Verdict::ReportOnly);
        assert_eq!(figure("kurtosis", &[f64::NAN]).verdict(), Verdict::Fail);
    }

    #[test]
    fn sets_differ_where_they_should() {
        assert_eq!(Bands::MarlMarket.of("kurtosis"), Band::Between(15.0, 35.0));
        assert_eq!(Bands::MarlMarket.of("hill"), Bands::Realistic.of("hill"));
        assert_eq!(Bands::None.of("kurtosis"), Band::Any);
        assert_eq!(Bands::None.of("shuffled_acf_abs_1"), Band::Between(-0.05, 0.05));
    }
}
