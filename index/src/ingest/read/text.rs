//! A scraped page as text → an article: title line, caption and credit, counter, byline, subheads, paragraphs, furniture.
//! It goes by lines; it does not look for places in them, and leaves the date to `date`.

use super::credit::is_credit;
use super::dateline;
use crate::document::{Article, ArticleId, Segment, SegmentKind};
use crate::ingest::{date, furniture};
use fihrist_arabic::Span;
use fihrist_arabic::chars::is_format;
use fihrist_arabic::{fold, words};

/// A longer first line is a paragraph, and the text has no title.
const MAX_TITLE_CHARS: usize = 250;
/// A headline within the text is not longer.
const MAX_SUBHEAD_CHARS: usize = 80;
/// Nor a line under the headline.
const MAX_DEK_CHARS: usize = 160;
/// Nor a name.
const MAX_NAME_CHARS: usize = 60;
/// What stands before the name of an author.
const BYLINE_WORDS: [&str; 7] = ["كتب", "كتبت", "بقلم", "إعداد", "الكاتب", "الكاتبة", "تقرير"];
/// What stands before the name of the owner of a picture, who is the source of the page, too.
const CREDIT_WORDS: [&str; 2] = ["مصدر", "الصورة"];
/// What stands before the name of a photographer.
const PHOTOGRAPHER_WORDS: [&str; 4] = ["تصوير", "عدسة", "كاميرا", "الصورة"];

/// Reads the text of a page. Its section and URL are not in it, its date perhaps.
pub fn read(id: ArticleId, text: String) -> Article {
    let mut page = Page::new(&text, lines(&text));
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

/// The lines that are not blank, without surrounding white space. A line of invisible characters is blank.
pub fn lines(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let line = &text[start..line_end(text, start)];
        let trimmed = line.trim();
        if trimmed
            .chars()
            .any(|c| !c.is_whitespace() && !c.is_control() && !is_format(c))
        {
            let leading = line.len() - line.trim_start().len();
            spans.push(Span::new(start + leading, start + leading + trimmed.len()));
        }
        start += line.len();
    }
    spans
}

