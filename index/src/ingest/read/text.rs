//! The text of a scraped page → an article: title, captions and credits, counters, bylines,
//! subheads, paragraphs, furniture. Each line is classified as a whole; the date is found by
//! `date`.

use super::credit::{byline, is_at_most, photographer, picture_credit};
use super::{
    Article, ArticleId, Segment, SegmentKind, Span, date, dateline, furniture, is_credit,
    is_format, line_spans, split,
};

use SegmentKind::{Body, Byline, Caption, Credit, Dek, Furniture, Subhead, Title};

/// The maximum length of a title. A longer first line is a paragraph, and the article has no title.
const MAX_TITLE_CHARS: usize = 250;
/// The maximum length of a subhead.
const MAX_SUBHEAD_CHARS: usize = 80;
/// The maximum length of a dek, which is the line under the headline.
const MAX_DEK_CHARS: usize = 160;

/// Returns the article for the text of a page. Its section and URL are `None`.
pub fn read(id: ArticleId, text: String) -> Article {
    let lines = line_spans(&text);
    let mut page = Page {
        text: &text,
        kinds: vec![None; lines.len()],
        lines,
        ..Page::default()
    };
    page.mark_title_and_furniture();
    page.mark_credits_and_bylines();
    page.mark_headlines();
    page.mark_dateline();
    let segments = page.segments();
    let Page {
        source, authors, ..
    } = page;
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
        unmapped: None,
    }
}

/// A page whose lines are classified by one rule after the other.
///
/// Invariant: `kinds` is parallel to `lines`; `None` means that no rule has matched yet.
#[derive(Default)]
struct Page<'a> {
    text: &'a str,
    lines: Vec<Span>,
    kinds: Vec<Option<SegmentKind>>,
    /// The index of each line with two parts, the byte offset of the second part in the line, and
    /// the kinds of both.
    splits: Vec<(usize, usize, [SegmentKind; 2])>,
    source: Option<String>,
    authors: Vec<String>,
}

impl<'a> Page<'a> {
    fn line(&self, index: usize) -> &'a str {
        self.lines[index].slice(self.text)
    }

    fn unmatched(&self) -> Vec<usize> {
        let all = 0..self.lines.len();
        all.filter(|index| self.kinds[*index].is_none()).collect()
    }

    fn mark_title_and_furniture(&mut self) {
        let mut first = 0;
        if !self.lines.is_empty() && is_at_most(self.line(0), MAX_TITLE_CHARS) {
            self.kinds[0] = Some(Title);
            first = 1;
        }
        let is_furniture = furniture::mark(self.text, &self.lines[first..], |_| false);
        for (index, is_furniture) in (first..).zip(is_furniture) {
            if is_furniture || is_counter(self.line(index)) {
                self.kinds[index] = Some(Furniture);
            }
        }
    }

    /// Marks captions with a credit (`… مصدر الصورة :الشرق الأوسط`), bylines, and lines that only
    /// name the owner of the text. The first picture credit names the source of the page.
    fn mark_credits_and_bylines(&mut self) {
        for index in self.unmatched() {
            let line = self.line(index);
            let picture = picture_credit(line);
            if let Some((_, owner)) = picture {
                self.source.get_or_insert_with(|| owner.to_owned());
            }
            let credit = picture
                .map(|(start, _)| start)
                .or_else(|| photographer(line));
            if let Some(start) = credit {
                self.kinds[index] = Some(Caption);
                let kinds = [Caption, Credit];
                self.splits.push((index, start, kinds));
            } else if let Some(names) = byline(line) {
                self.kinds[index] = Some(Byline);
                self.authors.extend(names);
            } else if is_credit(line) {
                self.kinds[index] = Some(Credit);
            }
        }
    }

    /// Finds the dateline at the beginning of the first paragraph, or on a line of its own.
    fn mark_dateline(&mut self) {
        // A dateline on its own line can be marked as a dek, so deks are also searched.
        let is_text = |index: &usize| matches!(self.kinds[*index], None | Some(Dek | Subhead));
        let mut text_lines = (0..self.lines.len()).filter(is_text).take(2);
        let dateline = text_lines.find_map(|index| Some((index, dateline::end(self.line(index))?)));
        if let Some((index, end)) = dateline {
            self.splits.push((index, end, dateline::KINDS));
        }
    }

    /// Marks subheads, which are short lines between paragraphs. A short line right under the title
    /// is the dek.
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
            Some(Some(Caption | Byline)) => true,
            Some(Some(Furniture)) => is_counter(self.line(index)),
            Some(_) | None => false,
        };
        let follows_title = |index: usize| index == 1 && self.kinds[0] == Some(Title);
        let kind = |index: usize| {
            let leads_on = is_paragraph(index + 1) || belongs_to_head(index + 1);
            if follows_title(index) && is_short(index, MAX_DEK_CHARS) && leads_on {
                Some(Dek)
            } else if index > 0
                && is_short(index, MAX_SUBHEAD_CHARS)
                && is_paragraph(index + 1)
                && !is_short(index - 1, MAX_SUBHEAD_CHARS)
            {
                Some(Subhead)
            } else {
                None
            }
        };
        let unmatched = self.unmatched().into_iter();
        let headlines: Vec<_> = unmatched.map(|index| (index, kind(index))).collect();
        for (index, kind) in headlines {
            self.kinds[index] = kind;
        }
    }

    /// Returns the segments. A line that no rule has matched is a paragraph.
    fn segments(&self) -> Vec<Segment> {
        let mut segments = Vec::with_capacity(self.lines.len());
        for (index, span) in self.lines.iter().enumerate() {
            let kind = self.kinds[index].unwrap_or(Body);
            let parts = self.splits.iter().find(|(line, ..)| *line == index);
            if let Some((_, at, kinds)) = parts {
                let parts = split(*span, *at, *kinds, self.text);
                // Invisible characters before a credit are no caption.
                segments.extend(parts.filter(|part| {
                    part.kind != Caption || !part.span.slice(self.text).chars().all(is_format)
                }));
            } else {
                segments.push(Segment { kind, span: *span });
            }
        }
        segments
    }
}

/// Returns whether the line ends in a mark that headlines do not end in.
fn ends_with_punctuation(line: &str) -> bool {
    furniture::ends_sentence(line) || line.ends_with([':', '،', '؛', ','])
}

/// Returns whether the line is a number of comments or shares.
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

    /// Checks what holds for the segments of any text.
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
