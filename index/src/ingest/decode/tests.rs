//! Tests of decoding bytes in all encodings, whole and damaged.

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

#[test]
fn control_characters_and_zeros_in_an_arabic_encoding() {
    let damaged = |encoding: &'static Encoding, bad: u8| {
        let mut bytes = encoding.encode(TEXT).0.into_owned();
        bytes[3] = bad;
        decode(bytes)
    };
    for encoding in [WINDOWS_1256, ISO_8859_6] {
        let text = TEXT
            .chars()
            .take(3)
            .chain(['\u{1C}'])
            .chain(TEXT.chars().skip(4));
        let decoded = damaged(encoding, 0x1C).expect("a text");
        assert_eq!((decoded.text, decoded.replaced), (text.collect(), None));
        let decoded = damaged(encoding, 0).expect("a text");
        assert_eq!(decoded.encoding, encoding.name());
        let replaced = decoded.replaced.map(|replaced| replaced.to_string());
        assert_eq!(replaced.as_deref(), Some("byte 3"));
    }
    let noise: Vec<u8> = (0..4_000_u32)
        .map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    assert!(decode(noise).is_err());
}

#[test]
fn utf32_is_refused() {
    let utf32 = |text: &str| -> Vec<u8> {
        text.chars()
            .flat_map(|c| u32::from(c).to_le_bytes())
            .collect()
    };
    let error = decode(utf32(&format!("\u{FEFF}{TEXT}"))).expect_err("a refusal");
    assert_eq!(error, "UTF-32, which is not read: convert it to UTF-8");
    assert!(decode(utf32(TEXT)).is_err());
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
    let sample = include_str!("../../../../static/samples/scraped/001_3fa91c07be52d648.txt");
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
