//! Finds the documents that share the distinctive stems of an article, from the postings, and adds up their scores.
//! [`crate::ranking::similar`] chooses the stems and their weights.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocAddress, DocSet, Searcher, SegmentOrdinal, SegmentReader, TERMINATED, Term};

use super::top_docs::RankColumns;
use crate::backend::tantivy::format::schema::{Fields, Levels};
use crate::backend::{Order, Rank};
use crate::ranking::similar::{MIN_SCORE, MIN_SHARED_STEMS, Subject, Telling, presence, telling};

/// The number of documents whose scores are added up at a time, so that memory does not grow with the index.
const WINDOW_DOCUMENTS: u32 = 4_096;

/// A document that shares enough with the article.
#[derive(Debug, Clone, Copy)]
pub struct Sharer {
    pub score: f32,
    pub address: DocAddress,
    /// One bit for each distinctive stem that it holds, in their order.
    shares: u64,
}

/// The documents that share the subject of an article.
pub struct Sharers {
    telling: Vec<Telling>,
    /// In no order.
    all: Vec<Sharer>,
}

/// The postings of one distinctive stem in one segment.
struct Reading {
    weight: f32,
    title: Option<SegmentPostings>,
    body: Option<SegmentPostings>,
}

/// The score of a document so far.
#[derive(Clone, Copy, Default)]
struct Sum {
    score: f32,
    shares: u64,
}

impl Sharers {
    /// Finds the documents that share at least [`MIN_SHARED_STEMS`] distinctive stems of an article.
    pub fn find(searcher: &Searcher, fields: &Fields, subject: &Subject) -> tantivy::Result<Self> {
        let [title, body, _captions] = &fields.levels;
        let mut holding = Vec::with_capacity(subject.stems.len());
        for stem in &subject.stems {
            // The article itself holds the stem. At least as many others hold it as hold it in one of the fields.
            let others = |levels: &Levels, is_here: bool| -> tantivy::Result<u64> {
                let holding = searcher.doc_freq(&Term::from_field_text(levels.stem, &stem.stem))?;
                Ok(holding.saturating_sub(u64::from(is_here)))
            };
            holding.push(1 + others(title, stem.is_in_title)?.max(others(body, stem.body > 0)?));
        }
        let mean = mean_words(searcher, body.stem)?;
        let telling = telling(subject, searcher.num_docs(), mean, &holding);
        let mut all = Vec::new();
        for (ordinal, segment) in (0..).zip(searcher.segment_readers()) {
            let mut readings = Vec::with_capacity(telling.len());
            for Telling { place, weight } in &telling {
                let stem = subject
                    .stems
                    .get(*place)
                    .map_or("", |stem| stem.stem.as_str());
                let read = |field| -> tantivy::Result<_> {
                    let term = Term::from_field_text(field, stem);
                    Ok(segment
                        .inverted_index(field)?
                        .read_postings(&term, IndexRecordOption::WithFreqs)?)
                };
                readings.push(Reading {
                    weight: *weight,
                    title: read(title.stem)?,
                    body: read(body.stem)?,
                });
            }
            let lengths = segment.get_fieldnorms_reader(body.stem)?;
            add_up(segment, ordinal, &mut readings, &lengths, mean, &mut all);
        }
        Ok(Self { telling, all })
    }

    /// Returns how many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns the best of them with their ranks, the first first.
    pub fn best(
        &mut self,
        searcher: &Searcher,
        limit: usize,
    ) -> tantivy::Result<Vec<(Rank, Sharer)>> {
        let Some(last) = limit.min(self.all.len()).checked_sub(1) else {
            return Ok(Vec::new());
        };
        let (_, worst, _) = self
            .all
            .select_nth_unstable_by(last, |one, other| other.score.total_cmp(&one.score));
        let worst = worst.score;
        let mut columns = Vec::with_capacity(searcher.segment_readers().len());
        for (ordinal, reader) in (0..).zip(searcher.segment_readers()) {
            columns.push(RankColumns::open(ordinal, reader)?);
        }
        let mut good = Vec::with_capacity(limit);
        for sharer in self.all.iter().filter(|sharer| sharer.score >= worst) {
            if let Some(columns) = columns.get(sharer.address.segment_ord as usize) {
                let document = sharer.address.doc_id;
                good.push((
                    columns.rank(document, sharer.score, Order::Relevance),
                    *sharer,
                ));
            }
        }
        good.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
        good.truncate(limit);
        Ok(good)
    }

    /// Returns the indices in [`Subject::stems`] of what a document shares, the most distinctive first.
    pub fn shared(&self, sharer: &Sharer) -> Vec<usize> {
        let held = (0..)
            .zip(&self.telling)
            .filter(|(bit, _)| sharer.shares & (1 << bit) != 0);
        held.map(|(_, telling)| telling.place).collect()
    }
}

/// Adds up the scores in a segment, window by window.
fn add_up(
    segment: &SegmentReader,
    ordinal: SegmentOrdinal,
    readings: &mut [Reading],
    lengths: &FieldNormReader,
    mean: f32,
    found: &mut Vec<Sharer>,
) {
    let mut sums = vec![Sum::default(); WINDOW_DOCUMENTS as usize];
    let next = |readings: &[Reading]| readings.iter().filter_map(Reading::next).min();
    while let Some(start) = next(readings) {
        let end = start.saturating_add(WINDOW_DOCUMENTS);
        for (bit, reading) in (0..).zip(&mut *readings) {
            while let Some(document) = reading.next().filter(|document| *document < end) {
                let (body, is_in_title) = reading.take(document);
                let length = lengths.fieldnorm(document) as f32;
                if let Some(sum) = sums.get_mut((document - start) as usize) {
                    sum.score += reading.weight * presence(body, is_in_title, length, mean);
                    sum.shares |= 1 << bit;
                }
            }
        }
        for (document, sum) in (start..end).zip(&mut sums) {
            let Sum { score, shares } = std::mem::take(sum);
            let shares_enough =
                score >= MIN_SCORE && shares.count_ones() as usize >= MIN_SHARED_STEMS;
            if shares_enough && !segment.is_deleted(document) {
                found.push(Sharer {
                    score,
                    shares,
                    address: DocAddress::new(ordinal, document),
                });
            }
        }
    }
}

impl Reading {
    /// Returns the next document that holds the stem.
    fn next(&self) -> Option<u32> {
        let of = |postings: &Option<SegmentPostings>| {
            postings
                .as_ref()
                .map(DocSet::doc)
                .filter(|doc| *doc != TERMINATED)
        };
        [of(&self.title), of(&self.body)]
            .into_iter()
            .flatten()
            .min()
    }

    /// Returns how often a document holds the stem in the body, and whether the title holds it. Moves on to the next
    /// document.
    fn take(&mut self, document: u32) -> (u32, bool) {
        let times = |postings: &mut Option<SegmentPostings>| match postings {
            Some(postings) if postings.doc() == document => {
                let times = postings.term_freq();
                postings.advance();
                times
            }
            Some(_) | None => 0,
        };
        let in_title = times(&mut self.title) > 0;
        (times(&mut self.body), in_title)
    }
}

fn mean_words(searcher: &Searcher, field: Field) -> tantivy::Result<f32> {
    let (mut words, mut documents) = (0, 0);
    for segment in searcher.segment_readers() {
        words += segment.inverted_index(field)?.total_num_tokens();
        documents += u64::from(segment.max_doc());
    }
    Ok(words as f32 / documents.max(1) as f32)
}
