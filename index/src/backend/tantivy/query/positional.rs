//! A Tantivy query for words in order with gaps between them, and for words and phrases near one
//! another. [`intervals`] decides which positions match. Stems without gaps use Tantivy's own
//! phrase query, which is faster.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Result, Score, TERMINATED, Term};

use super::explanation;
use crate::backend::tantivy::format::{FormPostings, PositionedTerm};
use crate::deadline::{Deadline, DeadlineChecker};
use crate::query::intervals::{self, Interval};

/// Matches one phrase with gaps, or several words and phrases near one another, all in one field.
#[derive(Debug, Clone)]
pub struct PositionalQuery {
    /// The field, at the level whose norms and frequencies give the score. Terms may be of the
    /// other level.
    pub field: Field,
    pub phrases: Vec<Phrase>,
    /// The greatest number of other words that may stand between the first and the last phrase.
    pub distance: u32,
    /// The deadline of the search.
    pub deadline: Deadline,
}

/// One or more words in order.
#[derive(Debug, Clone)]
pub struct Phrase {
    /// For each word, the terms that match it.
    pub words: Vec<Vec<PositionedTerm>>,
    /// The greatest number of other words that may stand between the words of the phrase.
    pub gaps: u32,
}

impl PositionalQuery {
    /// Returns the terms of each word.
    fn words(&self) -> impl Iterator<Item = &Vec<PositionedTerm>> {
        self.phrases.iter().flat_map(|phrase| &phrase.words)
    }
}

impl Query for PositionalQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        // The score counts the first term of each word, if it belongs to the scored level.
        let terms = self.words().filter_map(|terms| Some(&terms.first()?.term));
        let terms = terms.filter(|term| term.field() == self.field).cloned();
        let terms: Vec<Term> = terms.collect();
        let bm25 = match scoring {
            EnableScoring::Enabled {
                statistics_provider,
                ..
            } if !terms.is_empty() => Some(Bm25Weight::for_terms(statistics_provider, &terms)?),
            EnableScoring::Enabled { .. } | EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(PositionalWeight {
            query: self.clone(),
            bm25,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        for positioned in self.words().flatten() {
            visitor(&positioned.term, true);
        }
    }
}

struct PositionalWeight {
    query: PositionalQuery,
    bm25: Option<Bm25Weight>,
}

impl Weight for PositionalWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        let mut phrases = Vec::new();
        for phrase in &self.query.phrases {
            let mut words = Vec::new();
            for terms in &phrase.words {
                let mut postings = Vec::new();
                for term in terms {
                    postings.extend(FormPostings::open(reader, term, true)?);
                }
                if postings.is_empty() {
                    return Ok(Box::new(EmptyScorer));
                }
                words.push(WordPostings { postings });
            }
            let gaps = phrase.gaps;
            phrases.push(PhrasePostings { words, gaps });
        }
        let mut scorer = PositionalScorer {
            phrases,
            distance: self.query.distance,
            bm25: self.bm25.as_ref().map(|bm25| bm25.boost_by(boost)),
            norms: reader.get_fieldnorms_reader(self.query.field)?,
            doc: 0,
            frequency: 0,
            checker: DeadlineChecker::new(&self.query.deadline),
        };
        scorer.go_to(0);
        Ok(Box::new(scorer))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation> {
        let scorer = self.scorer(reader, 1.0)?;
        Ok(explanation(scorer, doc, "words near one another"))
    }
}

/// The postings of the terms that match one word.
struct WordPostings {
    postings: Vec<FormPostings>,
}

impl WordPostings {
    fn doc(&self) -> DocId {
        let documents = self.postings.iter().map(FormPostings::doc);
        documents.min().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for postings in &mut self.postings {
            postings.seek(target);
        }
        self.doc()
    }

    /// Returns an upper bound of the number of documents that hold the word.
    fn size_hint(&self) -> u32 {
        self.postings.iter().map(FormPostings::size_hint).sum()
    }

    /// Returns the positions of the word in a document, ascending.
    fn positions(&mut self, doc: DocId) -> Vec<u32> {
        let mut positions = Vec::new();
        for postings in &mut self.postings {
            if postings.doc() == doc {
                postings.append(0, &mut positions);
            }
        }
        positions.sort_unstable();
        positions.dedup();
        positions
    }
}

struct PhrasePostings {
    words: Vec<WordPostings>,
    gaps: u32,
}

impl PhrasePostings {
    /// Returns the matches of the phrase in a document.
    fn matches(&mut self, doc: DocId) -> Vec<Interval> {
        let words = self.words.iter_mut();
        let positions: Vec<Vec<u32>> = words.map(|word| word.positions(doc)).collect();
        let positions: Vec<&[u32]> = positions.iter().map(Vec::as_slice).collect();
        intervals::in_order(&positions, self.gaps)
    }
}

/// The cost of reading the positions of a document, in steps of the deadline checker. One step
/// compares two numbers.
const STEPS_A_DOCUMENT: u32 = 64;

struct PositionalScorer {
    phrases: Vec<PhrasePostings>,
    distance: u32,
    bm25: Option<Bm25Weight>,
    norms: FieldNormReader,
    doc: DocId,
    frequency: u32,
    checker: DeadlineChecker,
}

impl PositionalScorer {
    /// Moves to the first match at or after `target`.
    fn go_to(&mut self, mut target: DocId) -> DocId {
        loop {
            self.doc = if self.checker.steps(STEPS_A_DOCUMENT) {
                TERMINATED
            } else {
                self.next_with_all_words(target)
            };
            if self.doc == TERMINATED {
                return TERMINATED;
            }
            self.frequency = self.matches().len() as u32;
            if self.frequency > 0 {
                return self.doc;
            }
            target = self.doc + 1;
        }
    }

    /// Returns the first document at or after `target` that holds all words.
    fn next_with_all_words(&mut self, mut target: DocId) -> DocId {
        loop {
            let mut candidate = target;
            for word in self.phrases.iter_mut().flat_map(|phrase| &mut phrase.words) {
                candidate = candidate.max(word.seek(candidate));
                if candidate == TERMINATED || self.checker.step() {
                    return TERMINATED;
                }
            }
            if candidate == target {
                return target;
            }
            target = candidate;
        }
    }

    /// Returns the matches in the current document.
    fn matches(&mut self) -> Vec<Interval> {
        if let [phrase] = self.phrases.as_mut_slice() {
            return phrase.matches(self.doc);
        }
        let phrases = self.phrases.iter_mut();
        let matches: Vec<Vec<Interval>> = phrases.map(|phrase| phrase.matches(self.doc)).collect();
        let matches: Vec<&[Interval]> = matches.iter().map(Vec::as_slice).collect();
        intervals::near(&matches, self.distance, |steps| self.checker.steps(steps))
    }
}

impl DocSet for PositionalScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            TERMINATED
        } else {
            self.go_to(self.doc + 1)
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target {
            self.doc
        } else {
            self.go_to(target)
        }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let words = self.phrases.iter().flat_map(|phrase| &phrase.words);
        words.map(WordPostings::size_hint).min().unwrap_or(0)
    }
}

impl Scorer for PositionalScorer {
    fn score(&mut self) -> Score {
        match &self.bm25 {
            Some(bm25) => bm25.score(self.norms.fieldnorm_id(self.doc), self.frequency),
            None => 1.0,
        }
    }
}
