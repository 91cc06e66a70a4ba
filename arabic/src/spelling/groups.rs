//! Groups of words that share a key, such as a bare word or a stem. The caller chooses the key.

use std::cmp::Reverse;

use super::TermList;

/// The sorted keys, and the words of each.
///
/// Invariant: every word is in one group, no group is empty, and its commonest word comes first.
pub struct Groups {
    /// The sorted keys. The count of a key is the sum of its words' article counts, so an article
    /// counts once for each of them that it contains.
    pub keys: TermList,
    /// The index in `words` at which the words of each key begin, and the end of the last group.
    starts: Vec<u32>,
    words: Vec<u32>,
    /// The index of each word's key.
    of: Vec<u32>,
}

impl Groups {
    /// Groups all `words`. `key_of` contains the key of each word, by the index of the word.
    pub fn new(words: &TermList, key_of: &[&str]) -> Self {
        let key = |word: &u32| key_of[*word as usize];
        let mut order: Vec<u32> = words.indices().collect();
        order.sort_unstable_by(|one, other| {
            let by_count = |word: &u32| (Reverse(words.articles(*word)), *word);
            key(one)
                .cmp(key(other))
                .then_with(|| by_count(one).cmp(&by_count(other)))
        });
        let keys = TermList::new(order.iter().map(|word| (key(word), words.articles(*word))));
        let mut starts = Vec::with_capacity(keys.indices().len() + 1);
        let mut start = 0;
        let mut of = vec![0; order.len()];
        for (index, group) in (0..).zip(order.chunk_by(|one, next| key(one) == key(next))) {
            starts.push(start);
            start += group.len() as u32;
            group.iter().for_each(|word| of[*word as usize] = index);
        }
        starts.push(start);
        Self {
            keys,
            starts,
            words: order,
            of,
        }
    }

    /// Returns the words of a group by the index of its key, the commonest first.
    pub fn words(&self, key: u32) -> &[u32] {
        let key = key as usize;
        &self.words[self.starts[key] as usize..self.starts[key + 1] as usize]
    }

    /// Returns the commonest word of a group by the index of its key.
    pub fn commonest(&self, key: u32) -> u32 {
        self.words[self.starts[key as usize] as usize]
    }

    /// Returns the index of a word's key.
    pub fn of(&self, word: u32) -> u32 {
        self.of[word as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_word_of_a_key_comes_first() {
        let words = TermList::new([("البيت", 5), ("باب", 1), ("بيت", 2), ("وبيت", 5)].into_iter());
        let groups = Groups::new(&words, &["بيت", "باب", "بيت", "بيت"]);
        let house = groups.keys.find("بيت").expect("a key");
        let texts: Vec<&str> = groups
            .words(house)
            .iter()
            .map(|word| words.get(*word))
            .collect();
        assert_eq!(texts, ["البيت", "وبيت", "بيت"]);
        assert_eq!(
            (
                groups.keys.articles(house),
                words.get(groups.commonest(house))
            ),
            (12, "البيت")
        );
        assert!(
            words
                .indices()
                .all(|word| groups.words(groups.of(word)).contains(&word))
        );
    }
}
