//! Brings the forms of a verb together: the perfect with its endings (`كتبت`, `كتبوا`) and the imperfect (`يكتب`, `تكتب`,
//! `سيكتبون`) give the perfect of the third person (`كتب`), where the counts attest both. The classes of weak verbs whose
//! letters change by rule are followed (`يقول`, `قال`; `يصل`, `وصل`; `يشير`, `أشار`); irregular ones stay apart.

use super::evidence::Evidence;
use super::proclitic::AL;
use super::suffix::strip_inflection;
use crate::model::letters::Letters;

const ALEF: Letters = Letters::of("ا");
const SEEN: Letters = Letters::of("س");
const TEH: Letters = Letters::of("ت");
const HEH: Letters = Letters::of("ه");
/// The end of a feminine noun that is mine.
const MY_FEMININE: Letters = Letters::of("تي");
const NOON: Letters = Letters::of("ن");
const WAW: Letters = Letters::of("و");
const WAW_HAMZA: Letters = Letters::of("ؤ");
const YEH: Letters = Letters::of("ي");
const WAW_ALEF: Letters = Letters::of("وا");

/// The prefixes of the future where `س` is not spoken.
const COLLOQUIAL_FUTURES: [Letters; 2] = [Letters::of("ح"), Letters::of("ه")];

/// Endings of the perfect.
const PERFECT_ENDINGS: [Letters; 4] = [TEH, WAW_ALEF, Letters::of("تا"), Letters::of("نا")];

/// Endings of the imperfect in the plural and the dual.
const IMPERFECT_ENDINGS: [Letters; 3] = [Letters::of("ون"), WAW_ALEF, Letters::of("ان")];

/// The longest list of perfects that one imperfect may have.
const MAX_PERFECTS: usize = 4;

/// What is left of a verb.
pub(super) struct Verb {
    pub(super) perfect: Letters,
    /// Whether the `س` of the future was taken off.
    pub(super) is_future: bool,
}

/// The perfect of a verb; any other word as it is.
pub(super) fn to_perfect(seen: Evidence<'_>, word: Letters) -> Verb {
    if is_noun(seen, word) {
        return Verb {
            perfect: word,
            is_future: false,
        };
    }
    let future = without_future(seen, word);
    let imperfect = future.unwrap_or(word);
    let perfect = of_imperfect(seen, imperfect)
        .or_else(|| of_perfect(seen, imperfect))
        .unwrap_or(imperfect);
    Verb {
        perfect,
        is_future: future.is_some(),
    }
}

/// Whether the word, or what it was before an ending, is more a noun than a verb.
fn is_noun(seen: Evidence<'_>, word: Letters) -> bool {
    // Verbal nouns begin like imperfects: `تدخل` is "she enters" and, far more often in the news, "intervention". Where
    // the imperfect with `ي` is as common and the article rare, it is the verb: `تشارك`.
    let is_verb = word
        .strip_prefix(TEH)
        .is_some_and(|body| seen.outweighs(YEH.then(body), 1.0, word));
    if is_verb && !seen.outweighs(AL.then(word), 0.1, word) {
        return false;
    }
    seen.takes_article(word) || seen.takes_article(strip_inflection(seen, word))
}

/// Takes off the `س` of the future, and the `ح` or `ه` that it is in the speech of Egypt and its neighbours.
fn without_future(seen: Evidence<'_>, word: Letters) -> Option<Letters> {
    let is_imperfect = |rest: &Letters| [YEH, TEH, NOON].contains(&rest.first());
    if let Some(imperfect) = word.strip_prefix(SEEN) {
        let is_attested = imperfect.letter_count() >= 3 && seen.outweighs(imperfect, 0.3, word);
        return Some(imperfect).filter(is_imperfect).filter(|_| is_attested);
    }
    let imperfect = COLLOQUIAL_FUTURES
        .iter()
        .find_map(|prefix| word.strip_prefix(*prefix))
        .filter(is_imperfect)?;
    // Nouns and names begin so as well: `هيئة`, `هيمنة`, `حياتي` of `حياة`.
    let is_attested = imperfect.letter_count() >= 4 && seen.outweighs(imperfect, 3.0, word);
    let other_person = if imperfect.first() == YEH { TEH } else { YEH }
        .then(imperfect.strip_prefix(imperfect.first())?);
    let is_verb = seen.outweighs(other_person, 0.05, imperfect) && !seen.takes_article(imperfect);
    let is_noun = word
        .strip_suffix(MY_FEMININE)
        .is_some_and(|noun| seen.count(noun.then(HEH)) > 0);
    Some(imperfect).filter(|_| is_attested && is_verb && !is_noun)
}

/// The perfect of a perfect with an ending.
pub(super) fn of_perfect(seen: Evidence<'_>, word: Letters) -> Option<Letters> {
    PERFECT_ENDINGS.iter().find_map(|ending| {
        let rest = word
            .strip_suffix(*ending)
            .filter(|rest| rest.letter_count() >= 2)?;
        let weak = [YEH, ALEF].map(|last| rest.then(last));
        [rest, weak[0], weak[1]]
            .into_iter()
            .filter(|perfect| perfect.letter_count() >= 3 || *ending == TEH)
            .filter(|perfect| seen.outweighs(*perfect, 0.1, word) && is_verb(seen, *perfect))
            .max_by_key(|perfect| seen.count(*perfect))
    })
}

