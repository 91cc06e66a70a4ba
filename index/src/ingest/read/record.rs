//! The draft of an article → the article with its stored text, segments, id and date. It reads no
//! file format.

use std::borrow::Cow;

use super::credit::is_credit;
use super::dateline;
use super::identity::content_id;
use super::line_spans::line_spans;
use super::searchable::has_word;
use crate::document::{Article, ArticleId, Segment, SegmentKind};
use crate::ingest::repair::repair;
use crate::ingest::{date, furniture};
use fihrist_arabic::Span;

/// An article and what was unusual about it.
#[derive(Debug)]
pub struct Record {
    /// The article.
    pub article: Article,
    /// The kind of mojibake that was repaired; `None` if there was none.
    pub repaired: Option<&'static str>,
    /// The text of the date field, if it cannot be read as a date. The article then has the date
    /// from its text, if there is one.
    pub unreadable_date: Option<String>,
}

/// What a file says about an article. Missing values are empty.
#[derive(Debug, Default)]
pub struct Draft<'a> {
    pub id: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub body: Body<'a>,
    pub source: Cow<'a, str>,
    pub section: Cow<'a, str>,
    pub authors: Vec<Cow<'a, str>>,
    pub date: Cow<'a, str>,
    pub url: Cow<'a, str>,
}

/// The text below the title.
#[derive(Debug)]
pub enum Body<'a> {
    /// Plain text with one paragraph a line, stored unchanged.
    Plain(Cow<'a, str>),
    /// Paragraphs whose segment kinds are known.
    Paragraphs(Vec<Paragraph>),
}

impl Default for Body<'_> {
    fn default() -> Self {
        Self::Plain(Cow::Borrowed(""))
    }
}

/// A line of text on a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    pub kind: SegmentKind,
    /// The text without line breaks and surrounding white space.
    pub text: String,
}

impl Draft<'_> {
    /// Makes the article from the draft. Fails with the reason in plain words.
    pub fn finish(mut self) -> Result<Record, String> {
        let body_has_word = match &self.body {
            Body::Plain(body) => has_word(body),
            Body::Paragraphs(paragraphs) => paragraphs.iter().any(|line| has_word(&line.text)),
        };
        if !has_word(&self.title) && !body_has_word {
            return Err("empty article: neither title nor body holds a word".to_owned());
        }
        let repaired = self.repair();
        let (text, segments) = match &self.body {
            Body::Plain(body) => compose(&self.title, body),
            Body::Paragraphs(paragraphs) => compose_paragraphs(&self.title, paragraphs),
        };
        let url = given(&self.url);
        let written_date = given(&self.date);
        let readable_date = written_date.as_deref().and_then(date::parse);
        let unreadable_date = if readable_date.is_none() {
            written_date
        } else {
            None
        };
        let published = readable_date.or_else(|| date::in_text(&text, &segments));
        let article = Article {
            id: identify(&self.id, url.as_deref(), &text)?,
            text,
            segments,
            source: given(&self.source),
            section: given(&self.section),
            authors: self.authors.iter().filter_map(|name| given(name)).collect(),
            url,
            published,
        };
        Ok(Record {
            article,
            repaired,
            unreadable_date,
        })
    }

    /// Repairs mojibake in title and body. Returns its kind; `None` if there was none.
    fn repair(&mut self) -> Option<&'static str> {
        let mut texts = vec![std::mem::take(&mut self.title)];
        match &mut self.body {
            Body::Plain(body) => texts.push(std::mem::take(body)),
            Body::Paragraphs(paragraphs) => {
                for paragraph in paragraphs {
                    texts.push(Cow::Owned(std::mem::take(&mut paragraph.text)));
                }
            }
        }
        let repaired = repair(&mut texts);
        let mut texts = texts.into_iter();
        self.title = texts.next().unwrap_or_default();
        match &mut self.body {
            Body::Plain(body) => *body = texts.next().unwrap_or_default(),
            Body::Paragraphs(paragraphs) => {
                for (paragraph, text) in paragraphs.iter_mut().zip(texts) {
                    paragraph.text = text.into_owned();
                }
            }
        }
        repaired
    }
}

