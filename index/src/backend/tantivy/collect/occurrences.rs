//! Counts the words of a query in candidates, from the postings: frequencies, positions and lengths. The score is
//! computed in [`ranking`](crate::ranking).

use tantivy::{DocAddress, DocId, Result, SegmentReader};

use super::{View, address};
use crate::backend::Candidate;
use crate::backend::tantivy::format::{FormPostings, PositionedTerm};
use crate::backend::tantivy::query::check_deadline;
use crate::deadline::Deadline;
use crate::document::Field;
use crate::ranking::{ArticleOccurrences, ScoringWord, Weights, start_of};

/// Counts the words of one query.
pub struct OccurrenceReader<'a> {
    pub view: &'a View,
    pub words: &'a [ScoringWord],
    pub weights: &'a Weights,
    pub deadline: &'a Deadline,
}

impl OccurrenceReader<'_> {
    /// Counts the words in each candidate. `candidates` must ascend by the number of the document.
    pub fn read(&self, candidates: &[Candidate]) -> Result<Vec<ArticleOccurrences>> {
        let address = |candidate: &Candidate| address(candidate.rank.document);
        let addresses: Vec<DocAddress> = candidates.iter().map(address).collect();
        let none = || ArticleOccurrences::none(self.words.len());
        let mut all = Vec::with_capacity(candidates.len());
        for found in addresses.chunk_by(|one, other| one.segment_ord == other.segment_ord) {
            let start = all.len();
            all.resize_with(start + found.len(), none);
            let segment = self.view.searcher.segment_reader(found[0].segment_ord);
            let documents: Vec<DocId> = found.iter().map(|address| address.doc_id).collect();
            self.read_segment(segment, &documents, &mut all[start..])?;
        }
        Ok(all)
    }

    /// Counts the words in `documents` of one segment, which must ascend. Adds the counts of each
    /// document to the same element of `articles`.
    fn read_segment(
        &self,
        segment: &SegmentReader,
        documents: &[DocId],
        articles: &mut [ArticleOccurrences],
    ) -> Result<()> {
        let mut starts = vec![0; documents.len()];
        let levels_and_weights = self.view.fields.levels.iter().zip(self.weights.fields);
        for (field, (levels, field_weight)) in Field::ALL.into_iter().zip(levels_and_weights) {
            let norms = segment.get_fieldnorms_reader(levels.stem)?;
            for ((article, document), start) in articles.iter_mut().zip(documents).zip(&mut starts)
            {
                let words = norms.fieldnorm(*document);
                article.add_field(field, field_weight, words);
                *start = start_of(field, article.title_words);
            }
            for (number, word) in self.words.iter().enumerate() {
                if !word.scope.contains(field) {
                    continue;
                }
                for term in &word.scoring_terms {
                    check_deadline(self.deadline)?;
                    let positioned =
                        PositionedTerm::new(levels, term.level, &term.text, &self.view.analyzer);
                    let postings = FormPostings::open(segment, &positioned, term.has_positions)?;
                    let Some(mut postings) = postings else {
                        continue;
                    };
                    for ((document, start), article) in
                        documents.iter().zip(&starts).zip(&mut *articles)
                    {
                        if postings.seek(*document) != *document {
                            continue;
                        }
                        let found = &mut article.words[number];
                        found.add(term, field_weight, postings.frequency());
                        if term.has_positions {
                            postings.append(*start, &mut found.positions);
                        }
                    }
                }
            }
        }
        for article in articles {
            article.sort_positions();
        }
        Ok(())
    }
}

impl View {
    /// Returns the mean number of words in an article, weighted by field. Deleted articles count until a merge.
    pub fn mean_length(&self, weights: &Weights) -> Result<f32> {
        let mut sum = 0.0;
        let mut articles = 0u32;
        for segment in self.searcher.segment_readers() {
            for (levels, weight) in self.fields.levels.iter().zip(weights.fields) {
                sum += weight * segment.inverted_index(levels.stem)?.total_num_tokens() as f32;
            }
            articles += segment.max_doc();
        }
        Ok(sum / articles.max(1) as f32)
    }
}
