//! The stem of every word of a model, worked out once: eight bytes a word and the text of the distinct stems.
//! What the stem of a word is, the stemmer says.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use super::letters::Letters;
use crate::fnv1a;
use crate::parallel::fill_in_parallel;
use crate::stem::Stemmed;

/// The stems, by the place of their words in the model's table.
#[derive(Default)]
pub(super) struct Stems {
    words: Vec<Word>,
    /// The distinct stems, one after the other, in the order in which words ask for them.
    text: String,
}

#[derive(Clone, Copy)]
struct Word {
    offset: u32,
    size_bytes: u8,
    proclitics: u8,
    enclitics: u8,
}

/// A stemmed word whose stem is borrowed from the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known<'a> {
    /// Empty of a word that the counts say nothing about.
    pub(crate) stem: &'a str,
    pub(crate) proclitics: u8,
    pub(crate) enclitics: u8,
}

/// Words that are stemmed at a time, by all processors: what all of them take together would stay behind in the memory.
const BLOCK_WORDS: usize = 1 << 15;

impl Stems {
    /// Works out the stems of so many words by their places.
    pub(super) fn new(count: usize, stem_of: impl Fn(usize) -> Stemmed + Sync) -> Self {
        let mut stems = Self {
            words: Vec::with_capacity(count),
            text: String::new(),
        };
        // For each stem, the first of the words that have it.
        let mut firsts: HashTable<u32> = HashTable::new();
        let mut block = Vec::new();
        for start in (0..count).step_by(BLOCK_WORDS) {
            block.clear();
            block.resize(
                BLOCK_WORDS.min(count - start),
                Stemmed {
                    stem: Letters::NONE,
                    proclitics: 0,
                    enclitics: 0,
                },
            );
            fill_in_parallel(&mut block, |place| stem_of(start + place));
            block.iter().for_each(|word| stems.add(word, &mut firsts));
        }
        stems.text.shrink_to_fit();
        stems
    }

    fn add(
        &mut self,
        Stemmed {
            stem,
            proclitics,
            enclitics,
        }: &Stemmed,
        firsts: &mut HashTable<u32>,
    ) {
        let (place, end) = (self.words.len() as u32, self.text.len());
        self.text.extend(stem.chars());
        let size_bytes = (self.text.len() - end) as u8;
        let new = Word {
            offset: end as u32,
            size_bytes,
            proclitics: *proclitics,
            enclitics: *enclitics,
        };
        self.words.push(new);
        let hash_of = |place: u32| fnv1a(self.get(place as usize).stem.as_bytes());
        let has_same =
            |first: &u32| self.get(*first as usize).stem == self.get(place as usize).stem;
        match firsts.entry(hash_of(place), has_same, |first| hash_of(*first)) {
            Entry::Occupied(first) => {
                let offset = self.words[*first.get() as usize].offset;
                self.words[place as usize].offset = offset;
                self.text.truncate(end);
            }
            Entry::Vacant(free) => {
                free.insert(place);
            }
        }
    }

    pub(super) fn get(&self, place: usize) -> Known<'_> {
        let Word {
            offset,
            size_bytes,
            proclitics,
            enclitics,
        } = self.words[place];
        let start = offset as usize;
        Known {
            stem: &self.text[start..start + usize::from(size_bytes)],
            proclitics,
            enclitics,
        }
    }
}
