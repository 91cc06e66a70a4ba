//! RSS and Atom → articles, one for each entry. It streams the feed, so entries before a damaged
//! position are kept.
//!
//! No feed library is used, because dates must be read by the same rules as in other formats.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

use encoding_rs::{Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::html;
use super::page_encoding::declared;
use super::reading::Reading;
use super::record::Draft;
use super::stream::{MAX_ARTICLE_BYTES, stream_encoding};
use crate::ingest::content::HEAD_BYTES;
use crate::ingest::event::NoteKind;
use crate::ingest::limits::RecordLimit;
use crate::ingest::rejection::read_failure;
use crate::ingest::transcode::Transcoding;

/// Namespace prefixes whose elements, such as `title`, describe a picture or a podcast.
const FOREIGN_PREFIXES: [&str; 5] = ["media", "itunes", "podcast", "googleplay", "image"];
const MAX_DEPTH: usize = 1_000;

/// Reads the entries of a feed.
pub fn read(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    reading.mark = '#';
    let mut head = Vec::new();
    if let Err(error) = (&mut *input).take(HEAD_BYTES).read_to_end(&mut head) {
        return reading.reject(None, read_failure(&error));
    }
    let encoding = match encoding(&head) {
        Ok(encoding) => encoding,
        Err(reason) => return reading.reject(None, reason),
    };
    let left_bytes = Cell::new(MAX_ARTICLE_BYTES);
    let whole = RecordLimit::new(head.chain(input), &left_bytes);
    if encoding == UTF_8 {
        entries(whole, &left_bytes, reading)
    } else {
        reading.note(NoteKind::DecodedAs(encoding.name()), None)?;
        entries(
            BufReader::new(Transcoding::new(whole, encoding)),
            &left_bytes,
            reading,
        )
    }
}

fn encoding(head: &[u8]) -> Result<&'static Encoding, String> {
    let declared = declared(head).and_then(|label| Encoding::for_label(label.as_bytes()));
    match declared.filter(|declared| declared.is_ascii_compatible()) {
        Some(declared) if head.is_ascii() => Ok(declared),
        Some(declared) => {
            let is_utf8 = stream_encoding(head) == Ok(UTF_8);
            Ok(if is_utf8 { UTF_8 } else { declared })
        }
        None => stream_encoding(head),
    }
}

fn entries(
    input: impl BufRead,
    left_bytes: &Cell<u64>,
    reading: &mut Reading<'_, '_>,
) -> ControlFlow<()> {
    let mut reader = Reader::from_reader(input);
    reader.config_mut().allow_dangling_amp = true;
    let mut feed = Feed::default();
    let mut buffer = Vec::new();
    let mut number = 0;
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => return reading.reject(None, read_failure(&error)),
            Err(error) => {
                let at = reader.error_position();
                let reason = format!("broken XML at byte {at}, what came before was kept: {error}");
                return reading.reject(None, reason);
            }
        };
        let entry = match event {
            Event::Start(start) => {
                feed.open(&start);
                None
            }
            Event::Empty(start) => {
                feed.open(&start);
                feed.close()
            }
            Event::End(_) => feed.close(),
            Event::Text(text) => {
                feed.text(&text);
                None
            }
            Event::CData(text) => {
                feed.text(&text);
                None
            }
            Event::GeneralRef(reference) => {
                feed.text(&resolved(&reference));
                None
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => None,
            Event::Eof if !feed.has_root => return reading.reject(None, "not an RSS or Atom feed"),
            Event::Eof if !feed.path.is_empty() => {
                let reason = "cut off, what came before was kept: the feed has no end";
                return reading.reject(None, reason);
            }
            Event::Eof => return ControlFlow::Continue(()),
        };
        if feed.path.len() > MAX_DEPTH {
            let reason = format!("not a feed: its elements are nested more than {MAX_DEPTH} deep");
            return reading.reject(None, reason);
        }
        if let Some(draft) = entry {
            number += 1;
            left_bytes.set(MAX_ARTICLE_BYTES);
            reading.record(Some(number), draft.finish())?;
        }
    }
}

/// Returns the text of a reference such as `&#1571;` or `&nbsp;`. An unknown reference stays as it
/// is.
fn resolved(reference: &BytesRef<'_>) -> String {
    if let Ok(Some(character)) = reference.resolve_char_ref() {
        return character.to_string();
    }
    match resolve_html5_entity(reference) {
        Some(text) => text.to_owned(),
        None => format!("&{};", &**reference),
    }
}

/// The state of reading a feed.
#[derive(Default)]
struct Feed {
    /// The names of the open elements, the outermost first, without their prefixes.
    path: Vec<String>,
    has_root: bool,
    title: String,
    /// The depth of the entry that is being read; `None` outside an entry.
    entry: Option<usize>,
    /// The fields of the entry that were read so far.
    found: Vec<(EntryField, String)>,
    /// The text of the field that is being read.
    text: String,
    field: Option<EntryField>,
    /// True if the field contains XHTML elements, not escaped markup.
    is_xhtml: bool,
}

/// A field of an entry. If a field occurs several times, the first occurrence is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum EntryField {
    Title,
    Content,
    Summary,
    Published,
    Updated,
    Author,
    Category,
    Link,
    Id,
}

