//! Decides which steps of the stemmer are separated. A step strips one word to another. It is
//! separated if both are common and the words beside them differ. How much they may differ depends
//! on the ending, because endings that change the place in a sentence change the company, too. Each
//! threshold was chosen by judging a sample of the steps above it and a sample of those below.

use fihrist_arabic::Model;

/// Both words of a step must occur at least as often. The company of rarer words is too small to
/// compare.
pub const MIN_OCCURRENCES: u64 = 20;

/// A noun has the article in at least this share of its occurrences.
const MIN_NOUN: f64 = 0.05;

/// A noun follows a preposition that is written on it in at least this share of its occurrences. An
/// adjective does so hardly ever, because the noun before it has the preposition.
const MIN_AFTER_PREPOSITION: f64 = 0.04;

/// A perfect has an ending in at least this share of its occurrences.
const MIN_PERFECTS: f64 = 0.08;

/// The article alone, and together with the commonest proclitics.
const ARTICLES: [&str; 4] = ["ال", "لل", "بال", "وال"];

/// A step of the stemmer, by the ending that it strips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// `ة` of an adjective in `ي`: `مصرية`.
    Nisba,
    /// Another `ة`: `معلمة`.
    Feminine,
    /// The sound masculine plural or the dual: `معلمين`.
    Plural,
    /// The sound feminine plural: `معلمات`.
    FemininePlural,
    /// The alef of the indefinite accusative: `معلما`.
    Accusative,
    /// An ending of the perfect: `كتبت`.
    Perfect,
    /// The prefix of the imperfect: `يكتب`.
    Imperfect,
    /// A pronoun, or an ending of the imperfect. These belong to the word in almost all cases.
    Sure,
}

impl Step {
    fn of(from: &str, to: &str) -> Self {
        let is_imperfect = |word: &str| word.starts_with(['ي', 'ت', 'ن']);
        if is_imperfect(from) && to.starts_with('ي') && !from.ends_with('ه') {
            return Self::Sure;
        }
        match from.strip_prefix(to) {
            Some("ه") if to.ends_with('ي') => Self::Nisba,
            Some("ه") => Self::Feminine,
            Some("ا") => Self::Accusative,
            Some("ين" | "ون" | "ان") => Self::Plural,
            Some("ات") => Self::FemininePlural,
            Some("ت" | "وا" | "تا" | "نا") => Self::Perfect,
            Some(_) => Self::Sure,
            None if from.ends_with("ات") && to.ends_with('ه') => Self::FemininePlural,
            // A pronoun after `ة`, which is written `ت` there.
            None if to.ends_with('ه') => Self::Sure,
            None if from.starts_with('ي') => Self::Imperfect,
            None if ["ت", "وا", "تا", "نا"]
                .iter()
                .any(|ending| from.ends_with(ending)) =>
            {
                Self::Perfect
            }
            None => Self::Sure,
        }
    }
}

/// Returns the corrected similarity that two words must have so that the stemmer strips `from` to
/// `to`. Both words are folded.
pub fn min_similarity(model: &Model, from: &str, to: &str) -> f32 {
    let ends_in = |word: &str, letter| {
        let usual = model.usual_spelling(word);
        usual.is_some_and(|written| written.ends_with(letter))
    };
    let count = |word: &str| f64::from(model.count(word));
    let definite = |word: &str| ARTICLES.map(|article| count(&format!("{article}{word}")));
    let with_article = |word: &str| definite(word).iter().sum::<f64>();
    let is_noun = || with_article(to) >= MIN_NOUN * count(to);
    // A word in `ى` takes neither `ة` nor the alef of the accusative: `عليا` is no form of `على`.
    let ends_in_alef_maqsura = || ends_in(to, 'ى');
    // A plural or a dual has two cases. A name has one form: `البحرين`.
    let has_cases = || {
        let all = |word: &str| count(word) + with_article(word);
        other_cases(from).any(|(other, min_share)| all(&other) >= min_share * all(from))
    };
    // Another word is spelled like the perfect: `عبر` (through). A weak verb has other perfects.
    let is_rarely_verb = || {
        let perfects = count(&format!("{to}ت")) + count(&format!("{to}وا"));
        !to.ends_with('ي') && !to.starts_with('ي') && perfects < MIN_PERFECTS * count(to)
    };
    match Step::of(from, to) {
        Step::Nisba | Step::Accusative if ends_in_alef_maqsura() => 0.22,
        Step::Nisba => 0.11,
        // The pronoun `ه` is no ending of the word.
        Step::Feminine if !ends_in(from, 'ة') => 0.0,
        Step::Feminine => min_feminine(model, to),
        Step::Plural if has_cases() => 0.0,
        Step::Plural => 0.18,
        Step::FemininePlural => 0.09,
        Step::Accusative => 0.06,
        // A noun that is spelled like the perfect is mostly commoner: `قتل`, `قتلت`.
        Step::Perfect if is_noun() => 0.12,
        Step::Perfect if is_rarely_verb() => 0.16,
        Step::Perfect => 0.105,
        Step::Imperfect if is_noun() => 0.16,
        Step::Imperfect if is_rarely_verb() => 0.18,
        Step::Imperfect => 0.14,
        Step::Sure => 0.0,
    }
}

