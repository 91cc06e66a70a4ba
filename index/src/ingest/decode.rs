//! Bytes → text. It tries the byte order mark, UTF-8, UTF-16 and then the Arabic single-byte
//! encodings.
//!
//! It accepts an encoding only if the bytes decode without errors; a guessed encoding must also
//! give Arabic text. Otherwise it fails and names the position of the first bad byte.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_8859_6, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1256};

use super::{Class, class};

/// Decoded text, with the name of its encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text without the byte order mark, otherwise unchanged.
    pub text: String,
    /// The encoding of the bytes.
    pub encoding: &'static str,
}

/// Decodes a whole file. Fails with the reason if no encoding gives clean text.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, String> {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(&bytes) {
        return decode_with_bom(&bytes, encoding, mark_bytes);
    }
    if let Some(decoded) = decode_utf16(&bytes) {
        return Ok(decoded);
    }
    let error = match String::from_utf8(bytes) {
        Ok(text) => {
            return match text.find('\0') {
                Some(first_null) => Err(format!("not a text: byte {first_null} is zero")),
                None => Ok(Decoded {
                    text,
                    encoding: UTF_8.name(),
                }),
            };
        }
        Err(error) => error,
    };
    let offset = error.utf8_error().valid_up_to();
    if is_damaged_utf8(error.as_bytes()) {
        return Err(format!("damaged UTF-8: byte {offset} is invalid"));
    }
    decode_by_detection(error.as_bytes()).ok_or_else(|| {
        format!("neither UTF-8 nor a known Arabic encoding: byte {offset} is the first invalid one")
    })
}

/// Decodes a file whose encoding the page or the server declares. `declared` is an encoding's name
/// on the web, such as `windows-1256`.
///
/// A byte order mark and valid UTF-8 take precedence over the declaration. So does the text itself:
/// if a page declares Latin-1 but its bytes give Arabic, they are read as Arabic.
pub fn decode_as(bytes: Vec<u8>, declared: Option<&str>) -> Result<Decoded, String> {
    let declared = declared.and_then(|label| Encoding::for_label(label.trim().as_bytes()));
    let Some(encoding) =
        declared.filter(|encoding| *encoding != UTF_8 && Encoding::for_bom(&bytes).is_none())
    else {
        return decode(bytes);
    };
    let is_utf8 = std::str::from_utf8(&bytes).is_ok();
    let as_declared = decode_without_errors(&bytes, encoding);
    match as_declared.filter(|decoded| !decoded.text.chars().any(is_foreign_control)) {
        None => decode(bytes),
        Some(decoded) if !is_utf8 && is_clean_arabic(&decoded.text) => Ok(decoded),
        Some(decoded) => decode(bytes).or(Ok(decoded)),
    }
}

/// Decodes bytes without a byte order mark. Returns `None` if one of them is invalid.
fn decode_without_errors(bytes: &[u8], encoding: &'static Encoding) -> Option<Decoded> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some(Decoded {
        text: text.into_owned(),
        encoding: encoding.name(),
    })
}

/// Returns whether the character is a control character that text does not contain.
fn is_foreign_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{C}')
}

fn decode_with_bom(
    bytes: &[u8],
    encoding: &'static Encoding,
    mark_bytes: usize,
) -> Result<Decoded, String> {
    let rest = &bytes[mark_bytes..];
    decode_without_errors(rest, encoding).ok_or_else(|| {
        let offset = if encoding == UTF_8 {
            std::str::from_utf8(rest).map_or_else(|error| error.valid_up_to(), str::len)
        } else {
            first_bad_unit(rest, encoding)
        };
        let name = encoding.name();
        format!("damaged {name}: byte {} is invalid", offset + mark_bytes)
    })
}

/// Returns the byte offset of the first error in UTF-16: a lone surrogate or half a code unit.
fn first_bad_unit(bytes: &[u8], encoding: &'static Encoding) -> usize {
    let to_unit = if encoding == UTF_16BE {
        u16::from_be_bytes
    } else {
        u16::from_le_bytes
    };
    let units = bytes
        .chunks_exact(2)
        .map(|pair| to_unit([pair[0], pair[1]]));
    let good_characters = char::decode_utf16(units).map_while(Result::ok);
    good_characters.map(char::len_utf16).sum::<usize>() * 2
}

/// Decodes UTF-16 without a byte order mark. Arabic letters are U+06xx, so every second byte is 6.
/// Such bytes are also valid UTF-8, so this check comes first.
fn decode_utf16(bytes: &[u8]) -> Option<Decoded> {
    let is_high_byte = |byte: &&u8| matches!(byte, 0x00 | 0x06 | 0x20);
    let even = bytes.iter().step_by(2).filter(is_high_byte).count();
    let odd = bytes.iter().skip(1).step_by(2).filter(is_high_byte).count();
    if even.max(odd) * 5 < bytes.len() * 2 {
        return None;
    }
    let encoding = if even > odd { UTF_16BE } else { UTF_16LE };
    decode_without_errors(bytes, encoding).filter(|decoded| is_clean_arabic(&decoded.text))
}

/// Returns whether the bytes are UTF-8 with a few bad bytes: at least half of the non-ASCII bytes
/// are valid UTF-8.
///
/// Two neighbouring letters in windows-1256 rarely look like UTF-8. A check for windows-1256 would
/// not work, because all UTF-8 bytes are letters in windows-1256.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += chunk.invalid().len();
    }
    good > 0 && good >= bad
}

/// Decodes with the encoding detector's guess for an Arabic page, if the result is clean Arabic.
fn decode_by_detection(bytes: &[u8]) -> Option<Decoded> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"sa"), Utf8Detection::Deny);
    if guess != WINDOWS_1256 && guess != ISO_8859_6 {
        return None;
    }
    decode_without_errors(bytes, guess).filter(|decoded| is_clean_arabic(&decoded.text))
}

