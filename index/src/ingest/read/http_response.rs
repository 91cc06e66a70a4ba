//! An HTTP response as crawlers store it → the page in it. It reads what servers really send, not
//! only what the standard allows.

use std::io::Read;

use super::{MAX_PAGE_BYTES, read_failure};

/// A page in an HTTP response.
pub struct Page {
    /// The body, without its transfer and content encodings.
    pub body: Vec<u8>,
    /// The value of the header `Content-Type`, in lower case.
    pub content_type: String,
}

/// Parses an HTTP response. Returns `None` if it is not an HTML page with status 200. A response
/// without a status line and headers is a page if it begins like one.
pub fn parse(bytes: &[u8]) -> Result<Option<Page>, String> {
    let bytes = bytes.trim_ascii_start();
    if bytes.starts_with(b"<") {
        return Ok(Some(Page {
            body: bytes.to_vec(),
            content_type: String::new(),
        }));
    }
    let head = Head::parse(bytes)?;
    let content_type = head.value("content-type");
    if head.status != 200 || !(content_type.is_empty() || is_html(&content_type)) {
        return Ok(None);
    }
    let mut body = bytes[head.length_bytes..].to_vec();
    // Some crawlers store the decoded body but keep the header of the encoded one.
    if head.value("transfer-encoding").contains("chunked") {
        body = join_chunks(&body).unwrap_or(body);
    }
    for coding in head.value("content-encoding").split(',').rev() {
        body = decoded(coding.trim(), body)?;
    }
    Ok(Some(Page { body, content_type }))
}

/// Returns whether a content type is that of a web page.
pub fn is_html(content_type: &str) -> bool {
    ["text/html", "application/xhtml"]
        .iter()
        .any(|html| content_type.trim_start().starts_with(html))
}

/// Returns the reason for a page that is longer than the limit.
pub fn too_long() -> String {
    format!("larger than {} MiB: not one page", MAX_PAGE_BYTES >> 20)
}

/// The status and the headers of a response.
struct Head {
    status: u16,
    /// The names and values, in lower case.
    headers: Vec<(String, String)>,
    length_bytes: usize,
}

impl Head {
    /// Parses what stands before the first blank line. The status line is `HTTP/1.1 200 OK`, in any
    /// case and version, with or without the last words. A line without a colon is ignored.
    fn parse(bytes: &[u8]) -> Result<Self, String> {
        let mut lines = bytes.split_inclusive(|byte| *byte == b'\n');
        let first = lines.next().unwrap_or_default();
        let words = String::from_utf8_lossy(first).to_ascii_lowercase();
        let mut words = words.split_ascii_whitespace();
        let is_http = words.next().is_some_and(|word| word.starts_with("http"));
        let status = words.next().and_then(|status| status.parse().ok());
        let Some(status) = status.filter(|_| is_http) else {
            return Err("not an HTTP response: it has no status line".to_owned());
        };
        let mut head = Self {
            status,
            headers: Vec::new(),
            length_bytes: first.len(),
        };
        for line in lines {
            head.length_bytes += line.len();
            if line.trim_ascii().is_empty() {
                return Ok(head);
            }
            let line = String::from_utf8_lossy(line).to_ascii_lowercase();
            if let Some((name, value)) = line.split_once(':') {
                let header = (name.trim().to_owned(), value.trim().to_owned());
                head.headers.push(header);
            }
        }
        Err("an HTTP response whose header has no end".to_owned())
    }

    /// Returns the value of a header in lower case; empty if it is missing.
    fn value(&self, name: &str) -> String {
        let mut headers = self.headers.iter();
        let header = headers.find(|(found, _)| found == name);
        header.map_or_else(String::new, |(_, value)| value.clone())
    }
}

