//! The learnt graph: pairs of stems that belong together although no affix shows it. Examples are a
//! broken plural and its singular, two forms of a weak verb, and two spellings of a name. The
//! module expands no query. Its only word list is `irregular.txt`.
//!
//! Grammar proposes pairs; a corpus confirms them. For example, a corpus contains `اقلام` (pens):
//!
//! 1. Proposal: `اقلام` fits the plural pattern `افعال` with the root ق ل م. Its singular may be
//!    `فعل`, which gives `قلم`, a stem of the corpus. `اثلاج` and `ثلج` are proposed likewise.
//! 2. Counts: `اقلام` and `قلم` both occur near `حبر` (ink) and `ورق` (paper). But `اثلاج` occurs
//!    near `شتاء` (winter), and `ثلج` near `سقف` (roof).
//! 3. Confirmation: the contexts of `اقلام` and `قلم` are similar, and both take the article as
//!    nouns do. So the pair enters the graph as [`Relation::Plural`]. The contexts of `اثلاج` and
//!    `ثلج` differ, so that pair is dropped.
//!
//! The pairs of `irregular.txt` are proposed, too. A much lower similarity confirms them.
//!
//! ```
//! use fihrist_index::learning::graph::{Graph, Relation};
//!
//! let graph = Graph::base();
//! let minister = graph.related("وزراء").next().expect("a plural");
//! assert_eq!((minister.stem, minister.relation, minister.is_base), ("وزير", Relation::Plural, true));
//! ```

mod cell_counts;
mod confirm;
pub(super) mod cooccurrence;
mod format;
mod grammar;
mod irregular;
mod learn;
mod profile;
pub(super) mod similarity;

use std::sync::{Arc, LazyLock};
use std::{fmt, io};

use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use fihrist_arabic::read_compressed;

pub use cooccurrence::CooccurrenceCounts;
pub use format::GraphError;
pub use irregular::{IrregularForm, ListedPair, irregular_forms};
pub use learn::Learner;
pub(super) use learn::{MAX_CONTEXTS, SKIPPED_CONTEXTS};

/// The base graph, compressed. It was learnt from the ANT corpus (39,796 Arabic news articles,
/// Apache 2.0), using the stems of the base model. It contains single words and no text of the
/// articles. The command `fihrist learn articles.jsonl.xz --output DIR` makes it.
const BASE: &[u8] = include_bytes!("base.graph");

/// The greatest number of related stems of a stem. A stem with more of them is related to most of
/// them by chance.
pub const MAX_RELATED: usize = 8;

/// The greatest size of an uncompressed graph. Reading stops there, so that a damaged file cannot
/// exhaust the memory.
const MAX_BYTES: u64 = 64 << 20;

named! {
    /// The relation of two stems in a pair. `Plural`, `Inflection` and `Spelling` join forms of one
    /// word; the others join different words of one root. The variants are in the order of their
    /// codes in the file of a graph.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
    pub enum Relation {
        /// A broken plural and its singular.
        Plural = "plural",
        /// Two other forms of one word, such as tenses of a weak verb, a feminine, or an accusative.
        Inflection = "inflection",
        /// Two spellings of one word; the more frequent one is the base.
        Spelling = "spelling",
        /// An adjective of relation and its noun: `مصري`, `مصر`.
        Nisba = "nisba",
        /// A verbal noun and its verb: `زيارة`, `زار`.
        VerbalNoun = "verbal_noun",
    }
}

impl Relation {
    /// Returns whether the two stems are forms or spellings of one word.
    pub fn is_same_word(self) -> bool {
        match self {
            Self::Plural | Self::Inflection | Self::Spelling => true,
            Self::Nisba | Self::VerbalNoun => false,
        }
    }
}