impl Feed {
    fn open(&mut self, start: &BytesStart<'_>) {
        let name = start.name();
        let (prefix, local) = name.0.split_once(':').unwrap_or(("", name.0));
        if self.path.is_empty() {
            self.has_root = matches!(local, "rss" | "feed" | "RDF" | "entry");
        }
        let depth = self.path.len();
        match self.entry {
            None if self.has_root && matches!(local, "item" | "entry") => self.entry = Some(depth),
            Some(entry) if depth == entry + 1 => {
                self.text.clear();
                self.field = if FOREIGN_PREFIXES.contains(&prefix) {
                    None
                } else {
                    field(local)
                };
                self.is_xhtml = attribute(start, "type").is_some_and(|kind| kind == "xhtml");
                self.text.extend(match self.field {
                    Some(EntryField::Category) => attribute(start, "term"),
                    Some(EntryField::Link) => alternate(start),
                    _ => None,
                });
            }
            Some(_) if self.field == Some(EntryField::Author) => self.text.clear(),
            Some(_) if self.is_xhtml => self.text.extend(["<", local, ">"]),
            None if self.is_in(&["channel", "feed"]) => self.text.clear(),
            Some(_) | None => {}
        }
        self.path.push(local.to_owned());
    }

    fn text(&mut self, text: &str) {
        // In Atom, `<author>` also contains mail and web addresses.
        let is_wanted =
            self.field != Some(EntryField::Author) || self.is_in(&["author", "creator", "name"]);
        if self.is_xhtml {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
            self.text.push_str(&escaped);
        } else if is_wanted {
            self.text.push_str(text);
        }
    }

    /// Closes an element. Returns the entry if it ends here.
    fn close(&mut self) -> Option<Draft<'static>> {
        let name = self.path.pop()?;
        let depth = self.path.len();
        match self.entry {
            Some(entry) if depth == entry => {
                self.entry = None;
                return Some(self.draft());
            }
            Some(entry) if depth == entry + 1 => {
                if let Some(field) = self.field.take() {
                    self.found.push((field, std::mem::take(&mut self.text)));
                }
                self.is_xhtml = false;
            }
            Some(_) if self.field == Some(EntryField::Author) => {
                if name == "name" {
                    self.found
                        .push((EntryField::Author, std::mem::take(&mut self.text)));
                }
            }
            Some(_) if self.is_xhtml => self.text.extend(["</", &name, ">"]),
            None if name == "title" && self.is_in(&["channel", "feed"]) => {
                self.title = html::line(Cow::Borrowed(self.text.trim())).into_owned();
            }
            Some(_) | None => {}
        }
        None
    }

    /// Returns the draft of the entry and clears its fields.
    fn draft(&mut self) -> Draft<'static> {
        self.found.retain(|(_, text)| !text.trim().is_empty());
        let id = self.first(&[EntryField::Id]);
        let link = self.first(&[EntryField::Link]);
        // An id such as a number is unique only within its feed.
        let is_unique = id.contains([':', '/']) || link.is_empty();
        let is_permalink = link.is_empty() && id.starts_with("http");
        let url = if is_permalink { id.clone() } else { link };
        let mut authors = Vec::new();
        for (field, text) in &self.found {
            if *field == EntryField::Author {
                authors.push(Cow::Owned(author(text).to_owned()));
            }
        }
        let draft = Draft {
            title: html::line(self.first(&[EntryField::Title])),
            body: html::body(self.first(&[EntryField::Content, EntryField::Summary])),
            source: Cow::Owned(self.title.clone()),
            section: self.first(&[EntryField::Category]),
            authors,
            date: self.first(&[EntryField::Published, EntryField::Updated]),
            url,
            id: if is_unique { id } else { Cow::Borrowed("") },
        };
        self.found.clear();
        draft
    }

    /// Returns the text of the first field in `fields` that the entry has; empty if it has none.
    fn first(&self, fields: &[EntryField]) -> Cow<'static, str> {
        for wanted in fields {
            if let Some((_, text)) = self.found.iter().find(|(field, _)| field == wanted) {
                return Cow::Owned(text.trim().to_owned());
            }
        }
        Cow::Borrowed("")
    }

    /// Returns whether the innermost open element has one of these names.
    fn is_in(&self, names: &[&str]) -> bool {
        match self.path.last() {
            Some(name) => names.contains(&name.as_str()),
            None => false,
        }
    }
}

fn field(name: &str) -> Option<EntryField> {
    Some(match name {
        "title" => EntryField::Title,
        "encoded" | "content" => EntryField::Content,
        "description" | "summary" => EntryField::Summary,
        "pubDate" | "published" | "date" | "issued" | "created" => EntryField::Published,
        "updated" | "modified" => EntryField::Updated,
        "author" | "creator" => EntryField::Author,
        "category" | "subject" => EntryField::Category,
        "link" => EntryField::Link,
        "guid" | "id" => EntryField::Id,
        _ => return None,
    })
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(html::line(attribute.value).into_owned())
}

/// Returns the address of a link to the article itself. Other links lead to comments, audio or the
/// feed.
fn alternate(start: &BytesStart<'_>) -> Option<String> {
    match attribute(start, "rel") {
        Some(rel) if rel != "alternate" => None,
        Some(_) | None => attribute(start, "href"),
    }
}

/// Returns the author's name. RSS writes it after a mail address: `desk@example.org (سلمى)`.
fn author(text: &str) -> &str {
    let text = text.trim();
    match text.split_once('(') {
        Some((address, rest)) if address.contains('@') => rest.strip_suffix(')').unwrap_or(text),
        Some(_) | None => text,
    }
}