/// Returns whether the text has no control characters and more Arabic letters than other non-ASCII
/// letters. A wrong encoding gives many of these other letters.
fn is_clean_arabic(text: &str) -> bool {
    let (mut arabic, mut foreign) = (0usize, 0usize);
    for character in text.chars() {
        if is_foreign_control(character) {
            return false;
        }
        arabic += usize::from(class(character) == Class::Arabic);
        foreign += usize::from(!character.is_ascii() && class(character) == Class::Letter);
    }
    arabic > foreign
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "تحركات حفتر: سعي لكسب الدعم أم بحث عن الوساطة؟\n\nوصل القائد إلى باريس، في زيارة هي الأولى هذا العام.\r\n";

    fn check(bytes: Vec<u8>, expected: Result<(&str, &str), &str>) {
        let decoded = decode(bytes);
        let seen = decoded
            .as_ref()
            .map(|decoded| (decoded.text.as_str(), decoded.encoding))
            .map_err(String::as_str);
        assert_eq!(seen, expected);
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn utf8_with_and_without_mark() {
        check(TEXT.into(), Ok((TEXT, "UTF-8")));
        check(
            [b"\xEF\xBB\xBF", TEXT.as_bytes()].concat(),
            Ok((TEXT, "UTF-8")),
        );
        check("Plain English.".into(), Ok(("Plain English.", "UTF-8")));
        check(Vec::new(), Ok(("", "UTF-8")));
    }

    #[test]
    fn utf16_with_and_without_mark() {
        for (to_bytes, name) in [
            (u16::to_le_bytes as fn(u16) -> [u8; 2], "UTF-16LE"),
            (u16::to_be_bytes, "UTF-16BE"),
        ] {
            check(utf16(TEXT, to_bytes), Ok((TEXT, name)));
            check(
                utf16(&format!("\u{FEFF}{TEXT}"), to_bytes),
                Ok((TEXT, name)),
            );
        }
        check(
            utf16("\u{FEFF}نص", u16::to_le_bytes)[..5].to_vec(),
            Err("damaged UTF-16LE: byte 4 is invalid"),
        );
    }

    #[test]
    fn arabic_encodings_of_one_byte_a_letter() {
        let bytes = WINDOWS_1256.encode(TEXT).0.into_owned();
        check(bytes, Ok((TEXT, "windows-1256")));
        // `encoding_rs` encodes ISO-8859-6 although browsers never do.
        let bytes = ISO_8859_6.encode(TEXT).0.into_owned();
        check(bytes, Ok((TEXT, "ISO-8859-6")));
    }

    #[test]
    fn a_declaration_helps_and_is_not_believed_blindly() {
        let check = |bytes: &[u8], declared: &str, expected: Option<(&str, &str)>| {
            let decoded = decode_as(bytes.to_vec(), Some(declared)).ok();
            let seen = decoded
                .as_ref()
                .map(|decoded| (decoded.text.as_str(), decoded.encoding));
            assert_eq!(seen, expected, "{declared}");
        };
        let arabic = WINDOWS_1256.encode(TEXT).0.into_owned();
        check(&arabic, "cp1256", Some((TEXT, "windows-1256")));
        for wrong in ["iso-8859-1", "utf-8", "shift_jis", "no such encoding"] {
            check(&arabic, wrong, Some((TEXT, "windows-1256")));
        }
        for wrong in ["windows-1256", "iso-8859-1", "utf-16le"] {
            check(TEXT.as_bytes(), wrong, Some((TEXT, "UTF-8")));
        }
        check(
            b"caf\xE9 cr\xE8me",
            "ISO-8859-1",
            Some(("café crème", "windows-1252")),
        );
        check(b"caf\xE9 cr\xE8me", "utf-8", None);
        check("\u{FEFF}نص".as_bytes(), "iso-8859-6", Some(("نص", "UTF-8")));
        check(
            &utf16("Plain.", u16::to_le_bytes),
            "UTF-16LE",
            Some(("Plain.", "UTF-16LE")),
        );
        // One word is too short for detection, but long enough to trust a declaration.
        check(b"\xC7\xE1", "windows-1256", Some(("ال", "windows-1256")));
    }

    #[test]
    fn damaged_utf8_is_not_taken_for_windows_1256() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes[20] = 0xFF;
        check(bytes, Err("damaged UTF-8: byte 19 is invalid"));
        let cut = TEXT.as_bytes()[..TEXT.len() - 4].to_vec();
        assert!(decode([cut, vec![0xD8]].concat()).is_err());
    }

    #[test]
    fn what_is_no_arabic_text_is_refused() {
        check(b"abc\0def".to_vec(), Err("not a text: byte 3 is zero"));
        check(
            b"caf\xE9 cr\xE8me".to_vec(),
            Err("neither UTF-8 nor a known Arabic encoding: byte 3 is the first invalid one"),
        );
        let noise: Vec<u8> = (0..4_000u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        assert!(decode(noise).is_err());
    }

    #[test]
    fn every_line_of_the_sample_decodes_alike_when_re_encoded() {
        let sample = include_str!("../../../static/samples/scraped/001_3fa91c07be52d648.txt");
        for encoding in [WINDOWS_1256, ISO_8859_6] {
            let paragraphs = sample.lines().filter(|line| line.len() > 100);
            for paragraph in paragraphs {
                let (bytes, _, is_lossy) = encoding.encode(paragraph);
                if !is_lossy {
                    check(bytes.into_owned(), Ok((paragraph, encoding.name())));
                }
            }
        }
    }
}
