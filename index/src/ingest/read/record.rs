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
    /// The kind of mojibake that was repaired.
    pub repaired: Option<&'static str>,
    /// The date field, if it is not a date. The article then has the date from its text, if there
    /// is one.
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
    /// Paragraphs with known kinds.
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
    /// Makes the article. Fails with the reason in plain words.
    pub fn finish(mut self) -> Result<Record, String> {
        let says_something = match &self.body {
            Body::Plain(body) => has_word(body),
            Body::Paragraphs(paragraphs) => {
                paragraphs.iter().any(|paragraph| has_word(&paragraph.text))
            }
        };
        if !has_word(&self.title) && !says_something {
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
            authors: self
                .authors
                .iter()
                .filter_map(|author| given(author))
                .collect(),
            url,
            published,
        };
        Ok(Record {
            article,
            repaired,
            unreadable_date,
        })
    }

    /// Repairs mojibake in title and body, and returns its kind.
    fn repair(&mut self) -> Option<&'static str> {
        let take = |text: &mut String| Cow::Owned(std::mem::take(text));
        let mut texts = vec![std::mem::take(&mut self.title)];
        match &mut self.body {
            Body::Plain(body) => texts.push(std::mem::take(body)),
            Body::Paragraphs(paragraphs) => {
                texts.extend(paragraphs.iter_mut().map(|one| take(&mut one.text)))
            }
        }
        let repaired = repair(&mut texts);
        let mut texts = texts.into_iter();
        self.title = texts.next().unwrap_or_default();
        match &mut self.body {
            Body::Plain(body) => *body = texts.next().unwrap_or_default(),
            Body::Paragraphs(paragraphs) => {
                paragraphs
                    .iter_mut()
                    .zip(texts)
                    .for_each(|(one, text)| one.text = text.into_owned());
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
        let mut add = |kind, span: Span| {
            segments.push(Segment {
                kind,
                span: span.shifted(offset),
            })
        };
        let dateline = if is_first && !is_furniture {
            dateline::end(span.slice(body))
        } else {
            None
        };
        match dateline {
            Some(end) => dateline::split(*span, end, body).for_each(|(span, is_text)| {
                add(
                    if is_text {
                        SegmentKind::Body
                    } else {
                        SegmentKind::Dateline
                    },
                    span,
                );
            }),
            None if is_furniture => add(SegmentKind::Furniture, *span),
            None if is_credit(span.slice(body)) => add(SegmentKind::Credit, *span),
            None => add(SegmentKind::Body, *span),
        }
        is_first &= is_furniture;
    }
    segments
}

/// Does the same for paragraphs, with a blank line between two of them. The furniture rules apply
/// to them, too.
fn compose_paragraphs(title: &str, paragraphs: &[Paragraph]) -> (String, Vec<Segment>) {
    let mut text = String::new();
    let mut segments = Vec::new();
    let title = title.trim();
    let head = has_word(title).then_some((SegmentKind::Title, title));
    for (kind, line) in head.into_iter().chain(
        paragraphs
            .iter()
            .map(|line| (line.kind, line.text.as_str())),
    ) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        segments.push(Segment {
            kind,
            span: Span::new(text.len(), text.len() + line.len()),
        });
        text.push_str(line);
    }
    let spans: Vec<Span> = segments.iter().map(|segment| segment.span).collect();
    let first = usize::from(head.is_some());
    for (segment, is_furniture) in segments[first..]
        .iter_mut()
        .zip(furniture::mark(&text, &spans[first..]))
    {
        if is_furniture {
            segment.kind = SegmentKind::Furniture;
        } else if segment.kind == SegmentKind::Body && is_credit(segment.span.slice(&text)) {
            segment.kind = SegmentKind::Credit;
        }
    }
    split_dateline(&text, &mut segments);
    (text, segments)
}

/// Splits the dateline from the first paragraph.
fn split_dateline(text: &str, segments: &mut Vec<Segment>) {
    let Some(place) = segments
        .iter()
        .position(|segment| segment.kind == SegmentKind::Body)
    else {
        return;
    };
    let Some(line) = segments.get(place).map(|segment| segment.span) else {
        return;
    };
    let Some(end) = dateline::end(line.slice(text)) else {
        return;
    };
    let parts = dateline::split(line, end, text).map(|(span, is_text)| Segment {
        kind: if is_text {
            SegmentKind::Body
        } else {
            SegmentKind::Dateline
        },
        span,
    });
    segments.splice(place..=place, parts);
}

/// Returns the given id, or else the URL, or else a hash of the text.
fn identify(id: &str, url: Option<&str>, text: &str) -> Result<ArticleId, String> {
    match given(id) {
        Some(id) => ArticleId::new(&id).map_err(|error| error.to_string()),
        None => Ok(url
            .and_then(|url| ArticleId::new(url).ok())
            .unwrap_or_else(|| content_id(text))),
    }
}

/// Returns the text without surrounding white space; `None` if nothing is left.
fn given(text: &str) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}
