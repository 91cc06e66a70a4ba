//! Decides which steps of the stemmer are separated. A step strips one word to another. It is
//! separated if both are common and the words beside them differ. How much they may differ depends
//! on the ending, because endings that change the place in a sentence change the company, too. Each
//! threshold was chosen by judging a sample of the steps above it and a sample of those below.

use fihrist_arabic::Model;

/// Both words of a step must occur at least as often. The company of rarer words is too small to
/// compare.
pub const MIN_OCCURRENCES: u64 = 15;

/// A noun has the article in at least this share of its occurrences.
const MIN_NOUN: f64 = 0.05;

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

/// Returns the similarity, from 0 to 1, that two words must have so that the stemmer strips `from`
/// to `to`. Both words are folded. The similarity is the cosine of their context vectors.
pub fn min_similarity(model: &Model, from: &str, to: &str) -> f32 {
    let ends_in = |word: &str, letter| {
        let majority = model.majority(word);
        majority.is_some_and(|written| written.ends_with(letter))
    };
    let is_noun = || {
        let definite = ARTICLES.map(|article| f64::from(model.count(&format!("{article}{to}"))));
        definite.iter().sum::<f64>() >= MIN_NOUN * f64::from(model.count(to))
    };
    // A word in `ى` takes neither `ة` nor the alef of the accusative: `عليا` is no form of `على`.
    let ends_in_alef_maqsura = || ends_in(to, 'ى');
    match Step::of(from, to) {
        Step::Nisba | Step::Accusative if ends_in_alef_maqsura() => 0.12,
        Step::Nisba => 0.065,
        // The pronoun `ه` is no ending of the word.
        Step::Feminine if !ends_in(from, 'ة') => 0.0,
        Step::Feminine => 0.07,
        // The plural of an adjective stands for persons, the singular mostly for things.
        Step::Plural if to.ends_with('ي') => 0.0,
        // A plural has a nominative and a genitive, the ending of a word of its own has not.
        Step::Plural if other_case(from).is_some_and(|other| model.count(&other) > 0) => 0.0,
        Step::Plural => 0.08,
        Step::FemininePlural => 0.06,
        Step::Accusative => 0.035,
        // A noun that is spelled like the perfect is mostly commoner: `قتل`, `قتلت`.
        Step::Perfect if is_noun() => 0.07,
        Step::Perfect => 0.065,
        Step::Imperfect if is_noun() => 0.10,
        Step::Imperfect => 0.09,
        Step::Sure => 0.0,
    }
}

/// Returns the genitive of a nominative in `ون` or `ان`, and the nominative in `ون` of a genitive.
fn other_case(plural: &str) -> Option<String> {
    let other = |from: &str, to: &str| Some(format!("{}{to}", plural.strip_suffix(from)?));
    other("ين", "ون")
        .or_else(|| other("ون", "ين"))
        .or_else(|| other("ان", "ين"))
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
        check("رياضه", "رياض", 0.06, true);
        check("رياضه", "رياض", 0.2, false);
        check("بيتها", "بيت", 0.0, false);
        check("مصريين", "مصري", 0.02, false);
        check("مهندسين", "مهندس", 0.02, false);
        check("بحرين", "بحر", 0.02, true);
        // `قتل` takes the article, so it is a noun, too.
        check("يقتل", "قتل", 0.095, true);
        check("يوضح", "اوضح", 0.095, false);
        check("عليا", "علي", 0.1, true);
    }
}