/// Removes one content encoding. A body that is not encoded is returned unchanged, because some
/// crawlers decode it before they store it.
fn decoded(coding: &str, body: Vec<u8>) -> Result<Vec<u8>, String> {
    match coding {
        "gzip" | "x-gzip" if body.starts_with(&[0x1F, 0x8B]) => {
            decompress(flate2::read::MultiGzDecoder::new(&*body))
        }
        // Some servers leave out the header of zlib.
        "deflate" if !is_text(&body) => decompress(flate2::read::ZlibDecoder::new(&*body))
            .or_else(|_| decompress(flate2::read::DeflateDecoder::new(&*body))),
        "zstd" if body.starts_with(&[0x28, 0xB5, 0x2F, 0xFD]) => {
            let decoder = zstd::stream::read::Decoder::new(&*body);
            decompress(decoder.map_err(|error| read_failure(&error))?)
        }
        // Brotli has no magic number.
        "br" if !is_text(&body) => {
            decompress(brotli_decompressor::Decompressor::new(&*body, 4 << 10))
        }
        "" | "identity" | "gzip" | "x-gzip" | "deflate" | "zstd" | "br" => Ok(body),
        other if !is_text(&body) => Err(format!(
            "the page is compressed with {other}, which is not supported"
        )),
        _ => Ok(body),
    }
}

/// Returns whether a body is text that the crawler has decoded.
fn is_text(body: &[u8]) -> bool {
    std::str::from_utf8(body).is_ok() || body.trim_ascii_start().starts_with(b"<")
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

    fn check(response: &[u8], expected: Result<Option<&str>, &str>) {
        let seen = parse(response).map(|page| page.map(|page| page.body));
        let seen = seen.map(|body| body.map(|body| String::from_utf8(body).unwrap()));
        let expected = expected.map(|body| body.map(str::to_owned));
        let expected = expected.map_err(str::to_owned);
        assert_eq!(seen, expected, "{}", String::from_utf8_lossy(response));
    }

    #[test]
    fn status_lines_and_headers_as_servers_send_them() {
        for head in [
            "HTTP/1.1 200 OK\r\n",
            "HTTP/2 200 \r\n",
            "HTTP/2 200\r\n",
            "http/1.1 200 OK\r\n",
            "HTTP/1.0 200 تم\r\n",
            "HTTP/1.1 200 OK\n",
            "\r\nHTTP/1.1 200 OK\r\n",
            "HTTP/1.1 200 OK\r\nX Odd Name: x\r\n no colon\r\n: y\r\ncontent-TYPE : Text/HTML\r\n",
        ] {
            check(format!("{head}\r\n<p>x").as_bytes(), Ok(Some("<p>x")));
        }
        check(b"<html>", Ok(Some("<html>")));
        check(b"HTTP/1.1 404 No\r\n\r\n<p>", Ok(None));
        check(
            b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx",
            Ok(None),
        );
        check(
            b"HTTP/1.1 200 OK\r\nA: b\r\n",
            Err("an HTTP response whose header has no end"),
        );
        check(
            b"GET / HTTP/1.1\r\n\r\n",
            Err("not an HTTP response: it has no status line"),
        );
    }

    #[test]
    fn bodies_in_brotli() {
        let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n";
        // `<p>` and the letters «خبر» in one block that is stored without compression.
        let stored = b"\x90\x00\x10<p>\xD8\xAE\xD8\xA8\xD8\xB1x\x03";
        check(&[&head[..], stored].concat(), Ok(Some("<p>خبرx")));
        // The crawler has decoded the body.
        check(&[&head[..], b"<p>x"].concat(), Ok(Some("<p>x")));
        let broken = parse(&[&head[..], b"\xFF\xFE\x01"].concat());
        assert!(broken.is_err_and(|reason| reason.starts_with("the page is cut off or damaged")));
    }

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
        fn any_bytes_are_an_answer_or_none(
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            size in any::<u64>(),
            coding in "(gzip|br|deflate|zstd)",
        ) {
            let _ = parse(&bytes);
            let _ = join_chunks(&bytes);
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n"
            );
            let _ = parse(&[head.as_bytes(), &bytes].concat());
        }
    }
}
