//! Unites the forms of a verb: the perfect with its endings (`كتبت`, `كتبوا`) and the imperfect
//! (`يكتب`, `تكتب`, `سيكتبون`). They become the perfect of the third person (`كتب`), if the counts
//! contain both. Weak verbs whose letters change by rule are included (`يقول`, `قال`; `يصل`, `وصل`;
//! `يشير`, `أشار`). Irregular verbs are not.

use super::suffix::strip_inflection;
use super::{AL, ALEF, HEH, TEH, WAW, YEH};
use crate::{Model, PackedWord};

const SEEN: PackedWord = PackedWord::of("س");
/// The end of a feminine noun with the pronoun "my".
const MY_FEMININE: PackedWord = PackedWord::of("تي");
const NOON: PackedWord = PackedWord::of("ن");
const WAW_HAMZA: PackedWord = PackedWord::of("ؤ");
const WAW_ALEF: PackedWord = PackedWord::of("وا");

/// The colloquial prefixes that mark the future.
const COLLOQUIAL_FUTURES: [PackedWord; 2] = PackedWord::all(["ح", "ه"]);

/// The endings of the perfect.
const PERFECT_ENDINGS: [PackedWord; 4] = PackedWord::all(["ت", "وا", "تا", "نا"]);

/// The endings of the imperfect in the plural and the dual.
const IMPERFECT_ENDINGS: [PackedWord; 3] = PackedWord::all(["ون", "وا", "ان"]);

/// Particles of two letters, which are no perfects: `مات` is not `ما` with an ending.
const PARTICLES: [PackedWord; 12] = PackedWord::all([
    "ما", "من", "عن", "لا", "ان", "ام", "او", "اي", "في", "لو", "لم", "لن",
]);

/// An imperfect may be of another verb, too, if this verb's perfect has at least this share of the
/// count of the commonest perfect.
const MIN_OPEN_SHARE: f64 = 0.3;

/// Returns the perfect of a verb, and whether a prefix that marks the future was removed. Any other
/// word is returned unchanged.
pub fn to_perfect(model: &Model, word: PackedWord) -> (PackedWord, bool) {
    if is_noun(model, word) {
        return (word, false);
    }
    let future = without_future(model, word);
    let imperfect = future.unwrap_or(word);
    let perfect = of_imperfect(model, imperfect).or_else(|| of_perfect(model, imperfect));
    (perfect.unwrap_or(imperfect), future.is_some())
}

/// Whether the word, with or without an ending, is a noun and not a verb.
fn is_noun(model: &Model, word: PackedWord) -> bool {
    // Verbal nouns begin like imperfects: `تدخل` is "she enters" and, far more often in the news,
    // "intervention". It is the verb if the imperfect with `ي` is as common and the article rare:
    // `تشارك`.
    let is_verb = word
        .strip_prefix(TEH)
        .is_some_and(|body| model.outweighs(YEH.then(body), 1.0, word));
    if is_verb && !model.outweighs(AL.then(word), 0.1, word) {
        return false;
    }
    model.takes_article(word) || model.takes_article(strip_inflection(model, word))
}

/// Removes the `س` that marks the future, or the `ح` or `ه` of Egyptian and neighbouring dialects.
pub fn without_future(model: &Model, word: PackedWord) -> Option<PackedWord> {
    let is_imperfect = |rest: &PackedWord| [YEH, TEH, NOON].contains(&rest.first());
    if let Some(imperfect) = word.strip_prefix(SEEN) {
        return model
            .outweighing(imperfect.with_at_least(3)?, 0.3, word)
            .filter(is_imperfect);
    }
    let imperfect = COLLOQUIAL_FUTURES
        .iter()
        .find_map(|prefix| word.strip_prefix(*prefix))
        .filter(is_imperfect)?
        .with_at_least(4)?;
    // Nouns and names also begin with these letters: `هيئة`, `هيمنة`, `حياتي` of `حياة`.
    let is_attested = model.outweighs(imperfect, 3.0, word);
    let other_person = if imperfect.first() == YEH { TEH } else { YEH }
        .then(imperfect.strip_prefix(imperfect.first())?);
    let is_verb = model.outweighs(other_person, 0.05, imperfect) && !model.takes_article(imperfect);
    let is_noun = word
        .strip_suffix(MY_FEMININE)
        .is_some_and(|noun| model.count_of(noun.then(HEH)) > 0);
    (is_attested && is_verb && !is_noun).then_some(imperfect)
}