/// Whether an imperfect of `perfect` was seen.
fn is_verb(seen: Evidence<'_>, perfect: Letters) -> bool {
    seen.count(perfect.then(WAW_ALEF)) > 0
        || bodies(perfect)
            .into_iter()
            .any(|body| body != Letters::NONE && seen.count(YEH.then(body)) > 0)
}

/// The imperfect of `perfect` without its prefix, as far as the class of the verb can be told from the letters.
fn bodies(perfect: Letters) -> [Letters; 6] {
    let without_alef = perfect
        .strip_prefix(ALEF)
        .filter(|body| body.letter_count() >= 3)
        .unwrap_or(Letters::NONE);
    let assimilated = perfect
        .strip_prefix(WAW)
        .filter(|body| body.letter_count() == 2)
        .unwrap_or(Letters::NONE);
    let [waw, yeh] = [WAW, YEH].map(|weak| replace_middle(perfect, ALEF, weak));
    let hollow = if without_alef == Letters::NONE {
        yeh
    } else {
        replace_middle(without_alef, ALEF, YEH)
    };
    let hamza = perfect
        .strip_prefix(ALEF)
        .map_or(Letters::NONE, |body| WAW_HAMZA.then(body));
    [perfect, without_alef, assimilated, waw, hollow, hamza]
}

/// The perfect of an imperfect, if it is attested; the imperfect of the third person if only that is.
fn of_imperfect(seen: Evidence<'_>, word: Letters) -> Option<Letters> {
    let singular = IMPERFECT_ENDINGS.iter().find_map(|ending| {
        let rest = word
            .strip_suffix(*ending)
            .filter(|rest| rest.letter_count() >= 3)?;
        [rest, rest.then(YEH), rest.then(WAW)]
            .into_iter()
            .find(|singular| seen.outweighs(*singular, 0.3, word))
    });
    let word = singular.unwrap_or(word);
    let prefix = word.first();
    // The first person begins with an alef, and so do other perfects and nouns.
    if ![YEH, TEH, NOON, ALEF].contains(&prefix) || word.letter_count() < 3 {
        return None;
    }
    let body = word.strip_prefix(prefix)?;
    let imperfect = YEH.then(body);
    let share = if prefix == ALEF { 1.0 } else { 0.2 };
    if prefix != YEH && !seen.outweighs(imperfect, share, word)
        || prefix == ALEF && as_verb(seen, word) > 0
    {
        return None;
    }
    perfect_of(seen, imperfect, body).or(Some(imperfect).filter(|_| prefix != ALEF))
}

/// The best attested perfect of the imperfect that is `ي` and `body`.
fn perfect_of(seen: Evidence<'_>, imperfect: Letters, body: Letters) -> Option<Letters> {
    perfects(body)
        .into_iter()
        .filter(|perfect| perfect.letter_count() >= 2)
        .map(|perfect| (as_verb(seen, perfect), perfect))
        .filter(|(count, _)| *count > 0 && f64::from(*count) >= 0.1 * seen.weight(imperfect))
        .max_by_key(|(count, _)| *count)
        .map(|(_, perfect)| perfect)
}

/// How often the perfect was seen that is surely a verb.
fn as_verb(seen: Evidence<'_>, perfect: Letters) -> u32 {
    let with_endings = [TEH, WAW_ALEF]
        .map(|ending| seen.count(perfect.then(ending)))
        .iter()
        .sum();
    if with_endings == 0 || seen.takes_article(perfect) {
        with_endings
    } else {
        seen.count(perfect) + with_endings
    }
}

/// The perfects that an imperfect without its prefix may have.
fn perfects(body: Letters) -> [Letters; MAX_PERFECTS] {
    if let Some(rest) = body.strip_prefix(WAW_HAMZA) {
        return [ALEF.then(rest), body, Letters::NONE, Letters::NONE];
    }
    let mut perfects = [body, ALEF.then(body), Letters::NONE, Letters::NONE];
    match body.letter_count() {
        2 => perfects[2] = WAW.then(body),
        3 => {
            let hollow = [WAW, YEH].map(|weak| replace_middle(body, weak, ALEF));
            perfects[2] = if hollow[0] == Letters::NONE {
                hollow[1]
            } else {
                hollow[0]
            };
            perfects[3] = if hollow[1] == Letters::NONE {
                Letters::NONE
            } else {
                ALEF.then(hollow[1])
            };
        }
        _ => {
            let hollow = replace_middle(body, YEH, ALEF);
            perfects[2] = if hollow == Letters::NONE {
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

/// The word with its last letter but one replaced, if that is `from`; else `NONE`.
fn replace_middle(word: Letters, from: Letters, to: Letters) -> Letters {
    let last = word.last();
    let middle = word
        .strip_suffix(last)
        .filter(|_| word.letter_count() >= 3)
        .and_then(|rest| rest.strip_suffix(from));
    middle.map_or(Letters::NONE, |rest| rest.then(to).then(last))
}
