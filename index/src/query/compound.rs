//! The writings of a text: its words in other spellings. A compound is written as one word or as two,
//! as in `عبدالله` and `عبد الله`. A word typed in haste may be two words, as in `اعمار`. This module
//! returns the writings of a text. It does not decide which words are compounds; the search
//! asks the index.
//!
//! The phrase `الملك عبد الله` has the writings `الملك عبد الله` and `الملك عبدالله`, of three words
//! and of two. An article matches the phrase if it has one of them.

use std::slice;

use super::{QueryTerm, Text};

/// The greatest number of writings of a text, and of the texts of a `NEAR` together.
const MAX_WRITINGS: usize = 8;

/// The two words that a typed word is also written as.
#[derive(Debug, Clone, PartialEq)]
pub struct Parts {
    /// The two words.
    pub words: [QueryTerm; 2],
    /// How many articles have one word right after the other.
    pub articles: u64,
}

impl Parts {
    /// Returns the two words as they are written.
    pub fn text(&self) -> String {
        let [first, second] = &self.words;
        format!("{} {}", first.text, second.text)
    }

    /// Returns the stems of the two words, separated by a space.
    pub fn stem(&self) -> String {
        let [first, second] = &self.words;
        format!("{} {}", first.stem, second.stem)
    }
}

impl Text {
    /// Returns the sequences of words that the text matches. The first one is the typed sequence.
    /// In the others, one word replaces two, two words replace one, or another word replaces one.
    pub fn writings(&self) -> Vec<Vec<&QueryTerm>> {
        // The number of typed words that each writing covers so far, and its words.
        let mut writings: Vec<(usize, Vec<&QueryTerm>)> = vec![(0, Vec::new())];
        for (at, term) in self.terms.iter().enumerate() {
            let joined = term.joined.as_ref();
            let joined = joined.filter(|_| at + 1 < self.terms.len());
            let mut others = Vec::new();
            for (covered, words) in writings.iter_mut().filter(|(covered, _)| *covered == at) {
                if let Some(joined) = joined {
                    others.push((at + 2, [words.as_slice(), &[&**joined]].concat()));
                }
                if let Some(parts) = &term.parts {
                    let [first, second] = &parts.words;
                    others.push((at + 1, [words.as_slice(), &[first, second]].concat()));
                }
                for other in &term.others {
                    others.push((at + 1, [words.as_slice(), &[other]].concat()));
                }
                *covered += 1;
                words.push(term);
            }
            others.truncate(MAX_WRITINGS - writings.len());
            writings.extend(others);
        }
        writings.into_iter().map(|(_, words)| words).collect()
    }

    /// Returns the same text with these words in place of its own.
    pub fn written_as(&self, words: &[&QueryTerm]) -> Self {
        let terms = words.iter().map(|word| (*word).clone());
        Self {
            span: self.span,
            terms: terms.collect(),
            ..*self
        }
    }
}

/// Returns the writings of several texts together: each has one writing of every text. The first
/// one has the typed words.
pub fn writings_of(texts: &[Text]) -> Vec<Vec<Vec<&QueryTerm>>> {
    let mut together = vec![Vec::new()];
    for text in texts {
        let writings = text.writings();
        let mut longer = Vec::new();
        for words in &writings {
            for before in &together {
                longer.push([before.as_slice(), slice::from_ref(words)].concat());
            }
        }
        longer.truncate(MAX_WRITINGS);
        together = longer;
    }
    together
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Clause, parse};
    use fihrist_arabic::{Analyzer, Model};

    fn text(input: &str) -> Text {
        let query = parse(input, &Analyzer::new(Model::base()));
        query.clauses[0].texts()[0].clone()
    }

    fn word(input: &str) -> QueryTerm {
        text(input).terms.remove(0)
    }

    fn parts(first: &str, second: &str) -> Option<Box<Parts>> {
        Some(Box::new(Parts {
            words: [word(first), word(second)],
            articles: 1,
        }))
    }

    fn printed(words: &[&QueryTerm]) -> String {
        let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        words.join(" ")
    }

    #[track_caller]
    fn check(text: &Text, expected: &[&str]) {
        let writings: Vec<String> = text.writings().iter().map(|words| printed(words)).collect();
        assert_eq!(writings, expected);
    }

    #[test]
    fn a_text_without_compounds_has_one_writing() {
        check(&text("\"وقف إطلاق النار\""), &["وقف إطلاق النار"]);
    }

    #[test]
    fn one_word_replaces_two_and_two_replace_one() {
        let mut phrase = text("\"أبوظبي عبد الله\"");
        phrase.terms[0].parts = parts("أبو", "ظبي");
        phrase.terms[1].joined = Some(Box::new(word("عبدالله")));
        check(
            &phrase,
            &[
                "أبوظبي عبد الله",
                "أبو ظبي عبد الله",
                "أبوظبي عبدالله",
                "أبو ظبي عبدالله",
            ],
        );
    }

    #[test]
    fn the_last_word_is_joined_to_nothing() {
        let mut phrase = text("\"قال عبد\"");
        phrase.terms[1].joined = Some(Box::new(word("عبدالله")));
        check(&phrase, &["قال عبد"]);
    }

    #[test]
    fn the_number_of_writings_is_bounded() {
        let mut phrase = text("\"أبوظبي أبوظبي أبوظبي أبوظبي أبوظبي\"");
        for term in &mut phrase.terms {
            term.parts = parts("أبو", "ظبي");
        }
        let writings = phrase.writings();
        assert_eq!(writings.len(), MAX_WRITINGS);
        assert!(writings.iter().all(|words| words.len() >= 5));
        assert_eq!(writings_of(&[phrase.clone(), phrase]).len(), MAX_WRITINGS);
    }

    #[test]
    fn the_texts_of_a_near_are_written_together() {
        let mut query = parse("أبوظبي NEAR دبي", &Analyzer::new(Model::base()));
        query.for_each_text_mut(|text| {
            if text.terms[0].text == "أبوظبي" {
                text.terms[0].parts = parts("أبو", "ظبي");
            }
        });
        let texts: Vec<&[Text]> = query.clauses.iter().map(Clause::texts).collect();
        let writings = writings_of(texts[0]);
        let printed: Vec<String> = writings
            .iter()
            .map(|words| {
                let texts: Vec<String> = words.iter().map(|words| printed(words)).collect();
                texts.join(", ")
            })
            .collect();
        assert_eq!(printed, ["أبوظبي, دبي", "أبو ظبي, دبي"]);
    }
}