/// A stem that the graph pairs with another stem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Related<'a> {
    /// The stem that is related.
    pub stem: &'a str,
    /// The relation of the two stems.
    pub relation: Relation,
    /// Whether this stem is the base of the pair: the singular, the perfect, the noun, or the more
    /// frequent spelling.
    pub is_base: bool,
    /// The cosine of the context vectors of the two stems, scaled from 0–1 to 0–255.
    pub similarity: u8,
    /// Whether only the base of the pair is related to the other stem, and not the other way round.
    pub is_one_way: bool,
}

/// A pair with its stems.
#[derive(Clone, Copy)]
struct NamedPair<'a> {
    /// The derived stem.
    from: &'a str,
    /// The base of the derived stem.
    to: &'a str,
    relation: Relation,
    similarity: u8,
    /// Whether only the base is related to the derived stem, and not the other way round.
    is_one_way: bool,
}

/// A confirmed pair, as indices into the sorted list of stems.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pair {
    /// The derived stem.
    from: u32,
    /// The base of the derived stem.
    to: u32,
    relation: Relation,
    similarity: u8,
    is_one_way: bool,
}

/// A graph of related stems: pairs of stems, looked up by either stem.
///
/// Invariant: the graph never changes, and two stems are in at most one pair. Equal pairs give
/// equal bytes and an equal [`hash`](Self::hash).
pub struct Graph {
    /// The stems that are in a pair, sorted.
    stems: Vec<Box<str>>,
    /// The pairs, sorted by `from`, then by `to`.
    pairs: Vec<Pair>,
    /// The index in `pairs_of_stems` at which each stem's pairs start, and after the last stem the
    /// length of `pairs_of_stems`.
    starts: Vec<u32>,
    /// For each stem, its pairs as indices into `pairs`, the most similar first.
    pairs_of_stems: Vec<u32>,
    hash: String,
}

impl Graph {
    /// Returns the base graph, which is in the binary. It is decoded once per process.
    pub fn base() -> Arc<Self> {
        static GRAPH: LazyLock<Arc<Graph>> = LazyLock::new(|| {
            let graph = Graph::from_compressed(BASE);
            Arc::new(graph.expect("a test reads the base graph of every build"))
        });
        Arc::clone(&GRAPH)
    }

