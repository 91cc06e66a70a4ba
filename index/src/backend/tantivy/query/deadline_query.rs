//! A Tantivy query that stops at a deadline. Until then, it matches the same documents as the query
//! that it wraps, with the same scores. After it has stopped, the search fails, so that an
//! incomplete result is never shown.

use std::sync::Arc;

use tantivy::index::SegmentReader;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Result, Score, SeekDangerResult, TERMINATED, TantivyError, Term};

use crate::deadline::{Deadline, DeadlineChecker};

/// A query with a deadline. If it wraps a whole query, the search fails after the deadline. If it
/// wraps a slow part of a query, it also stops that part.
#[derive(Debug, Clone)]
pub struct DeadlineQuery {
    query: Arc<dyn Query>,
    deadline: Deadline,
}

impl DeadlineQuery {
    /// Gives a query a deadline.
    pub fn new(query: Box<dyn Query>, deadline: &Deadline) -> Self {
        Self {
            query: query.into(),
            deadline: deadline.clone(),
        }
    }
}

/// Fails when the deadline has passed.
pub fn check_deadline(deadline: &Deadline) -> Result<()> {
    deadline
        .check()
        .map_err(|error| TantivyError::InternalError(error.to_string()))
}

impl Query for DeadlineQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> Result<Box<dyn Weight>> {
        Ok(Box::new(DeadlineWeight {
            weight: self.query.weight(scoring)?,
            deadline: self.deadline.clone(),
        }))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        self.query.query_terms(visitor);
    }
}

struct DeadlineWeight {
    weight: Box<dyn Weight>,
    deadline: Deadline,
}

impl DeadlineWeight {
    fn with_deadline(&self, scorer: Box<dyn Scorer>) -> Box<dyn Scorer> {
        let mut checker = DeadlineChecker::new(&self.deadline);
        checker.step();
        Box::new(DeadlineScorer { scorer, checker })
    }

    /// Does some work on the query. Fails if the deadline has passed before or after it.
    fn checked<T>(&self, work: impl FnOnce(&dyn Weight) -> Result<T>) -> Result<T> {
        check_deadline(&self.deadline)?;
        let outcome = work(&*self.weight)?;
        check_deadline(&self.deadline)?;
        Ok(outcome)
    }
}

impl Weight for DeadlineWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> Result<Box<dyn Scorer>> {
        Ok(self.with_deadline(self.weight.scorer(reader, boost)?))
    }

    fn scorer_danger(
        &self,
        reader: &SegmentReader,
        target: DocId,
        boost: Score,
    ) -> Result<(SeekDangerResult, Box<dyn Scorer>)> {
        check_deadline(&self.deadline)?;
        let (result, scorer) = self.weight.scorer_danger(reader, target, boost)?;
        Ok((result, self.with_deadline(scorer)))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> Result<Explanation> {
        self.weight.explain(reader, doc)
    }

    // For single words, Tantivy has loops that take some nanoseconds a document. Checking the
    // deadline in them would cost a third of the time of a union. So a whole query checks it before
    // and after each segment, and slow parts have their own deadline.
    fn count(&self, reader: &SegmentReader) -> Result<u32> {
        self.checked(|weight| weight.count(reader))
    }

    fn for_each(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> Result<()> {
        self.checked(|weight| weight.for_each(reader, callback))
    }

    fn for_each_no_score(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(&[DocId]),
    ) -> Result<()> {
        self.checked(|weight| weight.for_each_no_score(reader, callback))
    }

    fn for_each_pruning(
        &self,
        threshold: Score,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score) -> Score,
    ) -> Result<()> {
        self.checked(|weight| weight.for_each_pruning(threshold, reader, callback))
    }
}

/// A scorer that has no more documents after the deadline.
struct DeadlineScorer {
    scorer: Box<dyn Scorer>,
    checker: DeadlineChecker,
}

impl DocSet for DeadlineScorer {
    fn advance(&mut self) -> DocId {
        if self.checker.step() {
            TERMINATED
        } else {
            self.scorer.advance()
        }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.checker.step() {
            TERMINATED
        } else {
            self.scorer.seek(target)
        }
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if self.checker.step() {
            SeekDangerResult::SeekLowerBound(TERMINATED)
        } else {
            self.scorer.seek_danger(target)
        }
    }

    fn doc(&self) -> DocId {
        if self.checker.has_ended() {
            TERMINATED
        } else {
            self.scorer.doc()
        }
    }

    fn size_hint(&self) -> u32 {
        self.scorer.size_hint()
    }

    fn cost(&self) -> u64 {
        self.scorer.cost()
    }
}

