//! Other articles on the subject of one: takes its text apart into stems, has a backend find who shares them, and says which
//! words those are. What a stem weighs, `backend::similar` decides.

use rustc_hash::FxHashMap;

use crate::backend::Snapshot;
use crate::document::{Article, ArticleId, Field};
use crate::error::Result;
use crate::ranking::similar::{Neighbour, StemCount, Subject};
use fihrist_arabic::{Analyzer, TokenKind, is_stop_word};

/// So many shared words are told; they are for a reader.
const MAX_SHARED_WORDS: usize = 8;

/// An article on the subject of another.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarArticle {
    /// The article.
    pub article: Article,
    /// How much of the other's telling words it shares: from 0 to 1, which a copy would have.
    pub score: f32,
    /// How many other articles of the index are copies of it, or it of them.
    pub duplicates: u64,
    /// The most telling words of the other article that it shares, in whatever form, as that article has them.
    pub shared: Vec<String>,
}

/// The best of them; `None` where no article has the id.
pub fn similar(
    snapshot: &dyn Snapshot,
    id: &ArticleId,
    limit: usize,
) -> Result<Option<Vec<SimilarArticle>>> {
    let Some(article) = snapshot.article(id)? else {
        return Ok(None);
    };
    let (subject, words) = subject(&article, snapshot.analyzer());
    let neighbours = snapshot.similar(id, &subject, limit)?;
    let show = |Neighbour {
                    article,
                    score,
                    duplicates,
                    shared,
                }| {
        let shared = shared
            .into_iter()
            .filter_map(|place| words.get(place).cloned());
        SimilarArticle {
            article,
            score,
            duplicates,
            shared: shared.take(MAX_SHARED_WORDS).collect(),
        }
    };
    Ok(neighbours.map(|neighbours| neighbours.into_iter().map(show).collect()))
}

/// The stems of title and body, and for each the word that stands there for it.
fn subject<'a>(article: &'a Article, analyzer: &Analyzer) -> (Subject, Vec<String>) {
    let mut subject = Subject::default();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut written: Vec<FxHashMap<&'a str, usize>> = Vec::new();
    for field in [Field::Title, Field::Body] {
        for segment in article.segments_in(field) {
            let text = segment.span.slice(&article.text);
            analyzer.for_each(text, |token| {
                subject.body_words += u32::from(field == Field::Body);
                if !is_telling(token.kind)
                    || is_stop_word(token.surface())
                    || is_stop_word(token.stem())
                {
                    return;
                }
                let place = *places.entry(token.stem().to_owned()).or_insert_with(|| {
                    subject.stems.push(StemCount {
                        stem: token.stem().to_owned(),
                        body: 0,
                        is_in_title: false,
                    });
                    written.push(FxHashMap::default());
                    written.len() - 1
                });
                if let Some(stem) = subject.stems.get_mut(place) {
                    stem.body += u32::from(field == Field::Body);
                    stem.is_in_title |= field == Field::Title;
                }
                if let Some(written) = written.get_mut(place) {
                    *written.entry(token.span.slice(text)).or_default() += 1;
                }
            });
        }
    }
    (subject, written.into_iter().map(usual).collect())
}

/// Numbers stand in articles about anything, and the parts of a whole are words themselves.
fn is_telling(kind: TokenKind) -> bool {
    match kind {
        TokenKind::Arabic | TokenKind::Abbreviation | TokenKind::Other => true,
        TokenKind::Number | TokenKind::Whole => false,
    }
}

/// The form that stands most often; of several the shortest, which has the fewest clitics.
fn usual(forms: FxHashMap<&str, usize>) -> String {
    let best = forms
        .into_iter()
        .min_by(|(one, one_count), (other, other_count)| {
            other_count
                .cmp(one_count)
                .then_with(|| one.len().cmp(&other.len()))
                .then_with(|| one.cmp(other))
        });
    best.map(|(form, _)| form.to_owned()).unwrap_or_default()
}
