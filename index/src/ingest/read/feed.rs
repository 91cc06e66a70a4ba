//! RSS and Atom → articles, one for each entry. It streams the feed, and damage in an entry costs only
//! that entry. `feed_pieces` finds the entries.
//!
//! No feed library is used, because dates must be read by the same rules as in other formats.

use std::borrow::Cow;
use std::cell::Cell;
use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rustc_hash::FxHashMap;

use super::feed_fields::EntryField::{
    self, Author, Category, Content, Created, Id, Link, PostStatus, PostType, Published, Summary,
    Title, Updated,
};
use super::feed_fields::{alternate, attribute, attributes, field, resolved};
use super::feed_pieces::{Piece, Pieces};
use super::{
    Draft, InvalidBytes, MAX_ARTICLE_BYTES, NoteKind, ReadResult, Reading, Replaced, Unmapped,
    decoded, html, page, read_head, stream_encoding, unreadable, wordpress,
};

const MAX_DEPTH: usize = 1_000;
/// The end of the scheme of a category in which Blogger gives the kind of an entry: a post, a comment
/// or a setting.
const BLOGGER_KIND: &str = "2005#kind";

/// Reads the entries of a feed.
pub fn read(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let mut head = read_head(input);
    let encoding = stream_encoding(&head.bytes, page::declared(&head.bytes).as_deref())?;
    reading.note_encoding(encoding.name())?;
    let left_bytes = Cell::new(MAX_ARTICLE_BYTES);
    let invalid = InvalidBytes::default();
    let mut pieces = Pieces::new(decoded(&mut head, input, encoding, &left_bytes, &invalid));
    let mut feed = Feed::default();
    let mut number = 0;
    loop {
        left_bytes.set(MAX_ARTICLE_BYTES);
        let piece = match pieces.next() {
            Ok(Some(piece)) => piece,
            Ok(None) => break,
            Err(error) => {
                reading.skip_lost_member(error)?;
                continue;
            }
        };
        if !matches!(piece, Piece::Between(_)) {
            number += 1;
            reading.number = Some(number);
        }
        if let Some((first_byte, count)) = invalid.take_before(pieces.offset) {
            reading.note_replaced(Some(Replaced { first_byte, count }))?;
        }
        match piece {
            Piece::Between(text) => {
                feed.read_between(&text)?;
                if feed.has_root
                    && ["</item>", "</entry>"]
                        .iter()
                        .any(|end| text.ends_with(end))
                {
                    reading.record(Err("damaged: the entry has no beginning".to_owned()))?;
                }
            }
            Piece::Entry(text) => {
                let entry = feed.read_entry(&text);
                match entry {
                    _ if !feed.has_root => {}
                    Ok(Entry::Article(draft)) => reading.record(draft.finish())?,
                    Ok(Entry::Unpublished(what)) => {
                        reading.note_detail(NoteKind::Unpublished, &what)?;
                    }
                    Err(reason) => reading.record(Err(reason))?,
                }
            }
            Piece::Unclosed => reading.record(Err("damaged: the entry has no end".to_owned()))?,
        }
        reading.number = None;
    }
    if !feed.has_root {
        return unreadable("not an RSS or Atom feed");
    }
    if !feed.path.is_empty() {
        return unreadable("cut off: the feed has no end");
    }
    Ok(())
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
    /// What is unmapped in the entry, and was read so far.
    unmapped: Unmapped,
    /// The name, with its prefix, of the element of the entry that is being read.
    element: String,
    /// The text of the element.
    text: String,
    field: Option<EntryField>,
    /// True if the field contains XHTML elements, not escaped markup.
    is_xhtml: bool,
    /// The first element of the entry's fields that has no end tag.
    unclosed: Option<String>,
    /// The names of the authors in a WordPress export, by their logins.
    author_names: FxHashMap<String, String>,
    author_login: String,
}

/// What an entry is.
enum Entry {
    Article(Box<Draft<'static>>),
    /// An entry of a WordPress export that is no published post, with its type or status.
    Unpublished(String),
}

impl Feed {
    /// Reads what is outside of entries. Broken XML is ignored here.
    fn read_between(&mut self, text: &str) -> Result<(), String> {
        let _broken = self.read_events(text);
        if self.path.len() > MAX_DEPTH {
            return Err(format!(
                "not a feed: its elements are nested more than {MAX_DEPTH} deep"
            ));
        }
        Ok(())
    }

