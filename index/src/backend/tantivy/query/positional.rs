//! A Tantivy query for words in order with gaps between them, and for words and phrases near one another. What is in order
//! and what is near, [`intervals`] says; Tantivy's own phrases are faster for stems without a gap.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentReader;
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, Score, TERMINATED, Term};

use crate::backend::tantivy::format::form_positions::{FormPostings, PositionedTerm};
use crate::deadline::{Deadline, DeadlineChecker};
use crate::query::intervals::{self, Interval};

/// Words or phrases in one field, at either level: one of them with its gaps, or several within a distance.
#[derive(Debug, Clone)]
pub struct Positional {
    /// Whose lengths and frequencies make the score; terms may be of the other level.
    pub field: Field,
    pub parts: Vec<Part>,
    /// So many other words between the first and the last part.
    pub distance: u32,
    /// Whoever it is for.
    pub deadline: Deadline,
}

/// A word or a phrase.
#[derive(Debug, Clone)]
pub struct Part {
    /// For each word the terms that stand for it.
    pub words: Vec<Vec<PositionedTerm>>,
    /// So many other words between its words.
    pub gaps: u32,
}

impl Query for Positional {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let own_terms: Vec<Term> = self
            .parts
            .iter()
            .flat_map(|part| &part.words)
            .filter_map(|terms| terms.first().map(|placed| placed.term.clone()))
            .filter(|term| term.field() == self.field)
            .collect();
        let bm25 = match scoring {
            EnableScoring::Enabled {
                statistics_provider,
                ..
            } if !own_terms.is_empty() => {
                Some(Bm25Weight::for_terms(statistics_provider, &own_terms)?)
            }
            EnableScoring::Enabled { .. } | EnableScoring::Disabled { .. } => None,
        };
        Ok(Box::new(PositionalWeight {
            query: Arc::new(self.clone()),
            bm25,
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.parts
            .iter()
            .flat_map(|part| &part.words)
            .flatten()
            .for_each(|placed| visitor(&placed.term, true));
    }
}

struct PositionalWeight {
    query: Arc<Positional>,
    bm25: Option<Bm25Weight>,
}

impl Weight for PositionalWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let mut parts = Vec::new();
        for part in &self.query.parts {
            let mut words = Vec::new();
            for terms in &part.words {
                let mut ways = Vec::new();
                for placed in terms {
                    ways.extend(FormPostings::open(reader, placed, true)?);
                }
                if ways.is_empty() {
                    return Ok(Box::new(EmptyScorer));
                }
                words.push(Slot { ways });
            }
            parts.push(Slots {
                words,
                gaps: part.gaps,
            });
        }
        let scorer = PositionalScorer {
            parts,
            distance: self.query.distance,
            bm25: self.bm25.as_ref().map(|bm25| bm25.boost_by(boost)),
            norms: reader.get_fieldnorms_reader(self.query.field)?,
            doc: 0,
            frequency: 0,
            checker: DeadlineChecker::new(&self.query.deadline),
        };
        Ok(Box::new(scorer.at_first()))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        let is_match = scorer.doc() == doc || scorer.doc() < doc && scorer.seek(doc) == doc;
        let score = if is_match { scorer.score() } else { 0.0 };
        Ok(Explanation::new(
            if is_match {
                "words near one another"
            } else {
                "no match"
            },
            score,
        ))
    }
}

/// A word: the terms that stand for it.
struct Slot {
    ways: Vec<FormPostings>,
}

impl Slot {
    fn doc(&self) -> DocId {
        self.ways
            .iter()
            .map(FormPostings::doc)
            .min()
            .unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        for way in &mut self.ways {
            way.seek(target);
        }
        self.doc()
    }

    fn places(&mut self, doc: DocId) -> Vec<u32> {
        let mut places = Vec::new();
        for way in self.ways.iter_mut().filter(|way| way.doc() == doc) {
            way.append(0, &mut places);
        }
        places.sort_unstable();
        places.dedup();
        places
    }
}

struct Slots {
    words: Vec<Slot>,
    gaps: u32,
}

/// What it takes to read where the words of a document stand, against a step that compares two numbers.
const STEPS_A_DOCUMENT: u32 = 64;

struct PositionalScorer {
    parts: Vec<Slots>,
    distance: u32,
    bm25: Option<Bm25Weight>,
    norms: FieldNormReader,
    doc: DocId,
    frequency: u32,
    checker: DeadlineChecker,
}

impl PositionalScorer {
    fn at_first(mut self) -> Self {
        self.go_to(0);
        self
    }

    /// Goes to the first match at `target` or after it.
    fn go_to(&mut self, mut target: DocId) -> DocId {
        loop {
            self.doc = if self.checker.steps(STEPS_A_DOCUMENT) {
                TERMINATED
            } else {
                self.candidate(target)
            };
            if self.doc == TERMINATED {
                self.frequency = 0;
                return TERMINATED;
            }
            self.frequency = self.matches().len() as u32;
            if self.frequency > 0 {
                return self.doc;
            }
            target = self.doc + 1;
        }
    }

    /// The first document at `target` or after it that holds all the words.
    fn candidate(&mut self, mut target: DocId) -> DocId {
        loop {
            let mut agreed = target;
            for slot in self.parts.iter_mut().flat_map(|part| &mut part.words) {
                agreed = agreed.max(slot.seek(agreed));
                if agreed == TERMINATED || self.checker.step() {
                    return TERMINATED;
                }
            }
            if agreed == target {
                return target;
            }
            target = agreed;
        }
    }

    fn matches(&mut self) -> Vec<Interval> {
        let doc = self.doc;
        let mut parts: Vec<Vec<Interval>> = Vec::with_capacity(self.parts.len());
        for part in &mut self.parts {
            let places: Vec<Vec<u32>> =
                part.words.iter_mut().map(|slot| slot.places(doc)).collect();
            let places: Vec<&[u32]> = places.iter().map(Vec::as_slice).collect();
            parts.push(intervals::in_order(&places, part.gaps));
        }
        match parts.as_slice() {
            [one] => one.clone(),
            parts => {
                let parts: Vec<&[Interval]> = parts.iter().map(Vec::as_slice).collect();
                intervals::near(&parts, self.distance, |steps| self.checker.steps(steps))
            }
        }
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
        let words = self.parts.iter().flat_map(|part| &part.words);
        words
            .map(|slot| slot.ways.iter().map(FormPostings::size_hint).sum())
            .min()
            .unwrap_or(0)
    }
}

impl Scorer for PositionalScorer {
    fn score(&mut self) -> Score {
        let norm = self.norms.fieldnorm_id(self.doc);
        self.bm25
            .as_ref()
            .map_or(1.0, |bm25| bm25.score(norm, self.frequency))
    }
}
