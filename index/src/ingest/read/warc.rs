//! WARC, the archive format of crawlers → articles, one for each HTML page. Other records are
//! skipped.
//!
//! The date of a record is the time of the crawl, so it is not the publication date. After damage,
//! reading continues with the next record.

use std::io::BufRead;

use super::http_response::{self, is_html, too_long};
use super::warc_records::{Block, Header, Next, Records};
use super::{
    ArticleId, LostMember, NoteKind, ReadResult, Reading, Record, page, read_failure, text, text_id,
};

/// Reads the pages of an archive. The `warc` crate keeps blocks of any size in memory and ends at
/// the first damage, so it is not used.
pub fn read(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    let mut records = Records::new(input, is_page);
    for number in 1.. {
        reading.number = Some(number);
        match records.next() {
            Ok(Next::End) => break,
            Ok(Next::Other) => {}
            Ok(Next::Damaged(reason)) => reading.record(Err(reason))?,
            Ok(Next::Page(header, block)) => {
                if let Some(detail) = &block.wrong_length {
                    reading.note_detail(NoteKind::WrongLength, detail)?;
                }
                if let Some(record) = record(&header, block).transpose() {
                    reading.record(record)?;
                }
            }
            Err(error) if LostMember::in_error(&error).is_some() => {
                reading.record(Err(read_failure(&error)))?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn is_page(header: &Header) -> bool {
    let content_type = header.content_type.as_str();
    match header.kind.as_str() {
        "response" => content_type.is_empty() || content_type.starts_with("application/http"),
        "resource" => is_html(content_type),
        // Text that the crawler extracted from a page.
        "conversion" => content_type.starts_with("text/plain"),
        _ => false,
    }
}

/// Reads the page in a record. Returns `None` for an HTTP response that is not a page or is an
/// error.
fn record(header: &Header, block: Block) -> Result<Option<Record>, String> {
    let page = if header.kind == "response" {
        match http_response::parse(&block.bytes)? {
            Some(page) => page,
            None => return Ok(None),
        }
    } else {
        http_response::Page {
            body: block.bytes,
            content_type: header.content_type.clone(),
        }
    };
    if block.is_too_long {
        return Err(too_long());
    }
    let sent = page.content_type.split_once("charset=");
    let sent = sent.map(|(_, label)| label.trim_matches(['"', '\'', ' ', ';']));
    let decoded = page::decode(page.body, sent)?;
    let replaced = decoded.replaced;
    let url = &header.target;
    let mut record = if header.kind == "conversion" {
        let own_id = ArticleId::new(url).ok();
        let has_text_id = own_id.is_none();
        let id = own_id.unwrap_or_else(|| text_id(&decoded.text));
        let mut article = text::read(id, decoded.text);
        article.url = (!url.is_empty()).then(|| url.to_owned());
        Record {
            has_text_id,
            ..Record::from(article)
        }
    } else {
        let mut draft = page::read(&decoded.text)?;
        draft.url = url.as_str().into();
        draft.finish()?
    };
    record.note_replaced(replaced);
    Ok(Some(record))
}
