//! Exact word counts over all articles of the input, for the model of a new index.
//!
//! When an article occurs several times, only the last copy is counted, because the index keeps the
//! last copy. This module learns nothing from the counts.

use rustc_hash::{FxHashMap, FxHashSet};

use super::event::Event;
use super::ledger::id_hash;
use super::pass::Pass;
use super::read_cache::{CacheUse, ReadArticle};
use super::rejection::Rejected;
use super::report::IngestReport;
use crate::document::ArticleId;
use crate::document::{CountedArticle, content_hash, count_and_note_words, count_words, no_word};
use crate::error::Result;
use crate::learning::{Boilerplate, LineCounts, TrainingSize, subtract_lines};
use crate::parallel::joined;
use fihrist_arabic::{Counts, WordCounter};

/// The word counts and the boilerplate of a job's input.
#[derive(Debug, Default)]
pub struct CountedInput {
    /// How often each word form occurs.
    pub counts: Counts,
    /// The number of distinct articles.
    pub articles: u64,
    /// The boilerplate of the input. Words in boilerplate are not counted.
    pub boilerplate: Boilerplate,
    /// For each thread, the copies of repeated articles that are counted. The next pass must have
    /// the same number of threads.
    pub copies: Vec<Copies>,
}

impl CountedInput {
    /// Returns the number of articles and words that were counted.
    pub fn learnt(&self) -> TrainingSize {
        TrainingSize {
            articles: self.articles,
            words: self.counts.total(),
        }
    }
}

/// For each article that occurs several times, the copy that is counted. Articles that occur once
/// are not listed.
#[derive(Debug, Default)]
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
/// Invariant: for any order of the input, the counts equal those of the articles that an index of
/// the same input stores.
pub fn count(pass: &Pass<'_>, report: &mut IngestReport) -> Result<Option<CountedInput>> {
    let lines = LineCounts::default();
    let tallies = (0..pass.settings.threads.get())
        .map(|_| Tally::new(&lines))
        .collect();
    let mut articles = 0;
    let outcome = pass.run(tallies, Tally::add, |event| {
        articles += u64::from(matches!(event, Some(Event::Counted)));
        if let Some(event) = event {
            report.record(event)?;
        }
        Ok(articles)
    })?;
    if !outcome.is_complete {
        return Ok(None);
    }
    report.bytes_read = outcome.bytes_read;
    let mut tallies = outcome.workers;
    if tallies.iter().any(|tally| !tally.replaced.is_empty()) {
        // The words of replaced copies are not stored. The input is read again to subtract them.
        articles = 0;
        let pass = Pass {
            cache: CacheUse::Unused,
            ..*pass
        };
        let outcome = pass.run(tallies, Tally::take_back, |event| {
            articles += u64::from(matches!(event, Some(Event::Counted)));
            Ok(articles)
        })?;
        if !outcome.is_complete {
            return Ok(None);
        }
        tallies = outcome.workers;
    }
    let mut all = CountedInput::default();
    for (counts, tally) in counted(tallies) {
        all.articles += tally.latest.len() as u64;
        all.counts.merge(counts);
        all.copies.push(tally.copies());
    }
    let (boilerplate, counted_lines) = lines.finish();
    all.counts = subtract_lines(all.counts, &counted_lines);
    all.boilerplate = boilerplate;
    Ok(Some(all))
}

/// Finishes each tally on its own thread. Returns each tally with its counts.
fn counted(mut tallies: Vec<Tally<'_>>) -> Vec<(Counts, Tally<'_>)> {
    let counts: Vec<Counts> = std::thread::scope(|scope| {
        let mut threads = Vec::with_capacity(tallies.len());
        for tally in &mut tallies {
            threads.push(scope.spawn(|| tally.finish()));
        }
        threads.into_iter().map(joined).collect()
    });
    counts.into_iter().zip(tallies).collect()
}

/// The counts of one thread. All copies of an article come to the same thread, in reading order.
struct Tally<'a> {
    lines: &'a LineCounts,
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

impl<'a> Tally<'a> {
    fn new(lines: &'a LineCounts) -> Self {
        Self {
            lines,
            counter: WordCounter::default(),
            latest: FxHashMap::default(),
            repeated: FxHashSet::default(),
            replaced: FxHashMap::default(),
            taken_back: WordCounter::default(),
        }
    }

    /// Returns the counts without the replaced copies, and empties both counters.
    fn finish(&mut self) -> Counts {
        let mut counts = std::mem::take(&mut self.counter).finish();
        counts.subtract(&std::mem::take(&mut self.taken_back).finish());
        counts
    }

    /// Returns the last copy of each article that occurs several times.
    fn copies(&self) -> Copies {
        let mut repeated = FxHashMap::default();
        for id in &self.repeated {
            repeated.insert(*id, self.latest.get(id).copied());
        }
        Copies { repeated }
    }

    fn add(&mut self, read: &ReadArticle) -> Event {
        let article = &read.article;
        let (id, content) = (id_hash(&article.id), content_hash(article));
        if self.latest.contains_key(&id) {
            self.repeated.insert(id);
        }
        if self.latest.get(&id) == Some(&content) {
            return Event::Counted;
        }
        let Some(noted) = count_and_note_words(article, &mut self.counter) else {
            return Event::Rejected(Rejected::new(
                article.id.as_str(),
                no_word(&article.id).to_string(),
            ));
        };
        // The indexing pass reuses these words. Each article object is counted once, so the cell is
        // empty here.
        read.counted.get_or_init(|| CountedArticle {
            content_hash: content,
            noted,
        });
        self.lines.add(article);
        if let Some(replaced) = self.latest.insert(id, content) {
            *self.replaced.entry((id, replaced)).or_default() += 1;
        }
        Event::Counted
    }

    /// Subtracts the words of a copy, if it was counted and then replaced by a later copy.
    fn take_back(&mut self, ReadArticle { article, .. }: &ReadArticle) -> Event {
        let copy = (id_hash(&article.id), content_hash(article));
        if let Some(times) = self.replaced.get_mut(&copy).filter(|times| **times > 0) {
            *times -= 1;
            count_words(article, &mut self.taken_back);
            self.lines.take_back(article);
        }
        Event::Counted
    }
}
