//! The terms of a generation with their document frequencies. A cluster does not list its terms cheaply, but ranking,
//! suggestions and patterns need them.
//!
//! A writer counts the terms of each commit and stores the counts as a file. A view reads all files and adds the counts
//! up. Replaced and deleted articles count until a rebuild, as they do in any index until a merge.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::ops::Bound;
use std::str::FromStr;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::document::{AnalyzedArticle, Field};
use crate::query::Level;
use fihrist_arabic::{other_forms, surface_of};

/// The document frequencies of a term, one for each field.
type Counts = [u32; Field::ALL.len()];
type Sums = [u64; Field::ALL.len()];

/// This level compresses the counts to a third. Higher levels take far longer.
const COMPRESSION_LEVEL: i32 = 3;

/// The greatest number of terms of one level in memory. If there are more, the terms that occurred
/// once are dropped.
const MAX_COUNTED: usize = 8_000_000;

const SIGN: &str = "fihrist-words-1";
const NOT_TERM_COUNTS: &str = "not term counts in the format that this program reads";

/// Counts terms while articles are written.
#[derive(Default)]
pub struct TermCounter {
    articles: u64,
    tokens: Sums,
    forms: FxHashMap<Box<str>, Counts>,
    stems: FxHashMap<Box<str>, Counts>,
}

impl TermCounter {
    /// Adds an article to the counts: each of its terms counts once per field.
    pub fn add(&mut self, article: &AnalyzedArticle<'_>) {
        self.articles += 1;
        let mut seen = FxHashSet::default();
        for (field, terms) in article.fields.iter().enumerate() {
            count(terms.forms(), field, &mut self.forms, &mut seen);
            self.tokens[field] += count(terms.stems(), field, &mut self.stems, &mut seen);
        }
    }

    /// Returns whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.articles == 0
    }

    /// Returns the counts, in alphabetical order.
    pub fn finish(self) -> TermCounts {
        TermCounts {
            articles: self.articles,
            tokens: self.tokens,
            forms: self.forms.into_iter().collect(),
            stems: self.stems.into_iter().collect(),
        }
    }
}

/// Counts each term of an article's field once, however often it occurs. Returns the number of
/// tokens in the field.
fn count<'a>(
    terms: impl Iterator<Item = &'a str>,
    field: usize,
    counts: &mut FxHashMap<Box<str>, Counts>,
    seen: &mut FxHashSet<&'a str>,
) -> u64 {
    seen.clear();
    let mut tokens = 0;
    for term in terms {
        tokens += 1;
        if seen.insert(term) {
            let sums = match counts.get_mut(term) {
                Some(sums) => sums,
                None => counts.entry(term.into()).or_default(),
            };
            sums[field] = sums[field].saturating_add(1);
        }
    }
    if counts.len() > MAX_COUNTED {
        counts.retain(|_, counts| counts.iter().sum::<u32>() > 1);
    }
    tokens
}

/// The term counts of some articles.
#[derive(Debug, Default, PartialEq)]
pub struct TermCounts {
    articles: u64,
    tokens: Sums,
    forms: BTreeMap<Box<str>, Counts>,
    stems: BTreeMap<Box<str>, Counts>,
}

impl TermCounts {
    /// Adds the term counts of other articles to these.
    pub fn merge(&mut self, other: &Self) {
        self.articles += other.articles;
        for (sum, more) in self.tokens.iter_mut().zip(other.tokens) {
            *sum += more;
        }
        for (all, more) in [
            (&mut self.forms, &other.forms),
            (&mut self.stems, &other.stems),
        ] {
            for (term, counts) in more {
                let sums = all.entry(term.clone()).or_default();
                for (sum, more) in sums.iter_mut().zip(counts) {
                    *sum = sum.saturating_add(*more);
                }
            }
        }
    }

    /// Returns the stored encoding: a heading, then a line for each term with its counts, compressed.
    pub fn to_bytes(&self) -> io::Result<Vec<u8>> {
        let mut encoder = zstd::Encoder::new(Vec::new(), COMPRESSION_LEVEL)?;
        let [title, body, caption] = self.tokens;
        writeln!(
            encoder,
            "{SIGN} {} {title} {body} {caption} {}",
            self.articles,
            self.forms.len()
        )?;
        for (term, [title, body, caption]) in self.forms.iter().chain(&self.stems) {
            writeln!(encoder, "{term} {title} {body} {caption}")?;
        }
        encoder.finish()
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; fails for anything else.
    pub fn from_bytes(bytes: &[u8]) -> io::Result<Self> {
        let text = String::from_utf8(zstd::decode_all(bytes)?)
            .map_err(|_| io::Error::other(NOT_TERM_COUNTS))?;
        Self::parse(&text).ok_or_else(|| io::Error::other(NOT_TERM_COUNTS))
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let (sign, heading) = lines.next()?.split_once(' ')?;
        let [articles, title, body, caption, forms] = numbers(heading)?;
        let mut part = Self {
            articles,
            tokens: [title, body, caption],
            ..Self::default()
        };
        for (place, line) in (0..).zip(lines) {
            let (term, counts) = line.split_once(' ')?;
            let level = if place < forms {
                &mut part.forms
            } else {
                &mut part.stems
            };
            level.insert(term.into(), numbers(counts)?);
        }
        (sign == SIGN).then_some(part)
    }
}

/// Reads numbers that are separated by spaces; `None` unless there are exactly `N`.
fn numbers<T: FromStr, const N: usize>(text: &str) -> Option<[T; N]> {
    let numbers = text.split(' ').map(|number| number.parse().ok());
    numbers.collect::<Option<Vec<T>>>()?.try_into().ok()
}

/// The term counts of a generation.
#[derive(Default)]
pub struct Dictionary {
    /// The term counts in files, in the order of the files in the cluster state. A count is the sum of
    /// all parts.
    pub parts: Vec<Arc<TermCounts>>,
    /// The number of articles that the index holds now.
    pub articles: u64,
}

impl Dictionary {
    /// Returns the folded words of all fields with their document frequencies.
    pub fn words(&self) -> FxHashMap<&str, u64> {
        let mut words: FxHashMap<&str, u64> = FxHashMap::default();
        for (form, counts) in self.parts.iter().flat_map(|part| &part.forms) {
            let count: u64 = counts.iter().copied().map(u64::from).sum();
            *words.entry(surface_of(form)).or_default() += count;
        }
        words
    }

