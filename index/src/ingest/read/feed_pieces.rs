//! A feed → its entries and what is between them, as text. Damage in one entry does not reach the
//! next: an entry ends where another one begins. It parses no XML.

use std::io::{self, BufRead};

/// A piece of a feed.
pub enum Piece {
    /// An entry with its tags.
    Entry(String),
    /// An entry without its end tag.
    Unclosed,
    /// What is outside of entries: text, or text and one tag.
    Between(String),
}

/// The pieces of a feed in UTF-8.
pub struct Pieces<R> {
    input: R,
    /// Bytes that were read and belong to the next piece.
    next: Vec<u8>,
    /// The number of bytes in the pieces that were returned.
    pub offset: u64,
}

/// A part of a piece in which `>` ends no tag.
#[derive(Clone, Copy, PartialEq)]
enum Opaque {
    Comment,
    Data,
}

impl Opaque {
    /// Returns the part that is still open at the end of `text`.
    fn open_in(text: &[u8]) -> Option<Self> {
        let starts = [(Self::Comment, &b"<!--"[..]), (Self::Data, b"<![CDATA[")];
        let found = starts.into_iter().filter_map(|(opaque, start)| {
            memchr::memmem::find(text, start).map(|at| (at, opaque, start.len()))
        });
        let (at, opaque, length) = found.min_by_key(|(at, ..)| *at)?;
        (!text[at + length..].ends_with(opaque.end())).then_some(opaque)
    }

    const fn end(self) -> &'static [u8] {
        match self {
            Self::Comment => b"-->",
            Self::Data => b"]]>",
        }
    }
}

impl<R: BufRead> Pieces<R> {
    /// Creates the reader.
    pub const fn new(input: R) -> Self {
        Self {
            input,
            next: Vec::new(),
            offset: 0,
        }
    }

    /// Returns the next piece; `None` at the end of the feed. An entry that the end cuts off is an
    /// unclosed one.
    pub fn next(&mut self) -> io::Result<Option<Piece>> {
        let mut piece = std::mem::take(&mut self.next);
        let space_bytes = piece.len() - piece.trim_ascii_start().len();
        if space_bytes > 0 {
            self.next = piece.split_off(space_bytes);
            self.offset += piece.len() as u64;
            return Ok(Some(Piece::Between(text_of(piece))));
        }
        let mut entry = entry_name(&piece).map(<[u8]>::to_owned);
        if entry.is_some() && piece.ends_with(b"/>") {
            return Ok(Some(self.entry(piece)));
        }
        let mut opaque = None;
        // The end of an entry within a comment or CDATA, which may have no end.
        let mut end_within = None;
        loop {
            let start = piece.len();
            if self.input.read_until(b'>', &mut piece)? == 0 {
                self.offset += piece.len() as u64;
                return Ok(match entry {
                    Some(_) => Some(Piece::Unclosed),
                    None if piece.is_empty() => None,
                    None => Some(Piece::Between(text_of(piece))),
                });
            }
            let part = &piece[start..];
            let tag = tag_in(part);
            match opaque {
                None => opaque = Opaque::open_in(part),
                Some(inside) if piece.ends_with(inside.end()) => opaque = None,
                Some(_) => {}
            }
            if opaque.is_some() {
                let Some(entry) = &entry else { continue };
                if let Some(end) = end_within
                    && begins_after_entry(&piece[end..], entry)
                {
                    self.next = piece.split_off(end);
                    return Ok(Some(self.entry(piece)));
                }
                end_within = is_end_of(tag, entry).then_some(piece.len());
                continue;
            }
            let tag_start = piece.len() - tag.len();
            match &entry {
                Some(name) if is_end_of(tag, name) => return Ok(Some(self.entry(piece))),
                Some(name) if begins_after_entry(tag, name) => {
                    self.next = piece.split_off(tag_start);
                    self.offset += piece.len() as u64;
                    return Ok(Some(Piece::Unclosed));
                }
                Some(_) => {}
                None if entry_name(tag).is_none() => {
                    self.offset += piece.len() as u64;
                    return Ok(Some(Piece::Between(text_of(piece))));
                }
                None if tag_start > 0 => {
                    self.next = piece.split_off(tag_start);
                    self.offset += piece.len() as u64;
                    return Ok(Some(Piece::Between(text_of(piece))));
                }
                None if tag.ends_with(b"/>") => return Ok(Some(self.entry(piece))),
                None => entry = entry_name(tag).map(<[u8]>::to_owned),
            }
        }
    }

