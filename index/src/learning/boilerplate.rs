//! Lines that stand in many articles of one source, word for word: what its pages put around them, such as an invitation to
//! install its program. The collection itself tells them; rules for lines that any page may have are the reader's.
//!
//! What recurs is decided when a generation begins, as its model is, and holds as long as it does: the same article is
//! read the same way in every job. Titles never count as such lines.

use parking_lot::Mutex;
use std::io;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::{Article, Segment, SegmentKind};
use fihrist_arabic::{Counts, WordCounter, fnv1a};

/// A line in so many articles of a source is no part of any of them.
const MIN_ARTICLES: u32 = 10;
/// Nor is it, if that is less than one in so many of the source's articles: a saying may come up ten times in ten years.
const MAX_ARTICLES_PER_LINE: u32 = 2_000;
/// Nor is it, if it is more of them than so many thousandths on average: then they are made by one pattern, and it belongs to
/// what they say.
const MAX_SHARE: u64 = 333;
/// Longer lines are paragraphs; one that recurs was published again.
const MAX_LINE_CHARS: usize = 200;
/// The articles must differ: a story that was published ten times recurs as a whole. Of 64 kinds that their longest lines fall
/// into, they must show so many; ten different articles show nine on average.
const MIN_KINDS: u32 = 6;
/// Lines that are remembered; beyond them, those that were seen the least are forgotten.
const MAX_LINES: usize = 1 << 20;
const SHARDS: usize = 16;

/// Begins the file.
const SIGN: &[u8; 8] = b"FIHLINE1";

/// The lines that recur.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Boilerplate {
    /// Hashes of lines with their sources.
    lines: FxHashSet<u64>,
}

impl Boilerplate {
    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The article with its recurring lines typed as furniture; `None` where it has none.
    pub fn retype(&self, article: &Article) -> Option<Article> {
        if self.is_empty() {
            return None;
        }
        let source = source_hash(article);
        let recurs = |segment: &Segment| {
            self.lines
                .contains(&line_hash(source, segment.span.slice(&article.text)))
        };
        let found: Vec<usize> = countable(article)
            .filter(|(_, segment)| recurs(segment))
            .map(|(place, _)| place)
            .collect();
        if found.is_empty() {
            return None;
        }
        let mut retyped = article.clone();
        for place in found {
            if let Some(segment) = retyped.segments.get_mut(place) {
                segment.kind = SegmentKind::Furniture;
            }
        }
        Some(retyped)
    }

    /// Adds the lines of another.
    pub fn extend(&mut self, other: &Self) {
        self.lines.extend(&other.lines);
    }

    /// The file's bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut lines: Vec<u64> = self.lines.iter().copied().collect();
        lines.sort_unstable();
        SIGN.iter()
            .copied()
            .chain(lines.into_iter().flat_map(u64::to_le_bytes))
            .collect()
    }

    /// Reads the file's bytes; an error says why they are none.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let rest = bytes
            .strip_prefix(SIGN)
            .ok_or_else(|| broken("no list of lines of this version"))?;
        let (lines, []) = rest.as_chunks::<8>() else {
            return Err(broken("cut off"));
        };
        Ok(Self {
            lines: lines.iter().map(|line| u64::from_le_bytes(*line)).collect(),
        })
    }
}

/// The lines of articles, counted by many threads.
#[derive(Debug)]
pub struct LineCounts {
    /// By a part of the hash, so that threads seldom wait for one another.
    shards: Vec<Mutex<FxHashMap<u64, Line>>>,
    /// By the hash of the source.
    articles: Mutex<FxHashMap<u64, u32>>,
}

#[derive(Debug, Default)]
struct Line {
    source: u64,
    articles: u32,
    occurrences: u32,
    /// The sum of its shares in the searched text under the titles, in thousandths.
    shares: u64,
    /// A bit for each kind of article that it stands in.
    kinds: u64,
    /// Kept once it may recur: most lines are unique.
    text: Option<Box<str>>,
}

