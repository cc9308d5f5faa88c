//! Figures of market logs as one page of HTML that needs nothing else: charts are inline SVG, and
//! there is no script and no link to elsewhere.
//!
//! A [`Tracker`] looks at a replay and makes a [`Track`]; with the statistics of
//! [`agents::stats`] that is a [`Run`], and [`page`] makes the HTML of some runs. A [`Training`] is
//! what was found of a training run, and [`training_page`] makes its HTML. [`Episodes`] are those of an
//! adversarial market, and [`episodes_page`] makes theirs.
//!
//! **Invariants:** no I/O, clock or thread; the same runs give the same bytes on every target, since
//! floats are `+ − × /` and `libm` in fixed order and end at integers in `number`. Every text of a
//! log is escaped. Sentences under the charts are made from the data and say nothing that was not
//! measured. Long lines are thinned, so that a page stays below a few megabytes.
//!
//! Reading order: `track`, `run`, `panels`, `page`; `quotes`, `training`; `adversarial`; then `chart`, `scale`,
//! `thin`, `html`, `number`.

mod adversarial;
mod chart;
mod curve;
mod html;
mod number;
mod page;
mod panels;
mod picture;
mod quotes;
mod run;
mod scale;
mod thin;
mod track;
mod training;

pub use adversarial::{EpisodeLog, Episodes, Gathering, episodes_page};
pub use curve::{Chance, Curve, OutcomeCurve};
pub use page::{Page, page};
pub use picture::picture;
pub use quotes::{Quote, QuoteTracker, Quotes};
pub use run::{MAKERS_LEAVE, MAKERS_RETURN, Run};
pub use track::{Holding, Holdings, Look, Moment, RulesFrom, Track, Tracker};
pub use training::{Contender, Evaluation, Makers, Training, TrainingLog, training_page};
