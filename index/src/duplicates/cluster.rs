//! Clusters of copies. Texts whose signatures agree in some rows are compared. Copies, and copies
//! of copies, form one cluster. A text is an index into a list here.
//!
//! Candidates are found by locality-sensitive hashing (Indyk and Motwani 1998): pairs of signatures
//! that agree in all rows of a band. One band is processed after the other, so only the keys of one
//! are in memory.

use std::ops::Range;

use super::signature::{ROWS, Signature, mixed};

/// The rows of a band. Their key has 24 bits, so two unrelated texts share it once in 16 million
/// pairs. Of texts that share half of their shingles, 99.6 % agree in some band; of texts that
/// share 0.4, 94 %.
const BAND_ROWS: usize = 3;
const BANDS: usize = ROWS / BAND_ROWS;

/// How many signatures after it in a bucket each signature is compared with, in the order of
/// contents. Larger buckets occur only if thousands of texts follow one template, and these meet in
/// other bands, too.
const COMPARED: usize = 64;

/// The clusters of a list of texts. A text without a copy belongs to no cluster.
///
/// Invariant: the clusters and their numbers depend on the signatures only, not on their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Clusters {
    /// For each text, the number of its cluster or [`Self::NONE`].
    numbers: Vec<u32>,
    sizes: Vec<u32>,
}

impl Clusters {
    /// The number of no cluster.
    pub const NONE: u32 = u32::MAX;

    /// Finds the clusters of texts by their signatures.
    pub fn of(signatures: &[Signature]) -> Self {
        let by_content = in_order_of_content(signatures);
        let mut sets = DisjointSets::new(signatures.len());
        let mut compared = Vec::with_capacity(by_content.len());
        for equal in by_content
            .chunk_by(|one, other| signature(signatures, *one) == signature(signatures, *other))
        {
            let [first, rest @ ..] = equal else { continue };
            rest.iter().for_each(|same| sets.unite(*first, *same));
            if signature(signatures, *first).is_some_and(|one| !one.must_be_equal()) {
                compared.push(*first);
            }
        }
        let ranked = RankedTexts::new(signatures, compared);
        for band in 0..BANDS {
            unite_copies(&ranked, band * BAND_ROWS..(band + 1) * BAND_ROWS, &mut sets);
        }
        numbered(&by_content, &mut sets)
    }

    /// Returns the number of the cluster of each text, or [`Self::NONE`].
    pub fn numbers(&self) -> &[u32] {
        &self.numbers
    }

    /// Returns how many texts each cluster has: two or more.
    pub fn sizes(&self) -> &[u32] {
        &self.sizes
    }
}

fn signature(signatures: &[Signature], text: u32) -> Option<&Signature> {
    signatures.get(text as usize)
}

/// Returns the texts in an order that depends on their contents only. Equal texts are neighbours.
fn in_order_of_content(signatures: &[Signature]) -> Vec<u32> {
    // Sorts by a hash first: comparing whole signatures across the memory takes five times as long.
    let mut order: Vec<(u64, u32)> = (0..)
        .zip(signatures)
        .map(|(text, signature)| (content_hash(signature), text))
        .collect();
    order.sort_unstable_by(|(one_hash, one), (other_hash, other)| {
        one_hash
            .cmp(other_hash)
            .then_with(|| signature(signatures, *one).cmp(&signature(signatures, *other)))
    });
    order.into_iter().map(|(_, text)| text).collect()
}

fn content_hash(signature: &Signature) -> u64 {
    let (chunks, _) = signature.rows().as_chunks::<8>();
    let hash = |hash, chunk: &[u8; 8]| mixed(hash ^ u64::from_le_bytes(*chunk));
    chunks.iter().fold(u64::from(signature.shingles()), hash)
}

/// The texts to compare, with their ranks in the order of contents.
struct RankedTexts<'a> {
    signatures: &'a [Signature],
    /// The rank of each text, or [`Self::NONE`].
    ranks: Vec<u32>,
    /// The text of each rank.
    texts: Vec<u32>,
}

impl<'a> RankedTexts<'a> {
    const NONE: u32 = u32::MAX;

    fn new(signatures: &'a [Signature], texts: Vec<u32>) -> Self {
        let mut ranks = vec![Self::NONE; signatures.len()];
        for (rank, text) in (0..).zip(&texts) {
            if let Some(of_text) = ranks.get_mut(*text as usize) {
                *of_text = rank;
            }
        }
        Self {
            signatures,
            ranks,
            texts,
        }
    }

