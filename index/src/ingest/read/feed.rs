//! RSS and Atom → articles, one for each entry. It streams the feed, so entries before a damaged
//! position are kept.
//!
//! No feed library is used, because dates must be read by the same rules as in other formats.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::BufRead;

use encoding_rs::{Encoding, UTF_8};
use quick_xml::Reader;
use quick_xml::escape::resolve_html5_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::{
    Draft, MAX_ARTICLE_BYTES, ReadResult, Reading, decoded, html, page, read_failure, read_head,
    stream_encoding, unreadable,
};
use EntryField::{Author, Category, Content, Id, Link, Published, Summary, Title, Updated};

/// Namespace prefixes whose elements, such as `title`, describe a picture or a podcast.
const FOREIGN_PREFIXES: [&str; 5] = ["media", "itunes", "podcast", "googleplay", "image"];
const MAX_DEPTH: usize = 1_000;

/// Reads the entries of a feed.
pub fn read(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let head = read_head(input)?;
    let encoding = encoding(&head)?;
    reading.note_encoding(encoding.name())?;
    let left_bytes = Cell::new(MAX_ARTICLE_BYTES);
    let mut reader = Reader::from_reader(decoded(&head, input, encoding, &left_bytes));
    reader.config_mut().allow_dangling_amp = true;
    let mut feed = Feed::default();
    let mut buffer = Vec::new();
    let mut number = 0;
    loop {
        buffer.clear();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(quick_xml::Error::Io(error)) => return unreadable(read_failure(&error)),
            Err(error) => {
                let at = reader.error_position();
                let reason = format!(
                    "broken XML at byte {at}: {error}; the articles before that point were kept"
                );
                return unreadable(reason);
            }
        };
        let mut entry = None;
        match event {
            Event::Start(start) => feed.open(&start),
            Event::Empty(start) => {
                feed.open(&start);
                entry = feed.close();
            }
            Event::End(_) => entry = feed.close(),
            Event::Text(text) => feed.text(&text),
            Event::CData(text) => feed.text(&text),
            Event::GeneralRef(reference) => feed.text(&resolved(&reference)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_) => {}
            Event::Eof if !feed.has_root => {
                return unreadable("not an RSS or Atom feed");
            }
            Event::Eof if !feed.path.is_empty() => {
                return unreadable(
                    "cut off: the feed has no end; the articles before that point were kept",
                );
            }
            Event::Eof => return Ok(()),
        }
        if feed.path.len() > MAX_DEPTH {
            let reason = format!("not a feed: its elements are nested more than {MAX_DEPTH} deep");
            return unreadable(reason);
        }
        if let Some(draft) = entry {
            number += 1;
            left_bytes.set(MAX_ARTICLE_BYTES);
            reading.number = Some(number);
            reading.record(draft.finish())?;
            reading.number = None;
        }
    }
}

/// Returns the encoding of a feed. UTF-8 takes precedence over the declaration.
fn encoding(head: &[u8]) -> Result<&'static Encoding, String> {
    let declared = page::declared(head).and_then(|label| Encoding::for_label(label.as_bytes()));
    let detected = stream_encoding(head);
    match declared.filter(|declared| declared.is_ascii_compatible()) {
        Some(declared) if head.is_ascii() || detected != Ok(UTF_8) => Ok(declared),
        Some(_) | None => detected,
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
#[derive(Clone, Copy, PartialEq)]
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
                self.field = field(local).filter(|_| !FOREIGN_PREFIXES.contains(&prefix));
                self.is_xhtml = attribute(start, "type").is_some_and(|kind| kind == "xhtml");
                self.text.extend(match self.field {
                    Some(Category) => attribute(start, "term"),
                    Some(Link) => alternate(start),
                    _ => None,
                });
            }
            Some(_) if self.field == Some(Author) => self.text.clear(),
            Some(_) if self.is_xhtml => self.text.extend(["<", local, ">"]),
            None if self.is_in(&["channel", "feed"]) => self.text.clear(),
            Some(_) | None => {}
        }
        self.path.push(local.to_owned());
    }

    fn text(&mut self, text: &str) {
        // In Atom, `<author>` also contains mail and web addresses.
        let is_wanted = self.field != Some(Author) || self.is_in(&["author", "creator", "name"]);
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
            Some(_) if self.field == Some(Author) => {
                if name == "name" {
                    let author = std::mem::take(&mut self.text);
                    self.found.push((Author, author));
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
        let id = self.first(&[Id]);
        let link = self.first(&[Link]);
        // An id such as a number is unique only within its feed.
        let is_unique = id.contains([':', '/']) || link.is_empty();
        let is_permalink = link.is_empty() && id.starts_with("http");
        let url = if is_permalink { id.clone() } else { link };
        let authors = self.found.iter().filter(|(field, _)| *field == Author);
        let draft = Draft {
            title: html::line(self.first(&[Title])),
            body: html::body(self.first(&[Content, Summary])),
            source: self.title.clone().into(),
            section: self.first(&[Category]),
            authors: authors
                .map(|(_, text)| author(text).to_owned().into())
                .collect(),
            date: self.first(&[Published, Updated]),
            url,
            id: if is_unique { id } else { Cow::default() },
        };
        self.found.clear();
        draft
    }

    /// Returns the text of the first field in `fields` that the entry has; empty if it has none.
    fn first(&self, fields: &[EntryField]) -> Cow<'static, str> {
        let found = |wanted| self.found.iter().find(|(field, _)| field == wanted);
        match fields.iter().find_map(found) {
            Some((_, text)) => Cow::Owned(text.trim().to_owned()),
            None => Cow::default(),
        }
    }

    /// Returns whether the innermost open element has one of these names.
    fn is_in(&self, names: &[&str]) -> bool {
        self.path
            .last()
            .is_some_and(|name| names.contains(&name.as_str()))
    }
}

fn field(name: &str) -> Option<EntryField> {
    Some(match name {
        "title" => Title,
        "encoded" | "content" => Content,
        "description" | "summary" => Summary,
        "pubDate" | "published" | "date" | "issued" | "created" => Published,
        "updated" | "modified" => Updated,
        "author" | "creator" => Author,
        "category" | "subject" => Category,
        "link" => Link,
        "guid" | "id" => Id,
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
    let is_alternate = attribute(start, "rel").is_none_or(|rel| rel == "alternate");
    attribute(start, "href").filter(|_| is_alternate)
}

/// Returns the author's name. RSS writes it after a mail address: `desk@example.org (سلمى)`.
fn author(text: &str) -> &str {
    let text = text.trim();
    match text.split_once('(') {
        Some((address, rest)) if address.contains('@') => rest.strip_suffix(')').unwrap_or(text),
        Some(_) | None => text,
    }
}
