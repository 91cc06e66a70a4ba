//! Removes endings of a word: pronouns, plural and dual endings, and the feminine `ه`. The counts
//! must confirm each base, in the spelling that it has without the ending.

use super::evidence::CountEvidence;
use crate::model::packed_word::PackedWord;

const ALEF: PackedWord = PackedWord::of("ا");
const HEH: PackedWord = PackedWord::of("ه");
const YEH: PackedWord = PackedWord::of("ي");
const YEH_HEH: PackedWord = PackedWord::of("يه");
const ALEF_TEH: PackedWord = PackedWord::of("ات");

/// A pronoun that is written onto the end of a word, and the evidence that it requires.
struct Enclitic {
    letters: PackedWord,
    /// The minimum count of the base, as a share of the count of the word with the pronoun.
    share: f64,
}

/// Longer pronouns come first. `نا` and `ك` need more evidence, because they often belong to the
/// word itself (`هنا`, `بنك`).
const ENCLITICS: [Enclitic; 8] = [
    Enclitic {
        letters: PackedWord::of("هما"),
        share: 0.05,
    },
    Enclitic {
        letters: PackedWord::of("ها"),
        share: 0.05,
    },
    Enclitic {
        letters: PackedWord::of("هم"),
        share: 0.05,
    },
    Enclitic {
        letters: PackedWord::of("هن"),
        share: 0.05,
    },
    Enclitic {
        letters: PackedWord::of("نا"),
        share: 2.0,
    },
    Enclitic {
        letters: PackedWord::of("كم"),
        share: 0.05,
    },
    Enclitic {
        letters: HEH,
        share: 0.05,
    },
    Enclitic {
        letters: PackedWord::of("ك"),
        share: 2.0,
    },
];

/// Pairs of endings: how a base ends before a pronoun, and how the same base ends alone.
const RESTORED_ENDINGS: [(PackedWord, PackedWord); 7] = [
    (PackedWord::of("ت"), HEH),
    (ALEF, PackedWord::of("ي")),
    (PackedWord::of("ئ"), PackedWord::of("ء")),
    (PackedWord::of("ؤ"), PackedWord::of("ء")),
    (PackedWord::of("و"), PackedWord::of("وا")),
    (PackedWord::of("و"), PackedWord::of("ون")),
    (PackedWord::of("ي"), PackedWord::of("ين")),
];

/// The dual endings of a noun whose singular ends in `ه`. The singular must be at least as common
/// as the dual.
const TEH_DUALS: [PackedWord; 2] = [PackedWord::of("تين"), PackedWord::of("تان")];

/// The endings of the masculine plural and the dual. The number is the minimum count of the
/// singular, as a share of the word's count.
const PLURALS: [(PackedWord, f64); 3] = [
    (PackedWord::of("ون"), 0.3),
    (PackedWord::of("ين"), 0.3),
    (PackedWord::of("ان"), 1.0),
];

/// Removes the pronoun of a word. Returns the base as it is spelled alone, and the pronoun.
pub(super) fn strip_enclitic(
    evidence: CountEvidence<'_>,
    word: PackedWord,
) -> Option<(PackedWord, PackedWord)> {
    // A word with a pronoun takes no article. `البنك` occurs, so the `ك` of `بنك` belongs to the
    // word.
    if evidence.ends_in_teh_marbuta(word) || evidence.takes_article(word) {
        return None;
    }
    ENCLITICS.iter().find_map(|enclitic| {
        let rest = word.strip_suffix(enclitic.letters)?;
        let is_long_enough = match rest.letter_count() {
            0 | 1 => false,
            2 => evidence.outweighs(rest, 5.0, word),
            _ => true,
        };
        // Folding writes `ة` and the pronoun `ه` alike. For an unseen word, no count shows which of
        // them ends the word.
        let may_be_pronoun = enclitic.letters != HEH || evidence.count(word) > 0;
        let base = Some(rest)
            .filter(|_| is_long_enough && may_be_pronoun)
            .map(|rest| commonest_base(evidence, rest))?;
        Some((base, enclitic.letters)).filter(|_| evidence.outweighs(base, enclitic.share, word))
    })
}

