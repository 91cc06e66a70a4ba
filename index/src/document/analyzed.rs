//! An article with its terms: all that a backend gets. Terms hold no white space, so that a field can be its terms joined by
//! spaces, which any engine with a whitespace analyser can hold.

use sha2::{Digest, Sha256};

use super::{Article, ArticleId, Confidence, Field};
use crate::duplicates::Signature;
use crate::error::Error;
use fihrist_arabic::Span;
use fihrist_arabic::{
    Analyzer, CommonWord, CommonWords, Kind, SeenWords, WordCounter, fnv1a, surface_of,
};

/// An article and its terms.
#[derive(Debug, Clone)]
pub struct AnalyzedArticle<'a> {
    /// The article.
    pub article: &'a Article,
    /// [`content_hash`] of the article.
    pub content_hash: u64,
    /// The terms of each field, in the order of [`Field::ALL`].
    pub fields: [FieldTerms<'a>; 3],
    /// The common words of the text, in order.
    pub common: Vec<CommonWord>,
}

/// What is known of an article since its words were counted.
#[derive(Debug, Clone)]
pub struct SeenArticle {
    /// [`content_hash`] of it.
    pub content_hash: u64,
    /// Words of its text.
    pub words: SeenWords,
}

/// The terms of one field, in reading order.
///
/// Invariant: both levels have the same number of terms. Wholes (hashtags, addresses) stand at the end, after the
/// last word: a position of their own in between would tear phrases apart.
#[derive(Debug, Clone)]
pub struct FieldTerms<'a> {
    analyzer: &'a Analyzer,
    /// Places of common words, or [`OWN`] and places in `own`.
    words: Vec<u32>,
    own: Vec<OwnTerms>,
    /// The own terms, one after the other.
    text: String,
}

/// Marks a word whose terms are kept here. There are not so many common words, nor words in an article.
const OWN: u32 = 1 << 31;

/// Where the terms of a word end.
#[derive(Debug, Clone, Copy)]
struct OwnTerms {
    start: u32,
    form_bytes: u16,
    stem_bytes: u16,
}

/// The terms of one word.
#[derive(Debug, Clone, Copy)]
pub struct WordLevels<'a> {
    field: &'a FieldTerms<'a>,
    word: u32,
}

impl<'a> WordLevels<'a> {
    /// If it is one of the commonest words of the analyzer's model, which: words of one number have the same terms.
    pub fn common(self) -> Option<u32> {
        Some(self.word).filter(|word| *word < OWN)
    }

    /// The word as it is spelled: [`form`](fihrist_arabic::form()).
    pub fn form(self) -> &'a str {
        match self.own() {
            Some(own) => &self.field.text[own.start as usize..][..usize::from(own.form_bytes)],
            None => self
                .field
                .analyzer
                .common_terms(self.word)
                .map_or("", |terms| terms.form),
        }
    }

    /// Its stem.
    pub fn stem(self) -> &'a str {
        match self.own() {
            Some(own) => {
                &self.field.text[own.start as usize + usize::from(own.form_bytes)..]
                    [..usize::from(own.stem_bytes)]
            }
            None => self
                .field
                .analyzer
                .common_terms(self.word)
                .map_or("", |terms| terms.stem),
        }
    }

    /// A hash of the folded word, by which texts are compared.
    fn surface_hash(self) -> u64 {
        let common = self
            .common()
            .and_then(|common| self.field.analyzer.common_hash(common));
        common.unwrap_or_else(|| fnv1a(surface_of(self.form()).as_bytes()))
    }

    fn own(self) -> Option<&'a OwnTerms> {
        self.word
            .checked_sub(OWN)
            .and_then(|own| self.field.own.get(own as usize))
    }
}

impl<'a> AnalyzedArticle<'a> {
    /// Analyses the searched fields of an article whose hash is known.
    pub fn new(article: &'a Article, content_hash: u64, analyzer: &'a Analyzer) -> Self {
        Self::with_seen(article, content_hash, analyzer, &SeenWords::default())
    }

    /// The same of an article in whose text some words were seen before.
    pub fn with_seen(
        article: &'a Article,
        content_hash: u64,
        analyzer: &'a Analyzer,
        seen: &SeenWords,
    ) -> Self {
        let seen = analyzer.common_of(seen);
        let mut common = Vec::with_capacity(article.text.len() / 12);
        let fields =
            Field::ALL.map(|field| FieldTerms::of(article, field, analyzer, &seen, &mut common));
        // A caption stands before or amidst what belongs to the body.
        common.sort_unstable_by_key(|word| word.start);
        Self {
            article,
            content_hash,
            fields,
            common,
        }
    }

