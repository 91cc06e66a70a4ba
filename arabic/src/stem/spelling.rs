//! Stems of words that only their spelling tells apart: `آلية` (mechanism) and `إليه` (to him) fold
//! alike. The model lists such spellings. This module finds them in longer words: `آلية` in
//! `وبآلياتها`.

use super::{HEH, Stemmed, Steps, YEH};
use crate::fold::spell;
use crate::model::packed_word::low_byte;
use crate::{Model, PackedWord};

/// A word that the stemmer passes through, with its letters as they are written in the stemmed word.
pub struct SpelledStep {
    /// The folded word.
    pub folded: PackedWord,
    /// The written letters. [`UNKNOWN`] stands for a letter that the stemmed word does not show.
    pub written: PackedWord,
    /// Whether the stemmed word is the word with a pronoun.
    has_pronoun: bool,
    /// Whether the stemmed word is a form of a verb.
    is_verb: bool,
}

/// Stands for a letter that is not known. No spelling contains it.
pub const UNKNOWN: char = '\u{6FF}';

/// Whether the stem of some spelling of a folded word may differ from the stem of the folded word.
/// `path` has the words that the stemmer passes through from the folded word.
pub fn may_differ(model: &Model, path: &[PackedWord]) -> bool {
    let has_spellings = |word: &PackedWord| model.separations().spellings(*word).next().is_some();
    path.iter().any(has_spellings)
}

/// Returns the separated spelling that a written word is a form of. It is the stem of the word.
/// `path` is the [`spelled_path`] of the word.
pub fn separated(model: &Model, path: &[SpelledStep]) -> Option<PackedWord> {
    path.iter().rev().find_map(|step| {
        let mut spellings = model.separations().spellings(step.folded);
        let usual = model.majority_of(step.folded);
        spellings.find(|spelling| step.has_spelling(*spelling, usual))
    })
}

/// Returns the separated spellings that a written word may stand for, if it is typed in haste. Each
/// is a stem. `folded` is the written word after folding.
pub fn typed_in_haste(model: &Model, folded: PackedWord, written: &str) -> Vec<PackedWord> {
    let mut stems = Vec::new();
    let steps = Steps::of(model, folded);
    for step in spelled_path(model, &steps, &steps.path(model), written) {
        let typed: String = step.written.chars().collect();
        let may_be = |spelling: &PackedWord| {
            let spelling: String = spelling.chars().collect();
            may_be_hasty(&typed, &spelling)
        };
        stems.extend(model.separations().spellings(step.folded).filter(may_be));
    }
    stems
}

/// Whether a hasty writer may have typed `typed` for `spelling`: without a hamza on an alef, or with
/// `ه` for `ة`. [`UNKNOWN`] letters in `typed` may be any.
pub fn may_be_hasty(typed: &str, spelling: &str) -> bool {
    let letters = || typed.chars().zip(spelling.chars());
    let is_hasty = |(typed, own): (char, char)| match own {
        'أ' | 'إ' | 'آ' => typed == 'ا',
        'ة' => typed == 'ه',
        _ => false,
    };
    let is_same = |(typed, own): (char, char)| typed == own || typed == UNKNOWN;
    typed.chars().count() == spelling.chars().count()
        && letters().all(|pair| is_same(pair) || is_hasty(pair))
        && letters().any(is_hasty)
}

