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

/// See [`has_few_controls`].
const CHARS_PER_CONTROL: usize = 40;

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
    if bytes.starts_with(b"\xFF\xFE\0\0") || bytes.starts_with(b"\0\0\xFE\xFF") {
        return Err("UTF-32, which is not read: convert it to UTF-8".to_owned());
    }
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
    match as_declared.filter(|decoded| has_few_controls(&decoded.text)) {
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
    character.is_control()
        && !matches!(character, '\t' | '\n' | '\u{B}' | '\r' | '\u{C}' | '\u{85}')
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

/// Decodes with the encoding detector's guess for an Arabic page, if the result is clean Arabic. A few
/// bytes may be invalid or zero.
fn decode_by_detection(bytes: &[u8]) -> Option<Decoded> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"sa"), Utf8Detection::Deny);
    if guess != WINDOWS_1256 && guess != ISO_8859_6 {
        return None;
    }
    let (text, _) = guess.decode_without_bom_handling(bytes);
    let mut replaced = None;
    // Each byte is a character.
    for (offset, character) in (0..).zip(text.chars()) {
        if matches!(character, '\0' | '\u{FFFD}') {
            add_replaced(&mut replaced, offset);
        }
    }
    let text = match text.contains('\0') {
        true => text.replace('\0', "\u{FFFD}"),
        false => text.into_owned(),
    };
    is_clean_arabic(&text).then(|| Decoded {
        text,
        encoding: guess.name(),
        replaced,
    })
}

/// Returns whether at most one in forty characters of a text is a control character, or was an
/// invalid byte. Damage can leave a few of them in a text. In other files, such as programs
/// and pictures, one in nine bytes is one.
pub fn has_few_controls(text: &str) -> bool {
    let is_bad = |c: &char| is_foreign_control(*c) || *c == char::REPLACEMENT_CHARACTER;
    let bad = text.chars().filter(is_bad).count();
    bad == 0 || bad * CHARS_PER_CONTROL <= text.chars().count()
}

/// Returns whether the text has few control characters and more Arabic letters than other non-ASCII
/// letters. A wrong encoding gives many of these other letters.
fn is_clean_arabic(text: &str) -> bool {
    if !has_few_controls(text) {
        return false;
    }
    let (mut arabic, mut foreign) = (0usize, 0usize);
    for character in text.chars() {
        arabic += usize::from(class(character) == Class::Arabic);
        foreign += usize::from(!character.is_ascii() && class(character) == Class::Letter);
    }
    arabic > foreign
}

#[cfg(test)]
mod tests;