/// Returns the corrected similarity of a word in `ة` and the word without it, so that the first is
/// the feminine of the second. Adjectives need less, because they stand beside nouns of their gender.
pub fn min_feminine(model: &Model, masculine: &str) -> f32 {
    match is_adjectival(masculine) {
        true if after_preposition(model, masculine) < MIN_AFTER_PREPOSITION => 0.095,
        true => 0.125,
        false => 0.15,
    }
}

/// Returns the share of a folded word's occurrences that have a preposition before the word or its
/// article.
fn after_preposition(model: &Model, word: &str) -> f64 {
    let count = |proclitics: &[&str]| -> f64 {
        let words = proclitics
            .iter()
            .map(|proclitic| format!("{proclitic}{word}"));
        words.map(|word| f64::from(model.count(&word))).sum()
    };
    let after = count(&["ب", "ل", "ك", "لل", "بال", "وب", "ول", "ولل", "وبال"]);
    after / (after + count(&["", "ال", "و", "وال"])).max(1.0)
}

/// Whether a folded word has a pattern of participles and adjectives: `متميز`, `بارد`, `ثمين`,
/// `مصري`.
fn is_adjectival(word: &str) -> bool {
    let letters: Vec<char> = word.chars().collect();
    match letters.as_slice() {
        [.., 'ي'] | ['م', _, _, _, ..] => true,
        [_, second, third, _] => *second == 'ا' || matches!(third, 'ي' | 'و'),
        _ => false,
    }
}

/// Returns the singular in `ة` that a plural in `ات` may have instead of the one without.
pub fn other_singular(plural: &str, singular: &str) -> Option<String> {
    let is_plural = plural.strip_suffix("ات") == Some(singular);
    is_plural.then(|| format!("{singular}ه"))
}

/// Returns the other cases of a plural or dual, each with the least share of the first that it has in
/// a text. The genitive is the commoner case.
fn other_cases(plural: &str) -> impl Iterator<Item = (String, f64)> {
    let cases = [
        ("ين", "ون", 0.01),
        ("ين", "ان", 0.01),
        ("ون", "ين", 0.3),
        ("ان", "ين", 0.5),
    ];
    let stem_of = |ending| plural.strip_suffix(ending);
    let other =
        move |(own, other, min_share)| Some((format!("{}{other}", stem_of(own)?), min_share));
    cases.into_iter().filter_map(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_known_by_its_ending() {
        let check = |from: &str, to: &str, expected: Step| {
            assert_eq!(Step::of(from, to), expected, "{from}, {to}")
        };
        check("نهريه", "نهري", Step::Nisba);
        check("رياضه", "رياض", Step::Feminine);
        check("حديدا", "حديد", Step::Accusative);
        check("بحرين", "بحر", Step::Plural);
        check("تعليمات", "تعليم", Step::FemininePlural);
        check("معدات", "معده", Step::FemininePlural);
        check("وردت", "ورد", Step::Perfect);
        check("نوت", "نوي", Step::Perfect);
        check("يزرع", "زرع", Step::Imperfect);
        check("يقيم", "اقام", Step::Imperfect);
        check("تزرعون", "يزرع", Step::Sure);
        check("بيتها", "بيت", Step::Sure);
        check("مدرستنا", "مدرسه", Step::Sure);
    }

    #[test]
    fn strangers_are_separated_and_forms_are_not() {
        let model = Model::base();
        let check = |from: &str, to: &str, similarity: f32, expected: bool| {
            let separated = similarity < min_similarity(&model, from, to);
            assert_eq!(separated, expected, "{from}, {to}, {similarity}");
        };
        check("رياضه", "رياض", 0.14, true);
        check("رياضه", "رياض", 0.2, false);
        // A participle stands beside nouns of its gender.
        check("متميزه", "متميز", 0.14, false);
        check("بيتها", "بيت", 0.0, false);
        check("مصريين", "مصري", 0.02, false);
        check("مهندسين", "مهندس", 0.02, false);
        check("بحرين", "بحر", 0.17, true);
        // The nominative shows that a word is a dual.
        check("جانبين", "جانب", 0.02, false);
        // `قتل` takes the article, so it is a noun, too.
        check("يقتل", "قتل", 0.15, true);
        check("يوضح", "اوضح", 0.15, false);
        // `عبر` is mostly a preposition.
        check("عبرت", "عبر", 0.15, true);
        check("وصلت", "وصل", 0.15, false);
        check("عليا", "علي", 0.2, true);
    }
}
