//! The stem of every word of a model, worked out once: eight bytes a word and the text of the
//! distinct stems. This module stores stems; the [stemmer](crate::stem) finds them.

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::{PackedWord, fnv1a};

/// A piece of independent work, which any thread may do. See
/// [`Analyzer::warm_with`](crate::Analyzer::warm_with).
pub type Task<'a> = Box<dyn FnOnce() + Send + 'a>;

/// The stem of each word, by the index of the word in the model's table.
pub struct Stems {
    words: Vec<StemOffset>,
    /// The distinct stems without separators, in the order in which they first occur.
    text: String,
}

struct StemOffset {
    offset: u32,
    size_bytes: u8,
    may_differ_by_spelling: bool,
}

/// A folded word, stemmed.
#[derive(Clone, Copy)]
pub struct FoldedStem {
    /// The stem; `NONE` if the counts have no evidence about the word.
    pub stem: PackedWord,
    /// Whether some spelling of the word may have another stem.
    pub may_differ_by_spelling: bool,
}

/// The number of words that are stemmed before their stems are stored. Stemming all words before
/// storing would take much more memory.
const BLOCK_WORDS: usize = 1 << 15;

/// The number of words that one task stems.
const TASK_WORDS: usize = 1 << 12;

impl Stems {
    /// Computes and stores the stems of the words with the indices below `count`. `run` must run
    /// all tasks before it returns.
    pub fn new(
        count: usize,
        stem_of: impl Fn(usize) -> FoldedStem + Sync,
        run: &dyn Fn(Vec<Task<'_>>),
    ) -> Self {
        let mut stems = Self {
            words: Vec::with_capacity(count),
            text: String::new(),
        };
        // For each distinct stem, the index of the first word that has it.
        let mut first_words: HashTable<u32> = HashTable::new();
        let mut block = Vec::new();
        for start in (0..count).step_by(BLOCK_WORDS) {
            block.clear();
            let unknown = FoldedStem {
                stem: PackedWord::NONE,
                may_differ_by_spelling: false,
            };
            block.resize(BLOCK_WORDS.min(count - start), unknown);
            let mut tasks: Vec<Task<'_>> = Vec::new();
            for (number, words) in block.chunks_mut(TASK_WORDS).enumerate() {
                let first = start + number * TASK_WORDS;
                let stem_of = &stem_of;
                tasks.push(Box::new(move || {
                    for (index, stem) in (first..).zip(words) {
                        *stem = stem_of(index);
                    }
                }));
            }
            run(tasks);
            for stem in &block {
                stems.add(*stem, &mut first_words);
            }
        }
        stems.text.shrink_to_fit();
        stems
    }

    fn add(&mut self, word: FoldedStem, first_words: &mut HashTable<u32>) {
        let index = self.words.len();
        let end = self.text.len();
        self.text.extend(word.stem.chars());
        self.words.push(StemOffset {
            offset: end as u32,
            size_bytes: (self.text.len() - end) as u8,
            may_differ_by_spelling: word.may_differ_by_spelling,
        });
        let hash_of = |index: u32| fnv1a(self.get(index as usize).as_bytes());
        let has_same = |first: &u32| self.get(*first as usize) == self.get(index);
        match first_words.entry(hash_of(index as u32), has_same, |first| hash_of(*first)) {
            Entry::Occupied(first) => {
                self.words[index].offset = self.words[*first.get() as usize].offset;
                self.text.truncate(end);
            }
            Entry::Vacant(free) => {
                free.insert(index as u32);
            }
        }
    }

    /// Whether some spelling of a word may have another stem.
    pub fn may_differ_by_spelling(&self, index: usize) -> bool {
        self.words[index].may_differ_by_spelling
    }

    /// Returns the stem of a word. It is empty if the counts have no evidence about the word.
    pub fn get(&self, index: usize) -> &str {
        let StemOffset {
            offset, size_bytes, ..
        } = self.words[index];
        let start = offset as usize;
        &self.text[start..start + usize::from(size_bytes)]
    }
}
