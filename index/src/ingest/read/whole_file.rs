//! Files that hold one article each: plain text and web pages.

use std::borrow::Cow;
use std::io::BufRead;
use std::path::Path;

use super::front_matter;
use super::stream::read_whole;
use super::{
    ArticleId, Body, Draft, MAX_ARTICLE_BYTES, MAX_PAGE_BYTES, ReadResult, Reading, Record, decode,
    draft, extension, has_word, markdown, page, repair, text, text_id,
};

/// Reads a text file.
pub fn read_text(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let decoded = decode(read_whole(input, MAX_ARTICLE_BYTES, "not one article")?)?;
    if !has_word(&decoded.text) {
        return reading.record(Err("empty article: it has no word".to_owned()));
    }
    reading.note_encoding(decoded.encoding)?;
    reading.note_replaced(decoded.replaced)?;
    let mut text = Cow::from(decoded.text);
    let repaired = repair(&mut [&mut text]);
    let text = text.into_owned();
    let own_id = id_from_name(reading.name);
    if let Some(mut draft) = drafted(&text, reading)? {
        if let Some(id) = own_id {
            draft.id = id.as_str().to_owned().into();
        }
        let record = draft.finish().map(|record| Record { repaired, ..record });
        return reading.record(record);
    }
    let has_text_id = own_id.is_none();
    let id = own_id.unwrap_or_else(|| text_id(&text));
    reading.record(Ok(Record {
        has_text_id,
        repaired,
        ..Record::from(text::read(id, text))
    }))
}

/// Returns the draft of a text with metadata above it, or of Markdown with a heading above it; `None`
/// for any other text.
fn drafted<'a>(text: &'a str, reading: &Reading<'_>) -> Result<Option<Draft<'a>>, String> {
    let is_markdown = matches!(&*extension(reading.name), "md" | "markdown");
    let Some(block) = front_matter::split(text, reading.mapping) else {
        let mut draft = Draft::default();
        if is_markdown {
            markdown::read(text, &mut draft);
        }
        return Ok(has_word(&draft.title).then_some(draft));
    };
    let mut draft = draft(block.fields, block.unmapped)?;
    match is_markdown {
        true => markdown::read(block.text, &mut draft),
        false => draft.body = Body::Plain(block.text.into()),
    }
    Ok(Some(draft))
}

/// Reads a web page. An id in the file's name takes precedence over the page's URL as the article's
/// id.
pub fn read_page(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let decoded = page::decode(read_whole(input, MAX_PAGE_BYTES, "not one page")?, None)?;
    reading.note_encoding(decoded.encoding)?;
    reading.note_replaced(decoded.replaced)?;
    let mut draft = page::read(&decoded.text)?;
    if let Some(id) = id_from_name(reading.name) {
        draft.id = id.as_str().to_owned().into();
    }
    reading.record(draft.finish())
}

/// Returns the id in a file name like `000_0298d090f25e48f7.txt` or `0298d090f25e48f7.txt.gz`: 16
/// or more hex digits.
fn id_from_name(name: &str) -> Option<ArticleId> {
    let file_name = Path::new(name).file_name()?.to_str()?;
    let stem = file_name.split('.').next()?;
    let (number, hex) = stem.split_once('_').unwrap_or(("0", stem));
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_id = hex.len() >= 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_number && is_id).then(|| ArticleId::new(hex).ok())?
}
