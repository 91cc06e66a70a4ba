//! Exact word counts over all articles of the input, for the model of a new index.
//!
//! When an article occurs several times, only the last copy is counted, because the index keeps the
//! last copy. This module learns nothing from the counts.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{CacheUse, Event, IngestReport, Pass, ReadArticle, Rejected, id_hash};
use crate::document::{CountedArticle, content_hash, count_and_note_words, count_words, no_word};
use crate::learning::{Boilerplate, LineCounts};
use crate::parallel::joined;
use crate::{ArticleId, Result, TrainingSize};
use fihrist_arabic::{Counts, WordCounter};

/// The word counts and the boilerplate of a job's input.
pub struct CountedInput {
    /// How often each word form occurs.
    pub counts: Counts,
    /// The number of distinct articles, and of their words.
    pub learnt: TrainingSize,
    /// The boilerplate of the input. Words in boilerplate are not counted.
    pub boilerplate: Boilerplate,
    /// For each thread, the copies of repeated articles that are counted. The next pass must have
    /// the same number of threads.
    pub copies: Vec<Copies>,
}

/// For each article that occurs several times, the copy that is counted. Articles that occur once
/// are not listed.
#[derive(Default)]
pub struct Copies {
    /// Maps the hash of an article's id to the content hash of the copy that is counted. The
    /// content hash becomes `None` when `counts` has returned true for that copy.
    repeated: FxHashMap<u64, Option<u64>>,
}

impl Copies {
    /// Returns whether this copy of the article is the one that is counted. For identical copies,
    /// only the first call returns true.
    pub fn counts(&mut self, id: &ArticleId, content_hash: u64) -> bool {
        let Some(latest) = self.repeated.get_mut(&id_hash(id)) else {
            return true;
        };
        latest.take_if(|latest| *latest == content_hash).is_some()
    }
}

/// Counts the words of a pass's input and records its events in `report`. Returns `None` if the job
/// was cancelled.
///
/// Invariant: for any order of the input, the counts equal the word counts of the articles that an
/// index of the same input stores.
pub fn count(pass: &Pass<'_>, report: &mut IngestReport) -> Result<Option<CountedInput>> {
    let lines = LineCounts::default();
    let tallies = (0..pass.job.threads.get())
        .map(|_| Tally::default())
        .collect();
    let add = |tally: &mut Tally, read: &ReadArticle| tally.add(read, &lines);
    let mut outcome = pass.run_into(tallies, add, report)?;
    if !outcome.is_complete {
        return Ok(None);
    }
    report.bytes_read = outcome.bytes_read;
    let mut replaced = outcome.workers.iter().map(|tally| &tally.replaced);
    if replaced.any(|replaced| !replaced.is_empty()) {
        // The words of replaced copies are not stored. The input is read again to subtract them.
        let pass = Pass {
            cache: CacheUse::Unused,
            ..*pass
        };
        let take_back = |tally: &mut Tally, read: &ReadArticle| tally.take_back(read, &lines);
        outcome = pass.run_into(outcome.workers, take_back, &mut IngestReport::default())?;
        if !outcome.is_complete {
            return Ok(None);
        }
    }
    let (mut counts, mut articles, mut copies) = (Counts::default(), 0, Vec::new());
    std::thread::scope(|scope| {
        let tallies = outcome.workers.into_iter();
        let threads: Vec<_> = tallies
            .map(|tally| scope.spawn(|| tally.finish()))
            .collect();
        for (part, article_count, repeated) in threads.into_iter().map(joined) {
            counts.merge(part);
            articles += article_count;
            copies.push(repeated);
        }
    });
    let (boilerplate, counts) = lines.subtract_from(counts);
    Ok(Some(CountedInput {
        learnt: TrainingSize::of(articles, &counts),
        counts,
        boilerplate,
        copies,
    }))
}

/// The counts of one thread. All copies of an article come to the same thread, in reading order.
#[derive(Default)]
struct Tally {
    counter: WordCounter,
    /// Maps the hash of an article's id to the content hash of the last copy: 16 bytes for each
    /// article. Among ten million articles, two share an id hash with a probability of about one in
    /// 300,000. One article is then miscounted.
    latest: FxHashMap<u64, u64>,
    /// The hashes of the ids of articles that occur several times.
    repeated: FxHashSet<u64>,
    /// For each pair of id hash and content hash: how often that copy was counted and then replaced
    /// by a later copy.
    replaced: FxHashMap<(u64, u64), u32>,
    taken_back: WordCounter,
}

impl Tally {
    /// Returns the counts without the replaced copies, the number of distinct articles, and the
    /// last copy of each article that occurs several times.
    fn finish(self) -> (Counts, u64, Copies) {
        let mut counts = self.counter.finish();
        counts.subtract(&self.taken_back.finish());
        let latest = |id| (id, self.latest.get(&id).copied());
        let repeated = self.repeated.into_iter().map(latest).collect();
        (counts, self.latest.len() as u64, Copies { repeated })
    }

    fn add(&mut self, read: &ReadArticle, lines: &LineCounts) -> Event {
        let article = &read.article;
        let (id, content) = (id_hash(&article.id), content_hash(article));
        if self.latest.contains_key(&id) {
            self.repeated.insert(id);
        }
        if self.latest.get(&id) == Some(&content) {
            return Event::Counted;
        }
        let Some(noted) = count_and_note_words(article, &mut self.counter) else {
            let reason = no_word(&article.id).to_string();
            return Event::Rejected(Rejected::new(article.id.as_str(), reason));
        };
        // The indexing pass reuses these words. Each article object is counted once, so the cell is
        // empty here.
        read.counted.get_or_init(|| CountedArticle {
            content_hash: content,
            noted,
        });
        lines.add(article);
        if let Some(replaced) = self.latest.insert(id, content) {
            *self.replaced.entry((id, replaced)).or_default() += 1;
        }
        Event::Counted
    }

    /// Subtracts the words of a copy, if it was counted and then replaced by a later copy.
    fn take_back(&mut self, read: &ReadArticle, lines: &LineCounts) -> Event {
        let article = &read.article;
        let copy = (id_hash(&article.id), content_hash(article));
        if let Some(times) = self.replaced.get_mut(&copy).filter(|times| **times > 0) {
            *times -= 1;
            count_words(article, &mut self.taken_back);
            lines.take_back(article);
        }
        Event::Counted
    }
}
