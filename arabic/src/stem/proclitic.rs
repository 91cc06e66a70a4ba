//! Splits off what is written together with the next word: `و ف` "and", `ب ل ك` "in, for, like", and the article `ال`.
//! In doubt the word stays whole: a noun that merely begins with such a letter (`وزير`, `بيان`, `لجنة`) is the common case.

use super::evidence::Evidence;
use super::{suffix, verb};
use crate::model::letters::Letters;

/// The article.
pub(super) const AL: Letters = Letters::of("ال");
const LIL: Letters = Letters::of("لل");
/// Spellings of the article before which a proclitic may stand.
const ARTICLED: [Letters; 2] = [AL, LIL];
const WAW: Letters = Letters::of("و");
const FEH: Letters = Letters::of("ف");
const BEH: Letters = Letters::of("ب");
const LAM: Letters = Letters::of("ل");
const KAF: Letters = Letters::of("ك");
const TEH: Letters = Letters::of("ت");
const ALEF: Letters = Letters::of("ا");
const YEH: Letters = Letters::of("ي");

const ALLAH: Letters = Letters::of("الله");
/// `ل` and `الله`, whose spelling leaves out more than the article's alef.
pub(super) const LILLAH: Letters = Letters::of("لله");

/// Function words whose `ال` is no article, and the name of God; folded.
const FUNCTION_WORDS: [Letters; 9] = [
    ALLAH,
    Letters::of("الذي"),
    Letters::of("التي"),
    Letters::of("الذين"),
    Letters::of("اللذين"),
    Letters::of("اللتين"),
    Letters::of("الي"),
    Letters::of("الا"),
    Letters::of("الان"),
];

/// A proclitic of one letter.
struct Proclitic {
    letter: Letters,
    /// How common the rest must be, as a share of the word's own count.
    share: f64,
    /// `و ف` stand before anything; `ب ل ك` only before a noun.
    is_conjunction: bool,
}

const PROCLITICS: [Proclitic; 5] = [
    Proclitic {
        letter: WAW,
        share: 0.05,
        is_conjunction: true,
    },
    Proclitic {
        letter: FEH,
        share: 0.3,
        is_conjunction: true,
    },
    Proclitic {
        letter: BEH,
        share: 0.1,
        is_conjunction: false,
    },
    Proclitic {
        letter: LAM,
        share: 0.1,
        is_conjunction: false,
    },
    Proclitic {
        letter: KAF,
        share: 0.5,
        is_conjunction: false,
    },
];

/// What is left of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// A function word: nothing more to strip.
    Function(Letters),
    /// A noun or adjective that had the article, hence no pronoun after it and nothing of a verb.
    Definite(Letters),
    /// Any other word.
    Open(Letters),
}

impl Split {
    fn of_rest(rest: Letters) -> Self {
        match rest {
            LILLAH => Self::Function(ALLAH),
            word if FUNCTION_WORDS.contains(&word) => Self::Function(word),
            word => Self::Open(word),
        }
    }

    /// The word without its proclitics.
    pub(super) fn rest(self) -> Letters {
        let (Self::Function(rest) | Self::Definite(rest) | Self::Open(rest)) = self;
        rest
    }
}

/// Splits off the proclitics that the counts confirm.
pub(super) fn split(seen: Evidence<'_>, word: Letters) -> Split {
    let whole = Split::of_rest(word);
    if word.letter_count() < 4 || whole != Split::Open(word) {
        return whole;
    }
    if let Some(noun) = word.strip_prefix(AL) {
        return if has_article(seen, word, noun) {
            Split::Definite(noun)
        } else {
            whole
        };
    }
    if let Some(noun) = word.strip_prefix(LIL) {
        let definite = AL.then(noun);
        // `للقاء` is `ل` and `لقاء`: what is written `القاء` begins with a hamza, not with the article.
        let is_definite =
            seen.outweighs(definite, 0.1, word) && seen.begins_with_bare_alef(definite);
        if is_definite || seen.outweighs(noun, 1.0, word) {
            return match Split::of_rest(definite) {
                Split::Function(definite) => Split::Function(definite),
                Split::Definite(_) | Split::Open(_) => Split::Definite(noun),
            };
        }
    }
    PROCLITICS
        .iter()
        .find_map(|proclitic| Some((proclitic, word.strip_prefix(proclitic.letter)?)))
        .and_then(|(proclitic, rest)| split_letter(seen, word, proclitic, rest))
        .unwrap_or(whole)
}

/// Whether the `ال` that `word` begins with is the article of `noun`.
fn has_article(seen: Evidence<'_>, word: Letters, noun: Letters) -> bool {
    // A hamza on the alef, as in `ألمانيا`, makes it a letter of the word itself.
    if !seen.begins_with_bare_alef(word) {
        return false;
    }
    let is_seen = seen.outweighs(noun, 0.05, word) || seen.outweighs(LIL.then(noun), 0.05, word);
    // Verbs of the form VIII from roots in `ل`, and their verbal nouns: `التزم`, `يلتزم`, `الالتزام`.
    let is_own = || noun.first() == TEH && is_form_viii(seen, word);
    let is_perfect = noun.first() == TEH && seen.outweighs(YEH.then(LAM).then(noun), 0.2, word);
    is_seen && !is_perfect || noun.letter_count() >= 3 && !is_own()
}

