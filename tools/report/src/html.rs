//! Text, tables and panels as HTML.

use std::fmt::Write as _;

use crate::chart::Chart;

/// A text that may hold anything, made harmless: nothing in it is markup, in attributes either.
pub(crate) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            // Invisible letters that turn the direction of writing would show another text.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => safe.push('\u{fffd}'),
            letter if letter.is_control() => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
    safe
}

/// What a column of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Words that may be broken into lines.
    Words,
    /// Numbers, or words that may not.
    Number,
}

/// A table; its cells are texts, not HTML.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table {
    pub(crate) heads: Vec<(String, Option<Column>)>,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns and no rows yet.
    pub(crate) fn new(heads: &[(&str, Column)]) -> Self {
        let heads = heads.iter().map(|(name, column)| ((*name).to_owned(), Some(*column)));
        Self { heads: heads.collect(), rows: Vec::new() }
    }

    pub(crate) fn html(&self) -> String {
        let class = |place: usize| match self.heads.get(place).and_then(|(_, column)| *column) {
            Some(Column::Number) => " class=\"n\"",
            Some(Column::Words) | None => "",
        };
        let mut text = String::from("<div class=\"scroll\"><table><thead><tr>");
        for (place, (name, _)) in self.heads.iter().enumerate() {
            let _ = write!(text, "<th scope=\"col\"{}>{}</th>", class(place), escape(name));
        }
        text.push_str("</tr></thead><tbody>\n");
        for row in &self.rows {
            text.push_str("<tr>");
            for (place, cell) in row.iter().enumerate() {
                let _ = write!(text, "<td{}>{}</td>", class(place), escape(cell));
            }
            text.push_str("</tr>\n");
        }
        text.push_str("</tbody></table></div>\n");
        text
    }
}

/// A chart with what it says.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    /// What it shows, above the legend.
    pub(crate) heading: String,
    pub(crate) chart: Chart,
    /// What the data say, in a sentence or two; a line for each log.
    pub(crate) reading: String,
}

/// One subject of a page.
#[derive(Clone, Debug)]
pub(crate) struct Panel {
    /// Its anchor.
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    /// What is shown and how it was measured.
    pub(crate) about: String,
    pub(crate) figures: Vec<Figure>,
    /// HTML below the figures.
    pub(crate) below: String,
    /// Why there is nothing to show, and which logs would give it.
    pub(crate) missing: Option<String>,
}

impl Panel {
    pub(crate) fn new(id: &'static str, title: &'static str, about: impl Into<String>) -> Self {
        Self {
            id,
            title,
            about: about.into(),
            figures: Vec::new(),
            below: String::new(),
            missing: None,
        }
    }

    /// Adds a sentence to what is said above the figures.
    pub(crate) fn say(&mut self, sentence: &str) {
        self.about.push_str(sentence);
    }

    /// The panel without anything to show, and why.
    pub(crate) fn missing(mut self, why: impl Into<String>) -> Self {
        self.missing = Some(why.into());
        self
    }

    pub(crate) fn html(&self, number: usize) -> String {
        let Self { id, title, .. } = self;
        let mut text = format!("<section id=\"{id}\">\n<h2>{number}. {title}</h2>\n");
        if let Some(why) = &self.missing {
            let _ = writeln!(text, "<p class=\"none\">Left out: {}.</p>\n</section>", escape(why));
            return text;
        }
        let _ = writeln!(text, "<p class=\"soft\">{}</p>", escape(&self.about));
        if !self.figures.is_empty() {
            text.push_str("<div class=\"figures\">\n");
        }
        for (place, figure) in self.figures.iter().enumerate() {
            let heading = escape(&figure.heading);
            let _ = write!(text, "<figure>\n<h3>{heading}</h3>\n{}", figure.chart.legend());
            text.push_str(
                &figure
                    .chart
                    .svg(&format!("{id}-{}", place + 1), &figure.reading.replace('\n', " ")),
            );
            text.push_str("<figcaption>");
            for line in figure.reading.lines() {
                let _ = write!(text, "<p>{}</p>", escape(line));
            }
            text.push_str("</figcaption>\n</figure>\n");
        }
        if !self.figures.is_empty() {
            text.push_str("</div>\n");
        }
        text.push_str(&self.below);
        text.push_str("</section>\n");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_markup() {
        assert_eq!(
            escape("<script>alert('1 & \"2\"')</script>\n\u{202e}é"),
            "&lt;script&gt;alert(&#39;1 &amp; &quot;2&quot;&#39;)&lt;/script&gt;\u{fffd}\u{fffd}é"
        );
    }

    #[test]
    fn cells_and_heads_are_texts() {
        let mut table = Table::new(&[("<b>", Column::Words), ("n", Column::Number)]);
        table.rows.push(vec!["<i>".to_owned(), "1".to_owned()]);
        let html = table.html();
        assert!(
            html.contains("<th scope=\"col\">&lt;b&gt;</th><th scope=\"col\" class=\"n\">n</th>")
        );
        assert!(html.contains("<td>&lt;i&gt;</td><td class=\"n\">1</td>"), "{html}");
    }

    #[test]
    fn a_panel_without_data_is_one_line() {
        let panel = Panel::new("x", "Title", "about").missing("it takes <two> logs");
        let html = "<section id=\"x\">\n<h2>3. Title</h2>\n<p class=\"none\">Left out: it takes \
                    &lt;two&gt; logs.</p>\n</section>\n";
        assert_eq!(panel.html(3), html);
    }
}
