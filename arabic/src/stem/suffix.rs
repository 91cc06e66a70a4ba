//! Removes endings of a word: pronouns, plural and dual endings, and the feminine `ه`. The counts
//! must confirm each base, in the spelling that it has without the ending.

use super::{ALEF, HEH, YEH, verb};
use crate::{Model, PackedWord};

const YEH_HEH: PackedWord = PackedWord::of("يه");
/// A hamza after `ي`: before an ending, and at the end of a word.
const YEH_SEAT: PackedWord = PackedWord::of("يئ");
const YEH_HAMZA: PackedWord = PackedWord::of("يء");
const ALEF_TEH: PackedWord = PackedWord::of("ات");

/// The pronouns that are written onto the end of a word. Longer pronouns come first.
const ENCLITICS: [PackedWord; 8] = PackedWord::all(["هما", "ها", "هم", "هن", "نا", "كم", "ه", "ك"]);

/// The pronouns that need more evidence, because they often belong to the word itself (`هنا`,
/// `بنك`).
const DOUBTFUL_ENCLITICS: [PackedWord; 2] = PackedWord::all(["نا", "ك"]);

/// Pairs of endings: how a base ends before a pronoun, and how the same base ends alone.
const RESTORED_ENDINGS: [[PackedWord; 2]; 7] = [
    PackedWord::all(["ت", "ه"]),
    PackedWord::all(["ا", "ي"]),
    PackedWord::all(["ئ", "ء"]),
    PackedWord::all(["ؤ", "ء"]),
    PackedWord::all(["و", "وا"]),
    PackedWord::all(["و", "ون"]),
    PackedWord::all(["ي", "ين"]),
];

/// The dual endings of a noun whose singular ends in `ه`. The singular must be at least as common
/// as the dual.
const TEH_DUALS: [PackedWord; 2] = PackedWord::all(["تين", "تان"]);

/// The endings of the masculine plural and the dual. The number is the minimum count of the
/// singular, as a share of the word's count.
const PLURALS: [(PackedWord, f64); 3] = [
    (PackedWord::of("ون"), 0.3),
    (PackedWord::of("ين"), 0.3),
    (PackedWord::of("ان"), 1.0),
];

/// Removes the pronoun of a word. Returns the base as it is spelled alone, and the pronoun.
pub fn strip_enclitic(model: &Model, word: PackedWord) -> Option<(PackedWord, PackedWord)> {
    // A word with a pronoun takes no article. `البنك` occurs, so the `ك` of `بنك` belongs to the
    // word.
    if model.ends_in_teh_marbuta(word) || model.takes_article(word) {
        return None;
    }
    ENCLITICS.into_iter().find_map(|pronoun| {
        let rest = word.strip_suffix(pronoun)?;
        let is_long_enough = match rest.letter_count() {
            0 | 1 => false,
            2 => model.outweighs(rest, 5.0, word),
            _ => true,
        };
        // Folding writes `ة` and the pronoun `ه` alike. For an unseen word, no count shows which of
        // them ends the word.
        let may_be_pronoun = pronoun != HEH || model.count_of(word) > 0;
        if !is_long_enough || !may_be_pronoun {
            return None;
        }
        // The minimum count of the base, as a share of the count of the word with the pronoun.
        let is_doubtful = DOUBTFUL_ENCLITICS.contains(&pronoun);
        let share = if is_doubtful { 2.0 } else { 0.05 };
        let base = model.outweighing(commonest_base(model, rest), share, word)?;
        // `سيساهم` is a future without a pronoun, since `يسى` is no imperfect.
        let is_future = verb::without_future(model, word).is_some();
        let is_base_future = || verb::without_future(model, base).is_some();
        (!is_future || is_base_future()).then_some((base, pronoun))
    })
}

/// Returns the word before a pronoun as it is spelled alone: the commonest of the possible
/// spellings.
fn commonest_base(model: &Model, rest: PackedWord) -> PackedWord {
    let restored = RESTORED_ENDINGS
        .iter()
        .filter_map(|[before, alone]| Some(rest.strip_suffix(*before)?.then(*alone)));
    restored.fold(rest, |best, base| {
        if model.count_of(base) > model.count_of(best) {
            base
        } else {
            best
        }
    })
}

