//! Properties of stored articles, for arbitrary bytes. `fuzzing` lists them; the product does not
//! contain them.

use std::sync::{Arc, LazyLock};

use fihrist_arabic::{CommonWords, Model, Pretokenized};
use tantivy::TantivyDocument;

use crate::ArticleId;
use crate::document::Meta;

use super::text_codec::{decode, decode_schema_5, encode};
use super::{EncodedArticle, StoredFields, TextEncoding, schema};

static WORDS: LazyLock<Arc<CommonWords>> =
    LazyLock::new(|| Arc::new(CommonWords::of(&Model::base())));

/// A text never has more than this many times the bytes of its code: the longest word has two bytes
/// of code.
const MAX_GROWTH: usize = 64;

/// Decodes bytes as the text of a stored article, and encodes them as if they were a text.
pub fn text_codec(bytes: &[u8]) {
    if let Some((text, pretokenized)) = decode(bytes, &WORDS) {
        assert!(text.len() <= MAX_GROWTH * bytes.len());
        for (span, number) in pretokenized.words() {
            assert_eq!(text.get(span.range()), WORDS.get(number), "{text:?}");
        }
        check_code(&text, &pretokenized);
    }
    if let Some(text) = decode_schema_5(bytes) {
        assert!(text.len() <= 2 * bytes.len());
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        check_code(text, &Pretokenized::default());
    }
}

/// Checks that a text comes back from its code.
fn check_code(text: &str, pretokenized: &Pretokenized) {
    let code = encode(text, pretokenized, &WORDS);
    let decoded = decode(&code, &WORDS);
    assert_eq!(decoded.map(|(text, _)| text).as_deref(), Some(text));
}

/// Reads bytes as the stored fields of an article: the segments, the metadata and the text, each but
/// the last with its length before it. The segments of an article that can be read slice its text.
pub fn stored_article(input: &[u8]) {
    let mut rest = input;
    let mut take = || {
        let count = usize::from(*rest.split_off_first()?);
        rest.split_off(..count)
    };
    let (Some(segments), Some(meta)) = (take(), take()) else {
        return;
    };
    let (_, fields) = schema();
    let mut document = TantivyDocument::new();
    document.add_bytes(fields.text, rest);
    document.add_bytes(fields.meta, meta);
    document.add_bytes(fields.segments, segments);
    let encodings = [
        TextEncoding::Plain,
        TextEncoding::Letters,
        TextEncoding::Words(Arc::clone(&WORDS)),
    ];
    let Ok(encoded) = EncodedArticle::of(&document, StoredFields::of(&fields)) else {
        return;
    };
    for encoding in &encodings {
        let Ok(stored) = encoded.decode(encoding) else {
            continue;
        };
        let article = stored.article;
        let mut end = 0;
        for segment in &article.segments {
            assert!(end <= segment.span.start, "{article:?}");
            assert!(
                article.text.get(segment.span.range()).is_some(),
                "{article:?}"
            );
            end = segment.span.end;
        }
        assert!(article.title().len() <= article.text.len() + article.segments.len());
    }
}

/// Returns the code of a text.
pub fn coded(text: &str) -> Vec<u8> {
    encode(text, &Pretokenized::default(), &WORDS)
}

/// Returns the stored fields of an article, in the order of [`stored_article`].
pub fn fields(text: &str) -> Vec<u8> {
    let article = crate::ingest::read_text(ArticleId::new("a").expect("an id"), text.to_owned());
    let (meta, segments) = Meta::of(&article).split_segments();
    let meta = serde_json::to_vec(&meta).expect("encoded");
    let mut bytes = Vec::new();
    for part in [&segments, &meta] {
        bytes.push(part.len() as u8);
        bytes.extend(part);
    }
    bytes.extend(coded(text));
    bytes
}
