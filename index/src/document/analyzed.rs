//! An article with its terms, which a backend indexes. Terms contain no white space, so a search
//! engine with a whitespace analyzer can store a field as its terms joined by spaces.

use sha2::{Digest, Sha256};

use super::field_terms::{FieldTerms, WordLevels};
use super::{Article, ArticleId, Confidence, Field};
use crate::duplicates::Signature;
use crate::error::Error;
use crate::parallel::warm_in_background;
use fihrist_arabic::{Analyzer, NotedWords, Pretokenized, Span, WordCounter};

/// An article and the terms of its fields.
#[derive(Debug, Clone)]
pub struct AnalyzedArticle<'a> {
    /// The article.
    pub article: &'a Article,
    /// [`content_hash`] of the article.
    pub content_hash: u64,
    /// The terms of each field, in the order of [`Field::ALL`].
    pub fields: [FieldTerms<'a>; 3],
    /// The common words of the article's text, with their spans.
    pub pretokenized: Pretokenized,
}

/// What the pass that counts words computes of an article, for the pass that writes the article.
#[derive(Debug, Clone)]
pub struct CountedArticle {
    /// [`content_hash`] of the article.
    pub content_hash: u64,
    /// The common words of the article's text.
    pub noted: NotedWords,
}

impl<'a> AnalyzedArticle<'a> {
    /// Analyses the searched fields of an article. `content_hash` is the [`content_hash`] of the
    /// article.
    pub fn new(article: &'a Article, content_hash: u64, analyzer: &'a Analyzer) -> Self {
        Self::with_pretokenized(article, content_hash, analyzer, &NotedWords::default())
    }

    /// Analyses an article whose words were counted before. `counted` has the common words that
    /// were found then.
    pub fn with_pretokenized(
        article: &'a Article,
        content_hash: u64,
        analyzer: &'a Analyzer,
        counted: &NotedWords,
    ) -> Self {
        let found = analyzer.renumber(counted);
        let mut pretokenized = Pretokenized::with_capacity(article.text.len() / 12);
        let fields = Field::ALL
            .map(|field| FieldTerms::of(article, field, analyzer, &found, &mut pretokenized));
        // `pretokenized` must be in the order of the text. Its words were added field by field, but
        // a caption may stand before or within the body.
        pretokenized.sort();
        warm_in_background(analyzer);
        Self {
            article,
            content_hash,
            fields,
            pretokenized,
        }
    }

    /// Returns the signature of title and body; `None` if they contain no words.
    ///
    /// The signature is computed from folded words, so it depends neither on hamzas nor on the
    /// model. It does not cover captions, because each outlet adds its own pictures.
    pub fn signature(&self) -> Option<Signature> {
        let [title, body, _captions] = &self.fields;
        Signature::of(
            title.words().map(WordLevels::surface_hash),
            body.words().map(WordLevels::surface_hash),
        )
    }

    /// Returns whether no field contains a word.
    pub fn is_blank(&self) -> bool {
        self.fields.iter().all(FieldTerms::is_empty)
    }
}

/// Adds the words of an article's searched fields to `counter`. Returns false if the article is
/// blank: its searched fields contain no word.
pub fn count_words(article: &Article, counter: &mut WordCounter) -> bool {
    let mut has_word = false;
    for text in searchable_segments(article) {
        has_word |= counter.add_text(text.slice(&article.text));
    }
    has_word
}

/// Adds the words of an article's searched fields to `counter`, and returns the common ones for the
/// later analysis. Returns `None` if the article is blank.
pub fn count_and_note_words(article: &Article, counter: &mut WordCounter) -> Option<NotedWords> {
    let mut has_word = false;
    let mut noted = NotedWords::for_counting(article.text.len());
    for text in searchable_segments(article) {
        has_word |= counter.add_text_noting(text.slice(&article.text), text.start, &mut noted);
    }
    has_word.then_some(noted)
}

fn searchable_segments(article: &Article) -> impl Iterator<Item = Span> {
    article
        .segments
        .iter()
        .filter(|segment| segment.kind.field().is_some())
        .map(|segment| segment.span)
}

/// Returns the error for an article whose searched fields contain no word.
pub fn no_word(id: &ArticleId) -> Error {
    Error::Invalid(format!("article `{id}` holds no word to search for"))
}

/// Returns a hash of everything that is stored for an article.
pub fn content_hash(article: &Article) -> u64 {
    let mut hasher = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(article.id.as_str().as_bytes());
    part(article.text.as_bytes());
    for segment in &article.segments {
        part(segment.kind.name().as_bytes());
        part(&segment.span.start.to_le_bytes());
        part(&segment.span.end.to_le_bytes());
    }
    for meta in [&article.source, &article.section, &article.url] {
        part(meta.as_deref().unwrap_or_default().as_bytes());
    }
    for author in &article.authors {
        part(author.as_bytes());
    }
    if let Some(published) = &article.published {
        part(published.date.as_bytes());
        part(published.origin.name().as_bytes());
        // Older versions hashed no confidence, because every date was certain. So a certain date
        // adds nothing to the hash.
        if published.confidence != Confidence::Certain {
            part(published.confidence.name().as_bytes());
        }
    }
    // Older versions stored no unmapped fields, so an article without them has the same hash.
    if let Some(fields) = &article.unmapped {
        part(fields.as_bytes());
    }
    let digest = hasher.finalize();
    digest
        .iter()
        .take(8)
        .fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
