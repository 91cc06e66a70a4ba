//! Counts the lines of articles.

use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Boilerplate;
use super::lines::{candidate_lines, line_hash, source_hash};
use crate::document::{Article, SegmentKind};
use fihrist_arabic::{Counts, WordCounter, fnv1a};

/// A line in so many articles of a source is no part of any of them.
const MIN_ARTICLES: u32 = 10;
/// Nor is it, if that is less than one in so many of the source's articles: a saying may come up ten times in ten years.
const MAX_ARTICLES_PER_OCCURRENCE: u32 = 2_000;
/// Nor is it, if it is more of them than so many thousandths on average: then they are made by one pattern, and it belongs to
/// what they say.
const MAX_SHARE_PERMILLE: u64 = 333;
/// The articles must differ: a story that was published ten times recurs as a whole. Of 64 kinds that their longest lines fall
/// into, they must show so many; ten different articles show nine on average.
const MIN_SKETCH_BITS: u32 = 6;
/// Lines that are remembered; beyond them, those that were seen the least are forgotten.
const MAX_LINES: usize = 1 << 20;
const SHARDS: usize = 16;

/// The lines of articles, counted by many threads.
#[derive(Debug)]
pub struct LineCounts {
    /// By a part of the hash, so that threads seldom wait for one another.
    shards: Vec<Mutex<FxHashMap<u64, LineStats>>>,
    /// By the hash of the source.
    articles: Mutex<FxHashMap<u64, u32>>,
}

#[derive(Debug, Default)]
struct LineStats {
    source: u64,
    articles: u32,
    occurrences: u32,
    /// The sum of its share_sum in the searched text under the titles, in thousandths.
    share_sum: u64,
    /// A bit for each kind of article that it stands in.
    article_sketch: u64,
    /// Kept once it may recur: most lines are unique.
    text: Option<Box<str>>,
}

/// A line that recurs, and how often it stands in all articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoilerplateLine {
    /// As it is written.
    pub text: Box<str>,
    /// How often.
    pub occurrences: u32,
}

impl Default for LineCounts {
    fn default() -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            articles: Mutex::default(),
        }
    }
}

impl LineCounts {
    /// Counts the lines of an article.
    pub fn add(&self, article: &Article) {
        let source = source_hash(article);
        *self.articles.lock().entry(source).or_default() += 1;
        let (mut seen, size, kind) = (
            FxHashSet::default(),
            body_bytes(article),
            sketch_bit(article),
        );
        for (_, segment) in candidate_lines(article) {
            let text = segment.span.slice(&article.text);
            let hash = line_hash(source, text);
            let Some(shard) = self.shard(hash) else {
                continue;
            };
            let mut lines = shard.lock();
            let line = lines.entry(hash).or_default();
            line.source = source;
            line.occurrences += 1;
            line.articles += u32::from(seen.insert(hash));
            line.share_sum += share_permille(text, size);
            line.article_sketch |= kind;
            if line.occurrences == MIN_ARTICLES {
                line.text = Some(text.into());
            }
            if lines.len() > MAX_LINES / SHARDS {
                evict_rarest(&mut lines);
            }
        }
    }

    /// Takes an article back that was counted and then replaced.
    pub fn take_back(&self, article: &Article) {
        let source = source_hash(article);
        if let Some(articles) = self.articles.lock().get_mut(&source) {
            *articles = articles.saturating_sub(1);
        }
        let (mut seen, size) = (FxHashSet::default(), body_bytes(article));
        for (_, segment) in candidate_lines(article) {
            let text = segment.span.slice(&article.text);
            let hash = line_hash(source, text);
            let Some(shard) = self.shard(hash) else {
                continue;
            };
            if let Some(line) = shard.lock().get_mut(&hash) {
                line.occurrences = line.occurrences.saturating_sub(1);
                line.articles = line.articles.saturating_sub(u32::from(seen.insert(hash)));
                line.share_sum = line.share_sum.saturating_sub(share_permille(text, size));
            }
        }
    }

    /// The lines that recur.
    pub fn finish(self) -> (Boilerplate, Vec<BoilerplateLine>) {
        let articles = self.articles.into_inner();
        let (mut boilerplate, mut counted) = (Boilerplate::default(), Vec::new());
        for shard in self.shards {
            for (hash, line) in shard.into_inner() {
                let of_source = articles.get(&line.source).copied().unwrap_or(0);
                let recurs = line.articles >= MIN_ARTICLES
                    && line.articles >= of_source / MAX_ARTICLES_PER_OCCURRENCE;
                let is_small = line.share_sum <= MAX_SHARE_PERMILLE * u64::from(line.articles);
                let is_in_many = line.article_sketch.count_ones() >= MIN_SKETCH_BITS;
                if let (true, true, true, Some(text)) = (recurs, is_small, is_in_many, line.text) {
                    boilerplate.lines.insert(hash);
                    counted.push(BoilerplateLine {
                        text,
                        occurrences: line.occurrences,
                    });
                }
            }
        }
        (boilerplate, counted)
    }

    fn shard(&self, hash: u64) -> Option<&Mutex<FxHashMap<u64, LineStats>>> {
        self.shards.get(hash as usize % SHARDS)
    }
}

/// Forgets lines, the rarest first, until a quarter of the room is free.
fn evict_rarest(lines: &mut FxHashMap<u64, LineStats>) {
    for rare in 1.. {
        lines.retain(|_, line| line.occurrences > rare);
        if lines.len() <= MAX_LINES / SHARDS * 3 / 4 {
            break;
        }
    }
}

/// One of 64 kinds of articles, by their longest lines, which copies share.
fn sketch_bit(article: &Article) -> u64 {
    let searched = article
        .segments
        .iter()
        .filter(|segment| segment.kind != SegmentKind::Title);
    let lines = searched
        .filter(|segment| segment.kind.field().is_some())
        .map(|segment| segment.span.slice(&article.text));
    let longest = lines.max_by_key(|line| line.len()).unwrap_or_default();
    1 << (fnv1a(longest.as_bytes()) >> 58)
}

/// The bytes of the searched text under the title.
fn body_bytes(article: &Article) -> usize {
    let searched = article
        .segments
        .iter()
        .filter(|segment| segment.kind != SegmentKind::Title);
    searched
        .filter(|segment| segment.kind.field().is_some())
        .map(|segment| segment.span.slice(&article.text).len())
        .sum()
}

/// What a line is of a text, in thousandths.
fn share_permille(line: &str, size: usize) -> u64 {
    (line.len() * 1_000 / size.max(1)) as u64
}

/// The counts without the words of lines that turned out to be furniture.
pub fn subtract_lines(mut counts: Counts, lines: &[BoilerplateLine]) -> Counts {
    let mut counter = WordCounter::default();
    for line in lines {
        for _ in 0..line.occurrences {
            counter.add_text(&line.text);
        }
    }
    counts.take_back(&counter.finish());
    counts
}
