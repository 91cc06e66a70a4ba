//! WARC, the archive format of crawlers → articles, one for each HTML page. Other records are
//! skipped.
//!
//! The date of a record is the time of the crawl, so it is not the publication date.

use std::io::{self, BufRead, Read};

use super::{
    ArticleId, MAX_PAGE_BYTES, ReadResult, Reading, Record, content_id, page, read_failure, text,
    unreadable,
};

const MAX_HEADER_BYTES: u64 = 64 << 10;
const MAX_HEADERS: usize = 256;

/// The fields of a record's header that are needed. Missing text fields are empty.
#[derive(Default)]
struct Header {
    kind: String,
    target: String,
    content_type: String,
    length_bytes: Option<u64>,
}

/// Reads the pages of an archive. The `warc` crate keeps blocks of any size in memory, so it is not
/// used.
pub fn read(input: &mut dyn BufRead, reading: &mut Reading<'_>) -> ReadResult {
    for number in 1.. {
        reading.number = Some(number);
        let Some(header) = next_header(input)? else {
            break;
        };
        let Some(length_bytes) = header.length_bytes else {
            let reason =
                "damaged: a record has no Content-Length; the articles before that point were kept";
            return unreadable(reason);
        };
        let mut block = input.take(length_bytes);
        if is_page(&header) {
            let bytes = page_bytes(&mut block)?;
            if let Some(record) = record(&header, bytes).transpose() {
                reading.record(record)?;
            }
        }
        io::copy(&mut block, &mut io::sink())?;
        if block.limit() > 0 {
            return unreadable(
                "cut off: the last record has no end; the articles before that point were kept",
            );
        }
    }
    Ok(())
}

/// Reads the header of the next record, after blank lines. Returns `None` at the end of the
/// archive.
fn next_header(input: &mut dyn BufRead) -> io::Result<Option<Header>> {
    let damaged = |what| Err(io::Error::new(io::ErrorKind::InvalidData, what));
    let mut line = Vec::new();
    let mut next_line = |line: &mut Vec<u8>| {
        line.clear();
        input.take(MAX_HEADER_BYTES).read_until(b'\n', line)
    };
    while line.trim_ascii().is_empty() {
        if next_line(&mut line)? == 0 {
            return Ok(None);
        }
    }
    if !line.starts_with(b"WARC/") {
        return damaged("the next record has no header");
    }
    let mut header = Header::default();
    for _ in 0..MAX_HEADERS {
        next_line(&mut line)?;
        let text = String::from_utf8_lossy(&line);
        if text.trim().is_empty() {
            return Ok(Some(header));
        }
        let Some((name, value)) = text.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "warc-type" => header.kind = value.to_ascii_lowercase(),
            "warc-target-uri" => {
                let uri = value.trim_start_matches('<').trim_end_matches('>');
                header.target = uri.to_owned();
            }
            "content-type" => header.content_type = value.to_ascii_lowercase(),
            "content-length" => header.length_bytes = value.parse().ok(),
            _ => {}
        }
    }
    damaged("a record header has too many lines")
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

fn is_html(content_type: &str) -> bool {
    ["text/html", "application/xhtml"]
        .iter()
        .any(|html| content_type.trim_start().starts_with(html))
}

/// The maximum length of a record with a page. It has room for an HTTP header.
const MAX_BLOCK_BYTES: u64 = MAX_PAGE_BYTES + MAX_HEADER_BYTES;

/// Reads the block of a record, up to one byte more than its maximum length. Fails if the archive
/// ends within the block.
fn page_bytes(block: &mut io::Take<impl Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    block.take(MAX_BLOCK_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 <= MAX_BLOCK_BYTES && block.limit() > 0 {
        let reason = "the last record has no end";
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, reason));
    }
    Ok(bytes)
}

/// Reads the page in a record. Returns `None` for an HTTP response that is not a page or is an
/// error.
fn record(header: &Header, bytes: Vec<u8>) -> Result<Option<Record>, String> {
    let is_too_long = bytes.len() as u64 > MAX_BLOCK_BYTES;
    let response = if header.kind == "response" {
        parse_response(&bytes)?
    } else {
        Some((bytes, header.content_type.clone()))
    };
    let Some((body, content_type)) = response else {
        return Ok(None);
    };
    if is_too_long {
        return Err(too_long());
    }
    let sent = content_type.split_once("charset=");
    let sent = sent.map(|(_, label)| label.trim_matches(['"', '\'', ' ', ';']));
    let decoded = page::decode(body, sent)?;
    if header.kind == "conversion" {
        let url = &header.target;
        let id = ArticleId::new(url).unwrap_or_else(|_| content_id(&decoded.text));
        let mut article = text::read(id, decoded.text);
        article.url = (!url.is_empty()).then(|| url.to_owned());
        return Ok(Some(Record {
            article,
            repaired: None,
            unreadable_date: None,
        }));
    }
    let mut draft = page::read(&decoded.text)?;
    draft.url = header.target.as_str().into();
    draft.finish().map(Some)
}