/// Returns the stored text and its segments: title, blank line, body.
fn compose(title: &str, body: &str) -> (String, Vec<Segment>) {
    if !has_word(title) {
        return (body.to_owned(), body_segments(body, 0));
    }
    let mut segments = Vec::new();
    let start = title.len() - title.trim_start().len();
    segments.push(Segment {
        kind: SegmentKind::Title,
        span: Span::new(start, start + title.trim().len()),
    });
    if body.trim().is_empty() {
        return (title.to_owned(), segments);
    }
    let text = format!("{title}\n\n{body}");
    segments.extend(body_segments(body, title.len() + 2));
    (text, segments)
}

fn body_segments(body: &str, offset: usize) -> Vec<Segment> {
    let paragraphs = line_spans(body);
    let is_furniture = furniture::mark(body, &paragraphs);
    let mut segments = Vec::with_capacity(paragraphs.len());
    let mut is_first = true;
    for (span, is_furniture) in paragraphs.iter().zip(is_furniture) {
        let text = span.slice(body);
        if is_first
            && !is_furniture
            && let Some(end) = dateline::end(text)
        {
            segments.extend(dateline::segments(*span, end, body));
            is_first = false;
            continue;
        }
        let kind = if is_furniture {
            SegmentKind::Furniture
        } else if is_credit(text) {
            SegmentKind::Credit
        } else {
            SegmentKind::Body
        };
        segments.push(Segment { kind, span: *span });
        is_first &= is_furniture;
    }
    for segment in &mut segments {
        segment.span = segment.span.shifted(offset);
    }
    segments
}

/// Returns the stored text and its segments for a body of paragraphs, with a blank line after each
/// paragraph but the last. The furniture rules can change the kind of a paragraph.
fn compose_paragraphs(title: &str, paragraphs: &[Paragraph]) -> (String, Vec<Segment>) {
    let mut text = String::new();
    let mut segments = Vec::new();
    let title = title.trim();
    let has_title = has_word(title);
    if has_title {
        push_paragraph(SegmentKind::Title, title, &mut text, &mut segments);
    }
    for paragraph in paragraphs {
        push_paragraph(paragraph.kind, &paragraph.text, &mut text, &mut segments);
    }
    let below_title = &mut segments[usize::from(has_title)..];
    let spans: Vec<Span> = below_title.iter().map(|segment| segment.span).collect();
    let is_furniture = furniture::mark(&text, &spans);
    for (segment, is_furniture) in below_title.iter_mut().zip(is_furniture) {
        if is_furniture {
            segment.kind = SegmentKind::Furniture;
        } else if segment.kind == SegmentKind::Body && is_credit(segment.span.slice(&text)) {
            segment.kind = SegmentKind::Credit;
        }
    }
    split_dateline(&text, &mut segments);
    (text, segments)
}

/// Appends a paragraph to the text, after a blank line, and its segment to the segments.
fn push_paragraph(
    kind: SegmentKind,
    paragraph: &str,
    text: &mut String,
    segments: &mut Vec<Segment>,
) {
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    let span = Span::new(text.len(), text.len() + paragraph.len());
    segments.push(Segment { kind, span });
    text.push_str(paragraph);
}

/// Splits the dateline from the first paragraph of the body.
fn split_dateline(text: &str, segments: &mut Vec<Segment>) {
    let is_body = |segment: &Segment| segment.kind == SegmentKind::Body;
    if let Some(index) = segments.iter().position(is_body) {
        let line = segments[index].span;
        if let Some(end) = dateline::end(line.slice(text)) {
            segments.splice(index..=index, dateline::segments(line, end, text));
        }
    }
}

/// Returns the given id, or else the URL, or else a hash of the text.
fn identify(id: &str, url: Option<&str>, text: &str) -> Result<ArticleId, String> {
    if let Some(id) = given(id) {
        return ArticleId::new(&id).map_err(|error| error.to_string());
    }
    let url_id = url.and_then(|url| ArticleId::new(url).ok());
    Ok(url_id.unwrap_or_else(|| content_id(text)))
}

/// Returns the text without surrounding white space; `None` if nothing is left.
fn given(text: &str) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
