//! The learnt stemmer. A grammar of closed-class affixes proposes stems, and the word counts of the
//! model decide between them. The only words it lists are a few function words.
//! `docs/search-quality.md` says how its thresholds were found.
//!
//! The rules compare the counts of two spellings: the word, and the rest after an affix is removed.
//!
//! ```text
//!     وبيت  1   بيت  120    the rest is common: the stem is بيت
//!     وزير  90  زير    0    the rest never occurs: the stem is وزير
//! ```
//!
//! If the model has no evidence about a word, the light10 rules stem it.

mod evidence;
mod proclitic;
pub mod spelling;
mod steps;
mod suffix;
mod verb;

use crate::fold::{folded, folded_letter_count};
use crate::light10::prefix_letter_count;
use crate::model::packed_word::low_byte;
use crate::{Model, PackedWord, Span};
use proclitic::Split;
pub use steps::Steps;

/// The article.
const AL: PackedWord = PackedWord::of("ال");

const ALEF: PackedWord = PackedWord::of("ا");
const TEH: PackedWord = PackedWord::of("ت");
const HEH: PackedWord = PackedWord::of("ه");
const WAW: PackedWord = PackedWord::of("و");
const YEH: PackedWord = PackedWord::of("ي");

/// A stemmed word.
pub struct Stemmed {
    /// The stem; `NONE` if the counts have no evidence about the word.
    pub stem: PackedWord,
    /// The number of letters before the core: conjunction, preposition, article, and the `س` of the
    /// future.
    proclitics: usize,
    /// The number of letters after the core: a pronoun.
    enclitics: usize,
    /// Whether the stem is the perfect of a verb.
    is_verb: bool,
}

/// Returns the core of a written word between its clitics. Marks, tatweel and zero-width characters
/// belong to the letter before them. A ligature that is partly clitic belongs to the core.
pub fn core(model: &Model, written: &str) -> Span {
    let folded = folded(written);
    let learnt = PackedWord::pack(&folded).map(|word| learn(model, word));
    let (proclitics, enclitics) = match learnt.filter(|word| word.stem != PackedWord::NONE) {
        Some(word) => (word.proclitics, word.enclitics),
        None if is_arabic(&folded) => (prefix_letter_count(&folded), 0),
        None => (0, 0),
    };
    // A folded word may have fewer letters than the written word: `شاطىء`, `القاااهرة`.
    let letters = written.chars().map(folded_letter_count).sum();
    core_span(written, letters, proclitics, enclitics)
}

/// Whether the folded word consists only of Arabic letters.
pub fn is_arabic(folded: &str) -> bool {
    folded.chars().all(|letter| low_byte(letter).is_some())
}

/// Returns the stem that the counts confirm. It is `NONE` if the model contains neither the word
/// nor its stem, with or without the article.
pub fn learn(model: &Model, word: PackedWord) -> Stemmed {
    Steps::of(model, word).stemmed(model)
}

/// Whether a folded word is one of the tens from 20 to 90, or dozens: `عشرون`, `عشرين`, …, `عشرات`.
pub fn is_ten(folded: &str) -> bool {
    PackedWord::pack(folded).is_some_and(|word| suffix::TENS.contains(&word))
}

/// Returns the stems of other verbs whose imperfect an imperfect may be: `رد` for `سيردون`, whose stem
/// is `ورد`.
pub fn other_perfects(model: &Model, word: PackedWord) -> Vec<PackedWord> {
    match proclitic::split(model, word) {
        Split::Open(rest) => {
            let base = suffix::strip_enclitic(model, rest).map_or(rest, |(base, _)| base);
            verb::other_perfects(model, base)
        }
        Split::Function(_) | Split::Definite(_) => Vec::new(),
    }
}

