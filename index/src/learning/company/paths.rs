//! The words that the stemmer strips each word of a corpus to. Separations are decided in rounds. A
//! round changes few of these paths, and only they are computed again.

use rustc_hash::FxHashSet;

use super::Companion;
use crate::parallel::map_ranges;
use fihrist_arabic::Model;

/// The path of each word, in the order of the words.
#[derive(Default)]
pub struct Paths(Vec<Path>);

/// The words that the stemmer strips a word to.
#[derive(Clone, Default)]
pub struct Path {
    /// The folded words: the word without its clitics first, the stem last.
    pub folded: Vec<String>,
    /// The same words, each with the letters of the written word: see [`Model::spelled_path`].
    pub spelled: Vec<(String, String)>,
}

impl Paths {
    pub fn iter(&self) -> std::slice::Iter<'_, Path> {
        self.0.iter()
    }

    /// Computes the paths that are missing, and again those with a word of `separated`.
    pub fn update(&mut self, words: &[Companion], model: &Model, separated: &FxHashSet<String>) {
        let is_stale = |row: &usize| {
            let Some(path) = self.0.get(*row) else {
                return true;
            };
            let spelled = path.spelled.iter().map(|(folded, _)| folded);
            let mut on_path = path.folded.iter().chain(spelled);
            on_path.any(|word| separated.contains(word))
        };
        let computed = map_ranges(0..words.len(), |range| {
            let stale = range.filter(is_stale);
            let path = |row: usize| Path {
                folded: model.stem_path(&words[row].word),
                spelled: model.spelled_path(&words[row].word),
            };
            stale.map(|row| (row, path(row))).collect::<Vec<_>>()
        });
        self.0.resize(words.len(), Path::default());
        for (row, path) in computed.into_iter().flatten() {
            self.0[row] = path;
        }
    }
}
