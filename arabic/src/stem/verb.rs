//! Unites the forms of a verb: the perfect with its endings (`كتبت`, `كتبوا`) and the imperfect
//! (`يكتب`, `تكتب`, `سيكتبون`). They become the perfect of the third person (`كتب`), if the counts
//! contain both. Weak verbs whose letters change by rule are included (`يقول`, `قال`; `يصل`, `وصل`;
//! `يشير`, `أشار`). Irregular verbs are not.

use super::evidence::{AL, CountEvidence};
use super::suffix::strip_inflection;
use crate::model::packed_word::PackedWord;

const ALEF: PackedWord = PackedWord::of("ا");
const SEEN: PackedWord = PackedWord::of("س");
const TEH: PackedWord = PackedWord::of("ت");
const HEH: PackedWord = PackedWord::of("ه");
/// The end of a feminine noun with the pronoun "my".
const MY_FEMININE: PackedWord = PackedWord::of("تي");
const NOON: PackedWord = PackedWord::of("ن");
const WAW: PackedWord = PackedWord::of("و");
const WAW_HAMZA: PackedWord = PackedWord::of("ؤ");
const YEH: PackedWord = PackedWord::of("ي");
const WAW_ALEF: PackedWord = PackedWord::of("وا");

/// The colloquial prefixes that mark the future.
const COLLOQUIAL_FUTURES: [PackedWord; 2] = [PackedWord::of("ح"), PackedWord::of("ه")];

/// The endings of the perfect.
const PERFECT_ENDINGS: [PackedWord; 4] =
    [TEH, WAW_ALEF, PackedWord::of("تا"), PackedWord::of("نا")];

/// The endings of the imperfect in the plural and the dual.
const IMPERFECT_ENDINGS: [PackedWord; 3] = [PackedWord::of("ون"), WAW_ALEF, PackedWord::of("ان")];

/// The maximum number of possible perfects of one imperfect.
const MAX_PERFECTS: usize = 4;

/// A word after the affixes of a verb have been removed.
pub(super) struct Verb {
    pub(super) perfect: PackedWord,
    /// Whether a prefix that marks the future was removed.
    pub(super) is_future: bool,
}

/// Returns the perfect of a verb. Any other word is returned unchanged.
pub(super) fn to_perfect(evidence: CountEvidence<'_>, word: PackedWord) -> Verb {
    if is_noun(evidence, word) {
        return Verb {
            perfect: word,
            is_future: false,
        };
    }
    let future = without_future(evidence, word);
    let imperfect = future.unwrap_or(word);
    let perfect = of_imperfect(evidence, imperfect)
        .or_else(|| of_perfect(evidence, imperfect))
        .unwrap_or(imperfect);
    Verb {
        perfect,
        is_future: future.is_some(),
    }
}

/// Whether the word, with or without an ending, is a noun and not a verb.
fn is_noun(evidence: CountEvidence<'_>, word: PackedWord) -> bool {
    // Verbal nouns begin like imperfects: `تدخل` is "she enters" and, far more often in the news,
    // "intervention". It is the verb if the imperfect with `ي` is as common and the article rare:
    // `تشارك`.
    let is_verb = word
        .strip_prefix(TEH)
        .is_some_and(|body| evidence.outweighs(YEH.then(body), 1.0, word));
    if is_verb && !evidence.outweighs(AL.then(word), 0.1, word) {
        return false;
    }
    evidence.takes_article(word) || evidence.takes_article(strip_inflection(evidence, word))
}

/// Removes the `س` that marks the future, or the `ح` or `ه` of Egyptian and neighbouring dialects.
fn without_future(evidence: CountEvidence<'_>, word: PackedWord) -> Option<PackedWord> {
    let is_imperfect = |rest: &PackedWord| [YEH, TEH, NOON].contains(&rest.first());
    if let Some(imperfect) = word.strip_prefix(SEEN) {
        let is_attested = imperfect.letter_count() >= 3 && evidence.outweighs(imperfect, 0.3, word);
        return Some(imperfect).filter(is_imperfect).filter(|_| is_attested);
    }
    let imperfect = COLLOQUIAL_FUTURES
        .iter()
        .find_map(|prefix| word.strip_prefix(*prefix))
        .filter(is_imperfect)?;
    // Nouns and names also begin with these letters: `هيئة`, `هيمنة`, `حياتي` of `حياة`.
    let is_attested = imperfect.letter_count() >= 4 && evidence.outweighs(imperfect, 3.0, word);
    let other_person = if imperfect.first() == YEH { TEH } else { YEH }
        .then(imperfect.strip_prefix(imperfect.first())?);
    let is_verb =
        evidence.outweighs(other_person, 0.05, imperfect) && !evidence.takes_article(imperfect);
    let is_noun = word
        .strip_suffix(MY_FEMININE)
        .is_some_and(|noun| evidence.count(noun.then(HEH)) > 0);
    Some(imperfect).filter(|_| is_attested && is_verb && !is_noun)
}

/// Returns the perfect without its ending; `None` if the word is no perfect with an ending.
pub(super) fn of_perfect(evidence: CountEvidence<'_>, word: PackedWord) -> Option<PackedWord> {
    PERFECT_ENDINGS.iter().find_map(|ending| {
        let rest = word
            .strip_suffix(*ending)
            .filter(|rest| rest.letter_count() >= 2)?;
        let weak = [YEH, ALEF].map(|last| rest.then(last));
        [rest, weak[0], weak[1]]
            .into_iter()
            .filter(|perfect| perfect.letter_count() >= 3 || *ending == TEH)
            .filter(|perfect| {
                evidence.outweighs(*perfect, 0.1, word) && is_verb(evidence, *perfect)
            })
            .max_by_key(|perfect| evidence.count(*perfect))
    })
}