/// A line that recurs, and how often it stands in all articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedLine {
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
        let (mut seen, size, kind) = (FxHashSet::default(), size(article), kind(article));
        for (_, segment) in countable(article) {
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
            line.shares += share(text, size);
            line.kinds |= kind;
            if line.occurrences == MIN_ARTICLES {
                line.text = Some(text.into());
            }
            if lines.len() > MAX_LINES / SHARDS {
                forget(&mut lines);
            }
        }
    }

    /// Takes an article back that was counted and then replaced.
    pub fn take_back(&self, article: &Article) {
        let source = source_hash(article);
        if let Some(articles) = self.articles.lock().get_mut(&source) {
            *articles = articles.saturating_sub(1);
        }
        let (mut seen, size) = (FxHashSet::default(), size(article));
        for (_, segment) in countable(article) {
            let text = segment.span.slice(&article.text);
            let hash = line_hash(source, text);
            let Some(shard) = self.shard(hash) else {
                continue;
            };
            if let Some(line) = shard.lock().get_mut(&hash) {
                line.occurrences = line.occurrences.saturating_sub(1);
                line.articles = line.articles.saturating_sub(u32::from(seen.insert(hash)));
                line.shares = line.shares.saturating_sub(share(text, size));
            }
        }
    }

    /// The lines that recur.
    pub fn finish(self) -> (Boilerplate, Vec<CountedLine>) {
        let articles = self.articles.into_inner();
        let (mut boilerplate, mut counted) = (Boilerplate::default(), Vec::new());
        for shard in self.shards {
            for (hash, line) in shard.into_inner() {
                let of_source = articles.get(&line.source).copied().unwrap_or(0);
                let recurs = line.articles >= MIN_ARTICLES
                    && line.articles >= of_source / MAX_ARTICLES_PER_LINE;
                let is_small = line.shares <= MAX_SHARE * u64::from(line.articles);
                let is_in_many = line.kinds.count_ones() >= MIN_KINDS;
                if let (true, true, true, Some(text)) = (recurs, is_small, is_in_many, line.text) {
                    boilerplate.lines.insert(hash);
                    counted.push(CountedLine {
                        text,
                        occurrences: line.occurrences,
                    });
                }
            }
        }
        (boilerplate, counted)
    }

    fn shard(&self, hash: u64) -> Option<&Mutex<FxHashMap<u64, Line>>> {
        self.shards.get(hash as usize % SHARDS)
    }
}

/// Forgets lines, the rarest first, until a quarter of the room is free.
fn forget(lines: &mut FxHashMap<u64, Line>) {
    for rare in 1.. {
        lines.retain(|_, line| line.occurrences > rare);
        if lines.len() <= MAX_LINES / SHARDS * 3 / 4 {
            break;
        }
    }
}