    fn entry(&mut self, piece: Vec<u8>) -> Piece {
        self.offset += piece.len() as u64;
        Piece::Entry(text_of(piece))
    }
}

fn text_of(piece: Vec<u8>) -> String {
    // Pieces end at ASCII characters, so they are UTF-8.
    String::from_utf8(piece).unwrap_or_default()
}

/// Returns the tag at the end of a part.
fn tag_in(part: &[u8]) -> &[u8] {
    &part[memchr::memrchr(b'<', part).unwrap_or(part.len())..]
}

/// Returns the name of an entry that a start tag begins: `item` or `entry`, with any prefix.
fn entry_name(tag: &[u8]) -> Option<&[u8]> {
    let name = tag.strip_prefix(b"<")?;
    let end = name
        .iter()
        .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))?;
    let name = &name[..end];
    let local = name.rsplit(|byte| *byte == b':').next()?;
    matches!(local, b"item" | b"entry").then_some(name)
}

fn is_end_of(tag: &[u8], entry: &[u8]) -> bool {
    let name = tag
        .strip_prefix(b"</")
        .and_then(|rest| rest.strip_suffix(b">"));
    name.is_some_and(|name| name.trim_ascii() == entry)
}

/// Returns whether the text is what follows an entry: the beginning of the next one, or the end of
/// the feed.
fn begins_after_entry(text: &[u8], entry: &[u8]) -> bool {
    let tag = text.trim_ascii_start();
    let ends: [&[u8]; 4] = [b"channel", b"feed", b"rss", b"rdf:RDF"];
    entry_name(tag) == Some(entry) || ends.iter().any(|name| is_end_of(tag, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(feed: &str, expected: &[&str]) {
        let mut pieces = Pieces::new(feed.as_bytes());
        let mut seen = Vec::new();
        while let Some(piece) = pieces.next().unwrap() {
            seen.push(match piece {
                Piece::Entry(text) => format!("entry {text}"),
                Piece::Unclosed => "unclosed".to_owned(),
                Piece::Between(text) => text,
            });
        }
        assert_eq!(seen, expected);
        assert_eq!(pieces.offset, feed.len() as u64);
    }

    #[test]
    fn entries_and_what_is_between() {
        check(
            "<rss><item>a</item> <item/>b<items/></rss>\n",
            &[
                "<rss>",
                "entry <item>a</item>",
                " ",
                "entry <item/>",
                "b<items/>",
                "</rss>",
                "\n",
            ],
        );
        check(
            "<a:entry x='1'><![CDATA[</a:entry> > ]]><!-- </a:entry> --></a:entry>",
            &["entry <a:entry x='1'><![CDATA[</a:entry> > ]]><!-- </a:entry> --></a:entry>"],
        );
    }

    #[test]
    fn damage_ends_with_its_entry() {
        check(
            "<item><title>a<item>b</item></rss>",
            &["unclosed", "entry <item>b</item>", "</rss>"],
        );
        check(
            "<item><![CDATA[a</item>\n<item>b</item>",
            &[
                "entry <item><![CDATA[a</item>",
                "\n",
                "entry <item>b</item>",
            ],
        );
        check("<item>a</ite", &["unclosed"]);
        check("<item>a</channel>", &["unclosed", "</channel>"]);
    }
}
