//! Clusters of copies. Texts whose signatures agree in some band are compared. Copies, and copies
//! of copies, form one cluster. In this module, a text is an index into the list of signatures.
//!
//! Candidates are found by locality-sensitive hashing (Indyk and Motwani 1998): two texts are
//! compared if their signatures agree in all rows of a band. The bands are processed one after the
//! other, so only the keys of one band are in memory.

use std::ops::Range;

use super::signature::{ROWS, Signature, mixed};

/// The number of rows in a band. The key of a band has 24 bits, so of 16 million pairs of unrelated
/// texts, one has equal keys. Pairs that share half of their shingles agree in some band in 99.6 % of
/// all cases. Pairs that share 0.4 do so in 94 %.
const BAND_ROWS: usize = 3;
const BANDS: usize = ROWS / BAND_ROWS;

/// The number of following signatures in its bucket that each signature is compared with. A bucket
/// is larger only if thousands of texts follow one template, and the pairs left out here usually
/// agree in another band.
const COMPARED: usize = 64;

/// The clusters of a list of texts. A text without a copy is in no cluster.
///
/// Invariant: the clusters and their numbers depend on the signatures only, not on their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clusters {
    /// For each text, the number of its cluster, or [`Self::NONE`].
    pub numbers: Vec<u32>,
    /// The number of texts in each cluster, by the number of the cluster. It is two or more.
    pub sizes: Vec<u32>,
}

impl Clusters {
    /// Stands for the number of a cluster if a text is in none.
    pub const NONE: u32 = u32::MAX;

    /// Finds the clusters of texts, given their signatures.
    pub fn of(signatures: &[Signature]) -> Self {
        let by_content = in_order_of_content(signatures);
        let mut sets = DisjointSets::new(signatures.len());
        let mut compared = Vec::with_capacity(by_content.len());
        for equal in by_content
            .chunk_by(|one, other| signatures[*one as usize] == signatures[*other as usize])
        {
            let [first, rest @ ..] = equal else { continue };
            rest.iter().for_each(|same| sets.unite(*first, *same));
            if !signatures[*first as usize].must_be_equal() {
                compared.push(*first);
            }
        }
        let ranked = RankedTexts::new(signatures, compared);
        for band in 0..BANDS {
            unite_copies(&ranked, band * BAND_ROWS..(band + 1) * BAND_ROWS, &mut sets);
        }
        numbered(&by_content, &mut sets)
    }
}

/// Returns the texts, ordered by their signatures. Texts with equal signatures are neighbours.
fn in_order_of_content(signatures: &[Signature]) -> Vec<u32> {
    // Sorts by a hash of the signature first: to compare whole signatures takes five times as long,
    // because of memory access.
    let mut order: Vec<(u64, u32)> = (0..)
        .zip(signatures)
        .map(|(text, signature)| (content_hash(signature), text))
        .collect();
    order.sort_unstable_by(|(one_hash, one), (other_hash, other)| {
        one_hash
            .cmp(other_hash)
            .then_with(|| signatures[*one as usize].cmp(&signatures[*other as usize]))
    });
    order.into_iter().map(|(_, text)| text).collect()
}

fn content_hash(signature: &Signature) -> u64 {
    let (chunks, _) = signature.rows().as_chunks::<8>();
    let hash = |hash, chunk: &[u8; 8]| mixed(hash ^ u64::from_le_bytes(*chunk));
    chunks.iter().fold(u64::from(signature.shingles()), hash)
}

/// The texts to compare. The rank of a text is its position in the order of contents.
struct RankedTexts<'a> {
    signatures: &'a [Signature],
    /// For each text, its rank, or [`Self::NONE`] if it is not compared.
    ranks: Vec<u32>,
    /// For each rank, its text.
    texts: Vec<u32>,
}

impl<'a> RankedTexts<'a> {
    const NONE: u32 = u32::MAX;

    fn new(signatures: &'a [Signature], texts: Vec<u32>) -> Self {
        let mut ranks = vec![Self::NONE; signatures.len()];
        for (rank, text) in (0..).zip(&texts) {
            ranks[*text as usize] = rank;
        }
        Self {
            signatures,
            ranks,
            texts,
        }
    }

    /// Returns a key for each text to compare: the values of these rows, then the rank. Sorting the
    /// keys puts texts with equal rows next to each other, in the order of contents.
    fn keys(&self, rows: Range<usize>) -> Vec<u64> {
        // Reads the signatures in the order of the list. In the order of the ranks, half of the
        // time would be spent waiting for the memory.
        let ranked = self
            .signatures
            .iter()
            .zip(&self.ranks)
            .filter(|(_, rank)| **rank != Self::NONE);
        let key = |(signature, rank): (&Signature, &u32)| {
            let rows = signature.rows()[rows.clone()].iter();
            let key = rows.fold(0, |key: u64, row| key << 8 | u64::from(*row));
            key << 32 | u64::from(*rank)
        };
        ranked.map(key).collect()
    }
}

