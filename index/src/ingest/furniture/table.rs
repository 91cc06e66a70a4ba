//! Compares lines with phrases, both as folded words. It knows how much of a line a phrase must
//! cover, and whether a line ends like a sentence.

use std::cmp::Reverse;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::phrases::Extent::{self, Label, Notice, Opening, PageNotice, Unfinished, Whole};
use super::phrases::{PAGE_WORDS, PHRASES, RELATED, Role};
use super::{folded, is_format};
use fihrist_arabic::{TokenKind, words};

/// The maximum number of words in a notice that has no word about the page: `عدد القراءات 87`.
const MAX_BARE_NOTICE_WORDS: usize = 4;
const MAX_NOTICE_WORDS: usize = 24;

pub static PAGE_WORD_FORMS: LazyLock<Vec<String>> = LazyLock::new(|| all_folded(PAGE_WORDS));

/// A folded phrase of furniture, the role of a line with it, and how much of the line it must cover.
type Rule = (Role, Extent, Vec<String>);

/// The furniture phrases, by their first word. The longest phrase comes first.
pub static TABLE: LazyLock<FxHashMap<String, Vec<Rule>>> = LazyLock::new(|| {
    let mut table: FxHashMap<String, Vec<Rule>> = FxHashMap::default();
    let mut add = |role, extent, phrase: &str| {
        let words = phrase_words(phrase);
        let rules = table.entry(words[0].clone()).or_default();
        rules.push((role, extent, words));
    };
    for (role, extent, phrases) in PHRASES {
        phrases
            .iter()
            .for_each(|phrase| add(*role, *extent, phrase));
    }
    let [nouns, qualifiers] = RELATED;
    for noun in nouns {
        for qualifier in qualifiers {
            add(Role::ListHead, Label, &format!("{noun} {qualifier}"));
        }
    }
    for rules in table.values_mut() {
        rules.sort_by_key(|(_, _, words)| Reverse(words.len()));
    }
    table
});

/// Returns the role of the line and the number of words in the longest matching phrase; `None` if no
/// phrase matches.
pub fn find(words: &[FoldedWord], line: &str) -> Option<(Role, usize)> {
    let rules = TABLE.get(&words.first()?.word)?;
    let matching = rules.iter().find(|(_, extent, phrase)| {
        let begins = words.len() >= phrase.len()
            && words
                .iter()
                .zip(phrase)
                .all(|(word, wanted)| word.word == *wanted);
        begins && fits(*extent, phrase.len(), words, line)
    });
    matching.map(|(role, _, phrase)| (*role, phrase.len()))
}

/// Returns whether a phrase of `word_count` words covers enough of the line that begins with it.
fn fits(extent: Extent, word_count: usize, words: &[FoldedWord], line: &str) -> bool {
    let is_whole = words.len() == word_count;
    match extent {
        Whole => is_whole,
        Label => is_whole || is_set_off(line, words[word_count - 1].end),
        Opening => true,
        Notice => {
            is_whole || is_notice(words, line) && (ends_on_page(words) || is_bare(words, line))
        }
        PageNotice => is_whole || is_notice(words, line) && ends_on_page(words),
        Unfinished => is_notice(words, line) && ends_on_page(words) && !ends_sentence(line),
    }
}

/// Returns whether a colon or a similar mark follows the label that ends at byte `end`.
fn is_set_off(line: &str, end: usize) -> bool {
    let rest = line.get(end..).unwrap_or("").trim_start_matches(is_blank);
    rest.starts_with([':', '|', '-', '–', '—', '»', '›', '>', '؛']) || rest.starts_with("..")
}

/// Returns whether the line has the length of a notice, without clauses.
fn is_notice(words: &[FoldedWord], line: &str) -> bool {
    !line.contains(['،', ',']) && words.len() <= MAX_NOTICE_WORDS
}

/// Returns whether the last three words include a word about the page.
fn ends_on_page(words: &[FoldedWord]) -> bool {
    let mut last_words = words.iter().rev().take(3);
    last_words.any(|word| PAGE_WORD_FORMS.contains(&word.word))
}

fn is_bare(words: &[FoldedWord], line: &str) -> bool {
    words.len() <= MAX_BARE_NOTICE_WORDS && !ends_sentence(line)
}

/// Returns whether the line ends as a sentence does: with a full stop, before or after closing
/// quotes and brackets.
pub fn ends_sentence(line: &str) -> bool {
    let is_closing = |c: char| {
        matches!(c, '"' | '“' | '”' | '»' | '«' | '\'' | '’' | ')' | ']') || c.is_whitespace()
    };
    line.trim_end_matches(is_closing).ends_with(['.', '…', '۔'])
}

/// Returns whether a character shows nothing: white space or an invisible format character.
pub fn is_blank(character: char) -> bool {
    character.is_whitespace() || is_format(character)
}

/// A folded word of a line.
pub struct FoldedWord {
    pub word: String,
    /// The byte offset in the line at which the word ends.
    pub end: usize,
}

/// Returns the folded words of a line.
pub fn folded_words(line: &str) -> Vec<FoldedWord> {
    let mut found = Vec::new();
    for word in words(line) {
        if word.kind != TokenKind::Whole {
            found.push(FoldedWord {
                word: folded(word.span.slice(line)),
                end: word.span.end,
            });
        }
    }
    found
}

/// Splits a phrase in ordinary spelling into folded words.
pub fn phrase_words(phrase: &str) -> Vec<String> {
    phrase.split_whitespace().map(folded).collect()
}

/// Returns the words, each folded.
pub fn all_folded(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| folded(word)).collect()
}
