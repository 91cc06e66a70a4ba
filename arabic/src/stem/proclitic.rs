//! Splits off proclitics: `و ف` "and", `ب ل ك` "in, for, like", and the article `ال`. Without clear
//! evidence the word stays whole, because it is mostly a noun that begins with such a letter
//! (`وزير`, `بيان`, `لجنة`).

use super::evidence::{AL, CountEvidence};
use super::{suffix, verb};
use crate::model::packed_word::PackedWord;

const LIL: PackedWord = PackedWord::of("لل");
/// The article alone and after `ل`.
const ARTICLED: [PackedWord; 2] = [AL, LIL];
const WAW: PackedWord = PackedWord::of("و");
const FEH: PackedWord = PackedWord::of("ف");
const BEH: PackedWord = PackedWord::of("ب");
const LAM: PackedWord = PackedWord::of("ل");
const KAF: PackedWord = PackedWord::of("ك");
const TEH: PackedWord = PackedWord::of("ت");
const ALEF: PackedWord = PackedWord::of("ا");
const YEH: PackedWord = PackedWord::of("ي");

const ALLAH: PackedWord = PackedWord::of("الله");
/// `ل` and `الله`. This spelling omits more letters than the alef of the article.
pub(super) const LILLAH: PackedWord = PackedWord::of("لله");

/// The folded name of God, and folded function words whose `ال` is no article.
const FUNCTION_WORDS: [PackedWord; 9] = [
    ALLAH,
    PackedWord::of("الذي"),
    PackedWord::of("التي"),
    PackedWord::of("الذين"),
    PackedWord::of("اللذين"),
    PackedWord::of("اللتين"),
    PackedWord::of("الي"),
    PackedWord::of("الا"),
    PackedWord::of("الان"),
];

/// A proclitic of one letter, and the evidence that it requires.
struct Proclitic {
    letter: PackedWord,
    /// The minimum count of the rest, as a share of the count of the whole word.
    share: f64,
    /// Whether it may precede any word (`و ف`) or only a noun (`ب ل ك`).
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

/// What remains of a word after its proclitics are split off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Split {
    /// A function word. No other affix is stripped from it.
    Function(PackedWord),
    /// A noun or adjective that had the article. It has no pronoun after it and is no verb.
    Definite(PackedWord),
    /// Any other word.
    Open(PackedWord),
}

impl Split {
    fn of_rest(rest: PackedWord) -> Self {
        match rest {
            LILLAH => Self::Function(ALLAH),
            word if FUNCTION_WORDS.contains(&word) => Self::Function(word),
            word => Self::Open(word),
        }
    }

    /// Returns the word without its proclitics.
    pub(super) fn rest(self) -> PackedWord {
        let (Self::Function(rest) | Self::Definite(rest) | Self::Open(rest)) = self;
        rest
    }
}

/// Returns the word without the proclitics that the counts confirm.
pub(super) fn split(evidence: CountEvidence<'_>, word: PackedWord) -> Split {
    let whole = Split::of_rest(word);
    if word.letter_count() < 4 || whole != Split::Open(word) {
        return whole;
    }
    if let Some(noun) = word.strip_prefix(AL) {
        return if has_article(evidence, word, noun) {
            Split::Definite(noun)
        } else {
            whole
        };
    }
    if let Some(noun) = word.strip_prefix(LIL) {
        let definite = AL.then(noun);
        // `للقاء` is `ل` and `لقاء`, not `ل` and the article: `القاء` is mostly written with a
        // hamza (`إلقاء`), so its `ال` is no article.
        let is_definite =
            evidence.outweighs(definite, 0.1, word) && evidence.begins_with_bare_alef(definite);
        if is_definite || evidence.outweighs(noun, 1.0, word) {
            return match Split::of_rest(definite) {
                Split::Function(definite) => Split::Function(definite),
                Split::Definite(_) | Split::Open(_) => Split::Definite(noun),
            };
        }
    }
    PROCLITICS
        .iter()
        .find_map(|proclitic| Some((proclitic, word.strip_prefix(proclitic.letter)?)))
        .and_then(|(proclitic, rest)| split_letter(evidence, word, proclitic, rest))
        .unwrap_or(whole)
}

/// Whether `word` is `noun` with the article.
fn has_article(evidence: CountEvidence<'_>, word: PackedWord, noun: PackedWord) -> bool {
    // A hamza on the alef, as in `ألمانيا`, shows that the alef belongs to the word.
    if !evidence.begins_with_bare_alef(word) {
        return false;
    }
    let is_seen =
        evidence.outweighs(noun, 0.05, word) || evidence.outweighs(LIL.then(noun), 0.05, word);
    // Verbs of form VIII from roots in `ل`, and their verbal nouns: `التزم`, `يلتزم`, `الالتزام`.
    let is_own = || noun.first() == TEH && is_form_viii(evidence, word);
    let is_perfect = noun.first() == TEH && evidence.outweighs(YEH.then(LAM).then(noun), 0.2, word);
    is_seen && !is_perfect || noun.letter_count() >= 3 && !is_own()
}