/// Returns the perfect without its ending; `None` if the word is no perfect with an ending.
pub fn of_perfect(model: &Model, word: PackedWord) -> Option<PackedWord> {
    PERFECT_ENDINGS.iter().find_map(|ending| {
        let rest = word.strip_suffix(*ending)?.with_at_least(2)?;
        let perfects = [rest, rest.then(YEH), rest.then(ALEF)]
            .into_iter()
            .filter(|perfect| perfect.letter_count() >= 3 || *ending == TEH)
            .filter(|perfect| !PARTICLES.contains(perfect))
            .filter(|perfect| model.outweighs(*perfect, 0.1, word) && is_verb(model, *perfect));
        let apart = |perfect: &PackedWord| model.separates(word, *perfect);
        let perfect = perfects.clone().filter(|perfect| !apart(perfect));
        let perfect = perfect.max_by_key(|perfect| model.count_of(*perfect));
        // A noun is spelled like the perfect, so the imperfect stands for the verb.
        perfect.or_else(|| {
            perfects
                .filter(apart)
                .find_map(|noun| imperfect_of(model, word, noun))
        })
    })
}

/// Returns the commonest imperfect of `perfect`, if it is also the imperfect of `word`, which is
/// that perfect with an ending.
fn imperfect_of(model: &Model, word: PackedWord, perfect: PackedWord) -> Option<PackedWord> {
    let imperfects = bodies(perfect).into_iter().flatten();
    imperfects
        .map(|body| YEH.then(body))
        .filter(|imperfect| model.outweighs(*imperfect, 0.1, word))
        .filter(|imperfect| !model.separates(word, *imperfect))
        .filter(|imperfect| model.separates(*imperfect, perfect))
        .max_by_key(|imperfect| model.count_of(*imperfect))
}

/// Whether the counts contain the plural of `perfect` in `وا`, or an imperfect of it.
fn is_verb(model: &Model, perfect: PackedWord) -> bool {
    model.count_of(perfect.then(WAW_ALEF)) > 0
        || bodies(perfect)
            .into_iter()
            .flatten()
            .any(|body| model.count_of(YEH.then(body)) > 0)
}

/// Returns the possible imperfects of `perfect`, without their prefix. There are several because
/// the letters do not always show the class of the verb.
fn bodies(perfect: PackedWord) -> [Option<PackedWord>; 6] {
    let after_alef = perfect.strip_prefix(ALEF);
    let without_alef = after_alef.and_then(|body| body.with_at_least(3));
    let assimilated = perfect
        .strip_prefix(WAW)
        .filter(|body| body.letter_count() == 2);
    let waw = replace_middle(perfect, ALEF, WAW);
    let yeh = replace_middle(without_alef.unwrap_or(perfect), ALEF, YEH);
    let hamza = after_alef.map(|body| WAW_HAMZA.then(body));
    [Some(perfect), without_alef, assimilated, waw, yeh, hamza]
}

/// Returns the perfect of an imperfect if that perfect occurs. Otherwise returns the imperfect of
/// the third person if that occurs.
fn of_imperfect(model: &Model, word: PackedWord) -> Option<PackedWord> {
    let imperfect = third_person(model, word)?;
    perfect_of(model, imperfect).or((word.first() != ALEF).then_some(imperfect))
}

/// Returns the imperfect of the third person, masculine and singular, of any imperfect.
pub fn third_person(model: &Model, word: PackedWord) -> Option<PackedWord> {
    let word = without_future(model, word).unwrap_or(word);
    let singular = IMPERFECT_ENDINGS.iter().find_map(|ending| {
        let rest = word.strip_suffix(*ending)?.with_at_least(3)?;
        [rest, rest.then(YEH), rest.then(WAW)]
            .into_iter()
            .find(|singular| model.outweighs(*singular, 0.3, word))
    });
    let word = singular.unwrap_or(word);
    let prefix = word.first();
    // The imperfect of the first person begins with an alef, as perfects and nouns may do.
    if ![YEH, TEH, NOON, ALEF].contains(&prefix) || word.letter_count() < 3 {
        return None;
    }
    let imperfect = YEH.then(word.strip_prefix(prefix)?);
    let share = if prefix == ALEF { 1.0 } else { 0.2 };
    let is_attested = prefix == YEH || model.outweighs(imperfect, share, word);
    let is_perfect = prefix == ALEF && as_verb(model, word) > 0;
    (is_attested && !is_perfect).then_some(imperfect)
}