    /// Decodes the bytes of [`to_bytes`](Self::to_bytes); fails for any other bytes, and never
    /// panics.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, GraphError> {
        format::decode(bytes).map(|(stems, pairs)| Self::new(stems, pairs))
    }

    /// Returns the graph as bytes, not compressed. Graphs with the same pairs give the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        format::encode(&self.stems, &self.pairs)
    }

    /// Returns the graph's bytes, compressed with zstd at this level. The hash does not depend on
    /// the compressor: it is computed from the uncompressed bytes.
    pub fn to_compressed(&self, level: i32) -> io::Result<Vec<u8>> {
        zstd::encode_all(&self.to_bytes()[..], level)
    }

    /// Decodes the bytes of [`to_compressed`](Self::to_compressed); fails for any others.
    pub fn from_compressed(compressed: &[u8]) -> io::Result<Self> {
        read_compressed(compressed, MAX_BYTES, Self::from_bytes)
    }

    /// Returns the first sixteen hexadecimal digits of the SHA-256 of the graph's bytes.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Returns the number of pairs in the graph.
    pub fn pair_count(&self) -> usize {
        self.pairs.len()
    }

    /// Returns the number of stems that are in a pair.
    pub fn stem_count(&self) -> usize {
        self.stems.len()
    }

    /// Returns the stems related to `stem`, the most similar first; at most [`MAX_RELATED`].
    pub fn related(&self, stem: &str) -> impl Iterator<Item = Related<'_>> {
        let number = self.stems.binary_search_by(|known| (**known).cmp(stem));
        let pairs = match number {
            Ok(number) => {
                let (start, end) = (self.starts[number], self.starts[number + 1]);
                &self.pairs_of_stems[start as usize..end as usize]
            }
            Err(_) => &[],
        };
        pairs.iter().map(move |pair| {
            let pair = &self.pairs[*pair as usize];
            let is_base = number == Ok(pair.from as usize);
            let stem = if is_base { pair.to } else { pair.from };
            Related {
                stem: &self.stems[stem as usize],
                relation: pair.relation,
                is_base,
                similarity: pair.similarity,
                is_one_way: pair.is_one_way,
            }
        })
    }

    fn pairs(&self) -> impl Iterator<Item = NamedPair<'_>> {
        let stem = |number: u32| &*self.stems[number as usize];
        let named = move |pair: &Pair| {
            let Pair { from, to, .. } = *pair;
            NamedPair {
                from: stem(from),
                to: stem(to),
                relation: pair.relation,
                similarity: pair.similarity,
                is_one_way: pair.is_one_way,
            }
        };
        self.pairs.iter().map(named)
    }

    /// Returns the pairs of both graphs. If both pair the same two stems, the pair of `own` is
    /// returned.
    pub fn merge(base: &Self, own: &Self) -> Self {
        Self::from_pairs(base.pairs().chain(own.pairs()))
    }

    /// Returns the graph of some pairs. If two pairs have the same stems, the later pair is used.
    fn from_pairs<'a>(pairs: impl Iterator<Item = NamedPair<'a>>) -> Self {
        let mut by_stems: FxHashMap<(&str, &str), NamedPair<'_>> = FxHashMap::default();
        for pair in pairs.filter(|pair| pair.from != pair.to) {
            by_stems.insert((pair.from.min(pair.to), pair.from.max(pair.to)), pair);
        }
        let mut stems: Vec<&str> = by_stems
            .keys()
            .flat_map(|(one, other)| [*one, *other])
            .collect();
        stems.sort_unstable();
        stems.dedup();
        let number = |stem| stems.partition_point(|known| *known < stem) as u32;
        let mut pairs: Vec<Pair> = by_stems
            .into_values()
            .map(|pair| Pair {
                from: number(pair.from),
                to: number(pair.to),
                relation: pair.relation,
                similarity: pair.similarity,
                is_one_way: pair.is_one_way,
            })
            .collect();
        pairs.sort_unstable_by_key(|pair| (pair.from, pair.to));
        Self::new(stems.into_iter().map(Box::from).collect(), pairs)
    }

    /// Returns the graph of sorted pairs, whose stems are indices into the sorted `stems`. Every
    /// stem must be in a pair.
    fn new(stems: Vec<Box<str>>, pairs: Vec<Pair>) -> Self {
        let mut all: Vec<(u32, u8, u32, u32)> = (0..)
            .zip(&pairs)
            .flat_map(|(number, pair)| {
                let order = u8::MAX - pair.similarity;
                let (from, to) = (pair.from, pair.to);
                let of_derived = (!pair.is_one_way).then_some((from, order, to, number));
                of_derived.into_iter().chain([(to, order, from, number)])
            })
            .collect();
        all.sort_unstable();
        let mut starts = vec![0];
        let mut pairs_of_stems = Vec::with_capacity(all.len());
        let mut rest = &all[..];
        for stem in 0..stems.len() as u32 {
            let (of_stem, others) = rest.split_at(rest.partition_point(|of| of.0 == stem));
            rest = others;
            let numbers = of_stem.iter().map(|(_, _, _, number)| *number);
            pairs_of_stems.extend(numbers.take(MAX_RELATED));
            starts.push(pairs_of_stems.len() as u32);
        }
        let digest = Sha256::digest(format::encode(&stems, &pairs));
        let hash = hex::encode(&digest[..8]);
        Self {
            stems,
            pairs,
            starts,
            pairs_of_stems,
            hash,
        }
    }
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Graph")
            .field("hash", &self.hash)
            .field("pair_count", &self.pair_count())
            .finish()
    }
}

#[cfg(test)]
mod tests;
