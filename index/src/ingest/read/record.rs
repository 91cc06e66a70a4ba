//! The draft of an article → the article with its stored text, segments, id and date. It reads no
//! file format.

use std::borrow::Cow;

use super::{
    Article, ArticleId, NoteKind, Replaced, Segment, SegmentKind, Span, Unmapped, date, dateline,
    furniture, is_credit, line_spans, repair, split,
};
use fihrist_arabic::chars::is_word;
use sha2::{Digest, Sha256};

/// An article and what was unusual about it.
#[derive(Debug)]
pub struct Record {
    /// The article.
    pub article: Article,
    /// Whether the article has neither an id nor a URL, so that its id is that of its text.
    pub has_text_id: bool,
    /// What the record is, if it is no article and is left out.
    pub left_out: Option<&'static str>,
    /// The kind of mojibake that was repaired; `None` if there was none.
    pub repaired: Option<&'static str>,
    /// The text of the date field, if it cannot be read as a date. The article then has the date
    /// from its text, if there is one.
    pub unreadable_date: Option<String>,
    /// What else was unusual, each with a detail such as the name of a field.
    pub notes: Vec<(NoteKind, String)>,
}

impl From<Article> for Record {
    fn from(article: Article) -> Self {
        Self {
            article,
            has_text_id: false,
            left_out: None,
            repaired: None,
            unreadable_date: None,
            notes: Vec::new(),
        }
    }
}

impl Record {
    /// Adds a note about the invalid bytes of the record, if there are any.
    pub fn note_replaced(&mut self, replaced: Option<Replaced>) {
        let note = replaced.map(|replaced| (NoteKind::Replaced, replaced.to_string()));
        self.notes.extend(note);
    }
}

/// What a file says about an article. Missing values are empty.
#[derive(Default)]
pub struct Draft<'a> {
    pub id: Cow<'a, str>,
    pub title: Cow<'a, str>,
    pub body: Body<'a>,
    pub source: Cow<'a, str>,
    pub section: Cow<'a, str>,
    pub authors: Vec<Cow<'a, str>>,
    pub date: Cow<'a, str>,
    /// Whether the page only shows the date, so that no metadata says what the date is.
    pub is_date_shown: bool,
    pub url: Cow<'a, str>,
    /// What the page is, if it is no article.
    pub left_out: Option<&'static str>,
    /// What is no part of the article.
    pub unmapped: Unmapped,
    /// What was unusual about the values.
    pub notes: Vec<(NoteKind, String)>,
}

/// The text below the title.
pub enum Body<'a> {
    /// Plain text with one paragraph a line, stored unchanged.
    Plain(Cow<'a, str>),
    /// Paragraphs whose segment kinds are known.
    Paragraphs(Vec<Paragraph<'a>>),
}

impl Default for Body<'_> {
    fn default() -> Self {
        Self::Plain(Cow::default())
    }
}

/// A line of text on a page.
#[derive(Clone)]
pub struct Paragraph<'a> {
    pub kind: SegmentKind,
    /// The text without line breaks and surrounding white space.
    pub text: Cow<'a, str>,
}

impl<'a> Draft<'a> {
    /// Takes the body of a page, and the parts of the article that the draft does not have.
    pub fn fill_from(&mut self, page: Draft<'a>) {
        if self.title.trim().is_empty() {
            self.left_out = page.left_out;
        }
        if self.date.trim().is_empty() {
            self.is_date_shown = page.is_date_shown;
        }
        for (own, given) in [
            (&mut self.title, page.title),
            (&mut self.date, page.date),
            (&mut self.source, page.source),
            (&mut self.section, page.section),
            (&mut self.url, page.url),
        ] {
            if own.trim().is_empty() {
                *own = given;
            }
        }
        if self.authors.is_empty() {
            self.authors = page.authors;
        }
        self.body = page.body;
    }

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
        let readable_date = readable_date.map(|date| match self.is_date_shown {
            true => date::shown(date),
            false => date,
        });
        let unreadable_date = written_date.filter(|_| readable_date.is_none());
        let published = readable_date.or_else(|| date::in_text(&text, &segments));
        let own_id = own_id(&self.id, url.as_deref())?;
        let has_text_id = own_id.is_none();
        let article = Article {
            id: own_id.unwrap_or_else(|| text_id(&text)),
            text,
            segments,
            source: given(&self.source),
            section: given(&self.section),
            authors: self.authors.iter().filter_map(|name| given(name)).collect(),
            url,
            published,
            unmapped: self.unmapped.to_json(),
        };
        let note = self.unmapped.note();
        self.notes
            .extend(note.map(|note| (NoteKind::UnstoredField, note)));
        Ok(Record {
            has_text_id,
            left_out: self.left_out,
            repaired,
            unreadable_date,
            notes: self.notes,
            ..Record::from(article)
        })
    }

    /// Repairs mojibake in the texts of the article. Returns its kind; `None` if there was none.
    fn repair(&mut self) -> Option<&'static str> {
        let mut texts = vec![
            &mut self.title,
            &mut self.source,
            &mut self.section,
            &mut self.date,
        ];
        texts.extend(&mut self.authors);
        match &mut self.body {
            Body::Plain(body) => texts.push(body),
            Body::Paragraphs(lines) => texts.extend(lines.iter_mut().map(|line| &mut line.text)),
        }
        repair(&mut texts)
    }
}