    /// Returns a key for each text: some of its rows, then its rank. Sorted keys list a bucket in
    /// the order of contents.
    fn keys(&self, rows: Range<usize>) -> Vec<u64> {
        // Reads in the order of the list. In the order of the ranks, half of the time is spent
        // waiting for the memory.
        let ranked = self
            .signatures
            .iter()
            .zip(&self.ranks)
            .filter(|(_, rank)| **rank != Self::NONE);
        let key = |(signature, rank): (&Signature, &u32)| {
            let rows = signature.rows().get(rows.clone()).unwrap_or_default();
            rows.iter()
                .fold(0, |key: u64, row| key << 8 | u64::from(*row))
                << 32
                | u64::from(*rank)
        };
        ranked.map(key).collect()
    }
}

/// Unites the copies among the texts that agree in some rows.
fn unite_copies(ranked: &RankedTexts<'_>, rows: Range<usize>, sets: &mut DisjointSets) {
    let mut keys = ranked.keys(rows);
    keys.sort_unstable();
    let text_of = |key: u64| ranked.texts.get(key as u32 as usize).copied();
    for bucket in keys
        .chunk_by(|one, other| one >> 32 == other >> 32)
        .filter(|bucket| bucket.len() > 1)
    {
        for (i, one) in bucket.iter().enumerate() {
            for other in bucket.iter().skip(i + 1).take(COMPARED) {
                let (Some(one), Some(other)) = (text_of(*one), text_of(*other)) else {
                    continue;
                };
                if sets.find(one) == sets.find(other) {
                    continue;
                }
                let pair =
                    signature(ranked.signatures, one).zip(signature(ranked.signatures, other));
                if pair.is_some_and(|(one, other)| one.is_copy_of(other)) {
                    sets.unite(one, other);
                }
            }
        }
    }
}

/// Numbers the sets of two or more texts, in the order of contents.
fn numbered(by_content: &[u32], sets: &mut DisjointSets) -> Clusters {
    let mut size_of_root = vec![0_u32; by_content.len()];
    for text in by_content {
        if let Some(size) = size_of_root.get_mut(sets.find(*text) as usize) {
            *size += 1;
        }
    }
    let mut number_of_root = vec![Clusters::NONE; by_content.len()];
    let mut clusters = Clusters {
        numbers: vec![Clusters::NONE; by_content.len()],
        sizes: Vec::new(),
    };
    for text in by_content {
        let root = sets.find(*text) as usize;
        let (Some(size), Some(number)) = (size_of_root.get(root), number_of_root.get_mut(root))
        else {
            continue;
        };
        if *size < 2 {
            continue;
        }
        if *number == Clusters::NONE {
            *number = clusters.sizes.len() as u32;
            clusters.sizes.push(*size);
        }
        if let Some(of_text) = clusters.numbers.get_mut(*text as usize) {
            *of_text = *number;
        }
    }
    clusters
}

/// Disjoint sets of texts (union-find).
struct DisjointSets {
    parents: Vec<u32>,
}

impl DisjointSets {
    fn new(texts: usize) -> Self {
        Self {
            parents: (0..texts as u32).collect(),
        }
    }

    /// Returns the representative of the set of a text.
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
        let [one, none, two, short, three, same] = clusters.numbers() else {
            panic!("six texts")
        };
        assert!(
            one == two && one == three && short == same && *none == Clusters::NONE && one != short
        );
        assert_eq!(
            clusters.sizes().iter().copied().collect::<BTreeSet<_>>(),
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
        assert_eq!(clusters.sizes(), [3_000]);
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
            prop_assert_eq!(clusters.sizes(), shuffled.sizes());
            for (index, text) in order.iter().enumerate() {
                prop_assert_eq!(shuffled.numbers()[index], clusters.numbers()[*text]);
            }
            let mut counted: BTreeMap<u32, u32> = BTreeMap::new();
            clusters.numbers().iter().filter(|number| **number != Clusters::NONE).for_each(|number| {
                *counted.entry(*number).or_default() += 1;
            });
            prop_assert_eq!(counted.into_values().collect::<Vec<_>>(), clusters.sizes());
        }
    }
}
