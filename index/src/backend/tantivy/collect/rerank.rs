//! Reads from the postings what [`ranking`](crate::ranking) weighs: frequencies, positions and lengths of the
//! best candidates of a search. It decides nothing about their order.

use tantivy::{DocAddress, Searcher, SegmentReader};

use super::dictionary::SeenTerms;
use super::top_docs::Candidate;
use crate::backend::Order;
use crate::backend::tantivy::format::form_positions::{FormPostings, PositionedTerm};
use crate::backend::tantivy::format::schema::Fields;
use crate::backend::tantivy::query::deadline_query::check_deadline;
use crate::deadline::Deadline;
use crate::document::Field;
use crate::error::{Error, Result};
use crate::query::{Level, Query};
use crate::ranking::{self, Occurrences, Parts, Weights, WordWeight};
use crate::ranking::{RootGroups, ScoringTerm, ScoringWord, scoring_terms};
use fihrist_arabic::Analyzer;

/// Captions stand so far behind the body that no word of one is near a word of the other.
const CAPTION_POSITION: u32 = 1 << 30;

/// What is ranked: the articles of a searcher.
#[derive(Clone, Copy)]
pub struct Ranked<'a> {
    pub searcher: &'a Searcher,
    pub fields: &'a Fields,
    /// The one that made the terms of the index.
    pub analyzer: &'a Analyzer,
}

/// A query, ready to rank articles.
pub struct Ranking<'a> {
    ranked: Ranked<'a>,
    weights: &'a Weights,
    wanted: Vec<ScoringWord>,
    word_weights: Vec<WordWeight>,
    mean_length: f32,
    deadline: &'a Deadline,
}

impl<'a> Ranking<'a> {
    /// Looks up how telling the words of a query are.
    pub fn new(
        ranked: Ranked<'a>,
        root_groups: &RootGroups,
        query: &Query,
        weights: &'a Weights,
        deadline: &'a Deadline,
    ) -> Result<Self> {
        let Ranked {
            searcher, fields, ..
        } = ranked;
        let wanted = scoring_terms(
            &SeenTerms { searcher, fields },
            root_groups,
            query,
            weights,
            deadline,
        )?;
        let word_weights = wanted.iter().map(|word| word.weight).collect();
        let mean_length = mean_length(searcher, fields, weights).map_err(failed())?;
        Ok(Self {
            ranked,
            weights,
            wanted,
            word_weights,
            mean_length,
            deadline,
        })
    }

    /// What is looked for of each word: those of the texts, then the patterns.
    pub fn wanted(&self) -> &[ScoringWord] {
        &self.wanted
    }

    /// Scores candidates anew, and gives each its place by that; they come back in the order of the index.
    pub fn score(&self, candidates: &mut [Candidate], order: Order) -> Result<()> {
        candidates.sort_unstable_by_key(|candidate| candidate.address);
        let is_one_segment = |one: &Candidate, other: &Candidate| {
            one.address.segment_ord == other.address.segment_ord
        };
        for of_one_segment in candidates.chunk_by_mut(is_one_segment) {
            let addresses: Vec<_> = of_one_segment
                .iter()
                .map(|candidate| candidate.address)
                .collect();
            for (candidate, parts) in of_one_segment.iter_mut().zip(self.parts(&addresses)?) {
                candidate.rescore(parts.total(), order);
            }
        }
        Ok(())
    }

    /// What makes up the scores of articles of one segment, in ascending order.
    pub fn parts(&self, addresses: &[DocAddress]) -> Result<Vec<Parts>> {
        let Some(first) = addresses.first() else {
            return Ok(Vec::new());
        };
        let segment = self.ranked.searcher.segment_reader(first.segment_ord);
        let documents: Vec<u32> = addresses.iter().map(|address| address.doc_id).collect();
        let articles = read(
            segment,
            self.ranked,
            &self.wanted,
            self.weights,
            &documents,
            self.deadline,
        )
        .map_err(failed())?;
        let parts = articles.into_iter().map(
            |Held {
                 occurrences,
                 length,
             }| {
                ranking::score(
                    self.weights,
                    &self.word_weights,
                    &occurrences,
                    length,
                    self.mean_length,
                )
            },
        );
        Ok(parts.collect())
    }
}

fn failed() -> impl FnOnce(tantivy::TantivyError) -> Error {
    Error::internal("rank the best articles")
}

