//! Counts the words of a query in candidates, from the postings: frequencies, positions and lengths. The score is
//! computed in [`ranking`](crate::ranking).

use tantivy::{Searcher, SegmentReader};

use super::top_docs::address;
use crate::backend::Candidate;
use crate::backend::tantivy::format::form_positions::{FormPostings, PositionedTerm};
use crate::backend::tantivy::format::schema::{Fields, Levels};
use crate::backend::tantivy::query::deadline_query::check_deadline;
use crate::deadline::Deadline;
use crate::document::Field;
use crate::query::Level;
use crate::ranking::{ArticleOccurrences, ScoringTerm, ScoringWord, Weights, start_of};
use fihrist_arabic::Analyzer;

/// Counts the words of one query.
pub struct OccurrenceReader<'a> {
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
    /// The analyzer that made the terms of the index.
    pub analyzer: &'a Analyzer,
    pub words: &'a [ScoringWord],
    pub weights: &'a Weights,
    pub deadline: &'a Deadline,
}

impl OccurrenceReader<'_> {
    /// Counts the words in each candidate. `candidates` must ascend by the number of the document.
    pub fn read(&self, candidates: &[Candidate]) -> tantivy::Result<Vec<ArticleOccurrences>> {
        let segment_of = |candidate: &Candidate| address(candidate.rank.document).segment_ord;
        let mut all = Vec::with_capacity(candidates.len());
        for of_segment in candidates.chunk_by(|one, other| segment_of(one) == segment_of(other)) {
            let Some(first) = of_segment.first() else {
                continue;
            };
            let documents: Vec<u32> = of_segment
                .iter()
                .map(|candidate| address(candidate.rank.document).doc_id)
                .collect();
            let start = all.len();
            all.resize_with(start + documents.len(), || {
                ArticleOccurrences::none(self.words.len())
            });
            if let Some(articles) = all.get_mut(start..) {
                let segment = self.searcher.segment_reader(segment_of(first));
                self.read_segment(segment, &documents, articles)?;
            }
        }
        Ok(all)
    }

    /// Counts the words in `documents` of one segment, which must ascend. Adds the counts of each
    /// document to the same element of `articles`.
    fn read_segment(
        &self,
        segment: &SegmentReader,
        documents: &[u32],
        articles: &mut [ArticleOccurrences],
    ) -> tantivy::Result<()> {
        let mut title_words = vec![0; documents.len()];
        let mut starts = vec![0; documents.len()];
        let levels_and_weights = self.fields.levels.iter().zip(self.weights.fields);
        for (field, (levels, field_weight)) in Field::ALL.into_iter().zip(levels_and_weights) {
            let norms = segment.get_fieldnorms_reader(levels.stem)?;
            let lengths = title_words.iter_mut().zip(&mut starts);
            for ((article, document), (title_words, start)) in
                articles.iter_mut().zip(documents).zip(lengths)
            {
                let words = norms.fieldnorm(*document);
                article.add_field(field_weight, words);
                if field == Field::Title {
                    *title_words = words;
                }
                *start = start_of(field, *title_words);
            }
            let read = FieldReader {
                segment,
                documents,
                starts: &starts,
                field_weight,
            };
            for (number, word) in self.words.iter().enumerate() {
                if !word.scope.contains(field) {
                    continue;
                }
                for term in &word.scoring_terms {
                    check_deadline(self.deadline)?;
                    let positioned = positioned(term, levels, self.analyzer);
                    read.add(number, term, &positioned, articles)?;
                }
            }
        }
        articles
            .iter_mut()
            .for_each(ArticleOccurrences::sort_positions);
        Ok(())
    }
}

fn positioned(term: &ScoringTerm, levels: &Levels, analyzer: &Analyzer) -> PositionedTerm {
    match term.level {
        Level::Exact => PositionedTerm::form(levels, &term.text, analyzer),
        Level::Stem => PositionedTerm::stem(levels, &term.text),
    }
}

/// Reads the occurrences in one field, for some documents of a segment.
struct FieldReader<'a> {
    segment: &'a SegmentReader,
    documents: &'a [u32],
    /// For each document, the position in the article of the field's first word.
    starts: &'a [u32],
    field_weight: f32,
}

impl FieldReader<'_> {
    /// Adds the occurrences of one term to the word of the query with the index `word`.
    fn add(
        &self,
        word: usize,
        term: &ScoringTerm,
        positioned: &PositionedTerm,
        articles: &mut [ArticleOccurrences],
    ) -> tantivy::Result<()> {
        let Some(mut postings) = FormPostings::open(self.segment, positioned, term.has_positions)?
        else {
            return Ok(());
        };
        for ((document, start), article) in self.documents.iter().zip(self.starts).zip(articles) {
            if postings.seek(*document) != *document {
                continue;
            }
            let Some(found) = article.words.get_mut(word) else {
                continue;
            };
            found.add(term, self.field_weight, postings.frequency());
            if term.has_positions {
                postings.append(*start, &mut found.positions);
            }
        }
        Ok(())
    }
}

/// Returns the mean number of words in an article, weighted by field. Deleted articles count until a merge.
pub fn mean_length(
    searcher: &Searcher,
    fields: &Fields,
    weights: &Weights,
) -> tantivy::Result<f32> {
    let mut sum = 0.0;
    let mut articles = 0u32;
    for segment in searcher.segment_readers() {
        for (levels, weight) in fields.levels.iter().zip(weights.fields) {
            sum += weight * segment.inverted_index(levels.stem)?.total_num_tokens() as f32;
        }
        articles += segment.max_doc();
    }
    Ok(sum / articles.max(1) as f32)
}