/// Whether the counts contain the plural of `perfect` in `وا`, or an imperfect of it.
fn is_verb(evidence: CountEvidence<'_>, perfect: PackedWord) -> bool {
    evidence.count(perfect.then(WAW_ALEF)) > 0
        || bodies(perfect)
            .into_iter()
            .any(|body| body != PackedWord::NONE && evidence.count(YEH.then(body)) > 0)
}

/// Returns the possible imperfects of `perfect`, without their prefix. There are several because
/// the letters do not always show the class of the verb.
fn bodies(perfect: PackedWord) -> [PackedWord; 6] {
    let without_alef = perfect
        .strip_prefix(ALEF)
        .filter(|body| body.letter_count() >= 3)
        .unwrap_or(PackedWord::NONE);
    let assimilated = perfect
        .strip_prefix(WAW)
        .filter(|body| body.letter_count() == 2)
        .unwrap_or(PackedWord::NONE);
    let [waw, yeh] = [WAW, YEH].map(|weak| replace_middle(perfect, ALEF, weak));
    let hollow = if without_alef == PackedWord::NONE {
        yeh
    } else {
        replace_middle(without_alef, ALEF, YEH)
    };
    let hamza = perfect
        .strip_prefix(ALEF)
        .map_or(PackedWord::NONE, |body| WAW_HAMZA.then(body));
    [perfect, without_alef, assimilated, waw, hollow, hamza]
}

/// Returns the perfect of an imperfect if that perfect occurs. Otherwise returns the imperfect of
/// the third person if that occurs.
fn of_imperfect(evidence: CountEvidence<'_>, word: PackedWord) -> Option<PackedWord> {
    let singular = IMPERFECT_ENDINGS.iter().find_map(|ending| {
        let rest = word
            .strip_suffix(*ending)
            .filter(|rest| rest.letter_count() >= 3)?;
        [rest, rest.then(YEH), rest.then(WAW)]
            .into_iter()
            .find(|singular| evidence.outweighs(*singular, 0.3, word))
    });
    let word = singular.unwrap_or(word);
    let prefix = word.first();
    // The imperfect of the first person begins with an alef, as perfects and nouns may do.
    if ![YEH, TEH, NOON, ALEF].contains(&prefix) || word.letter_count() < 3 {
        return None;
    }
    let body = word.strip_prefix(prefix)?;
    let imperfect = YEH.then(body);
    let share = if prefix == ALEF { 1.0 } else { 0.2 };
    if prefix != YEH && !evidence.outweighs(imperfect, share, word)
        || prefix == ALEF && as_verb(evidence, word) > 0
    {
        return None;
    }
    perfect_of(evidence, imperfect, body).or(Some(imperfect).filter(|_| prefix != ALEF))
}

/// Returns the commonest perfect whose imperfect is `ي` and `body`.
fn perfect_of(
    evidence: CountEvidence<'_>,
    imperfect: PackedWord,
    body: PackedWord,
) -> Option<PackedWord> {
    perfects(body)
        .into_iter()
        .filter(|perfect| perfect.letter_count() >= 2)
        .map(|perfect| (as_verb(evidence, perfect), perfect))
        .filter(|(count, _)| *count > 0 && f64::from(*count) >= 0.1 * evidence.weight(imperfect))
        .max_by_key(|(count, _)| *count)
        .map(|(_, perfect)| perfect)
}

/// Returns how often the perfect occurs in forms that can only be forms of a verb.
fn as_verb(evidence: CountEvidence<'_>, perfect: PackedWord) -> u32 {
    let with_endings = [TEH, WAW_ALEF]
        .map(|ending| evidence.count(perfect.then(ending)))
        .iter()
        .sum();
    if with_endings == 0 || evidence.takes_article(perfect) {
        with_endings
    } else {
        evidence.count(perfect) + with_endings
    }
}

/// Returns the possible perfects of an imperfect, given without its prefix. `NONE` fills the rest.
fn perfects(body: PackedWord) -> [PackedWord; MAX_PERFECTS] {
    if let Some(rest) = body.strip_prefix(WAW_HAMZA) {
        return [ALEF.then(rest), body, PackedWord::NONE, PackedWord::NONE];
    }
    let mut perfects = [body, ALEF.then(body), PackedWord::NONE, PackedWord::NONE];
    match body.letter_count() {
        2 => perfects[2] = WAW.then(body),
        3 => {
            let hollow = [WAW, YEH].map(|weak| replace_middle(body, weak, ALEF));
            perfects[2] = if hollow[0] == PackedWord::NONE {
                hollow[1]
            } else {
                hollow[0]
            };
            perfects[3] = if hollow[1] == PackedWord::NONE {
                PackedWord::NONE
            } else {
                ALEF.then(hollow[1])
            };
        }
        _ => {
            let hollow = replace_middle(body, YEH, ALEF);
            perfects[2] = if hollow == PackedWord::NONE {
                hollow
            } else {
                ALEF.then(hollow)
            };
        }
    }
    if let Some(rest) = body
        .strip_suffix(WAW)
        .filter(|rest| rest.letter_count() >= 2)
    {
        perfects[3] = rest.then(ALEF);
    }
    perfects
}

/// Replaces the last letter but one by `to` if it is `from`. Otherwise returns `NONE`.
fn replace_middle(word: PackedWord, from: PackedWord, to: PackedWord) -> PackedWord {
    let last = word.last();
    let middle = word
        .strip_suffix(last)
        .filter(|_| word.letter_count() >= 3)
        .and_then(|rest| rest.strip_suffix(from));
    middle.map_or(PackedWord::NONE, |rest| rest.then(to).then(last))
}
