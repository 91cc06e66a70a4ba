//! The table of furniture phrases, and how much of a line a phrase must cover.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::line::{FoldedWord, all_folded, ends_sentence, phrase_words};
use super::phrases::Extent::{Label, Notice, Opening, Whole};
use super::phrases::{Extent, PAGE_WORDS, PHRASES, Role};
use fihrist_arabic::chars::is_format;

/// The maximum number of words in a notice that has no word about the page: `عدد القراءات 87`.
const MAX_BARE_NOTICE_WORDS: usize = 4;
const MAX_NOTICE_WORDS: usize = 24;

static PAGE_WORD_FORMS: LazyLock<Vec<String>> = LazyLock::new(|| all_folded(PAGE_WORDS));

/// The furniture phrases, by their first word.
pub struct Table {
    pub by_first_word: FxHashMap<String, Vec<(Role, Extent, Vec<String>)>>,
}

impl Table {
    /// Creates the table from the folded phrases.
    pub fn new() -> Self {
        let mut by_first_word: FxHashMap<String, Vec<_>> = FxHashMap::default();
        for (role, extent, phrases) in PHRASES {
            for phrase in *phrases {
                let words = phrase_words(phrase);
                if let Some(first) = words.first() {
                    let rules = by_first_word.entry(first.clone()).or_default();
                    rules.push((*role, *extent, words));
                }
            }
        }
        // The longest matching phrase decides.
        for rules in by_first_word.values_mut() {
            rules.sort_by_key(|(_, _, words)| std::cmp::Reverse(words.len()));
        }
        Self { by_first_word }
    }

    /// Returns the role of the line and the number of words in the matching phrase; `None` if no
    /// phrase matches.
    pub fn find(&self, words: &[FoldedWord], line: &str) -> Option<(Role, usize)> {
        let rules = self.by_first_word.get(&words.first()?.word)?;
        for (role, extent, phrase) in rules {
            if words.len() < phrase.len() {
                continue;
            }
            let begins = words
                .iter()
                .zip(phrase)
                .all(|(word, wanted)| word.word == *wanted);
            if begins && fits(*extent, phrase.len(), words, line) {
                return Some((*role, phrase.len()));
            }
        }
        None
    }
}

/// Returns whether a phrase of `word_count` words covers enough of the line that begins with it.
fn fits(extent: Extent, word_count: usize, words: &[FoldedWord], line: &str) -> bool {
    let is_whole = words.len() == word_count;
    match extent {
        Whole => is_whole,
        Label => is_whole || is_set_off(line, words[word_count - 1].end),
        Opening => true,
        Notice => is_whole || is_about_page(words, line),
    }
}

/// Returns whether a colon or a similar mark follows the label that ends at byte `end`.
fn is_set_off(line: &str, end: usize) -> bool {
    let is_blank = |c: char| c.is_whitespace() || is_format(c);
    let rest = line.get(end..).unwrap_or("").trim_start_matches(is_blank);
    rest.starts_with([':', '|', '-', '–', '—', '»', '›', '>', '؛']) || rest.starts_with("..")
}

/// Returns whether the line is a notice: its last three words include a word about the page, or it
/// is very short.
fn is_about_page(words: &[FoldedWord], line: &str) -> bool {
    let has_clause = line.contains('،') || line.contains(',');
    let mut last_words = words.iter().rev().take(3);
    let ends_on_page = last_words.any(|word| PAGE_WORD_FORMS.contains(&word.word));
    let is_bare = words.len() <= MAX_BARE_NOTICE_WORDS && !ends_sentence(line);
    !has_clause && words.len() <= MAX_NOTICE_WORDS && (ends_on_page || is_bare)
}