/// Whether the word is, before some ending, seen with the article or as an imperfect of its own.
fn is_form_viii(seen: Evidence<'_>, word: Letters) -> bool {
    let shortest = word.letter_count().saturating_sub(3).max(5);
    (shortest..=word.letter_count())
        .map(|letter_count| word.take(letter_count))
        .any(|base| {
            let imperfect = base
                .strip_prefix(ALEF)
                .map_or(Letters::NONE, |body| YEH.then(body));
            seen.takes_article(base) || seen.count(imperfect) > 0
        })
}

/// Splits off one letter, with what the rest begins with; `None` if the letter belongs to the word.
fn split_letter(
    seen: Evidence<'_>,
    word: Letters,
    proclitic: &Proclitic,
    rest: Letters,
) -> Option<Split> {
    if proclitic.letter != LAM && is_definite(seen, word, rest) {
        return Some(split(seen, rest));
    }
    if proclitic.is_conjunction && rest.letter_count() >= 4 && is_attested_lil(seen, rest) {
        let inner = split(seen, rest);
        if !matches!(inner, Split::Open(_)) {
            return Some(inner);
        }
    }
    if is_noun(seen, word) || is_perfect(seen, word, rest) {
        return None;
    }
    let begins_with_preposition = [BEH, LAM, KAF].contains(&rest.first());
    if proclitic.is_conjunction && begins_with_preposition && rest.letter_count() >= 4 {
        let inner = split(seen, rest);
        let is_attested = seen.outweighs(rest, 0.2 * proclitic.share, word)
            || seen.outweighs(inner.rest(), 5.0 * proclitic.share, word);
        if inner.rest() != rest && is_attested {
            return Some(inner);
        }
    }
    let is_set_phrase = || {
        !proclitic.is_conjunction
            && seen.outweighs(AL.then(rest), 0.01, word)
            && seen.outweighs(rest, 0.01, word)
            && ARTICLED
                .iter()
                .all(|article| seen.count(article.then(word)) == 0)
    };
    let is_attested = rest.letter_count() >= 3
        && (seen.outweighs(rest, proclitic.share, word) || is_set_phrase());
    if !is_attested || !(proclitic.is_conjunction || is_nominal(seen, word, rest)) {
        return None;
    }
    Some(if rest.strip_prefix(AL).is_some() {
        split(seen, rest)
    } else {
        Split::of_rest(rest)
    })
}

/// Whether the word, or what it was before an ending, takes the article itself.
fn is_noun(seen: Evidence<'_>, word: Letters) -> bool {
    if seen.takes_article(word) {
        return true;
    }
    let base = suffix::strip_enclitic(seen, word).map(|(base, _)| base);
    let singular = Some(suffix::strip_inflection(seen, word)).filter(|base| *base != word);
    [base, singular]
        .into_iter()
        .flatten()
        .any(|base| seen.takes_article(base))
}

/// Whether the word is a perfect with an ending, and commoner than the rest: `وجدت` is of `وجد`, `وتمت` is `و` and `تمت`.
fn is_perfect(seen: Evidence<'_>, word: Letters, rest: Letters) -> bool {
    let base = suffix::strip_enclitic(seen, word).map_or(word, |(base, _)| base);
    !seen.outweighs(rest, 1.0, word)
        && [word, base]
            .iter()
            .any(|word| verb::of_perfect(seen, *word).is_some())
}

/// Whether what follows the proclitic of `word` is a noun with the article.
fn is_definite(seen: Evidence<'_>, word: Letters, rest: Letters) -> bool {
    let Some(noun) = rest
        .strip_prefix(AL)
        .filter(|noun| noun.letter_count() >= 2)
    else {
        return false;
    };
    let is_common = seen.outweighs(rest, 0.2, word);
    // Set phrases (`بالقرب`, `بالنسبة`) outnumber the noun with the article alone, not the noun.
    let is_common_bare =
        || noun.letter_count() >= 3 && seen.outweighs(rest, 0.01, word) && !is_noun(seen, word);
    (is_common || is_common_bare()) && seen.begins_with_bare_alef(rest)
}

/// Whether `rest`, which follows `ب ل ك` in `word`, shows the signs of a noun.
fn is_nominal(seen: Evidence<'_>, word: Letters, rest: Letters) -> bool {
    seen.outweighs(AL.then(rest), 0.02, word)
        || seen.outweighs(rest, 3.0, word)
        || seen.ends_in_teh_marbuta(rest)
        || [BEH, LAM]
            .iter()
            .all(|preposition| seen.outweighs(preposition.then(rest), 0.02, word))
}

/// Whether the word is `لل` before a noun that was seen so or with the article.
fn is_attested_lil(seen: Evidence<'_>, word: Letters) -> bool {
    word.strip_prefix(LIL)
        .is_some_and(|noun| seen.count(word) > 0 || seen.count(AL.then(noun)) > 0)
}
