//! Reads from the postings what [`ranking`](crate::backend::ranking) weighs: frequencies, positions and lengths of the
//! best candidates of a search. It decides nothing about their order.

use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocSet, Score, Searcher, SegmentReader, Term};

use super::kin::Kin;
use super::schema::{Fields, Levels};
use crate::backend::ranking::{self, FIELD_WEIGHTS, KIN_WEIGHT, LEVELS, Occurrences, WordWeight};
use crate::error::{Error, Result};
use crate::query::{Level, Query, Term as Word};

/// Captions stand so far behind the body that no word of one is near a word of the other.
const CAPTION_POSITION: u32 = 1 << 30;

/// Scores candidates anew and sorts them, best first; equal ones in the order of the index.
pub fn rerank(
    searcher: &Searcher,
    fields: &Fields,
    kin: &Kin,
    query: &Query,
    candidates: &mut [(Score, DocAddress)],
) -> Result<()> {
    let failed = || Error::internal("rank the best articles");
    let words: Vec<(&Word, Level)> =
        query.wanted().flat_map(|clause| clause.terms.iter().map(|word| (word, clause.level))).collect();
    let lengths = Lengths::of(searcher, fields).map_err(failed())?;
    let weights: Vec<WordWeight> = words
        .iter()
        .map(|(word, level)| weight(searcher, fields, word, *level))
        .collect::<tantivy::Result<_>>()
        .map_err(failed())?;
    candidates.sort_unstable_by_key(|(_, address)| *address);
    for of_one_segment in candidates.chunk_by_mut(|(_, one), (_, other)| one.segment_ord == other.segment_ord) {
        let Some((_, first)) = of_one_segment.first() else { continue };
        let segment = searcher.segment_reader(first.segment_ord);
        let documents: Vec<u32> = of_one_segment.iter().map(|(_, address)| address.doc_id).collect();
        let articles = read(segment, fields, kin, &words, &documents).map_err(failed())?;
        for ((score, _), article) in of_one_segment.iter_mut().zip(articles) {
            *score = ranking::score(&weights, &article.occurrences, article.length, lengths.mean);
        }
    }
    candidates.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    Ok(())
}

/// Lengths of all articles, weighed by field.
struct Lengths {
    mean: f32,
}

impl Lengths {
    fn of(searcher: &Searcher, fields: &Fields) -> tantivy::Result<Self> {
        let mut sum = 0.0;
        for segment in searcher.segment_readers() {
            for (levels, weight) in fields.levels.iter().zip(FIELD_WEIGHTS) {
                sum += weight * segment.inverted_index(levels.stem)?.total_num_tokens() as f32;
            }
        }
        let articles: u32 = searcher.segment_readers().iter().map(SegmentReader::max_doc).sum();
        Ok(Self { mean: sum / articles.max(1) as f32 })
    }
}

/// How telling a word is: by the articles that hold it in the field where most do.
fn weight(searcher: &Searcher, fields: &Fields, word: &Word, level: Level) -> tantivy::Result<WordWeight> {
    let most = |term_of: &dyn Fn(&Levels) -> Term| {
        let counts = fields.levels.iter().map(|levels| searcher.doc_freq(&term_of(levels)));
        counts.collect::<tantivy::Result<Vec<_>>>().map(|counts| counts.into_iter().max().unwrap_or(0))
    };
    let surface = most(&|levels| Term::from_field_text(levels.surface, &word.surface))?;
    let stem = match level {
        Level::Stem => most(&|levels| Term::from_field_text(levels.stem, &word.stem))?,
        Level::Exact => surface,
    };
    Ok(WordWeight::new(searcher.num_docs(), [surface, stem]))
}

/// What a candidate holds.
struct Candidate {
    length: f32,
    occurrences: Vec<Occurrences>,
}

/// Reads what the documents, in ascending order, hold of the words.
fn read(
    segment: &SegmentReader,
    fields: &Fields,
    kin: &Kin,
    words: &[(&Word, Level)],
    documents: &[u32],
) -> tantivy::Result<Vec<Candidate>> {
    let mut candidates: Vec<Candidate> = documents
        .iter()
        .map(|_| Candidate { length: 0.0, occurrences: vec![Occurrences::default(); words.len()] })
        .collect();
    let mut title_lengths = vec![0; documents.len()];
    for ((field, levels), weight) in fields.levels.iter().enumerate().zip(FIELD_WEIGHTS) {
        let norms = segment.get_fieldnorms_reader(levels.stem)?;
        let mut starts = vec![CAPTION_POSITION; documents.len()];
        for (((candidate, document), title_length), start) in
            candidates.iter_mut().zip(documents).zip(&mut title_lengths).zip(&mut starts)
        {
            let length = norms.fieldnorm(*document);
            candidate.length += weight * length as f32;
            match field {
                0 => (*start, *title_length) = (0, length),
                1 => *start = *title_length,
                _ => {}
            }
        }
        for (place, (word, level)) in words.iter().enumerate() {
            let occurrences = candidates.iter_mut().filter_map(|candidate| candidate.occurrences.get_mut(place));
            let mut occurrences: Vec<&mut Occurrences> = occurrences.collect();
            let mut terms = Terms { segment, documents, starts: &starts, field_weight: weight };
            let surface = Term::from_field_text(levels.surface, &word.surface);
            match level {
                Level::Exact => {
                    terms.read(&surface, 1.0, &[0, 1], true, &mut occurrences)?;
                }
                Level::Stem => {
                    terms.read(&surface, 1.0, &[0], false, &mut occurrences)?;
                    terms.read(&Term::from_field_text(levels.stem, &word.stem), 1.0, &[1], true, &mut occurrences)?;
                    for related in &word.related {
                        let stem = Term::from_field_text(levels.stem, &related.stem);
                        terms.read(&stem, related.weight, &[1], true, &mut occurrences)?;
                    }
                    let is_related = |stem: &str| word.related.iter().any(|related| related.stem == stem);
                    for stem in kin.of_stem(&word.stem).filter(|stem| !is_related(stem)) {
                        let stem = Term::from_field_text(levels.stem, stem);
                        terms.read(&stem, KIN_WEIGHT, &[1], false, &mut occurrences)?;
                    }
                }
            }
        }
    }
    for occurrences in candidates.iter_mut().flat_map(|candidate| &mut candidate.occurrences) {
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
    /// Adds what the documents hold of `term` to `levels`, and its positions if they are wanted.
    fn read(
        &mut self,
        term: &Term,
        weight: f32,
        levels: &[usize],
        with_positions: bool,
        occurrences: &mut [&mut Occurrences],
    ) -> tantivy::Result<()> {
        let option =
            if with_positions { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
        let Some(mut postings) = self.segment.inverted_index(term.field())?.read_postings(term, option)? else {
            return Ok(());
        };
        for ((document, start), found) in self.documents.iter().zip(self.starts).zip(occurrences) {
            if postings.doc() < *document {
                postings.seek(*document);
            }
            if postings.doc() != *document {
                continue;
            }
            let frequency = weight * self.field_weight * postings.term_freq() as f32;
            for level in levels {
                if let Some(sum) = found.frequencies.get_mut(*level) {
                    *sum += frequency;
                }
            }
            if with_positions {
                postings.append_positions_with_offset(*start, &mut found.positions);
            }
        }
        debug_assert!(levels.iter().all(|level| *level < LEVELS));
        Ok(())
    }
}