    /// Reads an entry. Fails with the reason if its XML is broken.
    fn read_entry(&mut self, text: &str) -> Result<Entry, String> {
        let depth = self.path.len();
        self.found.clear();
        self.unmapped = Unmapped::default();
        self.unclosed = None;
        let read = self.read_events(text);
        self.path.truncate(depth);
        (self.entry, self.field, self.is_xhtml) = (None, None, false);
        read?;
        match self.unclosed.take() {
            Some(name) => Err(format!("broken XML: `<{name}>` has no end")),
            None => Ok(match self.unpublished() {
                Some(what) => Entry::Unpublished(what),
                None => Entry::Article(Box::new(self.draft())),
            }),
        }
    }

    /// Reads a piece of XML. End tags need not match.
    fn read_events(&mut self, text: &str) -> Result<(), String> {
        let mut reader = Reader::from_str(text);
        let config = reader.config_mut();
        config.allow_dangling_amp = true;
        config.allow_unmatched_ends = true;
        config.check_end_names = false;
        loop {
            if self.path.len() > MAX_DEPTH {
                return Err(format!("elements nested more than {MAX_DEPTH} deep"));
            }
            match reader.read_event() {
                Ok(Event::Start(start)) => self.open(&start),
                Ok(Event::Empty(start)) => {
                    self.open(&start);
                    self.close_last();
                }
                Ok(Event::End(end)) => self.close(end.local_name().into_inner()),
                Ok(Event::Text(text)) => self.text(&text),
                Ok(Event::CData(text)) => self.text(&text),
                Ok(Event::GeneralRef(reference)) => self.text(&resolved(&reference)),
                Ok(Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::DocType(_)) => {}
                Ok(Event::Eof) => return Ok(()),
                Err(error) => return Err(format!("broken XML: {error}")),
            }
        }
    }

    fn open(&mut self, start: &BytesStart<'_>) {
        let name = start.name();
        let (prefix, local) = name.0.split_once(':').unwrap_or(("", name.0));
        if self.path.is_empty() {
            self.has_root |= matches!(local, "rss" | "feed" | "RDF" | "entry" | "items");
        }
        let depth = self.path.len();
        match self.entry {
            None if self.has_root && matches!(local, "item" | "entry") => self.entry = Some(depth),
            Some(entry) if depth == entry + 1 => {
                self.text.clear();
                name.0.clone_into(&mut self.element);
                let domain = attribute(start, "domain").unwrap_or_default();
                let scheme = attribute(start, "scheme").unwrap_or_default();
                self.field = field(prefix, local)
                    .filter(|field| *field != Category || !domain.starts_with("post_"))
                    .map(|field| match scheme.ends_with(BLOGGER_KIND) {
                        true => PostType,
                        false => field,
                    });
                if self.field.is_none() {
                    self.unmapped.add(&self.element, attributes(start));
                }
                self.is_xhtml = attribute(start, "type").is_some_and(|kind| kind == "xhtml");
                self.text.extend(match self.field {
                    Some(Category) => {
                        attribute(start, "label").or_else(|| attribute(start, "term"))
                    }
                    Some(PostType) => attribute(start, "term")
                        .and_then(|term| Some(term.rsplit_once('#')?.1.to_owned())),
                    Some(Link) => alternate(start),
                    _ => None,
                });
            }
            Some(_) if self.field == Some(Author) => self.text.clear(),
            // Elements such as the comments of a post are no text.
            Some(_) if self.field.is_none() => self.element.clear(),
            Some(_) if self.is_xhtml => self.text.extend(["<", local, ">"]),
            None if self.is_in(&["channel", "feed", "author"]) => self.text.clear(),
            Some(_) | None => {}
        }
        self.path.push(local.to_owned());
    }

    fn text(&mut self, text: &str) {
        // In Atom, `<author>` also contains mail and web addresses.
        let is_wanted = self.field != Some(Author)
            || self.is_in(&["author", "authors", "creator", "name", "value"]);
        if self.is_xhtml {
            let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
            self.text.push_str(&escaped);
        } else if is_wanted {
            self.text.push_str(text);
        }
    }

