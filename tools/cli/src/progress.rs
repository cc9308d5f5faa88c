//! A progress bar on standard error, only where a terminal shows it.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows how far long work is.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    shown: u64,
    /// Whether the line of words is there.
    has_words: bool,
}

/// Calls between two looks at the bar, so that it costs nothing.
const EVERY: u64 = 4096;

impl Progress {
    /// A bar over so many units; 0 when nobody knows.
    pub fn new(what: &'static str, len: u64) -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(10);
        let bar = if len == 0 {
            ProgressBar::with_draw_target(None, target)
        } else {
            ProgressBar::with_draw_target(Some(len), target)
        };
        let template = if len == 0 {
            "{msg} {spinner} {human_pos}"
        } else {
            "{msg} {wide_bar} {human_pos}/{human_len} {eta}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self { bar, shown: 0, has_words: false }
    }

    /// Is at this unit now.
    pub fn at(&mut self, position: u64) {
        if self.shown + EVERY <= position {
            self.shown = position;
            self.bar.set_position(position);
        }
    }

    /// Reports a position together with a few words about it, both at once: the words stand in a line
    /// of their own, cut to the terminal's width.
    pub fn say(&mut self, position: u64, words: &str) {
        self.shown = position;
        if !self.has_words {
            self.has_words = true;
            let template = "{wide_bar} {human_pos}/{human_len} {eta}\n{wide_msg}";
            if let Ok(style) = ProgressStyle::with_template(template) {
                self.bar.set_style(style);
            }
        }
        self.bar.set_message(words.to_owned());
        self.bar.set_position(position);
        // Whoever speaks does so seldom: what was said is seen, however soon it follows.
        self.bar.force_draw();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