/// Returns the word before a pronoun as it is spelled alone: the commonest of the possible
/// spellings.
fn commonest_base(evidence: CountEvidence<'_>, rest: PackedWord) -> PackedWord {
    let restored = RESTORED_ENDINGS
        .iter()
        .filter_map(|(before, alone)| Some(rest.strip_suffix(*before)?.then(*alone)));
    restored.fold(rest, |best, base| {
        if evidence.count(base) > evidence.count(best) {
            base
        } else {
            best
        }
    })
}

/// Removes the endings of number and gender of a noun or adjective.
pub(super) fn strip_inflection(evidence: CountEvidence<'_>, word: PackedWord) -> PackedWord {
    let once = strip_number(evidence, word).unwrap_or(word);
    let twice = strip_number(evidence, once).unwrap_or(once);
    strip_feminine(evidence, twice).unwrap_or(twice)
}

/// Removes one ending of the plural, the dual or the indefinite accusative. Returns `None` if there
/// is none.
fn strip_number(evidence: CountEvidence<'_>, word: PackedWord) -> Option<PackedWord> {
    let at_least = |letter_count| move |rest: &PackedWord| rest.letter_count() >= letter_count;
    let dual = TEH_DUALS.iter().find_map(|ending| {
        let singular = word.strip_suffix(*ending).filter(at_least(2))?.then(HEH);
        Some(singular).filter(|singular| evidence.outweighs(*singular, 1.0, word))
    });
    if dual.is_some() {
        return dual;
    }
    if let Some(rest) = word.strip_suffix(ALEF_TEH).filter(at_least(3)) {
        let feminine = rest.then(HEH);
        let singular = if evidence.count(rest) > evidence.count(feminine) {
            rest
        } else {
            feminine
        };
        return Some(singular).filter(|singular| evidence.outweighs(*singular, 0.02, word));
    }
    let plural = PLURALS.iter().find_map(|(ending, share)| {
        let singular = word.strip_suffix(*ending).filter(at_least(3))?;
        Some(singular).filter(|singular| evidence.outweighs(*singular, *share, word))
    });
    plural.or_else(|| strip_tanwin(evidence, word))
}

/// Removes the alef of the indefinite accusative, which is common in nouns (`عاما`, `كثيرا`). In
/// other words and in adjectives in `ي`, the base must be commoner than the word: `سوريا` is not a
/// form of `سوري`.
fn strip_tanwin(evidence: CountEvidence<'_>, word: PackedWord) -> Option<PackedWord> {
    let base = word
        .strip_suffix(ALEF)
        .filter(|base| base.letter_count() >= 3)?;
    let is_noun =
        base.last() != YEH && evidence.takes_article(base) && !evidence.takes_article(word);
    Some(base).filter(|base| evidence.outweighs(*base, if is_noun { 0.3 } else { 2.0 }, word))
}

/// Removes the feminine ending. For an adjective in `ي`, the base may be rare; otherwise it must be
/// common. Bases of three letters must be commoner than longer ones, because they are more often
/// separate nouns (`صور`, `صورة`; but `مشترك`, `مشتركة`).
fn strip_feminine(evidence: CountEvidence<'_>, word: PackedWord) -> Option<PackedWord> {
    let base = word
        .strip_suffix(HEH)
        .filter(|base| base.letter_count() >= 3)?;
    let is_relative = word.letter_count() >= 5 && word.strip_suffix(YEH_HEH).is_some();
    let share = match base.letter_count() {
        _ if is_relative => 0.05,
        3 => 1.0,
        _ => 0.25,
    };
    Some(base).filter(|base| evidence.outweighs(*base, share, word))
}
