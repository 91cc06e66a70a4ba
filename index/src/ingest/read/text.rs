//! A scraped page as text → an article: title line, caption and credit, counter, byline, subheads, paragraphs, furniture.
//! It goes by lines; it does not look for places in them, and leaves the date to `date`.

use super::byline::{byline, is_at_most};
use super::credit::is_credit;
use super::dateline;
use super::line_spans::line_spans;
use super::picture_credit::{credit, photographer};
use crate::document::{Article, ArticleId, Segment, SegmentKind};
use crate::ingest::{date, furniture};
use fihrist_arabic::Span;
use fihrist_arabic::chars::is_format;

/// A longer first line is a paragraph, and the text has no title.
const MAX_TITLE_CHARS: usize = 250;
/// A headline within the text is not longer.
const MAX_SUBHEAD_CHARS: usize = 80;
/// Nor a line under the headline.
const MAX_DEK_CHARS: usize = 160;

/// Reads the text of a page. Its section and URL are not in it, its date perhaps.
pub fn read(id: ArticleId, text: String) -> Article {
    let mut page = Page::new(&text, line_spans(&text));
    page.mark_title_and_furniture();
    page.mark_credits();
    page.mark_bylines();
    page.mark_owners();
    page.mark_headlines();
    page.mark_dateline();
    let Page {
        segments,
        source,
        authors,
        ..
    } = page.finish();
    debug_assert!(
        segments.is_sorted_by(|one, next| one.span.end <= next.span.start),
        "segments are in order"
    );
    let published = date::in_text(&text, &segments);
    Article {
        id,
        text,
        segments,
        source,
        section: None,
        authors,
        url: None,
        published,
    }
}

/// A page whose lines are given their kinds one rule after the other.
///
/// Invariant: `kinds` runs beside `lines`; `None` is a line that no rule has claimed.
struct Page<'a> {
    text: &'a str,
    lines: Vec<Span>,
    kinds: Vec<Option<SegmentKind>>,
    /// Where the credit begins in a line that has one.
    credits: Vec<(usize, usize)>,
    /// The line that begins with a dateline, and where its text begins.
    dateline: Option<(usize, usize)>,
    segments: Vec<Segment>,
    source: Option<String>,
    authors: Vec<String>,
}

impl<'a> Page<'a> {
    fn new(text: &'a str, lines: Vec<Span>) -> Self {
        let kinds = vec![None; lines.len()];
        Self {
            text,
            lines,
            kinds,
            credits: Vec::new(),
            dateline: None,
            segments: Vec::new(),
            source: None,
            authors: Vec::new(),
        }
    }

