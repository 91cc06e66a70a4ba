//! The term statistics of a snapshot, which ranking and suggestions ask for. They are in memory, so no request is sent.

use std::sync::Arc;

use super::snapshot::RemoteSnapshot;
use crate::document::Field;
use crate::error::Result;
use crate::query::Level;
use crate::ranking::{RootGroups, TermStatistics, Weights};
use fihrist_arabic::spelling::Vocabulary;

impl TermStatistics for RemoteSnapshot {
    fn articles(&self) -> u64 {
        self.view.dictionary.articles()
    }

    fn frequency(&self, field: Field, level: Level, term: &str) -> Result<u64> {
        Ok(self.view.dictionary.frequency(field, level, term))
    }

    fn forms(&self, surface: &str) -> Result<Vec<String>> {
        Ok(self.view.dictionary.forms(surface))
    }

    fn root_groups(&self) -> Result<Arc<RootGroups>> {
        self.view.root_groups()
    }

    fn vocabulary(&self) -> Result<Arc<Vocabulary>> {
        // A view that was replaced has dropped its vocabulary, which takes the most memory. So the
        // vocabulary of its successor is used.
        if self.view.is_retired() {
            let successor = Arc::clone(&self.current.read());
            return successor.vocabulary();
        }
        self.view.vocabulary()
    }

    fn mean_length(&self, weights: &Weights) -> Result<f32> {
        let means = self.view.dictionary.mean_words();
        let weighted = means.iter().zip(weights.fields);
        Ok(weighted.map(|(mean, weight)| mean * weight).sum())
    }
}
