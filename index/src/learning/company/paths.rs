//! The words that the stemmer strips each word of a corpus to. Separations are decided in rounds. A
//! round changes few of these paths, and only they are computed again.

use rustc_hash::FxHashMap;

use super::Companion;
use crate::parallel::map_ranges;
use fihrist_arabic::{Model, PackedWord, StemPath};

/// The path of each word, in the order of the words. The words on paths are numbered.
#[derive(Default)]
pub struct Paths {
    rows: Vec<Path>,
    texts: Vec<String>,
    numbers: FxHashMap<PackedWord, u32>,
    /// For each word on a path, whether the last update has changed a path with it.
    changed: Vec<bool>,
}

/// The words that the stemmer strips a word to: a [`StemPath`] with numbers for the folded words.
#[derive(Clone, Default, PartialEq)]
pub struct Path {
    pub folded: Vec<u32>,
    pub spelled: Vec<(u32, PackedWord)>,
}

impl Path {
    /// Returns the numbers of all words on the path. A word may come several times.
    fn numbers(&self) -> impl Iterator<Item = usize> {
        let spelled = self.spelled.iter().map(|(word, _)| word);
        let all = self.folded.iter().chain(spelled);
        all.map(|word| *word as usize)
    }
}

impl Paths {
    pub fn iter(&self) -> std::slice::Iter<'_, Path> {
        self.rows.iter()
    }

    /// Returns how many words have a number.
    pub fn word_count(&self) -> usize {
        self.texts.len()
    }

    /// Returns the word with this number.
    pub fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    /// Returns the number of a word; `None` if it is on no path.
    pub fn number(&self, word: &str) -> Option<u32> {
        self.numbers.get(&PackedWord::pack(word)?).copied()
    }

    /// Whether the last update has changed a path with this word.
    pub fn has_changed(&self, number: u32) -> bool {
        self.changed[number as usize]
    }

    /// Computes the paths that are missing, and again those with a word of the pairs in
    /// `separated`.
    pub fn update(&mut self, words: &[Companion], model: &Model, separated: &[(String, String)]) {
        let mut is_separated = vec![false; self.word_count()];
        for word in separated.iter().flat_map(|(from, to)| [from, to]) {
            if let Some(number) = self.number(word) {
                is_separated[number as usize] = true;
            }
        }
        let is_stale = |row: &usize| {
            let path = self.rows.get(*row);
            path.is_none_or(|path| path.numbers().any(|word| is_separated[word]))
        };
        let computed = map_ranges(0..words.len(), |range| {
            let stale = range.filter(is_stale);
            stale
                .map(|row| (row, model.stem_path(&words[row].word)))
                .collect::<Vec<_>>()
        });
        self.changed.fill(false);
        self.rows.resize(words.len(), Path::default());
        for (row, path) in computed.into_iter().flatten() {
            let path = self.numbered(path);
            if path != self.rows[row] {
                let old = std::mem::replace(&mut self.rows[row], path);
                let both = old.numbers().chain(self.rows[row].numbers());
                both.for_each(|word| self.changed[word] = true);
            }
        }
    }

    fn numbered(&mut self, path: StemPath) -> Path {
        let folded = path.folded.into_iter().map(|word| self.number_of(word));
        let folded = folded.collect();
        let spelled = path.spelled.into_iter();
        let spelled = spelled.map(|(word, written)| (self.number_of(word), written));
        Path {
            folded,
            spelled: spelled.collect(),
        }
    }

    /// Returns the number of a word, which gets one if it has none.
    fn number_of(&mut self, word: PackedWord) -> u32 {
        let next = self.texts.len() as u32;
        let number = *self.numbers.entry(word).or_insert(next);
        if number == next {
            self.texts.push(word.chars().collect());
            self.changed.push(false);
        }
        number
    }
}