impl Scorer for DeadlineScorer {
    fn score(&mut self) -> Score {
        self.scorer.score()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use tantivy::collector::{Count, DocSetCollector, TopDocs};
    use tantivy::query::{AllQuery, BooleanQuery, PhraseQuery, TermQuery};
    use tantivy::schema::{Field, IndexRecordOption, Schema, TEXT};
    use tantivy::{Index, Searcher, doc};

    use super::*;
    use crate::backend::tantivy::format::PositionedTerm;
    use crate::backend::tantivy::query::any_term::AnyTerm;
    use crate::backend::tantivy::query::positional::{Phrase, PositionalQuery};

    const DOCUMENTS: u32 = 5_000;

    /// Each document holds `even` or `odd` after `number`.
    fn searcher() -> (Searcher, Field) {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 20_000_000).unwrap();
        for i in 0..DOCUMENTS {
            let text = if i % 2 == 0 {
                "number even"
            } else {
                "number odd number"
            };
            writer.add_document(doc!(field => text)).unwrap();
        }
        writer.commit().unwrap();
        (index.reader().unwrap().searcher(), field)
    }

    /// For each of the queries, the slowest thing in it.
    const NAMES: [&str; 8] = [
        "words", "words", "words", "words", "words", "phrase", "words", "near",
    ];

    fn queries(field: Field, deadline: &Deadline) -> Vec<Box<dyn Query>> {
        let term = |text| Term::from_field_text(field, text);
        let word = |text| -> Box<dyn Query> {
            Box::new(TermQuery::new(term(text), IndexRecordOption::WithFreqs))
        };
        let phrase =
            || -> Box<dyn Query> { Box::new(PhraseQuery::new(vec![term("number"), term("even")])) };
        let single = |text| Phrase {
            words: vec![vec![PositionedTerm::of(term(text))]],
            gaps: 0,
        };
        let phrases = vec![single("odd"), single("number")];
        vec![
            Box::new(AllQuery),
            word("odd"),
            Box::new(BooleanQuery::union(vec![word("odd"), word("even")])),
            Box::new(BooleanQuery::intersection(vec![
                word("number"),
                word("odd"),
            ])),
            phrase(),
            Box::new(BooleanQuery::intersection(vec![
                Box::new(DeadlineQuery::new(phrase(), deadline)),
                Box::new(DeadlineQuery::new(word("even"), deadline)),
            ])),
            Box::new(AnyTerm::new(
                vec![term("odd"), term("even"), term("odd"), term("prime")],
                deadline,
            )),
            Box::new(PositionalQuery {
                field,
                phrases,
                distance: 0,
                deadline: deadline.clone(),
            }),
        ]
    }

    #[test]
    fn finds_what_the_query_in_it_finds() {
        let (searcher, field) = searcher();
        let deadline = Deadline::until(Instant::now() + Duration::from_secs(600));
        for query in queries(field, &deadline) {
            let bounded = DeadlineQuery::new(query.box_clone(), &deadline);
            let top = || TopDocs::with_limit(10).order_by_score();
            let found = |query: &dyn Query| {
                let (count, best) = searcher.search(query, &(Count, top())).unwrap();
                (
                    count,
                    best,
                    searcher.search(query, &top()).unwrap(),
                    searcher.search(query, &Count).unwrap(),
                )
            };
            assert_eq!(found(&*query), found(&bounded), "{query:?}");
            assert!(found(&*query).0 >= 2_500, "{query:?}");
            let all = |query: &dyn Query| searcher.search(query, &DocSetCollector).unwrap();
            assert_eq!(all(&*query), all(&bounded), "{query:?}");
        }
    }

    #[test]
    fn fails_after_the_deadline() {
        let (searcher, field) = searcher();
        let deadline = Deadline::until(Instant::now());
        for query in queries(field, &deadline) {
            let bounded = DeadlineQuery::new(query, &deadline);
            assert!(searcher.search(&bounded, &Count).is_err(), "{bounded:?}");
            assert!(
                searcher
                    .search(&bounded, &TopDocs::with_limit(10).order_by_score())
                    .is_err(),
                "{bounded:?}"
            );
            assert!(
                searcher.search(&bounded, &DocSetCollector).is_err(),
                "{bounded:?}"
            );
        }
    }

    #[test]
    fn stops_in_the_middle() {
        let (searcher, field) = searcher();
        let reader = searcher.segment_reader(0);
        for (i, name) in NAMES.into_iter().enumerate() {
            let deadline = Deadline::until(Instant::now() + Duration::from_secs(600));
            let bounded = DeadlineQuery::new(queries(field, &deadline).swap_remove(i), &deadline);
            let weight = bounded
                .weight(EnableScoring::enabled_from_searcher(&searcher))
                .unwrap();
            let mut seen = 0;
            let is_slow = name != "words";
            let outcome = weight.for_each(reader, &mut |_, _| {
                seen += 1;
                if seen == 10 {
                    deadline.cancel();
                }
            });
            assert!(
                outcome.is_err() && (!is_slow || (10..=1_100).contains(&seen)),
                "{seen} {bounded:?}"
            );
        }
    }
}
