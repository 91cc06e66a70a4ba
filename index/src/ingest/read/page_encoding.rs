//! Decodes a web page, with the encoding that the server or the page declares.

use crate::ingest::decode::{Decoded, decode_as};

/// The number of bytes at a page's beginning that are searched for a declaration.
const DECLARATION_BYTES: usize = 4 << 10;

/// Decodes a page. `sent` is the encoding in the HTTP header. UTF-8 takes precedence, then a byte
/// order mark, then `sent`, then the declaration in the page, then detection.
pub fn decode_page(bytes: Vec<u8>, sent: Option<&str>) -> Result<Decoded, String> {
    let declared = sent
        .map(str::to_owned)
        .or_else(|| declared(&bytes[..bytes.len().min(DECLARATION_BYTES)]));
    decode_as(bytes, declared.as_deref())
}

/// Returns the encoding that the first tags of a page declare: `charset=windows-1256`, with or
/// without quotes.
pub fn declared(head: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let after = head
        .split_once("charset")
        .map(|(_, after)| after)
        .or_else(|| head.split_once("encoding").map(|it| it.1))?;
    let value = after
        .trim_start()
        .strip_prefix('=')?
        .trim_start_matches([' ', '"', '\'']);
    let end = value
        .find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':'))
        .unwrap_or(value.len());
    Some(value[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::Encoding;

    #[test]
    fn declared_encodings() {
        let check = |label: &str, page: &str, sent: Option<&str>, expected: &str| {
            let encoding = Encoding::for_label(label.as_bytes()).unwrap();
            let decoded = decode_page(encoding.encode(page).0.into_owned(), sent).unwrap();
            assert_eq!((decoded.text.as_str(), decoded.encoding), (page, expected));
        };
        check(
            "windows-1256",
            "<meta charset=\"windows-1256\"><p>خبر",
            None,
            "windows-1256",
        );
        check(
            "windows-1256",
            "<meta content='text/html; charset=WINDOWS-1256'><p>خبر",
            None,
            "windows-1256",
        );
        check("windows-1256", "<p>خبر", Some("cp1256"), "windows-1256");
        check("utf-8", "<meta charset=windows-1256><p>خبر", None, "UTF-8");
    }
}
