//! Bytes → text. It tries the byte order mark, UTF-8, UTF-16 and then the Arabic single-byte
//! encodings.
//!
//! It accepts a guessed encoding only if the bytes decode without errors and give Arabic text. In a
//! text that is certainly UTF-8 or UTF-16, a few bad bytes become U+FFFD. Otherwise it fails and
//! names the position of the first bad byte.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, ISO_8859_6, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1256};

use super::replaced::{Replaced, add_replaced, replace_bad_units, replace_invalid};
use super::{Class, class};

/// Decoded text, with the name of its encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded {
    /// The text without the byte order mark, otherwise unchanged.
    pub text: String,
    /// The encoding of the bytes.
    pub encoding: &'static str,
    /// The bytes that were replaced by U+FFFD; `None` if there were none.
    pub replaced: Option<Replaced>,
}

/// Decodes a whole file. Fails with the reason if no encoding gives text.
pub fn decode(bytes: Vec<u8>) -> Result<Decoded, String> {
    if let Some((encoding, mark_bytes)) = Encoding::for_bom(&bytes) {
        return decode_with_bom(bytes, encoding, mark_bytes);
    }
    if let Some(decoded) = decode_utf16(&bytes) {
        return Ok(decoded);
    }
    let error = match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => return without_nulls(text),
        Ok(text) => return Ok(decoded_utf8(text, None)),
        Err(error) => error,
    };
    let bytes = error.as_bytes();
    let invalid = bytes.utf8_chunks().map(|chunk| chunk.invalid().len());
    let bad: usize = invalid.sum();
    let are_few = are_few(bad as u64, bytes.len() as u64);
    // A single bad byte is no word in another encoding.
    let is_utf8 = is_damaged_utf8(bytes) || (are_few && bad == 1);
    if !is_utf8 {
        if let Some(decoded) = decode_by_detection(bytes) {
            return Ok(decoded);
        }
        if !are_few {
            let offset = error.utf8_error().valid_up_to();
            return Err(format!(
                "neither UTF-8 nor a known Arabic encoding: byte {offset} is the first invalid one"
            ));
        }
    }
    let (text, replaced) = replace_invalid(bytes);
    match replaced {
        Some(_) if text.contains('\0') => without_nulls(text),
        replaced => Ok(decoded_utf8(text, replaced)),
    }
}

const fn decoded_utf8(text: String, replaced: Option<Replaced>) -> Decoded {
    Decoded {
        text,
        encoding: "UTF-8",
        replaced,
    }
}

/// Replaces a few zero bytes, which a crash of a computer can leave in a text. More of them are no
/// text.
fn without_nulls(text: String) -> Result<Decoded, String> {
    let mut replaced = None;
    let nulls = text.match_indices('\0');
    nulls.for_each(|(offset, _)| add_replaced(&mut replaced, offset as u64));
    match replaced {
        Some(replaced) if !are_few(replaced.count, text.len() as u64) => {
            let first_null = replaced.first_byte;
            Err(format!("not a text: byte {first_null} is zero"))
        }
        replaced => Ok(decoded_utf8(text.replace('\0', "\u{FFFD}"), replaced)),
    }
}

/// Returns whether so few bytes are bad that the others are text: at most a tenth.
const fn are_few(bad: u64, all: u64) -> bool {
    bad.saturating_mul(10) <= all
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
    let is_utf8 = std::str::from_utf8(&bytes).is_ok() || is_damaged_utf8(&bytes);
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
        replaced: None,
    })
}

/// Returns whether the character is a control character that text does not contain.
fn is_foreign_control(character: char) -> bool {
    character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{C}')
}

/// Decodes text with a byte order mark. Fails if most of it is invalid.
fn decode_with_bom(
    bytes: Vec<u8>,
    encoding: &'static Encoding,
    mark_bytes: usize,
) -> Result<Decoded, String> {
    let rest = &bytes[mark_bytes..];
    let (text, replaced) = if encoding == UTF_8 {
        replace_invalid(rest)
    } else {
        replace_bad_units(rest, encoding)
    };
    let replaced = replaced.map(|replaced| Replaced {
        first_byte: replaced.first_byte + mark_bytes as u64,
        ..replaced
    });
    if let Some(Replaced { first_byte, count }) = replaced
        && count * 2 > text.chars().count() as u64
    {
        let name = encoding.name();
        return Err(format!("damaged {name}: byte {first_byte} is invalid"));
    }
    Ok(Decoded {
        text,
        encoding: encoding.name(),
        replaced,
    })
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
    let (text, replaced) = replace_bad_units(bytes, encoding);
    is_clean_arabic(&text).then(|| Decoded {
        text,
        encoding: encoding.name(),
        replaced,
    })
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
        let cut = utf16("\u{FEFF}نص طويل", u16::to_le_bytes);
        check_replaced(cut[..13].to_vec(), "نص طو\u{FFFD}", "byte 12");
        let mut lone = utf16("\u{FEFF}نص طويل", u16::to_be_bytes);
        lone[4] = 0xD8;
        check_replaced(lone, "ن\u{FFFD} طويل", "byte 4");
        check(
            b"\xFF\xFE\x00\xD8".to_vec(),
            Err("damaged UTF-16LE: byte 2 is invalid"),
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

    fn check_replaced(bytes: Vec<u8>, text: &str, place: &str) {
        let decoded = decode(bytes).unwrap();
        let replaced = decoded.replaced.map(|replaced| replaced.to_string());
        assert_eq!((&*decoded.text, replaced.as_deref()), (text, Some(place)));
    }

    #[test]
    fn bad_bytes_are_replaced() {
        let mut bytes = TEXT.as_bytes().to_vec();
        bytes[20] = 0xFF;
        let expected = TEXT.replacen("تر: س", "ت\u{FFFD}\u{FFFD}: س", 1);
        check_replaced(bytes, &expected, "byte 19 and 1 more");
        let cut = TEXT.as_bytes()[..TEXT.len() - 4].to_vec();
        assert!(decode([cut, vec![0xD8]].concat()).is_ok());
        check_replaced(
            b"\xEF\xBB\xBFSome text\xFF".to_vec(),
            "Some text\u{FFFD}",
            "byte 12",
        );
        check_replaced(
            b"One bad byte \xFF in English text.".to_vec(),
            "One bad byte \u{FFFD} in English text.",
            "byte 13",
        );
        check_replaced("نص\0 فيه صفر".into(), "نص\u{FFFD} فيه صفر", "byte 4");
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