/// Returns the commonest perfect whose imperfect of the third person is `imperfect`.
fn perfect_of(model: &Model, imperfect: PackedWord) -> Option<PackedWord> {
    let perfects = attested_perfects(model, imperfect);
    let commonest = perfects.max_by_key(|(count, _)| *count);
    commonest.map(|(_, perfect)| perfect)
}

/// Returns the perfects whose imperfect of the third person is `imperfect`, each with its count as a
/// verb.
fn attested_perfects(
    model: &Model,
    imperfect: PackedWord,
) -> impl Iterator<Item = (u32, PackedWord)> {
    let body = imperfect.strip_prefix(YEH);
    body.into_iter()
        .flat_map(perfects)
        .flatten()
        .filter_map(|perfect| perfect.with_at_least(2))
        .filter(move |perfect| !model.separates(imperfect, *perfect))
        .map(move |perfect| (as_verb(model, perfect), perfect))
        .filter(move |(count, _)| *count > 0 && f64::from(*count) >= 0.1 * model.weight(imperfect))
}

/// Returns the other perfects that an imperfect may have, if they are not much rarer than the one
/// that [`to_perfect`] returns: `رد` for `يرد`, whose stem is `ورد`.
pub fn other_perfects(model: &Model, word: PackedWord) -> Vec<PackedWord> {
    let (perfect, _) = to_perfect(model, word);
    let imperfect = third_person(model, word).filter(|_| perfect != word);
    let count = as_verb(model, perfect);
    let is_open = |(other_count, other): &(u32, PackedWord)| {
        *other != perfect && f64::from(*other_count) >= MIN_OPEN_SHARE * f64::from(count)
    };
    let perfects = imperfect.into_iter();
    let perfects = perfects.flat_map(|imperfect| attested_perfects(model, imperfect));
    perfects.filter(is_open).map(|(_, other)| other).collect()
}

/// Returns how often the perfect occurs in forms that can only be forms of a verb.
fn as_verb(model: &Model, perfect: PackedWord) -> u32 {
    let with_endings = model.count_of(perfect.then(TEH)) + model.count_of(perfect.then(WAW_ALEF));
    if with_endings == 0 || model.takes_article(perfect) {
        with_endings
    } else {
        model.count_of(perfect) + with_endings
    }
}

/// Returns the possible perfects of an imperfect, given without its prefix.
fn perfects(body: PackedWord) -> [Option<PackedWord>; 4] {
    let with_alef = |rest: PackedWord| ALEF.then(rest);
    if let Some(rest) = body.strip_prefix(WAW_HAMZA) {
        return [Some(with_alef(rest)), Some(body), None, None];
    }
    let yeh = replace_middle(body, YEH, ALEF);
    let (third, fourth) = match body.letter_count() {
        2 => (Some(WAW.then(body)), None),
        3 => (replace_middle(body, WAW, ALEF).or(yeh), yeh.map(with_alef)),
        _ => (yeh.map(with_alef), None),
    };
    let weak = body
        .strip_suffix(WAW)
        .and_then(|rest| rest.with_at_least(2))
        .map(|rest| rest.then(ALEF));
    [Some(body), Some(with_alef(body)), third, weak.or(fourth)]
}

/// Replaces the last letter but one by `to`. Returns `None` unless that letter is `from`.
fn replace_middle(word: PackedWord, from: PackedWord, to: PackedWord) -> Option<PackedWord> {
    let last = word.last();
    let rest = word.strip_suffix(last)?.strip_suffix(from)?;
    (word.letter_count() >= 3).then(|| rest.then(to).then(last))
}