/// Returns the words that the stemmer passes through, each with its letters as they are written.
/// Words that do not begin like the written word after its proclitics are left out, except verbs.
/// `steps` and `path` belong to the folded word.
pub fn spelled_path(
    model: &Model,
    steps: &Steps,
    path: &[PackedWord],
    written: &str,
) -> Vec<SpelledStep> {
    let folded = steps.word;
    let mut spelled = String::new();
    spell(written, &mut spelled);
    let spelled = PackedWord::pack(&spelled);
    let Some(spelled) = spelled.filter(|word| word.letter_count() == folded.letter_count()) else {
        return Vec::new();
    };
    let Stemmed {
        proclitics,
        enclitics,
        is_verb,
        ..
    } = steps.stemmed(model);
    let letters = folded.low_bytes().zip(spelled.low_bytes());
    let mut letters: Vec<(u8, u8)> = letters.collect();
    if has_article(&letters[..proclitics]) {
        mark_feminine(&mut letters);
    }
    letters.drain(..proclitics);
    let step = |word: PackedWord| {
        let written = as_written(&letters, word).or(is_verb.then(|| unknown(word)))?;
        Some(SpelledStep {
            folded: word,
            written,
            has_pronoun: enclitics > 0,
            is_verb,
        })
    };
    path.iter().copied().filter_map(step).collect()
}

/// Whether proclitics end with the article.
fn has_article(proclitics: &[(u8, u8)]) -> bool {
    let is = |letter: u8, wanted| Some(letter) == low_byte(wanted);
    match proclitics {
        [.., (first, _), (last, _)] => is(*last, 'ل') && (is(*first, 'ا') || is(*first, 'ل')),
        _ => false,
    }
}

/// Replaces a last `ه` by `ة`. A word with the article has no pronoun, so a hasty writer has typed it.
fn mark_feminine(letters: &mut [(u8, u8)]) {
    if let (Some((_, last)), Some(teh)) = (letters.last_mut(), low_byte('ة'))
        && Some(*last) == low_byte('ه')
    {
        *last = teh;
    }
}

/// Returns `word` as the stemmed word spells it. `letters` has the letters of the stemmed word after
/// its proclitics, each folded and as written. The stemmer may have replaced the last two.
fn as_written(letters: &[(u8, u8)], word: PackedWord) -> Option<PackedWord> {
    let count = word.letter_count();
    let mut written = PackedWord::NONE;
    let mut is_replaced = false;
    for (index, own) in word.low_bytes().enumerate() {
        let is_end = index + 1 == count;
        // Before an ending, `ة` is written as `ت`.
        if is_end && word.last() == HEH && begins_with_teh(&letters[index.min(letters.len())..]) {
            return written.then_letter(low_byte('ة')?);
        }
        let found = letters.get(index).filter(|(folded, _)| *folded == own);
        is_replaced |= found.is_none();
        if is_replaced && index + 2 < count {
            return None;
        }
        // Before an ending, `ى` is written as `ي`, and `ه` may be any letter.
        let hides_spelling = is_end && letters.len() > count && [HEH, YEH].contains(&word.last());
        let letter = found.filter(|_| !is_replaced && !hides_spelling);
        written = written.then_letter(letter.map_or(low_byte(UNKNOWN)?, |(_, letter)| *letter))?;
    }
    Some(written)
}

/// Whether an ending has changed a `ة` to these letters: to `ت`, or to `ات`.
fn begins_with_teh(letters: &[(u8, u8)]) -> bool {
    let teh = low_byte('ت');
    let is_teh = |letter: Option<&(u8, u8)>| letter.is_some_and(|(folded, _)| Some(*folded) == teh);
    let is_alef = letters.first().map(|(folded, _)| *folded) == low_byte('ا');
    is_teh(letters.first()) || is_alef && is_teh(letters.get(1))
}

/// Returns a word of unknown letters, as long as `word`.
fn unknown(word: PackedWord) -> PackedWord {
    let letters = (0..word.letter_count()).map(|_| UNKNOWN);
    PackedWord::pack_chars(letters).unwrap_or(PackedWord::NONE)
}

