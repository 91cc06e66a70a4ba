//! An article with its terms: all that a backend gets. Terms hold no white space, so a field is its terms joined by
//! spaces, and any engine with a whitespace analyser can hold it.

use sha2::{Digest, Sha256};

use crate::analysis::{Analyzer, Counts, Kind, WordCounter, form, surface_of};
use crate::article::{Article, ArticleId, Confidence, Field};
use crate::backend::CountedLine;
use crate::duplicates::Signature;
use crate::error::Error;

/// An article and its terms.
#[derive(Debug, Clone, PartialEq)]
pub struct AnalyzedArticle<'a> {
    /// The article.
    pub article: &'a Article,
    /// [`content_hash`] of the article.
    pub content_hash: u64,
    /// The terms of each field, in the order of [`Field::ALL`].
    pub fields: [FieldTerms; 3],
}

/// The terms of one field, each level in reading order and joined by single spaces.
///
/// Invariant: both levels hold the same number of terms. Wholes (hashtags, addresses) stand at the end, after the
/// last word: a position of their own in between would tear phrases apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldTerms {
    /// Words as they are spelled: [`form`].
    pub form: String,
    /// Stems.
    pub stem: String,
}

impl<'a> AnalyzedArticle<'a> {
    /// Analyses the searched fields of an article whose hash is known.
    pub fn new(article: &'a Article, content_hash: u64, analyzer: &Analyzer) -> Self {
        let fields = Field::ALL.map(|field| field_terms(article, field, analyzer));
        Self { article, content_hash, fields }
    }

    /// The signature of title and body, by the folded words: neither a hamza nor a model makes a difference. Captions stay
    /// out, since every outlet has pictures of its own. `None` if there is no word in them.
    pub fn signature(&self) -> Option<Signature> {
        let [title, body, _captions] = &self.fields;
        Signature::of(folded_words(title), folded_words(body))
    }

    /// Whether no field holds a word.
    pub fn is_blank(&self) -> bool {
        self.fields.iter().all(|terms| terms.form.is_empty())
    }
}

fn field_terms(article: &Article, field: Field, analyzer: &Analyzer) -> FieldTerms {
    let mut terms = FieldTerms::default();
    let (mut wholes, mut spelled) = (String::new(), String::new());
    for segment in article.segments_in(field) {
        let text = segment.span.slice(&article.text);
        terms.form.reserve(text.len() + 1);
        terms.stem.reserve(text.len() + 1);
        analyzer.for_each(text, |token| {
            if token.kind == Kind::Whole {
                push(&mut wholes, token.surface);
            } else {
                push(&mut terms.form, form(token.kind, token.span.slice(text), token.surface, &mut spelled));
                push(&mut terms.stem, token.stem);
            }
        });
    }
    if !wholes.is_empty() {
        push(&mut terms.form, &wholes);
        push(&mut terms.stem, &wholes);
    }
    debug_assert_eq!(terms.form.split(' ').count(), terms.stem.split(' ').count());
    terms
}

/// The folded words of a field; an empty field has none.
fn folded_words(terms: &FieldTerms) -> impl Iterator<Item = &str> {
    terms.form.split(' ').map(surface_of).filter(|word| !word.is_empty())
}

fn push(joined: &mut String, term: &str) {
    if !joined.is_empty() {
        joined.push(' ');
    }
    joined.push_str(term);
}

/// Counts the words that [`AnalyzedArticle::new`] would analyse; false if there is none, and the article is blank.
pub fn count_words(article: &Article, counter: &mut WordCounter) -> bool {
    let mut has_word = false;
    for segment in article.segments.iter().filter(|segment| segment.kind.field().is_some()) {
        has_word |= counter.add_text(segment.span.slice(&article.text));
    }
    has_word
}

/// The counts without the words of lines that turned out to be furniture.
pub fn without_lines(mut counts: Counts, lines: &[CountedLine]) -> Counts {
    let mut counter = WordCounter::default();
    for line in lines {
        for _ in 0..line.occurrences {
            counter.add_text(&line.text);
        }
    }
    counts.take_back(&counter.finish());
    counts
}

/// The refusal of an article that is blank.
pub fn no_word(id: &ArticleId) -> Error {
    Error::Invalid(format!("article `{id}` holds no word to search for"))
}

/// A hash of all that is stored of an article.
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
        // What is certain hashes as it did before there was anything else.
        if published.confidence != Confidence::Certain {
            part(published.confidence.name().as_bytes());
        }
    }
    let digest = hasher.finalize();
    digest.iter().take(8).fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