/// Returns the stored text and its segments: title, blank line, body.
fn compose(title: &str, body: &str) -> (String, Vec<Segment>) {
    if !has_word(title) {
        return (body.to_owned(), body_segments("", body, 0));
    }
    let start = title.len() - title.trim_start().len();
    let mut segments = vec![Segment {
        kind: SegmentKind::Title,
        span: Span::new(start, start + title.trim().len()),
    }];
    if body.trim().is_empty() {
        return (title.to_owned(), segments);
    }
    let text = format!("{title}\n\n{body}");
    segments.extend(body_segments(title, body, title.len() + 2));
    (text, segments)
}

fn body_segments(title: &str, body: &str, offset: usize) -> Vec<Segment> {
    let lines = line_spans(body);
    let is_title = |index| index == 0 && is_same(lines[0].slice(body), title);
    let is_furniture = furniture::mark(body, &lines, is_title);
    let first_line = is_furniture.iter().position(|is_furniture| !is_furniture);
    let mut segments = Vec::with_capacity(lines.len());
    for (index, (span, is_furniture)) in lines.into_iter().zip(is_furniture).enumerate() {
        let line = span.slice(body);
        if Some(index) == first_line
            && let Some(end) = dateline::end(line)
        {
            segments.extend(split(span, end, dateline::KINDS, body));
        } else {
            let kind = refined(SegmentKind::Body, line, is_furniture);
            segments.push(Segment { kind, span });
        }
    }
    for segment in &mut segments {
        segment.span = segment.span.shifted(offset);
    }
    segments
}

/// Returns whether two lines are equal, apart from white space. Exports repeat the title above the body.
pub fn is_same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

/// Returns the kind of a line, which the rules for furniture and credits can change.
fn refined(kind: SegmentKind, line: &str, is_furniture: bool) -> SegmentKind {
    if is_furniture {
        SegmentKind::Furniture
    } else if kind == SegmentKind::Body && is_credit(line) {
        SegmentKind::Credit
    } else {
        kind
    }
}

/// Returns the stored text and its segments for a body of paragraphs, with a blank line after each
/// paragraph but the last. The furniture rules can change the kind of a paragraph.
fn compose_paragraphs(title: &str, paragraphs: &[Paragraph]) -> (String, Vec<Segment>) {
    let mut text = String::new();
    let mut segments = Vec::new();
    let has_title = has_word(title);
    let title = has_title.then_some((SegmentKind::Title, title.trim()));
    let lines = paragraphs.iter().map(|line| (line.kind, &*line.text));
    for (kind, line) in title.into_iter().chain(lines) {
        if !text.is_empty() {
            text.push_str("\n\n");
        }
        let span = Span::new(text.len(), text.len() + line.len());
        segments.push(Segment { kind, span });
        text.push_str(line);
    }
    let below_title = &mut segments[usize::from(has_title)..];
    if let (Some((_, title)), Some(first)) = (title, below_title.first_mut())
        && is_same(first.span.slice(&text), title)
    {
        first.kind = SegmentKind::Furniture;
    }
    let spans: Vec<Span> = below_title.iter().map(|segment| segment.span).collect();
    let is_furniture = furniture::mark(&text, &spans, |index| {
        below_title[index].kind == SegmentKind::Furniture
    });
    for (segment, is_furniture) in below_title.iter_mut().zip(is_furniture) {
        segment.kind = refined(segment.kind, segment.span.slice(&text), is_furniture);
    }
    // The first paragraph of the body can begin with a dateline.
    let is_body = |segment: &Segment| segment.kind == SegmentKind::Body;
    if let Some(index) = segments.iter().position(is_body) {
        let line = segments[index].span;
        if let Some(end) = dateline::end(line.slice(&text)) {
            segments.splice(index..=index, split(line, end, dateline::KINDS, &text));
        }
    }
    (text, segments)
}

/// Returns the given id, or else the URL.
fn own_id(id: &str, url: Option<&str>) -> Result<Option<ArticleId>, String> {
    match given(id) {
        Some(id) => ArticleId::new(&id)
            .map(Some)
            .map_err(|error| error.to_string()),
        None => Ok(url.and_then(|url| ArticleId::new(url).ok())),
    }
}

/// Returns the text without surrounding white space; `None` if nothing is left.
fn given(text: &str) -> Option<String> {
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Returns an id that depends on the text alone: the first 16 hex digits of its SHA-256.
pub fn text_id(text: &str) -> ArticleId {
    let hex = hex::encode(&Sha256::digest(text.as_bytes())[..8]);
    ArticleId::new(&hex).expect("16 hex digits are an id")
}

/// Returns why the article is rejected; `None` if one of its searched segments holds a word.
pub fn emptiness(article: &Article) -> Option<&'static str> {
    let is_searched = |segment: &&Segment| segment.kind.field().is_some();
    let mut searched = article.segments.iter().filter(is_searched);
    if searched.any(|segment| has_word(segment.span.slice(&article.text))) {
        return None;
    }
    Some("empty article: nothing in it but page furniture")
}

/// Returns whether the text holds a word.
pub fn has_word(text: &str) -> bool {
    text.chars().any(is_word)
}