    /// Returns the stems of the body field with their document frequencies.
    pub fn body_stems(&self) -> FxHashMap<&str, u64> {
        let mut stems: FxHashMap<&str, u64> = FxHashMap::default();
        for (stem, [_, body, _]) in self.parts.iter().flat_map(|part| &part.stems) {
            if *body > 0 {
                *stems.entry(stem).or_default() += u64::from(*body);
            }
        }
        stems
    }

    /// Returns the mean number of words in each field.
    pub fn mean_words(&self) -> [f32; Field::ALL.len()] {
        let articles: u64 = self.parts.iter().map(|part| part.articles).sum();
        std::array::from_fn(|field| {
            let tokens: u64 = self.parts.iter().map(|part| part.tokens[field]).sum();
            tokens as f32 / articles.max(1) as f32
        })
    }

    /// Returns how many articles hold a term in a field.
    pub fn frequency(&self, field: Field, level: Level, term: &str) -> u64 {
        let counts = self.parts.iter().filter_map(|part| match level {
            Level::Exact => part.forms.get(term),
            Level::Stem => part.stems.get(term),
        });
        let sum: u64 = counts.map(|counts| u64::from(counts[field as usize])).sum();
        // The sum still includes replaced articles, so it can exceed the number of articles.
        sum.min(self.articles)
    }

    /// Returns the folded word `surface` itself, and each form of it that any field holds.
    pub fn forms(&self, surface: &str) -> Vec<String> {
        let (first, last) = other_forms(surface).into_inner();
        let range = (Bound::Included(&*first), Bound::Included(&*last));
        let others = self
            .parts
            .iter()
            .flat_map(|part| part.forms.range::<str, _>(range));
        let mut forms: Vec<String> = others
            .map(|(form, _)| form.to_string())
            .chain([surface.to_owned()])
            .collect();
        forms.sort_unstable();
        forms.dedup();
        forms
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Article, ArticleId, Segment, SegmentKind};
    use fihrist_arabic::Span;
    use fihrist_arabic::{Analyzer, Model};

    fn article(body: &str) -> Article {
        Article {
            id: ArticleId::new("1").unwrap(),
            text: body.to_owned(),
            segments: vec![Segment {
                kind: SegmentKind::Body,
                span: Span::new(0, body.len()),
            }],
            source: None,
            section: None,
            authors: Vec::new(),
            url: None,
            published: None,
            unmapped: None,
        }
    }

    fn part(bodies: &[&str]) -> TermCounts {
        let analyzer = Analyzer::new(Model::base());
        let mut counts = TermCounter::default();
        for body in bodies {
            counts.add(&AnalyzedArticle::new(&article(body), 0, &analyzer));
        }
        counts.finish()
    }

    #[test]
    fn parts_add_up_and_come_back() {
        let all = part(&["أعلن المجلس أعلن", "اعلن القمح", "القمح"]);
        let mut merged = part(&["أعلن المجلس أعلن"]);
        merged.merge(&part(&["اعلن القمح", "القمح"]));
        assert_eq!(merged, all);
        assert_eq!(
            TermCounts::from_bytes(&all.to_bytes().unwrap()).unwrap(),
            all
        );
        assert!(TermCounts::from_bytes(b"something else").is_err());
    }

    #[test]
    fn a_dictionary_knows_forms_and_frequencies() {
        let parts = vec![
            Arc::new(part(&["أعلن المجلس أعلن"])),
            Arc::new(part(&["اعلن القمح"])),
        ];
        let dictionary = Dictionary { parts, articles: 2 };
        let forms = dictionary.forms("اعلن");
        assert_eq!(forms.len(), 2, "{forms:?}");
        let frequency = |form: &str| dictionary.frequency(Field::Body, Level::Exact, form);
        assert_eq!(
            forms.iter().map(|form| frequency(form)).collect::<Vec<_>>(),
            [1, 1]
        );
        assert_eq!(dictionary.words().get("اعلن"), Some(&2));
        assert_eq!(dictionary.mean_words(), [0.0, 2.5, 0.0]);
    }
}