    fn line(&self, index: usize) -> &'a str {
        self.lines[index].slice(self.text)
    }

    fn unclaimed(&self) -> Vec<usize> {
        (0..self.lines.len())
            .filter(|index| self.kinds[*index].is_none())
            .collect()
    }

    fn mark_title_and_furniture(&mut self) {
        let has_title = self
            .lines
            .first()
            .is_some_and(|line| is_at_most(line.slice(self.text), MAX_TITLE_CHARS));
        let first = usize::from(has_title);
        if has_title {
            self.kinds[0] = Some(SegmentKind::Title);
        }
        let is_furniture = furniture::mark(self.text, &self.lines[first..]);
        for (index, is_furniture) in (first..).zip(is_furniture) {
            if is_furniture || is_counter(self.line(index)) {
                self.kinds[index] = Some(SegmentKind::Furniture);
            }
        }
    }

    /// `… مصدر الصورة :الشرق الأوسط`: the line is a caption up to the credit. The first credit names the source.
    fn mark_credits(&mut self) {
        for index in self.unclaimed() {
            let line = self.line(index);
            if let Some((start, name)) = credit(line) {
                self.kinds[index] = Some(SegmentKind::Caption);
                self.credits.push((index, start));
                self.source.get_or_insert_with(|| name.to_owned());
            } else if let Some(start) = photographer(line) {
                self.kinds[index] = Some(SegmentKind::Caption);
                self.credits.push((index, start));
            }
        }
    }

    fn mark_bylines(&mut self) {
        for index in self.unclaimed() {
            if let Some(names) = byline(self.line(index)) {
                self.kinds[index] = Some(SegmentKind::Byline);
                self.authors.extend(names);
            }
        }
    }

    /// A line that names agencies or a newspaper and says nothing else says whose the text is.
    fn mark_owners(&mut self) {
        for index in self.unclaimed() {
            if is_credit(self.line(index)) {
                self.kinds[index] = Some(SegmentKind::Credit);
            }
        }
    }

    /// The first paragraph may begin with place and agency, or they have a line of their own.
    fn mark_dateline(&mut self) {
        let is_text = |kind: &Option<SegmentKind>| {
            kind.is_none() || matches!(kind, Some(SegmentKind::Dek | SegmentKind::Subhead))
        };
        // A line of its own looks like a dek.
        for index in (0..self.lines.len())
            .filter(|index| is_text(&self.kinds[*index]))
            .take(2)
        {
            if let Some(end) = dateline::end(self.line(index)) {
                self.dateline = Some((index, end));
                return;
            }
        }
    }

    /// A short line that stands alone before a paragraph is a subhead; right under the title it is the dek.
    fn mark_headlines(&mut self) {
        let is_short = |index: usize, max_chars| {
            self.kinds.get(index) == Some(&None)
                && is_at_most(self.line(index), max_chars)
                && !ends_with_punctuation(self.line(index))
        };
        let is_paragraph = |index: usize| {
            self.kinds.get(index) == Some(&None) && !is_short(index, MAX_SUBHEAD_CHARS)
        };
        let belongs_to_head = |index: usize| match self.kinds.get(index) {
            Some(Some(SegmentKind::Caption | SegmentKind::Byline)) => true,
            Some(Some(SegmentKind::Furniture)) => is_counter(self.line(index)),
            Some(_) | None => false,
        };
        let follows_title = |index: usize| index == 1 && self.kinds[0] == Some(SegmentKind::Title);
        let kind = |index: usize| {
            let leads_on = is_paragraph(index + 1) || belongs_to_head(index + 1);
            if follows_title(index) && is_short(index, MAX_DEK_CHARS) && leads_on {
                Some(SegmentKind::Dek)
            } else if index > 0
                && is_short(index, MAX_SUBHEAD_CHARS)
                && is_paragraph(index + 1)
                && !is_short(index - 1, MAX_SUBHEAD_CHARS)
            {
                Some(SegmentKind::Subhead)
            } else {
                None
            }
        };
        let headlines: Vec<_> = self
            .unclaimed()
            .into_iter()
            .map(|index| (index, kind(index)))
            .collect();
        for (index, kind) in headlines {
            self.kinds[index] = kind;
        }
    }

    /// What no rule has claimed is a paragraph.
    fn finish(mut self) -> Self {
        for (index, (kind, span)) in self.kinds.iter().zip(&self.lines).enumerate() {
            let kind = kind.unwrap_or(SegmentKind::Body);
            if let Some((_, end)) = self.dateline.filter(|(line, _)| *line == index) {
                let parts = dateline::split(*span, end, self.text);
                self.segments.extend(parts.map(|(span, is_text)| Segment {
                    kind: if is_text {
                        SegmentKind::Body
                    } else {
                        SegmentKind::Dateline
                    },
                    span,
                }));
                continue;
            }
            match self.credits.iter().find(|(line, _)| *line == index) {
                None => self.segments.push(Segment { kind, span: *span }),
                Some((_, start)) => {
                    let caption = span.slice(self.text).get(..*start).unwrap_or("").trim_end();
                    if caption.chars().any(|c| !is_format(c)) {
                        self.segments.push(Segment {
                            kind,
                            span: Span::new(span.start, span.start + caption.len()),
                        });
                    }
                    let credit = Span::new(span.start + start, span.end);
                    self.segments.push(Segment {
                        kind: SegmentKind::Credit,
                        span: credit,
                    });
                }
            }
        }
        self
    }
}

/// Whether a line ends in a mark that headlines do not end in.
fn ends_with_punctuation(line: &str) -> bool {
    furniture::ends_sentence(line) || line.ends_with([':', '،', '؛', ','])
}

/// The number of comments or shares.
fn is_counter(line: &str) -> bool {
    line.chars().count() <= 9 && line.chars().all(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn article(text: &str) -> Article {
        read(ArticleId::new("test").unwrap(), text.to_owned())
    }

    /// What must hold for the segments of any text.
    fn check(text: &str) {
        let article = article(text);
        assert_eq!(article.text, text);
        let mut end = 0;
        for segment in &article.segments {
            let written = text
                .get(segment.span.range())
                .expect("in bounds and on character boundaries");
            assert!(
                !written.trim().is_empty() && written.trim() == written,
                "{written:?}"
            );
            assert!(segment.span.start >= end, "in order");
            let is_blank = |c: char| c.is_whitespace() || c.is_control() || is_format(c);
            assert!(
                text[end..segment.span.start].chars().all(is_blank),
                "gaps are blank"
            );
            end = segment.span.end;
        }
    }

    proptest! {
        #[test]
        fn spans_hold_for_any_text(text in any::<String>()) {
            check(&text);
        }

        #[test]
        fn spans_hold_for_pages(lines in prop::collection::vec(
            prop::sample::select(vec![
                "", " ", "عنوان", "صورة مصدر الصورة :وكالة", "\u{200F}مصدر الصورة :و", "0", "اترك رد", "بقلم: أحمد علي", "قال الوزير إنه سيعود.",
                "اقرأ أيضا:", "\u{200F}", "---", "\r", "تويتر", "شارك:", "مصدر", "\u{2028}",
            ]), 0..12)
        ) {
            check(&lines.join("\n"));
        }
    }
}