impl SpelledStep {
    /// Whether the known letters of the word are those of this spelling of [`folded`](Self::folded).
    /// One of them must be a letter that folding changes. The usual spelling needs none before a
    /// pronoun, and none in a weak verb.
    fn has_spelling(&self, spelling: PackedWord, usual: PackedWord) -> bool {
        let unknown = low_byte(UNKNOWN);
        let letters = || self.written.low_bytes().zip(spelling.low_bytes());
        let mut shown = letters().zip(self.folded.low_bytes());
        // A verb whose perfect ends in `ى` shows it in no other form.
        let is_weak_verb = self.is_verb && Some(spelling.last()) == PackedWord::pack("ى");
        let may_be_usual = self.has_pronoun || is_weak_verb;
        letters().all(|(own, expected)| own == expected || Some(own) == unknown)
            && (may_be_usual && spelling == usual
                || shown.any(|((own, expected), folded)| own == expected && expected != folded))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::*;
    use crate::model::Counts;
    use crate::{Analyzer, fold::folded, form};

    /// A model that separates `آلية` from `إليه`, `مبنى` from `مبني`, `على` from `علي` and `مكتبة`
    /// from `مكتبه`.
    fn analyzer() -> Analyzer {
        let mut counts = Counts::default();
        for (word, count) in [
            ("إليه", 90),
            ("إلى", 200),
            ("آلية", 20),
            ("الآلية", 20),
            ("آليات", 20),
            ("مبني", 20),
            ("مبنى", 30),
            ("على", 200),
            ("علي", 20),
            ("عليها", 30),
            ("مكتب", 30),
            ("مكتبه", 30),
            ("مكتبة", 20),
            ("مكتبات", 20),
        ] {
            (0..count).for_each(|_| counts.add(&folded(word), word));
        }
        let separated = [
            ("آلية", "اليه"),
            ("مبنى", "مبني"),
            ("على", "علي"),
            ("مكتبة", "مكتبه"),
        ];
        Analyzer::new(Arc::new(counts.finish(100).separating(separated)))
    }

    fn stem(analyzer: &Analyzer, word: &str) -> String {
        analyzer.analyze(word).pop().expect("a word").stem
    }

    #[test]
    fn a_separated_spelling_is_the_stem_of_its_forms() {
        let analyzer = analyzer();
        for warm in [false, true] {
            for (word, expected) in [
                ("آلية", "آلية"),
                ("الآلية", "آلية"),
                ("إليه", "الي"),
                ("اليه", "الي"),
                ("مبنى", "مبنى"),
                ("مبني", "مبني"),
                ("مبناها", "مبنى"),
                ("على", "على"),
                ("عليها", "على"),
                ("علي", "علي"),
                ("مكتبة", "مكتبة"),
                ("مكتبات", "مكتبة"),
                ("مكتبه", "مكتب"),
            ] {
                assert_eq!(stem(&analyzer, word), expected, "{word}, warm: {warm}");
            }
            analyzer.warm();
        }
    }

    #[test]
    fn a_hasty_spelling_may_stand_for_a_separated_one() {
        let analyzer = analyzer();
        let others = |word: &str| {
            let others = analyzer.other_stems(word).into_iter();
            others.map(|other| other.stem).collect::<Vec<_>>()
        };
        assert_eq!(others("الية"), ["آلية"]);
        assert_eq!(others("مكتبه"), ["مكتبة"]);
        assert_eq!(others("إليه"), [""; 0]);
        assert_eq!(others("علي"), [""; 0]);
    }

    proptest! {
        #[test]
        fn a_form_has_the_stem_of_its_word(word in "[وبل]{0,2}(ال)?[آأإا]?[لمبعك][ىيهةاتن]{0,4}|.{0,5}") {
            for analyzer in [analyzer(), Analyzer::new(Model::base())] {
                for token in analyzer.analyze(&word).iter().filter(|token| token.kind == crate::TokenKind::Arabic) {
                    let written = token.span.slice(&word);
                    let form = form(token.kind, written, &token.surface, &mut String::new()).to_owned();
                    prop_assert_eq!(analyzer.stem_of_form(&form), token.stem.clone(), "{}", written);
                }
            }
        }
    }
}
