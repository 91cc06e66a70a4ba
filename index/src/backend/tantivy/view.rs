//! A generation as it was after one commit: its searcher, and what is read from that once. Whoever holds a view keeps it whole,
//! whatever is committed meanwhile, so that a search that runs across a commit makes nothing anew.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tantivy::Searcher;

use super::collect::article_cache::ArticleCache;
use super::collect::dictionary::{stems, words};
use super::collect::duplicates::Duplicates;
use super::format::schema::Fields;
use crate::backend::Once;
use crate::error::Result;
use crate::parallel::warm_for;
use crate::ranking::RootGroups;
use fihrist_arabic::Analyzer;
use fihrist_arabic::spelling::Vocabulary;

/// What searches see after one commit.
pub struct View {
    /// Its segments.
    pub searcher: Searcher,
    fields: Fields,
    analyzer: Analyzer,
    is_retired: AtomicBool,
    duplicates: Once<Duplicates>,
    root_groups: Once<RootGroups>,
    vocabulary: Once<Vocabulary>,
    /// Those that were read last.
    pub articles: ArticleCache,
}

impl View {
    /// What a searcher sees, of an index with these fields and the terms of this analyzer.
    pub fn new(searcher: Searcher, fields: Fields, analyzer: Analyzer) -> Self {
        let (duplicates, root_groups, vocabulary) =
            (Once::default(), Once::default(), Once::default());
        let (is_retired, articles) = (AtomicBool::new(false), ArticleCache::default());
        Self {
            searcher,
            fields,
            analyzer,
            is_retired,
            duplicates,
            root_groups,
            vocabulary,
            articles,
        }
    }

    /// Whether it sees what `searcher` sees. A reload numbers its searcher anew even if nothing was committed.
    pub fn is_of(&self, searcher: &Searcher) -> bool {
        self.searcher.generation().segments() == searcher.generation().segments()
    }

    /// The clusters of copies.
    pub fn duplicates(&self) -> Result<Arc<Duplicates>> {
        self.duplicates.get(|| Duplicates::of(&self.searcher))
    }

    /// The kin of the stems.
    pub fn root_groups(&self) -> Result<Arc<RootGroups>> {
        self.root_groups.get(|| {
            Ok(RootGroups::new(
                stems(&self.searcher, &self.fields)?.iter(),
                self.searcher.num_docs(),
            ))
        })
    }

    /// The words.
    pub fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        self.vocabulary.get(|| {
            let words = words(&self.searcher, &self.fields)?;
            warm_for(&self.analyzer, words.iter().count());
            Ok(Vocabulary::new(words, &self.analyzer))
        })
    }

    /// Reads all of it, so that no query waits for it.
    pub fn warm(&self) -> Result<()> {
        self.duplicates()?;
        self.root_groups()?;
        self.vocabulary().map(drop)
    }

    /// Lets go of the words, which weigh the most: a later view has taken its place, whose words will do.
    pub fn retire(&self) {
        self.is_retired.store(true, Ordering::Relaxed);
        self.vocabulary.forget();
    }

    /// Whether a later view has taken its place.
    pub fn is_retired(&self) -> bool {
        self.is_retired.load(Ordering::Relaxed)
    }
}
