//! Decides whether two words and one word are writings of one compound, by how often the index has
//! each of them. The lift of a pair is how many times as often as by chance its words stand
//! together: `pairs × index words ÷ (articles of the first × articles of the second)`.
//!
//! In an index of 40,000 news articles, with 8.6 million words:
//!
//! | one word | articles | two words | articles | lift | meet |
//! |---|---|---|---|---|---|
//! | `أبوظبي` | 242 | `أبو ظبي` | 31 | 8,100 | yes |
//! | `عبدالله` | 513 | `عبد الله` | 460 | 800 | yes |
//! | `كيلومترا` | 487 | `كيلو مترا` | 23 | 6,100 | yes |
//! | `تموضع` | 6 | `تم وضع` | 36 | 28 | no: by chance |
//! | `تمديد` | 224 | `تمد يد` | 3 | 1,400 | no: too rare beside the one word |
//! | `دونالدترامب` | 1 | `دونالد ترامب` | 3,249 | 2,100 | only if the one word is typed |

use rustc_hash::FxHashMap;

use crate::error::Result;
use crate::query::{Level, QueryTerm};
use crate::search::searcher::Searcher;

/// The greatest number of pairs that the index is asked about for one query. Each costs the count
/// of a phrase of two words.
const MAX_ASKED: usize = 8;

/// The least lift of a compound.
const MIN_LIFT: f64 = 100.0;

/// A pair in a small index cannot reach [`MIN_LIFT`]. There, the least lift is the number of words
/// in the index, divided by this number.
const WORDS_FOR_LIFT: f64 = 50.0;

/// The lift counts only by the share of the articles with the two words among those with the one
/// word. If the one word is typed, the product must exceed the least lift this many times.
const SPLIT_FACTOR: f64 = 2.5;

/// The same if the two words are typed. The typist has then chosen to write two words.
const JOIN_FACTOR: f64 = 0.5;

/// If one word is typed, this many articles must have the two words together. An index of fewer
/// than three times [`ARTICLES_FOR_PAIR`] articles needs fewer.
const MIN_PAIRS: u64 = 3;

/// See [`MIN_PAIRS`].
const ARTICLES_FOR_PAIR: u64 = 1_000;

/// If two words are typed, one article must have the one word for this many articles with the two.
/// A rarer word is a slip, as `دونالدترامب` is.
const PAIRS_FOR_ONE_JOINED: u64 = 100;

/// Asks the index about the words and the pairs of one query.
pub struct Evidence<'a> {
    searcher: Searcher<'a>,
    /// The number of words in all articles.
    index_words: f64,
    /// The number of articles with a stem, for each stem that was looked up.
    articles: FxHashMap<String, u64>,
    /// The number of articles with a pair of stems, for each pair that the index was asked about.
    pairs: FxHashMap<(String, String), u64>,
}

/// How often the index has two words together.
pub struct Pair {
    pub articles: u64,
    pub lift: f64,
}

impl<'a> Evidence<'a> {
    pub fn new(searcher: Searcher<'a>) -> Result<Self> {
        let terms = searcher.snapshot.terms();
        let mean_length = f64::from(terms.mean_length(searcher.weights)?);
        Ok(Self {
            searcher,
            index_words: terms.articles() as f64 * mean_length,
            articles: FxHashMap::default(),
            pairs: FxHashMap::default(),
        })
    }

    /// Returns whether the index has `word` as another writing of two typed words.
    pub fn is_joined(
        &mut self,
        word: &QueryTerm,
        left: &QueryTerm,
        right: &QueryTerm,
    ) -> Result<bool> {
        let articles = self.articles(word)?;
        if articles == 0 {
            return Ok(false);
        }
        let Some(pair) = self.pair(left, right)? else {
            return Ok(false);
        };
        if pair.articles > 0 {
            let is_slip = articles * PAIRS_FOR_ONE_JOINED < pair.articles;
            return Ok(self.is_met(&pair, articles, JOIN_FACTOR) && !is_slip);
        }
        // If the index never has the two words together, one of them must be hardly a word of its
        // own: the typist has put a space into the one word.
        let rarer = self.articles(left)?.min(self.articles(right)?);
        Ok(articles >= rarer)
    }

    /// Returns how often the index has two words together, if they are another writing of the typed
    /// `word`.
    pub fn split(
        &mut self,
        word: &QueryTerm,
        first: &QueryTerm,
        second: &QueryTerm,
    ) -> Result<Option<Pair>> {
        let articles = self.articles(word)?;
        // The pair has at most as many articles as its rarer word, which is quickly counted.
        let most = self.articles(first)?.min(self.articles(second)?);
        let at_most = Pair {
            articles: most,
            lift: self.lift(most, first, second)?,
        };
        if !self.is_split(&at_most, articles) {
            return Ok(None);
        }
        let pair = self.pair(first, second)?;
        Ok(pair.filter(|pair| self.is_split(pair, articles)))
    }

    /// Returns whether a pair is another writing of a typed word in `articles` articles.
    fn is_split(&self, pair: &Pair, articles: u64) -> bool {
        let in_small_index = 1 + self.searcher.snapshot.terms().articles() / ARTICLES_FOR_PAIR;
        pair.articles >= MIN_PAIRS.min(in_small_index) && self.is_met(pair, articles, SPLIT_FACTOR)
    }

    /// Returns whether a pair stands together more often than by chance, and often enough beside a
    /// word in `articles` articles.
    fn is_met(&self, pair: &Pair, articles: u64, factor: f64) -> bool {
        let share = pair.articles as f64 / articles.max(pair.articles).max(1) as f64;
        let least = self.least_lift();
        pair.lift >= least && pair.lift * share >= least * factor
    }

    fn least_lift(&self) -> f64 {
        MIN_LIFT.min(self.index_words / WORDS_FOR_LIFT)
    }

    /// Returns how often the index has two words together; `None` if it was asked about too many
    /// pairs.
    fn pair(&mut self, left: &QueryTerm, right: &QueryTerm) -> Result<Option<Pair>> {
        let key = (left.stem.clone(), right.stem.clone());
        let articles = match self.pairs.get(&key).copied() {
            Some(articles) => articles,
            None if self.articles(left)? == 0 || self.articles(right)? == 0 => 0,
            None if self.pairs.len() >= MAX_ASKED => return Ok(None),
            None => {
                let terms = vec![left.clone(), right.clone()];
                let articles = self.searcher.count_phrase(terms, 0, Level::Stem)?;
                self.pairs.insert(key, articles);
                articles
            }
        };
        let lift = self.lift(articles, left, right)?;
        Ok(Some(Pair { articles, lift }))
    }

    fn lift(&mut self, pairs: u64, left: &QueryTerm, right: &QueryTerm) -> Result<f64> {
        let product = self.articles(left)? as f64 * self.articles(right)? as f64;
        Ok(pairs as f64 * self.index_words / product.max(1.0))
    }

    /// Returns how many articles have the stem of a word, in the field that has it most often.
    fn articles(&mut self, word: &QueryTerm) -> Result<u64> {
        if let Some(articles) = self.articles.get(&word.stem) {
            return Ok(*articles);
        }
        self.searcher.context.deadline.check()?;
        let most = self.searcher.most_articles(Level::Stem, &word.stem)?;
        self.articles.insert(word.stem.clone(), most);
        Ok(most)
    }
}
