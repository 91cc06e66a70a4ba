//! Strips what follows the base of a word: the pronouns written with it, the plural and dual endings, the feminine `ه`.
//! Each gives way only to a base that the counts confirm, in the spelling the base has when it stands alone.

use super::evidence::CountEvidence;
use crate::model::packed_word::PackedWord;

const ALEF: PackedWord = PackedWord::of("ا");
const HEH: PackedWord = PackedWord::of("ه");
const YEH: PackedWord = PackedWord::of("ي");
const YEH_HEH: PackedWord = PackedWord::of("يه");
const ALEF_TEH: PackedWord = PackedWord::of("ات");

/// A pronoun written with its word.
struct Enclitic {
    letters: PackedWord,
    /// How common the base must be, as a share of the count of the word with the pronoun.
    share: f64,
}

/// The longer first. `نا` and `ك` end many words of their own (`هنا`, `بنك`).
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

/// How a base may end before a pronoun, and how it ends alone.
const RESTORED_ENDINGS: [(PackedWord, PackedWord); 7] = [
    (PackedWord::of("ت"), HEH),
    (ALEF, PackedWord::of("ي")),
    (PackedWord::of("ئ"), PackedWord::of("ء")),
    (PackedWord::of("ؤ"), PackedWord::of("ء")),
    (PackedWord::of("و"), PackedWord::of("وا")),
    (PackedWord::of("و"), PackedWord::of("ون")),
    (PackedWord::of("ي"), PackedWord::of("ين")),
];

/// The dual of a noun in `ه`, whose singular must be at least as common.
const TEH_DUALS: [PackedWord; 2] = [PackedWord::of("تين"), PackedWord::of("تان")];

/// The masculine plurals and the dual, with how common the singular must be.
const PLURALS: [(PackedWord, f64); 3] = [
    (PackedWord::of("ون"), 0.3),
    (PackedWord::of("ين"), 0.3),
    (PackedWord::of("ان"), 1.0),
];

/// Takes the pronoun off a word: the base with the ending it has alone, and the pronoun.
pub(super) fn strip_enclitic(
    evidence: CountEvidence<'_>,
    word: PackedWord,
) -> Option<(PackedWord, PackedWord)> {
    // A word with a pronoun takes no article: `البنك` says that the `ك` of `بنك` is its own.
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
        // Folding gives `ة` and the pronoun `ه` one shape: of a word never seen nobody knows which it is.
        let may_be_pronoun = enclitic.letters != HEH || evidence.count(word) > 0;
        let base = Some(rest)
            .filter(|_| is_long_enough && may_be_pronoun)
            .map(|rest| commonest_base(evidence, rest))?;
        Some((base, enclitic.letters)).filter(|_| evidence.outweighs(base, enclitic.share, word))
    })
}

/// The word before a pronoun as it is spelt alone; the commonest if it may be several.
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

/// Takes the endings of number and gender off a noun or adjective.
pub(super) fn strip_inflection(evidence: CountEvidence<'_>, word: PackedWord) -> PackedWord {
    let once = strip_number(evidence, word).unwrap_or(word);
    let twice = strip_number(evidence, once).unwrap_or(once);
    strip_feminine(evidence, twice).unwrap_or(twice)
}

/// Takes off one ending of the plural, the dual or the indefinite accusative.
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

/// Takes off the alef of the indefinite accusative, which is common beside a noun (`عاما`, `كثيرا`); else the base must be
/// commoner than the word, and so must an adjective in `ي`, which `سوريا` is not from `سوري`.
fn strip_tanwin(evidence: CountEvidence<'_>, word: PackedWord) -> Option<PackedWord> {
    let base = word
        .strip_suffix(ALEF)
        .filter(|base| base.letter_count() >= 3)?;
    let is_noun =
        base.last() != YEH && evidence.takes_article(base) && !evidence.takes_article(word);
    Some(base).filter(|base| evidence.outweighs(*base, if is_noun { 0.3 } else { 2.0 }, word))
}

/// Takes off the feminine ending: always that of an adjective in `ي`, else only if the base is common by itself. With three
/// letters the two are more often nouns of their own (`صور`, `صورة`) than with more (`مشترك`, `مشتركة`).
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