/// Returns the core of `written`, which has this many letters. `proclitics` letters precede the core
/// and `enclitics` letters follow it.
///
/// Invariant: in bounds, on character boundaries, and not empty unless `written` is.
fn core_span(written: &str, letters: usize, proclitics: usize, enclitics: usize) -> Span {
    let whole = Span::new(0, written.len());
    let core = proclitics..letters.saturating_sub(enclitics);
    if core.is_empty() {
        return whole;
    }
    let mut start = None;
    let mut end = written.len();
    let mut passed = 0;
    for (offset, character) in written.char_indices() {
        let first = passed;
        passed += folded_letter_count(character);
        if passed == first {
            continue;
        }
        if start.is_none() && passed > core.start {
            start = Some(if first == 0 { 0 } else { offset });
        }
        if first >= core.end {
            end = offset;
            break;
        }
    }
    start.map_or(whole, |start| Span::new(start, end))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::lexicon::Lexicon;
    use crate::light10::light10;
    use crate::model::Counts;

    fn stem_with(lexicon: &Lexicon, word: &str) -> String {
        let folded = folded(word);
        let mut buffer = String::from("what it held");
        lexicon
            .stem(PackedWord::pack(&folded), &folded, &mut buffer)
            .to_owned()
    }

    /// The words share one stem under the base model.
    #[track_caller]
    fn check_same(words: &str) {
        let lexicon = Lexicon::base();
        let mut words = words
            .split(' ')
            .map(|word| (word, stem_with(&lexicon, word)));
        let (first, stem) = words.next().expect("a word");
        for (word, other) in words {
            assert_eq!(other, stem, "{word} beside {first}");
        }
    }

    /// No two of the words share a stem under the base model.
    #[track_caller]
    fn check_different(words: &str) {
        let lexicon = Lexicon::base();
        let mut stems: Vec<_> = words
            .split(' ')
            .map(|word| stem_with(&lexicon, word))
            .collect();
        stems.sort();
        stems.dedup();
        assert_eq!(stems.len(), words.split(' ').count(), "{words}: {stems:?}");
    }

    #[test]
    fn proclitics_and_the_article_go() {
        check_same("الصراع للصراع صراع والصراع بالصراع وللصراع");
        check_same("حفتر لحفتر وحفتر بحفتر");
        check_same("ليبيا لليبيا بليبيا وليبيا وبليبيا ولليبيا");
        check_same("وقف بوقف لوقف والوقف ووقف للوقف");
        check_same("استعادة لاستعادة الاستعادة");
    }

    #[test]
    fn letters_of_the_word_itself_stay() {
        check_different("وزير زير");
        check_different("بنك بن");
        check_same("وزير الوزير ووزير وزيرة");
        check_same("بيان البيان وبيان بيانات");
        check_same("لجنة اللجنة للجنة ولجنة");
        check_same("التزام والتزام بالتزام الالتزام");
        check_same("لقاء اللقاء للقاء ولقاء");
    }

    #[test]
    fn a_hamza_tells_a_name_from_the_article() {
        check_same("ألمانيا المانيا لألمانيا وألمانيا بألمانيا");
        check_different("ألمانيا مانيا");
    }

    #[test]
    fn function_words_stay_whole() {
        check_same("الله والله بالله لله ولله");
        check_different("الله له");
        check_same("الذين والذين للذين");
    }

    #[test]
    fn pronouns_and_inflection_go() {
        check_same("حكومة للحكومة حكومات حكومته حكومتها");
        check_same("كتاب كتابه كتابها الكتاب");
        check_same("إلى إليه إليها");
        check_same("ليبي ليبية الليبيين");
        check_different("إثبات إثب");
    }

    #[test]
    fn the_imperfect_meets_the_perfect_and_leaves_verbal_nouns_alone() {
        check_same("التزم يلتزم تلتزم التزمت سيلتزم والتزموا");
        check_same("كتب كتبت كتبوا يكتب يكتبون وسيكتب");
        check_same("قال قالت يقول تقول وقالوا");
        check_same("وصل وصلت يصل وصلوا");
        check_same("أشار أشارت يشير وتشير");
        check_same("تدخل التدخل بالتدخل");
    }

    #[test]
    fn the_counts_decide_not_the_shape() {
        let mut counts = Counts::default();
        for (word, count) in [("وهران", 1), ("هران", 9)] {
            (0..count).for_each(|_| counts.add(word, word));
        }
        assert_eq!(
            stem_with(&Lexicon::of(Arc::new(counts.finish(2))), "وهران"),
            "هران"
        );
        assert_eq!(stem_with(&Lexicon::base(), "وهران"), "وهران");
    }

    #[test]
    fn a_word_without_evidence_follows_light10() {
        let empty = Lexicon::of(Arc::new(Model::empty()));
        for (word, expected) in [
            ("والمكتبات", "مكتب"),
            ("وزير", "زير"),
            ("الاب", "اب"),
            ("الله", "له"),
        ] {
            assert_eq!(stem_with(&empty, word), expected);
        }
        assert_eq!(stem_with(&Lexicon::base(), "والزغططفات"), "زغططف");
        assert_eq!(
            stem_with(&empty, &"المستشفيات".repeat(3)),
            light10(&"المستشفيات".repeat(3))
        );
    }

    #[test]
    fn other_scripts_and_mixtures_are_their_own_stems() {
        for word in ["2019", "bbc", "covid19", "الbbc", "و2019", ""] {
            assert_eq!(stem_with(&Lexicon::base(), word), word);
        }
    }

    fn check_invariants(lexicon: &Lexicon, word: &str) {
        let mut buffer = String::new();
        let out = lexicon.stem(PackedWord::pack(word), word, &mut buffer);
        assert_eq!(out.is_empty(), word.is_empty(), "{word:?}");
        assert!(
            out.chars().count() <= word.chars().count() || word == "لله",
            "{word:?} gives {out:?}"
        );
    }

    proptest! {
        #[test]
        fn any_text_has_a_stem_no_longer_than_itself(word in any::<String>()) {
            check_invariants(&Lexicon::base(), &word);
            check_invariants(&Lexicon::of(Arc::new(Model::empty())), &word);
        }

        #[test]
        fn any_word_of_affix_letters_has_a_stem_no_longer_than_itself(word in "[والبلكفستيهمنئء]{0,20}") {
            check_invariants(&Lexicon::base(), &word);
            check_invariants(&Lexicon::of(Arc::new(Model::empty())), &word);
        }
    }

    #[track_caller]
    fn check_core(written: &str, letters: usize, clitics: (usize, usize), expected: &str) {
        assert_eq!(
            core_span(written, letters, clitics.0, clitics.1).slice(written),
            expected
        );
    }

    #[test]
    fn counts_letters_not_characters() {
        check_core("وبيته", 5, (1, 1), "بيت");
        check_core("وَبَيْتُهُ", 5, (1, 1), "بَيْتُ");
        check_core("وـبيتـه", 5, (1, 1), "بيتـ");
        check_core("بيت", 3, (0, 0), "بيت");
        check_core("\u{200F}بيته", 4, (0, 1), "\u{200F}بيت");
    }

    #[test]
    fn a_ligature_stays_whole() {
        check_core("وﻻعب", 5, (1, 0), "ﻻعب");
        check_core("ﻻعب", 4, (1, 0), "ﻻعب");
        check_core("جمﻻ", 4, (0, 1), "جمﻻ");
    }

    #[test]
    fn a_hamza_written_as_a_mark_is_no_letter() {
        check_core("وا\u{654}حمد", 5, (1, 0), "ا\u{654}حمد");
    }

    #[test]
    fn clitics_that_leave_nothing_leave_all() {
        check_core("بها", 3, (1, 2), "بها");
        check_core("", 0, (0, 0), "");
    }
}
