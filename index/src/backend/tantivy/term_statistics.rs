//! The term statistics of a snapshot, which ranking and suggestions ask for.

use std::sync::Arc;

use super::collect::dictionary;
use super::collect::occurrences::mean_length;
use super::snapshot::EmbeddedSnapshot;
use crate::document::Field;
use crate::error::{Error, Result};
use crate::query::Level;
use crate::ranking::{RootGroups, TermStatistics, Weights};
use fihrist_arabic::spelling::Vocabulary;

const READ: &str = "read the words of the index";

impl TermStatistics for EmbeddedSnapshot {
    fn articles(&self) -> u64 {
        self.view.searcher.num_docs()
    }

    fn frequency(&self, field: Field, level: Level, term: &str) -> Result<u64> {
        dictionary::frequency(&self.view.searcher, self.fields(), field, level, term)
    }

    fn forms(&self, surface: &str) -> Result<Vec<String>> {
        dictionary::forms(&self.view.searcher, self.fields(), surface)
            .map_err(Error::internal(READ))
    }

    fn root_groups(&self) -> Result<Arc<RootGroups>> {
        self.view.root_groups()
    }

    fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        // A view that was replaced has dropped its vocabulary, which takes the most memory. So all
        // snapshots use the vocabulary of the current view.
        self.generation.view().vocabulary()
    }

    fn mean_length(&self, weights: &Weights) -> Result<f32> {
        mean_length(&self.view.searcher, self.fields(), weights)
            .map_err(Error::internal("rank the best articles"))
    }
}
