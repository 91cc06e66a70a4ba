//! The XML that trafilatura writes → one article. It does not read the TEI variant.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::stream::read_whole;
use super::{
    Body, Draft, MAX_PAGE_BYTES, Paragraph, ReadResult, Reading, SegmentKind, has_word, html, page,
    unreadable,
};

/// Elements that are a paragraph of their own.
const PARAGRAPHS: [&str; 9] = [
    "p", "head", "item", "quote", "code", "cell", "lb", "list", "row",
];

/// Reads a file with one `<doc>`.
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
                document.text.push_str(&super::feed::resolved(&reference));
            }
            Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
            Ok(Event::Eof) => break,
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
                    url: attribute("source").into(),
                    ..Draft::default()
                };
            }
            "main" => {
                self.text.clear();
                self.is_in_main = true;
            }
            _ if PARAGRAPHS.contains(&name) => {
                self.end_paragraph();
                self.is_head = name == "head";
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        if name == "main" || PARAGRAPHS.contains(&name) {
            self.end_paragraph();
            self.is_head = false;
        }
        self.is_in_main &= name != "main";
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
