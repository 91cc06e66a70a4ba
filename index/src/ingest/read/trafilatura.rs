//! The XML that trafilatura writes, of its own form or TEI → one article.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::stream::read_whole;
use super::{
    Body, Draft, MAX_PAGE_BYTES, Paragraph, ReadResult, Reading, SegmentKind, has_word, html, page,
    unreadable,
};

/// Elements that are a paragraph of their own.
const PARAGRAPHS: [&str; 10] = [
    "p", "head", "ab", "item", "quote", "code", "cell", "lb", "list", "row",
];
/// Attributes of a `<doc>` that are parts of the article.
const MAPPED: [&str; 8] = [
    "sitename",
    "hostname",
    "author",
    "title",
    "categories",
    "date",
    "url",
    "source",
];
/// Elements of a TEI header whose text is part of the article's metadata.
const METADATA: [&str; 5] = ["title", "author", "publisher", "date", "term"];

/// Reads a file with one `<doc>` or `<TEI>`.
pub fn read(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let decoded = page::decode(read_whole(input, MAX_PAGE_BYTES, "not one article")?, None)?;
    reading.note_encoding(decoded.encoding)?;
    reading.note_replaced(decoded.replaced)?;
    let mut document = Document::default();
    let mut reader = Reader::from_str(&decoded.text);
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.allow_unmatched_ends = true;
    config.check_end_names = false;
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => document.open(&start),
            Ok(Event::Empty(start)) => {
                document.open(&start);
                document.close(start.name().0);
            }
            Ok(Event::End(end)) => document.close(end.name().0),
            Ok(Event::Text(text)) => document.text.push_str(&text),
            Ok(Event::CData(text)) => document.text.push_str(&text),
            Ok(Event::GeneralRef(reference)) => {
                document
                    .text
                    .push_str(&super::feed_fields::resolved(&reference));
            }
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Ok(Event::Eof) => break,
            // Damage after the text costs nothing.
            Err(_) if !document.is_in_main && !document.lines.is_empty() => break,
            Err(error) => return unreadable(format!("broken XML: {error}")),
        }
    }
    document.draft.body = Body::Paragraphs(document.lines);
    reading.record(document.draft.finish())
}

/// A document that is being read.
#[derive(Default)]
struct Document {
    draft: Draft<'static>,
    lines: Vec<Paragraph<'static>>,
    is_in_main: bool,
    is_head: bool,
    /// Whether this is the part of a TEI header about the source of the text. It repeats the title
    /// and the authors.
    is_in_source: bool,
    /// The type of the metadata element that is open.
    metadata_type: String,
    text: String,
}

impl Document {
    fn open(&mut self, start: &BytesStart<'_>) {
        let name = start.name().0;
        let attribute = |name: &str| {
            let attribute = start.try_get_attribute(name).ok().flatten();
            attribute.map_or_else(String::new, |attribute| {
                html::line(attribute.value).into_owned()
            })
        };
        match name {
            "doc" => {
                let sources = ["sitename", "hostname"].map(attribute);
                let authors = attribute("author");
                self.draft = Draft {
                    title: attribute("title").into(),
                    source: sources
                        .into_iter()
                        .find(|name| has_word(name))
                        .unwrap_or_default()
                        .into(),
                    section: attribute("categories")
                        .split(';')
                        .next()
                        .unwrap_or_default()
                        .to_owned()
                        .into(),
                    authors: authors
                        .split(';')
                        .map(|name| name.trim().to_owned().into())
                        .collect(),
                    date: attribute("date").into(),
                    url: ["url", "source"]
                        .map(attribute)
                        .into_iter()
                        .find(|url| !url.is_empty())
                        .unwrap_or_default()
                        .into(),
                    ..Draft::default()
                };
                for found in start.attributes().flatten() {
                    let value = html::line(found.value);
                    if !MAPPED.contains(&found.key.0)
                        || (found.key.0 == "categories" && value.contains(';'))
                    {
                        self.draft.unmapped.add(found.key.0, &*value);
                    }
                }
            }
            "main" | "body" => {
                self.text.clear();
                self.is_in_main = true;
            }
            "div" if attribute("type") == "comments" => self.is_in_main = false,
            "sourceDesc" => self.is_in_source = true,
            "ptr" if attribute("type") == "URL" => self.draft.url = attribute("target").into(),
            _ if METADATA.contains(&name) && !self.is_in_main => {
                self.text.clear();
                self.metadata_type = attribute("type");
            }
            _ if PARAGRAPHS.contains(&name) => {
                self.end_paragraph();
                self.is_head = name == "head" || attribute("type") == "header";
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if name == "main" || PARAGRAPHS.contains(&name) {
            self.end_paragraph();
            self.is_head = false;
        }
        if METADATA.contains(&name) && !self.is_in_main {
            self.take_metadata(name);
        }
        self.is_in_main &= name != "main" && name != "body";
        self.is_in_source &= name != "sourceDesc";
    }

    /// Takes the text of an element of a TEI header.
    fn take_metadata(&mut self, name: &str) {
        let text = std::mem::take(&mut self.text);
        let text = text.trim();
        match (name, self.metadata_type.as_str()) {
            ("title", "main" | "") if !self.is_in_source => {
                self.draft.title = text.to_owned().into()
            }
            ("author", _) if !self.is_in_source => self.draft.authors.push(text.to_owned().into()),
            ("date", "") if self.is_in_source => self.draft.date = text.to_owned().into(),
            ("term", "categories") if self.draft.section.is_empty() => {
                self.draft.section = text.to_owned().into();
            }
            ("term", kind) => self.draft.unmapped.add(kind, text),
            ("publisher", _) => {
                // The name of the site comes before that of its host: `name (host)`.
                let site = text.rsplit_once(" (").filter(|_| text.ends_with(')'));
                self.draft.source = site.map_or(text, |(site, _)| site).to_owned().into();
            }
            (_, _) => {}
        }
    }

    fn end_paragraph(&mut self) {
        let text = std::mem::take(&mut self.text);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if self.is_in_main && !text.is_empty() {
            let kind = match self.is_head {
                true => SegmentKind::Subhead,
                false => SegmentKind::Body,
            };
            let text = text.into();
            self.lines.push(Paragraph { kind, text });
        }
    }
}