/// Compares the texts that agree in all of these rows. If two texts are copies, unites their sets.
fn unite_copies(ranked: &RankedTexts<'_>, rows: Range<usize>, sets: &mut DisjointSets) {
    let mut keys = ranked.keys(rows);
    keys.sort_unstable();
    let text_of = |key: u64| ranked.texts[key as u32 as usize];
    for bucket in keys
        .chunk_by(|one, other| one >> 32 == other >> 32)
        .filter(|bucket| bucket.len() > 1)
    {
        for (i, one) in bucket.iter().enumerate() {
            for other in bucket.iter().skip(i + 1).take(COMPARED) {
                let (one, other) = (text_of(*one), text_of(*other));
                let signature = |text: u32| &ranked.signatures[text as usize];
                if sets.find(one) != sets.find(other) && signature(one).is_copy_of(signature(other))
                {
                    sets.unite(one, other);
                }
            }
        }
    }
}

/// Returns the sets of two or more texts as clusters, numbered in the order of contents.
fn numbered(by_content: &[u32], sets: &mut DisjointSets) -> Clusters {
    let mut size_of_root = vec![0_u32; by_content.len()];
    for text in by_content {
        size_of_root[sets.find(*text) as usize] += 1;
    }
    let mut number_of_root = vec![Clusters::NONE; by_content.len()];
    let mut clusters = Clusters {
        numbers: vec![Clusters::NONE; by_content.len()],
        sizes: Vec::new(),
    };
    for text in by_content {
        let root = sets.find(*text) as usize;
        if size_of_root[root] < 2 {
            continue;
        }
        if number_of_root[root] == Clusters::NONE {
            number_of_root[root] = clusters.sizes.len() as u32;
            clusters.sizes.push(size_of_root[root]);
        }
        clusters.numbers[*text as usize] = number_of_root[root];
    }
    clusters
}

/// Disjoint sets of texts, as a union-find structure.
struct DisjointSets {
    parents: Vec<u32>,
}

impl DisjointSets {
    fn new(texts: usize) -> Self {
        Self {
            parents: (0..texts as u32).collect(),
        }
    }

    /// Returns the text that represents the set of a text.
    fn find(&mut self, mut text: u32) -> u32 {
        loop {
            let parent = self.parents[text as usize];
            let grandparent = self.parents[parent as usize];
            if parent == grandparent {
                return parent;
            }
            self.parents[text as usize] = grandparent;
            text = grandparent;
        }
    }

    fn unite(&mut self, one: u32, other: u32) {
        let one = self.find(one);
        let other = self.find(other);
        self.parents[one.max(other) as usize] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use fihrist_arabic::fnv1a;

    fn text(seed: usize, words: Range<usize>) -> Signature {
        let words: Vec<String> = words.map(|word| format!("{seed}-{word}")).collect();
        Signature::of([], words.iter().map(|word| fnv1a(word.as_bytes()))).expect("words")
    }

    #[test]
    fn copies_of_copies_are_one_cluster() {
        let texts = [
            text(1, 0..200),
            text(2, 0..200),
            text(1, 0..120),
            text(3, 0..9),
            text(1, 10..200),
            text(3, 0..9),
        ];
        let clusters = Clusters::of(&texts);
        let [one, none, two, short, three, same] = clusters.numbers.as_slice() else {
            panic!("six texts")
        };
        assert!(
            one == two && one == three && short == same && *none == Clusters::NONE && one != short
        );
        assert_eq!(
            clusters.sizes.iter().copied().collect::<BTreeSet<_>>(),
            BTreeSet::from([2, 3])
        );
        assert_eq!(Clusters::of(&[]), Clusters::default());
    }

    #[test]
    fn thousands_from_one_mould_are_one_cluster() {
        let of_mould = |number: usize| {
            let words = (0..100)
                .map(|word| format!("{word}"))
                .chain([format!("no. {number}")]);
            Signature::of([], words.map(|word| fnv1a(word.as_bytes()))).expect("words")
        };
        let clusters = Clusters::of(&(0..3_000).map(of_mould).collect::<Vec<_>>());
        assert_eq!(clusters.sizes, [3_000]);
    }

    proptest! {
        #[test]
        fn no_order_changes_a_cluster(
            texts in prop::collection::vec((0..6_usize, 0..40_usize, 20..200_usize), 1..40),
            keys in prop::collection::vec(any::<u32>(), 40),
        ) {
            let texts: Vec<Signature> = texts.iter().map(|(seed, from, words)| text(*seed, *from..from + words)).collect();
            let mut order: Vec<usize> = (0..texts.len()).collect();
            order.sort_by_key(|text| keys[*text]);
            let clusters = Clusters::of(&texts);
            let shuffled = Clusters::of(&order.iter().map(|text| texts[*text]).collect::<Vec<_>>());
            prop_assert_eq!(&clusters.sizes, &shuffled.sizes);
            for (index, text) in order.iter().enumerate() {
                prop_assert_eq!(shuffled.numbers[index], clusters.numbers[*text]);
            }
            let mut counted: BTreeMap<u32, u32> = BTreeMap::new();
            clusters.numbers.iter().filter(|number| **number != Clusters::NONE).for_each(|number| {
                *counted.entry(*number).or_default() += 1;
            });
            prop_assert_eq!(counted.into_values().collect::<Vec<_>>(), clusters.sizes);
        }
    }
}
