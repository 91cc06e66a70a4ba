//! Tests of the codec: texts of the news, any text, and damaged bytes.

use proptest::prelude::*;

use super::decode::SCHEMA_5_UTF8_RUN;
use super::*;
use fihrist_arabic::{CommonWords, Counts, Pretokenized, TokenKind, words};

/// Returns the words that a model numbers by their frequency. Each word is counted once more than
/// the one before it.
fn numbered(words: &[&str]) -> CommonWords {
    let mut counts = Counts::default();
    for (times, word) in (1..).zip(words) {
        (0..times).for_each(|_| counts.add(word, word));
    }
    CommonWords::of(&counts.finish(10))
}

fn dictionary() -> CommonWords {
    numbered(&["هادئ", "البحر", "قالوا", "الصيادون", "عاد", "بيت"])
}

/// Returns the words of a text that are in the dictionary.
fn common(text: &str, dictionary: &CommonWords) -> Pretokenized {
    let mut found = Pretokenized::default();
    for word in words(text) {
        let number = dictionary.find(text.as_bytes(), word.span.start, word.span.end);
        if let Some(number) = number.filter(|_| word.kind == TokenKind::Arabic) {
            found.push(word.span, number);
        }
    }
    found
}

/// Encodes a text, with and without its common words, and checks that decoding gives the text back.
fn round_trip(text: &str) -> Vec<u8> {
    let dictionary = dictionary();
    let common = common(text, &dictionary);
    let bytes = encode(text, &common, &dictionary);
    assert_eq!(decode(&bytes, &dictionary), Some((text.to_owned(), common)));
    let without_words = encode(text, &Pretokenized::default(), &dictionary);
    assert_eq!(
        decode(&without_words, &dictionary)
            .map(|(text, _)| text)
            .as_deref(),
        Some(text)
    );
    bytes
}

#[test]
fn the_example_of_the_documentation_is_right() {
    let words = numbered(&["البيت", "عاد"]);
    let text = "عاد إلى البيت، وعاد";
    let bytes = encode(text, &common(text, &words), &words);
    let expected: [u8; 13] = [
        0x80, 0x00, 0x17, 0x25, 0x44, 0x49, 0x80, 0x01, 0x01, 0x20, 0x0F, 0x80, 0x00,
    ];
    assert_eq!(bytes, expected);
}

#[test]
fn a_common_word_takes_two_bytes_and_its_space_takes_none() {
    assert_eq!(round_trip("عاد الصيادون").len(), 2 + 2);
    assert_eq!(
        round_trip("عاد الصيادون، وقالوا: «البحر هادئ» (BBC) 2019\n").len(),
        4 + 2 + 3 + 2 + 6 + 1 + 11
    );
    // Any other word takes a byte for each letter, and one more.
    assert_eq!(round_trip("عاد الملاحون").len(), 2 + 1 + 8);
    // Only a single space between two words is left out.
    assert_eq!(round_trip("عاد  البحر ").len(), 2 + 2 + 2 + 1);
    assert_eq!(round_trip("عاد٢").len(), 2 + 1 + 2);
}

#[test]
fn damaged_bytes_give_no_text() {
    let damaged: [&[u8]; 8] = [
        &[b'a', UTF8_RUN],
        &[UTF8_RUN, 3, b'a'],
        &[UTF8_RUN, 1, 0xC3],
        &[0],
        &[COMMON_WORD],
        &[COMMON_WORD, 6],
        &[0x0F, 0x80],
        &[ONE_LETTER + 1, 1],
    ];
    for bytes in damaged {
        assert_eq!(decode(bytes, &dictionary()), None, "{bytes:x?}");
    }
    assert_eq!(decode_schema_5(&[b'a', SCHEMA_5_UTF8_RUN]), None);
    assert_eq!(decode_schema_5(&[SCHEMA_5_UTF8_RUN, 3, b'a']), None);
    assert_eq!(decode_schema_5(&[SCHEMA_5_UTF8_RUN, 1, 0xC3]), None);
}

#[test]
fn texts_of_schema_5_are_decoded() {
    let bytes = b"\xB9\xA7\xAF (BBC)\x0E\x02\xC2\xAB\n";
    assert_eq!(decode_schema_5(bytes).as_deref(), Some("عاد (BBC)«\n"));
}

proptest! {
    #[test]
    fn any_text_survives_a_round_trip(text in "[\\PC\u{0}-\u{1F}\u{600}-\u{6FF}\n]{0,60}|[漢🜁é]{100,200}|[ا-ي ]{0,80}|[ا-ي]{250,600}") {
        round_trip(&text);
    }

    #[test]
    fn any_words_survive_a_round_trip(parts in prop::collection::vec("[وبلفكس]?(هادئ|البحر|قالوا|الصيادون|عاد|بيت)[ ،٢ًa.]{0,2}|[ا-ي]{1,12}| ", 0..20)) {
        round_trip(&parts.concat());
    }

    #[test]
    fn decoding_any_bytes_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        decode(&bytes, &dictionary());
        decode_schema_5(&bytes);
    }
}

#[test]
fn without_its_words_a_text_keeps_the_rest() {
    let check = |bytes: &[u8], expected| {
        assert_eq!(decode_without_words(bytes).as_deref(), expected);
    };
    // The text of the example above, whose words 0 and 1 are lost.
    let example = b"\x80\x00\x17\x25\x44\x49\x80\x01\x01\x20\x0F\x80\x00";
    check(example, Some("… إلى …، و…"));
    check(b"\x80", None);
}