/// The tens from 20 to 90, and dozens. They end like plurals of other numerals, whose plurals they
/// are not.
pub const TENS: [PackedWord; 17] = PackedWord::all([
    "عشرات",
    "عشرون",
    "ثلاثون",
    "اربعون",
    "خمسون",
    "ستون",
    "سبعون",
    "ثمانون",
    "تسعون",
    "عشرين",
    "ثلاثين",
    "اربعين",
    "خمسين",
    "ستين",
    "سبعين",
    "ثمانين",
    "تسعين",
]);

/// Removes the endings of number and gender of a noun or adjective.
pub fn strip_inflection(model: &Model, word: PackedWord) -> PackedWord {
    let [_, _, _, stem] = inflections(model, word);
    stem
}

/// Returns the word, then what is left after one ending of number, after two, and after the
/// feminine ending.
pub fn inflections(model: &Model, word: PackedWord) -> [PackedWord; 4] {
    let once = strip_number(model, word).unwrap_or(word);
    let twice = strip_number(model, once).unwrap_or(once);
    [
        word,
        once,
        twice,
        strip_feminine(model, twice).unwrap_or(twice),
    ]
}

/// Returns the word before an ending as it is spelled alone: `سيء` of `سيئة`.
fn alone(rest: PackedWord) -> PackedWord {
    match rest.strip_suffix(YEH_SEAT) {
        Some(body) => body.then(YEH_HAMZA),
        None => rest,
    }
}

/// Removes one ending of the plural, the dual or the indefinite accusative. Returns `None` if there
/// is none.
fn strip_number(model: &Model, word: PackedWord) -> Option<PackedWord> {
    if TENS.contains(&word) {
        return None;
    }
    let dual = TEH_DUALS.iter().find_map(|ending| {
        let singular = word.strip_suffix(*ending)?.with_at_least(2)?.then(HEH);
        model.outweighing(singular, 1.0, word)
    });
    if dual.is_some() {
        return dual;
    }
    let rest = word.strip_suffix(ALEF_TEH);
    if let Some(rest) = rest.and_then(|rest| rest.with_at_least(3)) {
        let singulars = [alone(rest), rest.then(HEH)].into_iter();
        let singular = singulars
            .filter(|singular| !model.separates(word, *singular))
            .max_by_key(|singular| model.count_of(*singular))?;
        return model.outweighing(singular, 0.02, word);
    }
    let plural = PLURALS.iter().find_map(|(ending, share)| {
        let singular = alone(word.strip_suffix(*ending)?.with_at_least(3)?);
        model.outweighing(singular, *share, word)
    });
    plural.or_else(|| strip_tanwin(model, word))
}

/// Removes the alef of the indefinite accusative, which is common in nouns (`عاما`, `كثيرا`). In
/// other words and in adjectives in `ي`, the base must be commoner than the word: `سوريا` is not a
/// form of `سوري`.
fn strip_tanwin(model: &Model, word: PackedWord) -> Option<PackedWord> {
    let base = alone(word.strip_suffix(ALEF)?.with_at_least(3)?);
    let is_noun = base.last() != YEH && model.takes_article(base) && !model.takes_article(word);
    model.outweighing(base, if is_noun { 0.3 } else { 2.0 }, word)
}

/// Removes the feminine ending. For an adjective in `ي`, the base may be rare; otherwise it must be
/// common. Bases of three letters must be commoner than longer ones, because they are more often
/// separate nouns (`صور`, `صورة`; but `مشترك`, `مشتركة`).
fn strip_feminine(model: &Model, word: PackedWord) -> Option<PackedWord> {
    let base = alone(word.strip_suffix(HEH)?.with_at_least(3)?);
    let is_relative = word.letter_count() >= 5 && word.strip_suffix(YEH_HEH).is_some();
    let share = match base.letter_count() {
        _ if is_relative => 0.05,
        3 => 1.0,
        _ => 0.25,
    };
    model.outweighing(base, share, word)
}
