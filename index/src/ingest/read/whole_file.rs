//! Files that hold one article each: plain text and web pages.

use std::borrow::Cow;
use std::io::BufRead;
use std::ops::ControlFlow;

use encoding_rs::UTF_8;

use super::identity::{content_id, id_from_name};
use super::page_encoding::decode_page;
use super::reading::Reading;
use super::searchable::has_word;
use super::stream::{MAX_ARTICLE_BYTES, MAX_PAGE_BYTES, read_whole};
use super::{page, text};
use crate::ingest::decode::{Decoded, decode};
use crate::ingest::event::NoteKind;
use crate::ingest::repair::repair;

/// Reads a text file.
pub fn read_text(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let decoded = read_whole(input, MAX_ARTICLE_BYTES, "not one article").and_then(decode);
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(reason) => return reading.reject(None, reason),
    };
    if !has_word(&decoded.text) {
        return reading.reject(None, "empty article: it has no word");
    }
    note_encoding(&decoded, reading)?;
    let mut texts = [Cow::Owned(decoded.text)];
    if let Some(kind) = repair(&mut texts) {
        reading.note(NoteKind::Repaired(kind), None)?;
    }
    let [text] = texts.map(Cow::into_owned);
    let id = id_from_name(reading.name).unwrap_or_else(|| content_id(&text));
    let item = reading.checked(None, text::read(id, text));
    (reading.sink)(item)
}

/// Reads a web page. An id in the file's name takes precedence over the page's URL as the article's
/// id.
pub fn read_page(input: &mut dyn BufRead, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    let decoded = read_whole(input, MAX_PAGE_BYTES, "not one page")
        .and_then(|bytes| decode_page(bytes, None));
    let decoded = match decoded {
        Ok(decoded) => decoded,
        Err(reason) => return reading.reject(None, reason),
    };
    note_encoding(&decoded, reading)?;
    let mut draft = match page::read(&decoded.text) {
        Ok(draft) => draft,
        Err(reason) => return reading.reject(None, reason),
    };
    if let Some(id) = id_from_name(reading.name) {
        draft.id = id.as_str().to_owned().into();
    }
    reading.record(None, draft.finish())
}

fn note_encoding(decoded: &Decoded, reading: &mut Reading<'_, '_>) -> ControlFlow<()> {
    if decoded.encoding == UTF_8.name() {
        return ControlFlow::Continue(());
    }
    reading.note(NoteKind::DecodedAs(decoded.encoding), None)
}