    /// The signature of title and body, by the folded words: neither a hamza nor a model makes a difference. Captions stay
    /// out, since every outlet has pictures of its own. `None` if there is no word in them.
    pub fn signature(&self) -> Option<Signature> {
        let [title, body, _captions] = &self.fields;
        Signature::of(
            title.words().map(WordLevels::surface_hash),
            body.words().map(WordLevels::surface_hash),
        )
    }

    /// Whether no field holds a word.
    pub fn is_blank(&self) -> bool {
        self.fields.iter().all(FieldTerms::is_empty)
    }
}

impl<'a> FieldTerms<'a> {
    fn of(
        article: &Article,
        field: Field,
        analyzer: &'a Analyzer,
        seen: &[CommonWord],
        common: &mut Vec<CommonWord>,
    ) -> Self {
        let mut terms = Self {
            analyzer,
            words: Vec::new(),
            own: Vec::new(),
            text: String::new(),
        };
        let (mut wholes, mut spelled) = (Vec::new(), String::new());
        let size_bytes = article.size_bytes_in(field);
        // A word takes some eleven bytes of the news; one of ten has terms of its own, of some eight letters each.
        terms.words.reserve(size_bytes / 10);
        terms.own.reserve(size_bytes / 64);
        terms.text.reserve(size_bytes / 3);
        for segment in article.segments_in(field) {
            let text = segment.span.slice(&article.text);
            let seen = CommonWords::among_others(seen, segment.span);
            analyzer.for_each_with(text, seen, |token| match (token.kind, token.common()) {
                (Kind::Whole, _) => wholes.push(token.surface().to_owned()),
                (_, Some(place)) => {
                    terms.words.push(place);
                    common.extend(token.common_word(segment.span.start));
                }
                _ => terms.push(token.form(text, &mut spelled), token.stem()),
            });
        }
        wholes.iter().for_each(|whole| terms.push(whole, whole));
        terms
    }

    fn push(&mut self, form: &str, stem: &str) {
        let (form_bytes, stem_bytes) = (form.len() as u16, stem.len() as u16);
        self.words.push(OWN | self.own.len() as u32);
        self.own.push(OwnTerms {
            start: self.text.len() as u32,
            form_bytes,
            stem_bytes,
        });
        self.text.push_str(form);
        self.text.push_str(stem);
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words.
    pub fn words(&self) -> impl Iterator<Item = WordLevels<'_>> {
        self.words.iter().map(|word| WordLevels {
            field: self,
            word: *word,
        })
    }

    /// The words as they are spelled.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        self.words().map(WordLevels::form)
    }

    /// The stems.
    pub fn stems(&self) -> impl Iterator<Item = &str> {
        self.words().map(WordLevels::stem)
    }
}

/// Terms joined by single spaces, as an engine with a whitespace analyser takes them.
pub fn joined<'a>(terms: impl Iterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for term in terms {
        if !joined.is_empty() {
            joined.push(' ');
        }
        joined.push_str(term);
    }
    joined
}

/// Counts the words that [`AnalyzedArticle::new`] would analyse; false if there is none, and the article is blank.
pub fn count_words(article: &Article, counter: &mut WordCounter) -> bool {
    // To the last one: each counts.
    searchable_segments(article)
        .filter(|text| counter.add_text(text.slice(&article.text)))
        .count()
        > 0
}

/// The same, with the words that the counter knows; `None` if the article is blank.
pub fn count_and_see_words(article: &Article, counter: &mut WordCounter) -> Option<SeenWords> {
    let (mut has_word, mut seen) = (false, SeenWords::for_text(article.text.len()));
    for text in searchable_segments(article) {
        has_word |= counter.add_text_and_see(text.slice(&article.text), text.start, &mut seen);
    }
    has_word.then_some(seen)
}

fn searchable_segments(article: &Article) -> impl Iterator<Item = Span> {
    article
        .segments
        .iter()
        .filter(|segment| segment.kind.field().is_some())
        .map(|segment| segment.span)
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
    digest
        .iter()
        .take(8)
        .fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
