//! Finds articles that are similar to a given one. It counts the stems of the given article, lets
//! the backend find articles that share them, and lists the shared words.
//! [`ranking::similar`](crate::ranking::similar) weights the stems.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::Index;
use super::page::{CANDIDATES_GROWTH, RERANKED, collapse};
use crate::document::{Article, ArticleId, Field};
use crate::error::Result;
use crate::ranking::similar::{StemCount, Subject};
use fihrist_arabic::{Analyzer, TokenKind, is_folded_stop_word, is_stop_word};

/// The greatest number of shared words that a similar article lists.
const MAX_SHARED_WORDS: usize = 8;

/// An article that shares the most distinctive stems of a given article.
#[derive(Debug, Clone, PartialEq)]
pub struct SimilarArticle {
    /// The similar article.
    pub article: Article,
    /// The share of the given article's distinctive stems that it holds, weighted, from 0 to 1. A
    /// copy has about 1.
    pub score: f32,
    /// The number of other articles in the index that are copies of it.
    pub duplicates: u64,
    /// The most distinctive words whose stems both articles hold, as the given article writes them.
    pub shared: Vec<String>,
}

impl Index {
    /// Returns at most `limit` articles that are similar to the one with this id, the best first
    /// and without copies. Returns `None` if no article has the id.
    pub fn similar(&self, id: &ArticleId, limit: usize) -> Result<Option<Vec<SimilarArticle>>> {
        let snapshot = self.snapshot();
        let Some((own, stored)) = self.searcher(&snapshot).article(id)? else {
            return Ok(None);
        };
        let (subject, words) = subject(&stored.article, snapshot.analyzer());
        let mut wanted = limit + RERANKED;
        let mut best = loop {
            let found = snapshot.similar(&own, &subject, wanted, &self.context)?;
            let mut best = found.best;
            collapse(&mut best, |(candidate, _)| candidate);
            if best.len() >= limit || found.is_all {
                break best;
            }
            wanted *= CANDIDATES_GROWTH;
        };
        best.truncate(limit);
        let (mut candidates, shared): (Vec<_>, Vec<_>) = best.into_iter().unzip();
        let articles = snapshot.fetch(&mut candidates, &self.context)?;
        let mut similar = Vec::with_capacity(candidates.len());
        for ((candidate, stored), shared) in candidates.iter().zip(articles).zip(shared) {
            let Some(stored) = stored else { continue };
            let shared = shared.into_iter();
            let shared = shared.filter_map(|place| words.get(place).cloned());
            similar.push(SimilarArticle {
                article: stored.article,
                score: candidate.rank.score.min(1.0),
                duplicates: candidate.copies,
                shared: shared.take(MAX_SHARED_WORDS).collect(),
            });
        }
        Ok(Some(similar))
    }
}

/// Returns the stems of title and body with their counts, and for each stem the article's most
/// frequent word with that stem.
fn subject<'a>(article: &'a Article, analyzer: &Analyzer) -> (Subject, Vec<String>) {
    let mut subject = Subject::default();
    let mut places: FxHashMap<String, usize> = FxHashMap::default();
    let mut written: Vec<FxHashMap<&'a str, usize>> = Vec::new();
    for field in [Field::Title, Field::Body] {
        for segment in article.segments_in(field) {
            let text = segment.slice(&article.text);
            analyzer.for_each(text, |token| {
                subject.body_words += u32::from(field == Field::Body);
                if !may_be_distinctive(token.kind)
                    || is_stop_word(token.span.slice(text))
                    || is_folded_stop_word(token.stem())
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
                let stem = &mut subject.stems[place];
                stem.body += u32::from(field == Field::Body);
                stem.is_in_title |= field == Field::Title;
                *written[place].entry(token.span.slice(text)).or_default() += 1;
            });
        }
    }
    (subject, written.into_iter().map(usual).collect())
}

/// Returns whether words of this kind can be distinctive. Numbers occur in articles on any subject.
/// A whole such as a hashtag is left out, because its parts are words themselves.
fn may_be_distinctive(kind: TokenKind) -> bool {
    match kind {
        TokenKind::Arabic | TokenKind::Abbreviation | TokenKind::Other => true,
        TokenKind::Number | TokenKind::Whole => false,
    }
}

/// Returns the most frequent of the forms, which come with their counts. Of equally frequent forms
/// it returns the shortest, which has the fewest clitics.
fn usual(forms: FxHashMap<&str, usize>) -> String {
    let best = forms
        .into_iter()
        .min_by_key(|(form, count)| (Reverse(*count), form.len(), *form));
    best.map(|(form, _)| form.to_owned()).unwrap_or_default()
}