fn too_long() -> String {
    format!("larger than {} MiB: not one page", MAX_PAGE_BYTES >> 20)
}

/// Parses an HTTP response. Returns its decoded body and its content type; `None` if it is not an
/// HTML page with status 200.
fn parse_response(bytes: &[u8]) -> Result<Option<(Vec<u8>, String)>, String> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let start = match response.parse(bytes) {
        Ok(httparse::Status::Complete(start)) => start,
        Ok(httparse::Status::Partial) => {
            return Err("an HTTP response whose header has no end".to_owned());
        }
        Err(error) => return Err(format!("not an HTTP response: {error}")),
    };
    let value = |name: &str| {
        let mut headers = response.headers.iter();
        let header = headers.find(|header| header.name.eq_ignore_ascii_case(name));
        let value = String::from_utf8_lossy(header.map(|header| header.value).unwrap_or_default());
        value.trim().to_ascii_lowercase()
    };
    let content_type = value("content-type");
    if response.code != Some(200) || !(content_type.is_empty() || is_html(&content_type)) {
        return Ok(None);
    }
    let mut body = bytes[start..].to_vec();
    // Some crawlers store the decoded body but keep the header of the encoded one.
    if value("transfer-encoding").contains("chunked") {
        body = join_chunks(&body).unwrap_or(body);
    }
    for coding in value("content-encoding").split(',').rev().map(str::trim) {
        body = match coding {
            "gzip" | "x-gzip" if body.starts_with(&[0x1F, 0x8B]) => {
                decompress(flate2::read::MultiGzDecoder::new(&*body))?
            }
            "deflate" if body.first().is_some_and(|byte| byte & 0x0F == 8) => {
                decompress(flate2::read::ZlibDecoder::new(&*body))?
            }
            "zstd" if body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) => {
                let decoder = zstd::stream::read::Decoder::new(&*body);
                decompress(decoder.map_err(|error| read_failure(&error))?)?
            }
            "" | "identity" | "gzip" | "x-gzip" | "deflate" | "zstd" => body,
            // If the body is already text, the crawler decoded it before storing it.
            other if std::str::from_utf8(&body).is_err() => {
                return Err(format!(
                    "the page is compressed with {other}, which is not supported"
                ));
            }
            _ => body,
        };
    }
    Ok(Some((body, content_type)))
}

fn decompress(decoder: impl Read) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let read = decoder.take(MAX_PAGE_BYTES + 1).read_to_end(&mut bytes);
    match read {
        Ok(_) if bytes.len() as u64 > MAX_PAGE_BYTES => Err(too_long()),
        Ok(_) => Ok(bytes),
        Err(error) => Err(format!("the page is cut off or damaged: {error}")),
    }
}

/// Joins the chunks of a body with chunked transfer encoding. Returns `None` if the body has no
/// chunks.
fn join_chunks(body: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(body.len());
    let mut rest = body;
    loop {
        let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(rest) else {
            // A truncated response has no last chunk.
            return (!whole.is_empty()).then_some(whole);
        };
        let size = usize::try_from(size).ok()?;
        if size == 0 {
            return Some(whole);
        }
        let chunk = rest.get(start..)?;
        whole.extend_from_slice(&chunk[..chunk.len().min(size)]);
        rest = rest.get(start.checked_add(size)?..).unwrap_or_default();
        rest = rest.strip_prefix(b"\r\n").unwrap_or(rest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn bodies_in_chunks() {
        assert_eq!(
            join_chunks(b"4\r\nabcd\r\n2;x=y\r\nef\r\n0\r\n\r\n").unwrap(),
            b"abcdef"
        );
        assert_eq!(join_chunks(b"4\r\nabcd\r\n9\r\nef").unwrap(), b"abcdef");
        assert_eq!(join_chunks(b"<html>"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_an_answer_or_none(bytes in prop::collection::vec(any::<u8>(), 0..200), size in any::<u64>()) {
            let _ = parse_response(&bytes);
            let _ = join_chunks(&bytes);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n");
            let _ = parse_response(&[head.as_bytes(), &bytes].concat());
        }
    }
}