/// Where the line that begins at `start` ends, with its end.
fn line_end(text: &str, start: usize) -> usize {
    let rest = &text.as_bytes()[start..];
    let mut at = 0;
    // Only these bytes begin an end of a line: most of a text is passed over without a look at its characters.
    while let Some(next) = rest[at..]
        .iter()
        .position(|byte| matches!(byte, b'\n'..=b'\r' | 0xC2 | 0xE2))
    {
        at += next;
        let size = match &rest[at..] {
            [b'\n'..=b'\r', ..] => 1,
            [0xC2, 0x85, ..] => 2,
            [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
            _ => 0,
        };
        at += size.max(1);
        if size > 0 {
            return start + at;
        }
    }
    text.len()
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
                let parts = dateline_and_text(*span, end, self.text);
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

/// The dateline of a line and the text after it, without the white space between them; which is the text.
pub fn dateline_and_text(line: Span, end: usize, text: &str) -> impl Iterator<Item = (Span, bool)> {
    let head = line.slice(text).get(..end).unwrap_or("").trim_end();
    let head_end = line.start + head.len();
    let rest = Span::new(head_end, line.end).slice(text);
    let text_start = line.end - rest.trim_start().len();
    [
        (Span::new(line.start, head_end), false),
        (Span::new(text_start, line.end), true),
    ]
    .into_iter()
    .filter(|(span, _)| span.start < span.end)
}

fn is_at_most(line: &str, max_chars: usize) -> bool {
    line.len() <= max_chars || line.chars().count() <= max_chars
}

/// Whether a line ends in a mark that headlines do not end in.
fn ends_with_punctuation(line: &str) -> bool {
    furniture::ends_sentence(line) || line.ends_with([':', '،', '؛', ','])
}

/// The number of comments or shares.
fn is_counter(line: &str) -> bool {
    line.chars().count() <= 9 && line.chars().all(char::is_numeric)
}

/// Where the credit of a caption begins, and whom it names.
fn credit(line: &str) -> Option<(usize, &str)> {
    let mut previous: Option<Span> = None;
    let mut found: Option<Span> = None;
    words(line, |word| {
        let written = word.span.slice(line);
        match previous {
            Some(before)
                if is_same_word(CREDIT_WORDS[1], written)
                    && is_same_word(CREDIT_WORDS[0], before.slice(line)) =>
            {
                found.get_or_insert(Span::new(before.start, word.span.end));
            }
            Some(_) | None => {}
        }
        previous = Some(word.span);
    });
    let found = found?;
    let name = line
        .get(found.end..)?
        .trim_start()
        .strip_prefix([':', '،'])?
        .trim();
    (!name.is_empty() && is_at_most(name, MAX_NAME_CHARS)).then_some((found.start, name))
}

/// Where `تصوير: …` begins at the end of a line.
fn photographer(line: &str) -> Option<usize> {
    let (before, name) = line.rsplit_once([':', '：'])?;
    let start = before
        .rfind(|c: char| c.is_whitespace() || "(|-–".contains(c))
        .map_or(0, |at| at + 1);
    let label = before.get(start..)?;
    let name = name.trim().trim_end_matches(')');
    (PHOTOGRAPHER_WORDS
        .iter()
        .any(|word| is_same_word(word, label))
        && (is_name(name, 1) || dateline::is_agency(name)))
    .then_some(start)
}

fn is_same_word(wanted: &str, written: &str) -> bool {
    fold::folded(written) == fold::folded(wanted)
}

/// The authors that a line names: `كتب: …`, `بقلم …`. Only names may follow.
fn byline(line: &str) -> Option<Vec<String>> {
    let line = line.trim_matches(|c: char| c.is_whitespace() || is_format(c));
    let end = line.find(|c: char| !c.is_alphabetic())?;
    let (label, rest) = line.split_at(end);
    let rest = rest.trim_start();
    let names = rest.trim_start_matches([':', '/', '|', '-', '–', '—', ' ']);
    let is_set_off = names.len() < rest.len();
    let needs_no_mark = is_same_word("بقلم", label);
    if !BYLINE_WORDS.iter().any(|word| is_same_word(word, label)) || !(is_set_off || needs_no_mark)
    {
        return None;
    }
    let names: Vec<&str> = names
        .split(['،', ',', '/', '&'])
        .flat_map(|part| part.split(" و "))
        .map(str::trim)
        .collect();
    // One word alone after a mark may be a heading; pen names do with one after بقلم.
    let fewest_words = if needs_no_mark { 1 } else { 2 };
    let are_names = names.iter().all(|name| is_name(name, fewest_words));
    are_names.then(|| names.into_iter().map(str::to_owned).collect())
}

fn is_name(name: &str, fewest_words: usize) -> bool {
    let is_letter = |c: char| {
        c.is_alphabetic() || is_format(c) || fold::folded(c.encode_utf8(&mut [0; 4])).is_empty()
    };
    let mut word_count = 0;
    let all_words = name.split_whitespace().all(|word| {
        word_count += 1;
        // `د.` stands before many a name.
        word.chars().all(is_letter) || (word.chars().count() == 2 && word.ends_with('.'))
    });
    all_words && (fewest_words..=6).contains(&word_count) && is_at_most(name, MAX_NAME_CHARS)
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

    #[test]
    fn names_of_authors() {
        let authors = |line: &str| byline(line).unwrap_or_default().join("|");
        assert_eq!(authors("كتب: محمد علي، سعاد أحمد"), "محمد علي|سعاد أحمد");
        assert_eq!(authors("بقلم د. سلمى الأشموني"), "د. سلمى الأشموني");
        assert_eq!(authors("بقلم/ أدونيس"), "أدونيس");
        for sentence in [
            "كتب: «لا أحد يعرف»",
            "كتب: شكرا",
            "كتب محمد رسالة",
            "كتب: وصلت متأخرا ثم عدت إلى البيت مع أخي الصغير",
            "بقلم",
        ] {
            assert_eq!(authors(sentence), "", "{sentence}");
        }
    }

    #[test]
    fn credits_of_pictures() {
        assert_eq!(
            credit("صورة مصدر الصورة :الشرق الأوسط").map(|(_, name)| name),
            Some("الشرق الأوسط")
        );
        assert_eq!(
            credit("مَصدَر الصوره: رويترز").map(|(start, _)| start),
            Some(0)
        );
        assert_eq!(credit("وقال إن مصدر الصورة مجهول"), None);
        assert_eq!(credit("مصدر الصورة:"), None);
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