/// The mean length of all articles, weighed by field.
fn mean_length(searcher: &Searcher, fields: &Fields, weights: &Weights) -> tantivy::Result<f32> {
    let mut sum = 0.0;
    for segment in searcher.segment_readers() {
        for (levels, weight) in fields.levels.iter().zip(weights.fields) {
            sum += weight * segment.inverted_index(levels.stem)?.total_num_tokens() as f32;
        }
    }
    let articles: u32 = searcher
        .segment_readers()
        .iter()
        .map(SegmentReader::max_doc)
        .sum();
    Ok(sum / articles.max(1) as f32)
}

/// What a candidate holds.
struct Held {
    length: f32,
    occurrences: Vec<Occurrences>,
}

/// Reads what the documents, in ascending order, hold of the words.
fn read(
    segment: &SegmentReader,
    Ranked {
        fields, analyzer, ..
    }: Ranked<'_>,
    wanted: &[ScoringWord],
    weights: &Weights,
    documents: &[u32],
    deadline: &Deadline,
) -> tantivy::Result<Vec<Held>> {
    let mut candidates: Vec<Held> = documents
        .iter()
        .map(|_| Held {
            length: 0.0,
            occurrences: vec![Occurrences::default(); wanted.len()],
        })
        .collect();
    let mut title_lengths = vec![0; documents.len()];
    for ((field, levels), weight) in fields.levels.iter().enumerate().zip(weights.fields) {
        let norms = segment.get_fieldnorms_reader(levels.stem)?;
        let mut starts = vec![CAPTION_POSITION; documents.len()];
        for (((candidate, document), title_length), start) in candidates
            .iter_mut()
            .zip(documents)
            .zip(&mut title_lengths)
            .zip(&mut starts)
        {
            let length = norms.fieldnorm(*document);
            candidate.length += weight * length as f32;
            match field {
                0 => (*start, *title_length) = (0, length),
                1 => *start = *title_length,
                _ => {}
            }
        }
        let mut terms = Terms {
            segment,
            documents,
            starts: &starts,
            field_weight: weight,
        };
        for (
            place,
            ScoringWord {
                scoring_terms,
                scope,
                ..
            },
        ) in wanted.iter().enumerate()
        {
            if !Field::ALL
                .get(field)
                .is_some_and(|field| scope.contains(*field))
            {
                continue;
            }
            let occurrences = candidates
                .iter_mut()
                .filter_map(|candidate| candidate.occurrences.get_mut(place));
            let mut occurrences: Vec<&mut Occurrences> = occurrences.collect();
            for probe in scoring_terms {
                check_deadline(deadline)?;
                let placed = match probe.level {
                    Level::Exact => PositionedTerm::form(levels, &probe.text, analyzer),
                    Level::Stem => PositionedTerm::stem(levels, &probe.text),
                };
                terms.read(&placed, probe, &mut occurrences)?;
            }
        }
    }
    for occurrences in candidates
        .iter_mut()
        .flat_map(|candidate| &mut candidate.occurrences)
    {
        occurrences.positions.sort_unstable();
    }
    Ok(candidates)
}

/// The postings of one field of a segment, for some documents.
struct Terms<'a> {
    segment: &'a SegmentReader,
    documents: &'a [u32],
    /// The position of the field's first word in each document.
    starts: &'a [u32],
    field_weight: f32,
}

impl Terms<'_> {
    /// Adds what the documents hold of a probe's term to their occurrences of its word.
    fn read(
        &mut self,
        placed: &PositionedTerm,
        probe: &ScoringTerm,
        occurrences: &mut [&mut Occurrences],
    ) -> tantivy::Result<()> {
        let Some(mut postings) = FormPostings::open(self.segment, placed, probe.has_places)? else {
            return Ok(());
        };
        for ((document, start), found) in self.documents.iter().zip(self.starts).zip(occurrences) {
            if postings.seek(*document) != *document {
                continue;
            }
            let frequency = probe.weight * self.field_weight * postings.frequency() as f32;
            for level in probe.counts_for {
                if let Some(sum) = found.frequencies.get_mut(*level) {
                    *sum += frequency;
                }
            }
            if probe.has_places {
                postings.append(*start, &mut found.positions);
            }
        }
        Ok(())
    }
}
