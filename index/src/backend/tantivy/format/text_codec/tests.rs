//! The codec, on texts of the news and on any bytes.

use proptest::prelude::*;

use super::decode::FIFTH_UTF8;
use super::*;
use fihrist_arabic::{CommonWord, Counts, Kind, WrittenWords, words};

fn dictionary() -> std::sync::Arc<WrittenWords> {
    let mut counts = Counts::default();
    for (times, word) in (1..).zip(["هادئ", "البحر", "قالوا", "الصيادون", "عاد", "بيت"])
    {
        (0..times).for_each(|_| counts.add(word, word));
    }
    std::sync::Arc::clone(counts.finish(10).written_words())
}

/// The words of a text that are in the dictionary, where they stand alone.
fn common(text: &str, dictionary: &WrittenWords) -> Vec<CommonWord> {
    let mut found = Vec::new();
    words(text, |word| {
        let place = dictionary.find(text.as_bytes(), word.span.start, word.span.end);
        if let Some(place) = place.filter(|_| word.kind == Kind::Arabic) {
            let (start, size_bytes) = (word.span.start as u32, word.span.range().len() as u16);
            found.push(CommonWord {
                start,
                size_bytes,
                place: place as u16,
            });
        }
    });
    found
}

fn there_and_back(text: &str) -> Vec<u8> {
    let dictionary = dictionary();
    let common = common(text, &dictionary);
    let bytes = compact(text, &common, &dictionary);
    assert_eq!(expand(&bytes, &dictionary), Some((text.to_owned(), common)));
    let without_words = compact(text, &[], &dictionary);
    assert_eq!(
        expand(&without_words, &dictionary)
            .map(|(text, _)| text)
            .as_deref(),
        Some(text)
    );
    bytes
}

#[test]
fn a_common_word_takes_two_bytes_and_its_space_none() {
    assert_eq!(there_and_back("عاد الصيادون").len(), 2 + 2);
    assert_eq!(
        there_and_back("عاد الصيادون، وقالوا: «البحر هادئ» (BBC) 2019\n").len(),
        4 + 2 + 3 + 2 + 6 + 1 + 11
    );
    // The rest is as long as its letters.
    assert_eq!(there_and_back("عاد الملاحون").len(), 2 + 1 + 8);
    // Two spaces are no space, and none is none.
    assert_eq!(there_and_back("عاد  البحر ").len(), 2 + 2 + 2 + 1);
    assert_eq!(there_and_back("عاد٢").len(), 2 + 1 + 2);
}

#[test]
fn damage_is_no_text() {
    let no_text: [&[u8]; 8] = [
        &[b'a', UTF8],
        &[UTF8, 3, b'a'],
        &[UTF8, 1, 0xC3],
        &[0],
        &[COMMON],
        &[COMMON, 6],
        &[0x0F, 0x80],
        &[LETTER + 1, 1],
    ];
    for bytes in no_text {
        assert_eq!(expand(bytes, &dictionary()), None, "{bytes:x?}");
    }
    assert_eq!(expand_fifth(&[b'a', FIFTH_UTF8]), None);
    assert_eq!(expand_fifth(&[FIFTH_UTF8, 3, b'a']), None);
    assert_eq!(expand_fifth(&[FIFTH_UTF8, 1, 0xC3]), None);
}

#[test]
fn texts_of_the_fifth_schema_are_read() {
    let bytes = b"\xB9\xA7\xAF (BBC)\x0E\x02\xC2\xAB\n";
    assert_eq!(expand_fifth(bytes).as_deref(), Some("عاد (BBC)«\n"));
}

proptest! {
    #[test]
    fn any_text_comes_back(text in "[\\PC\u{0}-\u{1F}\u{600}-\u{6FF}\n]{0,60}|[漢🜁é]{100,200}|[ا-ي ]{0,80}|[ا-ي]{250,600}") {
        there_and_back(&text);
    }

    #[test]
    fn any_words_come_back(parts in prop::collection::vec("[وبلفكس]?(هادئ|البحر|قالوا|الصيادون|عاد|بيت)[ ،٢ًa.]{0,2}|[ا-ي]{1,12}| ", 0..20)) {
        there_and_back(&parts.concat());
    }

    #[test]
    fn any_bytes_come_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        expand(&bytes, &dictionary());
        expand_fifth(&bytes);
    }
}
