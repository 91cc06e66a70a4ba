//! Brings the imperfect of a verb (`يكتب`, `تكتب`, `سيكتب`) together with its perfect (`كتب`), where both are attested.
//! Weak verbs change inside and stay apart.

use super::evidence::Evidence;
use crate::analysis::model::letters::Letters;

const ALEF: Letters = Letters::of("ا");
const SEEN: Letters = Letters::of("س");
const TEH: Letters = Letters::of("ت");
const NOON: Letters = Letters::of("ن");
const YEH: Letters = Letters::of("ي");

/// The perfect of an imperfect; any other word as it is.
pub(super) fn to_perfect(seen: Evidence<'_>, word: Letters) -> Letters {
    // Verbal nouns begin like imperfects: `تدخل` is "she enters" and, far more often in the news, "intervention".
    if seen.takes_article(word) {
        return word;
    }
    let imperfect = without_future(seen, word).unwrap_or(word);
    if imperfect.letter_count() < 4 {
        return imperfect;
    }
    if let Some(base) = imperfect.strip_prefix(YEH) {
        return perfect_of(seen, imperfect, base).unwrap_or(imperfect);
    }
    let masculine = imperfect.strip_prefix(TEH).and_then(|base| {
        let masculine = YEH.then(base);
        Some(perfect_of(seen, masculine, base).unwrap_or(masculine))
            .filter(|_| seen.outweighs(masculine, 0.2, imperfect))
    });
    masculine.unwrap_or(imperfect)
}

/// Takes off the `س` of the future.
fn without_future(seen: Evidence<'_>, word: Letters) -> Option<Letters> {
    let imperfect = word.strip_prefix(SEEN).filter(|rest| rest.letter_count() >= 4)?;
    let is_imperfect = [YEH, TEH, NOON].contains(&imperfect.first()) && seen.outweighs(imperfect, 0.3, word);
    Some(imperfect).filter(|_| is_imperfect)
}

/// The perfect of the imperfect that is `ي` and `base`, if it is attested.
fn perfect_of(seen: Evidence<'_>, imperfect: Letters, base: Letters) -> Option<Letters> {
    if seen.outweighs(base, 0.3, imperfect) && seen.count(TEH.then(base)) > 0 {
        return Some(base);
    }
    // The forms VII to X have an alef in the perfect that the imperfect lacks: `يلتزم`, `التزم`.
    let perfect = ALEF.then(base);
    Some(perfect).filter(|perfect| base.letter_count() >= 4 && seen.outweighs(*perfect, 0.2, imperfect))
}
