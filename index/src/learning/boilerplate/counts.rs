//! Counts the lines of articles and decides which of them are boilerplate.

use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Boilerplate, candidate_lines, line_hash, source_hash};
use crate::document::{Article, SegmentKind};
use fihrist_arabic::{Counts, WordCounter, fnv1a};

/// A line is boilerplate only if at least this many articles of its source contain it.
const MIN_ARTICLES: u32 = 10;
/// A line must also occur in at least 1 of every 2,000 articles of its source. A mere figure of
/// speech may occur ten times in ten years.
const MAX_ARTICLES_PER_LINE: u32 = 2_000;
/// On average, a line must also be at most this share of an article's text, in thousandths. A line
/// with a larger share is content: the source writes such articles, horoscopes for example, after
/// one pattern.
const MAX_SHARE_PERMILLE: u64 = 333;
/// The articles that contain a line must also differ, since a republished story recurs as a whole.
/// Each article sets one of 64 bits, chosen by its longest line. At least this many bits must be
/// set; ten different articles set nine on average.
const MIN_SKETCH_BITS: u32 = 6;
/// The greatest number of lines that are counted at a time. If there are more, the rarest lines are
/// dropped.
const MAX_LINES: usize = 1 << 20;
const SHARDS: usize = 16;

/// Counts in how many articles each line occurs. Several threads may add articles to it.
#[derive(Debug, Default)]
pub struct LineCounts {
    /// The statistics of each line, by the hash of the line and its source. Several shards keep
    /// threads from waiting for one another.
    shards: [Mutex<FxHashMap<u64, LineStats>>; SHARDS],
    /// The number of articles of each source, by the hash of the source.
    articles: Mutex<FxHashMap<u64, u32>>,
}

#[derive(Debug, Default)]
struct LineStats {
    source: u64,
    articles: u32,
    occurrences: u32,
    /// The sum, over all occurrences, of the line's share of its article's searched text below the
    /// title, in thousandths.
    share_sum: u64,
    /// A sketch of the set of articles that contain the line: the bits that these articles set.
    article_sketch: u64,
    /// The text of the line. It is stored once the line may be boilerplate, because most lines
    /// occur only once.
    text: Option<Box<str>>,
}

/// A line that is boilerplate.
#[derive(Debug, PartialEq, Eq)]
pub struct BoilerplateLine {
    /// The text of the line as it is written.
    pub text: Box<str>,
    /// The number of occurrences of the line in all articles.
    pub occurrences: u32,
}

impl LineCounts {
    /// Adds the lines of an article to the counts.
    pub fn add(&self, article: &Article) {
        let source = source_hash(article);
        *self.articles.lock().entry(source).or_default() += 1;
        let bit = sketch_bit(article);
        for line in occurrences(article, source) {
            let mut lines = self.shard(line.hash).lock();
            let stats = lines.entry(line.hash).or_default();
            stats.source = source;
            stats.occurrences += 1;
            stats.articles += u32::from(line.is_first);
            stats.share_sum += line.share_permille;
            stats.article_sketch |= bit;
            if stats.occurrences == MIN_ARTICLES {
                stats.text = Some(line.text.into());
            }
            if lines.len() > MAX_LINES / SHARDS {
                evict_rarest(&mut lines);
            }
        }
    }

    /// Subtracts an article that was counted and is now replaced by a newer version.
    pub fn take_back(&self, article: &Article) {
        let source = source_hash(article);
        if let Some(articles) = self.articles.lock().get_mut(&source) {
            *articles = articles.saturating_sub(1);
        }
        for line in occurrences(article, source) {
            if let Some(stats) = self.shard(line.hash).lock().get_mut(&line.hash) {
                stats.occurrences = stats.occurrences.saturating_sub(1);
                stats.articles = stats.articles.saturating_sub(u32::from(line.is_first));
                stats.share_sum = stats.share_sum.saturating_sub(line.share_permille);
            }
        }
    }

    /// Returns the boilerplate, and the word counts without the words in it.
    pub fn subtract_from(self, mut counts: Counts) -> (Boilerplate, Counts) {
        let (boilerplate, lines) = self.finish();
        let mut counter = WordCounter::default();
        for line in lines {
            for _ in 0..line.occurrences {
                counter.add_text(&line.text);
            }
        }
        counts.subtract(&counter.finish());
        (boilerplate, counts)
    }

    /// Returns the lines that are boilerplate: as a set of hashes, and as a list with their texts
    /// and counts.
    pub(super) fn finish(self) -> (Boilerplate, Vec<BoilerplateLine>) {
        let articles = self.articles.into_inner();
        let mut boilerplate = Boilerplate::default();
        let mut found = Vec::new();
        for shard in self.shards {
            for (hash, line) in shard.into_inner() {
                let of_source = articles.get(&line.source).copied().unwrap_or(0);
                let recurs = line.articles >= MIN_ARTICLES
                    && line.articles >= of_source / MAX_ARTICLES_PER_LINE;
                let is_small = line.share_sum <= MAX_SHARE_PERMILLE * u64::from(line.articles);
                let has_different_articles = line.article_sketch.count_ones() >= MIN_SKETCH_BITS;
                if recurs
                    && is_small
                    && has_different_articles
                    && let Some(text) = line.text
                {
                    boilerplate.lines.insert(hash);
                    found.push(BoilerplateLine {
                        text,
                        occurrences: line.occurrences,
                    });
                }
            }
        }
        (boilerplate, found)
    }

    fn shard(&self, hash: u64) -> &Mutex<FxHashMap<u64, LineStats>> {
        &self.shards[hash as usize % SHARDS]
    }
}

/// A line that may be boilerplate, in one article.
struct Occurrence<'a> {
    text: &'a str,
    /// The hash of the line and its source.
    hash: u64,
    /// The line's share of the searched text below the title, in thousandths.
    share_permille: u64,
    /// Whether the article has no equal line before this one.
    is_first: bool,
}

/// Returns the lines of an article that may be boilerplate, in order.
fn occurrences(article: &Article, source: u64) -> impl Iterator<Item = Occurrence<'_>> {
    let size_bytes: usize = body_lines(article).map(str::len).sum();
    let mut seen = FxHashSet::default();
    candidate_lines(article).map(move |(_, text)| {
        let hash = line_hash(source, text);
        Occurrence {
            text,
            hash,
            share_permille: (text.len() * 1_000 / size_bytes.max(1)) as u64,
            is_first: seen.insert(hash),
        }
    })
}

/// Removes the rarest lines until a quarter of the shard is free.
fn evict_rarest(lines: &mut FxHashMap<u64, LineStats>) {
    for rare in 1.. {
        lines.retain(|_, line| line.occurrences > rare);
        if lines.len() <= MAX_LINES / SHARDS * 3 / 4 {
            break;
        }
    }
}

/// Returns the bit that an article sets in a sketch. The longest line decides it, so copies of an
/// article set the same bit.
fn sketch_bit(article: &Article) -> u64 {
    let longest = body_lines(article).max_by_key(|line| line.len());
    1 << (fnv1a(longest.unwrap_or_default().as_bytes()) >> 58)
}

/// Returns the searched lines below the title.
fn body_lines(article: &Article) -> impl Iterator<Item = &str> {
    let segments = article.segments.iter();
    segments
        .filter(|segment| segment.kind != SegmentKind::Title && segment.kind.field().is_some())
        .map(|segment| segment.span.slice(&article.text))
}