/// One of 64 kinds of articles, by their longest lines, which copies share.
fn kind(article: &Article) -> u64 {
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
fn size(article: &Article) -> usize {
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
fn share(line: &str, size: usize) -> u64 {
    (line.len() * 1_000 / size.max(1)) as u64
}

/// The searched lines that may recur, with their places.
fn countable(article: &Article) -> impl Iterator<Item = (usize, &Segment)> {
    article.segments.iter().enumerate().filter(|(_, segment)| {
        let may_recur = match segment.kind {
            SegmentKind::Dek | SegmentKind::Subhead | SegmentKind::Body | SegmentKind::Caption => {
                true
            }
            SegmentKind::Title
            | SegmentKind::Credit
            | SegmentKind::Byline
            | SegmentKind::Dateline
            | SegmentKind::Furniture => false,
        };
        let text = segment.span.slice(&article.text);
        may_recur && (text.len() <= MAX_LINE_CHARS || text.chars().nth(MAX_LINE_CHARS).is_none())
    })
}

fn source_hash(article: &Article) -> u64 {
    fnv1a(article.source.as_deref().unwrap_or_default().as_bytes())
}

fn line_hash(source: u64, line: &str) -> u64 {
    fnv1a(line.as_bytes()) ^ source.rotate_left(32)
}

/// The counts without the words of lines that turned out to be furniture.
pub fn without_lines(mut counts: Counts, lines: &[CountedLine]) -> Counts {
    let mut counter = WordCounter::default();
    for line in lines {
        for _ in 0..line.occurrences {
            counter.add_text(&line.text);
        }
    }
    counts.subtract(&counter.finish());
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::ArticleId;
    use fihrist_arabic::Span;

    const LONG: &str =
        "وفيه من الكلام ما يكفي خبرا صغيرا عن سوق القرية وأهلها في يوم ماطر من أيام الخريف";

    /// An article of a source with a title and lines.
    fn article(source: &str, lines: &[&str]) -> Article {
        let mut text = String::new();
        let mut segments = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let kind = if number == 0 {
                SegmentKind::Title
            } else {
                SegmentKind::Body
            };
            segments.push(Segment {
                kind,
                span: Span::new(text.len(), text.len() + line.len()),
            });
            text.push_str(line);
            text.push('\n');
        }
        let id = ArticleId::new("a").unwrap();
        let source = Some(source.to_owned());
        Article {
            id,
            text,
            segments,
            source,
            section: None,
            authors: Vec::new(),
            url: None,
            published: None,
        }
    }

    fn kinds(article: &Article) -> Vec<&'static str> {
        article
            .segments
            .iter()
            .map(|segment| segment.kind.name())
            .collect()
    }

    #[test]
    fn a_line_of_ten_articles_of_one_source_is_furniture() {
        let counts = LineCounts::default();
        for number in 0..10 {
            counts.add(&article(
                "المنارة",
                &[
                    "عنوان",
                    &format!("متن {number} {LONG}"),
                    "حمّلوا تطبيقنا",
                    "حمّلوا تطبيقنا",
                ],
            ));
            counts.add(&article(
                &format!("نشرة {number}"),
                &["عنوان", "سطر في نشرات كثيرة"],
            ));
        }
        for number in 0..9 {
            counts.add(&article(
                "المنارة",
                &["عنوان", &format!("خبر {number} {LONG}"), "كلمة أخيرة"],
            ));
        }
        let (boilerplate, counted) = counts.finish();
        assert_eq!(
            counted,
            [CountedLine {
                text: "حمّلوا تطبيقنا".into(),
                occurrences: 20
            }]
        );
        let retyped = boilerplate.retype(&article(
            "المنارة",
            &["عنوان", "متن جديد", "حمّلوا تطبيقنا", "كلمة أخيرة"],
        ));
        assert_eq!(
            retyped.map(|article| kinds(&article)),
            Some(vec!["title", "body", "furniture", "body"])
        );
        assert_eq!(
            boilerplate.retype(&article("نشرة 1", &["عنوان", "حمّلوا تطبيقنا"])),
            None
        );
        assert_eq!(
            boilerplate.retype(&article("المنارة", &["حمّلوا تطبيقنا", "متن"])),
            None,
            "a title never is"
        );
        assert_eq!(
            Boilerplate::from_bytes(&boilerplate.to_bytes()).unwrap(),
            boilerplate
        );
        assert!(Boilerplate::from_bytes(&boilerplate.to_bytes()[..12]).is_err());
    }

    #[test]
    fn a_story_that_was_published_again_and_again_is_none() {
        let counts = LineCounts::default();
        for number in 0..30 {
            counts.add(&article(
                "المنارة",
                &[
                    &format!("عنوان {number}"),
                    LONG,
                    "وقال شيخها كلمة",
                    "ثم مضى",
                ],
            ));
        }
        assert!(counts.finish().0.is_empty());
    }

    #[test]
    fn a_line_that_is_much_of_its_articles_belongs_to_what_they_say() {
        let counts = LineCounts::default();
        for number in 0..12 {
            counts.add(&article(
                "المنارة",
                &["برج الحمل", &format!("الحظ {number}"), "يومك جميل"],
            ));
        }
        assert!(counts.finish().0.is_empty());
    }

    #[test]
    fn what_is_taken_back_was_never_there() {
        let counts = LineCounts::default();
        for number in 0..11 {
            counts.add(&article(
                "المنارة",
                &["عنوان", &format!("متن {number} {LONG}"), "تابعونا كل مساء"],
            ));
        }
        counts.take_back(&article(
            "المنارة",
            &["عنوان", &format!("متن 3 {LONG}"), "تابعونا كل مساء"],
        ));
        counts.take_back(&article(
            "المنارة",
            &["عنوان", &format!("متن 4 {LONG}"), "تابعونا كل مساء"],
        ));
        assert!(counts.finish().0.is_empty());
    }

    #[test]
    fn a_line_that_few_of_very_many_articles_hold_is_text() {
        let counts = LineCounts::default();
        for number in 0..40_000 {
            let last = if number % 2_500 == 0 {
                "هكذا انتهت الحكاية"
            } else {
                ""
            };
            counts.add(&article(
                "المنارة",
                &["عنوان", &format!("متن {number} {LONG}"), last],
            ));
        }
        assert_eq!(counts.finish().1.len(), 1, "the empty line alone");
    }
}
