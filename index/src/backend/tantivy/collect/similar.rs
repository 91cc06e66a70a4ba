//! Finds the documents that share the distinctive stems of an article, from the postings, and adds up their scores.
//! [`crate::ranking::similar`] chooses the stems and their weights.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    DocAddress, DocSet, Result, Searcher, SegmentOrdinal, SegmentReader, TERMINATED, Term,
};

use super::{Duplicates, RankColumns, View, address, candidate};
use crate::backend::tantivy::format::Levels;
use crate::backend::{Candidate, Order, Rank, SimilarCandidates};
use crate::ranking::similar::{
    DistinctiveStem, MIN_SCORE, MIN_SHARED_STEMS, Subject, distinctive_stems, presence,
};

/// The number of documents whose scores are added up at a time, so that memory does not grow with the index.
const WINDOW_DOCUMENTS: u32 = 4_096;

/// The postings of one distinctive stem in one segment.
struct StemPostings {
    weight: f32,
    title: Option<SegmentPostings>,
    body: Option<SegmentPostings>,
}

/// The score of a document from the stems that were read so far, and which of these stems it holds.
#[derive(Clone, Copy, Default)]
struct Sum {
    score: f32,
    /// Bit `i` is set if the document holds the distinctive stem with the index `i`.
    shares: u64,
}

impl View {
    /// Returns the articles that share at least [`MIN_SHARED_STEMS`] distinctive stems of `subject`,
    /// the best first. Only the best `wanted` documents are read. `own`, the article that `subject`
    /// describes, and its copies are left out of these.
    pub fn similar(
        &self,
        own: &Candidate,
        subject: &Subject,
        wanted: usize,
        duplicates: &Duplicates,
    ) -> Result<SimilarCandidates> {
        let [title, body, _captions] = &self.fields.levels;
        let mut holding = Vec::with_capacity(subject.stems.len());
        for stem in &subject.stems {
            // The number of articles that hold the stem in any field is unknown. It is at least 1,
            // for the article itself, plus the greater number of others in one field.
            let others = |levels: &Levels, is_here: bool| -> Result<u64> {
                let term = Term::from_field_text(levels.stem, &stem.stem);
                let holding = self.searcher.doc_freq(&term)?;
                Ok(holding.saturating_sub(u64::from(is_here)))
            };
            holding.push(1 + others(title, stem.is_in_title)?.max(others(body, stem.body > 0)?));
        }
        let mean = mean_words(&self.searcher, body.stem)?;
        let distinctive = distinctive_stems(subject, self.searcher.num_docs(), mean, &holding);
        let mut all = Vec::new();
        for (ordinal, segment) in (0..).zip(self.searcher.segment_readers()) {
            let mut stems = Vec::with_capacity(distinctive.len());
            for DistinctiveStem { place, weight } in &distinctive {
                let read = |field| -> Result<_> {
                    let term = Term::from_field_text(field, &subject.stems[*place].stem);
                    let index = segment.inverted_index(field)?;
                    Ok(index.read_postings(&term, IndexRecordOption::WithFreqs)?)
                };
                stems.push(StemPostings {
                    weight: *weight,
                    title: read(title.stem)?,
                    body: read(body.stem)?,
                });
            }
            let lengths = segment.get_fieldnorms_reader(body.stem)?;
            add_up(segment, ordinal, &mut stems, &lengths, mean, &mut all);
        }
        let is_all = wanted >= all.len();
        let own_cluster = duplicates.cluster(address(own.rank.document));
        let mut similar = Vec::new();
        for (rank, shares) in best(&self.searcher, all, wanted)? {
            let candidate = candidate(rank, duplicates);
            let is_copy =
                candidate.cluster.is_some() && candidate.cluster == own_cluster.map(u64::from);
            if candidate.rank.document != own.rank.document && !is_copy {
                let shared = (0..).zip(&distinctive);
                let shared = shared.filter(|(bit, _)| shares & (1 << bit) != 0);
                let places = shared.map(|(_, distinctive)| distinctive.place);
                similar.push((candidate, places.collect()));
            }
        }
        Ok(SimilarCandidates {
            best: similar,
            is_all,
        })
    }
}

/// Returns at most `limit` documents with the stems that they share, the best first.
fn best(
    searcher: &Searcher,
    mut all: Vec<(DocAddress, Sum)>,
    limit: usize,
) -> Result<Vec<(Rank, u64)>> {
    let Some(last) = limit.min(all.len()).checked_sub(1) else {
        return Ok(Vec::new());
    };
    let by_score = |(_, one): &(_, Sum), (_, other): &(_, Sum)| other.score.total_cmp(&one.score);
    let worst = all.select_nth_unstable_by(last, by_score).1.1.score;
    let mut columns = Vec::with_capacity(searcher.segment_readers().len());
    for (ordinal, reader) in (0..).zip(searcher.segment_readers()) {
        columns.push(RankColumns::open(ordinal, reader)?);
    }
    let mut good = Vec::with_capacity(limit);
    for (address, Sum { score, shares }) in all {
        if score >= worst {
            let columns = &columns[address.segment_ord as usize];
            let rank = columns.rank(address.doc_id, score, Order::Relevance);
            good.push((rank, shares));
        }
    }
    good.sort_unstable_by(|(one, _), (other, _)| other.cmp(one));
    good.truncate(limit);
    Ok(good)
}

/// Adds up the scores of a segment's documents, one window of documents after the other.
fn add_up(
    segment: &SegmentReader,
    ordinal: SegmentOrdinal,
    stems: &mut [StemPostings],
    lengths: &FieldNormReader,
    mean: f32,
    found: &mut Vec<(DocAddress, Sum)>,
) {
    let mut sums = vec![Sum::default(); WINDOW_DOCUMENTS as usize];
    let next = |stems: &[StemPostings]| stems.iter().filter_map(StemPostings::next).min();
    while let Some(start) = next(stems) {
        let end = start.saturating_add(WINDOW_DOCUMENTS);
        for (bit, stem) in (0..).zip(&mut *stems) {
            while let Some(document) = stem.next().filter(|document| *document < end) {
                let (body, is_in_title) = stem.take(document);
                let length = lengths.fieldnorm(document) as f32;
                let sum = &mut sums[(document - start) as usize];
                sum.score += stem.weight * presence(body, is_in_title, length, mean);
                sum.shares |= 1 << bit;
            }
        }
        for (document, sum) in (start..end).zip(&mut sums) {
            let sum = std::mem::take(sum);
            let shares_enough =
                sum.score >= MIN_SCORE && sum.shares.count_ones() as usize >= MIN_SHARED_STEMS;
            if shares_enough && !segment.is_deleted(document) {
                found.push((DocAddress::new(ordinal, document), sum));
            }
        }
    }
}

impl StemPostings {
    /// Returns the next document that holds the stem.
    fn next(&self) -> Option<u32> {
        let postings = self.title.iter().chain(&self.body);
        let next = postings.map(DocSet::doc).min();
        next.filter(|document| *document != TERMINATED)
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

fn mean_words(searcher: &Searcher, field: Field) -> Result<f32> {
    let mut words = 0;
    let mut documents = 0;
    for segment in searcher.segment_readers() {
        words += segment.inverted_index(field)?.total_num_tokens();
        documents += u64::from(segment.max_doc());
    }
    Ok(words as f32 / documents.max(1) as f32)
}
