//! The words of the input, counted over all articles and exactly: of several copies of an article the last one counts,
//! as it is the last one that an index keeps. What is learnt from the counts is not its business.

use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use super::kept::{Keep, ReadArticle};
use super::pass::{Event, Pass};
use super::report::{IngestReport, Rejected};
use crate::document::ArticleId;
use crate::document::{SeenArticle, content_hash, count_and_see_words, count_words, no_word};
use crate::error::Result;
use crate::learning::subtract_lines;
use crate::learning::{Boilerplate, LineCounts};
use crate::parallel::joined;
use fihrist_arabic::{Counts, WordCounter};

/// The words of some input.
#[derive(Debug, Default)]
pub struct Counted {
    /// How often each form of a word is written in it.
    pub counts: Counts,
    /// How many articles it holds.
    pub articles: u64,
    /// The lines that recur in it; their words are not counted.
    pub boilerplate: Boilerplate,
    /// Which copies of them count, for each of the threads that a pass with as many threads has.
    pub copies: Vec<Copies>,
}

/// Which copies count of the articles that have several; of others there is nothing to say.
#[derive(Debug, Default)]
pub struct Copies {
    /// By the hash of the id, the hash of the copy that counts until it has come once.
    repeated: FxHashMap<u64, Option<u64>>,
}

impl Copies {
    /// Whether this is the copy of its article that counts, come for the first time.
    pub fn counts(&mut self, id: &ArticleId, content_hash: u64) -> bool {
        let Some(latest) = self.repeated.get_mut(&id_hash(id)) else {
            return true;
        };
        latest.take_if(|latest| *latest == content_hash).is_some()
    }
}

/// Counts the words of a pass's input; what happens to it goes into `report`. `None` if the job was cancelled.
///
/// Invariant: the counts are those of the articles that an index of the same input stores, in any order of the input.
pub fn count(pass: &Pass<'_>, report: &mut IngestReport) -> Result<Option<Counted>> {
    let lines = LineCounts::default();
    let tallies = (0..pass.job.threads.get())
        .map(|_| Tally::new(&lines))
        .collect();
    let mut articles = 0;
    let mut attend = |event: Option<Event>| {
        articles += u64::from(matches!(event, Some(Event::Counted)));
        event.map_or(Ok(()), |event| report.take(event))?;
        Ok(articles)
    };
    let passed = pass.run(tallies, Tally::add, &mut attend)?;
    if !passed.is_whole {
        return Ok(None);
    }
    report.bytes_read = passed.bytes_read;
    let mut tallies = passed.workers;
    if tallies.iter().any(|tally| !tally.replaced.is_empty()) {
        // Their words are known only to the input: it is read again, and those copies are taken back.
        articles = 0;
        let pass = Pass {
            keep: Keep::Nothing,
            ..*pass
        };
        let again = pass.run(tallies, Tally::take_back, |event| {
            articles += u64::from(matches!(event, Some(Event::Counted)));
            Ok(articles)
        })?;
        if !again.is_whole {
            return Ok(None);
        }
        tallies = again.workers;
    }
    let mut all = Counted::default();
    for (counts, tally) in counted(tallies) {
        all.articles += tally.latest.len() as u64;
        all.counts.merge(counts);
        let latest = |id: u64| (id, tally.latest.get(&id).copied());
        all.copies.push(Copies {
            repeated: tally.repeated.iter().map(|id| latest(*id)).collect(),
        });
    }
    let (boilerplate, counted) = lines.finish();
    (all.counts, all.boilerplate) = (subtract_lines(all.counts, &counted), boilerplate);
    Ok(Some(all))
}

/// The counts of all threads, each finished by a thread, beside what else these have.
fn counted(mut tallies: Vec<Tally<'_>>) -> Vec<(Counts, Tally<'_>)> {
    let counts = std::thread::scope(|scope| {
        let threads: Vec<_> = tallies
            .iter_mut()
            .map(|tally| scope.spawn(|| tally.finish()))
            .collect();
        threads.into_iter().map(joined).collect::<Vec<_>>()
    });
    counts.into_iter().zip(tallies).collect()
}

/// What one thread has counted. All copies of an article come to the same thread, in order.
struct Tally<'a> {
    lines: &'a LineCounts,
    counter: WordCounter,
    /// By the hash of the id, the hash of the copy that counts: 16 bytes an article, however long it is. That two
    /// of ten million articles share a hash has a chance of one in a few hundred thousand, and costs one miscount.
    latest: FxHashMap<u64, u64>,
    /// The ids that came more than once.
    repeated: FxHashSet<u64>,
    /// Copies that were counted and then replaced: how often each.
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

    /// What was counted, without what was taken back; nothing is left here.
    fn finish(&mut self) -> Counts {
        let mut counts = std::mem::take(&mut self.counter).finish();
        counts.take_back(&std::mem::take(&mut self.taken_back).finish());
        counts
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
        let Some(words) = count_and_see_words(article, &mut self.counter) else {
            return Event::Rejected(Rejected::new(
                article.id.as_str(),
                no_word(&article.id).to_string(),
            ));
        };
        // The next pass has it from there. An article is counted once, so nobody was here before.
        read.seen.get_or_init(|| SeenArticle {
            content_hash: content,
            words,
        });
        self.lines.add(article);
        if let Some(replaced) = self.latest.insert(id, content) {
            *self.replaced.entry((id, replaced)).or_default() += 1;
        }
        Event::Counted
    }

    /// Takes a copy back as often as it was counted and replaced.
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

/// What stands for an id where there are millions of them.
pub fn id_hash(id: &ArticleId) -> u64 {
    let digest = Sha256::digest(id.as_str().as_bytes());
    digest
        .iter()
        .take(8)
        .fold(0, |hash, byte| hash << 8 | u64::from(*byte))
}
