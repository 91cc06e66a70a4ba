//! A view: the searcher of one commit, and the data that is computed from it only once. All
//! snapshots of that commit share the view, and keep it while later commits happen.

use std::sync::Arc;

use tantivy::Searcher;

use super::{ArticleCache, Duplicates, FieldValues};
use crate::backend::Once;
use crate::backend::tantivy::format::{Fields, IndexFiles};
use crate::damage::Damage;
use crate::error::{ErrorKind, OrInternal, Result};
use crate::parallel::warm_for;
use crate::query::Keyword;
use crate::ranking::RootGroups;
use fihrist_arabic::Analyzer;
use fihrist_arabic::spelling::Vocabulary;

/// What an error says that the index failed to do.
pub const READ: &str = "read the words of the index";

/// The data that searches read after one commit.
pub struct View {
    /// The searcher over the commit's index segments.
    pub searcher: Searcher,
    /// The fields of the schema.
    pub fields: Fields,
    /// The analyzer that made the terms of the index.
    pub analyzer: Analyzer,
    duplicates: Once<Duplicates>,
    root_groups: Once<RootGroups>,
    vocabulary: Once<Vocabulary>,
    /// The values of each keyword field, in the order of [`Keyword::ALL`].
    field_values: [Once<FieldValues>; Keyword::ALL.len()],
    /// The articles that were read last.
    pub articles: ArticleCache,
    /// The files that the searcher reads.
    files: IndexFiles,
    /// The number of changes in place that these files had when the searcher opened them.
    changes: usize,
}

impl View {
    /// Returns the view of a searcher of `files`. `analyzer` made the terms of the index.
    pub fn new(searcher: Searcher, files: IndexFiles, fields: Fields, analyzer: Analyzer) -> Self {
        Self {
            searcher,
            fields,
            analyzer,
            duplicates: Once::default(),
            root_groups: Once::default(),
            vocabulary: Once::default(),
            field_values: Default::default(),
            articles: ArticleCache::default(),
            changes: files.changes(),
            files,
        }
    }

    /// Fails when another process has changed a file in place since the searcher opened it. The
    /// bytes that were verified are then no longer the ones that the searcher holds.
    pub fn check_open(&self) -> Result<()> {
        match self.files.changed_since(self.changes) {
            Some(file) => {
                Err(Damage::new(&file, "it was changed while it was in use").into_error())
            }
            None => Ok(()),
        }
    }

    /// Returns whether the view has the same index segments as `searcher`. Every reload gives its
    /// searcher a new generation number, even without a commit. So those numbers cannot be
    /// compared.
    pub fn is_of(&self, searcher: &Searcher) -> bool {
        self.searcher.generation().segments() == searcher.generation().segments()
    }

    /// Returns the clusters of copies.
    pub fn duplicates(&self) -> Result<Arc<Duplicates>> {
        self.duplicates
            .get(|| Duplicates::of(&self.searcher).or_internal("read the signatures of the index"))
    }

    /// Returns the root groups of the stems.
    pub fn root_groups(&self) -> Result<Arc<RootGroups>> {
        self.root_groups.get(|| {
            let stems = self.stems().or_internal(READ)?;
            Ok(RootGroups::new(stems.iter(), self.searcher.num_docs()))
        })
    }

    /// Returns the vocabulary.
    pub fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        self.vocabulary.get(|| {
            let words = self.words().or_internal(READ)?;
            warm_for(&self.analyzer, words.word_count());
            Ok(Vocabulary::new(words, &self.analyzer))
        })
    }

    /// Returns the values of a keyword field.
    pub fn field_values(&self, field: Keyword) -> Result<Arc<FieldValues>> {
        self.field_values[field as usize]
            .get(|| FieldValues::read(&self.searcher, field.name()).or_internal(READ))
    }

    /// Computes the clusters, the root groups and the vocabulary, so that no query waits for them.
    /// What needs a damaged file is left out: the searches that need it fail, and the others do not.
    pub fn warm(&self) -> Result<()> {
        let outcomes = [
            self.duplicates().map(drop),
            self.root_groups().map(drop),
            self.vocabulary().map(drop),
        ];
        let mut failures = outcomes.into_iter().filter_map(Result::err);
        let fatal = failures.find(|error| error.kind() != ErrorKind::Damaged);
        fatal.map_or(Ok(()), Err)
    }

    /// Drops the vocabulary, which takes the most memory. Called when a later view has replaced
    /// this one.
    pub fn retire(&self) {
        self.vocabulary.take();
    }
}