/// Whether the word, or its beginning before some ending, occurs with the article or has an
/// imperfect.
fn is_form_viii(evidence: CountEvidence<'_>, word: PackedWord) -> bool {
    let shortest = word.letter_count().saturating_sub(3).max(5);
    (shortest..=word.letter_count())
        .map(|letter_count| word.take(letter_count))
        .any(|base| {
            let imperfect = base
                .strip_prefix(ALEF)
                .map_or(PackedWord::NONE, |body| YEH.then(body));
            evidence.takes_article(base) || evidence.count(imperfect) > 0
        })
}

/// Splits off one letter and any further proclitics after it. Returns `None` if the letter belongs
/// to the word.
fn split_letter(
    evidence: CountEvidence<'_>,
    word: PackedWord,
    proclitic: &Proclitic,
    rest: PackedWord,
) -> Option<Split> {
    if proclitic.letter != LAM && is_definite(evidence, word, rest) {
        return Some(split(evidence, rest));
    }
    if proclitic.is_conjunction && rest.letter_count() >= 4 && is_attested_lil(evidence, rest) {
        let inner = split(evidence, rest);
        if !matches!(inner, Split::Open(_)) {
            return Some(inner);
        }
    }
    if is_noun(evidence, word) || is_perfect(evidence, word, rest) {
        return None;
    }
    let begins_with_preposition = [BEH, LAM, KAF].contains(&rest.first());
    if proclitic.is_conjunction && begins_with_preposition && rest.letter_count() >= 4 {
        let inner = split(evidence, rest);
        let is_attested = evidence.outweighs(rest, 0.2 * proclitic.share, word)
            || evidence.outweighs(inner.rest(), 5.0 * proclitic.share, word);
        if inner.rest() != rest && is_attested {
            return Some(inner);
        }
    }
    let is_set_phrase = || {
        !proclitic.is_conjunction
            && evidence.outweighs(AL.then(rest), 0.01, word)
            && evidence.outweighs(rest, 0.01, word)
            && ARTICLED
                .iter()
                .all(|article| evidence.count(article.then(word)) == 0)
    };
    let is_attested = rest.letter_count() >= 3
        && (evidence.outweighs(rest, proclitic.share, word) || is_set_phrase());
    if !is_attested || !(proclitic.is_conjunction || is_nominal(evidence, word, rest)) {
        return None;
    }
    Some(if rest.strip_prefix(AL).is_some() {
        split(evidence, rest)
    } else {
        Split::of_rest(rest)
    })
}

/// Whether the word occurs with the article, as it is or without an ending.
fn is_noun(evidence: CountEvidence<'_>, word: PackedWord) -> bool {
    if evidence.takes_article(word) {
        return true;
    }
    let base = suffix::strip_enclitic(evidence, word).map(|(base, _)| base);
    let singular = Some(suffix::strip_inflection(evidence, word)).filter(|base| *base != word);
    [base, singular]
        .into_iter()
        .flatten()
        .any(|base| evidence.takes_article(base))
}

/// Whether the word is a perfect with an ending, and commoner than the rest after the proclitic.
/// `وجدت` is a form of `وجد`, but `وتمت` is `و` and `تمت`.
fn is_perfect(evidence: CountEvidence<'_>, word: PackedWord, rest: PackedWord) -> bool {
    let base = suffix::strip_enclitic(evidence, word).map_or(word, |(base, _)| base);
    !evidence.outweighs(rest, 1.0, word)
        && [word, base]
            .iter()
            .any(|word| verb::of_perfect(evidence, *word).is_some())
}

/// Whether `rest`, the part of `word` after its proclitic, is a noun with the article.
fn is_definite(evidence: CountEvidence<'_>, word: PackedWord, rest: PackedWord) -> bool {
    let Some(noun) = rest
        .strip_prefix(AL)
        .filter(|noun| noun.letter_count() >= 2)
    else {
        return false;
    };
    let is_common = evidence.outweighs(rest, 0.2, word);
    // A set phrase (`بالقرب`, `بالنسبة`) is commoner than its noun with the article, but not
    // commoner than the bare noun.
    let is_common_bare = || {
        noun.letter_count() >= 3 && evidence.outweighs(rest, 0.01, word) && !is_noun(evidence, word)
    };
    (is_common || is_common_bare()) && evidence.begins_with_bare_alef(rest)
}

/// Whether the counts show that `rest`, which follows `ب`, `ل` or `ك` in `word`, is a noun.
fn is_nominal(evidence: CountEvidence<'_>, word: PackedWord, rest: PackedWord) -> bool {
    evidence.outweighs(AL.then(rest), 0.02, word)
        || evidence.outweighs(rest, 3.0, word)
        || evidence.ends_in_teh_marbuta(rest)
        || [BEH, LAM]
            .iter()
            .all(|preposition| evidence.outweighs(preposition.then(rest), 0.02, word))
}

/// Whether the word is `لل` before a noun, and the model contains it or the noun with the article.
fn is_attested_lil(evidence: CountEvidence<'_>, word: PackedWord) -> bool {
    word.strip_prefix(LIL)
        .is_some_and(|noun| evidence.count(word) > 0 || evidence.count(AL.then(noun)) > 0)
}