    /// Closes the innermost element with this name, and the elements in it that have no end tag.
    fn close(&mut self, name: &str) {
        let Some(depth) = self.path.iter().rposition(|open| open == name) else {
            return;
        };
        if self.entry == Some(depth) {
            self.unclosed = self.path.get(depth + 1).cloned();
        }
        if self.entry.is_none_or(|entry| depth >= entry) {
            self.path.truncate(depth + 1);
            self.close_last();
        }
    }

    fn close_last(&mut self) {
        let Some(name) = self.path.pop() else {
            return;
        };
        let depth = self.path.len();
        match self.entry {
            Some(entry) if depth <= entry => {}
            Some(entry) if depth == entry + 1 => {
                match self.field.take() {
                    Some(field) => self.found.push((field, std::mem::take(&mut self.text))),
                    None if self.element.is_empty() => {}
                    None => self.unmapped.add(&self.element, self.text.trim()),
                }
                self.is_xhtml = false;
            }
            Some(_) if self.field == Some(Author) => {
                if matches!(&*name, "name" | "value") {
                    let author = std::mem::take(&mut self.text);
                    self.found.push((Author, author));
                }
            }
            Some(_) if self.is_xhtml => self.text.extend(["</", &name, ">"]),
            // A second title is that of an entry whose beginning is damaged.
            None if name == "title"
                && self.title.is_empty()
                && self.is_in(&["channel", "feed"]) =>
            {
                self.title = html::line(Cow::Borrowed(self.text.trim())).into_owned();
            }
            None if name == "author_login" => self.author_login = self.text.trim().to_owned(),
            None if name == "author_display_name" => {
                let login = std::mem::take(&mut self.author_login);
                self.author_names.insert(login, self.text.trim().to_owned());
            }
            Some(_) | None => {}
        }
    }

    /// Returns the type or status of an entry that is no published post; `None` for a post and for
    /// an entry of another feed.
    fn unpublished(&self) -> Option<String> {
        let [kind, status] =
            [PostType, PostStatus].map(|field| self.first(&[field]).to_lowercase());
        // Blogger gives the status in other words.
        let status = match &*status {
            "yes" => "draft",
            "no" | "live" => "publish",
            other => other,
        };
        if !kind.is_empty() && !wordpress::is_post(&kind) {
            return Some(kind);
        }
        (!status.is_empty() && status != "publish").then(|| status.to_owned())
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
        let authors = authors.map(|(_, text)| {
            let name = super::value::without_mail_address(text);
            self.author_names.get(name).map_or(name, String::as_str)
        });
        // Feeds name an author in several elements.
        let mut names: Vec<&str> = Vec::new();
        for name in authors {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let authors: Vec<_> = names
            .into_iter()
            .map(|name| name.to_owned().into())
            .collect();
        let mut unmapped = std::mem::take(&mut self.unmapped);
        let mut content = self.first(&[Content, Summary]);
        if !self.first(&[PostType]).is_empty() {
            content = wordpress::without_shortcodes(&content).into();
        }
        let is_used = |field: EntryField| match field {
            Summary => self.first(&[Content]).is_empty(),
            Created => self.first(&[Published]).is_empty(),
            Updated => self.first(&[Published, Created]).is_empty(),
            Id => is_unique,
            Category => !self.has_several(Category),
            Title | Content | Published | Author | Link | PostType | PostStatus => true,
        };
        for (field, text) in &self.found {
            if !is_used(*field) {
                unmapped.add(field.name(), text.trim());
            }
        }
        let draft = Draft {
            title: html::line(self.first(&[Title])),
            body: html::body(content),
            source: self.title.clone().into(),
            section: self.first(&[Category]),
            authors,
            date: self.first(&[Published, Created, Updated]),
            url,
            id: if is_unique { id } else { Cow::default() },
            unmapped,
            ..Draft::default()
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

    fn has_several(&self, wanted: EntryField) -> bool {
        let mut found = self.found.iter().filter(|(field, _)| *field == wanted);
        found.nth(1).is_some()
    }

    /// Returns whether the innermost open element has one of these names.
    fn is_in(&self, names: &[&str]) -> bool {
        self.path
            .last()
            .is_some_and(|name| names.contains(&name.as_str()))
    }
}
